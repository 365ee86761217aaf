"""Flaky findings: at the end of a run each finding's case is sent once more, and one that does not show it is told."""

from __future__ import annotations

from ...contract.checks import find
from ...contract.checks.transport import UNSTABLE
from ...contract.exchange import Exchange
from ...contract.outcome import Returned
from .budget import UNAFFORDABLE
from .events import Rechecked
from .running import Running, Shown
from .states import NOBODY_THERE

# A run with more findings than this has other troubles than chance.
MAX_RECHECKED = 100
# What a program of calls showed need not show in one of its calls alone.
_ALONE = ("table", "random", "replies")


def recheck(run: Running) -> None:
    """Send the case of each finding so far once more, and tell whether it shows the finding again.

    Not sent again, and therefore not told, are: cases beyond the first `MAX_RECHECKED`, those for which there is no
    time left, those of programs, those that made something (each time they would make one more), those that might make
    more than the run may, and those of `outcome-unstable`, which says already that chance is at work. A finding in a
    request that deserves something else by now (the first call has cancelled its job, say) is left open.
    """
    for one in [one for one in run.shown.values() if _can_be_sent_again(run, one)][:MAX_RECHECKED]:
        if run.is_late():
            return
        again = run.judge.exchange(one.exchange.case)
        shows = any(finding.fingerprint == one.finding.fingerprint for finding in find(again))
        failure = again.interaction.failure if again.interaction else None
        if not shows and failure is not None and failure.kind in NOBODY_THERE:
            return  # nobody is there any more: from now on nothing can show
        if failure is not None and failure.kind == UNAFFORDABLE:
            continue
        if shows or _deserved(again) == _deserved(one.exchange):
            run.emit(Rechecked(one.finding.fingerprint, shows))


def _can_be_sent_again(run: Running, one: Shown) -> bool:
    outcome = one.exchange.outcome
    made = isinstance(outcome, Returned) and run.judge.specification.resource_id(
        one.exchange.operation.name, outcome.value
    )
    return one.phase in _ALONE and one.finding.kind is not UNSTABLE and not made


def _deserved(exchange: Exchange) -> tuple[tuple[str, ...], bool]:
    expectation = exchange.expectation
    return (expectation.codes, expectation.may_succeed) if expectation is not None else ((), True)
