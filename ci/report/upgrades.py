"""What every form of a report asks of an upgrade's data."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

Data = Mapping[str, Any]


def is_heavy(report: Data, finding: Data) -> bool:
    """Return whether a finding makes an upgrade unsafe as long as nobody accepts it."""
    return finding["severity"] in (("error",) if report["counts_from"] == "error" else ("error", "warning"))


def status_of(report: Data, finding: Data) -> str:
    """Return ``known`` for what is accepted, ``expired`` for what was, and ``new`` for all else."""
    if finding["accepted"]:
        return "known"
    marks = {finding["fingerprint"], *(change["fingerprint"] for change in finding["changes"])}
    return "expired" if marks & set(report["expired"]) else "new"


def subject_of(change: Data) -> str:
    """Return ``service.Operation``, ``service``, or ``*`` for what holds for every service."""
    return f"{change['service']}.{change['operation']}" if change["operation"] else change["service"] or "*"


def subjects_of(finding: Data) -> tuple[str, ...]:
    """Return whom a finding is about, each once."""
    return tuple(dict.fromkeys(map(subject_of, finding["changes"])))


def subjects_told(finding: Data) -> str:
    """Return the first of whom a finding is about, and how many more there are."""
    first, *others = subjects_of(finding)
    return f"{first} and {len(others)} more" if others else first


def again_with(report: Data, change: Data) -> str:
    """Return the command that shows a change again."""
    words = ["botoproof", "upgrade", report["old"]["given"], report["new"]["given"], f"--{change['depth']}"]
    if change["service"]:
        words += ["--service", change["service"]]
    return shlex.join(words)


def gaps_of(report: Data) -> Iterator[tuple[str, str]]:
    """Yield what is unknown: where, and why."""
    for depth, told in report["depths"].items():
        for gap in told["unknown"]:
            name = f"{gap['service']}.{gap['operation']}" if gap["operation"] else gap["service"]
            yield f"{depth}: {name}" if name else depth, gap["reason"]
    yield from (("usage", doubt) for doubt in report["usage"]["doubts"])
    for one in (report["walk"] or {}).get("unknown", ()):
        depth = f", {one['depth']}" if one["depth"] else ""
        yield f"walk: {one['release']}{depth}", one["reason"]


Firsts = Mapping[tuple[str, ...], str]


def firsts_of(report: Data) -> Firsts:
    """Return with which release each difference came, where somebody walked the way."""
    courses = (report["walk"] or {}).get("courses", ())
    return {_place(one): one["spans"][-1]["first"] for one in courses if one["stays"]}


def comings_of(firsts: Firsts, finding: Data) -> tuple[str, ...]:
    """Return the releases with which the changes of a finding came, each once."""
    places = (_place(change) for change in finding["changes"])
    return tuple(dict.fromkeys(firsts[place] for place in places if place in firsts))


def _place(data: Data) -> tuple[str, ...]:
    return data["depth"], data["rule"], data["service"], data["operation"], data["path"]
