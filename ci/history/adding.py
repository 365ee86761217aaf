"""Runs, and what was told of findings, put into a history."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from .issues import Issue, Step
from .past import Group, PastFinding
from .reading import Kept

_AS_THEY_ARE = (
    *("digest", "night", "botocore", "tool", "python", "shard", "verdict", "stopped", "cases", "seconds"),
    *("documented", "provoked", "undecided", "throttled", "withheld"),
)


_ADD = """
INSERT INTO runs (
    digest, at, night, service, target, endpoint, botocore, tool, python, seed, shard, verdict, stopped, cases, seconds,
    documented, provoked, undecided, throttled, withheld
) VALUES (
    :digest, :at, :night, :service, :target, :endpoint, :botocore, :tool, :python, :seed, :shard, :verdict, :stopped,
    :cases, :seconds, :documented, :provoked, :undecided, :throttled, :withheld
) ON CONFLICT (digest) DO NOTHING
"""


def as_text(moment: datetime) -> str:
    """Return a moment as it stands in a history; texts sort as moments do.

    >>> from datetime import UTC
    >>> as_text(datetime(2026, 11, 26, 4, 30, tzinfo=UTC))
    '2026-11-26T04:30:00+00:00'
    """
    return moment.isoformat(timespec="seconds")


def add_run(connection: sqlite3.Connection, kept: Kept) -> bool:
    """Add a run; return False when the history holds it already.

    Args:
        connection: Within `store.writing`.
        kept: The run, and its findings in full.
    """
    run = kept.run
    row = {
        **{name: getattr(run, name) for name in _AS_THEY_ARE},
        "at": as_text(run.at),
        "service": run.stream.service,
        "target": run.stream.target,
        "endpoint": run.stream.endpoint,
        "seed": str(run.seed),
    }
    added = connection.execute(_ADD, row)
    if not added.rowcount:
        return False
    number = added.lastrowid
    connection.executemany(_TELL, [_told(finding, row["at"]) for finding in kept.findings])
    groups = _group_numbers(connection, [*(one.group for one in run.results), *(one.group for one in run.sightings)])
    connection.executemany(
        "INSERT INTO results VALUES (?, ?, ?, ?)",
        [(number, groups[one.group], one.state.value, one.outcome) for one in run.results],
    )
    connection.executemany(
        "INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, one.fingerprint, one.status, one.severity, one.evidence, one.count, one.reason, groups[one.group])
            for one in run.sightings
        ],
    )
    connection.executemany("INSERT INTO passes VALUES (?, ?)", [(number, one) for one in dict.fromkeys(run.passes)])
    return True


# The newest run has the word; one that is filed late does not take it away.
_TELL = """
INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (fingerprint) DO UPDATE SET
    told_at = excluded.told_at, code = excluded.code, title = excluded.title, operation = excluded.operation,
    path = excluded.path, expected = excluded.expected, observed = excluded.observed, source = excluded.source,
    snippets = excluded.snippets
WHERE excluded.told_at >= findings.told_at
"""


def _told(finding: PastFinding, at: str) -> tuple[str, ...]:
    words = (finding.code, finding.title, finding.operation, finding.path, finding.expected, finding.observed)
    return (finding.fingerprint, at, *words, finding.source, json.dumps(dict(finding.snippets)))


def _group_numbers(connection: sqlite3.Connection, groups: Iterable[Group]) -> Mapping[Group, int]:
    wanted = {(one.operation, one.phase, one.probe): one for one in groups}
    connection.executemany(
        "INSERT INTO case_groups (operation, phase, probe) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", wanted
    )
    rows = connection.execute("SELECT operation, phase, probe, id FROM case_groups")
    return {
        wanted[operation, phase, probe]: number
        for operation, phase, probe, number in rows
        if (operation, phase, probe) in wanted
    }


def tell_issue(connection: sqlite3.Connection, issue: Issue) -> None:
    """Keep that an issue was told, so that it is not told again.

    Args:
        connection: Within `store.writing`.
        issue: As it was told.
    """
    row = (issue.fingerprint, issue.step is not Step.CLOSED, issue.digest, issue.night)
    connection.execute("INSERT OR REPLACE INTO issues VALUES (?, ?, ?, ?)", row)
