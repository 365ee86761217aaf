"""Seconds and megabytes of reports about 100,000 results: 20 runs of 100 operations with 50 probes; 1,000 tests."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from botoproof.ci.report.files import KINDS
from botoproof.ci.report.kinds import write_reports
from botoproof.ci.report.reading import CONFORMANCE, FAULTS, Report, read_reports

RUNS, OPERATIONS, PROBES = 20, 100, 50
SECONDS, SIZE = 5.0, 5_000_000  # of the page, read and written
REPLY = "<ErrorResponse><Error><Code>NoSuchThing</Code><Message>none</Message></Error></ErrorResponse>"
SNIPPET = "import boto3\n\nclient = boto3.client('service')\nclient.operation(Member='value')\n" * 4
Got = TypeVar("Got")


def fastest(rounds: int, work: Callable[[], Got]) -> tuple[float, Got]:
    """Return the seconds of the fastest round and what came of the last: the others are somebody else's load."""
    seconds: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        got = work()
        seconds.append(time.perf_counter() - started)
    return min(seconds), got


def body(text: str) -> dict[str, Any]:
    """Return a body as reports have it."""
    return {"text": text, "bytes": len(text), "shortened": False}


def finding(operation: str, number: int) -> dict[str, Any]:
    """Return a finding of an operation."""
    case = {
        "operation": operation.partition(".")[2],
        "phase": "table",
        "probe": f"member.Probe{number}=wrong",
        "label": f"member.Probe{number}=wrong",
        "signing": {"version": "v4", "key": "own", "tampered": False, "age_seconds": 0},
        "kind": "parameters",
        "parameters": {"Member": "value"},
        "request": {
            "method": "POST",
            "url": "http://e/",
            "headers": [["A", "b"]],
            "body": body("Action=X&Member=value"),
        },
        "reply": {"status": 400, "headers": [["Content-Type", "text/xml"]], "body": body(REPLY)},
        "failure": None,
        "outcome": "refused:NoSuchThing",
    }
    return {
        "fingerprint": f"{zlib.crc32(f'{operation} {number}'.encode()):012x}",
        "code": "error-undocumented",
        "check": "error_is_documented",
        "title": "the error is not documented for the operation",
        "severity": "error",
        "evidence": "documented",
        "operation": operation,
        "path": "",
        "expected": "InvalidThing",
        "observed": "NoSuchThing",
        "source": "the operation's error list",
        "count": 1,
        "status": "new" if number % 2 else "known",
        "reason": None if number % 2 else "bug 7",
        "seen_again": True,
        "case": case,
        "program": None,
        "reproduce": {"boto3": SNIPPET, "curl": "curl http://e/", "pytest": SNIPPET},
    }


def run(number: int) -> dict[str, Any]:
    """Return the report of one run."""
    names = [f"service.Operation{one}" for one in range(OPERATIONS)]
    error = {"provoked": 3, "probes": ["member.Probe0=wrong"], "evidence": "documented", "unreachable": None}
    told = {
        "cases": PROBES,
        "errors": {f"Error{one}Exception": error for one in range(5)},
        "outcomes": {"returned": 10, "refused:InvalidThing": PROBES - 10},
        "probes": {f"member.Probe{one}=wrong": f"refused:Error{one % 7}" for one in range(PROBES)},
    }
    return {
        "schema": CONFORMANCE,
        "tool": {"version": "0.1.0", "botocore": f"1.{number}.0", "python": "3.11.7"},
        "target": {"kind": "url", "endpoint": "http://e", "service": "service"},
        "seed": number,
        "shard": None,
        "verdict": "findings",
        "stopped": None,
        "phases": {"table": {"cases": OPERATIONS * PROBES, "seconds": 1.0}},
        "programs": 0,
        "operations": dict.fromkeys(names, told),
        "findings": [finding(name, one) for name in names for one in range(number % 4, PROBES, PROBES)],
        "baseline": None,
        "unreachable": [],
        "undecided": 0,
        "throttled": 0,
        "withheld": 0,
        "leniencies": {},
        "recordings": [],
        "faults": {},
        "left_behind": [],
    }


def faults() -> dict[str, Any]:
    """Return the report of 1,000 tests with 100 faults each, 1 in 50 not survived."""

    def struck(test: int, number: int) -> dict[str, Any]:
        name = f"Operation#{number % 2}:fault{number // 2}:once"
        found = {"code": "fault-escaped", "title": "t", "expected": "e", "observed": "o", "fingerprint": "0" * 12}
        return {
            "nodeid": f"tests/test_it.py::test_{test}[{name}]",
            "name": name,
            "operation": "service.Operation",
            "call": f"Operation#{number % 2}",
            "site": f"module.py:{test} in function",
            "fault": f"fault{number // 2}:once",
            "documented": number < 36,
            "verdict": "survived" if number % 50 else "not survived",
            "findings": [] if number % 50 else [found],
            "line": f"module.py:{test} in function: client.operation(Member='value')",
            "attempts": 1 + number % 5,
            "effects": "once",
            "seconds": 0.0,
            "replay": f'pytest "tests/test_it.py::test_{test}[{name}]" --fault "{name}"',
        }

    tests = [
        {
            "test": f"tests/test_it.py::test_{test}",
            "no-fault": "passed",
            "calls": ["service.Operation#0", "service.Operation#1"],
            "discovered": [],
            "threads": False,
            "folded": {"the caller sees the same of another fault": 40},
            "folded_into": {},
            "inapplicable": {},
            "faults": [struck(test, number) for number in range(100)],
        }
        for test in range(1000)
    ]
    return {"schema": FAULTS, "level": "full", "verdicts": {}, "tests": tests}


def main(rounds: int) -> int:
    """Print the figures and return 1 when the page of runs is over its bounds."""
    over = False
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.json" for number in range(RUNS)]
        for number, path in enumerate(paths):
            path.write_text(json.dumps(run(number)), "utf-8")
        of_faults = Path(folder) / "faults.json"
        of_faults.write_text(json.dumps(faults()), "utf-8")
        for name, files in (("runs", paths), ("faults", [of_faults])):
            read, reports = fastest(rounds, lambda files=files: read_reports(files))
            print(f"{name}: {results(reports)} results, read in {read:.2f} s")
            for kind in KINDS[1:]:
                seconds, text = fastest(rounds, lambda kind=kind, reports=reports: write_reports(kind, reports))
                size = len(text.encode())
                bad = (name, kind) == ("runs", "html") and (read + seconds > SECONDS or size > SIZE)
                over = over or bad
                print(f"  {kind:<12} {seconds:6.2f} s  {size / 1e6:6.2f} MB{'  OVER' if bad else ''}")
    print(f"bounds of the page of runs: {SECONDS:.0f} s with reading, {SIZE / 1e6:.0f} MB")
    return int(over)


def results(reports: tuple[Report, ...]) -> int:
    """Return how many results reports hold."""
    if reports[0].schema == FAULTS:
        return sum(len(test["faults"]) for report in reports for test in report.data["tests"])
    return sum(len(told["probes"]) for report in reports for told in report.data["operations"].values())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
