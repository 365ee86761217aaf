"""Reports as JSON lines: what a program that reads one line after the other needs, each line complete."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..columns import columns_of
from ..reading import FAULTS, UPGRADE, Report
from ..states import state_of
from ..upgrades import gaps_of
from ..verdicts import titles_of


def json_lines_report(reports: Sequence[Report]) -> str:
    """Return reports as lines of JSON, each an object that says in `tells` what it is about.

    Args:
        reports: All of one kind, at least one.
    """
    told = {FAULTS: _faults, UPGRADE: _upgrades}
    lines = told.get(reports[0].schema, _runs)(reports)
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def _runs(reports: Sequence[Report]) -> Iterator[Mapping[str, Any]]:
    for column in columns_of(reports):
        report = column.report.data
        seen = {"run": column.title}
        rest = ("tool", "target", "seed", "shard", "verdict", "stopped", "phases", "undecided", "throttled", "withheld")
        yield {"tells": "run", **seen, **{name: report[name] for name in rest}}
        for name, told in report["operations"].items():
            own = {"operation": name, **seen}
            yield {"tells": "operation", **own, "state": state_of(report, name).word, "cases": told["cases"]}
            for code, error in told["errors"].items():
                yield {"tells": "error", **own, "error": code, **error}
            for probe, outcome in told["probes"].items():
                yield {"tells": "probe", **own, "probe": probe, "outcome": outcome}
        for name in ("findings", "unreachable", "left_behind"):
            yield from ({"tells": name.rstrip("s"), **seen, **one} for one in report[name])


def _faults(reports: Sequence[Report]) -> Iterator[Mapping[str, Any]]:
    for report in reports:
        for test in report.data["tests"]:
            seen = {"run": report.name, "test": test["test"]}
            yield {"tells": "test", **seen, **{name: value for name, value in test.items() if name != "faults"}}
            yield from ({"tells": "fault", **seen, **run} for run in test["faults"])


def _upgrades(reports: Sequence[Report]) -> Iterator[Mapping[str, Any]]:
    for report, title in zip(reports, titles_of(reports), strict=True):
        seen = {"upgrade": title}
        rest = ("tool", "old", "new", "services", "operations", "profile", "counts_from", "verdict", "told", "expired")
        yield {"tells": "upgrade", **seen, **{name: report.data[name] for name in rest}}
        for depth, told in report.data["depths"].items():
            yield {"tells": "depth", **seen, "depth": depth, **{k: v for k, v in told.items() if k != "unknown"}}
        yield from ({"tells": "unknown", **seen, "what": what, "reason": why} for what, why in gaps_of(report.data))
        for finding in report.data["findings"]:
            yield {"tells": "finding", **seen, **{name: value for name, value in finding.items() if name != "changes"}}
            own = {**seen, "finding": finding["fingerprint"]}
            yield from ({"tells": "change", **own, **change} for change in finding["changes"])
        yield from ({"tells": "course", **seen, **one} for one in (report.data["walk"] or {}).get("courses", ()))
