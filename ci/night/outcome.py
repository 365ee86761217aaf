"""What came of a night's steps, and what follows from all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..campaign.verdict import CLEAN, FINDINGS, KNOWN, UNKNOWN

SCHEMA = "botoproof/night/1"


class State(Enum):
    """Whether a step did what it was for."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step.

    Attributes:
        state: Whether it did what it was for.
        detail: What it did; or why it did not.
        verdict: ``clean``, ``known`` or ``findings``; empty for a step that judges nothing.
    """

    state: State
    detail: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of a night that is over.

    Attributes:
        name: Of the step.
        outcome: What came of it.
        seconds: How long it took.
    """

    name: str
    outcome: Outcome
    seconds: float = 0.0


def worst(outcomes: Sequence[Outcome], *, nothing: str) -> Outcome:
    """Return several outcomes as one.

    Args:
        outcomes: Of the parts of a step.
        nothing: Why the step is skipped when there are none.

    >>> worst([Outcome(State.DONE, "a", "clean"), Outcome(State.FAILED, "b")], nothing="")
    Outcome(state=<State.FAILED: 'failed'>, detail='b', verdict='clean')
    """
    if not outcomes:
        return Outcome(State.SKIPPED, nothing)
    state = next(state for state in _GRAVEST if any(one.state is state for one in outcomes))
    verdicts = {one.verdict for one in outcomes}
    verdict = next((word for word in (FINDINGS, KNOWN, CLEAN) if word in verdicts), "")
    grave = [one.detail for one in outcomes if one.state is state and one.detail]
    return Outcome(state, "; ".join(dict.fromkeys(grave)), verdict)


_GRAVEST = (State.FAILED, State.UNKNOWN, State.DONE, State.SKIPPED)


def verdict_of_night(steps: Iterable[StepDone]) -> str:
    """Return ``findings``, ``unknown``, ``known`` or ``clean``: a step that failed leaves no night clean."""
    outcomes = [step.outcome for step in steps]
    if any(one.verdict == FINDINGS for one in outcomes):
        return FINDINGS
    judged = any(one.state is State.DONE and one.verdict for one in outcomes)
    if not judged or any(one.state in (State.FAILED, State.UNKNOWN) for one in outcomes):
        return UNKNOWN
    return KNOWN if any(one.verdict == KNOWN for one in outcomes) else CLEAN


def as_data(night: str, steps: Sequence[StepDone], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the summary of a night as JSON has it.

    Args:
        night: Its name.
        steps: Those that are over, in their order.
        about: What else is told of it.
    """
    return {
        "schema": SCHEMA,
        "night": night,
        "verdict": verdict_of_night(steps),
        **about,
        "steps": [
            {
                "name": step.name,
                "state": step.outcome.state.value,
                "verdict": step.outcome.verdict or None,
                "detail": step.outcome.detail,
                "seconds": round(step.seconds, 3),
            }
            for step in steps
        ],
    }


def read_steps(data: Mapping[str, Any]) -> tuple[StepDone, ...]:
    """Return the steps of a summary that `as_data` gave.

    Raises:
        KeyError, TypeError, ValueError: It is not one.
    """
    return tuple(
        StepDone(
            str(step["name"]),
            Outcome(State(step["state"]), str(step["detail"]), step["verdict"] or ""),
            float(step["seconds"]),
        )
        for step in data["steps"]
    )


def as_lines(steps: Iterable[StepDone]) -> list[str]:
    """Return the steps as lines for the console."""
    return [
        f"{step.name:<12}{_word(step.outcome):<10}{step.seconds:>8.1f} s  {step.outcome.detail}".rstrip()
        for step in steps
    ]


def as_markdown(night: str, steps: Sequence[StepDone]) -> str:
    """Return the summary of a night in Markdown, as for the page of a pipeline's job."""
    heads = ("| step | came to | took | |", "| --- | --- | ---: | --- |")
    lines = [f"# Night {night}: {verdict_of_night(steps)}", "", *heads]
    for step in steps:
        cells = (step.name, _word(step.outcome), f"{step.seconds:.1f} s", _cell(step.outcome.detail))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _word(outcome: Outcome) -> str:
    return outcome.verdict if outcome.state is State.DONE and outcome.verdict else outcome.state.value


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
