"""A campaign: collects first, then minimises each finding on its own, and tells everything as events."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...contract.errors import ToolkitError
from .events import Listener, RunFinished, RunStarted, RunStopped
from .faults_phase import run_faults
from .flaky import recheck
from .judge import Judge
from .plan import Plan
from .random_phase import ToMinimise, minimise_random, run_random
from .replies_phase import WrongParse, minimise_replies, run_replies
from .running import Running, Stop
from .stateful_phase import open_stateful
from .states import States
from .table_phase import run_table


def run_campaign(
    plan: Plan,
    judge: Judge,
    emit: Listener,
    *,
    clock: Callable[[], float] = time.monotonic,
    interrupted: Callable[[], bool] = lambda: False,
) -> None:
    """Carry out `plan` and tell every event to `emit`.

    An interrupt (Ctrl-C) ends the run at once: what the run made is disposed of, and the events say that it stopped.

    Args:
        plan: What to do.
        judge: Sends and judges.
        emit: Told every event, in order.
        clock: Gives seconds, from any beginning.
        interrupted: Whether the run was asked to end; asked between two cases.

    Raises:
        TargetUnusable: The endpoint gave no reply to the first request.
        KeyboardInterrupt: After the last event.
    """
    started = clock()
    deadline = None if plan.max_time is None else started + plan.max_time
    states = States(judge)
    run = Running(plan, judge, states, emit, deadline, clock=clock, interrupted=interrupted)
    documented = {name: tuple(error.code for error in judge.operations[name].errors) for name in plan.operations}
    target = judge.target
    url = target.url if target.kind == "url" else ""
    emit(RunStarted(plan.service, plan.operations, target.kind, url, plan.seed, documented, plan.shard))
    hurried = False
    try:
        if set(plan.phases) != {"faults"}:  # which ask no target
            for event in states.prepare():
                emit(event)
        _phases(run)
    except Stop as stop:
        emit(RunStopped(str(stop)))
    except ToolkitError as wrong:
        emit(RunStopped(str(wrong)))
        raise
    except KeyboardInterrupt:
        hurried = True
        judge.target.hurry()
        emit(RunStopped("it was interrupted"))
        raise
    except Exception as wrong:
        emit(RunStopped(f"it failed: {type(wrong).__name__}: {wrong}"))
        raise
    finally:
        try:
            for left in states.dispose(hurried=hurried):
                emit(left)
        finally:
            emit(RunFinished(clock() - started))


def _phases(run: Running) -> None:
    plan, to_minimise = run.plan, list[ToMinimise]()
    for operation in plan.operations:
        if "table" in plan.phases:
            run_table(run, operation)
    for operation in plan.operations:
        if "random" in plan.phases and plan.max_examples > 0:
            to_minimise += run_random(run, operation)
    stateful = open_stateful(run) if "stateful" in plan.phases and plan.max_programs > 0 else None
    in_programs = stateful.collect() if stateful is not None else []
    wrong_parses = list[tuple[str, WrongParse]]()
    for operation in plan.operations:
        if "replies" in plan.phases and plan.max_replies > 0:
            wrong_parses += [(operation, wrong) for wrong in run_replies(run, operation)]
    for operation in plan.operations:
        if "faults" in plan.phases:
            run_faults(run, operation)
    for operation, finding, number in to_minimise:
        minimise_random(run, operation, finding, number)
    for finding, program in in_programs:
        if stateful is not None:
            stateful.minimise(finding, program)
    for operation, wrong in wrong_parses:
        minimise_replies(run, operation, wrong)
    recheck(run)
