"""A command of the user's own, called for each issue; whatever it needs to reach a tracker is its own business."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import BadConfiguration
from .issues import Issue

TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Hook:
    """A command, as words; no shell reads them.

    Attributes:
        words: The command and its arguments.
        time_limit: Seconds for one call.
    """

    words: tuple[str, ...]
    time_limit: float = TIME_LIMIT

    def call(self, issue: Issue, path: Path) -> str:
        """Call the command for an issue; return what went wrong, or an empty text.

        Args:
            issue: What is to be told; the command finds it in its environment.
            path: The file with the body.
        """
        told = {
            "BOTOPROOF_ISSUE_FILE": str(path.absolute()),
            "BOTOPROOF_ISSUE_STATE": issue.step.value,
            "BOTOPROOF_ISSUE_TITLE": issue.title,
            "BOTOPROOF_ISSUE_FINGERPRINT": issue.fingerprint,
        }
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command
                self.words, env={**os.environ, **told}, stdin=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as wrong:
            return f"{self.words[0]} cannot be started: {wrong.strerror}"
        with process:
            try:
                status = process.wait(self.time_limit)
            except subprocess.TimeoutExpired:
                return f"{self.words[0]} took longer than {self.time_limit:g} s"
            finally:
                # What it started may still run, also after Ctrl-C.
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
        return f"{self.words[0]} ended with exit status {status}" if status else ""


def read_hook(text: str, *, time_limit: float = TIME_LIMIT) -> Hook:
    """Return the hook that a command line names.

    Raises:
        BadConfiguration: It has no words, its quotes do not close, or there is no such command.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError as wrong:
        raise BadConfiguration(f"--hook {text!r} cannot be read: {wrong}") from None
    if not words:
        raise BadConfiguration("--hook must be a command, got an empty text")
    if shutil.which(words[0]) is None:
        raise BadConfiguration(f"--hook: there is no command {words[0]!r}, or it may not be executed")
    return Hook(words, time_limit)
