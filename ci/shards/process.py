"""Our own command in a process of its own, which never outlives whoever waits for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

# Seconds between two looks whether the process is still wanted, and for it to end in order.
_LOOK = 0.25
_PATIENCE = 20.0


def run_command(
    arguments: Sequence[str],
    *,
    folder: Path,
    out: IO[bytes] | int = subprocess.DEVNULL,
    errors: IO[bytes] | int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Run the command and return its exit status.

    Args:
        arguments: Of `botoproof`.
        folder: In which it runs.
        out: Takes its standard output.
        errors: Takes its complaints.
        environment: In place of this process's own.
        is_wanted: Asked now and then; when it says no, the process is asked to end in order.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-P", "-m", "botoproof.ci.shards.child", *arguments],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=errors,
        cwd=folder,
        env=environment,
        start_new_session=True,  # Ctrl-C is for whoever waits, who then no longer wants it
    )
    with process:
        try:
            while process.poll() is None and is_wanted():
                _pause(process, _LOOK)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            if process.poll() is None:
                _pause(process, _PATIENCE)
            process.kill()
    return process.returncode


def _pause(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
