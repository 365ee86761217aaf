"""Listens to a run, and gathers from its events what it found out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from ...contract.case import Parse
from ...contract.common_errors import THROTTLING_ERRORS
from ...contract.finding import Evidence, Severity
from ...contract.outcome import outcome_kind
from ..faults.observation import Observation
from .events import (
    CaseJudged,
    CaseWithheld,
    CorpusPlayed,
    Event,
    FaultTried,
    LeftBehind,
    Minimised,
    NotReached,
    PhaseFinished,
    Rechecked,
    RepliesCompared,
    RunFinished,
    RunStarted,
    RunStopped,
    SetUpFaulty,
    StatePrepared,
)
from .result import ErrorCoverage, FindingGroup, OperationResult, RunResult, Status


@dataclass
class Collector:
    """Listens to a run and gathers its result."""

    evidence: Evidence
    started: RunStarted | None = None
    _groups: dict[str, FindingGroup] = field(default_factory=dict[str, FindingGroup])
    _cases: Counter[str] = field(default_factory=Counter[str])
    _outcomes: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    _probes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    _errors: dict[str, dict[str, ErrorCoverage]] = field(default_factory=dict[str, dict[str, ErrorCoverage]])
    _phases: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    _resources: dict[str, str] = field(default_factory=dict[str, str])
    _unreachable: list[NotReached] = field(default_factory=list[NotReached])
    _lacking: list[str] = field(default_factory=list[str])
    _left: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _undecided: int = 0
    _programs: int = 0
    _recordings: list[CorpusPlayed] = field(default_factory=list[CorpusPlayed])
    _faults: dict[str, list[Observation]] = field(default_factory=dict[str, list[Observation]])
    _throttled: int = 0
    _withheld: int = 0
    _replies: int = 0
    _leniencies: Counter[str] = field(default_factory=Counter[str])
    _stopped: str = ""
    _seconds: float = 0.0

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case RunStarted():
                self.started = event
                for name, codes in event.documented.items():
                    full = f"{event.service}.{name}"
                    self._errors[full] = {code: ErrorCoverage() for code in codes}
                    self._outcomes[full] = Counter()
                    self._probes[full] = {}
            case CaseJudged():
                self._judged(event)
            case SetUpFaulty(exchange=exchange, findings=findings):
                # No case: nobody asked how the endpoint does that, but it did it wrongly.
                self._gather(CaseJudged("states", 0, "", exchange, findings))
            case RepliesCompared(replies=replies, leniencies=leniencies):
                self._replies += replies
                self._leniencies.update(leniencies)
            case FaultTried(operation=operation, seen=seen):
                service = self.started.service if self.started else ""
                self._faults.setdefault(f"{service}.{operation}", []).append(seen)
                self._gather(CaseJudged("faults", 0, "", event.exchange, event.findings))
            case CorpusPlayed():
                self._recordings.append(event)
            case CaseWithheld():
                self._withheld += 1
            case PhaseFinished(phase=phase, cases=cases, seconds=seconds, programs=programs):
                self._programs += programs
                before = self._phases.get(phase, (0, 0.0))
                self._phases[phase] = (before[0] + cases, before[1] + seconds)
            case Minimised(finding=finding, exchange=exchange, program=program):
                group = self._groups[finding.fingerprint]
                if finding.evidence.at_least(group.finding.evidence):  # a smaller case that proves less proves nothing
                    group = replace(group, finding=finding, exchange=exchange, program=program)
                self._groups[finding.fingerprint] = group
            case Rechecked(fingerprint=fingerprint, shows=shows):
                self._rechecked(fingerprint, shows=shows)
            case StatePrepared(state=state, resource_id=resource_id):
                self._resources[state] = resource_id
            case NotReached():
                self._not_reached(event)
            case LeftBehind(resource_id=resource_id, why=why):
                self._left.append((resource_id, why))
            case RunStopped(why=why):
                self._stopped = why
            case RunFinished(seconds=seconds):
                self._seconds = seconds
            case _:
                return

    def _not_reached(self, event: NotReached) -> None:
        self._lacking += [event.what] if event.failed else []
        self._unreachable += [event] if event.what else []
        errors = self._errors.get(f"{self.started.service}.{event.operation}", {}) if self.started else {}
        if event.error in errors:
            coverage = errors[event.error]
            # The first reason will do: a table gives its probes in the order of what they say.
            errors[event.error] = replace(coverage, unreachable=coverage.unreachable or event.why)

    def _judged(self, event: CaseJudged) -> None:
        if not isinstance(event.exchange.case.sent, Parse):
            self._count_case(event)
        self._gather(event)

    def _gather(self, event: CaseJudged) -> None:
        for finding in event.findings:
            group = self._groups.get(finding.fingerprint)
            if group is None:
                group = FindingGroup(finding, event.exchange, 0, event.phase, event.probe, event.program)
            elif finding.evidence.rank < group.finding.evidence.rank:
                # A note that came first must not hide an error of the same fingerprint.
                group = replace(
                    group,
                    finding=finding,
                    exchange=event.exchange,
                    phase=event.phase,
                    probe=event.probe,
                    program=event.program,
                )
            self._groups[finding.fingerprint] = replace(group, count=group.count + 1)

    def _count_case(self, event: CaseJudged) -> None:
        exchange = event.exchange
        # A malformed request may name another operation, or none: it counts for the subject that it was made for.
        subject = f"{exchange.operation.service}.{exchange.case.operation}"
        self._cases[subject] += 1
        outcome = outcome_kind(exchange.outcome)
        self._outcomes.setdefault(subject, Counter())[outcome] += 1
        if event.probe:
            self._probes.setdefault(subject, {})[event.probe] = outcome
        self._count_error(subject, event)

    def _rechecked(self, fingerprint: str, *, shows: bool) -> None:
        group = replace(self._groups[fingerprint], seen_again=shows)
        if not shows:
            group = replace(group, status=Status.FLAKY, reason="its case, sent again, did not show it")
        self._groups[fingerprint] = group

    def _count_error(self, subject: str, event: CaseJudged) -> None:
        reading, expectation = event.exchange.reading, event.exchange.expectation
        if expectation is not None and expectation.undecided:
            self._undecided += 1
        if reading is None or reading.error is None or reading.error.code is None or expectation is None:
            return
        code = reading.error.code
        if code in THROTTLING_ERRORS:
            self._throttled += 1
        deserving = [violation for violation in expectation.violations if code in violation.codes]
        coverage = self._errors.get(subject, {}).get(code)
        if coverage is None or not deserving:
            return
        evidence = min((violation.naming for violation in deserving), key=lambda found: found.rank)
        if coverage.evidence is not None and coverage.evidence.rank < evidence.rank:
            evidence = coverage.evidence
        probes = (*coverage.probes, event.probe) if event.probe else coverage.probes
        self._errors[subject][code] = ErrorCoverage(coverage.provoked + 1, probes, evidence, coverage.unreachable)

    def result(self) -> RunResult:
        """Return what is known so far; may be asked at any time after the run started.

        Raises:
            RuntimeError: No run has started.
        """
        if self.started is None:
            raise RuntimeError("no run has started")
        started = self.started
        return RunResult(
            service=started.service,
            target=started.target,
            endpoint=started.endpoint,
            seed=started.seed,
            evidence=self.evidence,
            phases=dict(self._phases),
            operations={
                name: OperationResult(
                    self._cases[name],
                    {code: _told(coverage) for code, coverage in errors.items()},
                    dict(sorted(self._outcomes[name].items())),
                    dict(self._probes[name]),
                )
                for name, errors in self._errors.items()
            },
            findings=tuple(sorted(self._groups.values(), key=self._order)),
            resources=dict(self._resources),
            unreachable=tuple(self._unreachable),
            undecided=self._undecided,
            throttled=self._throttled,
            withheld=self._withheld,
            left_behind=tuple(self._left),
            stopped=self._stopped,
            seconds=self._seconds,
            lacking=tuple(self._lacking),
            shard=started.shard,
            replies=self._replies,
            leniencies=dict(sorted(self._leniencies.items())),
            programs=self._programs,
            recordings=tuple(self._recordings),
            faults={name: tuple(seen) for name, seen in self._faults.items()},
        )

    def _order(self, group: FindingGroup) -> tuple[bool, int, int, str, str]:
        finding, flaky = group.finding, group.status is Status.FLAKY
        severity = list(Severity).index(finding.severity(self.evidence))
        return flaky, severity, finding.evidence.rank, finding.kind.code, finding.fingerprint


def _told(coverage: ErrorCoverage) -> ErrorCoverage:
    return replace(coverage, unreachable="") if coverage.provoked else coverage
