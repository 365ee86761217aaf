"""Upgrades as a changelog in Markdown: what breaks, how to adapt, and with which release it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...upgrade.rules import RULES
from ..reading import Report
from ..upgrades import Firsts, comings_of, firsts_of, gaps_of, is_heavy, subjects_of
from ..verdicts import titles_of
from .markdown import IN_FULL, SIGNS, cell, code, escaped

_EXAMPLES = 5
_WIDTH = 200

Data = Mapping[str, Any]


def upgrade_lines(reports: Sequence[Report]) -> Iterator[str]:
    """Yield the lines of a changelog, below the verdict.

    Args:
        reports: Of upgrades, at least one.
    """
    for report, title in zip(reports, titles_of(reports), strict=True):
        if len(reports) > 1:
            yield f"## {escaped(title)}: {escaped(report.data['told'])}"
            yield ""
        yield from _depths(report.data)
        yield from _unknown(report.data)
        yield from _findings(report.data)


def _depths(report: Data) -> Iterator[str]:
    yield "| depth | compared | differences | unknown |"
    yield "| --- | --- | ---: | ---: |"
    for depth, told in report["depths"].items():
        unit = told["unit"].removesuffix("s") if told["compared"] == 1 else told["unit"]
        compared = f"{told['compared']} {escaped(unit)}"
        yield f"| {depth} | {compared} | {told['differences']} | {len(told['unknown'])} |"
    yield ""


def _unknown(report: Data) -> Iterator[str]:
    gaps = list(gaps_of(report))
    for what, why in gaps[:IN_FULL]:
        yield f"- {SIGNS['broken']} unknown: {code(what)}: {escaped(why)}"
    if len(gaps) > IN_FULL:
        yield f"- {SIGNS['broken']} and {len(gaps) - IN_FULL} more, which the JSON report has"
    if gaps:
        yield ""


def _findings(report: Data) -> Iterator[str]:
    counting = [one for one in report["findings"] if is_heavy(report, one) and not one["accepted"]]
    accepted = [one for one in report["findings"] if one["accepted"]]
    rules: dict[str, list[Data]] = {}
    for one in counting:
        rules.setdefault(one["rule"], []).append(one)
    firsts = firsts_of(report)
    for rule, findings in rules.items():
        yield from _rule(firsts, rule, findings)
    yield from _accepted(accepted)
    yield from _lighter([one for one in report["findings"] if one not in counting and not one["accepted"]])


def _rule(firsts: Firsts, rule: str, findings: Sequence[Data]) -> Iterator[str]:
    yield f"### {SIGNS['bad']} {code(rule)}: {escaped(findings[0]['title'])}"
    yield ""
    if rule in RULES:
        yield f"Who breaks: {escaped(RULES[rule].breaks)}"
        yield ""
        yield f"What to do: {escaped(RULES[rule].adapt)}"
        yield ""
    for one in findings[:IN_FULL]:
        subjects = subjects_of(one)
        shown = ", ".join(map(code, subjects[:_EXAMPLES]))
        more = f" and {len(subjects) - _EXAMPLES} more" if len(subjects) > _EXAMPLES else ""
        came = comings_of(firsts, one)
        since = f", since {escaped(', '.join(came))}" if came else ""
        first = one["changes"][0]
        yield f"- {shown}{more}: {_difference(first)} ({first['depth']}{since}, {one['fingerprint']})"
    if len(findings) > IN_FULL:
        yield f"- and {len(findings) - IN_FULL} more, which the JSON report has"
    yield ""


def _difference(change: Data) -> str:
    place = f"{code(change['path'])} " if change["path"] else ""
    old, new = (code(text[:_WIDTH]) if text else "" for text in (change["old"], change["new"]))
    if old and new:
        return f"{place}was {old}, is {new}"
    return f"{place}{new} is new" if new else f"{place}{old} is gone"


def _accepted(findings: Sequence[Data]) -> Iterator[str]:
    if not findings:
        return
    yield f"<details><summary>accepted: {len(findings)}</summary>"
    yield ""
    for one in findings[:IN_FULL]:
        until = f" until {one['accepted']['expires']}" if one["accepted"]["expires"] else ""
        what = f"{code(one['rule'])} {code(subjects_of(one)[0])}"
        yield f"- {what}{escaped(until)}: {escaped(one['accepted']['reason'])} ({one['fingerprint']})"
    if len(findings) > IN_FULL:
        yield f"- and {len(findings) - IN_FULL} more, which the JSON report has"
    yield ""
    yield "</details>"
    yield ""


def _lighter(findings: Sequence[Data]) -> Iterator[str]:
    """Yield a table of what does not count: by service, how many changes of which rule."""
    if not findings:
        return
    counts = Counter((change["service"] or "*", one["rule"]) for one in findings for change in one["changes"])
    yield f"<details><summary>does not count: {counts.total()} changes</summary>"
    yield ""
    yield "| service | changes |"
    yield "| --- | --- |"
    services: dict[str, list[str]] = {}
    for (service, rule), count in sorted(counts.items()):
        services.setdefault(service, []).append(f"{count} {rule}")
    for service, told in services.items():
        yield f"| {cell(service)} | {', '.join(map(cell, told))} |"
    yield ""
    yield "</details>"
    yield ""
