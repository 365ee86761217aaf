"""What the service saw of each call, and the client of each attempt: records, counts, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

SCHEMA = "botoproof/journal/1"

Effects = Literal["none", "once", "several", "unknown"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a call.

    Attributes:
        number: From 1.
        at: Seconds since the call began, by the clock of the plan.
        struck: What struck it, as a plan writes it; empty when nothing did.
        served: The status of each answer that the service gave to this attempt's request, None where it gave none
            that was seen; empty when the request did not reach it.
        seen: What the client saw: a status, or the name of an exception.
        seconds: How long it took, by the clock of the plan.
        waited: How long the client waited before the next attempt.
        inert: Whether the faults changed nothing, as there was nothing for them to change.
        note: What else became of it, for a reader.
    """

    number: int
    at: float
    struck: str
    served: tuple[int | None, ...]
    seen: str
    seconds: float = 0.0
    waited: float = 0.0
    inert: bool = False
    note: str = ""

    @property
    def executions(self) -> int:
        """How many times the service answered this attempt's request with a success."""
        return sum(status is not None and 200 <= status < 300 for status in self.served)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call comes from, as whoever watches it has found out.

    Attributes:
        site: For a reader: file, line and function.
        group: Calls are numbered within a group of their own; empty for the one that all others are in.
        exposed: Whether the plan may strike it.
        repeats: The number of the call that it makes again, and for which the plan should take it; None for none.
        chain: A digest of the code through which it was made; empty where that is not known.
        stack: The same with the place in the code that called that code.
    """

    site: str
    group: str = ""
    exposed: bool = True
    repeats: int | None = None
    chain: str = ""
    stack: str = ""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of the SDK: the attempts that carry the same invocation id.

    Attributes:
        service: botocore's name.
        operation: botocore's name.
        number: Which call of that operation, from 0; within the group of its origin, where that has one.
        invocation: The invocation id that the attempts carry.
        attempts: In their order.
        outcome: What the caller saw: ``returned``, ``refused: Code``, or the name of an exception; empty while unknown.
        origin: Where it comes from; None when nobody watched.
    """

    service: str
    operation: str
    number: int
    invocation: str
    attempts: tuple[Attempt, ...]
    outcome: str = ""
    origin: Origin | None = None

    @property
    def executions(self) -> int:
        """How many times the service carried the call out, as far as its answers tell."""
        return sum(attempt.executions for attempt in self.attempts)

    @property
    def effects(self) -> Effects:
        """Whether the call took effect not at all, once or several times; unknown where the service did not answer."""
        if self.executions > 1:
            return "several"
        if any(None in attempt.served for attempt in self.attempts):
            return "unknown"
        return "once" if self.executions else "none"

    @property
    def deliveries(self) -> int:
        """How many times its request reached the service."""
        return sum(len(attempt.served) for attempt in self.attempts)

    @property
    def elapsed(self) -> float:
        """Seconds from the first attempt to the end of the last, by the clock of the plan."""
        return max((attempt.at + attempt.seconds for attempt in self.attempts), default=0.0)


def amplification(calls: Iterable[CallRecord]) -> float | None:
    """Return how many attempts there were for each call on average; None when there was no call."""
    counts = [len(call.attempts) for call in calls]
    return sum(counts) / len(counts) if counts else None


def journal_data(calls: Iterable[CallRecord]) -> dict[str, Any]:
    """Return the journal as data for JSON."""
    calls = tuple(calls)
    return {
        "schema": SCHEMA,
        "amplification": amplification(calls),
        "calls": [
            {
                "service": call.service,
                "operation": call.operation,
                "call": call.number,
                "site": call.origin.site if call.origin else None,
                "invocation": call.invocation,
                "outcome": call.outcome or None,
                "effects": call.effects,
                "executions": call.executions,
                "deliveries": call.deliveries,
                "elapsed": round(call.elapsed, 6),
                "attempts": [
                    {
                        "attempt": attempt.number,
                        "at": round(attempt.at, 6),
                        "seconds": round(attempt.seconds, 6),
                        "waited": round(attempt.waited, 6),
                        "struck": attempt.struck or None,
                        "inert": attempt.inert,
                        "note": attempt.note or None,
                        "served": list(attempt.served),
                        "seen": attempt.seen,
                    }
                    for attempt in call.attempts
                ],
            }
            for call in calls
        ],
    }


_TIMES = {"none": "no effect", "once": "one effect", "unknown": "effects unknown"}


def timeline(calls: Iterable[CallRecord]) -> str:
    """Return the journal for a reader."""
    return "\n".join(line for call in calls for line in _lines(call))


def _lines(call: CallRecord) -> Iterable[str]:
    attempts = f"{len(call.attempts)} attempt{'' if len(call.attempts) == 1 else 's'}"
    effects = _TIMES.get(call.effects) or f"{call.executions} effects"
    yield f"{call.service}.{call.operation}#{call.number}: {attempts}, {effects}, {call.elapsed:.3f} s"
    for attempt in call.attempts:
        struck = attempt.struck or "-"
        if attempt.inert:
            struck += " (changed nothing)"
        if attempt.note:
            struck += f" ({attempt.note})"
        served = ", ".join("no answer" if status is None else str(status) for status in attempt.served)
        yield (
            f"  {attempt.at:8.3f} s  {attempt.number}. {struck}; "
            f"service: {served or 'not reached'}; client: {attempt.seen}"
        )
    if call.outcome:
        yield f"  {call.elapsed:8.3f} s  {call.outcome}"
