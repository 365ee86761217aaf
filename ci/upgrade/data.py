"""An answer as JSON, in the form of `upgrade-1.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata
from importlib.resources import files
from typing import Any

from .answer import Gap, Looked
from .change import Change
from .clustering import Cluster
from .sdk import Sdk
from .verdict import Answer, verdict_line
from .walk import Walked
from .walk_showing import walk_data

SCHEMA = "botoproof/upgrade/1"
_SCHEMA_FILE = "upgrade-1.schema.json"


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of `answer_data`, as shipped."""
    schema: dict[str, Any] = json.loads(files(__package__ or "").joinpath(_SCHEMA_FILE).read_text("utf-8"))
    return schema


def answer_json(answered: Answer, walked: Walked | None = None) -> str:
    """Return an answer as JSON, equal for equal answers."""
    return json.dumps(answer_data(answered, walked), indent=2, ensure_ascii=False) + "\n"


def answer_data(answered: Answer, walked: Walked | None = None) -> Mapping[str, Any]:
    """Return an answer as plain data; every change and every gap stands in it.

    Args:
        answered: The answer.
        walked: What is known of the releases on the way, when somebody asked for it.
    """
    scope, policy = answered.scope, answered.policy
    return {
        "schema": SCHEMA,
        "tool": {"version": metadata.version("botoproof")},
        "old": _sdk(answered.old),
        "new": _sdk(answered.new),
        "services": None if scope.services is None else list(scope.services),
        "operations": None if scope.operations is None else sorted(scope.operations),
        "profile": [who.value for who in policy.profile],
        "counts_from": policy.line.value,
        "verdict": answered.verdict.value,
        "told": verdict_line(answered),
        "counting": len(answered.counting),
        "accepted": len(answered.accepted),
        "depths": {look.depth.value: _looked(look, answered) for look in answered.looks},
        "findings": [_finding(one) for one in answered.findings],
        "not_in_use": [_change(change) for change in answered.beyond],
        "expired": list(answered.expired),
        "walk": None if walked is None else walk_data(walked),
        "usage": {"doubts": list(answered.doubts), "notes": list(answered.notes)},
    }


def _sdk(sdk: Sdk) -> Mapping[str, str]:
    return {"given": sdk.given, "version": sdk.version}


def _looked(look: Looked, answered: Answer) -> Mapping[str, Any]:
    gaps = [gap for gap in look.gaps if gap in answered.gaps]
    return {
        "state": "unknown" if look.failed else "partly unknown" if gaps else "known",
        "compared": look.looked,
        "unit": look.unit,
        "differences": len(look.changes),
        "unknown": [_gap(gap) for gap in gaps],
        "notes": list(look.notes),
    }


def _gap(gap: Gap) -> Mapping[str, str]:
    return {"service": gap.service, "operation": gap.operation, "reason": gap.reason}


def _finding(one: Cluster) -> Mapping[str, Any]:
    accepted = one.acceptance
    return {
        "fingerprint": one.fingerprint,
        "rule": one.rule.id,
        "title": one.rule.title,
        "severity": one.severity.value,
        "reason": one.reason,
        "hurts": [who.value for who in one.rule.hurts],
        "accepted": None
        if accepted is None
        else {
            "fingerprint": accepted.fingerprint,
            "reason": accepted.reason,
            "expires": None if accepted.expires is None else accepted.expires.isoformat(),
        },
        "count": len(one.changes),
        "changes": [_change(change) for change in one.changes],
    }


def _change(change: Change) -> Mapping[str, Any]:
    witness = change.witness
    return {
        "fingerprint": change.fingerprint,
        "rule": change.rule,
        "service": change.service,
        "operation": change.operation,
        "path": change.path,
        "side": change.side.value,
        "old": change.old,
        "new": change.new,
        "depth": change.depth.value,
        "evidence": change.evidence,
        "witness": None
        if witness is None
        else {
            "asked": witness.asked,
            "before": witness.before,
            "after": witness.after,
            "confirms": witness.confirms,
        },
    }
