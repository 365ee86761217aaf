"""A campaign: collects first, then minimises each finding on its own, and tells everything as events."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from hypothesis.strategies import SearchStrategy

from ...contract.case import Case
from ...contract.checks import find
from ...contract.checks.transport import UNSTABLE
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
from .plan import MAX_SILENCE, REPEAT_EVERY, Plan
from .random_phase import Smaller, draw_cases, minimise
from .states import States


class _Stop(Exception):
    """No further case is to be sent."""


@dataclass
class _Run:
    """What a campaign remembers while it runs."""

    plan: Plan
    judge: Judge
    emit: Listener
    deadline: float | None
    silent: int = 0
    # The findings that no probe of the table has shown, with the number of the random case that did.
    to_minimise: list[tuple[str, Finding, int]] = field(default_factory=list[tuple[str, Finding, int]])
    known: set[str] = field(default_factory=set[str])


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
        emit(RunStopped("it was interrupted"))
        raise
    finally:
        for left in states.dispose():
            emit(left)
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
    begun = time.monotonic()
    run.emit(PhaseStarted("table", operation, len(probes)))
    for number, probe in enumerate(probes):
        _one(run, "table", number, probe.case, name=probe.name, repeat=True)
    run.emit(PhaseFinished("table", operation, len(probes), time.monotonic() - begun))


def _missing_states(judge: Judge, case: Case) -> list[str]:
    named = {state.name for state in judge.specification.states}
    return sorted((case.references() & named) - judge.ids.keys())


def _random(run: _Run, operation: str) -> None:
    judge, plan = run.judge, run.plan
    cases = _cases(judge, operation)
    begun = time.monotonic()
    sent = 0
    stop: _Stop | None = None

    def each(number: int, case: Case) -> None:
        nonlocal sent, stop
        if stop is not None:
            return  # raising here would make Hypothesis try the case again
        try:
            findings = _one(run, "random", number, case, name="", repeat=number % REPEAT_EVERY == 0)
        except _Stop as wish:
            stop = wish
            return
        sent += 1
        for finding in findings:
            if finding.fingerprint not in run.known:
                run.known.add(finding.fingerprint)
                run.to_minimise.append((operation, finding, number))

    run.emit(PhaseStarted("random", operation, plan.max_examples))
    draw_cases(cases, root=plan.seed, count=plan.max_examples, each=each)
    run.emit(PhaseFinished("random", operation, sent, time.monotonic() - begun))
    if stop is not None:
        raise stop


def _cases(judge: Judge, operation: str) -> SearchStrategy[Case]:
    strategies = find_strategies(judge.specification.service)
    return strategies.cases(
        judge.operations[operation],
        world=judge.world,
        credential=judge.target.credential,
        states=tuple(judge.ids),
    )


def _one(run: _Run, phase: str, number: int, case: Case, *, name: str, repeat: bool) -> tuple[Finding, ...]:
    if run.deadline is not None and time.monotonic() > run.deadline:
        raise _Stop(f"the time for the run, {run.plan.max_time:g} s, was used up")
    exchange = run.judge.exchange(case, repeat=repeat)
    failure = exchange.interaction.failure if exchange.interaction else None
    if failure is not None and failure.kind == "withheld":
        run.emit(CaseWithheld(phase, name or case.label))
        return ()
    findings = find(exchange)
    if phase == "table":
        run.known.update(finding.fingerprint for finding in findings)
    run.emit(CaseJudged(phase, number, name, exchange, findings))
    run.silent = run.silent + 1 if failure is not None and failure.kind != "crash" else 0
    if run.silent >= MAX_SILENCE:
        raise _Stop(f"{MAX_SILENCE} cases in a row got no reply; the last time {failure.detail if failure else ''}")
    return findings


def _minimise(run: _Run, operation: str, wanted: Finding, number: int) -> None:
    repeat = wanted.kind is UNSTABLE

    def shows(case: Case) -> Smaller | None:
        if run.deadline is not None and time.monotonic() > run.deadline:
            return None
        exchange = run.judge.exchange(case, repeat=repeat)
        found = next((finding for finding in find(exchange) if finding.fingerprint == wanted.fingerprint), None)
        return None if found is None else Smaller(found, exchange)

    run.emit(PhaseStarted("minimise", operation, run.plan.minimise_calls))
    smaller = minimise(
        _cases(run.judge, operation),
        root=run.plan.seed,
        count=run.plan.max_examples,
        number=number,
        calls=run.plan.minimise_calls,
        shows=shows,
    )
    if smaller is not None:
        run.emit(Minimised(smaller.finding, smaller.exchange))
