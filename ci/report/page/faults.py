"""The page of tests that were run against faults: which call met which fault, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..messages import visible
from ..reading import Report
from ..states import FAULT_STATES, NOT_SURVIVED, SURVIVED, State
from ..verdicts import faults_verdict
from .cells import Island
from .findings import ROOM

_OF = {state.word: state for state in FAULT_STATES}
_EFFECTS = {
    "none": "the service did nothing",
    "once": "the service did it once",
    "several": "the service did it several times",
    "unknown": "what the service did is not known",
    None: "the call was not made",
}
Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one fault at one call; `figure` names the codes of what is wrong."""

    anchor: str
    state: State
    figure: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fault with a cell for each call, None where there was no run."""

    fault: str
    documented: bool
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """One test.

    Attributes:
        anchor: Its id on the page.
        name: The id that it would have without its mark.
        calls: Each call, and where the code makes it.
        rows: The faults.
        counts: How many runs came to each state, the worst first.
        remarks: What was folded, and what could not be tried.
    """

    anchor: str
    name: str
    calls: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    counts: tuple[tuple[State, int], ...]
    remarks: tuple[str, ...]


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
        return _EFFECTS[self.run["effects"]]


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
    tests = tuple(_tested(number, name, test, anchors, island) for number, (name, test) in enumerate(named))
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


def _tested(number: int, name: str, test: Mapping[str, Any], anchors: Mapping[int, str], island: Island) -> Tested:
    runs: dict[tuple[str, str, str], list[Run]] = {}
    documented: dict[str, bool] = {}
    for run in test["faults"]:
        runs.setdefault((run["fault"], run["call"], run["site"] or ""), []).append(run)
        documented[run["fault"]] = run["documented"]
    calls = sorted({(call, site) for _, call, site in runs})
    rows: list[Row] = []
    for line, fault in enumerate(sorted(documented, key=lambda one: (not documented[one], one))):
        cells: list[Cell | None] = []
        for place, call in enumerate(calls):
            found = runs.get((fault, *call))
            cells.append(_cell(f"t{number}-{line}-{place}", found, anchors, island) if found else None)
        rows.append(Row(visible(fault), documented[fault], tuple(cells)))
    counts = Counter(run["verdict"] for run in test["faults"])
    return Tested(
        f"t{number}",
        visible(name),
        tuple((visible(call), visible(site)) for call, site in calls),
        tuple(rows),
        tuple((state, counts[state.word]) for state in FAULT_STATES if counts[state.word]),
        tuple(map(visible, _remarks(test))),
    )


def _cell(anchor: str, runs: Sequence[Run], anchors: Mapping[int, str], island: Island) -> Cell:
    facts = [fact for run in runs for fact in _facts(run, named=len(runs) > 1)]
    island.add(anchor, facts, links=[anchors[id(run)] for run in runs if id(run) in anchors])
    codes = dict.fromkeys(finding["code"] for run in runs for finding in run["findings"])
    return Cell(anchor, min((_OF[run["verdict"]] for run in runs), key=FAULT_STATES.index), visible(" ".join(codes)))


def _facts(run: Run, *, named: bool) -> Iterator[tuple[str, str]]:
    """Yield what is to be told of a run."""
    if named:
        yield "run", visible(run["name"])
    for finding in run["findings"]:
        yield finding["code"], visible(finding["observed"])
    yield "attempts", f"{run['attempts']}, and {_EFFECTS[run['effects']]}"
    if run["seconds"]:
        yield "virtual time", f"{run['seconds']:.2f} s"
    if run["line"]:
        yield "line", visible(run["line"])
    if run["verdict"] != SURVIVED.word:
        yield "again", visible(run["replay"])


def _remarks(test: Mapping[str, Any]) -> Iterator[str]:
    if test["no-fault"] == "not run":
        yield "the run without a fault was not among those of the session"
    if test["discovered"]:
        yield f"discovered: {', '.join(test['discovered'])}; their faults are tried from the next run on"
    if test["threads"]:
        yield "calls came from several threads, so that their numbers may differ from run to run"
    for why, count in test["folded"].items():
        yield f"folded {count}: {why}"
    reasons: dict[str, list[str]] = {}
    for name, why in test["inapplicable"].items():
        reasons.setdefault(why, []).append(name)
    for why, names in reasons.items():
        yield f"cannot strike: {', '.join(names)}: {why}"
