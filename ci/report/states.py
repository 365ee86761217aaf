"""The states of a cell, each with its word: a reader who sees no colours reads the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """What a cell of a matrix comes to.

    Attributes:
        word: Stands in the cell.
        tone: How it is drawn; the template has a sign and a colour for each.
        meaning: For the legend.
    """

    word: str
    tone: str
    meaning: str


FAIL = State("fail", "bad", "a reply that the contract does not allow, and that nobody accepted before")
BROKEN = State("harness error", "broken", "the run was cut short or lacks a part, so that nothing can be said")
FLAKY = State("flaky", "flaky", "a departure that did not show again when its case was sent once more")
KNOWN = State("known", "known", "only departures that the baseline knows")
LENIENT = State("lenient", "lenient", "only departures that make notes: from weaker evidence, or the SDK's own")
UNREACHABLE = State("unreachable", "gap", "what could be tried passed, and some of it could not be tried here")
PASS = State("pass", "good", "every reply was one that the contract allows")
ABSENT = State("not run", "none", "no case of it was judged")

STATES = (FAIL, BROKEN, FLAKY, KNOWN, LENIENT, UNREACHABLE, PASS, ABSENT)
"""The worst comes first."""

NOT_SURVIVED = State("not survived", "bad", "the code under test broke its word; the cell names the code of how")
UNDECIDED = State("undecided", "broken", "what the test makes without a fault is not known yet; run again")
UNSTRUCK = State("not struck", "gap", "the test did not make the call, or the fault cannot strike it here")
UNCHANGED = State("nothing changed", "lenient", "the fault changes nothing in this answer")
SURVIVED = State("survived", "good", "the code under test kept its word under the fault")
FOLDED = State("folded", "known", "the caller sees the same of another fault, which was tried; the cell tells which")
UNTRIED = State("not run", "none", "out of place at this call, or not chosen")
FAULT_STATES = (NOT_SURVIVED, UNDECIDED, UNSTRUCK, UNCHANGED, SURVIVED, FOLDED, UNTRIED)
"""What may come of a fault at a call; the worst comes first."""

BREAKS = State("breaks", "bad", "something differs that counts, and that nobody accepted")
UNSEEN = State("unknown", "broken", "it could not be looked at, so that nothing can be said")
ACCEPTED = State("accepted", "known", "what would count is accepted")
LIGHTER = State("differs", "lenient", "something differs that does not count")
SAME = State("same", "good", "it was looked at, and nothing differs")
UNLOOKED = State("not looked at", "none", "nobody asked for it, or the service is in neither release")
UPGRADE_STATES = (BREAKS, UNSEEN, ACCEPTED, LIGHTER, SAME, UNLOOKED)
"""What a depth may say of a service in an upgrade; the worst comes first."""

Data = Mapping[str, Any]


def weighs(finding: Data) -> bool:
    """Return whether a finding is more than a note."""
    return bool(finding["severity"] != "note")


def counts(finding: Data) -> bool:
    """Return whether a finding turns its run red."""
    return weighs(finding) and finding["status"] in ("new", "expired")


def is_whole(report: Data) -> bool:
    """Return whether a run carried out its plan."""
    gaps = any(one["misses"] or one["unplayed"] for one in report["recordings"])
    cut = any("phase" in one for one in report["unreachable"])
    return not (report["stopped"] or gaps or cut or report["verdict"] == "unknown")


def findings_of(report: Data, operation: str) -> list[Data]:
    """Return the findings of a run about one operation."""
    return [one for one in report["findings"] if one["operation"] == operation]


def passes_of(report: Data, operation: str) -> list[Data]:
    """Return the known findings of an operation that did not occur, though their cases were sent."""
    baseline = report["baseline"]
    return [one for one in baseline["unexpected_passes"] if one["operation"] == operation] if baseline else []


def state_of(report: Data, operation: str) -> State:
    """Return what a run says of one operation.

    Args:
        report: Of the run.
        operation: Its full name.
    """
    findings = findings_of(report, operation)
    if any(map(counts, findings)) or passes_of(report, operation):
        return FAIL
    told = report["operations"].get(operation)
    if told is None:
        return ABSENT
    if not is_whole(report):
        return BROKEN
    weighing = {one["status"] for one in findings if weighs(one)}
    for state in (FLAKY, KNOWN):
        if state.word in weighing:
            return state
    if findings:
        return LENIENT
    if not (told["cases"] or report["faults"].get(operation) or "replies" in report["phases"]):
        return ABSENT
    return UNREACHABLE if any(error["unreachable"] for error in told["errors"].values()) else PASS


def worst(states: Iterable[State]) -> State:
    """Return the state that comes first in `STATES`."""
    return min(states, key=STATES.index, default=ABSENT)
