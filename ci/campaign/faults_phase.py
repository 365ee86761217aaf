"""The phase `faults`: what the installed SDK makes of each fault, on an embedded endpoint of the phase's own.

The target of the run is not asked: what is struck would reach it several times, and it is not the subject.
"""

from __future__ import annotations

from ...contract.case import Case
from ...contract.exchange import Exchange
from ...contract.outcome import Broken, Outcome, Returned
from ..faults.client import budget_of
from ..faults.engine import Hook
from ..faults.holding import Tried, held
from ..faults.measuring import observe
from ..faults.observation import RETURNED, Observation, Trial, trials
from ..faults.subject import Subject, open_subject
from .events import FaultTried
from .running import Running

PHASE = "faults"


def run_faults(run: Running, operation: str) -> None:
    """Try every fault on `operation`, and tell what came of each, and what of that should not be."""
    subject = open_subject(run.plan.service, operation)
    engine = Hook(subject, "default")
    budget = budget_of(engine.client)
    every = trials(subject.operation, engine="hook")
    chosen = [trial for number, trial in enumerate(every) if run.plan.shard.holds(number)]
    with run.phase(PHASE, operation, len(chosen)):
        for trial in chosen:
            run.require_time()
            seen = observe(trial, subject, engine)
            findings = held(Tried(trial, seen, subject.operation, budget))
            run.sent += 1
            run.emit(FaultTried(operation, seen, _exchange(subject, trial, seen, run), findings))


def _exchange(subject: Subject, trial: Trial, seen: Observation, run: Running) -> Exchange:
    """Return the call as a case, for reports; whoever runs a reproducer makes a resource of their own."""
    plan = str(trial.plan(subject.operation.name))
    case = Case(subject.operation.name, subject.case.sent, label=f"struck by {trial}", plan=plan)
    outcome: Outcome = Broken(seen.outcome, str(seen), sdk_error=not seen.escapes)
    if seen.outcome.startswith(RETURNED):
        outcome = Returned({}, 200, None)
    return Exchange(
        operation=subject.operation,
        case=case,
        interaction=None,
        outcome=outcome,
        reading=None,
        expectation=None,
        complaints=(),
        allowance=run.judge.allowance,
    )
