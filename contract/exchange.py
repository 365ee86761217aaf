"""A case after it was sent: all that the checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .case import Case
from .codec.query_reading import ReplyReading
from .expectation import Expectation
from .finding import Finding
from .interaction import Interaction
from .model import Operation
from .outcome import Outcome
from .validation import Complaint


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the specification of a service allows in every reply.

    Attributes:
        namespaces: XML namespaces that count as right.
        other_codes: Codes documented outside the model, with their HTTP status.
        statuses: HTTP statuses that documentation gives for codes.
        secrets: Texts that must not come back in a reply.
    """

    namespaces: frozenset[str] | None = None
    other_codes: dict[str, int] = field(default_factory=dict[str, int])
    statuses: Callable[[str], int | None] = lambda _: None
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A case, what went over the wire, what came of it, and what the contract allows.

    Attributes:
        operation: The operation that the request as sent names; the case's own where it names none.
        case: As made, with its references resolved.
        interaction: Request and reply; None when the SDK rejected the parameters.
        outcome: What the caller of the SDK saw, or would have seen for a request that the SDK cannot send.
        reading: The reply, strictly read; None when there is none.
        expectation: What the contract allows; None when nothing was sent.
        complaints: What the model says the SDK must reject before sending.
        allowance: What the specification allows in every reply.
        repeated: What came of the same request sent once more, or None when it was not.
        time_limit: Seconds within which a reply had to come.
        used: Ids by provider state that the case's references became.
    """

    operation: Operation
    case: Case
    interaction: Interaction | None
    outcome: Outcome
    reading: ReplyReading | None
    expectation: Expectation | None
    complaints: tuple[Complaint, ...]
    allowance: Allowance
    repeated: Outcome | None = None
    time_limit: float = 10.0
    used: Mapping[str, str] = field(default_factory=dict[str, str])


Check = Callable[[Exchange], Iterator[Finding]]
"""A check is named as the fact that should hold, and yields one finding for each departure from it."""
