"""A run held against a baseline: which findings are known, and which known ones no longer occur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ...contract.common_errors import THROTTLING_ERRORS
from .baseline import As, Baseline, Comparison, Entry, Place, Unseen
from .plan import Plan
from .result import FindingGroup, RunResult, Status
from .shard import WHOLE


def compare(result: RunResult, baseline: Baseline, *, plan: Plan, place: Place, today: date) -> RunResult:
    """Return `result` with the status of each finding, and with what it says of the baseline.

    Args:
        result: What the run found out.
        baseline: What was known before.
        plan: What the run was to do.
        place: Where it took place.
        today: Entries whose last day is over count again.
    """
    met = [entry for entry in baseline.entries if not entry.unmet(place)]
    groups = tuple(_group(group, met, today) for group in result.findings)
    found = {group.finding.fingerprint for group in groups}
    absent = [entry for entry in baseline.entries if entry.fingerprint not in found]
    reasons = [(entry, entry.unmet(place) or _cannot_tell(entry, result, plan, place)) for entry in absent]
    comparison = Comparison(
        path=baseline.path,
        passed=tuple(entry for entry, why in reasons if not why),
        unseen=tuple(Unseen(entry, why) for entry, why in reasons if why),
    )
    # Those that count come first; `sorted` keeps the order among equals.
    return replace(
        result, findings=tuple(sorted(groups, key=lambda group: not result.counts(group))), baseline=comparison
    )


def _group(group: FindingGroup, entries: list[Entry], today: date) -> FindingGroup:
    status, reason = standing_of(group.finding.fingerprint, entries, today)
    return group if status is Status.NEW else replace(group, status=status, reason=reason)


def standing_of(fingerprint: str, entries: Sequence[Entry], today: date) -> tuple[Status, str]:
    """Return what entries say of a finding, and why; a finding of which they say nothing is new.

    Args:
        fingerprint: Of the finding.
        entries: Those whose conditions are met.
        today: Entries whose last day is over count again.
    """
    known = [entry for entry in entries if entry.fingerprint == fingerprint]
    for entry in known:
        if not entry.is_expired(today):
            return (Status.FLAKY if entry.known_as is As.FLAKY else Status.KNOWN), entry.told
    for entry in known:
        return Status.EXPIRED, _expired(entry)
    return Status.NEW, ""


def _expired(entry: Entry) -> str:
    owner = f" ({entry.owner})" if entry.owner else ""
    return f"{entry.known_as.value} until {entry.expires}: {entry.reason}{owner}"


def _cannot_tell(entry: Entry, result: RunResult, plan: Plan, place: Place) -> str:
    """Return why the run could not have seen a known finding, or an empty text when it could."""
    operation = result.operations.get(entry.subject)
    if entry.comes_and_goes:
        return "it comes and goes"
    if result.stopped:
        return "the run was cut short"
    if result.shard != WHOLE:
        return f"this is the shard {result.shard} of a run"
    if operation is None:
        return f"{entry.subject} was no subject of this run"
    if entry.phase == "states":
        return "it was seen while states were brought about, which depends on what is there already"
    if entry.phase not in plan.phases:
        return f"the phase {entry.phase} was left out"
    if entry.phase == "table":
        outcome = operation.probes.get(entry.probe)
        if outcome is None:
            return f"the probe {entry.probe or '(none)'} was not sent"
        if outcome.removeprefix("refused:") in THROTTLING_ERRORS:
            return f"the probe {entry.probe} was throttled"
        return ""
    return _drawn_otherwise(entry, result, plan, place)


def _drawn_otherwise(entry: Entry, result: RunResult, plan: Plan, place: Place) -> str:
    if entry.phase == "faults":  # the same on every run
        return "" if entry.subject in result.faults else f"no fault struck {entry.subject}"
    if entry.seed != plan.seed:
        return f"it was seen with seed {entry.seed}, and this is {plan.seed}"
    if entry.examples != examples_of(plan, entry.phase):
        asked = examples_of(plan, entry.phase)
        return f"it was seen among {entry.examples} cases that chance drew, and this were {asked}"
    if entry.drawn_by != place.drawn_by:
        return f"it was drawn by {entry.drawn_by}, and this is {place.drawn_by}"
    if result.lacking or result.withheld or result.throttled:
        return "some cases could not be sent or were not looked at"
    if any(one.what == f"phase {entry.phase}" for one in result.unreachable):
        return f"the phase {entry.phase} was not carried out to its end"
    return ""


def examples_of(plan: Plan, phase: str) -> int | None:
    """Return how many cases of a phase chance draws, or None for a phase without chance."""
    return {"random": plan.max_examples, "replies": plan.max_replies, "stateful": plan.max_programs}.get(phase)
