"""What a server saw of each call: attempts by invocation id, or each request as a call of its own."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..faults.journal import Attempt, CallRecord, journal_data
from ..faults.plan import Strike
from ..faults.script import Pause, Script
from ..interaction import Reply, Request
from .ledger import Ledger
from .wire_deliveries import Delivery

LIMIT = 10_000
"""How many calls are kept, the newest ones."""

_ATTEMPT = re.compile(r"attempt=(\d{1,6})")
_SAID = {"close": "closed", "reset": "reset", "cut": "cut off", "stall": "nothing more"}


@dataclass(slots=True)
class _Course:
    """When a call began, and how far it has come."""

    begun: float
    number: int = 0
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One attempt that has come in.

    Attributes:
        service: botocore's name.
        operation: botocore's name, or ``?``.
        invocation: The SDK's id of the call, or one of ours.
        call: Which call of the operation, from 0.
        attempt: Which attempt of the call, from 1.
        at: Seconds since the first attempt of the call that came in.
        time: When it came in, by the clock.
    """

    service: str
    operation: str
    invocation: str
    call: int
    attempt: int
    at: float
    time: float


class WireJournal:
    """The journal of one server."""

    def __init__(self, service: str, clock: Callable[[], float], *, limit: int = LIMIT) -> None:
        """Take the service that is served, and a monotonic clock."""
        self._service = service
        self._clock = clock
        self._limit = limit
        self._ledger = Ledger(limit=limit)
        self._courses: OrderedDict[str, _Course] = OrderedDict()
        self._requests = 0
        self.connections: Counter[str] = Counter()
        """How many connections were struck before anything was asked for, by fault."""

    def arrive(self, request: Request, operation: str) -> Arrival:
        """Take a request in, and return which attempt of which call it is."""
        now = self._clock()
        self._requests += 1
        invocation = request.header("amz-sdk-invocation-id") or f"request-{self._requests}"
        course = self._courses.get(invocation)
        if course is None:
            course = self._courses[invocation] = _Course(now)
            if len(self._courses) > self._limit:
                self._courses.popitem(last=False)
        told = _ATTEMPT.search(request.header("amz-sdk-request") or "")
        if course.number:
            self._ledger.amend(invocation, course.number, waited=max(0.0, now - course.ended))
        course.number = int(told[1]) if told else course.number + 1
        call = self._ledger.call(self._service, operation, invocation)
        return Arrival(self._service, operation, invocation, call, course.number, now - course.begun, now)

    def decided(
        self, arrival: Arrival, strike: Strike | None, delivery: Delivery, script: Script, reply: Reply | None
    ) -> None:
        """Keep what becomes of an attempt, before its client can know: what struck, how it was served, what is said."""
        broken = strike is not None and any(one.described.effect in ("failure", "cut") for one in strike.faults)
        said = _SAID.get(script.ending, "") if broken or reply is None else ""
        pauses = sum(step.seconds for step in script.steps if isinstance(step, Pause))
        self._ledger.note(
            arrival.invocation,
            Attempt(
                number=arrival.attempt,
                at=arrival.at,
                struck=str(strike or ""),
                served=tuple(delivery.served),
                seen=said or str(reply.status if reply is not None else ""),
                seconds=self._clock() - arrival.time + pauses,
                inert=script.inert,
                note=delivery.note,
            ),
        )

    def over(self, arrival: Arrival) -> None:
        """Keep how long an attempt took."""
        now = self._clock()
        if arrival.invocation in self._courses:
            self._courses[arrival.invocation].ended = now
        self._ledger.amend(arrival.invocation, arrival.attempt, seconds=now - arrival.time)

    def served_late(self, arrival: Arrival, served: tuple[int | None, ...]) -> None:
        """Add what came of a request that was held back."""
        self._ledger.amend(arrival.invocation, arrival.attempt, served=served)

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how many calls of each operation there were."""
        return self._ledger.counts()

    def calls(self) -> tuple[CallRecord, ...]:
        """Return the calls so far."""
        return self._ledger.calls()

    def data(self) -> dict[str, Any]:
        """Return the journal as data for JSON."""
        return journal_data(self.calls()) | {
            "forgotten": self._ledger.forgotten,
            "connections": dict(sorted(self.connections.items())),
        }

    def clear(self) -> None:
        """Forget the calls so far; numbers go on, as plans count from them."""
        self._ledger.clear(numbers=False)
        self._courses.clear()
        self.connections.clear()
