"""A night from its first step to its last: whatever a step does, the others are taken and the summary is written."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.night.night import Night, Step, night_folder
from botoproof.ci.night.outcome import Outcome, State, StepDone
from botoproof.ci.night.plan import NightPlan, PlannedSdk, write_plan
from botoproof.ci.night.tonight import Tonight
from botoproof.contract.errors import BadConfiguration, TargetUnusable

from .conftest import Make


def planned(tonight: Tonight) -> Outcome:
    tonight.folder.mkdir(parents=True, exist_ok=True)
    write_plan(NightPlan(tonight.night, 1, (PlannedSdk("installed", "1.44.5"),), ()), tonight.folder)
    return Outcome(State.DONE, "planned")


def clean(_: Tonight) -> Outcome:
    return Outcome(State.DONE, "looked", "clean")


def unusable(_: Tonight) -> Outcome:
    raise TargetUnusable("nobody is there")


def full(_: Tonight) -> Outcome:
    raise OSError(errno.ENOSPC, "No space left on device", "a-file")


def broken(_: Tonight) -> Outcome:
    raise ZeroDivisionError("by zero")


def take(tonight: Tonight, steps: Mapping[str, Step], *wanted: str) -> tuple[Night, dict[str, Outcome]]:
    told: list[StepDone] = []
    night = Night(tonight, wanted or tuple(steps), told.append, every=steps)
    taken = night.carry_out()
    assert list(taken) == told
    return night, {step.name: step.outcome for step in taken}


def summary(tonight: Tonight) -> Any:
    return json.loads((tonight.folder / "summary.json").read_text("utf-8"))


def test_steps_are_taken_in_their_order_and_told(tonight: Make) -> None:
    tonight_ = tonight()

    _, outcomes = take(tonight_, {"plan": planned, "conformance": clean})

    assert list(outcomes) == ["plan", "conformance"]
    assert summary(tonight_)["verdict"] == "clean"
    assert [(step["name"], step["state"], step["verdict"], step["detail"]) for step in summary(tonight_)["steps"]] == [
        ("plan", "done", None, "planned"),
        ("conformance", "done", "clean", "looked"),
    ]


@pytest.mark.parametrize(
    ("step", "detail"),
    [
        (unusable, "nobody is there"),
        (full, "a-file: No space left on device"),
        (broken, "this is a bug in botoproof: ZeroDivisionError: by zero (see nights/2026-11-26/logs/faults-bug.txt)"),
    ],
)
def test_after_a_step_that_failed_the_others_are_taken_and_the_night_is_not_clean(
    tonight: Make, step: Step, detail: str
) -> None:
    tonight_ = tonight()

    _, outcomes = take(tonight_, {"plan": planned, "faults": step, "cassettes": clean})

    assert outcomes["faults"] == Outcome(State.FAILED, detail)
    assert outcomes["cassettes"].verdict == "clean"
    assert summary(tonight_)["verdict"] == "unknown"


def test_an_interrupt_ends_the_night_and_the_summary_says_so(tonight: Make) -> None:
    wanted = [True]

    def interrupted(_: Tonight) -> Outcome:
        wanted[0] = False
        raise KeyboardInterrupt

    tonight_ = tonight(is_wanted=lambda: wanted[0])

    _, outcomes = take(tonight_, {"plan": planned, "conformance": interrupted, "faults": clean})

    assert outcomes["conformance"] == Outcome(State.FAILED, "the night was interrupted")
    assert outcomes["faults"] == Outcome(State.UNKNOWN, "the night was interrupted")
    assert [step["name"] for step in summary(tonight_)["steps"]] == ["plan", "conformance", "faults"]


def test_without_a_plan_the_reason_is_told_once_and_the_later_steps_come_to_nothing(tonight: Make) -> None:
    steps: dict[str, Step] = {"plan": unusable, "conformance": clean, "merge": clean, "history": clean, "notify": clean}

    _, outcomes = take(tonight(), steps)

    assert outcomes.pop("plan") == Outcome(State.FAILED, "nobody is there")
    assert outcomes == dict.fromkeys(
        ("conformance", "merge", "history", "notify"), Outcome(State.UNKNOWN, "because of plan")
    )


def test_a_step_alone_tells_the_first_reason_why_an_earlier_call_left_it_nothing(tonight: Make) -> None:
    steps: dict[str, Step] = {"plan": planned, "merge": unusable, "history": clean, "report": clean, "notify": clean}
    take(tonight(), steps, "plan", "merge", "history")

    for wanted in (("history",), ("report", "notify"), ("notify",)):
        _, outcomes = take(tonight(), steps, *wanted)

        assert outcomes == dict.fromkeys(wanted, Outcome(State.UNKNOWN, "because of merge: nobody is there"))


def test_a_step_alone_that_lacks_what_another_makes_has_failed(tonight: Make) -> None:
    _, outcomes = take(tonight(), {"plan": planned, "history": clean}, "history")

    assert outcomes["history"] == Outcome(
        State.FAILED, "the step merge has not been taken this night; --step merge takes it"
    )


def test_steps_of_one_night_may_be_taken_by_calls_of_their_own(tonight: Make) -> None:
    steps: dict[str, Step] = {"plan": planned, "conformance": clean, "faults": unusable}
    take(tonight(), steps, "plan")
    take(tonight(), steps, "faults")

    night, outcomes = take(tonight(), steps, "conformance")

    assert list(outcomes) == ["conformance"]
    assert [step.name for step in night.steps] == ["plan", "conformance", "faults"]
    assert summary(tonight())["verdict"] == "unknown"


def test_a_whole_night_forgets_what_an_earlier_call_has_done(tonight: Make) -> None:
    take(tonight(), {"plan": planned, "faults": unusable})

    take(tonight(), {"plan": planned, "faults": clean})

    assert summary(tonight())["verdict"] == "clean"


def test_a_clock_that_goes_back_makes_no_step_shorter_than_nothing(tonight: Make) -> None:
    times = iter([10.0, 5.0, 5.0, 7.0])
    night = Night(
        tonight(), ("plan", "faults"), lambda _: None, lambda: next(times), every={"plan": planned, "faults": clean}
    )

    assert [step.seconds for step in night.carry_out()] == [0.0, 2.0]


def test_a_summary_that_cannot_be_written_is_told(tonight: Make) -> None:
    made = tonight()
    (made.folder / "summary.json").mkdir(parents=True)

    night, outcomes = take(made, {"plan": planned, "faults": clean})

    assert outcomes["faults"].verdict == "clean"
    assert night.unwritten == "the summary could not be written to nights/2026-11-26/summary.json: Is a directory"


def test_a_broken_summary_of_earlier_calls_is_told(tonight: Make) -> None:
    made = tonight()
    planned(made)
    (made.folder / "summary.json").write_text("{")

    with pytest.raises(
        BadConfiguration, match=r"^nights/2026-11-26/summary\.json is no summary of a night; remove it, "
    ):
        take(made, {"plan": planned, "faults": clean}, "faults")


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "a\nb"])
def test_what_cannot_be_a_night_is_told(name: str) -> None:
    with pytest.raises(
        BadConfiguration, match=r"^--night must be the name of a folder in nights, such as 2026-11-26, got "
    ):
        night_folder(Path("nights"), name)
