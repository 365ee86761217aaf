"""Tables of what a release of botocore makes of each fault: written, read, and shipped beside this module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ...contract.errors import BadConfiguration
from .observation import Observation

SCHEMA = "botoproof/faults-table/1"
_BEFORE = "botoproof/faults/1"  # what tables were called at first; reports of tests under faults bear it, too
_NAME = re.compile(r"table-(\d+(?:\.\d+)*)\.json")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        engine: ``hook`` or ``wire``.
        mode: The retry mode.
        seen: What came of the trial.
    """

    engine: str
    mode: str
    seen: Observation

    @property
    def place(self) -> tuple[str, str, str]:
        """By which two tables are compared: trial, engine and mode."""
        return self.seen.trial, self.engine, self.mode


@dataclass(frozen=True, slots=True)
class Table:
    """What one release of botocore makes of each fault.

    Attributes:
        botocore: The release.
        operation: What was called, with the service's name.
        rows: In the order in which they were measured.
    """

    botocore: str
    operation: str
    rows: tuple[Row, ...]


def write_table(table: Table) -> str:
    """Return a table as JSON text: rows that differ in engine and mode only are written as one."""
    merged: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {}
    for row in table.rows:
        data = observation_data(row.seen)
        merged.setdefault(json.dumps(data), (data, []))[1].append((row.engine, row.mode))
    lines: list[str] = []
    for data, places in merged.values():
        by_engine: dict[str, list[str]] = {}
        for engine, mode in places:
            by_engine.setdefault(engine, []).append(mode)
        lines.append(f"    {json.dumps({**data, 'measured': by_engine})}")
    head = {"schema": SCHEMA, "botocore": table.botocore, "operation": table.operation}
    start = json.dumps(head, indent=2).removesuffix("\n}")
    return start + ',\n  "rows": [\n' + ",\n".join(lines) + "\n  ]\n}\n"


def is_table(data: Mapping[str, Any]) -> bool:
    """Return whether data from a file says that it is a table, also by the name that tables had at first."""
    return data.get("schema") == SCHEMA or (data.get("schema") == _BEFORE and "rows" in data)


def observation_data(seen: Observation) -> dict[str, Any]:
    """Return an observation as data for JSON; its seconds, of which no two measurements agree, are left out."""
    return {
        "fault": seen.trial,
        "outcome": seen.outcome,
        "escapes": seen.escapes,
        "attempts": seen.attempts,
        "effects": seen.effects,
        "waits": list(seen.waits),
        "inert": seen.inert,
    }


def read_table(text: str, where: str) -> Table:
    """Return the table that `write_table` has written.

    Args:
        text: As written.
        where: Named where it cannot be read.

    Raises:
        BadConfiguration: It is no such table; the text says where it departs from one.
    """
    try:
        data = _of(dict, json.loads(text), "the file")
        if data.get("schema") not in (SCHEMA, _BEFORE):
            raise BadConfiguration(f"{where} is no table of faults: expected the schema {SCHEMA!r}")
        rows: list[Row] = []
        for number, item in enumerate(_of(list, data.get("rows"), "rows")):
            rows.extend(_rows(_of(dict, item, f"rows[{number}]"), f"rows[{number}]"))
        return Table(
            _of(str, data.get("botocore"), "botocore"), _of(str, data.get("operation"), "operation"), tuple(rows)
        )
    except ValueError as wrong:
        raise BadConfiguration(f"{where} is no table of faults: {wrong}") from None


def _rows(item: Mapping[str, Any], where: str) -> Iterable[Row]:
    seen = Observation(
        trial=_of(str, item.get("fault"), f"{where}.fault"),
        outcome=_of(str, item.get("outcome"), f"{where}.outcome"),
        escapes=_of(bool, item.get("escapes"), f"{where}.escapes"),
        attempts=_of(int, item.get("attempts"), f"{where}.attempts"),
        effects=_of(int, item.get("effects"), f"{where}.effects"),
        waits=tuple(float(_of((int, float), one, f"{where}.waits")) for one in _of(list, item.get("waits"), where)),
        inert=_of(bool, item.get("inert"), f"{where}.inert"),
    )
    for engine, modes in _of(dict, item.get("measured"), f"{where}.measured").items():
        for mode in _of(list, modes, f"{where}.measured"):
            yield Row(str(engine), str(mode), seen)


def _of(kind: type | tuple[type, ...], value: Any, where: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{where} has a value that does not belong there: {value!r}")
    return value


def shipped_releases() -> tuple[str, ...]:
    """Return the releases of botocore for which a table is shipped, oldest first."""
    names = [found[1] for place in _folder().iterdir() if (found := _NAME.fullmatch(place.name))]
    return tuple(sorted(names, key=_numbers))


def shipped_table(botocore: str) -> Table:
    """Return the shipped table to compare a release with: its own, else that of the nearest before it, else the first.

    Args:
        botocore: The release that is to be compared.
    """
    releases = shipped_releases()
    before = [one for one in releases if _numbers(one) <= _numbers(botocore)]
    chosen = before[-1] if before else releases[0]
    name = f"table-{chosen}.json"
    return read_table(_folder().joinpath(name).read_text("utf-8"), name)


def read_table_file(path: Path) -> Table:
    """Return the table in a file.

    Raises:
        BadConfiguration: It cannot be read, or is no table.
    """
    try:
        return read_table(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadConfiguration(
            f"the table {path} cannot be read: {getattr(wrong, 'strerror', None) or wrong}"
        ) from None


def _folder() -> Any:
    return resources.files(__package__ or "")


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
