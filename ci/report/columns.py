"""Which run stands in which column of a page: what was asked, and with which SDK."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .reading import Report


@dataclass(frozen=True, slots=True)
class Column:
    """One run.

    Attributes:
        report: Of it.
        target: What was asked.
        sdk: The SDK that took part.
        told: What else tells it from other columns; often empty.
    """

    report: Report
    target: str
    sdk: str
    told: str = ""

    @property
    def title(self) -> str:
        """All of it in one line."""
        return " · ".join(part for part in (self.target, self.sdk, self.told) if part)


def columns_of(reports: Iterable[Report]) -> tuple[Column, ...]:
    """Return a column for each report, in their order, with titles that differ."""
    columns = [_column(report) for report in reports]
    titles = Counter(column.title for column in columns)
    return tuple(column if titles[column.title] == 1 else _named(column) for column in columns)


def _named(column: Column) -> Column:
    return replace(column, told=", ".join(filter(None, (column.told, column.report.name))))


def _column(report: Report) -> Column:
    data = report.data
    shard = data["shard"]
    part = f"part {shard['number']} of {shard['of']}" if shard else ""
    return Column(report, target_of(report), f"botocore {data['tool']['botocore']}", part)


def target_of(report: Report) -> str:
    """Return what a run asked, for readers; the same for every run that asked it."""
    target = report.data["target"]
    if target["endpoint"]:
        return str(target["endpoint"])
    return "recordings" if target["kind"] == "cassette" else f"{target['kind']} endpoint"
