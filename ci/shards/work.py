"""One shard as a piece of work that any process on any machine can do: plain data in, the bytes of its file out."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..campaign.shard import Shard
from .result_file import DONE, ShardResult, read_result

# Seconds between two looks whether the shard is still wanted, and for a child to end in order.
_LOOK = 0.25
_PATIENCE = 20.0
_SHOWN = 500


class ShardFailed(Exception):
    """A shard gave no result; the text says why. It holds one text, so that it can be sent between machines."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done.

    Attributes:
        shard: Which shard.
        key: The name of its result, by which it is known to be of the run that is meant.
        arguments: Of `botoproof run`, but for shard and configuration.
        configuration: The text of a configuration without keys, or empty when `arguments` name a file.
    """

    shard: Shard
    key: str
    arguments: tuple[str, ...]
    configuration: str = ""


def carry_out(work: Work, is_wanted: Callable[[], bool] = lambda: True) -> bytes:
    """Run a shard in a process of its own, and return the bytes of its file.

    Args:
        work: Which.
        is_wanted: Asked now and then; when it says no, the process is asked to end in order.

    Raises:
        ShardFailed: There is no result, or it is not that of the run that is meant.
    """
    with tempfile.TemporaryDirectory(prefix="botoproof-") as name:
        folder = Path(name)
        arguments = [*work.arguments, "--shard", str(work.shard), "--shard-folder", str(folder / "shards")]
        if work.configuration:
            (folder / "botoproof.toml").write_text(work.configuration, "utf-8")
            arguments += ["--config", str(folder / "botoproof.toml")]
        told = folder / "told"
        with told.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-P", "-m", "botoproof.ci.shards.child", "run", *arguments, "--no-run-folder"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for whoever waits for the shard, who then no longer wants it
            )
        _wait(process, is_wanted)
        path = folder / "shards" / f"{work.key}{DONE}"
        if not path.exists():
            raise ShardFailed(_why(work, path.parent, told, process.returncode))
        if not isinstance(read_result(path), ShardResult):
            raise ShardFailed(f"the result of shard {work.shard} breaks off")
        return path.read_bytes()


def _wait(process: subprocess.Popen[bytes], is_wanted: Callable[[], bool]) -> None:
    with process:
        try:
            while process.poll() is None and is_wanted():
                _pause(process, _LOOK)
            if process.stdin is not None:
                process.stdin.close()
            if process.poll() is None:
                _pause(process, _PATIENCE)
        finally:
            process.kill()


def _pause(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _why(work: Work, folder: Path, told: Path, status: int) -> str:
    if folder.is_dir() and any(folder.glob(f"*{DONE}")):
        return (
            f"shard {work.shard} was run as one of another run: its versions, configuration or target are not those "
            "of who asked for it"
        )
    lines = told.read_bytes().decode("utf-8", "backslashreplace").strip().splitlines()
    why = lines[-1].removeprefix("botoproof: ")[:_SHOWN] if lines else f"its process ended with {status}"
    return f"shard {work.shard} gave no result: {why}"
