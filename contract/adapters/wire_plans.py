"""The plans that a server follows, and when each of them ends: by time, by a number of strikes, or when it is told."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..errors import BadPlan
from ..faults.plan import Plan, Rule, Strike
from ..faults.script import CONNECTION_KINDS, PORT_KINDS

Place = tuple[str, str]
"""A service and an operation of it, by which calls are counted."""

Ended = Literal["", "expired", "exhausted", "cleared", "replaced"]


@dataclass(slots=True, eq=False)
class PlanInForce:
    """A plan, and what became of it.

    Attributes:
        name: By which it is cleared and replaced.
        plan: What strikes.
        begun: When it was set, by the clock of the server.
        ends: When it ends by itself; infinite when it does not.
        max_strikes: After how many strikes it ends; None for no limit.
        strikes: How many there were.
        met: The numbers of the rules that have struck.
        ended: Why it is over; empty while it is in force.
    """

    name: str
    plan: Plan
    begun: float
    ends: float = math.inf
    max_strikes: int | None = None
    strikes: int = 0
    met: set[int] = field(default_factory=set[int])
    ended: Ended = ""
    _before: Counter[Place] = field(default_factory=Counter[Place])
    """How many calls of each operation there had been when it was set."""

    @property
    def idle(self) -> tuple[Rule, ...]:
        """The rules that have struck nothing so far, though they hold a fault."""
        return tuple(
            rule
            for number, rule in enumerate(self.plan.rules)
            if number not in self.met and any(step.faults for step in rule.steps)
        )

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all its faults."""
        return frozenset(one.kind for rule in self.plan.rules for step in rule.steps for one in step.faults)


class Plans:
    """Plans by name, in the order in which they were set; the first that strikes an attempt decides."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a monotonic clock."""
        self._clock = clock
        self._plans: dict[str, PlanInForce] = {}
        self.over: list[PlanInForce] = []

    def set(
        self,
        name: str,
        plan: Plan,
        *,
        calls: Counter[Place],
        ttl: float | None = None,
        max_strikes: int | None = None,
    ) -> PlanInForce:
        """Set a plan, in the place of one of the same name.

        Args:
            name: Its name.
            plan: Checked against the service and the wire.
            calls: How many calls of each operation there have been; the plan counts from there.
            ttl: Seconds after which it ends; None for never.
            max_strikes: Strikes after which it ends; None for no limit.

        Raises:
            BadPlan: A limit is none, or strikes that cannot be counted are to be.
        """
        if ttl is not None and not 0 < ttl < math.inf:
            raise BadPlan(f"ttl must be a number of seconds above 0, got {ttl}")
        if max_strikes is not None and max_strikes < 1:
            raise BadPlan(f"max_strikes must be at least 1, got {max_strikes}")
        now = self._clock()
        made = PlanInForce(name, plan, now, math.inf if ttl is None else now + ttl, max_strikes, _before=calls.copy())
        if max_strikes is not None and (ported := made.kinds & PORT_KINDS):
            raise BadPlan(
                f"the strikes of {min(ported)} cannot be counted, as no connection comes about; limit it by ttl"
            )
        self._end(name, "replaced")
        self._plans[name] = made
        return made

    def clear(self, name: str | None = None) -> tuple[str, ...]:
        """End the plan of that name, or all; return the names of those that were in force."""
        names = tuple(one.name for one in self.in_force() if name in (None, one.name))
        for one in names:
            self._end(one, "cleared")
        return names

    def in_force(self) -> tuple[PlanInForce, ...]:
        """Return the plans that have not ended."""
        now = self._clock()
        for name in [one.name for one in self._plans.values() if one.ends <= now]:
            self._end(name, "expired")
        return tuple(self._plans.values())

    def next_end(self) -> float | None:
        """Return in how many seconds the first plan ends by itself, or None."""
        ends = min((one.ends for one in self.in_force()), default=math.inf)
        return None if ends == math.inf else max(0.0, ends - self._clock())

    def strike(self, service: str, operation: str, call: int, attempt: int) -> Strike | None:
        """Return what strikes an attempt whose request was read, and count it.

        Args:
            service: botocore's name.
            operation: botocore's name; empty when the request is for none that is known.
            call: Which call of it, counted from 0 since the server began.
            attempt: Which attempt of it, counted from 1.
        """
        for one in self.in_force():
            number = call - one._before[service, operation]  # noqa: SLF001 - of this module
            if number < 0:  # the call was under way when the plan came
                continue
            found = one.plan.decide(service, operation, number, attempt)
            if found is not None and not any(fault.kind in CONNECTION_KINDS for fault in found.faults):
                self._count(one, found)
                return found
        return None

    def strike_connection(self, service: str, number: int, attempt: int) -> Strike | None:
        """Return what strikes a connection before anything is asked for on it, and count it.

        Args:
            service: botocore's name.
            number: Of the connection, from 0: chances are drawn by it.
            attempt: Which connection it is since the last request that came through, from 1.
        """
        for one in self.in_force():
            if not one.kinds & CONNECTION_KINDS:
                continue
            found = one.plan.decide(service, "", -1 - number, attempt)
            if found is not None and any(fault.kind in CONNECTION_KINDS for fault in found.faults):
                self._count(one, found)
                return found
        return None

    def port_kind(self) -> str | None:
        """Return the kind by which no connection is to come about, or None."""
        return next((kind for one in self.in_force() for kind in sorted(one.kinds & PORT_KINDS)), None)

    def strikes_connections(self) -> bool:
        """Return whether any plan strikes connections, so that each request needs one of its own."""
        return any(one.kinds & CONNECTION_KINDS for one in self.in_force())

    def _count(self, one: PlanInForce, found: Strike) -> None:
        one.strikes += 1
        one.met.add(found.rule)
        if one.max_strikes is not None and one.strikes >= one.max_strikes:
            self._end(one.name, "exhausted")

    def _end(self, name: str, why: Ended) -> None:
        found = self._plans.pop(name, None)
        if found is not None:
            found.ended = why
            self.over.append(found)
            del self.over[:-_REMEMBERED]


_REMEMBERED = 100
"""How many plans that are over are told of."""
