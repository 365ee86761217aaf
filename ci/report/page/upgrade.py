"""The page of upgrades: what each depth says of each service, and every finding with whom it hurts and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...upgrade.rules import RULES
from ..messages import visible
from ..reading import Report
from ..states import ACCEPTED, BREAKS, LIGHTER, SAME, UNLOOKED, UNSEEN, UPGRADE_STATES, State
from ..upgrades import (
    Firsts,
    again_with,
    comings_of,
    firsts_of,
    gaps_of,
    is_heavy,
    subject_of,
    subjects_of,
    subjects_told,
)
from ..verdicts import titles_of, upgrade_verdict
from .cells import Island
from .findings import ROOM

_CHANGES = 10
_SUBJECTS = 12
_FACTS = 30
_WIDTH = 300
_WEIGHTS = {BREAKS: 0, ACCEPTED: 1, LIGHTER: 2}

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one depth says of one service; `figure` counts the changes."""

    anchor: str
    state: State
    figure: str


@dataclass(frozen=True, slots=True)
class Row:
    """One service, or ``*`` for what holds for all of them, with a cell for each depth of each upgrade."""

    service: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A finding as it is shown: label and text of what is to be told, and its first changes."""

    anchor: str
    state: State
    rule: str
    title: str
    where: str
    facts: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str, str, str], ...]
    again: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """All that the page shows; `left_out` are findings for which there is no room."""

    title: str
    verdict: str
    tone: str
    because: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    unknown: tuple[tuple[str, str], ...]
    findings: tuple[Changed, ...]
    left_out: int
    figures: tuple[tuple[str, str], ...]
    passing: tuple[tuple[str, str, str], ...]
    island: str
    states: tuple[State, ...] = UPGRADE_STATES


def upgrade_of(reports: Sequence[Report], *, title: str = "") -> Upgrade:
    """Return the page of upgrades.

    Args:
        reports: At least one.
        title: Of the page.
    """
    titles = titles_of(reports)
    several = len(reports) > 1
    told = [
        (_state(one.data, finding), number, finding)
        for number, one in enumerate(reports)
        for finding in one.data["findings"]
    ]
    told.sort(key=lambda item: _WEIGHTS[item[0]])
    findings, anchors = _fitted(told, reports, titles)
    found = _found(reports)
    island = Island()
    columns = [(number, depth) for number, one in enumerate(reports) for depth in one.data["depths"]]
    rows = tuple(
        Row(
            visible(service),
            tuple(
                _cell(f"c-{line}-{place}", service, reports[number].data, depth, number, found, anchors, island)
                for place, (number, depth) in enumerate(columns)
            ),
        )
        for line, service in enumerate(_services(reports))
    )
    verdict = upgrade_verdict(reports)
    counting = sum(state is BREAKS for state, _, _ in told)
    gaps = [(titles[number], *gap) for number, one in enumerate(reports) for gap in gaps_of(one.data)]
    figures = (
        ("findings that count", counting),
        ("accepted", sum(state is ACCEPTED for state, _, _ in told)),
        ("findings that do not count", sum(state is LIGHTER for state, _, _ in told)),
        ("services with differences", len(rows)),
        ("unknown", len(gaps)),
    )
    return Upgrade(
        title or f"The SDK, {' and '.join(dict.fromkeys(titles))}",
        verdict.word,
        verdict.tone,
        verdict.because,
        tuple((titles[number] if several else "", depth) for number, depth in columns),
        rows,
        tuple((visible(f"{name}, {what}" if several else what), visible(why)) for name, what, why in gaps),
        findings,
        len(told) - len(findings),
        tuple((label, f"{count:,}") for label, count in figures),
        tuple(_passing(reports)),
        island.json(),
    )


def _state(report: Data, finding: Data) -> State:
    if finding["accepted"]:
        return ACCEPTED
    return BREAKS if is_heavy(report, finding) else LIGHTER


Found = Mapping[tuple[int, str, str], Mapping[int, tuple[Data, list[Data]]]]


def _found(reports: Sequence[Report]) -> Found:
    """Return each cell's findings with those of their changes that belong there, by report, depth and service."""
    found: dict[tuple[int, str, str], dict[int, tuple[Data, list[Data]]]] = {}
    for number, report in enumerate(reports):
        for finding in report.data["findings"]:
            for change in finding["changes"]:
                cell = found.setdefault((number, change["depth"], change["service"] or "*"), {})
                cell.setdefault(id(finding), (finding, []))[1].append(change)
    return found


def _services(reports: Sequence[Report]) -> list[str]:
    """Return the services that somebody named, that differ, or of which something is unknown."""
    found = set[str]()
    for report in reports:
        found |= set(report.data["services"] or ())
        found |= {change["service"] or "*" for one in report.data["findings"] for change in one["changes"]}
        for told in report.data["depths"].values():
            found |= {gap["service"] for gap in told["unknown"] if gap["service"]}
    return sorted(found)


