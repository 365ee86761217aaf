"""The phase `table`: every probe of an operation, so that every documented error is provoked on every run."""

from __future__ import annotations

from ...contract.case import Case
from ...contract.specification import Probe, Unreachable
from .events import NotReached
from .judge import Judge
from .running import Running


def run_table(run: Running, operation: str) -> None:
    """Send every probe of `operation` that this target can be sent; the others are told as not reached."""
    judge = run.judge
    probes: list[tuple[int, Probe]] = []
    table = judge.specification.probes(operation, judge.world, (judge.target.credential,))
    # Counted with those that cannot be sent: what one shard cannot reach must not move the probes of another.
    for number, probe in enumerate(table):
        if isinstance(probe, Unreachable):
            run.emit(NotReached(probe.what, probe.why, operation=operation, error=probe.error))
        elif missing := missing_states(judge, probe.case):
            why = f"it needs the state {missing[0]}, which this target does not have"
            run.emit(NotReached(probe.name, why, operation=operation, error=probe.provokes))
        elif run.plan.shard.holds(number):
            probes.append((number, probe))
    with run.phase("table", operation, len(probes)):
        for number, probe in probes:
            findings = run.one("table", number, probe.case, probe=probe, repeat=True)
            run.known.update(finding.fingerprint for finding in findings)


def missing_states(judge: Judge, case: Case) -> list[str]:
    """Return the states that `case` needs, does not have for itself, and that were not brought about."""
    named = {state.name for state in judge.specification.states if not state.used_up}
    return sorted((case.references() & named) - judge.ids.keys())
