"""The interactions that the specification promises: one success of an operation, and one for each documented error.

Requests come from the table of probes, and replies from the embedded endpoint, so nothing is written twice. Both are
as of a fixed time, and hold no signature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ...contract.case import SIGNED_AS_THE_SDK_DOES, Call, Case, Form
from ...contract.codec.form import Pairs, write_form
from ...contract.codec.query_reading import read_reply
from ...contract.codec.query_request import write_request
from ...contract.codec.signature import EXAMPLE_KEY, sign_v4
from ...contract.errors import UnsupportedProtocol
from ...contract.expectation import Promise
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.specification import Probe, Settings, Specification, Unreachable
from .making import make_interaction
from .pact import FORM, GivenState, Interaction

MOMENT = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""When the requests are made."""

_URL = "http://embedded.invalid/"
_SIGNED_BY_ANOTHER = "it takes the signature of another account, and a pact holds none"
_NO_PROBE = "no request is known that provokes it"
_OTHERWISE = "the embedded endpoint answers otherwise to the request that is meant for it"


@dataclass(frozen=True, slots=True)
class Promised:
    """What there is to promise of one operation.

    Attributes:
        interactions: The success, then the documented errors by name.
        left_out: What could not be had, and why.
    """

    interactions: tuple[Interaction, ...]
    left_out: tuple[Unreachable, ...]


def promised_interactions(
    specification: Specification, name: str, operations: Mapping[str, Operation], world: Any = None
) -> Promised:
    """Return what the specification promises of one operation.

    Args:
        specification: Of the service.
        name: Of the operation; one that the specification has probes for.
        operations: The operations of the installed model, by name.
        world: What the endpoint holds, with AWS's published example key; the embedded endpoint's own when None.

    Raises:
        UnsupportedProtocol: The service does not speak the query protocol.
    """
    operation = operations[name]
    if operation.protocol != "query":
        raise UnsupportedProtocol(
            f"{operation.service} speaks {operation.protocol} with the installed botocore; pacts are written for "
            "query-protocol services so far"
        )
    if world is None:
        world = specification.world(Settings((EXAMPLE_KEY,), {}, specification.accounts))
    asked = _Asked(specification, operations, world)
    table = specification.probes(name, world, (EXAMPLE_KEY,))
    interactions: list[Interaction] = []
    left_out: list[Unreachable] = []
    usual: Pairs = ()
    for error in (None, *sorted(found.name for found in operation.errors)):
        choice = _choose(table, error)
        answered = asked.answer(operation, choice.case) if isinstance(choice, Probe) else None
        if isinstance(choice, Unreachable):
            left_out.append(choice)
        elif answered is None or _said(operation, answered.reply) != error:
            left_out.append(Unreachable(choice.name, _OTHERWISE, error))
        else:
            usual = usual or answered.pairs
            interactions.append(_interaction(asked, operation, error, answered, usual))
    return Promised(tuple(interactions), tuple(left_out))


def _choose(table: Iterable[Probe | Unreachable], error: str | None) -> Probe | Unreachable:
    """Return the first probe that provokes `error`, of those that the SDK can send if there are any; or why not."""
    found = [probe for probe in table if isinstance(probe, Probe) and probe.provokes == error]
    own = [probe for probe in found if probe.case.signing == SIGNED_AS_THE_SDK_DOES and _is_body(probe.case)]
    if own:
        return min(own, key=lambda probe: not isinstance(probe.case.sent, Call))
    if found:
        return Unreachable(found[0].name, _SIGNED_BY_ANOTHER, error)
    told = [probe for probe in table if isinstance(probe, Unreachable) and probe.error == error is not None]
    return told[0] if told else Unreachable("", _NO_PROBE, error)


def _is_body(case: Case) -> bool:
    sent = case.sent
    return isinstance(sent, Call) or (isinstance(sent, Form) and sent.method == "POST" and not sent.query)


@dataclass(frozen=True, slots=True)
class _Answered:
    pairs: Pairs
    request: Request
    reply: Reply
    states: tuple[GivenState, ...]
    world: Any


@dataclass(frozen=True, slots=True)
class _Asked:
    """Asks an endpoint that holds nothing but what one request refers to."""

    specification: Specification
    operations: Mapping[str, Operation]
    world: Any

    def answer(self, operation: Operation, case: Case) -> _Answered:
        endpoint = self.specification.endpoint(self.world, self.operations, None)
        states = [state for state in self.specification.states if state.name in case.references()]
        if not states and not (operation.input_shape and operation.input_shape.required_members):
            # What asks for nothing lists something; an empty list would promise nothing of its items.
            states = [state for state in self.specification.states if state.calls][:1]
        ids = {state.name: endpoint.provide(state.name, MOMENT) for state in states}
        sent = case.resolve(ids).sent
        pairs = sent.pairs if isinstance(sent, Form) else _pairs(operation, sent)
        headers = (("Content-Type", f"{FORM}; charset=utf-8"),)
        request = sign_v4(
            Request("POST", _URL, headers, write_form(pairs)), EXAMPLE_KEY, self.specification.scope, MOMENT
        )
        reply = endpoint.answer(request, MOMENT)
        given = tuple(GivenState(state.sentence, {"id": ids[state.name]}) for state in states)
        world = self.specification.with_resources(self.world, ids, MOMENT)
        return _Answered(pairs, request, reply, given, world)

    def promises(self, answered: _Answered) -> tuple[Promise, ...]:
        """Return what a success of that request must carry."""
        _, expected = self.specification.expect(
            answered.request, world=answered.world, now=MOMENT, operations=self.operations
        )
        return expected.promises


def _pairs(operation: Operation, sent: Any) -> Pairs:
    return write_request(operation, sent.parameters if isinstance(sent, Call) else {})


def _said(operation: Operation, reply: Reply) -> str | None:
    """Return the name of the error in a reply, its code where the model knows no such, or None for a success."""
    error = read_reply(operation, reply).error
    if error is None:
        return None
    documented = operation.error(error.code or "")
    return documented.name if documented is not None else error.code


def _interaction(
    asked: _Asked, operation: Operation, error: str | None, answered: _Answered, usual: Pairs
) -> Interaction:
    return make_interaction(
        operation,
        f"{operation.name} succeeds" if error is None else f"{operation.name} fails with {error}",
        error,
        states=answered.states,
        pairs=answered.pairs,
        usual=usual,
        reply=answered.reply,
        promises=asked.promises(answered) if error is None else (),
    )
