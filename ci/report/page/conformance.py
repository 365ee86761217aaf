"""The page of one or several runs: what each operation did on each target, with each SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..columns import Column, columns_of
from ..known import counted
from ..messages import visible
from ..news import without_past
from ..past import Since
from ..reading import Report
from ..states import STATES, Data, State, findings_of, passes_of, state_of, weighs
from ..verdicts import conformance_verdict, operations_of
from .cells import Island
from .coverage import Coverage, coverage_of
from .findings import Shown, anchor_of, shown_findings
from .trend import Past, past_of


@dataclass(frozen=True, slots=True)
class Cell:
    """What one run says of one operation.

    Attributes:
        anchor: Its id on the page.
        state: What it comes to.
        figure: How many findings it has; empty when there are none.
    """

    anchor: str
    state: State
    figure: str


@dataclass(frozen=True, slots=True)
class Row:
    """An operation with its cells, and the words by which a reader may look for it."""

    operation: str
    cells: tuple[Cell, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be had in a run, or should be known of it."""

    column: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Conformance:
    """All that the page shows.

    Attributes:
        title: Of the page.
        verdict: The worst of all runs.
        tone: How it is drawn.
        because: The verdict's reason, as a sentence.
        columns: The runs.
        rows: The operations.
        coverage: Their documented errors.
        findings: All of them.
        remarks: What could not be had.
        past: What has become of each target; empty when nothing came before.
        compared: What can be said of what is new without it.
        island: What the cells open.
        states: Those of the legend.
    """

    title: str
    verdict: str
    tone: str
    because: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    coverage: tuple[Coverage, ...]
    findings: tuple[Shown, ...]
    remarks: tuple[Remark, ...]
    past: tuple[Past, ...]
    compared: str
    island: str
    states: tuple[State, ...] = STATES

    @property
    def anchors(self) -> frozenset[str]:
        """The fingerprints of the findings that stand on the page."""
        return frozenset(str(one.finding["fingerprint"]) for one in self.findings)

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """The page in numbers, as label and figure."""
        told = [one for column in self.columns for one in column.report.data["operations"].values()]
        errors = [error for one in told for error in one["errors"].values()]
        provoked = sum(error["evidence"] is not None for error in errors)
        weighing = [one.state.word for one in self.findings]
        return (
            ("runs", str(len(self.columns))),
            ("cases judged", f"{sum(one['cases'] for one in told):,}"),
            ("exceptions provoked", f"{provoked} of {len(errors)}"),
            ("findings that count", str(weighing.count("fail"))),
            ("known or flaky", str(weighing.count("known") + weighing.count("flaky"))),
            ("notes", str(weighing.count("lenient"))),
        )


def conformance_of(reports: Sequence[Report], *, title: str = "", past: Sequence[Since] = ()) -> Conformance:
    """Return the page of runs.

    Args:
        reports: Of the runs, at least one.
        title: Of the page; made from the services when empty.
        past: What has become of their targets, if that is known.
    """
    columns = columns_of(reports)
    island = Island()
    rows = tuple(_row(number, name, columns, island) for number, name in enumerate(operations_of(columns)))
    verdict = conformance_verdict(columns)
    findings = shown_findings(columns)
    services = dict.fromkeys(str(column.report.data["target"]["service"]) for column in columns)
    return Conformance(
        title or f"Conformance of {', '.join(services)}",
        verdict.word,
        verdict.tone,
        verdict.because,
        columns,
        rows,
        tuple(coverage_of(columns)),
        findings,
        tuple(_remarks(columns)),
        tuple(map(past_of, past)),
        without_past(reports),
        island.json(),
    )


def _row(number: int, operation: str, columns: Sequence[Column], island: Island) -> Row:
    cells: list[Cell] = []
    words = {operation}
    for place, column in enumerate(columns):
        report = column.report.data
        found = findings_of(report, operation)
        anchor = f"c{number}-{place}"
        island.add(
            anchor,
            _facts(column, operation),
            links=[anchor_of(one) for one in found],
            tried=_probes(column, operation),
        )
        words.update(one["code"] for one in found)
        cells.append(Cell(anchor, state_of(report, operation), _figure(report, operation, found)))
    return Row(operation, tuple(cells), " ".join(sorted(words)))


def _figure(report: Data, operation: str, found: Sequence[Data]) -> str:
    """Return how much there is of what makes the state: findings, else notes, else what was out of reach."""
    told = report["operations"].get(operation, {"errors": {}})
    unreachable = sum(error["unreachable"] is not None for error in told["errors"].values())
    weighing = sum(map(weighs, found)) + len(passes_of(report, operation))
    return str(weighing or len(found) or unreachable or "")


def _probes(column: Column, operation: str) -> dict[str, str]:
    told = column.report.data["operations"].get(operation)
    return {visible(name): visible(outcome) for name, outcome in told["probes"].items()} if told else {}


def _facts(column: Column, operation: str) -> Iterator[tuple[str, str]]:
    """Yield what is to be told of a cell, beside its findings and probes."""
    report = column.report.data
    told = report["operations"].get(operation)
    if told is None:
        yield "not run", "the run was not about this operation"
        return
    yield "cases", str(told["cases"])
    errors = told["errors"]
    provoked = sum(1 for error in errors.values() if error["provoked"])
    yield "exceptions", f"{provoked} of {len(errors)} documented ones provoked"
    for code, error in errors.items():
        if error["unreachable"]:
            yield "unreachable", f"{code}: {visible(error['unreachable'])}"
    for entry in passes_of(report, operation):
        yield "unexpected pass", f"{entry['fingerprint']} {entry['code']}: known in the baseline, and not seen"
    for outcome, count in told["outcomes"].items():
        yield "outcome", f"{count} times {visible(outcome)}"
    if operation in report["faults"]:
        yield "faults", f"{len(report['faults'][operation])} struck a call of it"


def _remarks(columns: Sequence[Column]) -> Iterator[Remark]:
    for column in columns:
        for label, text in _told(column):
            yield Remark(column.title, label, visible(text))


def _told(column: Column) -> Iterator[tuple[str, str]]:
    report = column.report.data
    if report["stopped"]:
        yield "cut short", report["stopped"]
    reasons: dict[str, list[str]] = {}
    for one in report["unreachable"]:
        what = next(name for name in ("state", "probe", "cases", "phase") if name in one)
        told = " ".join(str(part) for part in (one.get("operation"), what, one[what]) if part)
        reasons.setdefault(one["why"], []).append(told)
    for why, several in reasons.items():
        yield "not reached", f"{', '.join(several)}: {why}"
    for name, meaning in (
        ("undecided", "the contract says nothing about them, so only the reply's form was judged"),
        ("throttled", "the endpoint refused to look at them"),
        ("withheld", "not sent, since they could have changed something where that was not allowed"),
    ):
        if report[name]:
            yield name, f"{counted(report[name], 'case')}: {meaning}"
    for one in report["recordings"]:
        yield from (("not recorded", f"{one['path']}: {miss}") for miss in one["misses"])
        if one["unplayed"]:
            yield "not played", f"{one['path']}: {counted(len(one['unplayed']), 'interaction')}"
    for unseen in report["baseline"]["not_seen"] if report["baseline"] else ():
        yield "known, not seen", f"{unseen['fingerprint']} {unseen['code']}, {unseen['operation']}: {unseen['why']}"
    for one in report["left_behind"]:
        yield "left behind", f"{one['id']}: {one['why']}"
