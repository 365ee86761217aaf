"""What came of a run, as data that goes from process to process, and as the text of a failure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...contract.faults.journal import CallRecord
from .calls import Planned, call_of, seen_of
from .planning import Programme
from .stored import Known, seen_data, strike_data
from .verdict import Ended, Verdict


def _programme_data(programme: Programme) -> dict[str, Any]:
    return {
        "runs": len(programme.runs) - 1,
        "folded": dict(programme.folded),
        "inapplicable": dict(programme.inapplicable),
    }


def baseline_result(test: str, known: Known, programme: Programme, *, threads: bool) -> dict[str, Any]:
    """Return what came of the run without a fault.

    Args:
        test: The id that the test would have without its mark.
        known: What was seen.
        programme: All runs of the test.
        threads: Whether calls came from other threads than the test's.
    """
    return {
        "kind": "baseline",
        "test": test,
        "known": known.data(),
        "calls": [f"{one.call.service}.{one.call}" for one in known.calls],
        "new": [str(one.call) for one in known.calls if one.call not in programme.calls],
        "threads": threads,
        "programme": _programme_data(programme),
    }


def fault_result(
    test: str,
    nodeid: str,
    planned: Planned,
    verdict: Verdict,
    calls: tuple[CallRecord, ...],
    ended: Ended,
    programme: Programme,
) -> dict[str, Any]:
    """Return what came of a run under a fault.

    Args:
        test: The id that the test would have without its mark.
        nodeid: That of the item.
        planned: What struck.
        verdict: What it comes to.
        calls: The journal.
        ended: How the test ended.
        programme: All runs of the test.
    """
    last = planned.strikes[-1]
    record = next((one for one in calls if call_of(one) == last.call), None)
    return {
        "kind": "fault",
        "test": test,
        "nodeid": nodeid,
        "name": planned.name,
        "operation": f"{last.call.service}.{last.call.operation}",
        "call": str(last.call),
        "site": record.origin.site if record and record.origin else None,
        "fault": str(last.injected),
        "documented": last.injected.fault.kind == "error",
        "verdict": verdict.word,
        "findings": [
            {
                "code": one.kind.code,
                "title": one.kind.title,
                "expected": one.expected,
                "observed": one.observed,
                "fingerprint": one.fingerprint,
            }
            for one in verdict.findings
        ],
        "line": ended.lines[-1] if ended.lines else None,
        "attempts": len(record.attempts) if record else 0,
        "effects": record.effects if record else None,
        "seconds": round(ended.seconds, 6),
        "under": strike_data(last) if len(planned.strikes) == 1 else None,
        "seen": [seen_data(seen_of(one)) for one in calls if not any(attempt.struck for attempt in one.attempts)],
        "programme": _programme_data(programme),
    }


def replay_line(nodeid: str, name: str) -> str:
    """Return the command that runs one item again, whatever is stored by then."""
    return f"pytest {_quoted(nodeid)} --fault {_quoted(name)}"


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else f"'{text}'"


def failure_text(
    nodeid: str, planned: Planned, verdict: Verdict, calls: Iterable[CallRecord], ended: Ended, journal: str
) -> str:
    """Return what a reader should know of a fault that was not survived."""
    last = planned.strikes[-1]
    record = next((one for one in calls if call_of(one) == last.call), None)
    site = f" at {record.origin.site}" if record and record.origin else ""
    lines = [f"botoproof: {last.injected.fault} struck {last.call.service}.{last.call}{site}"]
    lines += [f"  after {before.injected.fault} had struck {before.call}" for before in planned.strikes[:-1]]
    for one in verdict.findings:
        lines += [
            f"  {one.kind.title} [{one.kind.code}]",
            f"    expected: {one.expected}",
            f"    got: {one.observed}",
        ]
    if ended.error is not None and ended.lines:
        said = " ".join(f"{type(ended.error).__name__}: {ended.error}".split())
        lines += ["  through:", *(f"    {line}" for line in ended.lines), f"    {said[:500]}"]
    if journal:
        lines += ["  what was seen:", *(f"    {line}" for line in journal.splitlines())]
    return "\n".join([*lines, f"  again: {replay_line(nodeid, planned.name)}"])
