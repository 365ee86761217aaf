"""When plans end, what they count, and which of several strikes."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from botoproof.contract.adapters.wire_plans import Plans
from botoproof.contract.errors import BadPlan
from botoproof.contract.faults.plan_text import parse_plan

NONE: Counter[tuple[str, str]] = Counter()


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def plans(hands: Hands) -> Plans:
    return Plans(hands)


def test_a_plan_ends_when_its_time_is_over(plans: Plans, hands: Hands) -> None:
    made = plans.set("a", parse_plan("*=status(503)"), calls=NONE, ttl=10)

    hands.time = 9.9
    before = plans.strike("s", "Op", 0, 1)
    hands.time = 10.0
    after = plans.strike("s", "Op", 1, 1)

    assert before is not None
    assert after is None
    assert (made.ended, plans.over) == ("expired", [made])


def test_a_plan_ends_after_so_many_strikes(plans: Plans) -> None:
    made = plans.set("a", parse_plan("*=status(503)"), calls=NONE, max_strikes=2)

    struck = [plans.strike("s", "Op", call, 1) is not None for call in range(4)]

    assert struck == [True, True, False, False]
    assert made.ended == "exhausted"


def test_calls_are_counted_from_when_the_plan_came(plans: Plans) -> None:
    plans.set("a", parse_plan("Op#0=status(503)"), calls=Counter({("s", "Op"): 5}))

    struck = [call for call in range(8) if plans.strike("s", "Op", call, 1)]

    assert struck == [5]


def test_a_call_that_was_under_way_when_the_plan_came_is_left_alone(plans: Plans) -> None:
    plans.set("a", parse_plan("Op=status(503)"), calls=Counter({("s", "Op"): 5}))

    struck = [call for call in range(7) if plans.strike("s", "Op", call, 2)]

    assert struck == [5, 6]


def test_the_first_plan_that_strikes_decides(plans: Plans) -> None:
    plans.set("a", parse_plan("Op#0=status(503)"), calls=NONE)
    plans.set("b", parse_plan("*=status(500)"), calls=NONE)

    struck = [str(plans.strike("s", "Op", call, 1)) for call in range(2)]

    assert struck == ["status(503)", "status(500)"]


def test_a_plan_takes_the_place_of_one_of_the_same_name(plans: Plans) -> None:
    old = plans.set("a", parse_plan("*=status(503)"), calls=NONE)
    new = plans.set("a", parse_plan("*=status(500)"), calls=NONE)

    assert plans.in_force() == (new,)
    assert old.ended == "replaced"


def test_plans_are_cleared_by_name_or_all(plans: Plans) -> None:
    for name in "abc":
        plans.set(name, parse_plan("*=status(503)"), calls=NONE)

    assert plans.clear("b") == ("b",)
    assert plans.clear("b") == ()
    assert plans.clear() == ("a", "c")
    assert plans.in_force() == ()


def test_rules_that_struck_nothing_are_told(plans: Plans) -> None:
    made = plans.set("a", parse_plan("A=status(503); B=status(500)"), calls=NONE)

    plans.strike("s", "B", 0, 1)

    assert [str(rule) for rule in made.idle] == ["A=status(503)"]


def test_a_connection_is_struck_by_its_place_in_a_row(plans: Plans) -> None:
    plans.set("a", parse_plan("Op=status(503); *=2*reset.before_request->ok"), calls=NONE)

    struck = [plans.strike_connection("s", number, attempt) for number, attempt in enumerate((1, 2, 3, 1))]

    assert [one is not None for one in struck] == [True, True, False, True]
    assert plans.strike("s", "Op", 0, 1) is not None
    assert plans.strike("s", "Other", 0, 1) is None


@pytest.mark.parametrize("ttl", [0, -1, math.inf, math.nan])
def test_a_time_that_is_none_is_refused(plans: Plans, ttl: float) -> None:
    with pytest.raises(BadPlan, match="ttl must be a number of seconds above 0"):
        plans.set("a", parse_plan("*=status(503)"), calls=NONE, ttl=ttl)


def test_strikes_that_cannot_be_counted_are_no_limit(plans: Plans) -> None:
    with pytest.raises(BadPlan, match=r"the strikes of connect\.refused cannot be counted"):
        plans.set("a", parse_plan("*=connect.refused"), calls=NONE, max_strikes=1)
