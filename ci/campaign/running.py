"""What a campaign remembers while it runs, and how it sends one case."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...contract.case import Case
from ...contract.checks import find
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.specification import Probe
from .budget import UNAFFORDABLE
from .events import CaseJudged, CaseWithheld, Listener, NotReached, PhaseFinished, PhaseStarted, SetUpFaulty
from .judge import Judge
from .plan import MAX_SILENCE, Plan
from .states import NOBODY_THERE, States


class Stop(Exception):
    """No further case is to be sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding, and the smallest known case that shows it.

    Attributes:
        finding: As seen in `exchange`.
        exchange: The case as sent.
        phase: In which phase it was seen first.
    """

    finding: Finding
    exchange: Exchange
    phase: str


@dataclass
class Running:
    """A campaign under way.

    Attributes:
        plan: What to do.
        judge: Sends and judges.
        states: Makes what a case has for itself.
        emit: Told every event, in order.
        deadline: When the time is used up, by `clock`, or None.
        sent: How many cases were judged.
        programs: How many programs were carried out.
        silent: How many of the last cases got no reply.
        known: Fingerprints of the findings so far; each is made smaller once.
        shown: By fingerprint, how each finding is seen again.
        unsent: How many cases of a phase and operation were not sent, by why.
        clock: Gives seconds, from any beginning.
        interrupted: Whether the run was asked to end; a `KeyboardInterrupt` can get lost on its way.
    """

    plan: Plan
    judge: Judge
    states: States
    emit: Listener
    deadline: float | None
    sent: int = 0
    programs: int = 0
    silent: int = 0
    known: set[str] = field(default_factory=set[str])
    shown: dict[str, Shown] = field(default_factory=dict[str, Shown])
    clock: Callable[[], float] = time.monotonic
    interrupted: Callable[[], bool] = lambda: False
    unsent: Counter[str] = field(default_factory=Counter[str])

    def is_late(self) -> bool:
        """Return whether the time for the run is used up."""
        return self.deadline is not None and self.clock() > self.deadline

    def require_time(self) -> None:
        """Go on while there is time.

        Raises:
            Stop: There is none left.
            KeyboardInterrupt: The run was asked to end.
        """
        if self.interrupted():
            raise KeyboardInterrupt
        if self.is_late():
            raise Stop(f"the time for the run, {self.plan.max_time:g} s, was used up")

    @contextmanager
    def phase(self, name: str, operation: str, cases: int) -> Iterator[None]:
        """Tell when a phase begins and, however it ends, how far it came."""
        begun, before, programs = self.clock(), self.sent, self.programs
        self.emit(PhaseStarted(name, operation, cases))
        try:
            yield
        finally:
            done, seconds = self.programs - programs, self.clock() - begun
            self.emit(PhaseFinished(name, operation, self.sent - before, seconds, done))

    def one(
        self, phase: str, number: int, case: Case, *, probe: Probe | None = None, repeat: bool
    ) -> tuple[Finding, ...]:
        """Send one case, tell what came of it, and return its findings.

        Args:
            phase: In which phase.
            number: Counted from 0 within phase and operation.
            case: What to send.
            probe: The probe of the table that it is, or None.
            repeat: Send it twice.

        Raises:
            Stop: The time is used up, or nobody answers any more.
        """
        self.require_time()
        name = probe.name if probe else ""
        exchange = self.exchange(case, repeat=repeat)
        if isinstance(exchange, NotReached):
            return self._unsent(exchange.why, case, probe)
        failure = exchange.interaction.failure if exchange.interaction else None
        if failure is not None and failure.kind == "withheld":
            self.emit(CaseWithheld(phase, name or case.label))
            return ()
        if failure is not None and failure.kind == UNAFFORDABLE:
            return self._unsent(failure.detail, case, probe)
        findings = find(exchange)
        self.sent += 1
        for finding in findings:
            self.shown.setdefault(finding.fingerprint, Shown(finding, exchange, phase))
        self.emit(CaseJudged(phase, number, name, exchange, findings))
        self.require_somebody(exchange)
        return findings

    def require_somebody(self, exchange: Exchange) -> None:
        """Go on while there are replies.

        Raises:
            Stop: Nobody answers any more.
        """
        failure = exchange.interaction.failure if exchange.interaction else None
        if exchange.interaction is not None:  # what the SDK rejects says nothing of whether anybody is there
            self.silent = self.silent + 1 if failure is not None and failure.kind in NOBODY_THERE else 0
        if self.silent >= MAX_SILENCE:
            detail = failure.detail if failure else ""
            raise Stop(f"{MAX_SILENCE} cases in a row got no reply; the last time {detail}")

    def exchange(self, case: Case, *, repeat: bool) -> Exchange | NotReached:
        """Send one case with what it has for itself, or tell what of that cannot be had."""
        try:
            for event in self.states.needed_by(case):
                if isinstance(event, NotReached):
                    return event
                if isinstance(event, SetUpFaulty):
                    self.emit(event)
            return self.judge.exchange(case, repeat=repeat)
        finally:
            self.states.forget(case)

    def _unsent(self, why: str, case: Case, probe: Probe | None) -> tuple[Finding, ...]:
        if probe is None:
            self.unsent[why] += 1
        else:
            self.emit(NotReached(probe.name, why, operation=case.operation, error=probe.provokes))
        return ()

    def tell_unsent(self, phase: str, operation: str) -> None:
        """Tell how many cases of a phase were not sent, and count anew."""
        for why, count in self.unsent.items():
            cases = "case" if count == 1 else "cases"
            self.emit(NotReached(f"{count} {phase} {cases}", why, operation=operation, cases=count))
        self.unsent.clear()
