"""The results of shards, put together: the report that one run would have given.

It differs from that one in the fields that differ between two runs anyway, and in how small a case was made when
several shards met the same finding: each has looked for the smallest on its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ...contract.finding import Evidence, Severity
from ..campaign.plan import PHASES
from ..campaign.verdict import is_judged, verdict_of
from .recorder import Place
from .result_file import PlacedFinding, ShardResult

_SEVERITIES = [severity.value for severity in Severity]
_COUNTING = ("new", "expired")
_FLAKY = "flaky"
_Item = TypeVar("_Item")


Known = Callable[[dict[str, Any], Sequence[str]], dict[str, Any]]
"""Gives a report with what is known of its findings; told what could not be had, too."""


def merge_results(
    results: Sequence[ShardResult], missing: Mapping[int, str], known: Known | None = None
) -> dict[str, Any]:
    """Return the report of a whole run, as `botoproof/report/1` has it.

    Args:
        results: One for each shard that there is, at least one, and all of one run.
        missing: By number, why a shard is not there.
        known: Says what is known of findings; None when nothing is.
    """
    shards = sorted(results, key=lambda result: result.identity.shard.number)
    reports = [shard.report for shard in shards]
    lacking = [what for shard in shards for what in shard.lacking]
    phases = _phases(reports)
    operations = _operations(shards)
    faults = _faults(shards)
    stopped = "; ".join(_stops(shards, missing))
    outcomes = [outcome for operation in operations.values() for outcome in operation["outcomes"]]
    replies = phases.get("replies", {"cases": 0})["cases"]
    first = reports[0]
    report: dict[str, Any] = {
        "schema": first["schema"],
        "tool": first["tool"],
        "target": first["target"],
        "seed": first["seed"],
        "shard": None,
        "verdict": "",
        "stopped": stopped or None,
        "phases": phases,
        "programs": sum(report["programs"] for report in reports),
        "operations": operations,
        "findings": _findings(shards),
        "baseline": None,
        "unreachable": _unreachable(reports),
        "undecided": sum(report["undecided"] for report in reports),
        "throttled": sum(report["throttled"] for report in reports),
        "withheld": _withheld(shards),
        "leniencies": dict(sorted(_sums(report["leniencies"] for report in reports).items())),
        "recordings": [],
        "faults": faults,
        "left_behind": [left for report in reports for left in report["left_behind"]],
    }
    if known is not None:
        report = known(report, lacking)
    passed = report["baseline"] is not None and report["baseline"]["unexpected_passes"]
    complete = not stopped and not lacking and is_judged(phases, outcomes, replies=replies, faults=len(faults))
    report["verdict"] = verdict_of(
        counting=bool(passed) or any(map(counts, report["findings"])),
        weighing=any(map(_weighs, report["findings"])),
        complete=complete,
    )
    return report


def _stops(shards: Sequence[ShardResult], missing: Mapping[int, str]) -> Iterator[str]:
    whole = {shard.identity.shard.number: str(shard.identity.shard) for shard in shards}
    of = shards[0].identity.shard.of
    told = {number: f"shard {number}/{of} is missing: {why}" for number, why in missing.items()}
    for shard in shards:
        why = shard.report["stopped"]
        if why is not None:
            number = shard.identity.shard.number
            told[number] = why if of == 1 else f"shard {whole[number]}: {why}"
    for number in sorted(told):
        yield told[number]


def _phases(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: {
            "cases": sum(report["phases"][name]["cases"] for report in reports if name in report["phases"]),
            "seconds": sum(report["phases"][name]["seconds"] for report in reports if name in report["phases"]),
        }
        for name in PHASES
        if any(name in report["phases"] for report in reports)
    }


def _operations(shards: Sequence[ShardResult]) -> dict[str, Any]:
    names = _in_order(name for shard in shards for name in shard.report["operations"])
    return {name: _operation(name, shards) for name in names}


def _operation(name: str, shards: Sequence[ShardResult]) -> dict[str, Any]:
    parts = [shard.report["operations"][name] for shard in shards if name in shard.report["operations"]]
    numbers: dict[str, int] = {}
    for shard in shards:
        numbers.update(shard.probes.get(name.partition(".")[2], {}))
    outcomes = {probe: outcome for part in parts for probe, outcome in part["probes"].items()}
    errors: dict[str, list[Mapping[str, Any]]] = {}
    for part in parts:
        for code, error in part["errors"].items():
            errors.setdefault(code, []).append(error)
    return {
        "cases": sum(part["cases"] for part in parts),
        "errors": {code: _error(met, numbers) for code, met in errors.items()},
        "outcomes": dict(sorted(_sums(part["outcomes"] for part in parts).items())),
        "probes": {probe: outcomes[probe] for probe in _in_table(outcomes, numbers)},
    }


def _error(met: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> dict[str, Any]:
    provoked = sum(one["provoked"] for one in met)
    evidence = [one["evidence"] for one in met if one["evidence"] is not None]
    reasons = [one["unreachable"] for one in met if one["unreachable"] is not None]
    return {
        "provoked": provoked,
        "probes": _in_table((probe for one in met for probe in one["probes"]), numbers),
        "evidence": min(evidence, key=lambda value: Evidence(value).rank, default=None),
        "unreachable": reasons[0] if reasons and not provoked else None,
    }


def _in_table(probes: Iterable[str], numbers: Mapping[str, int]) -> list[str]:
    return sorted(probes, key=lambda probe: numbers.get(probe, 0))


def _findings(shards: Sequence[ShardResult]) -> list[dict[str, Any]]:
    seen: dict[str, list[PlacedFinding]] = {}
    for shard in shards:
        for found in shard.findings:
            seen.setdefault(found.data["fingerprint"], []).append(found)
    return sorted((_finding(found) for found in seen.values()), key=_order)


def _finding(seen: Sequence[PlacedFinding]) -> dict[str, Any]:
    shown = min(seen, key=_preference)
    inside = sum(found.data["count"] - found.around for found in seen)
    return {**shown.data, "count": inside + max(found.around for found in seen)}


def _preference(found: PlacedFinding) -> tuple[bool, int, Place]:
    # What shows again in one shard is not made flaky by another in which it did not.
    return found.data["status"] == _FLAKY, Evidence(found.data["evidence"]).rank, found.place


def _order(finding: Mapping[str, Any]) -> tuple[bool, int, int, str, str]:
    severity, rank = _SEVERITIES.index(finding["severity"]), Evidence(finding["evidence"]).rank
    return finding["status"] == _FLAKY, severity, rank, finding["code"], finding["fingerprint"]


def _weighs(finding: Mapping[str, Any]) -> bool:
    return bool(finding["severity"] != Severity.NOTE.value)


def counts(finding: Mapping[str, Any]) -> bool:
    """Return whether a finding turns the run red: it is more than a note, and neither known nor flaky."""
    return _weighs(finding) and finding["status"] in _COUNTING


def _unreachable(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what could not be had; what concerns no single case is told by every shard, and stands once."""
    cases: Counter[tuple[str, str]] = Counter()
    most: Counter[tuple[tuple[str, Any], ...]] = Counter()
    for report in reports:
        told: Counter[tuple[tuple[str, Any], ...]] = Counter()
        for event in report["unreachable"]:
            if "cases" in event:
                cases[(event["operation"], event["why"])] += event["cases"]
            else:
                told[tuple(event.items())] += 1
        most |= told
    rest = [dict(event) for event in most.elements()]
    return rest + [{"cases": count, "operation": name, "why": why} for (name, why), count in cases.items()]


def _withheld(shards: Sequence[ShardResult]) -> int:
    programs = [shard.withheld_programs for shard in shards]
    every: list[int] = [shard.report["withheld"] for shard in shards]
    return sum(every) - sum(programs) + max(programs)


def _faults(shards: Sequence[ShardResult]) -> dict[str, list[Any]]:
    """Return what came of each fault, in the order of the whole: the shards have taken them in turns."""
    names = _in_order(name for shard in shards for name in shard.report["faults"])
    found: dict[str, list[Any]] = {}
    for name in names:
        turns = [
            (turn, shard.identity.shard.number, seen)
            for shard in shards
            for turn, seen in enumerate(shard.report["faults"].get(name, ()))
        ]
        found[name] = [seen for *_, seen in sorted(turns, key=lambda turn: turn[:2])]
    return found


def _sums(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in counts:
        total.update(part)
    return total


def _in_order(names: Iterable[_Item]) -> list[_Item]:
    return list(dict.fromkeys(names))
