"""JSON reports (`botoproof/report/1`) as past runs."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...contract.common_errors import THROTTLING_ERRORS
from ...contract.errors import BadConfiguration
from ..report.reading import CONFORMANCE, read_reports
from .past import Group, GroupResult, PastFinding, PastRun, Sighting, State, Stream

# Of the findings of one group, the one of the first of these decides.
_WORST = (State.FAIL, State.FLAKY, State.KNOWN, State.LENIENT)
# What is sent in these is of our own making, and counted apart.
_WITHOUT_CASES = ("replies", "faults")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a history keeps of a report: the run, and its findings in full."""

    run: PastRun
    findings: tuple[PastFinding, ...]


def read_report(path: Path, *, at: datetime | None = None, night: str = "") -> Kept:
    """Return what a history keeps of a JSON report.

    Args:
        path: The file.
        at: When its run began; when the file was written by default, as a report does not say.
        night: The night that it belongs to; the day of `at` by default.

    Raises:
        BadConfiguration: It cannot be read, or it is no report; the text names the file and what was expected.
    """
    [report] = read_reports([path])
    if report.schema != CONFORMANCE:
        raise BadConfiguration(f"{path} is a report of another kind ({report.schema}); a history holds {CONFORMANCE}")
    return keep_report(report.data, at=at or datetime.fromtimestamp(path.stat().st_mtime, UTC), night=night)


def keep_report(report: Mapping[str, Any], *, at: datetime, night: str = "") -> Kept:
    """Return what a history keeps of a report.

    Args:
        report: As its schema says.
        at: When its run began.
        night: As for `read_report`.
    """
    target, tool, shard, operations = report["target"], report["tool"], report["shard"], report["operations"]
    errors = [error for operation in operations.values() for error in operation["errors"].values()]
    sightings = tuple(_sighting(finding, target["service"]) for finding in report["findings"])
    run = PastRun(
        digest=hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest(),
        at=at.astimezone(UTC),
        night=night or f"{at.astimezone(UTC):%Y-%m-%d}",
        stream=Stream(target["service"], target["kind"], target["endpoint"] or ""),
        botocore=tool["botocore"],
        tool=tool["version"],
        python=tool["python"],
        seed=report["seed"],
        shard=f"{shard['number']}/{shard['of']}" if shard else "",
        verdict=report["verdict"],
        stopped=report["stopped"] or "",
        cases=sum(operation["cases"] for operation in operations.values()),
        seconds=sum(phase["seconds"] for phase in report["phases"].values()),
        documented=len(errors),
        provoked=sum(error["provoked"] > 0 for error in errors),
        undecided=report["undecided"],
        throttled=report["throttled"],
        withheld=report["withheld"],
        passes=tuple(one["fingerprint"] for one in (report["baseline"] or {}).get("unexpected_passes", ())),
        sightings=sightings,
        results=tuple(_results(report, sightings)),
    )
    return Kept(run, tuple(map(_finding, report["findings"])))


def _sighting(finding: Mapping[str, Any], service: str) -> Sighting:
    case = finding["case"]
    return Sighting(
        fingerprint=finding["fingerprint"],
        status=finding["status"],
        severity=finding["severity"],
        evidence=finding["evidence"],
        count=finding["count"],
        reason=finding["reason"] or "",
        group=Group(f"{service}.{case['operation']}", case["phase"], case["probe"] or ""),
    )


def _finding(finding: Mapping[str, Any]) -> PastFinding:
    words = ("fingerprint", "code", "title", "operation", "path", "expected", "observed", "source")
    return PastFinding(**{name: finding[name] for name in words}, snippets=finding["reproduce"])


def _results(report: Mapping[str, Any], sightings: Sequence[Sighting]) -> Iterator[GroupResult]:
    """Yield what became of each group: each probe, and for each operation the cases of each other phase."""
    groups = {one.group: one for one in (*_probes(report), *_phases(report))}
    found: defaultdict[Group, set[State]] = defaultdict(set)
    for sighting in sightings:
        found[sighting.group].add(_state(sighting))
    for group, states in found.items():
        state = next(state for state in _WORST if state in states)
        groups[group] = GroupResult(group, state, groups[group].outcome if group in groups else "")
    yield from groups.values()


def _probes(report: Mapping[str, Any]) -> Iterator[GroupResult]:
    phase = _phase_of_probes(report)
    for name, operation in report["operations"].items():
        for probe, outcome in operation["probes"].items():
            throttled = outcome.removeprefix("refused:") in THROTTLING_ERRORS
            yield GroupResult(Group(name, phase, probe), State.UNKNOWN if throttled else State.PASS, outcome)
    for one in report["unreachable"]:
        if one.get("probe") and one.get("operation"):
            group = Group(f"{report['target']['service']}.{one['operation']}", phase, one["probe"])
            yield GroupResult(group, State.UNREACHABLE)


def _phases(report: Mapping[str, Any]) -> Iterator[GroupResult]:
    """Yield what became of the phases that chance draws; of a part of one nothing follows for what did not show."""
    partly = bool(report["stopped"] or report["shard"] or report["withheld"] or report["throttled"])
    ended_early = {one["phase"] for one in report["unreachable"] if "phase" in one}
    for phase in report["phases"]:
        state = State.UNKNOWN if partly or phase in ended_early else State.PASS
        for name, operation in report["operations"].items():
            if phase != _phase_of_probes(report) and (operation["cases"] or phase in _WITHOUT_CASES):
                yield GroupResult(Group(name, phase), state)


def _phase_of_probes(report: Mapping[str, Any]) -> str:
    return "table" if "table" in report["phases"] else "corpus"


def _state(sighting: Sighting) -> State:
    if not sighting.weighs:
        return State.LENIENT
    return {"known": State.KNOWN, "flaky": State.FLAKY}.get(sighting.status, State.FAIL)
