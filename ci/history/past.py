"""Past runs: what a history keeps of each, as data.

Runs on one target belong together: a *stream*. Its runs are told apart by *nights*: a night has a name, by default the
day (UTC) on which its runs began, and all runs of a night count together, whatever their shard or SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class State(Enum):
    """What a run says of a group of cases."""

    PASS = "pass"  # noqa: S105 - no password
    LENIENT = "lenient"
    KNOWN = "known"
    FLAKY = "flaky"
    FAIL = "fail"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"

    @property
    def tells(self) -> bool:
        """Whether the cases were sent and judged, so that a finding that is not among them is not there."""
        return self not in (State.UNREACHABLE, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Stream:
    """The runs on one target.

    Attributes:
        service: botocore's name of the service.
        target: ``embedded``, ``url`` or ``cassette``.
        endpoint: The URL, or empty.
    """

    service: str
    target: str
    endpoint: str

    def __str__(self) -> str:
        return f"{self.service} on {self.endpoint or self.target}"


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that stand together in a history.

    Attributes:
        operation: In full, e.g. ``importexport.UpdateJob``.
        phase: In which they were sent.
        probe: The probe of the table, or empty for all cases of the phase.
    """

    operation: str
    phase: str
    probe: str = ""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What became of a group in a run.

    Attributes:
        group: The cases.
        state: What the run says of them.
        outcome: Of a probe, e.g. ``refused:InvalidJobIdException``; else empty.
    """

    group: Group
    state: State
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class PastFinding:
    """A finding, in the words of the newest run that showed it.

    Attributes:
        fingerprint: Equal for the same departure across runs.
        code: Of its kind.
        title: Of its kind.
        operation: In full.
        path: Where in the reply or request.
        expected: What the contract says.
        observed: What came.
        source: Where the broken rule stands.
        snippets: What shows it again, by ``boto3``, ``curl`` and ``pytest``.
    """

    fingerprint: str
    code: str
    title: str
    operation: str
    path: str
    expected: str
    observed: str
    source: str
    snippets: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding as one run showed it.

    Attributes:
        fingerprint: Of the finding.
        status: ``new``, ``known``, ``flaky`` or ``expired``.
        severity: ``error``, ``warning`` or ``note``.
        evidence: How well the broken rule is founded.
        count: In how many cases.
        reason: Why it has that status, or empty.
        group: The cases among which it was shown.
    """

    fingerprint: str
    status: str
    severity: str
    evidence: str
    count: int
    reason: str
    group: Group

    @property
    def weighs(self) -> bool:
        """Whether it is more than a note."""
        return self.severity != "note"

    @property
    def counts(self) -> bool:
        """Whether it turned its run red."""
        return self.weighs and self.status in ("new", "expired")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run.

    Attributes:
        digest: Of its report: the same report is the same run.
        at: When it began, in UTC.
        night: The night that it belongs to.
        stream: On what.
        botocore: The version that it was made with.
        tool: The version of botoproof.
        python: The version of Python.
        seed: Its seed.
        shard: ``K/N``, or empty for a whole run.
        verdict: ``clean``, ``known``, ``findings`` or ``unknown``.
        stopped: Why it ended early, or empty.
        cases: How many were judged.
        seconds: How long its phases took.
        documented: How many documented errors its operations have.
        provoked: How many of them it provoked.
        undecided: Cases for which the contract says nothing.
        throttled: Cases that the endpoint refused to look at.
        withheld: Cases that were not sent.
        passes: Fingerprints of known findings that unexpectedly did not occur.
        sightings: The findings that it showed.
        results: What became of the groups of cases; from a store, only of those in which a finding was ever shown.
    """

    digest: str
    at: datetime
    night: str
    stream: Stream
    botocore: str
    tool: str
    python: str
    seed: int
    shard: str
    verdict: str
    stopped: str
    cases: int
    seconds: float
    documented: int
    provoked: int
    undecided: int = 0
    throttled: int = 0
    withheld: int = 0
    passes: tuple[str, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    results: tuple[GroupResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of the life of a finding in nights that were pruned.

    Attributes:
        first_seen: The night in which it was first seen.
        last_seen: The last such night that was pruned.
        flips: How often it went or came back until then.
        was_there: Whether it was there in the last night that told.
        sighting: The last that was pruned.
    """

    first_seen: str
    last_seen: str
    flips: int
    was_there: bool
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class History:
    """Everything that a history can be asked about.

    Attributes:
        runs: In order of time.
        findings: By fingerprint.
        remains: Of pruned nights, by stream and fingerprint.
    """

    runs: tuple[PastRun, ...]
    findings: Mapping[str, PastFinding]
    remains: Mapping[tuple[Stream, str], Remains] = field(default_factory=dict[tuple[Stream, str], Remains])

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Every target that there was a run on, in order of the first."""
        return tuple(dict.fromkeys(run.stream for run in self.runs))
