"""The tables of a history, and how one of an older version is brought up to date.

`PRAGMA user_version` counts the steps that a file has taken. A step that was released is never changed: what is missing
is added as a further one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

# So `file` and we tell a history from another program's database: "btpf".
APPLICATION = 0x62747066

_FIRST = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    night TEXT NOT NULL,
    service TEXT NOT NULL,
    target TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    botocore TEXT NOT NULL,
    tool TEXT NOT NULL,
    python TEXT NOT NULL,
    seed TEXT NOT NULL, -- may have a hundred digits
    shard TEXT NOT NULL,
    verdict TEXT NOT NULL,
    stopped TEXT NOT NULL,
    cases INTEGER NOT NULL,
    seconds REAL NOT NULL,
    documented INTEGER NOT NULL,
    provoked INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    withheld INTEGER NOT NULL
);
CREATE INDEX runs_by_time ON runs (at);
CREATE TABLE case_groups (
    id INTEGER PRIMARY KEY,
    operation TEXT NOT NULL,
    phase TEXT NOT NULL,
    probe TEXT NOT NULL,
    UNIQUE (operation, phase, probe)
);
CREATE TABLE results (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    case_group INTEGER NOT NULL REFERENCES case_groups (id),
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (run, case_group)
) WITHOUT ROWID;
CREATE INDEX results_by_group ON results (case_group);
CREATE TABLE findings (
    fingerprint TEXT PRIMARY KEY,
    told_at TEXT NOT NULL, -- by the run of this time
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    operation TEXT NOT NULL,
    path TEXT NOT NULL,
    expected TEXT NOT NULL,
    observed TEXT NOT NULL,
    source TEXT NOT NULL,
    snippets TEXT NOT NULL -- JSON
) WITHOUT ROWID;
CREATE TABLE sightings (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
    status TEXT NOT NULL,
    severity TEXT NOT NULL,
    evidence TEXT NOT NULL,
    count INTEGER NOT NULL,
    reason TEXT NOT NULL,
    case_group INTEGER NOT NULL REFERENCES case_groups (id),
    PRIMARY KEY (run, fingerprint)
) WITHOUT ROWID;
CREATE INDEX sightings_by_finding ON sightings (fingerprint);
CREATE TABLE passes (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (run, fingerprint)
) WITHOUT ROWID;
CREATE TABLE remains (
    service TEXT NOT NULL,
    target TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    flips INTEGER NOT NULL,
    was_there INTEGER NOT NULL,
    severity TEXT NOT NULL,
    status TEXT NOT NULL,
    case_group INTEGER NOT NULL REFERENCES case_groups (id),
    PRIMARY KEY (service, target, endpoint, fingerprint)
) WITHOUT ROWID;
CREATE TABLE issues (
    fingerprint TEXT PRIMARY KEY REFERENCES findings (fingerprint),
    is_open INTEGER NOT NULL,
    told TEXT NOT NULL, -- a digest of what was last told
    night TEXT NOT NULL -- in which it was last told
) WITHOUT ROWID;
"""

STEPS: Sequence[str] = (_FIRST,)


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many steps a file has taken; 0 for an empty one."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def is_ours(connection: sqlite3.Connection) -> bool:
    """Return whether a database is a history, or empty and therefore free to become one."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(mark == APPLICATION or (mark == 0 and tables == 0))


def bring_up_to_date(connection: sqlite3.Connection, steps: Sequence[str] = STEPS) -> None:
    """Take the steps that a file has not taken; all of them, or none when one fails.

    Args:
        connection: In autocommit mode.
        steps: All that there are.
    """
    if version_of(connection) >= len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another process may have taken them while we waited.
        for step in steps[version_of(connection) :]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    # `executescript` would commit before it begins.
    statements, begun = list[str](), ""
    for line in script.splitlines():
        begun += f"{line}\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements
