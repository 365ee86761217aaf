"""What a run found out: all that a report needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ...contract.exchange import Exchange
from ...contract.finding import Evidence, Finding, Severity
from ...contract.program import Program
from ..faults.observation import Observation
from .baseline import Comparison
from .events import (
    CorpusPlayed,
    NotReached,
)
from .shard import WHOLE, Shard
from .verdict import is_judged, verdict_of


class Status(Enum):
    """Whether a finding is news."""

    NEW = "new"
    KNOWN = "known"
    FLAKY = "flaky"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All cases that show the same finding.

    Attributes:
        finding: As seen in `exchange`.
        exchange: The case to show: the smallest known of those with the strongest evidence.
        count: In how many cases it was seen.
        phase: In which phase first.
        probe: The probe that showed it first, or empty.
        program: The program that ends with the case, or None when the case shows the finding alone.
        seen_again: Whether its case showed it once more at the end of the run; None when that was not tried.
        status: Known and flaky ones do not count.
        reason: Why it has that status, or empty.
    """

    finding: Finding
    exchange: Exchange
    count: int
    phase: str
    probe: str
    program: Program | None = None
    seen_again: bool | None = None
    status: Status = Status.NEW
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ErrorCoverage:
    """How a documented error was met.

    Attributes:
        provoked: How many requests that deserved it got it.
        probes: The probes of the table among them.
        evidence: The best evidence on which one of them deserved it; None when it was never provoked.
        unreachable: Why it could not be provoked; empty when it was, or when nothing is known to have been in the way.
    """

    provoked: int = 0
    probes: tuple[str, ...] = ()
    evidence: Evidence | None = None
    unreachable: str = ""


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What became of one operation.

    Attributes:
        cases: How many cases were judged.
        errors: Coverage by documented error code; every documented error has its entry.
        outcomes: How often each outcome was seen.
        probes: Outcome of each probe of the table.
    """

    cases: int
    errors: dict[str, ErrorCoverage]
    outcomes: dict[str, int]
    probes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run as a whole.

    Attributes:
        service: botocore's name of the service.
        target: ``embedded``, ``url`` or ``cassette``.
        endpoint: The URL, or empty.
        seed: The seed.
        evidence: The line below which findings are notes.
        phases: Cases and seconds by phase.
        operations: By full name, e.g. ``importexport.UpdateJob``.
        findings: Sorted: errors first, then by code and fingerprint.
        resources: Ids by provider state, as they stood for them in this run.
        unreachable: What could not be had, and why.
        undecided: Cases for which the contract says nothing, so that only the form of the reply was judged.
        throttled: Cases that the endpoint refused to look at.
        withheld: Cases that were not sent, since writes were not allowed.
        left_behind: Resources that could not be disposed of, and why.
        stopped: Why the run ended early, or empty.
        seconds: How long it took.
        lacking: What it was tried to bring about through public operations, and could not be.
        shard: Which part of the run this is.
        baseline: What the run says of the baseline, or None when there is none.
        replies: Replies of our own making that botocore's parser was given.
        leniencies: How many of them met each listed leniency of botocore, by code.
        programs: How many programs of several requests were carried out.
        recordings: What was played, when the target is a cassette.
        faults: By full name of the operation, what came of each fault that it was struck by.
    """

    service: str
    target: str
    endpoint: str
    seed: int
    evidence: Evidence
    phases: dict[str, tuple[int, float]]
    operations: dict[str, OperationResult]
    findings: tuple[FindingGroup, ...]
    resources: dict[str, str]
    unreachable: tuple[NotReached, ...]
    undecided: int
    throttled: int
    withheld: int
    left_behind: tuple[tuple[str, str], ...]
    stopped: str
    seconds: float
    lacking: tuple[str, ...] = ()
    shard: Shard = WHOLE
    baseline: Comparison | None = None
    replies: int = 0
    leniencies: Mapping[str, int] = field(default_factory=dict[str, int])
    programs: int = 0
    recordings: tuple[CorpusPlayed, ...] = ()
    faults: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict[str, tuple[Observation, ...]])

    @property
    def verdict(self) -> str:
        """``findings``, else ``unknown`` when the run was cut short, lacks a part or judged nothing, else ``clean``.

        ``known`` in place of ``clean`` when there are findings, and all of them are known or flaky.
        """
        return verdict_of(
            counting=bool(self.baseline and self.baseline.passed) or any(map(self.counts, self.findings)),
            weighing=any(map(self.weighs, self.findings)),
            complete=not (self.stopped or self.lacking or self.has_gaps) and self._judged_something,
        )

    @property
    def has_gaps(self) -> bool:
        """Whether part of what was recorded was not judged."""
        return any(one.misses or one.unplayed for one in self.recordings)

    @property
    def _judged_something(self) -> bool:
        seen = [outcome for operation in self.operations.values() for outcome in operation.outcomes]
        return is_judged(self.phases, seen, replies=self.replies, faults=len(self.faults))

    def weighs(self, group: FindingGroup) -> bool:
        """Return whether a finding is more than a note."""
        return group.finding.severity(self.evidence) is not Severity.NOTE

    def counts(self, group: FindingGroup) -> bool:
        """Return whether a finding turns the run red: it is more than a note, and neither known nor flaky."""
        return self.weighs(group) and group.status in (Status.NEW, Status.EXPIRED)
