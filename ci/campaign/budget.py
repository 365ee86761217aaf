"""How much a run may make: what it makes at somebody's endpoint, somebody must pay for or clean up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ...contract.adapters.sdk import Transport
from ...contract.interaction import Interaction, Request, TransportFailure
from ...contract.outcome import Outcome

# The service allows 50 jobs a day; a run must not use them up.
MAX_MADE = 10
# The failure of a request that is not sent since the run has made what it may.
UNAFFORDABLE = "unaffordable"


@dataclass(frozen=True, slots=True)
class Made:
    """A resource that came into being through a run.

    Attributes:
        resource_id: Its id.
        key: With which key, as `Signing` names it.
    """

    resource_id: str
    key: str = "own"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A request that may have made a resource of which nobody knows the id: no reply came, or one that does not say.

    Attributes:
        request: As sent.
        operation: The operation that it names; empty while nothing has come of it.
        outcome: What came of it; None while nothing has, as when the run was interrupted.
    """

    request: Request
    operation: str = ""
    outcome: Outcome | None = None


@dataclass
class Budget:
    """A transport that sends what may make a resource only while the run may make one.

    What may make one counts before it is sent; it counts no more when the reply says that it made none.

    Attributes:
        transport: Sends.
        may_make: Whether a request is one to make a resource, or a rehearsal of that.
        is_harmless: Whether it is a rehearsal.
        limit: How many resources may be made; None for any number.
        made: Every resource that a reply said was made, whether or not it was deserved.
        doubts: The requests of which it is open whether they made one.
        trusts: Whether rehearsals have made nothing so far; otherwise they are held back like the rest.
    """

    transport: Transport
    may_make: Callable[[Request], bool]
    is_harmless: Callable[[Request], bool]
    limit: int | None
    made: list[Made] = field(default_factory=list[Made])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    trusts: bool = True

    @property
    def left(self) -> int | None:
        """How many resources may still be made; None for any number."""
        return None if self.limit is None else max(0, self.limit - len(self.made) - len(self.doubts))

    @property
    def is_used_up(self) -> bool:
        """Whether no further resource may be made."""
        return self.left == 0

    @property
    def why(self) -> str:
        """Why nothing more is made."""
        return f"a run makes at most {self.limit} resources"

    def note(self, request: Request, resource_id: str, key: str = "own") -> None:
        """Remember that a request has made a resource.

        Args:
            request: As sent.
            resource_id: The id in its reply.
            key: With which key it was signed, as `Signing` names it.
        """
        self.settle(request)
        self.made.append(Made(resource_id, key))
        self.trusts = self.trusts and not self.is_harmless(request)

    def settle(self, request: Request, operation: str = "", outcome: Outcome | None = None) -> None:
        """Take note of what came of a request that may have made a resource.

        Args:
            request: As sent.
            operation: The operation that it names, where the doubt stands.
            outcome: What came of it, where the doubt stands; None when it made nothing of which the id is unknown.
        """
        open_ones = (
            place for place, doubt in enumerate(self.doubts) if doubt.request is request and doubt.outcome is None
        )
        place = next(open_ones, None)
        if place is not None:
            self.doubts[place : place + 1] = [Doubt(request, operation, outcome)] if outcome is not None else []

    def __call__(self, request: Request) -> Interaction:
        """Send `request`, unless it may make what the run may not make any more."""
        if not self.may_make(request) or (self.trusts and self.is_harmless(request)):
            return self.transport(request)
        if not self.is_used_up:
            self.doubts.append(Doubt(request))
            return self.transport(request)
        return Interaction(request, None, TransportFailure(UNAFFORDABLE, self.why), datetime.now(UTC), 0.0)
