"""What a server does on a connection for one attempt, as data: bytes, pauses, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..errors import BadPlan
from ..interaction import Reply
from .fault import Fault
from .plan import Plan, Strike
from .replies import altered
from .shapes import SHAPES, Ending, Shape, plain

CONNECTION_KINDS = frozenset(
    {
        "connect.refused",
        "connect.timeout",
        "tls.self_signed",
        "tls.expired",
        "tls.wrong_host",
        "tls.plain",
        "tls.close",
        "tls.reset",
        "tls.hang",
        "reset.before_request",
        "close.before_request",
    }
)
"""Kinds that strike a connection before anything is asked for on it."""

PORT_KINDS = frozenset({"connect.refused", "connect.timeout"})
"""Kinds that strike where no connection comes about, so that a server cannot count them."""


@dataclass(frozen=True, slots=True)
class Say:
    """Write these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Let so many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Script:
    """What a server does for one attempt, once its request was read and served.

    Attributes:
        steps: In their order.
        ending: What becomes of the connection.
        left_over: What is written when the next request comes, before the answer to it.
        inert: Whether the faults changed nothing, as there was nothing for them to change.
    """

    steps: tuple[Say | Pause, ...]
    ending: Ending = "keep"
    left_over: bytes = b""
    inert: bool = False

    @property
    def said(self) -> bytes:
        """All bytes that it writes."""
        return b"".join(step.data for step in self.steps if isinstance(step, Say))


def script_for(reply: Reply | None, strike: Strike | None, *, head_only: bool = False) -> Script:
    """Return what a server does with an answer.

    Args:
        reply: The answer of the service, or of a fault in its stead; None where there is none to give.
        strike: What strikes the attempt, or None.
        head_only: The request was a HEAD, so that the body is not written.

    Raises:
        BadPlan: There is no answer to give, and the faults need one.
    """
    faults = strike.faults if strike is not None else ()
    changes = tuple(one for one in faults if one.described.effect == "change")
    left = altered(reply, changes) if reply is not None else None
    shaped = _shape(left, faults)
    inert = bool(changes) and left == reply
    body = b"" if head_only else shaped.body
    steps: list[Say | Pause] = []
    if strike is not None and strike.seconds:
        steps.append(Pause(strike.seconds))
    drip = next((one for one in faults if one.kind == "drip"), None)
    if drip is None:
        steps.append(Say(shaped.head + body))
    else:
        steps += [Say(shaped.head), *_drip(body, int(drip.number("size")), drip.number("every"))]
    kept = tuple(step for step in steps if not isinstance(step, Say) or step.data)
    return replace(Script(kept, shaped.ending, inert=inert), left_over=_left_over(shaped, faults))


def check_wire_plan(plan: Plan, *, tls: bool) -> None:
    """Check that a server can make the faults of a plan.

    Args:
        plan: Checked against the service already.
        tls: Whether the server speaks TLS.

    Raises:
        BadPlan: It cannot; the text says what to write instead.
    """
    for rule in plan.rules:
        kinds = [one for step in rule.steps for one in step.faults]
        for one in kinds:
            if one.described.place == "hook":
                raise BadPlan(f"{one} can only be made within the client: botoproof.contract.adapters.hook")
            if one.kind.startswith("tls.") and not tls:
                raise BadPlan(f"{one} needs an endpoint that speaks TLS: add --tls")
        for step in rule.steps:
            shaping = [one for one in step.faults if one.kind in SHAPES and one.kind not in CONNECTION_KINDS]
            if len(shaping) > 1:
                raise BadPlan(f"{shaping[0]} and {shaping[1]} cannot shape the same answer on the wire")
        early = [one for one in kinds if one.kind in CONNECTION_KINDS]
        if not early:
            continue
        if rule.call is not None or not (rule.operation == "*" or rule.operation.endswith(".*")):
            raise BadPlan(
                f"{early[0]} strikes before anything is asked for: on the wire its rule is for all, *={early[0]}"
            )
        if len(early) < len(kinds):
            other = next(one for one in kinds if one not in early)
            raise BadPlan(
                f"{other} cannot stand in one rule with {early[0]}, which strikes before anything is asked for"
            )
        ported = [one for one in early if one.kind in PORT_KINDS]
        counted = any(step.times is not None or step.percent is not None for step in rule.steps)
        if ported and (counted or len(rule.steps) > 1):
            raise BadPlan(
                f"{ported[0]} cannot be counted, as no connection comes about: *={ported[0]} alone, for as long as "
                "the plan is set"
            )


def _shape(reply: Reply | None, faults: Iterable[Fault]) -> Shape:
    for one in faults:
        if one.kind in SHAPES:
            return SHAPES[one.kind](reply, one)
    if reply is None:
        raise BadPlan(f"{'+'.join(map(str, faults))} leaves no answer to give")
    return plain(reply)


def _drip(body: bytes, size: int, every: float) -> list[Say | Pause]:
    return [step for start in range(0, len(body), size) for step in (Pause(every), Say(body[start : start + size]))]


def _left_over(shaped: Shape, faults: Iterable[Fault]) -> bytes:
    return shaped.head + shaped.body if any(one.kind == "poison" for one in faults) else b""
