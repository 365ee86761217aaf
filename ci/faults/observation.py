"""What came of one call that a fault struck: the same data for both engines, every retry mode and every release."""

from __future__ import annotations

from dataclasses import dataclass

from ...contract.faults.fault import Fault, fault
from ...contract.faults.plan import Plan, Rule, Step
from ...contract.faults.script import PORT_KINDS
from ...contract.faults.variants import variants
from ...contract.model import Operation

ENGINES = ("hook", "wire")

MODES = ("default", "legacy", "standard")
"""Retry modes that are measured. Mode ``adaptive`` waits by the real clock, so that nothing of it is repeatable."""

RETURNED = "returned"
OTHER_VALUE = "returned another value"
OTHERS_ANSWER = "returned the answer to another request"

TIME_LIMIT = 1.0
"""Seconds of the client's connect and read timeout: what waits for them on the wire does so really."""

# What leaves the client without an answer, or with somebody else's: it matters whether it comes once or always.
_ONCE = ("failure", "delivery")


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault, and how often it strikes.

    Attributes:
        fault: What strikes.
        once: Only the first attempt of the call, rather than all of them.
    """

    fault: Fault
    once: bool = False

    @property
    def calls(self) -> int:
        """How many equal calls are made: some faults show in the call after the one that they strike."""
        return 2 if self.fault.kind in ("poison", "stale", "idle.close", "idle.reset") else 1

    @property
    def struck(self) -> int:
        """Which of the calls is struck, counted from 0: a stale answer needs one before it."""
        return 1 if self.fault.kind == "stale" else 0

    def plan(self, operation: str) -> Plan:
        """Return the plan that strikes this way."""
        steps = (Step((self.fault,), times=1), Step()) if self.once else (Step((self.fault,)),)
        # What comes before any request cannot know which operation it strikes.
        subject = "*" if self.fault.described.executed == "no" else operation
        return Plan((Rule(subject, steps, call=self.struck if self.calls > 1 else None),))

    def __str__(self) -> str:
        return f"1*{self.fault}->ok" if self.once else str(self.fault)


@dataclass(frozen=True, slots=True)
class Observation:
    """What came of the last call of a trial.

    Attributes:
        trial: As a plan writes it, without its operation.
        outcome: ``returned``, how what was returned is not what the service answered, or what was raised: the name of
            its class, with the code where the class is `ClientError`.
        escapes: Whether what was raised is neither a `ClientError` nor a `BotoCoreError`.
        attempts: How many attempts the call took.
        effects: How many times the service carried the call out.
        waits: Seconds before each further attempt, as the SDK wished to wait; 95 % of what is possible at least.
        inert: Whether the fault changed nothing, as there was nothing for it to change.
        seconds: From beginning to end, the waits included. No two measurements agree in it.
    """

    trial: str
    outcome: str
    escapes: bool
    attempts: int
    effects: int
    waits: tuple[float, ...] = ()
    inert: bool = False
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.outcome}, {self.attempts} attempt{'' if self.attempts == 1 else 's'}, {_times(self.effects)}"


def _times(effects: int) -> str:
    return "no effect" if effects == 0 else f"{effects} effect{'' if effects == 1 else 's'}"


def trials(operation: Operation, *, engine: str) -> tuple[Trial, ...]:
    """Return every trial that an engine can make of an operation."""
    other = "wire" if engine == "hook" else "hook"
    able = [one for one in variants(operation) if one.described.place != other]
    if engine == "hook":  # where nobody has to wait for it: each piece comes in time, and the whole never ends
        able.append(fault("drip", every=TIME_LIMIT * 0.9))
    found: list[Trial] = []
    for one in able:
        found.append(Trial(one))
        uncounted = engine == "wire" and one.kind in PORT_KINDS  # a server does not see who was not let in
        if one.described.effect in _ONCE and not uncounted:
            found.append(Trial(one, once=True))
    return tuple(found)
