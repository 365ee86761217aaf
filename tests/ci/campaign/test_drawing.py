"""Random cases: the same seed gives the same ones, nothing stops them but what should, and they become smaller."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from botoproof.ci.campaign.drawing import Smaller, draw_cases, minimise
from botoproof.contract.case import Case, Raw
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.exchange import Exchange
from botoproof.contract.finding import Finding
from botoproof.contract.services.importexport.specification import default_world
from botoproof.strategies.service import find_strategies
from hypothesis import strategies as st

from .runs import UPDATE, kind_of

KIND = kind_of("some-kind")
CASES = st.integers(0, 10_000).map(lambda number: Case("UpdateJob", Raw(b"%d" % number)))
UPDATES = find_strategies("importexport").cases(
    UPDATE, world=default_world(), credential=EXAMPLE_KEY, states=("pending", "expired")
)


def drawn(cases: st.SearchStrategy[Case], *, root: int, count: int) -> list[str]:
    found: list[str] = []
    draw_cases(cases, root=root, count=count, each=lambda number, case: found.append(f"{number} {case!r}"))
    return found


def number_of(case: Case) -> int:
    assert isinstance(case.sent, Raw)
    return int(case.sent.body)


@pytest.fixture
def exchange() -> Exchange:
    """Stands for what was sent; nobody looks at it here."""
    return object.__new__(Exchange)


@pytest.mark.parametrize("cases", [CASES, UPDATES], ids=["numbers", "updates"])
def test_the_same_seed_gives_the_same_cases_in_the_same_order(cases: st.SearchStrategy[Case]) -> None:
    assert drawn(cases, root=7, count=60) == drawn(cases, root=7, count=60)


def test_what_is_imported_between_two_runs_does_not_change_the_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hypothesis looks for constants in the source of whatever is there, such as a consumer's tests."""
    texts = st.text().map(lambda text: Case("UpdateJob", Raw(text.encode("utf-8", "replace"))))
    before = drawn(texts, root=1, count=200)
    tmp_path.joinpath("a_consumer_s_module.py").write_text("".join(f"A{n} = 'constant {n}'\n" for n in range(50)))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("a_consumer_s_module")

    assert drawn(texts, root=1, count=200) == before


@pytest.mark.parametrize("cases", [CASES, UPDATES], ids=["numbers", "updates"])
def test_another_seed_gives_other_cases(cases: st.SearchStrategy[Case]) -> None:
    assert drawn(cases, root=7, count=60) != drawn(cases, root=8, count=60)


def test_cases_are_counted_from_zero_up_to_the_number_asked_for() -> None:
    assert [line.split()[0] for line in drawn(CASES, root=1, count=25)] == [str(number) for number in range(25)]


def test_a_strategy_with_few_values_gives_few_cases() -> None:
    few = st.sampled_from([Case("UpdateJob", Raw(b"1")), Case("UpdateJob", Raw(b"2"))])

    assert len(drawn(few, root=1, count=50)) == 2


@pytest.mark.parametrize("error", [ValueError("mine"), AssertionError("mine"), KeyboardInterrupt()])
def test_an_exception_of_the_listener_s_ends_the_drawing_at_once(error: BaseException) -> None:
    """Hypothesis would take it for a failing test, and try the case again."""
    seen: list[int] = []

    def each(number: int, case: Case) -> None:
        seen.append(number)
        if number == 3:
            raise error

    with pytest.raises(type(error)) as raised:
        draw_cases(CASES, root=1, count=10_000_000, each=each)

    assert raised.value is error
    assert seen == [0, 1, 2, 3]


class Showing:
    """Sends a case and finds something in those that are large enough."""

    def __init__(self, exchange: Exchange, shows: Callable[[int], bool]) -> None:
        self.asked: list[int] = []
        self._exchange = exchange
        self._shows = shows

    def __call__(self, case: Case) -> Smaller | None:
        number = number_of(case)
        self.asked.append(number)
        if not self._shows(number):
            return None
        return Smaller(Finding(KIND, "importexport.UpdateJob", "", "x", str(number)), self._exchange)


def first_large(root: int, count: int) -> tuple[int, int]:
    """Return number and value of the first case drawn that is large."""
    found: list[tuple[int, int]] = []
    draw_cases(CASES, root=root, count=count, each=lambda at, case: found.append((at, number_of(case))))
    return next((at, value) for at, value in found if value >= 50)


@pytest.mark.parametrize("root", range(5))
def test_a_case_is_made_as_small_as_can_be_with_the_same_fingerprint(root: int, exchange: Exchange) -> None:
    at, value = first_large(root, 100)
    showing = Showing(exchange, lambda number: number >= 50)

    smaller = minimise(CASES, root=root, count=100, number=at, calls=100, shows=showing)

    assert smaller is not None
    assert smaller.finding.observed == "50"
    assert showing.asked[0] == value
    assert len(showing.asked) <= 100
    assert len(set(showing.asked)) == len(showing.asked)


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 10])
def test_no_more_cases_are_sent_than_the_budget_allows(calls: int, exchange: Exchange) -> None:
    at, value = first_large(3, 100)
    showing = Showing(exchange, lambda number: number >= 50)

    smaller = minimise(CASES, root=3, count=100, number=at, calls=calls, shows=showing)

    assert len(showing.asked) == calls if calls < 5 else len(showing.asked) <= calls
    assert smaller is not None
    assert 50 <= int(smaller.finding.observed) <= value


def test_a_finding_that_does_not_show_again_is_not_made_smaller(exchange: Exchange) -> None:
    showing = Showing(exchange, lambda number: False)

    assert minimise(CASES, root=3, count=30, number=0, calls=10, shows=showing) is None
    assert len(showing.asked) <= 10


def test_without_a_budget_nothing_is_sent(exchange: Exchange) -> None:
    showing = Showing(exchange, lambda number: True)

    assert minimise(CASES, root=3, count=30, number=0, calls=0, shows=showing) is None
    assert showing.asked == []


def test_a_finding_that_comes_and_goes_is_still_shown_by_a_case_that_had_it(exchange: Exchange) -> None:
    answers = iter([True, False, True] * 100)
    showing = Showing(exchange, lambda number: next(answers))

    smaller = minimise(CASES, root=3, count=30, number=2, calls=30, shows=showing)

    assert smaller is not None
    assert int(smaller.finding.observed) in showing.asked


@pytest.mark.parametrize("error", [ValueError("mine"), KeyboardInterrupt()])
def test_an_exception_while_a_case_is_made_smaller_is_raised_at_once(error: BaseException, exchange: Exchange) -> None:
    asked: list[Case] = []

    def shows(case: Case) -> Smaller | None:
        asked.append(case)
        raise error

    with pytest.raises(type(error)) as raised:
        minimise(CASES, root=3, count=30, number=2, calls=30, shows=shows)

    assert raised.value is error
    assert len(asked) == 1
