"""Each check of what must hold whatever happens goes red for what breaks it, and stays green beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.ci.faults.holding import Tried, held
from botoproof.ci.faults.observation import OTHER_VALUE, OTHERS_ANSWER, Observation, Trial
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.faults.plan_text import parse_fault
from botoproof.contract.finding import Evidence, Severity

UPDATE = read_operation("importexport", "UpdateJob")
CODE = "InvalidJobIdException"


def tried(fault: str, outcome: str = "ConnectionClosedError", *, attempts: int = 3, effects: int = 0) -> Tried:
    trial = Trial(parse_fault(fault))
    return Tried(trial, Observation(str(trial), outcome, escapes=False, attempts=attempts, effects=effects), UPDATE, 3)


def codes(one: Tried) -> list[str]:
    return [finding.kind.code for finding in held(one)]


@pytest.mark.parametrize(
    "right",
    [
        tried("connect.refused", "EndpointConnectionError"),
        tried("reset.after_request", effects=3),
        tried("duplicate", "returned", attempts=1, effects=2),
        tried(f"error({CODE})", CODE, attempts=1),
        tried(f"error({CODE}, status=200)", "ClientError()", attempts=1),
        tried("result.false", OTHER_VALUE, attempts=1, effects=1),
        tried("xml.namespace", "returned", attempts=1, effects=1),
    ],
    ids=lambda one: str(one.trial),
)
def test_what_is_as_it_must_be_is_no_finding(right: Tried) -> None:
    assert codes(right) == []


def test_an_exception_outside_of_the_sdks_tree_is_a_note() -> None:
    right = tried("body.empty", "ResponseParserError", attempts=1, effects=1)
    finding = held(replace(right, seen=replace(right.seen, escapes=True)))[0]

    assert (finding.kind.code, finding.severity(Evidence.INFERRED)) == ("sdk-fault-escapes", Severity.NOTE)
    assert codes(right) == []


def test_faults_that_escape_as_the_same_class_are_one_finding() -> None:
    def fingerprint(fault: str, outcome: str) -> str:
        one = tried(fault, outcome, attempts=1)
        return held(replace(one, seen=replace(one.seen, escapes=True)))[0].fingerprint

    assert fingerprint("body.empty", "ResponseParserError") == fingerprint("status(403)", "ResponseParserError")
    assert fingerprint("body.empty", "ResponseParserError") != fingerprint("body.empty", "KeyError")


@pytest.mark.parametrize("outcome", [OTHER_VALUE, OTHERS_ANSWER])
def test_damage_that_nobody_is_told_of_is_found(outcome: str) -> None:
    assert codes(tried("bytes.flip", outcome, attempts=1, effects=1)) == ["sdk-fault-silent"]


@pytest.mark.parametrize(("seconds", "found"), [(8.9, True), (8.0, False)])
def test_a_call_that_hangs_beyond_all_its_limits_is_found(seconds: float, found: bool) -> None:
    one = tried("timeout.read", "ReadTimeoutError", effects=3)
    late = replace(one, seen=replace(one.seen, seconds=seconds, waits=(0.3, 0.4)))

    assert codes(late) == (["sdk-fault-late"] if found else [])


def test_more_attempts_than_the_budget_are_found() -> None:
    assert codes(tried("dns", "EndpointConnectionError", attempts=4)) == ["sdk-fault-attempts"]


def test_a_documented_error_that_comes_as_another_class_is_found() -> None:
    wrong = held(tried(f"error({CODE})", f"ClientError({CODE})", attempts=1))

    assert [finding.kind.code for finding in wrong] == ["sdk-fault-class"]
    assert wrong[0].expected == f"client.exceptions.{CODE}"


@pytest.mark.parametrize(
    ("fault", "effects"), [("connect.refused", 2), ("reset.after_request", 4), ("duplicate(2)", 7)]
)
def test_more_effects_than_the_fault_says_are_found(fault: str, effects: int) -> None:
    assert codes(tried(fault, effects=effects)) == ["sdk-fault-effects"]


def test_success_without_an_effect_is_an_error() -> None:
    finding = held(tried("status(200)", "returned", attempts=1))[0]

    assert (finding.kind.code, finding.severity(Evidence.OBSERVED)) == ("sdk-fault-untold", Severity.ERROR)


def test_an_old_answer_is_damage_and_no_success_without_an_effect() -> None:
    assert codes(tried("stale", OTHERS_ANSWER, attempts=1)) == ["sdk-fault-silent"]


@pytest.mark.parametrize("outcome", [CODE, "EndpointConnectionError"])
def test_a_refusal_after_an_effect_is_a_note(outcome: str) -> None:
    finding = held(tried("response_lost", outcome, attempts=2, effects=1))[0]

    assert (finding.kind.code, finding.severity(Evidence.OBSERVED)) == ("sdk-fault-untold", Severity.NOTE)
