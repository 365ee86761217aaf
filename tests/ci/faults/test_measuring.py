"""What the installed SDK makes of faults is measured by calls that depend on nothing but their fault."""

from __future__ import annotations

import random

import pytest
from botoproof.ci.faults.client import BUDGETS, budget_of
from botoproof.ci.faults.engine import Hook
from botoproof.ci.faults.holding import Tried, held
from botoproof.ci.faults.measuring import observe
from botoproof.ci.faults.observation import MODES, Observation, Trial, trials
from botoproof.ci.faults.subject import Subject, open_subject
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.plan_text import parse_fault

SUBJECT = open_subject("importexport", "UpdateJob")


def seen(fault: str, *, once: bool = False, mode: str = "standard", subject: Subject = SUBJECT) -> Observation:
    return observe(Trial(parse_fault(fault), once), subject, Hook(subject, mode))


@pytest.mark.parametrize(("once", "attempts", "effects"), [(False, 3, 3), (True, 2, 2)])
def test_a_lost_answer_has_one_effect_for_each_attempt(once: bool, attempts: int, effects: int) -> None:
    came = seen("response_lost", once=once)

    assert (came.attempts, came.effects) == (attempts, effects)
    assert came.outcome == ("returned" if once else "ConnectionClosedError")


@pytest.mark.parametrize(
    ("fault", "outcome", "escapes"),
    [
        ("connect.refused", "EndpointConnectionError", False),
        ("error(InvalidJobIdException)", "InvalidJobIdException", False),
        ("throttle(SlowDown)", "ClientError(SlowDown)", False),
        ("xml.wrapper", "KeyError", True),
        ("body.empty", "ResponseParserError", True),
        ("xml.namespace", "returned", False),
        ("bytes.flip", "returned another value", False),
        ("poison", "returned the answer to another request", False),
        ("stale", "returned the answer to another request", False),
    ],
)
def test_what_the_caller_sees_is_told_by_class_and_code(fault: str, outcome: str, escapes: bool) -> None:
    came = seen(fault)

    assert (came.outcome, came.escapes) == (outcome, escapes)


def test_an_answer_that_comes_after_the_next_request_is_the_own_one() -> None:
    assert seen("reorder", once=True).outcome == "returned"


def test_waits_are_noted_close_to_their_limits_and_not_waited() -> None:
    first, second = seen("throttle(SlowDown)").waits

    assert 0.95 <= first <= 1
    assert 1.9 <= second <= 2


def test_time_limits_pass_without_being_waited() -> None:
    assert 3 <= seen("timeout.read").seconds < 3.5


@pytest.mark.parametrize("mode", MODES)
def test_as_many_attempts_are_made_as_the_mode_allows(mode: str) -> None:
    hook = Hook(SUBJECT, mode)

    assert observe(Trial(parse_fault("dns")), SUBJECT, hook).attempts == budget_of(hook.client)
    assert budget_of(hook.client) in BUDGETS.values()


def test_the_configuration_of_the_machine_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = seen("dns", mode="default")
    other = "legacy" if usual.attempts == BUDGETS["standard"] else "standard"
    monkeypatch.setenv("AWS_RETRY_MODE", other)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")

    assert seen("dns", mode="default") == usual


def test_a_fault_does_not_depend_on_those_before_it() -> None:
    # Without its quota filled again, a client retries nothing after some twenty calls.
    hook, trial = Hook(SUBJECT, "standard"), Trial(parse_fault("status(503)"))

    assert {observe(trial, SUBJECT, hook).attempts for _ in range(25)} == {3}


def test_chance_of_the_program_is_left_as_it_was() -> None:
    random.seed(7)
    expected = random.getstate()
    seen("dns")

    assert random.getstate() == expected


def test_a_fault_that_finds_nothing_to_change_is_told() -> None:
    assert seen("result.short").inert
    assert not seen("result.false").inert


def test_every_kind_that_strikes_inside_the_process_is_tried() -> None:
    tried = {trial.fault.kind for trial in trials(SUBJECT.operation, engine="hook")}

    assert tried == {name for name, kind in KINDS.items() if kind.place != "wire"}


@pytest.mark.parametrize("name", ["connect.refused", "response_lost"])
def test_what_leaves_no_answer_is_tried_once_and_always(name: str) -> None:
    texts = {str(trial) for trial in trials(SUBJECT.operation, engine="hook")}

    assert {name, f"1*{name}->ok"} <= texts


def test_a_call_that_uses_its_resource_up_is_made_anew_each_time() -> None:
    cancel = open_subject("importexport", "CancelJob")

    assert [seen("xml.namespace", subject=cancel).outcome for _ in range(2)] == ["returned"] * 2


def test_a_lost_answer_to_what_can_be_done_once_only_is_told_as_a_refusal() -> None:
    cancel = open_subject("importexport", "CancelJob")
    came = seen("response_lost", once=True, subject=cancel)
    finding = held(Tried(Trial(parse_fault("response_lost"), once=True), came, cancel.operation, 3))[0]

    assert (came.outcome, came.effects) == ("CanceledJobIdException", 1)
    assert finding.kind.code == "sdk-fault-untold"


def test_an_operation_that_there_is_not_is_refused_with_close_names() -> None:
    with pytest.raises(BadConfiguration, match="did you mean UpdateJob"):
        open_subject("importexport", "UpdateJobs")
