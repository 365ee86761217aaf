"""Signals: the wish to end outlives an exception that Python throws away."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Mapping

import pytest
from botoproof.ci.cli.interrupts import Interrupt, interruptible


class _Loop:
    """Something that only the garbage collector finds."""

    def __init__(self) -> None:
        self.me = self


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_wish_that_strikes_in_a_callback_of_the_collector_is_kept() -> None:
    # Python prints and discards what a callback of the collector raises: Hypothesis has such a callback.
    def callback(phase: str, _: Mapping[str, int]) -> None:
        if phase == "start" and not interrupt.is_wished():
            signal.raise_signal(signal.SIGTERM)

    with interruptible() as interrupt:
        gc.callbacks.append(callback)
        try:
            _Loop()
            gc.collect()
        finally:
            gc.callbacks.remove(callback)

        assert interrupt.is_wished()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_interrupts_at_once_and_each_time(number: int) -> None:
    with interruptible() as interrupt:
        assert not interrupt.is_wished()
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(number)  # os.kill may reach another thread, and be handled later
        assert interrupt.is_wished()


def test_the_handlers_from_before_come_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with interruptible():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_process_that_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_no_signal_is_handled() -> None:
    made: list[Interrupt] = []

    def elsewhere() -> None:
        with interruptible() as interrupt:
            made.append(interrupt)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert [interrupt.is_wished() for interrupt in made] == [False]
