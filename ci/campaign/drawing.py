"""Random cases: drawn by Hypothesis from one seed, collected without stopping, and made smaller on their own.

Collecting and minimising are two runs of the same test with the same seed. The second draws the cases before the
finding's without sending them, and so arrives at the very case that showed it; from there Hypothesis shrinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ...contract.exchange import Exchange
from ...contract.finding import Finding

# A campaign takes its time and draws what it likes. The enum itself cannot be listed: some members are deprecated.
_NO_HEALTH_CHECKS = (
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)


T = TypeVar("T")


class _Found(Exception):
    """The case shows the finding; Hypothesis may try a smaller one."""


class _Over(BaseException):
    """No further case is wanted. Hypothesis takes an `Exception` for a failing test, and would try the case again."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _settings(max_examples: int, phases: tuple[Phase, ...]) -> settings:
    return settings(
        max_examples=max_examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=_NO_HEALTH_CHECKS,
    )


def draw_cases(cases: SearchStrategy[T], *, root: int, count: int, each: Callable[[int, T], None]) -> None:
    """Draw `count` cases and hand each to `each` with its number.

    Args:
        cases: What to draw from.
        root: The seed; the same seed gives the same cases in the same order.
        count: How many; a strategy with fewer distinct values gives fewer.
        each: Called for every case; an exception of its own ends the drawing at once, and is raised.
    """
    number = 0

    def test(case: T) -> None:
        nonlocal number
        number += 1
        try:
            each(number - 1, case)
        except Exception as wrong:  # noqa: BLE001 - it is raised again, past Hypothesis
            raise _Over(wrong) from None

    try:
        _run(test, cases, root=root, count=count, phases=(Phase.generate,))
    except _Over as over:
        raise over.cause from None


@dataclass(frozen=True, slots=True)
class Smaller:
    """A case that shows a finding, and that finding in it."""

    finding: Finding
    exchange: Exchange


def minimise(
    cases: SearchStrategy[T],
    *,
    root: int,
    count: int,
    number: int,
    calls: int,
    shows: Callable[[T], Smaller | None],
) -> Smaller | None:
    """Return the smallest case found that still shows a finding, or None when the first did not show it again.

    Args:
        cases: As in the run that found it.
        root: The seed of that run.
        count: The number of cases of that run.
        number: The number of the case that showed the finding.
        calls: How many cases may be sent.
        shows: Sends a case and gives the finding in it, or None; an exception of its own is raised.
    """
    drawn = -1
    left = calls
    seen: dict[str, Smaller | None] = {}
    last: Smaller | None = None

    def test(case: T) -> None:
        nonlocal drawn, left, last
        drawn += 1
        if drawn < number:
            return
        key = repr(case)
        if key not in seen:
            if left <= 0:
                return
            left -= 1
            try:
                seen[key] = shows(case)
            except Exception as wrong:  # noqa: BLE001 - as in `draw_cases`
                raise _Over(wrong) from None
        smaller = seen[key]
        if smaller is not None:
            last = smaller
            raise _Found

    try:
        _run(test, cases, root=root, count=count, phases=(Phase.generate, Phase.shrink))
    except (_Found, HypothesisException):
        # Hypothesis ends with the finding of the smallest case, or calls the test flaky when the budget ran out.
        return last
    except _Over as over:
        raise over.cause from None
    return last


def _run(
    test: Callable[[T], None], cases: SearchStrategy[T], *, root: int, count: int, phases: tuple[Phase, ...]
) -> None:
    seed(root)(_settings(count, phases)(given(cases)(test)))()
