"""JSON reports (`botoproof/report/1`) as past runs."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from ...contract.common_errors import THROTTLING_ERRORS
from ...contract.errors import BadConfiguration
from ..report.json_report import SCHEMA
from .past import Group, GroupResult, PastFinding, PastRun, Sighting, State, Stream

# Of the findings of one group, the one of the first of these decides.
_WORST = (State.FAIL, State.FLAKY, State.KNOWN, State.LENIENT)
# What is sent in these is of our own making, and counted apart.
_WITHOUT_CASES = ("replies", "faults")
_SNIPPETS = ("boto3", "curl", "pytest")


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
    try:
        data: object = json.loads(path.read_bytes())
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        raise BadConfiguration(
            f"there is no report {str(path)!r}; `botoproof run --report json=FILE` writes one"
        ) from None
    except OSError as wrong:
        raise BadConfiguration(f"the report {str(path)!r} cannot be read: {wrong.strerror}") from None
    except (ValueError, RecursionError) as wrong:
        raise BadConfiguration(f"{path} is no report: not JSON (half-written?): {wrong}") from None
    return keep_report(str(path), data, at=at or written, night=night)


def keep_report(path: str, data: object, *, at: datetime, night: str = "") -> Kept:
    """Return what a history keeps of a report that was read already; see `read_report`."""
    if not isinstance(data, dict):
        raise BadConfiguration(f"{path} is no report: it must hold a map, got {type(data).__name__}")
    report = _Part(path, "", cast("dict[str, Any]", data))
    if data.get("schema") != SCHEMA:
        raise BadConfiguration(
            f"{path} is no report of this version: schema must be {SCHEMA!r}, got {data.get('schema')!r}"
        )
    target, tool = report.part("target"), report.part("tool")
    stream = Stream(target.text("service"), target.text("kind"), target.text("endpoint", or_none=True))
    operations = dict(report.parts("operations"))
    errors = [error for operation in operations.values() for _, error in operation.parts("errors")]
    phases = dict(report.parts("phases"))
    shown = [_shown(one, stream.service) for one in report.items("findings")]
    sightings = tuple(sighting for sighting, _ in shown)
    baseline = report.part("baseline", or_none=True)
    run = PastRun(
        digest=hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest(),
        at=at.astimezone(UTC),
        night=night or f"{at.astimezone(UTC):%Y-%m-%d}",
        stream=stream,
        botocore=tool.text("botocore"),
        tool=tool.text("version"),
        python=tool.text("python"),
        seed=report.number("seed"),
        shard=_shard(report),
        verdict=report.text("verdict"),
        stopped=report.text("stopped", or_none=True),
        cases=sum(operation.number("cases") for operation in operations.values()),
        seconds=sum(phase.real("seconds") for phase in phases.values()),
        documented=len(errors),
        provoked=sum(error.number("provoked") > 0 for error in errors),
        undecided=report.number("undecided"),
        throttled=report.number("throttled"),
        withheld=report.number("withheld"),
        passes=tuple(one.text("fingerprint") for one in baseline.items("unexpected_passes")) if baseline else (),
        sightings=sightings,
        results=tuple(_results(report, stream.service, operations, tuple(phases), sightings)),
    )
    return Kept(run, tuple(finding for _, finding in shown))


def _shard(report: _Part) -> str:
    shard = report.part("shard", or_none=True)
    return f"{shard.number('number')}/{shard.number('of')}" if shard else ""


def _shown(finding: _Part, service: str) -> tuple[Sighting, PastFinding]:
    case, reproduce = finding.part("case"), finding.part("reproduce")
    fingerprint = finding.text("fingerprint")
    group = Group(f"{service}.{case.text('operation')}", case.text("phase"), case.text("probe", or_none=True))
    sighting = Sighting(
        fingerprint=fingerprint,
        status=finding.text("status"),
        severity=finding.text("severity"),
        evidence=finding.text("evidence"),
        count=finding.number("count"),
        reason=finding.text("reason", or_none=True),
        group=group,
    )
    return sighting, PastFinding(
        fingerprint=fingerprint,
        code=finding.text("code"),
        title=finding.text("title"),
        operation=finding.text("operation"),
        path=finding.text("path"),
        expected=finding.text("expected"),
        observed=finding.text("observed"),
        source=finding.text("source"),
        snippets={name: reproduce.text(name) for name in _SNIPPETS},
    )


def _results(
    report: _Part,
    service: str,
    operations: Mapping[str, _Part],
    phases: tuple[str, ...],
    sightings: tuple[Sighting, ...],
) -> Iterator[GroupResult]:
    """Yield what became of each group: each probe, and for each operation the cases of each other phase."""
    found: defaultdict[Group, set[State]] = defaultdict(set)
    for sighting in sightings:
        found[sighting.group].add(_state(sighting))
    groups = dict[Group, GroupResult]()
    table = "table" if "table" in phases else "corpus"
    for name, operation in operations.items():
        for probe, outcome in operation.texts("probes"):
            group = Group(name, table, probe)
            throttled = outcome.removeprefix("refused:") in THROTTLING_ERRORS
            groups[group] = GroupResult(group, State.UNKNOWN if throttled else State.PASS, outcome)
    ended_early = set[str]()
    for one in report.items("unreachable"):
        subject, probe = one.text("operation", or_none=True), one.text("probe", or_none=True)
        if subject and probe:
            group = Group(f"{service}.{subject}", table, probe)
            groups[group] = GroupResult(group, State.UNREACHABLE)
        ended_early.add(one.text("phase", or_none=True))
    partly = bool(report.text("stopped", or_none=True) or _shard(report))
    partly = partly or report.number("withheld") > 0 or report.number("throttled") > 0
    for phase in phases:
        # A part of a phase that chance draws says nothing of what did not show.
        state = State.UNKNOWN if partly or phase in ended_early else State.PASS
        for name, operation in operations.items():
            if phase != table and (operation.number("cases") or phase in _WITHOUT_CASES):
                groups[Group(name, phase)] = GroupResult(Group(name, phase), state)
    for group, states in found.items():
        state = next(state for state in _WORST if state in states)
        outcome = groups[group].outcome if group in groups else ""
        groups[group] = GroupResult(group, state, outcome)
    yield from groups.values()


def _state(sighting: Sighting) -> State:
    if not sighting.weighs:
        return State.LENIENT
    return {"known": State.KNOWN, "flaky": State.FLAKY}.get(sighting.status, State.FAIL)


@dataclass(frozen=True, slots=True)
class _Part:
    """A map of a report, with its place for messages."""

    path: str
    where: str
    table: Mapping[str, Any]

    def _of(self, key: str, kinds: tuple[type, ...], *, or_none: bool = False) -> Any:
        value = self.table.get(key)
        if value is None and or_none:
            return None
        if type(value) not in kinds:
            wanted = " or ".join(kind.__name__ for kind in kinds)
            got = type(value).__name__ if key in self.table else "nothing"
            raise BadConfiguration(
                f"{self.path} is a broken report: {self.where}{key} must be of type {wanted}, got {got}"
            )
        return value

    def text(self, key: str, *, or_none: bool = False) -> str:
        return self._of(key, (str,), or_none=or_none) or ""

    def number(self, key: str) -> int:
        return int(self._of(key, (int,)))

    def real(self, key: str) -> float:
        return float(self._of(key, (float, int)))

    def part(self, key: str, *, or_none: bool = False) -> _Part:
        """Return a map in it; an empty one, which is false, for null."""
        return _Part(self.path, f"{self.where}{key}.", self._of(key, (dict,), or_none=or_none) or {})

    def parts(self, key: str) -> Iterator[tuple[str, _Part]]:
        inner = self.part(key)
        for name in inner.table:
            yield name, inner.part(name)

    def texts(self, key: str) -> Iterator[tuple[str, str]]:
        inner = self.part(key)
        for name in inner.table:
            yield name, inner.text(name)

    def items(self, key: str) -> Iterator[_Part]:
        for number, item in enumerate(self._of(key, (list,))):
            where = f"{self.where}{key}[{number}]"
            if not isinstance(item, dict):
                raise BadConfiguration(
                    f"{self.path} is a broken report: {where} must be a map, got {type(item).__name__}"
                )
            yield _Part(self.path, f"{where}.", cast("dict[str, Any]", item))

    def __bool__(self) -> bool:
        return bool(self.table)
