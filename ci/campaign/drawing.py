"""Random cases and programs: drawn by Hypothesis from one seed, collected without stopping, and made smaller.

Collecting and minimising are two runs of the same test with the same seed. The second draws what came before the
finding without sending it, and so arrives at the very case or program that showed it; from there Hypothesis shrinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.program import Program
from ...strategies.service import Lifecycle

Value = TypeVar("Value")
Small = TypeVar("Small")
Test = Callable[[Value], None]
Source = Callable[[Test[Value], int, settings], None]
"""Runs a test over values that are drawn by a seed and settings."""

# A campaign takes its time and draws what it likes. The enum itself cannot be listed: some members are deprecated.
_NO_HEALTH_CHECKS = (
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)


class _Found(Exception):
    """The case shows the finding; Hypothesis may try a smaller one."""


class Spent(Exception):
    """Nothing more may be sent to make a finding's case smaller; Hypothesis would try for minutes without."""


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


def from_strategy(strategy: SearchStrategy[Value]) -> Source[Value]:
    """Return a strategy as a source."""

    def run(test: Test[Value], root: int, how: settings) -> None:
        seed(root)(how(given(strategy)(test)))()

    return run


def from_machine(machine: Lifecycle, *, steps: int) -> Source[Program]:
    """Return a state machine as a source of programs of up to so many steps."""

    def run(test: Test[Program], root: int, how: settings) -> None:
        # A machine that fails is told by Hypothesis in print; here the test tells.
        run_state_machine_as_test(seed(root)(machine(test)), settings=settings(how, stateful_step_count=steps))

    return run


def draw_cases(cases: SearchStrategy[Value], *, root: int, count: int, each: Callable[[int, Value], None]) -> None:
    """Draw `count` cases and hand each to `each` with its number; see `draw`."""
    draw(from_strategy(cases), root=root, count=count, each=each)


def draw(source: Source[Value], *, root: int, count: int, each: Callable[[int, Value], None]) -> None:
    """Draw `count` values and hand each to `each` with its number.

    Args:
        source: What to draw from.
        root: The seed; the same seed gives the same values in the same order.
        count: How many; a strategy with fewer distinct values gives fewer.
        each: Called for every value; an exception of its own ends the drawing at once, and is raised.
    """
    number = 0

    def test(value: Value) -> None:
        nonlocal number
        number += 1
        try:
            each(number - 1, value)
        except Exception as wrong:  # noqa: BLE001 - it is raised again, past Hypothesis
            raise _Over(wrong) from None

    try:
        source(test, root, _settings(count, (Phase.generate,)))
    except _Over as over:
        raise over.cause from None


@dataclass(frozen=True, slots=True)
class Smaller:
    """A case that shows a finding, and that finding in it."""

    finding: Finding
    exchange: Exchange


def minimise(
    cases: SearchStrategy[Value],
    *,
    root: int,
    count: int,
    number: int,
    calls: int,
    shows: Callable[[Value], Smaller | None],
) -> Smaller | None:
    """Return the smallest case found that still shows a finding; see `shrink`."""
    return shrink(from_strategy(cases), root=root, count=count, number=number, calls=calls, shows=shows)


def shrink(
    source: Source[Value],
    *,
    root: int,
    count: int,
    number: int,
    calls: int,
    shows: Callable[[Value], Small | None],
) -> Small | None:
    """Return the smallest value found that still shows a finding, or None when the first did not show it again.

    Args:
        source: As in the run that found it.
        root: The seed of that run.
        count: The number of values of that run.
        number: The number of the value that showed the finding.
        calls: How many values may be sent.
        shows: Sends a value and gives the finding in it, or None. It raises `Spent` when it may send no more; any
            other exception of its own is raised.
    """
    drawn = -1
    left = calls
    seen: dict[str, Small | None] = {}
    last: Small | None = None

    def test(value: Value) -> None:
        nonlocal drawn, left, last
        drawn += 1
        if drawn < number:
            return
        key = repr(value)
        if key not in seen:
            if left <= 0:
                raise _Over(Spent())
            left -= 1
            try:
                seen[key] = shows(value)
            except Exception as wrong:  # noqa: BLE001 - as in `draw`
                raise _Over(wrong) from None
        smaller = seen[key]
        if smaller is not None:
            last = smaller
            raise _Found

    try:
        source(test, root, _settings(count, (Phase.generate, Phase.shrink)))
    except (_Found, HypothesisException):
        # Hypothesis ends with the finding of the smallest value, or calls the test flaky.
        return last
    except _Over as over:
        if not isinstance(over.cause, Spent):
            raise over.cause from None
    return last
