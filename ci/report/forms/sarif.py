"""Reports as SARIF 2.1.0: what is accepted is told again as suppressed, so that it is not taken for mended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any
from urllib.parse import quote

from ..columns import columns_of
from ..messages import visible
from ..reading import FAULTS, UPGRADE, Report
from ..states import is_whole
from ..upgrades import gaps_of
from ..verdicts import titles_of
from .issues import Issue, issues_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_report(reports: Sequence[Report]) -> str:
    """Return reports as SARIF, one run for each.

    Args:
        reports: All of one kind, at least one.
    """
    issues = issues_of(reports)
    if reports[0].schema == FAULTS:
        names = [f"botoproof/every_fault/{report.name}" for report in reports]
    elif reports[0].schema == UPGRADE:
        names = [f"botoproof/upgrade/{title}" for title in titles_of(reports)]
    else:
        names = [f"botoproof/{one.report.data['target']['service']}/{one.title}" for one in columns_of(reports)]
    runs = [
        _run(report, visible(name), [issue for issue in issues if issue.report == number])
        for number, (report, name) in enumerate(zip(reports, names, strict=True))
    ]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(report: Report, name: str, issues: Sequence[Issue]) -> dict[str, Any]:
    kinds = {issue.code: issue for issue in issues}
    rules = {code: number for number, code in enumerate(sorted(kinds))}
    compared = report.data.get("baseline") is not None or any(one.status in ("known", "expired") for one in issues)
    return {
        "tool": {
            "driver": {
                "name": "botoproof",
                "version": report.data.get("tool", {}).get("version") or metadata.version("botoproof"),
                "rules": [_rule(kinds[code]) for code in rules],
            }
        },
        "automationDetails": {"id": name},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(issue, rules, compared=compared) for issue in issues],
    }


def _rule(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.code,
        "shortDescription": {"text": issue.title},
        "help": {"text": f"`botoproof explain {issue.code}` tells what it means, whom it hurts, and what to do."},
        "defaultConfiguration": {"level": issue.level},
    }


def _invocation(report: Report) -> dict[str, Any]:
    if report.schema == UPGRADE:
        why = [f"unknown: {what}: {reason}" for what, reason in gaps_of(report.data)]
        if not report.data["depths"]:
            why.append("nothing was looked at")
    elif report.schema == FAULTS or is_whole(report.data):
        why = []
    else:
        why = [report.data["stopped"] or "the run lacks a part, or judged nothing"]
    if not why:
        return {"executionSuccessful": True}
    return {
        "executionSuccessful": False,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": visible(one)}} for one in why],
    }


def _result(issue: Issue, rules: Mapping[str, int], *, compared: bool) -> dict[str, Any]:
    return {
        "ruleId": issue.code,
        "ruleIndex": rules[issue.code],
        "level": issue.level,
        "message": {"text": issue.told},
        "locations": [_location(issue)],
        # Of the call under fault, whose number in the name tells one from another.
        "partialFingerprints": {"botoproof/v1": issue.fingerprint},
        "occurrenceCount": issue.times,
        **({"baselineState": _baseline_state(issue)} if compared else {}),
        # Always there: readers then take none for "not suppressed", and not for "nobody looked".
        "suppressions": _suppressions(issue),
        "properties": {"status": issue.status, "source": issue.source, "seen": issue.seen, "again": issue.again},
    }


def _location(issue: Issue) -> dict[str, Any]:
    logical = {"fullyQualifiedName": issue.place, "kind": "function"}
    if issue.file:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(issue.file)}, "region": {"startLine": issue.line}}
    else:
        # Readers of SARIF ask for a file, and an operation has none.
        told = "an operation of the service, and no file"
        place = {"artifactLocation": {"uri": quote(issue.place), "description": {"text": told}}}
    return {"physicalLocation": place, "logicalLocations": [logical]}


def _baseline_state(issue: Issue) -> str:
    return "unchanged" if issue.status in ("known", "expired") else "new"


def _suppressions(issue: Issue) -> list[dict[str, Any]]:
    match issue.status:
        case "known":
            return [{"kind": "external", "status": "accepted", "justification": issue.reason}]
        case "flaky":
            return [{"kind": "external", "status": "underReview", "justification": f"flaky: {issue.reason}"}]
        case _:
            return []
