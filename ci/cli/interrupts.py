"""Ctrl-C, and SIGTERM by which pipelines end a job: a run ends in order, and what it learned is still told."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Handles the signals that ask a run to end.

    The handler raises `KeyboardInterrupt` at once, which also ends a wait for a reply. Python discards an exception
    that strikes in a callback of the garbage collector (Hypothesis has one) or in a finaliser; so the wish is kept as
    well, and the run asks for it between two cases.
    """

    def __init__(self) -> None:
        """Begin without a wish."""
        self._wished = False

    def __call__(self, _: int, __: FrameType | None) -> None:
        """Take a signal.

        Raises:
            KeyboardInterrupt: Always.
        """
        self._wished = True
        raise KeyboardInterrupt

    def is_wished(self) -> bool:
        """Return whether the run was asked to end."""
        return self._wished


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Handle SIGTERM, and SIGINT unless the process ignores it; the handlers from before come back at the end."""
    interrupt = Interrupt()
    before: dict[int, object] = {}
    if threading.current_thread() is threading.main_thread():  # no other may handle signals
        before[signal.SIGTERM] = signal.signal(signal.SIGTERM, interrupt)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not in a job that a shell put behind
            before[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # what signal.signal returned
