"""Time that passes without waiting: what botocore would sleep between attempts is noted instead.

botocore sleeps in one place, `botocore.endpoint`, whatever the retry mode has decided. (Mode ``adaptive`` waits for its
own token bucket beside that, by the real clock.) The module's `time` is replaced while any plan is at work; threads
that are in no call of a plan go on sleeping.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Protocol

import botocore.endpoint


class Clock(Protocol):
    """Lets time pass; the module `time` is one, and waits really."""

    def sleep(self, seconds: float, /) -> None:
        """Let so many seconds pass."""
        ...


class VirtualClock:
    """Counts the seconds instead of waiting for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.elapsed = 0.0

    def sleep(self, seconds: float, /) -> None:
        """Count these seconds."""
        with self._lock:
            self.elapsed += seconds


backoff: ContextVar[Callable[[float], None] | None] = ContextVar("botoproof_backoff", default=None)
"""What is done in this thread with what botocore would sleep; None outside of a call that a plan is at work on."""


class _Time:
    """The module `time`, but for `sleep`."""

    def __init__(self, real: ModuleType) -> None:
        self._real = real

    def sleep(self, seconds: float) -> None:
        passing = backoff.get()
        if passing is None:
            self._real.sleep(seconds)
        else:
            passing(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


_lock = threading.Lock()
_users = 0


@contextlib.contextmanager
def noted_sleeps() -> Iterator[None]:
    """Replace the time of `botocore.endpoint` for the duration; several at once share the replacement."""
    global _users
    module: Any = botocore.endpoint
    with _lock:
        if _users == 0:
            module.time = _Time(time)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                module.time = time
