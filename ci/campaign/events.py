"""What happens in a run, as data. Every report is a listener; nothing else reaches the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...cassettes.heading import Provenance
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.program import Program
from ..faults.observation import Observation
from .shard import WHOLE, Shard


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins.

    Attributes:
        service: botocore's name of the service.
        operations: Names of the operations that are its subject.
        target: ``embedded``, ``url`` or ``cassette``.
        endpoint: The URL, or empty where there is none.
        seed: From which every random choice follows.
        documented: For each operation, the codes of its documented errors.
        shard: Which part of the run this is.
    """

    service: str
    operations: tuple[str, ...]
    target: str
    endpoint: str
    seed: int
    documented: Mapping[str, tuple[str, ...]]
    shard: Shard = WHOLE


@dataclass(frozen=True, slots=True)
class StatePrepared:
    """A provider state was brought about.

    Attributes:
        state: Its name.
        resource_id: The id that stands for it in this run.
        made: Whether this run made it; otherwise configuration or the endpoint gave it.
    """

    state: str
    resource_id: str
    made: bool


@dataclass(frozen=True, slots=True)
class NotReached:
    """Something cannot be had on this target.

    Attributes:
        what: Name of the state or probe, or how many cases of which phase; empty when no request is known to provoke
            the error.
        why: One sentence.
        failed: Whether it was tried to bring the state about: without it the run is a part of what it should be.
        operation: The operation that it was for, or empty.
        error: The documented error that it was for, or None.
        cases: How many cases it stands for; 0 for a state or a probe.
    """

    what: str
    why: str
    failed: bool = False
    operation: str = ""
    error: str | None = None
    cases: int = 0


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins.

    Attributes:
        phase: ``table``, ``random``, ``stateful``, ``corpus`` or ``minimise``.
        operation: Name of the operation; empty for a phase that is about all of them.
        cases: How many cases are to come; programs, in the phase ``stateful``.
        recording: The path of what is played, in the phase ``corpus``.
    """

    phase: str
    operation: str
    cases: int
    recording: str = ""


@dataclass(frozen=True, slots=True)
class CaseJudged:
    """A case was sent and judged.

    Attributes:
        phase: In which phase.
        number: Counted from 0 within phase and operation; for a case of a program, that of the program.
        probe: Name of the probe, or empty for a random case.
        exchange: What was sent and what came.
        findings: What is wrong with it.
        program: The program up to this case, or None for a case that stands alone.
    """

    phase: str
    number: int
    probe: str
    exchange: Exchange
    findings: tuple[Finding, ...]
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class RepliesCompared:
    """Some replies of our own making were parsed; what is found wrong is told as `CaseJudged` before.

    Attributes:
        operation: Name of the operation.
        replies: How many.
        leniencies: How many of them met each listed leniency, by code.
    """

    operation: str
    replies: int
    leniencies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FaultTried:
    """A call was made that a fault struck; the target had no part in it.

    Attributes:
        operation: Name of the operation.
        seen: What came of it.
        exchange: The call, for reports.
        findings: What of that should not be.
    """

    operation: str
    seen: Observation
    exchange: Exchange
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CaseWithheld:
    """A case was not sent, since it could have changed something where that was not allowed.

    Attributes:
        phase: In which phase.
        name: The probe's name or the case's label.
    """

    phase: str
    name: str


@dataclass(frozen=True, slots=True)
class PhaseFinished:
    """A phase is over.

    Attributes:
        phase: Its name.
        operation: Name of the operation.
        cases: How many cases were sent.
        seconds: How long it took.
        programs: How many programs they belong to; 0 for cases that stand alone.
        recording: The path of what was played, in the phase ``corpus``.
    """

    phase: str
    operation: str
    cases: int
    seconds: float
    programs: int = 0
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Minimised:
    """A smaller case with the same finding.

    Attributes:
        finding: As found in the smaller case.
        exchange: The smaller case.
        program: The program that ends with it, or None when the case shows the finding alone.
    """

    finding: Finding
    exchange: Exchange
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class Rechecked:
    """The case of a finding was sent again at the end of the run.

    Attributes:
        fingerprint: Of the finding.
        shows: Whether the case shows it again.
    """

    fingerprint: str
    shows: bool


@dataclass(frozen=True, slots=True)
class SetUpFaulty:
    """A call by which a provider state is brought about or disposed of got a reply that the contract does not allow.

    Attributes:
        exchange: What was sent and what came.
        findings: What is wrong with it, at least one.
    """

    exchange: Exchange
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that the run made, or may have made, could not be disposed of.

    Attributes:
        resource_id: Its id; ``(unknown)`` where no reply has told it.
        why: What the endpoint said.
    """

    resource_id: str
    why: str


@dataclass(frozen=True, slots=True)
class CorpusPlayed:
    """A recording was held to the contract.

    Attributes:
        path: The file.
        provenance: Where it comes from, or None when it does not say.
        interactions: How many it holds.
        hits: How many requests were answered from it.
        misses: What was asked for and is not in it, each with the nearest that is.
        unplayed: Keys of the interactions that no request has played.
    """

    path: str
    provenance: Provenance | None
    interactions: int
    hits: int
    misses: tuple[str, ...]
    unplayed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunStopped:
    """The run ended before its plan was carried out.

    Attributes:
        why: One sentence.
    """

    why: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over.

    Attributes:
        seconds: How long it took.
    """

    seconds: float


Event = (
    RunStarted
    | StatePrepared
    | NotReached
    | PhaseStarted
    | CaseJudged
    | RepliesCompared
    | FaultTried
    | CaseWithheld
    | PhaseFinished
    | Minimised
    | Rechecked
    | SetUpFaulty
    | LeftBehind
    | CorpusPlayed
    | RunStopped
    | RunFinished
)
Listener = Callable[[Event], None]
