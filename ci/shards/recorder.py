"""Listens to a shard, and notes where each finding and probe has its place in the order of the whole run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...contract.case import Parse
from ...contract.finding import Finding
from ...contract.outcome import outcome_kind
from ..campaign.events import CaseJudged, CaseWithheld, Event, FaultTried, PhaseFinished, PhaseStarted, SetUpFaulty
from ..campaign.plan import PHASES, Plan
from ..report.payload import Redaction, words

Place = tuple[int, int, int]
"""Phase, operation and number of a case: by these a whole run has its cases in order."""

# What a run does before its cases.
_BEFORE: Place = (-1, 0, 0)
_STATEFUL = "stateful"


@dataclass
class Recorder:
    """Listens to a shard.

    Attributes:
        plan: What the shard is to do.
        redaction: What must not stand in a line.
        line: Takes one line for each case.
        places: By fingerprint, where the case that a report shows has its place.
        around: By fingerprint, how often it was seen in no phase: each shard prepares states of its own, and at its end
            sends once more what it has found.
        probes: By operation, the number of each probe in the table.
        withheld_programs: How often all programs were held back; a whole run tells that once.
    """

    plan: Plan
    redaction: Redaction
    line: Callable[[Mapping[str, Any]], None]
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    around: Counter[str] = field(default_factory=Counter[str])
    probes: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    withheld_programs: int = 0
    _ranks: dict[str, int] = field(default_factory=dict[str, int])
    _faults: Counter[str] = field(default_factory=Counter[str])
    _under_way: bool = False

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case PhaseStarted(phase=phase):
                self._under_way = phase in PHASES
            case PhaseFinished():
                self._under_way = False
            case SetUpFaulty(findings=findings):
                self._see(findings, _BEFORE)
                if not self._under_way:
                    self.around.update(finding.fingerprint for finding in findings)
            case CaseJudged():
                self._judged(event)
            case FaultTried(operation=operation, seen=seen, findings=findings):
                # Each shard tries every N-th, and the number is nowhere else.
                number = self.plan.shard.number - 1 + self._faults[operation] * self.plan.shard.of
                self._faults[operation] += 1
                self._see(findings, self._place("faults", operation, number))
                self._tell("faults", operation, number, seen.trial, seen.outcome, findings)
            case CaseWithheld(phase=phase):
                self.withheld_programs += phase == _STATEFUL
            case _:
                return

    def _judged(self, event: CaseJudged) -> None:
        case, outcome = event.exchange.case, outcome_kind(event.exchange.outcome)
        self._see(event.findings, self._place(event.phase, case.operation, event.number))
        if event.probe:
            self.probes.setdefault(case.operation, {})[event.probe] = event.number
        if event.findings or not isinstance(case.sent, Parse):
            self._tell(event.phase, case.operation, event.number, event.probe, outcome, event.findings)

    def _place(self, phase: str, operation: str, number: int) -> Place:
        # Programs are about all operations: their phase comes once.
        names = self.plan.operations
        known = phase != _STATEFUL and operation in names
        return PHASES.index(phase), names.index(operation) if known else 0, number

    def _see(self, findings: tuple[Finding, ...], place: Place) -> None:
        for finding in findings:
            rank = finding.evidence.rank
            if rank < self._ranks.get(finding.fingerprint, rank + 1):
                self._ranks[finding.fingerprint] = rank
                self.places[finding.fingerprint] = place

    def _tell(
        self, phase: str, operation: str, number: int, probe: str, outcome: str, findings: tuple[Finding, ...]
    ) -> None:
        self.line(
            {
                "kind": "case",
                "phase": phase,
                "operation": f"{self.plan.service}.{operation}",
                "number": number,
                "probe": probe or None,
                "outcome": words(outcome, self.redaction),
                "findings": [finding.fingerprint for finding in findings],
            }
        )
