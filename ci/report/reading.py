"""Reports read back from files, to be shown in another form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ...contract.errors import BadConfiguration
from ..faults.table import is_table
from .shape import Schema, departure

CONFORMANCE, FAULTS, UPGRADE = "botoproof/report/1", "botoproof/faults/1", "botoproof/upgrade/1"
_SCHEMAS = {
    CONFORMANCE: ("report", "report-1.schema.json"),
    FAULTS: ("faulted", "faults-1.schema.json"),
    UPGRADE: ("upgrade", "upgrade-1.schema.json"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report as data.

    Attributes:
        name: Of its file, or of the run; by which readers tell it from others.
        data: As its schema says.
    """

    name: str
    data: Mapping[str, Any]

    @property
    def schema(self) -> str:
        """The name of its schema, which is what it is a report of."""
        name: str = self.data["schema"]
        return name


@cache
def schema_of(name: str) -> Schema:
    """Return the JSON Schema of one kind of report."""
    folder, file = _SCHEMAS[name]
    package = (__package__ or "").rpartition(".")[0]
    schema: Schema = json.loads(resources.files(f"{package}.{folder}").joinpath(file).read_text("utf-8"))
    return schema


def read_reports(paths: Iterable[Path]) -> tuple[Report, ...]:
    """Return the reports in files, which are all of one kind.

    Raises:
        BadConfiguration: A file is not there, is no report or not a whole one, or is of another kind than the first.
    """
    reports: list[Report] = []
    for path in dict.fromkeys(paths):
        report = Report(str(path), _read(path))
        if reports and report.schema != reports[0].schema:
            raise BadConfiguration(
                f"{path} is a report of another kind ({report.schema}) than {reports[0].name} ({reports[0].schema}); "
                "a page is about one kind"
            )
        reports.append(report)
    return tuple(reports)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data: Any = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise BadConfiguration(f"there is no report {str(path)!r}; `--report json=PATH` of a run writes one") from None
    except (OSError, ValueError, RecursionError) as wrong:
        raise BadConfiguration(f"the report {str(path)!r} cannot be read: {_why(wrong)}") from None
    if isinstance(data, dict) and is_table(data):
        raise BadConfiguration(
            f"{path} is a table of `botoproof faults`, of which no page is made; "
            f"`botoproof faults --compare {path}` reads it"
        )
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or schema not in _SCHEMAS:
        *first, last = _SCHEMAS
        known = f"{', '.join(first)} or {last}"
        raise BadConfiguration(f"{path} is no report of ours: its schema must be {known}, got {schema!r}")
    wrong_at = departure(data, schema_of(schema))
    if wrong_at is not None:
        raise BadConfiguration(f"{path} is no {schema}, or was written by another version of botoproof: {wrong_at}")
    report: Mapping[str, Any] = data
    return report


def _why(wrong: Exception) -> str:
    if isinstance(wrong, RecursionError):
        return "it is nested too deep"
    if isinstance(wrong, UnicodeDecodeError):
        return f"it is not UTF-8 at byte {wrong.start}"
    if isinstance(wrong, json.JSONDecodeError):
        return f"it is not JSON: {wrong}"
    return getattr(wrong, "strerror", None) or str(wrong)
