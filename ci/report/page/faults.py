"""The page of tests that were run against faults: which call met which fault, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..messages import visible
from ..reading import Report
from ..states import FAULT_STATES, NOT_SURVIVED, SURVIVED, State
from ..verdicts import faults_verdict
from .cells import Island
from .findings import ROOM
from .tested import EFFECTS, Run, Tested, tested


@dataclass(frozen=True, slots=True)
class Unsurvived:
    """A run that was not survived."""

    anchor: str
    run: Run
    state: State = NOT_SURVIVED

    def text(self, name: str) -> str:
        """Return a text of the run with every character visible."""
        return visible(str(self.run[name] or ""))

    @property
    def effects(self) -> str:
        """What the service did, in words."""
        return EFFECTS[self.run["effects"]]


@dataclass(frozen=True, slots=True)
class Faults:
    """All that the page shows; `left_out` are runs that were not survived and for which there is no room."""

    title: str
    verdict: str
    tone: str
    because: str
    tests: tuple[Tested, ...]
    findings: tuple[Unsurvived, ...]
    left_out: int
    figures: tuple[tuple[str, str], ...]
    island: str
    states: tuple[State, ...] = FAULT_STATES


def faults_of(reports: Sequence[Report], *, title: str = "") -> Faults:
    """Return the page of tests that were run against faults.

    Args:
        reports: At least one.
        title: Of the page.
    """
    island = Island()
    told = [(report, test) for report in reports for test in report.data["tests"]]
    told.sort(key=lambda pair: not any(run["verdict"] == NOT_SURVIVED.word for run in pair[1]["faults"]))
    several = len(reports) > 1
    named = [(f"{test['test']} ({report.name})" if several else test["test"], test) for report, test in told]
    runs = [run for _, test in named for run in test["faults"]]
    lost = [run for run in runs if run["verdict"] == NOT_SURVIVED.word]
    shown, anchors = _fitted(lost)
    tests = tuple(tested(number, name, test, anchors, island) for number, (name, test) in enumerate(named))
    verdict = faults_verdict(reports)
    folded = sum(sum(test["folded"].values()) for _, test in named)
    survived = sum(run["verdict"] == SURVIVED.word for run in runs)
    figures = (
        ("tests", len(tests)),
        ("calls", sum(len(test.calls) for test in tests)),
        ("faults tried", len(runs)),
        ("survived", survived),
        ("not survived", len(lost)),
        ("folded into others", folded),
    )
    return Faults(
        title or "Calls under fault",
        verdict.word,
        verdict.tone,
        verdict.because,
        tests,
        shown,
        len(lost) - len(shown),
        tuple((label, f"{count:,}") for label, count in figures),
        island.json(),
    )


def _fitted(lost: Sequence[Run]) -> tuple[tuple[Unsurvived, ...], dict[int, str]]:
    left, shown, anchors = ROOM, [], {}
    for number, run in enumerate(lost):
        left -= 1000 + len(str(run))
        if left < 0:
            break
        shown.append(Unsurvived(f"f-{number}", run))
        anchors[id(run)] = shown[-1].anchor
    return tuple(shown), anchors
