"""A history read from its file, as data that can be asked."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .issues import Told
from .past import Group, GroupResult, History, PastFinding, PastRun, Remains, Sighting, State, Stream

_Row = dict[str, Any]
_READ_APART = ("id", "at", "service", "target", "endpoint", "seed")


def _by_name(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> _Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _rows(connection: sqlite3.Connection, question: str) -> Iterator[_Row]:
    cursor = connection.cursor()
    cursor.row_factory = _by_name
    yield from cursor.execute(question)


def load(connection: sqlite3.Connection) -> History:
    """Return what a history holds.

    Args:
        connection: Within `store.reading` or `store.writing`.
    """
    groups = {
        row["id"]: Group(row["operation"], row["phase"], row["probe"])
        for row in _rows(connection, "SELECT * FROM case_groups")
    }
    sightings = defaultdict[int, list[Sighting]](list)
    for row in _rows(connection, "SELECT * FROM sightings ORDER BY run, fingerprint"):
        sightings[row["run"]].append(
            Sighting(
                fingerprint=row["fingerprint"],
                status=row["status"],
                severity=row["severity"],
                evidence=row["evidence"],
                count=row["count"],
                reason=row["reason"],
                group=groups[row["case_group"]],
            )
        )
    results = defaultdict[int, list[GroupResult]](list)
    # Of the others nothing is asked, and they are most.
    asked = """
    SELECT * FROM results WHERE case_group IN (SELECT case_group FROM sightings UNION SELECT case_group FROM remains)
    """
    for row in _rows(connection, asked):
        results[row["run"]].append(GroupResult(groups[row["case_group"]], State(row["state"]), row["outcome"]))
    passes = defaultdict[int, list[str]](list)
    for row in _rows(connection, "SELECT * FROM passes"):
        passes[row["run"]].append(row["fingerprint"])
    runs = tuple(
        _run(row, tuple(passes[row["id"]]), tuple(sightings[row["id"]]), tuple(results[row["id"]]))
        for row in _rows(connection, "SELECT * FROM runs ORDER BY at, id")
    )
    return History(runs, dict(_findings(connection)), dict(_remains(connection, groups)))


def _run(
    row: _Row, passes: tuple[str, ...], sightings: tuple[Sighting, ...], results: tuple[GroupResult, ...]
) -> PastRun:
    fields = {key: value for key, value in row.items() if key not in _READ_APART}
    return PastRun(
        **fields,
        at=datetime.fromisoformat(row["at"]),
        stream=_stream(row),
        seed=int(row["seed"]),
        passes=passes,
        sightings=sightings,
        results=results,
    )


def _findings(connection: sqlite3.Connection) -> Iterator[tuple[str, PastFinding]]:
    for row in _rows(connection, "SELECT * FROM findings"):
        fields = {key: value for key, value in row.items() if key not in ("told_at", "snippets")}
        yield row["fingerprint"], PastFinding(**fields, snippets=json.loads(row["snippets"]))


def _remains(
    connection: sqlite3.Connection, groups: Mapping[int, Group]
) -> Iterator[tuple[tuple[Stream, str], Remains]]:
    for row in _rows(connection, "SELECT * FROM remains"):
        sighting = Sighting(row["fingerprint"], row["status"], row["severity"], "", 0, "", groups[row["case_group"]])
        remains = Remains(row["first_seen"], row["last_seen"], row["flips"], bool(row["was_there"]), sighting)
        yield (_stream(row), row["fingerprint"]), remains


def _stream(row: _Row) -> Stream:
    return Stream(row["service"], row["target"], row["endpoint"])


def load_told(connection: sqlite3.Connection) -> Mapping[str, Told]:
    """Return which issues were told, by fingerprint.

    Args:
        connection: As for `load`.
    """
    return {
        row["fingerprint"]: Told(bool(row["is_open"]), row["told"]) for row in _rows(connection, "SELECT * FROM issues")
    }
