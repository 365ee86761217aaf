"""Asks an SDK in a process of its own, by JSON lines; whatever that process does, an ask comes to an end."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ...contract.errors import BadConfiguration, SdkUnavailable
from . import inside
from .packages import installed_folder
from .sdk import Sdk

TIME_LIMIT = 120.0
"""Seconds for an answer; the largest service takes 10 on a slow machine."""

_LAST_BREATH = 1.0  # seconds for a process that has closed its output to end
_SAID = 300  # so much of what a process said is told
_ENTRANCE = Path(str(inside.__file__)).with_name("__main__.py")


class NoAnswer(Exception):
    """There is no answer; the text says why, in a sentence without a full stop."""


def command_of(sdk: Sdk) -> tuple[str, ...]:
    """Return what starts an SDK in a process of its own; what is a wheel as yet is installed in the cache.

    Args:
        sdk: Which.

    Raises:
        NoAnswer: It cannot be installed here.
    """
    if sdk.python is not None:
        return str(sdk.python), "-I", str(_ENTRANCE), str(sdk.place)
    try:
        folder = installed_folder(sdk.place)
    except (SdkUnavailable, BadConfiguration) as wrong:
        raise NoAnswer(f"{sdk} does not run here: {wrong}") from None
    # Without the packages of this interpreter: one of them would stand in for what the release lacks.
    return sys.executable, "-I", "-S", str(_ENTRANCE), str(folder)


class Asked:
    """One SDK that can be asked, as long as the context lasts.

    The process is started by the first ask, and anew after an ask that ended it.
    """

    def __init__(self, command: Sequence[str], name: str, *, time_limit: float = TIME_LIMIT) -> None:
        """Take the command.

        Args:
            command: Starts the process.
            name: What the SDK is called where it gives no answer.
            time_limit: Seconds for each answer.
        """
        self._command = tuple(command)
        self._name = name
        self._time_limit = time_limit
        self._process: subprocess.Popen[str] | None = None
        self._said: IO[bytes] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ids = itertools.count(1)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; from any thread, and for good."""
        self._closed = True
        self._end()
        if self._said is not None:
            self._said.close()

    def ask(self, about: str, /, **given: Any) -> Any:
        """Return the answer to one ask.

        Args:
            about: What is asked; `inside.answering` knows which there are.
            given: The arguments, as JSON.

        Raises:
            NoAnswer: There is none. After a crash, a hang or something that is no answer the process is another one.
        """
        number = next(self._ids)
        try:
            process = self._started()
            if process.stdin is None:
                raise ValueError("the process was started without a pipe")
            process.stdin.write(json.dumps({"id": number, "about": about, **given}) + "\n")
            process.stdin.flush()
        except OSError as wrong:  # also a broken pipe: it ended before it read
            raise self._lost(self._ended() if self._process else f"its process does not start: {wrong}") from None
        try:
            line = self._lines.get(timeout=self._time_limit)
        except queue.Empty:
            raise self._lost(f"it did not answer within {self._time_limit:g} s, and was ended") from None
        if line is None:
            raise self._lost(self._ended())
        try:
            told: Mapping[str, Any] = json.loads(line)
            if told["id"] == number and "failed" in told:
                raise NoAnswer(f"{self._name}: {told['failed']}")
            if told["id"] == number:
                return told["answer"]
        except (ValueError, LookupError, TypeError):
            pass  # as when it answers another ask
        raise self._lost(f"it said something that is no answer: {line.strip()[:_SAID]!r}")

    def _lost(self, reason: str) -> NoAnswer:
        """End the process, of which nothing more can be expected, and return what is to be raised."""
        self._end()
        return NoAnswer(f"{self._name}: {reason}")

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None:
            return self._process
        if self._closed:
            raise BrokenPipeError("nothing is asked any more")
        self._said = self._said or tempfile.TemporaryFile()  # noqa: SIM115 - until `close`
        self._said.seek(0)  # the process writes where it stands
        self._said.truncate()
        self._lines = queue.SimpleQueue()
        self._process = process = subprocess.Popen(  # noqa: S603 - an interpreter with a script of ours
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            start_new_session=True,  # Ctrl-C is ours to hear
        )
        threading.Thread(target=_read, args=(process, self._lines), daemon=True).start()
        return process

    def _ended(self) -> str:
        """Return how the process came to its end, with the last that it said."""
        process = self._process
        if process is None:
            return "it was ended"
        try:
            status = process.wait(timeout=_LAST_BREATH)
        except subprocess.TimeoutExpired:
            return "it closed its output without an answer"
        last = ""
        if self._said is not None:
            self._said.seek(0)
            lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
            last = lines[-1].strip()[:_SAID] if lines else ""
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"its process ended with {how}" + (f": {last}" if last else "")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # what was not yet written has nowhere to go
                process.stdin.close()


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    if process.stdout is not None:
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
    lines.put(None)


def _environment() -> dict[str, str]:
    """Return the environment of this process without what says anything about AWS or Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "BOTO", "PYTHON")) and not name.lower().endswith("_proxy")
    }
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "BOTO_CONFIG": os.devnull}
    return {**kept, **nothing, "AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC"}
