"""Answers of a history as lines for the terminal, and as plain data (`botoproof/history/1`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..report.known import counted
from ..report.payload import printable
from .past import PastRun, Stream
from .questions import Changes, Life, News, TrendPoint

_TREND = ("night", "verdict", "runs", "cases", "errors", "findings", "new", "back", "gone", "botocore")
SCHEMA = "botoproof/history/1"
# More are told as a number; the JSON form has all.
NIGHTS = 14


def trend_lines(points: tuple[TrendPoint, ...]) -> Iterator[str]:
    """Yield a table of nights, the newest last."""
    if len(points) > NIGHTS:
        yield f"  {counted(len(points) - NIGHTS, 'earlier night')}"
    shown = points[-NIGHTS:]
    rows: list[tuple[str, ...]] = [_TREND]
    for point in shown:
        weighing = sum(number for status, number in point.statuses.items() if status != "note")
        rows.append(
            (
                printable(point.night),
                point.verdict,
                str(point.runs),
                str(point.cases),
                f"{point.provoked}/{point.documented}",
                str(weighing),
                *(str(len(one)) if one else "" for one in (point.new, point.back, point.gone)),
                ", ".join(point.sdks),
            )
        )
    yield from table(rows)


def table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows as aligned lines."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def news_lines(news: News) -> Iterator[str]:
    """Yield what the last night changed."""
    if not news.before:
        yield f"  {printable(news.night)} is the first night here, so that nothing is compared"
    for kind in ("new", "back", "gone", "unknown"):
        for life in getattr(news, kind):
            yield f"  {kind:<8} {life_line(life)}"
    if news.before and not (news.new or news.back or news.gone or news.unknown):
        yield f"  nothing new since {printable(news.before)}"
    flipping = [life for life in (*news.new, *news.back, *news.gone, *news.staying) if life.is_flipping]
    for life in flipping:
        yield f"  flipping {life_line(life)}"


def life_line(life: Life) -> str:
    """Return a finding on one line, with its life."""
    found, seen = life.finding, life.sighting
    status = "" if seen.status == "new" else f", {seen.status}"
    nights = life.first_seen if life.first_seen == life.last_seen else f"{life.first_seen} to {life.last_seen}"
    flips = f", {counted(life.flips, 'flip')}" if life.flips else ""
    return printable(
        f"{found.fingerprint}  {seen.severity} {found.code}, {found.operation}{status}: seen {nights}{flips}"
    )


def life_lines(life: Life, runs: tuple[PastRun, ...]) -> Iterator[str]:
    """Yield the whole life of a finding on one target."""
    found = life.finding
    yield printable(f"{found.fingerprint} {found.code}: {found.title}")
    where = f"{found.operation} {found.path}".rstrip()
    yield from (
        f"  {label:<11} {printable(text)}"
        for label, text in (
            ("target", str(life.stream)),
            ("where", where),
            ("contract", found.expected),
            ("came", found.observed),
            ("cases", " ".join(filter(None, (life.sighting.group.phase, life.sighting.group.probe)))),
            ("first seen", life.first_seen),
            ("last seen", life.last_seen),
            ("flips", str(life.flips)),
            ("now", _now(life)),
        )
    )
    if len(life.course) > NIGHTS:
        yield f"  {counted(len(life.course) - NIGHTS, 'earlier night')}"
    for name, presence in life.course[-NIGHTS:]:
        shown = [
            f"{one.status}, {counted(one.count, 'case')} with botocore {run.botocore}"
            for run in runs
            for one in run.sightings
            if (run.stream, run.night, one.fingerprint) == (life.stream, name, found.fingerprint)
        ]
        yield printable(f"  {name}  {presence.value:<8} {'; '.join(shown)}").rstrip()


def _now(life: Life) -> str:
    if life.was_there:
        return "there"
    return f"gone for {counted(life.clean_nights, 'night')} that looked for it"


def changes_lines(changes: Changes, since: str) -> Iterator[str]:
    """Yield regressions and recoveries."""
    if not changes.before:
        yield f"  no run before {since} to compare with"
        return
    if not changes.now:
        yield f"  no run on {since} or later to compare with {printable(changes.before)}"
        return
    yield f"  {printable(changes.now)} compared with {printable(changes.before)}"
    for life in changes.regressions:
        yield f"  regression  {life_line(life)}"
    for life in changes.recoveries:
        yield f"  recovery    {life_line(life)}"
    if not changes.regressions and not changes.recoveries:
        yield "  no regression, no recovery"


def stream_data(stream: Stream) -> dict[str, Any]:
    """Return a target as plain data."""
    return {"service": stream.service, "kind": stream.target, "endpoint": stream.endpoint or None}


def run_data(run: PastRun) -> dict[str, Any]:
    """Return a run as plain data."""
    return {
        "target": stream_data(run.stream),
        "night": run.night,
        "at": run.at.isoformat(timespec="seconds"),
        "verdict": run.verdict,
        "stopped": run.stopped or None,
        "tool": {"version": run.tool, "botocore": run.botocore, "python": run.python},
        "seed": run.seed,
        "shard": run.shard or None,
        "cases": run.cases,
        "seconds": run.seconds,
        "documented": run.documented,
        "provoked": run.provoked,
        "undecided": run.undecided,
        "throttled": run.throttled,
        "withheld": run.withheld,
        "unexpected_passes": list(run.passes),
        "findings": [one.fingerprint for one in run.sightings],
    }


def life_data(life: Life) -> dict[str, Any]:
    """Return a finding and its life on one target as plain data."""
    found, seen = life.finding, life.sighting
    return {
        "fingerprint": found.fingerprint,
        "target": stream_data(life.stream),
        "code": found.code,
        "title": found.title,
        "operation": found.operation,
        "path": found.path,
        "expected": found.expected,
        "observed": found.observed,
        "source": found.source,
        "severity": seen.severity,
        "status": seen.status,
        "phase": seen.group.phase,
        "probe": seen.group.probe or None,
        "first_seen": life.first_seen,
        "last_seen": life.last_seen,
        "flips": life.flips,
        "there": life.was_there,
        "clean_nights": life.clean_nights,
        "nights": [{"night": name, "presence": presence.value} for name, presence in life.course],
    }


def point_data(point: TrendPoint) -> dict[str, Any]:
    """Return a night as plain data."""
    return {
        "night": point.night,
        "at": point.at.isoformat(timespec="seconds"),
        "verdict": point.verdict,
        "runs": point.runs,
        "botocore": list(point.sdks),
        "cases": point.cases,
        "seconds": point.seconds,
        "documented": point.documented,
        "provoked": point.provoked,
        "findings": dict(point.statuses),
        "new": list(point.new),
        "back": list(point.back),
        "gone": list(point.gone),
    }
