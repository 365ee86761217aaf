"""Nights for tests: reports as a run would have written them, and histories of many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from botoproof.ci.history.past import History
from botoproof.ci.history.reading import Kept, keep_report

SUBJECT = "importexport.UpdateJob"
FIRST = datetime(2026, 11, 20, 2, tzinfo=UTC)
ONE, OTHER = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


def finding(fingerprint: str = ONE, **changes: Any) -> dict[str, Any]:
    """A finding of a report, shown by the probe `first` of the table."""
    case = {
        "operation": "UpdateJob",
        "phase": "table",
        "probe": "first",
        "label": "why",
        "kind": "parameters",
        "parameters": {},
        "request": None,
        "reply": None,
        "failure": None,
        "outcome": "refused:Odd",
        "signing": {"version": "v4", "key": "own", "tampered": False, "age_seconds": 0},
    }
    words = {
        "code": "error-undocumented",
        "check": "a_check",
        "title": "the error is not documented",
        "path": "/Error",
        "expected": "InvalidJobIdException",
        "observed": "Odd",
        "source": "the error list",
        "severity": "error",
        "evidence": "documented",
        "operation": SUBJECT,
        "count": 1,
        "status": "new",
        "reason": None,
        "seen_again": True,
        "program": None,
        "reproduce": {"boto3": "import boto3", "curl": "curl", "pytest": "def test(): ..."},
    }
    case.update({key: changes.pop(key) for key in tuple(changes) if key in case and key != "operation"})
    return {"fingerprint": fingerprint, **words, "case": case, **changes}


def report(*findings: dict[str, Any], seed: Any = 1, **changes: Any) -> dict[str, Any]:
    """A report of a run of the table and the random phase."""
    counted = any(one["status"] in ("new", "expired") and one["severity"] != "note" for one in findings)
    error = {"provoked": 1, "probes": ["first"], "evidence": "documented", "unreachable": None}
    return {
        "schema": "botoproof/report/1",
        "tool": {"version": "0.1.0", "botocore": "1.44.5", "python": "3.11.2"},
        "target": {"kind": "url", "endpoint": "http://a:1", "service": "importexport"},
        "seed": seed,
        "shard": None,
        "verdict": "findings" if counted else "known" if findings else "clean",
        "stopped": None,
        "phases": {"table": {"cases": 2, "seconds": 0.5}, "random": {"cases": 20, "seconds": 1.5}},
        "programs": 0,
        "operations": {
            SUBJECT: {
                "cases": 22,
                "errors": {"InvalidJobIdException": error},
                "outcomes": {"returned": 22},
                "probes": {"first": "returned", "second": "returned"},
            }
        },
        "findings": list(findings),
        "baseline": None,
        "unreachable": [],
        "undecided": 0,
        "throttled": 0,
        "withheld": 0,
        "leniencies": {},
        "recordings": [],
        "faults": {},
        "left_behind": [],
        **changes,
    }


def kept(data: dict[str, Any], day: int = 0, *, night: str = "") -> Kept:
    """Return a report as a run that began some days after the first."""
    return keep_report(data, at=FIRST + timedelta(days=day), night=night)


def history(*nights: dict[str, Any] | None) -> History:
    """Return a history with a run on each day, but for those that are None."""
    all_kept = [kept({**one, "seed": day}, day) for day, one in enumerate(nights) if one is not None]
    findings = {finding.fingerprint: finding for one in all_kept for finding in one.findings}
    return History(tuple(one.run for one in all_kept), findings)
