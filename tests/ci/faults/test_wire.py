"""Over sockets, a trial finds the endpoint as it should be, whatever struck before it."""

from __future__ import annotations

from botoproof.ci.faults.measuring import observe, open_engine
from botoproof.ci.faults.observation import Trial, trials
from botoproof.ci.faults.subject import open_subject
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.plan_text import parse_fault

SUBJECT = open_subject("importexport", "UpdateJob")


def test_a_trial_does_not_depend_on_those_before_it() -> None:
    lost, right = Trial(parse_fault("reset.before_request"), once=True), Trial(parse_fault("chunk.right"))
    with open_engine("wire", SUBJECT, "standard") as engine_of:
        first = observe(right, SUBJECT, engine_of(right))
        for text in ("reset.before_request", "poison", "reorder", "idle.close", "connect.refused"):
            before = Trial(parse_fault(text))
            observe(before, SUBJECT, engine_of(before))
            again = observe(right, SUBJECT, engine_of(right))
            assert (text, again.outcome, again.attempts, again.effects) == (text, "returned", 1, 1)
            struck = observe(lost, SUBJECT, engine_of(lost))
            assert (text, struck.outcome, struck.attempts, struck.effects) == (text, "returned", 2, 1)

    assert (first.outcome, first.attempts, first.effects) == ("returned", 1, 1)


def test_retries_are_not_used_up_by_the_trials_before() -> None:
    trial = Trial(parse_fault("status(503)"))
    with open_engine("wire", SUBJECT, "standard") as engine_of:
        attempts = {observe(trial, SUBJECT, engine_of(trial)).attempts for _ in range(25)}

    assert attempts == {3}


def test_an_idle_connection_that_is_closed_shows_in_the_next_call() -> None:
    trial = Trial(parse_fault("idle.close"))
    with open_engine("wire", SUBJECT, "standard") as engine_of:
        seen = observe(trial, SUBJECT, engine_of(trial))

    assert trial.calls == 2
    assert (seen.outcome, seen.effects) == ("returned", 1)
    assert seen.attempts in (1, 2)  # whether the client has seen the end before it writes is the kernel's affair


def test_every_kind_that_a_server_can_make_is_tried() -> None:
    tried = trials(SUBJECT.operation, engine="wire")

    assert {trial.fault.kind for trial in tried} == {name for name, kind in KINDS.items() if kind.place != "hook"}
    assert not any(trial.once and trial.fault.kind.startswith("connect.") for trial in tried)
