"""A campaign: collects first, then minimises each finding on its own, and tells everything as events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hypothesis.strategies import SearchStrategy

from ...contract.case import Case
from ...contract.checks import find
from ...contract.checks.transport import TIMEOUT, UNSTABLE
from ...contract.errors import ToolkitError
from ...contract.finding import Finding
from ...contract.specification import Probe, Unreachable
from ...strategies.service import find_strategies
from .events import (
    CaseJudged,
    CaseWithheld,
    Listener,
    Minimised,
    NotReached,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    RunStopped,
)
from .judge import Judge
from .plan import MAX_SILENCE, MINIMISE_WAITING, REPEAT_EVERY, Plan
from .random_phase import Smaller, draw_cases, minimise
from .states import NOBODY_THERE, States


class _Stop(Exception):
    """No further case is to be sent."""


@dataclass
class _Run:
    """What a campaign remembers while it runs."""

    plan: Plan
    judge: Judge
    emit: Listener
    deadline: float | None
    sent: int = 0
    silent: int = 0
    # The findings that no probe of the table has shown, with the number of the random case that did.
    to_minimise: list[tuple[str, Finding, int]] = field(default_factory=list[tuple[str, Finding, int]])
    known: set[str] = field(default_factory=set[str])

    def is_late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def require_time(self) -> None:
        if self.is_late():
            raise _Stop(f"the time for the run, {self.plan.max_time:g} s, was used up")

    @contextmanager
    def phase(self, name: str, operation: str, cases: int) -> Iterator[None]:
        """Tell when a phase begins and, however it ends, how far it came."""
        begun, before = time.monotonic(), self.sent
        self.emit(PhaseStarted(name, operation, cases))
        try:
            yield
        finally:
            self.emit(PhaseFinished(name, operation, self.sent - before, time.monotonic() - begun))


def run_campaign(plan: Plan, judge: Judge, emit: Listener) -> None:
    """Carry out `plan` and tell every event to `emit`.

    An interrupt (Ctrl-C) ends the run at once: what the run made is disposed of, and the events say that it stopped.

    Args:
        plan: What to do.
        judge: Sends and judges.
        emit: Told every event, in order.

    Raises:
        TargetUnusable: The endpoint gave no reply to the first request.
        KeyboardInterrupt: After the last event.
    """
    started = time.monotonic()
    deadline = None if plan.max_time is None else started + plan.max_time
    run = _Run(plan, judge, emit, deadline)
    documented = {name: tuple(error.code for error in judge.operations[name].errors) for name in plan.operations}
    target = judge.target
    url = target.url if target.kind == "url" else ""
    emit(RunStarted(plan.service, plan.operations, target.kind, url, plan.seed, documented))
    states = States(judge)
    try:
        for event in states.prepare():
            emit(event)
        _phases(run)
    except _Stop as stop:
        emit(RunStopped(str(stop)))
    except ToolkitError as wrong:
        emit(RunStopped(str(wrong)))
        raise
    except KeyboardInterrupt:
        judge.target.hurry()
        emit(RunStopped("it was interrupted"))
        raise
    except Exception as wrong:
        emit(RunStopped(f"it failed: {type(wrong).__name__}: {wrong}"))
        raise
    finally:
        try:
            for left in states.dispose():
                emit(left)
        finally:
            emit(RunFinished(time.monotonic() - started))


def _phases(run: _Run) -> None:
    for operation in run.plan.operations:
        if "table" in run.plan.phases:
            _table(run, operation)
    for operation in run.plan.operations:
        if "random" in run.plan.phases and run.plan.max_examples > 0:
            _random(run, operation)
    for operation, finding, number in run.to_minimise:
        _minimise(run, operation, finding, number)


def _table(run: _Run, operation: str) -> None:
    judge = run.judge
    probes: list[Probe] = []
    for probe in judge.specification.probes(operation, judge.world, (judge.target.credential,)):
        if isinstance(probe, Unreachable):
            run.emit(NotReached(probe.what, probe.why))
        elif missing := _missing_states(judge, probe.case):
            run.emit(NotReached(probe.name, f"it needs the state {missing[0]}, which this target does not have"))
        else:
            probes.append(probe)
    with run.phase("table", operation, len(probes)):
        for number, probe in enumerate(probes):
            _one(run, "table", number, probe.case, name=probe.name, repeat=True)


def _missing_states(judge: Judge, case: Case) -> list[str]:
    named = {state.name for state in judge.specification.states}
    return sorted((case.references() & named) - judge.ids.keys())


def _random(run: _Run, operation: str) -> None:
    plan = run.plan
    cases = _cases(run.judge, operation)

    def each(number: int, case: Case) -> None:
        for finding in _one(run, "random", number, case, name="", repeat=number % REPEAT_EVERY == 0):
            if finding.fingerprint not in run.known:
                run.known.add(finding.fingerprint)
                run.to_minimise.append((operation, finding, number))

    with run.phase("random", operation, plan.max_examples):
        draw_cases(cases, root=plan.seed, count=plan.max_examples, each=each)


def _cases(judge: Judge, operation: str) -> SearchStrategy[Case]:
    strategies = find_strategies(judge.specification.service)
    return strategies.cases(
        judge.operations[operation],
        world=judge.world,
        credential=judge.target.credential,
        states=tuple(judge.ids),
    )


def _one(run: _Run, phase: str, number: int, case: Case, *, name: str, repeat: bool) -> tuple[Finding, ...]:
    run.require_time()
    exchange = run.judge.exchange(case, repeat=repeat)
    failure = exchange.interaction.failure if exchange.interaction else None
    if failure is not None and failure.kind == "withheld":
        run.emit(CaseWithheld(phase, name or case.label))
        return ()
    findings = find(exchange)
    if phase == "table":
        run.known.update(finding.fingerprint for finding in findings)
    run.sent += 1
    run.emit(CaseJudged(phase, number, name, exchange, findings))
    if exchange.interaction is not None:  # what the SDK rejects says nothing of whether anybody is there
        run.silent = run.silent + 1 if failure is not None and failure.kind in NOBODY_THERE else 0
    if run.silent >= MAX_SILENCE:
        raise _Stop(f"{MAX_SILENCE} cases in a row got no reply; the last time {failure.detail if failure else ''}")
    return findings


def _minimise(run: _Run, operation: str, wanted: Finding, number: int) -> None:
    run.require_time()
    repeat = wanted.kind is UNSTABLE
    calls = run.plan.minimise_calls if wanted.kind is not TIMEOUT else min(run.plan.minimise_calls, MINIMISE_WAITING)

    def shows(case: Case) -> Smaller | None:
        if run.is_late():
            return None
        exchange = run.judge.exchange(case, repeat=repeat)
        found = next((finding for finding in find(exchange) if finding.fingerprint == wanted.fingerprint), None)
        return None if found is None else Smaller(found, exchange)

    run.emit(PhaseStarted("minimise", operation, calls))
    smaller = minimise(
        _cases(run.judge, operation),
        root=run.plan.seed,
        count=run.plan.max_examples,
        number=number,
        calls=calls,
        shows=shows,
    )
    if smaller is not None:
        run.emit(Minimised(smaller.finding, smaller.exchange))
