"""The phase `random`: cases drawn from a seed, collected without stopping; then each new finding made smaller."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from ...contract.case import Case
from ...contract.checks import find
from ...contract.checks.transport import TIMEOUT, UNSTABLE
from ...contract.finding import Finding
from ...strategies.service import find_strategies
from .drawing import Smaller, draw_cases, minimise
from .events import Minimised, NotReached, PhaseStarted
from .judge import Judge
from .plan import MINIMISE_WAITING, REPEAT_EVERY
from .running import Running, Shown

ToMinimise = tuple[str, Finding, int]
"""An operation, a finding that no probe of the table has shown, and the number of the random case that did."""


def run_random(run: Running, operation: str) -> list[ToMinimise]:
    """Send random cases of `operation`; return what is to be made smaller."""
    plan, found = run.plan, list[ToMinimise]()

    def each(number: int, case: Case) -> None:
        if not plan.shard.holds(number):
            return
        for finding in run.one("random", number, case, repeat=number % REPEAT_EVERY == 0):
            if finding.fingerprint not in run.known:
                run.known.add(finding.fingerprint)
                found.append((operation, finding, number))

    with run.phase("random", operation, plan.shard.size(plan.max_examples)):
        draw_cases(_cases(run.judge, operation), root=plan.seed, count=plan.max_examples, each=each)
    run.tell_unsent("random", operation)
    return found


def minimise_random(run: Running, operation: str, wanted: Finding, number: int) -> None:
    """Make the case of one finding smaller, and tell the smallest."""
    run.require_time()
    repeat = wanted.kind is UNSTABLE
    calls = run.plan.minimise_calls if wanted.kind is not TIMEOUT else min(run.plan.minimise_calls, MINIMISE_WAITING)

    def shows(case: Case) -> Smaller | None:
        if run.is_late():
            return None
        exchange = run.exchange(case, repeat=repeat)
        if isinstance(exchange, NotReached):
            return None
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
        run.shown[wanted.fingerprint] = Shown(smaller.finding, smaller.exchange, "random")
        run.emit(Minimised(smaller.finding, smaller.exchange))


def _cases(judge: Judge, operation: str) -> SearchStrategy[Case]:
    strategies = find_strategies(judge.specification.service)
    return strategies.cases(
        judge.operations[operation],
        world=judge.world,
        credential=judge.target.credential,
        states=(*judge.ids, *(state.name for state in judge.specification.states if state.used_up)),
    )
