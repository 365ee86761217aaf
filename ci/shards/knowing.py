"""A merged run held against a baseline, as a run of one piece is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ...contract.finding import Evidence
from ..campaign.baseline import Baseline, Place
from ..campaign.comparing import compare, standing_of
from ..campaign.events import NotReached
from ..campaign.plan import Plan
from ..campaign.result import OperationResult, RunResult, Status
from ..report.json_report import baseline_data
from .identity import Identity
from .merging import counts


def hold(
    report: dict[str, Any], lacking: Sequence[str], *, identity: Identity, baseline: Baseline, place: Place, today: date
) -> dict[str, Any]:
    """Return a report with the status of each finding, and with what it says of the baseline.

    Args:
        report: Of the merged run.
        lacking: What could not be brought about.
        identity: Of one of its shards.
        baseline: What was known before.
        place: Where the run took place.
        today: Entries whose last day is over count again.
    """
    met = [entry for entry in baseline.entries if not entry.unmet(place)]
    findings: list[dict[str, Any]] = []
    for found in report["findings"]:
        status, reason = standing_of(found["fingerprint"], met, today)
        findings.append(found if status is Status.NEW else {**found, "status": status.value, "reason": reason})
    seen = {found["fingerprint"] for found in findings}
    absent = replace(baseline, entries=tuple(entry for entry in baseline.entries if entry.fingerprint not in seen))
    compared = compare(_without_findings(report, lacking), absent, plan=_plan(identity), place=place, today=today)
    findings.sort(key=lambda found: not counts(found))
    return {**report, "findings": findings, "baseline": baseline_data(compared.baseline)}


def _plan(identity: Identity) -> Plan:
    plan = identity.plan
    return Plan(
        plan["service"],
        tuple(plan["operations"]),
        tuple(plan["phases"]),
        plan["seed"],
        max_examples=plan["max_examples"],
        max_replies=plan["max_replies"],
        max_programs=plan["max_programs"],
    )


def _without_findings(report: dict[str, Any], lacking: Sequence[str]) -> RunResult:
    """Return what a comparison asks of a run beside its findings."""
    return RunResult(
        service=report["target"]["service"],
        target=report["target"]["kind"],
        endpoint=report["target"]["endpoint"] or "",
        seed=report["seed"],
        evidence=Evidence.OBSERVED,
        phases={name: (phase["cases"], phase["seconds"]) for name, phase in report["phases"].items()},
        operations={
            name: OperationResult(one["cases"], {}, one["outcomes"], one["probes"])
            for name, one in report["operations"].items()
        },
        findings=(),
        resources={},
        unreachable=tuple(
            NotReached(f"phase {one['phase']}", one["why"]) for one in report["unreachable"] if "phase" in one
        ),
        undecided=report["undecided"],
        throttled=report["throttled"],
        withheld=report["withheld"],
        left_behind=(),
        stopped=report["stopped"] or "",
        seconds=0.0,
        lacking=tuple(lacking),
        faults=dict.fromkeys(report["faults"], ()),
    )
