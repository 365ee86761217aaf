"""One shard as a piece of work that any process on any machine can do: plain data in, the bytes of its file out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..campaign.shard import Shard
from .process import run_command
from .result_file import DONE, ShardResult, read_result

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
            status = run_command(
                ["run", *arguments, "--no-run-folder"], folder=folder, errors=errors, is_wanted=is_wanted
            )
        path = folder / "shards" / f"{work.key}{DONE}"
        if not path.exists():
            raise ShardFailed(_why(work, path.parent, told, status))
        if not isinstance(read_result(path), ShardResult):
            raise ShardFailed(f"the result of shard {work.shard} breaks off")
        return path.read_bytes()


def _why(work: Work, folder: Path, told: Path, status: int) -> str:
    if folder.is_dir() and any(folder.glob(f"*{DONE}")):
        return (
            f"shard {work.shard} was run as one of another run: its versions, configuration or target are not those "
            "of who asked for it"
        )
    lines = told.read_bytes().decode("utf-8", "backslashreplace").strip().splitlines()
    why = lines[-1].removeprefix("botoproof: ")[:_SHOWN] if lines else f"its process ended with {status}"
    return f"shard {work.shard} gave no result: {why}"
