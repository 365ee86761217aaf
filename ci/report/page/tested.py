"""The matrix of one test that was run against faults: which of its calls met which fault, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..messages import visible
from ..states import FAULT_STATES, FOLDED, SURVIVED, State
from .cells import Island

EFFECTS = {
    "none": "the service did nothing",
    "once": "the service did it once",
    "several": "the service did it several times",
    "unknown": "what the service did is not known",
    None: "the call was not made",
}
_OF = {state.word: state for state in FAULT_STATES}
Run = Mapping[str, Any]
_Call = tuple[str, str]
"""A call, and where the code makes it; empty where it was not made."""


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


def tested(number: int, name: str, test: Mapping[str, Any], anchors: Mapping[int, str], island: Island) -> Tested:
    """Return the matrix of one test.

    Args:
        number: Of the test on its page.
        name: Of the test, for readers.
        test: As the report has it.
        anchors: Of runs that were not survived, by their identity as objects: what stands of them on the page.
        island: Takes what the cells open.
    """
    runs: dict[tuple[str, _Call], list[Run]] = {}
    for run in test["faults"]:
        runs.setdefault((run["fault"], _call(run)), []).append(run)
    folded = dict(_folded(test))
    documented = {run["fault"] for run in test["faults"] if run["documented"]}
    tried = {fault for fault, _ in runs}
    calls = sorted({call for _, call in runs})
    rows: list[Row] = []
    for line, fault in enumerate(
        sorted(tried | {one for one, _ in folded}, key=lambda one: (one not in tried, one not in documented, one))
    ):
        cells: list[Cell | None] = []
        for place, call in enumerate(calls):
            anchor = f"t{number}-{line}-{place}"
            if found := runs.get((fault, call)):
                cells.append(_cell(anchor, found, anchors, island))
            elif stands := folded.get((fault, call)):
                cells.append(_folded_cell(anchor, stands, anchors, island))
            else:
                cells.append(None)
        rows.append(Row(visible(fault), fault in documented, tuple(cells)))
    counts = Counter(run["verdict"] for run in test["faults"])
    return Tested(
        f"t{number}",
        visible(name),
        tuple((visible(call), visible(site)) for call, site in calls),
        tuple(rows),
        tuple((state, counts[state.word]) for state in FAULT_STATES if counts[state.word]),
        tuple(map(visible, _remarks(test))),
    )


def _call(run: Run) -> _Call:
    return run["call"], run["site"] or ""


def _folded(test: Mapping[str, Any]) -> Iterator[tuple[tuple[str, _Call], Run]]:
    """Yield fault and call of what was left out, with the run that stands for it, where that was among those chosen."""
    runs = {run["name"]: run for run in test["faults"]}
    for name, chosen in test["folded_into"].items():
        if run := runs.get(chosen):
            yield (name.removeprefix(chosen.removesuffix(run["fault"])), _call(run)), run


def _cell(anchor: str, runs: Sequence[Run], anchors: Mapping[int, str], island: Island) -> Cell:
    facts = [fact for run in runs for fact in _facts(run, named=len(runs) > 1)]
    island.add(anchor, facts, links=[anchors[id(run)] for run in runs if id(run) in anchors])
    codes = dict.fromkeys(finding["code"] for run in runs for finding in run["findings"])
    return Cell(anchor, min((_OF[run["verdict"]] for run in runs), key=FAULT_STATES.index), visible(" ".join(codes)))


def _folded_cell(anchor: str, stands: Run, anchors: Mapping[int, str], island: Island) -> Cell:
    told = visible(f"{stands['fault']}, which was {stands['verdict']}")
    island.add(anchor, [("stands for it", told)], links=[anchors[id(stands)]] if id(stands) in anchors else [])
    return Cell(anchor, FOLDED, visible(f"into {stands['fault']}"))


def _facts(run: Run, *, named: bool) -> Iterator[tuple[str, str]]:
    """Yield what is to be told of a run."""
    if named:
        yield "run", visible(run["name"])
    for finding in run["findings"]:
        yield finding["code"], visible(finding["observed"])
    yield "attempts", f"{run['attempts']}, and {EFFECTS[run['effects']]}"
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
