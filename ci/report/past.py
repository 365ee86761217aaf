"""What came before the runs of a report: from a history, or from earlier reports, asked with the same questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..history.past import History, PastRun
from ..history.questions import News, TrendPoint, news_of, trend_of
from ..history.reading import Kept, keep_report
from .reading import Report

EARLIER, THESE = "the earlier reports", "these reports"
# When they ran is neither known nor asked for; the order is.
_THEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of one target.

    Attributes:
        name: Of the target.
        news: What changed.
        points: The nights, the last being that of the reports.
    """

    name: str
    news: News
    points: tuple[TrendPoint, ...]


def with_reports(history: History, reports: Sequence[Report]) -> History:
    """Return a history that ends with the night of these reports.

    Args:
        history: May hold them already, and later nights.
        reports: Of runs. Those that it does not hold come after all that it holds.
    """
    after = (history.runs[-1].at if history.runs else _THEN) + timedelta(seconds=1)
    kept = _kept(reports, after, THESE)
    digests = {one.run.digest for one in kept}
    nights = {run.night for run in history.runs if run.digest in digests}
    ends = max((run.at for run in history.runs if run.night in nights), default=after)
    missing = digests - {run.digest for run in history.runs}
    before = tuple(run for run in history.runs if run.at <= ends or missing)
    return _with(replace(history, runs=before), [one for one in kept if one.run.digest in missing])


def of_reports(earlier: Sequence[Report], reports: Sequence[Report]) -> History:
    """Return two nights: of earlier reports, and of these."""
    first = _with(History((), {}), _kept(earlier, _THEN, EARLIER))
    return _with(first, _kept(reports, _THEN + timedelta(days=1), THESE))


def _kept(reports: Sequence[Report], at: datetime, night: str) -> list[Kept]:
    return [keep_report(report.data, at=at, night=night) for report in reports]


def _with(history: History, kept: Sequence[Kept]) -> History:
    findings = {**history.findings, **{finding.fingerprint: finding for one in kept for finding in one.findings}}
    runs: tuple[PastRun, ...] = (*history.runs, *(one.run for one in kept))
    return replace(history, runs=runs, findings=findings)


def since(history: History, reports: Sequence[Report]) -> Iterator[Since]:
    """Yield what has become of each target of these reports.

    Args:
        history: That ends with them.
        reports: Of runs.
    """
    for stream in dict.fromkeys(one.run.stream for one in _kept(reports, _THEN, THESE)):
        yield Since(str(stream), news_of(history, stream), trend_of(history, stream))
