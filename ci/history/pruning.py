"""Old nights taken out of a history; what they say of the lives of findings remains."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from .loading import load
from .past import History, Stream
from .questions import Life, Night, lives_of, nights_of

_REMAIN = """
INSERT OR REPLACE INTO remains
SELECT :service, :target, :endpoint, :fingerprint, :first_seen, :last_seen, :flips, :was_there, :severity, :status, id
FROM case_groups WHERE operation = :operation AND phase = :phase AND probe = :probe
"""
_REMOVE = "DELETE FROM runs WHERE night = ? AND service = ? AND target = ? AND endpoint = ?"
_UNSEEN = """
DELETE FROM findings WHERE fingerprint NOT IN
(SELECT fingerprint FROM sightings UNION SELECT fingerprint FROM remains UNION SELECT fingerprint FROM issues)
"""


def prune(connection: sqlite3.Connection, *, keep_days: int, now: datetime) -> int:
    """Take out nights that ended before the last so many days; return how many runs went.

    The last night on each target stays. Days are counted back from the newest run, or from now when that run's time is
    still to come: a clock that was wrong for a night must not cost the history.

    Args:
        connection: Within `store.writing`.
        keep_days: How many days stay.
        now: The present time.
    """
    history = load(connection)
    if not history.runs:
        return 0
    limit = min(history.runs[-1].at, now) - timedelta(days=keep_days)
    gone = 0
    for stream in history.streams:
        nights = nights_of(history, stream)
        # From the beginning on, without a gap: remains are of what came before everything else.
        old = nights[: next((n for n, night in enumerate(nights[:-1]) if night.runs[-1].at >= limit), len(nights) - 1)]
        _keep_remains(connection, history, stream, old)
        gone += _remove(connection, stream, (night.name for night in old))
    return gone


def forget(connection: sqlite3.Connection, night: str) -> int:
    """Take out a night on all targets, as if it had not been; return how many runs went.

    Args:
        connection: Within `store.writing`.
        night: Its name.
    """
    gone = sum(_remove(connection, stream, [night]) for stream in load(connection).streams)
    connection.execute(_UNSEEN)
    return gone


def _keep_remains(connection: sqlite3.Connection, history: History, stream: Stream, nights: tuple[Night, ...]) -> None:
    past = History(tuple(run for night in nights for run in night.runs), history.findings, history.remains)
    rows = [_row(life) for life in lives_of(past, stream)] if nights else []
    connection.executemany(_REMAIN, rows)


def _row(life: Life) -> dict[str, str | int]:
    seen = life.sighting
    return {
        "service": life.stream.service,
        "target": life.stream.target,
        "endpoint": life.stream.endpoint,
        "fingerprint": life.finding.fingerprint,
        "first_seen": life.first_seen,
        "last_seen": life.last_seen,
        "flips": life.flips,
        "was_there": int(life.was_there),
        "severity": seen.severity,
        "status": seen.status,
        "operation": seen.group.operation,
        "phase": seen.group.phase,
        "probe": seen.group.probe,
    }


def _remove(connection: sqlite3.Connection, stream: Stream, nights: Iterable[str]) -> int:
    rows = [(night, stream.service, stream.target, stream.endpoint) for night in nights]
    return connection.executemany(_REMOVE, rows).rowcount if rows else 0