def _cell(
    anchor: str,
    service: str,
    report: Data,
    depth: str,
    number: int,
    found: Found,
    anchors: Mapping[tuple[int, int], str],
    island: Island,
) -> Cell:
    told = report["depths"][depth]
    gaps = [gap for gap in told["unknown"] if not gap["service"] or gap["service"] == service]
    states, facts, links, count = list[State](), list[tuple[str, str]](), list[str](), 0
    for finding, changes in found.get((number, depth, service), {}).values():
        count += len(changes)
        states.append(_state(report, finding))
        if (number, id(finding)) in anchors:
            links.append(anchors[number, id(finding)])
        facts += [(finding["rule"], _difference(change)) for change in changes]
    if gaps:
        states.append(UNSEEN)
    facts = [("unknown", visible(gap["reason"])) for gap in gaps] + facts
    if len(facts) > _FACTS:
        facts = [*facts[:_FACTS], ("and", f"{len(facts) - _FACTS} more, which the JSON report has")]
    looked = report["services"] is None or service in report["services"]
    # What holds for all services is seen in the models only.
    nothing = SAME if looked or (service == "*" and depth == "models") else UNLOOKED
    state = min(states, key=UPGRADE_STATES.index, default=nothing)
    island.add(anchor, facts or [("nothing", state.meaning)], links=links)
    return Cell(anchor, state, str(count) if count else "")


def _difference(change: Data) -> str:
    old, new = (visible(change[name])[:_WIDTH] or "nothing" for name in ("old", "new"))
    place = f" {visible(change['path'])}" if change["path"] else ""
    return f"{visible(subject_of(change))}{place}: {old} -> {new}"


def _fitted(
    told: Sequence[tuple[State, int, Data]], reports: Sequence[Report], titles: Sequence[str]
) -> tuple[tuple[Changed, ...], dict[tuple[int, int], str]]:
    firsts = [firsts_of(one.data) for one in reports]
    left, shown, anchors = ROOM, list[Changed](), dict[tuple[int, int], str]()
    for place, (state, number, finding) in enumerate(told):
        anchor = f"f-{place}"
        name = titles[number] if len(reports) > 1 else ""
        changed = _changed(anchor, state, reports[number].data, firsts[number], finding, name)
        left -= 1000 + sum(len(text) for pair in changed.facts for text in pair)
        left -= sum(len(text) for change in changed.changes for text in change)
        if left < 0:
            break
        shown.append(changed)
        anchors[number, id(finding)] = anchor
    return tuple(shown), anchors


def _changed(anchor: str, state: State, report: Data, firsts: Firsts, finding: Data, title: str) -> Changed:
    subjects = subjects_of(finding)
    return Changed(
        anchor,
        state,
        visible(finding["rule"]),
        visible(finding["title"]),
        visible(subjects_told(finding)),
        tuple((label, visible(text)) for label, text in _facts(firsts, finding, title, subjects)),
        tuple(map(_row, finding["changes"][:_CHANGES])),
        visible(again_with(report, finding["changes"][0])),
    )


def _row(change: Data) -> tuple[str, str, str, str]:
    place, old, new = (visible(change[name])[:_WIDTH] for name in ("path", "old", "new"))
    return visible(subject_of(change))[:_WIDTH], place, old, new


def _facts(firsts: Firsts, finding: Data, title: str, subjects: Sequence[str]) -> Iterator[tuple[str, str]]:
    first = finding["changes"][0]
    if title:
        yield "upgrade", title
    yield "severity", f"{finding['severity']}: {finding['reason']}" if finding["reason"] else finding["severity"]
    yield "seen by", first["depth"]
    if came := comings_of(firsts, finding):
        yield "since", ", ".join(came)
    if len(subjects) > 1:
        rest = f" and {len(subjects) - _SUBJECTS} more" if len(subjects) > _SUBJECTS else ""
        yield "in", f"{', '.join(subjects[:_SUBJECTS])}{rest}"
    if first["evidence"]:
        yield "evidence", first["evidence"]
    if first["witness"]:
        yield (
            "tried",
            f"{first['witness']['asked']}: before {first['witness']['before']}, after {first['witness']['after']}",
        )
    rule = RULES.get(finding["rule"])
    if rule is not None:
        yield "hurts", ", ".join(who.value for who in rule.hurts) or "nobody"
        yield "who breaks", rule.breaks
        yield "what to do", rule.adapt
    if finding["accepted"]:
        until = f" (until {finding['accepted']['expires']})" if finding["accepted"]["expires"] else ""
        yield "accepted", f"{finding['accepted']['reason']}{until}"
    yield "fingerprint", finding["fingerprint"]


def _passing(reports: Sequence[Report]) -> Iterator[tuple[str, str, str]]:
    for report in reports:
        groups: dict[tuple[str, str, str], list[Data]] = {}
        for one in (report.data["walk"] or {}).get("courses", ()):
            if not one["stays"]:
                when = ", then ".join(f"with {span['first']} until {span['gone']}" for span in one["spans"])
                groups.setdefault((one["rule"], one["service"], when), []).append(one)
        for (rule, _, when), members in groups.items():
            more = f" and {len(members) - 1} more" if len(members) > 1 else ""
            yield visible(rule), visible(f"{subject_of(members[0])}{more}"), visible(when)
