"""Faults and plans that are drawn: they parse and print back, and decide the same each time."""

from __future__ import annotations

from botoproof.contract.faults.fault import Fault
from botoproof.contract.faults.plan import Plan
from botoproof.contract.faults.plan_text import parse_fault, parse_plan
from botoproof.strategies.faults import faults, plans
from hypothesis import given, settings
from hypothesis import strategies as st

FEWER = settings(max_examples=settings().max_examples // 3)  # plans are slow to draw
OPERATIONS = ("UpdateJob", "GetStatus", "importexport.UpdateJob", "importexport.*", "*")
PLACES = st.tuples(st.sampled_from(["UpdateJob", "GetStatus"]), st.integers(0, 9), st.integers(1, 9))


@given(faults())
def test_a_fault_prints_as_text_that_parses_to_it(one: Fault) -> None:
    assert parse_fault(str(one)) == one


@given(plans(OPERATIONS))
def test_a_plan_prints_as_text_that_parses_to_it(plan: Plan) -> None:
    again = parse_plan(str(plan))

    assert again == plan
    assert str(again) == str(plan)


@FEWER
@given(plans(OPERATIONS))
def test_a_plan_decides_the_same_in_whatever_order_it_is_asked(plan: Plan) -> None:
    places = [(name, call, attempt) for name in ("UpdateJob", "GetStatus") for call in (0, 3) for attempt in (1, 4)]

    decided = {place: plan.decide("importexport", *place) for place in places}

    assert {place: plan.decide("importexport", *place) for place in reversed(places)} == decided


@FEWER
@given(plans(OPERATIONS), PLACES)
def test_what_strikes_is_a_step_of_the_first_rule_that_fits(plan: Plan, place: tuple[str, int, int]) -> None:
    operation, call, attempt = place
    fitting = [number for number, rule in enumerate(plan.rules) if rule.fits("importexport", operation, call)]

    strike = plan.decide("importexport", operation, call, attempt)

    if strike is not None:
        assert strike.rule == fitting[0]
        step = plan.rules[strike.rule].step(attempt)
        assert step is not None
        assert strike.faults == step.faults
        assert strike.seconds >= 0
