"""Plans of faults as scripts for the process of an SDK, which knows no plan: attempt by attempt what is answered.

Each release is answered in the protocol that it speaks, so that what differs is the SDK and not the service.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ...contract.errors import BadPlan
from ...contract.faults.plan import Plan, Strike
from ...contract.faults.plan_text import parse_plan
from ...contract.faults.replies import answer
from ...contract.faults.script import Pause, script_for
from ...contract.faults.variants import variants
from ...contract.interaction import Reply
from ...contract.model import Operation
from .subjects import plain_success

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_STEPS = 12
"""So many attempts are written out; no release makes as many."""

QUOTA_CALLS = 60
RECOVERIES = (
    *(f"{times}*status(503)->ok" for times in (3, 2, 1, 4)),
    *(f"3*{fault}->ok" for fault in ("throttle(Throttling)", "timeout.read", "reset.after_request")),
)
"""Failures after which the service answers; with 3 of them, releases that make 4 attempts recover."""

LEFT_OUT = ("delay", "delivery")
"""Effects of faults that need a service behind them, or a clock that passes."""

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """One series of failures.

    Attributes:
        name: As a plan writes it, without the operation.
        plan: What strikes which attempt.
        calls: How many equal calls one client makes.
        settings: For `botocore.config.Config`.
        recovers: Whether the service answers in the end.
    """

    name: str
    plan: Plan
    calls: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    recovers: bool = False


def telling_scripts() -> tuple[Script, ...]:
    """Return the few series of failures that tell most, which are tried on every operation."""
    return _script("status(503)"), *(_script(text, recovers=True) for text in RECOVERIES)


def failure_scripts(operation: Operation) -> tuple[Script, ...]:
    """Return every series of failures, those that tell most first.

    Args:
        operation: As the older release describes it.
    """
    always = (str(one) for one in variants(operation) if one.described.effect not in LEFT_OUT)
    return (
        *telling_scripts(),
        *(
            _script(fault, name=f"{QUOTA_CALLS} calls, {fault}", calls=QUOTA_CALLS)
            for fault in ("status(503)", "throttle(Throttling)")
        ),
        *(
            _script("status(503)", name=f"status(503) in mode {mode}", settings={"retries": {"mode": mode}})
            for mode in ("standard", "legacy")
        ),
        *(_script(text) for text in always if text != "status(503)"),
    )


def _script(
    text: str, *, name: str = "", calls: int = 1, settings: Mapping[str, Any] | None = None, recovers: bool = False
) -> Script:
    return Script(name or text, parse_plan(f"*={text}"), calls, settings or {}, recovers)


def written_out(script: Script, operation: Operation) -> Mapping[str, Any] | None:
    """Return a script as a process takes it; None where the faults say nothing about this operation.

    Args:
        script: The script.
        operation: With the protocol in which it is answered.
    """
    steps = list[Step]()
    success = plain_success(operation)
    try:
        for attempt in range(1, _STEPS + 1):
            strike = script.plan.decide(operation.service, operation.name, 0, attempt)
            step = _step(strike, operation, success)
            if step is None:
                return None
            steps.append(step)
    except BadPlan:
        return None  # e.g. an error that this release does not document
    while len(steps) > 1 and steps[-1] == steps[-2]:
        steps.pop()  # the last one goes on
    return {"steps": steps, "calls": script.calls, "settings": dict(script.settings)}


def _step(strike: Strike | None, operation: Operation, success: Reply) -> Step | None:
    if strike is None:
        return reply_step(success)
    (fault,) = strike.faults
    kind = fault.described
    if kind.effect == "failure":
        return {"raise": kind.raises[0]}
    if kind.effect == "reply":
        return reply_step(answer(fault, operation, _NOW))
    script = script_for(success, strike)
    # A pause and a silence would have to be waited for; there is a kind that says the same at once.
    if script.inert or script.ending not in ("keep", "close", "cut") or any(isinstance(s, Pause) for s in script.steps):
        return None
    return {"bytes": base64.b64encode(script.said).decode("ascii")}


def reply_step(reply: Reply) -> Step:
    """Return the step that answers with a reply."""
    body = base64.b64encode(reply.body).decode("ascii")
    return {"reply": [reply.status, [list(header) for header in reply.headers], body]}


def both_written(scripts: Iterable[Script], old: Operation, new: Operation) -> Iterator[tuple[Script, Any, Any]]:
    """Yield the scripts that say something in the protocols of both releases, written out for each.

    Args:
        scripts: The scripts.
        old: As the older release describes the operation.
        new: As the newer one does.
    """
    for script in scripts:
        pair = written_out(script, old), written_out(script, new)
        if None not in pair:
            yield script, *pair
