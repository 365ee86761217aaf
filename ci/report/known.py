"""Known, flaky and expired findings in a summary, and what a run says of its baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..campaign.baseline import NO_REASON, UNEXPECTED_PASS
from ..campaign.result import FindingGroup, RunResult, Status

_NAMED = 10  # of the known findings that were not seen; the JSON report names all


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "case"), counted(2, "case")
    ('1 case', '2 cases')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def told_findings(result: RunResult) -> str:
    """Return how many findings there are: those that count by their weight, the others by their status."""
    rest = [group for group in result.findings if result.weighs(group) and not result.counts(group)]
    weights = Counter(group.finding.severity(result.evidence).value for group in result.findings if group not in rest)
    parts = [counted(count, name) for name, count in weights.items()]
    if result.baseline and result.baseline.passed:
        passed = len(result.baseline.passed)
        parts.insert(0, f"{passed} unexpected {'pass' if passed == 1 else 'passes'}")
    statuses = Counter(group.status.value for group in rest)
    return ", ".join((*parts, *(f"{count} {name}" for name, count in statuses.items())))


def status_lines(group: FindingGroup) -> Iterator[tuple[str, str]]:
    """Yield label and text of what is to be told of a finding's status."""
    if group.status is not Status.NEW:
        yield group.status.value, group.reason


def baseline_lines(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield label and text of what a run says of its baseline."""
    baseline = result.baseline
    if baseline is None:
        return
    for entry in baseline.passed:
        yield "passed", f"{entry.fingerprint} {entry.code}, {entry.operation}: known in {baseline.path}, and not seen"
    if baseline.passed:
        yield "more", f"botoproof explain {UNEXPECTED_PASS.code}"
    for unseen in baseline.unseen[:_NAMED]:
        yield "not seen", f"{unseen.entry.fingerprint} {unseen.entry.code}: {unseen.why}"
    if len(baseline.unseen) > _NAMED:
        yield "not seen", f"and {len(baseline.unseen) - _NAMED} more known findings"
    unreasoned = sum(NO_REASON in group.reason for group in result.findings)
    if unreasoned:
        yield "baseline", f"{counted(unreasoned, 'known finding')} in {baseline.path} still without a reason"


def not_rechecked(result: RunResult) -> int:
    """Return how many findings were not sent again at the end of the run, so that it is open whether they are flaky."""
    return sum(group.seen_again is None for group in result.findings if result.counts(group))
