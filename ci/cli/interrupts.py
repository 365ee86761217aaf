"""Ctrl-C, and SIGTERM by which pipelines end a job: a run ends in order, and what it learned is still told."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
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
    numbers = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not in a job that a shell put behind
        numbers.append(signal.SIGINT)
    with handling(numbers, interrupt):
        yield interrupt


@contextmanager
def handling(numbers: Sequence[signal.Signals], handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Handle signals by `handler`; the handlers from before come back at the end, however it comes.

    Only the main thread may handle signals: in another nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)
