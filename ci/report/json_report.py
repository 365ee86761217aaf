"""The JSON report, `botoproof/report/1`: everything that a run found out, for other programs.

`report-1.schema.json` beside this module describes every field, and names those that differ between two runs with the
same seed.
"""

from __future__ import annotations

import json
import platform
from importlib import metadata, resources
from typing import Any

from ...contract.case import Call, Case, Form, Parse, Raw
from ...contract.exchange import Exchange
from ...contract.outcome import outcome_kind
from ..campaign.baseline import Comparison, Entry
from ..campaign.events import NotReached
from ..campaign.result import FindingGroup, OperationResult, RunResult
from ..campaign.shard import WHOLE
from ..faults.table import observation_data as fault_data
from .payload import Redaction, body_data, plain, reply_data, request_data, words
from .program_data import program_data
from .recordings import recording_data
from .reproduce import reproduce
from .scene import Scene

SCHEMA = "botoproof/report/1"
# So begins what could not be had, when it is a state or (a part of) a phase.
_STATE = "state "
_PHASE = "phase "


def write_json_report(result: RunResult, scene: Scene, redaction: Redaction) -> str:
    """Return the report of a run as JSON text.

    Args:
        result: What the run found out.
        scene: Where it took place.
        redaction: What must not stand in the report.
    """
    return json.dumps(json_report(result, scene, redaction), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def json_report(result: RunResult, scene: Scene, redaction: Redaction) -> dict[str, Any]:
    """Return the report of a run as data; see `write_json_report`."""
    return {
        "schema": SCHEMA,
        "tool": {
            "version": metadata.version("botoproof"),
            "botocore": metadata.version("botocore"),
            "python": platform.python_version(),
        },
        "target": {"kind": result.target, "endpoint": result.endpoint or None, "service": result.service},
        "seed": result.seed,
        "shard": {"number": result.shard.number, "of": result.shard.of} if result.shard != WHOLE else None,
        "verdict": result.verdict,
        "stopped": words(result.stopped, redaction) or None,
        "phases": {name: {"cases": cases, "seconds": seconds} for name, (cases, seconds) in result.phases.items()},
        "programs": result.programs,
        "operations": {name: _operation(operation, redaction) for name, operation in result.operations.items()},
        "findings": [_finding(group, scene, redaction) for group in result.findings],
        "baseline": baseline_data(result.baseline),
        "unreachable": [_unreachable(event, redaction) for event in result.unreachable],
        "undecided": result.undecided,
        "throttled": result.throttled,
        "withheld": result.withheld,
        "leniencies": dict(result.leniencies),
        "recordings": [recording_data(one, redaction) for one in result.recordings],
        "faults": {name: [fault_data(one) for one in seen] for name, seen in result.faults.items()},
        "left_behind": [
            {"id": words(found, redaction), "why": words(why, redaction)} for found, why in result.left_behind
        ],
    }


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    text = resources.files(__package__ or "").joinpath("report-1.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _operation(operation: OperationResult, redaction: Redaction) -> dict[str, Any]:
    return {
        "cases": operation.cases,
        "errors": {
            code: {
                "provoked": error.provoked,
                "probes": list(error.probes),
                "evidence": error.evidence.value if error.evidence else None,
                "unreachable": words(error.unreachable, redaction) or None,
            }
            for code, error in operation.errors.items()
        },
        "outcomes": {words(outcome, redaction): count for outcome, count in operation.outcomes.items()},
        "probes": {probe: words(outcome, redaction) for probe, outcome in operation.probes.items()},
    }


def baseline_data(baseline: Comparison | None) -> dict[str, Any] | None:
    """Return what a run says of a baseline as plain data, or None when there is none."""
    if baseline is None:
        return None
    return {
        "file": baseline.path,
        "unexpected_passes": [_entry(entry) for entry in baseline.passed],
        "not_seen": [{**_entry(unseen.entry), "why": unseen.why} for unseen in baseline.unseen],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "fingerprint": entry.fingerprint,
        "code": entry.code,
        "operation": entry.operation,
        "reason": entry.reason,
        "owner": entry.owner or None,
        "status": entry.known_as.value,
        "first_seen": entry.first_seen.isoformat(),
        "expires": entry.expires.isoformat() if entry.expires else None,
    }


def _unreachable(event: NotReached, redaction: Redaction) -> dict[str, Any]:
    why = {"why": words(event.why, redaction)}
    for prefix, name in ((_STATE, "state"), (_PHASE, "phase")):
        if event.what.startswith(prefix):
            return {name: event.what.removeprefix(prefix), **why}
    what = {"cases": event.cases} if event.cases else {"probe": event.what}
    return {**what, "operation": event.operation or None, **why}


def _finding(group: FindingGroup, scene: Scene, redaction: Redaction) -> dict[str, Any]:
    finding = group.finding
    reproduction = reproduce(finding, group.exchange, scene, group.program)
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.kind.code,
        "check": finding.kind.check,
        "title": finding.kind.title,
        "severity": finding.severity(scene.evidence).value,
        "evidence": finding.evidence.value,
        "operation": finding.operation,
        "path": words(finding.path, redaction),
        "expected": words(finding.expected, redaction),
        "observed": words(finding.observed, redaction),
        "source": finding.source or finding.kind.source,
        "count": group.count,
        "status": group.status.value,
        "reason": words(group.reason, redaction) or None,
        "seen_again": group.seen_again,
        "case": case_data(group.exchange, redaction, phase=group.phase, probe=group.probe),
        "program": None if group.program is None else program_data(group.program, redaction),
        "reproduce": {
            "boto3": redaction.text(reproduction.boto3),
            "curl": redaction.text(reproduction.curl),
            "pytest": redaction.text(reproduction.pytest),
        },
    }


def case_data(exchange: Exchange, redaction: Redaction, *, phase: str, probe: str) -> dict[str, Any]:
    """Return a case, and what came of it, as plain data.

    Args:
        exchange: The case as sent.
        redaction: What must not be shown.
        phase: In which phase it was made.
        probe: The name of the probe, or empty.
    """
    interaction, case = exchange.interaction, exchange.case
    reply = interaction.reply if interaction else case.sent.reply if isinstance(case.sent, Parse) else None
    failure = interaction.failure if interaction else None
    return {
        "operation": case.operation,
        "phase": phase,
        "probe": probe or None,
        "label": words(case.label, redaction),
        "signing": {
            "version": case.signing.version,
            "key": case.signing.key,
            "tampered": case.signing.tampered,
            "age_seconds": case.signing.age_seconds,
        },
        **_sent(case, redaction),
        "request": request_data(interaction.request, redaction) if interaction else None,
        "reply": reply_data(reply, redaction) if reply else None,
        "failure": {"kind": failure.kind, "detail": words(failure.detail, redaction)} if failure else None,
        "outcome": words(outcome_kind(exchange.outcome), redaction),
    }


def _sent(case: Case, redaction: Redaction) -> dict[str, Any]:
    match case.sent:
        case Call(parameters=parameters):
            return {"kind": "parameters", "parameters": plain(parameters, redaction)}
        case Form(pairs=pairs, method=method, query=query):
            return {
                "kind": "form",
                "method": method,
                "pairs": plain(pairs, redaction),
                "query": plain(query, redaction),
            }
        case Raw(body=body, content_type=content_type):
            return {"kind": "bytes", "content_type": content_type, "body": body_data(body, redaction)}
        case Parse():
            return {"kind": "reply"}  # it stands under `reply`
