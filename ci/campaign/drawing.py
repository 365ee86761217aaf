"""Random cases and programs: drawn by Hypothesis from one seed, collected without stopping; cases made smaller, too.

Collecting and minimising cases are two runs of the same test with the same seed. The second draws the cases before the
finding's without sending them, and so arrives at the very case that showed it; from there Hypothesis shrinks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture import providers
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

_TOGETHER = 8  # programs that are drawn by one run of Hypothesis
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


@contextmanager
def _by_seed_alone() -> Iterator[None]:
    """Keep Hypothesis from drawing constants that it finds in the source of whatever modules happen to be imported.

    It counts a checkout for local code, an installed package not, and looks again whenever a module was imported: one
    seed would give other cases in another environment, and in the second half of a run. There is no setting for it.
    """
    drawing: Any = providers
    where, name = drawing.HypothesisProvider, "_local_constants"
    kept, cache = where.__dict__.get(name), drawing.CONSTANTS_CACHE
    none = drawing.Constants()
    setattr(where, name, property(lambda _: none))
    drawing.CONSTANTS_CACHE = type(cache)(cache.max_size)
    try:
        yield
    finally:
        setattr(where, name, kept)
        drawing.CONSTANTS_CACHE = cache


def from_strategy(strategy: SearchStrategy[Value]) -> Source[Value]:
    """Return a strategy as a source."""

    def run(test: Test[Value], root: int, how: settings) -> None:
        with _by_seed_alone():
            seed(root)(how(given(strategy)(test)))()

    return run


def from_machine(machine: Lifecycle, *, steps: int) -> Source[Program]:
    """Return a state machine as a source of programs of up to so many steps.

    They are drawn few at a time: from the tenth on Hypothesis would make five of six from the one before by copying a
    part of it, and so tell six times what it has told. Its first is always the simplest that there is, in which little
    happens, and is left out.

    Args:
        machine: Hands over each program when it is complete.
        steps: Of a program at most.
    """

    def run(test: Test[Program], root: int, how: settings) -> None:
        for begun in range(0, how.max_examples, _TOGETHER):
            wanted = min(_TOGETHER, how.max_examples - begun)
            few = settings(how, max_examples=1 + wanted, stateful_step_count=steps)
            own = random.Random(f"{root}/{begun}").getrandbits(64)  # noqa: S311 - the same seed, the same programs
            # A machine that fails is told by Hypothesis in print; here the test tells.
            with _by_seed_alone():
                run_state_machine_as_test(seed(own)(machine(_but_the_first(test))), settings=few)

    return run


def _but_the_first(test: Test[Value]) -> Test[Value]:
    number = 0

    def each(value: Value) -> None:
        nonlocal number
        number += 1
        if number > 1:
            test(value)

    return each


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
    shows: Callable[[Value], Small | None],
) -> Small | None:
    """Return the smallest case found that still shows a finding, or None when the first did not show it again.

    Args:
        cases: As in the run that found it.
        root: The seed of that run.
        count: The number of cases of that run.
        number: The number of the case that showed the finding.
        calls: How many cases may be sent.
        shows: Sends a case and gives the finding in it, or None. It raises `Spent` when it may send no more; any other
            exception of its own is raised.
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
        from_strategy(cases)(test, root, _settings(count, (Phase.generate, Phase.shrink)))
    except (_Found, HypothesisException):
        # Hypothesis ends with the finding of the smallest case, or calls the test flaky.
        return last
    except _Over as over:
        if not isinstance(over.cause, Spent):
            raise over.cause from None
    return last
