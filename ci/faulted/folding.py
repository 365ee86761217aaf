"""Runs of several tests that strike the same code in the same place with the same fault: one of them stands for all.

Tests of the same code differ in what they assert and in what they pass, so this is not sound in general: what is left
out is told as folded, and the level ``full`` leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Iterable

from .calls import Planned, Seen
from .marking import Marked
from .stored import Known

SAME_CODE = "another test strikes the same code with the same fault"


def sameness(planned: Planned, marked: Marked, known: Known | None) -> object | None:
    """Return what is equal for runs that strike the same code with the same fault under the same mark; None for none.

    Args:
        planned: The run.
        marked: What the mark of its test says.
        known: What earlier runs of the test have seen; without, its code is not known.
    """
    if known is None or len(planned.strikes) != 1:
        return None
    strike = planned.strikes[0]
    seen = next((one for one in known.calls if one.call == strike.call), None)
    if seen is None or not seen.chain:
        return None
    turn = _turn(seen, known)
    rules = (marked.survives, marked.unknown, marked.idempotent, marked.attempts, marked.deadline)
    return (seen.call.service, seen.call.operation, seen.chain, turn, str(strike.injected), rules)


def _turn(seen: Seen, known: Known) -> int:
    """Return which of a test's calls from the same code this is."""
    return [one.call for one in known.calls if one.chain == seen.chain].index(seen.call)


def superfluous(runs: Iterable[tuple[str, object | None]]) -> list[int]:
    """Return the numbers of the runs that others stand for; those of the first test by name stay.

    Args:
        runs: Of each run its test, and its sameness.
    """
    runs = list(runs)
    first: dict[object, str] = {}
    for test, same in sorted(runs, key=lambda run: run[0]):
        if same is not None:
            first.setdefault(same, test)
    return [number for number, (test, same) in enumerate(runs) if same is not None and first[same] != test]
