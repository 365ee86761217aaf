"""What follows from the steps of a night: no failed step leaves it clean."""

from __future__ import annotations

import json

import pytest
from botoproof.ci.night.outcome import (
    Outcome,
    State,
    StepDone,
    as_data,
    as_lines,
    as_markdown,
    read_steps,
    verdict_of_night,
    worst,
)
from hypothesis import given
from hypothesis import strategies as st

CLEAN = Outcome(State.DONE, "", "clean")
KNOWN = Outcome(State.DONE, "", "known")
FOUND = Outcome(State.DONE, "", "findings")
TOLD = Outcome(State.DONE)
FAILED = Outcome(State.FAILED, "why")
UNKNOWN = Outcome(State.UNKNOWN, "why")
SKIPPED = Outcome(State.SKIPPED, "why")
OUTCOMES = st.builds(
    Outcome, st.sampled_from(State), st.text(max_size=5), st.sampled_from(["", "clean", "known", "findings"])
)
STEPS = st.lists(st.builds(StepDone, st.sampled_from("abc"), OUTCOMES, st.integers(0, 9).map(float)), max_size=6)


def steps(*outcomes: Outcome) -> list[StepDone]:
    return [StepDone(f"step{number}", outcome, 1.0) for number, outcome in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((CLEAN, TOLD, SKIPPED), "clean"),
        ((CLEAN, KNOWN), "known"),
        ((CLEAN, KNOWN, FOUND), "findings"),
        ((FAILED, FOUND), "findings"),
        ((CLEAN, FAILED), "unknown"),
        ((KNOWN, UNKNOWN), "unknown"),
        ((TOLD, SKIPPED), "unknown"),
        ((), "unknown"),
    ],
)
def test_the_verdict_of_a_night(outcomes: tuple[Outcome, ...], verdict: str) -> None:
    assert verdict_of_night(steps(*outcomes)) == verdict


@given(STEPS)
def test_a_night_with_a_failed_or_unknown_step_is_never_clean(taken: list[StepDone]) -> None:
    grave = any(step.outcome.state in (State.FAILED, State.UNKNOWN) for step in taken)

    assert not (grave and verdict_of_night(taken) in ("clean", "known"))


@given(st.lists(OUTCOMES, min_size=1))
def test_no_part_makes_a_step_better_than_it_is(parts: list[Outcome]) -> None:
    whole = worst(parts, nothing="")

    assert (whole.state is State.FAILED) == any(part.state is State.FAILED for part in parts)
    assert (whole.verdict == "findings") == any(part.verdict == "findings" for part in parts)
    if whole.state is State.DONE:
        assert {part.state for part in parts} <= {State.DONE, State.SKIPPED}


def test_a_step_without_parts_is_skipped_with_the_reason() -> None:
    assert worst([], nothing="no target is a URL") == Outcome(State.SKIPPED, "no target is a URL")


@given(STEPS)
def test_a_summary_is_read_as_it_was_written(taken: list[StepDone]) -> None:
    assert list(read_steps(json.loads(json.dumps(as_data("n", taken, {}))))) == taken


def test_lines_and_markdown_name_each_step_with_state_time_and_reason() -> None:
    taken = [
        StepDone("plan", Outcome(State.DONE, "2 runs"), 0.04),
        StepDone("merge", Outcome(State.FAILED, "a|<b>"), 61),
    ]

    assert as_lines(taken) == [
        "plan        done           0.0 s  2 runs",
        "merge       failed        61.0 s  a|<b>",
    ]
    assert as_markdown("2026-11-26", taken).splitlines() == [
        "# Night 2026-11-26: unknown",
        "",
        "| step | came to | took | |",
        "| --- | --- | ---: | --- |",
        "| plan | done | 0.0 s | 2 runs |",
        "| merge | failed | 61.0 s | a\\|&lt;b> |",
    ]
