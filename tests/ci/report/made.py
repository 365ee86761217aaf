"""Reports as data, made for the tests of pages: a run with whatever it is to have."""

from __future__ import annotations

import copy
from typing import Any

from botoproof.ci.report.reading import CONFORMANCE, FAULTS, UPGRADE, Report, schema_of
from botoproof.ci.report.shape import departure

UPDATE = "importexport.UpdateJob"
PASSED = {"fingerprint": "0" * 12, "code": "c", "operation": UPDATE, "reason": "r", "first_seen": "2026-01-01"}


def error(times: int = 1, *, why: str | None = None) -> dict[str, Any]:
    """Return how a documented error was met."""
    evidence = "documented" if times else None
    return {"provoked": times, "probes": ["p"] if times else [], "evidence": evidence, "unreachable": why}


def operation(cases: int = 3, **errors: dict[str, Any]) -> dict[str, Any]:
    """Return what a run says of an operation."""
    return {
        "cases": cases,
        "errors": errors,
        "outcomes": {"returned": cases} if cases else {},
        "probes": {f"probe.{number}": "returned" for number in range(cases)},
    }


def finding(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a finding, an error that is new, with what else is said of it."""
    case: dict[str, Any] = {
        "operation": "UpdateJob",
        "phase": "table",
        "probe": "p",
        "label": "p",
        "signing": {"version": "v4", "key": "own", "tampered": False, "age_seconds": 0},
        "kind": "parameters",
        "parameters": {},
        "request": {"method": "POST", "url": "http://e/", "headers": [["A", "b"]], "body": body("Action=UpdateJob")},
        "reply": {"status": 400, "headers": [["Content-Type", "text/xml"]], "body": body("<Error/>")},
        "failure": None,
        "outcome": "refused:X",
    }
    case |= changes.pop("case", {})
    return {
        "fingerprint": f"{number:012x}",
        "code": "error-undocumented",
        "check": "error_is_documented",
        "title": "the error is not documented for the operation",
        "severity": "error",
        "evidence": "documented",
        "operation": UPDATE,
        "path": "",
        "expected": "Y",
        "observed": "X",
        "source": "the model",
        "count": 2,
        "status": "new",
        "reason": None,
        "seen_again": True,
        "case": case,
        "program": None,
        "reproduce": {"boto3": "print(1)\n", "curl": "curl e\n", "pytest": "def test(): ...\n"},
        **changes,
    }


def body(text: str) -> dict[str, Any]:
    """Return a body."""
    return {"text": text, "bytes": len(text), "shortened": False}


def run(
    *findings: dict[str, Any],
    verdict: str | None = None,
    operations: dict[str, Any] | None = None,
    endpoint: str | None = None,
    botocore: str = "1.44.5",
    name: str = "r.json",
    **changes: Any,
) -> Report:
    """Return a report of a run that is as its schema says."""
    counting = any(one["severity"] != "note" and one["status"] in ("new", "expired") for one in findings)
    data = {
        "schema": CONFORMANCE,
        "tool": {"version": "0.1.0", "botocore": botocore, "python": "3.11.7"},
        "target": {"kind": "url" if endpoint else "embedded", "endpoint": endpoint, "service": "importexport"},
        "seed": 1,
        "shard": None,
        "verdict": verdict or ("findings" if counting else "clean"),
        "stopped": None,
        "phases": {"table": {"cases": 3, "seconds": 0.1}},
        "programs": 0,
        "operations": {UPDATE: operation()} if operations is None else operations,
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
        **copy.deepcopy(changes),
    }
    return checked(Report(name, data))


def struck(fault: str = "dns:once", verdict: str = "survived", *codes: str, **changes: Any) -> dict[str, Any]:
    """Return a run of a test under a fault."""
    name = f"{changes.get('call', 'UpdateJob#0')}:{fault}"
    return {
        "nodeid": f"test_it.py::test[{name}]",
        "name": name,
        "operation": UPDATE,
        "call": "UpdateJob#0",
        "site": "it.py:3 in f",
        "fault": fault,
        "documented": fault.startswith("error("),
        "verdict": verdict,
        "findings": [
            {"code": code, "title": f"title of {code}", "expected": "E", "observed": "O", "fingerprint": "0" * 12}
            for code in codes
        ],
        "line": "it.py:4 in f: call()",
        "attempts": 1,
        "effects": "once",
        "seconds": 0.0,
        "replay": f'pytest "test_it.py::test[{name}]" --fault "{name}"',
        **changes,
    }


def faulted(*runs: dict[str, Any], name: str = "f.json", **changes: Any) -> Report:
    """Return a report of one test that was run under faults."""
    test = {
        "test": "test_it.py::test",
        "no-fault": "passed",
        "calls": [f"{UPDATE}#0"],
        "discovered": [],
        "threads": False,
        "folded": {},
        "folded_into": {},
        "inapplicable": {},
        "faults": list(runs),
        **changes,
    }
    return checked(Report(name, {"schema": FAULTS, "level": "ci", "verdicts": {}, "tests": [test]}))


def change(operation: str = "Plant", depth: str = "models", **changes: Any) -> dict[str, Any]:
    """Return what differs between two releases in one place."""
    return {
        "fingerprint": "a" * 12,
        "rule": "input-member-removed",
        "service": "planted",
        "operation": operation,
        "path": "$.Kind",
        "side": "input",
        "old": "Kind",
        "new": "",
        "depth": depth,
        "evidence": "",
        "witness": None,
        **changes,
    }


def upgrade_finding(number: int = 1, *differs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a finding of an upgrade, an error that counts, with what else is said of it."""
    return {
        "fingerprint": f"{number:012x}",
        "rule": "input-member-removed",
        "title": "a parameter is no longer known",
        "severity": "error",
        "reason": "",
        "hurts": ["caller"],
        "accepted": None,
        "count": len(differs) or 1,
        "changes": list(differs) or [change()],
        **changes,
    }


def looked(*unknown: tuple[str, str, str]) -> dict[str, Any]:
    """Return what a depth saw."""
    gaps = [{"service": service, "operation": operation, "reason": why} for service, operation, why in unknown]
    state = "partly unknown" if gaps else "known"
    return {"state": state, "compared": 2, "unit": "services", "differences": 0, "unknown": gaps, "notes": []}


def upgrade(*findings: dict[str, Any], verdict: str = "not safe", name: str = "u.json", **changes: Any) -> Report:
    """Return a report of an upgrade that is as its schema says."""
    accepted = sum(one["accepted"] is not None for one in findings)
    data = {
        "schema": UPGRADE,
        "tool": {"version": "0.1.0"},
        "old": {"given": "1.0.0", "version": "1.0.0"},
        "new": {"given": "2.0.0", "version": "2.0.0"},
        "services": ["planted"],
        "operations": None,
        "profile": ["caller", "reader"],
        "counts_from": "error",
        "verdict": verdict,
        "told": verdict,
        "counting": len(findings) - accepted,
        "accepted": accepted,
        "depths": {"models": looked()},
        "findings": list(findings),
        "not_in_use": [],
        "expired": [],
        "walk": None,
        "usage": {"doubts": [], "notes": []},
        **copy.deepcopy(changes),
    }
    return checked(Report(name, data))


def checked(report: Report) -> Report:
    """Return a report, of which the schema must say that it is one."""
    assert departure(report.data, schema_of(report.schema)) is None
    return report
