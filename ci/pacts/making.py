"""Interactions made of a request and the reply to it, in the words of the query protocol, whoever sent them."""

from __future__ import annotations

from ...contract.codec.form import Pairs, write_form
from ...contract.codec.query_reading import read_reply
from ...contract.codec.query_reply import write_result
from ...contract.expectation import Promise
from ...contract.interaction import Reply
from ...contract.model import Operation
from .pact import FORM, GivenState, Interaction, Message
from .rules import form_rules, reply_rules


def make_interaction(
    operation: Operation,
    description: str,
    error: str | None,
    *,
    states: tuple[GivenState, ...],
    pairs: Pairs,
    usual: Pairs,
    reply: Reply,
    promises: tuple[Promise, ...] = (),
) -> Interaction:
    """Return what stands in a pact for a request and its reply.

    Args:
        operation: What was asked for.
        description: What Pact tells interactions apart by.
        error: The name of the error in the reply, or None for a success.
        states: What held before.
        pairs: The form of the request, without anything that authenticates.
        usual: Pairs of a request that succeeds; where `pairs` has the same, the value is free.
        reply: In UTF-8.
        promises: What a success must carry. Where there are any, the rest of the result is left out: Pact has no way
            to say that a member is optional.
    """
    name = f"{operation.service}:{operation.name}"
    if promises:
        reply = _only_promised(operation, reply, frozenset(promise.member for promise in promises))
    return Interaction(
        description=description,
        states=states,
        method="POST",
        path="/",
        query="",
        request=Message(
            (("Content-Type", FORM),), write_form(pairs).decode("ascii"), form_rules(operation, pairs, usual)
        ),
        status=reply.status,
        reply=Message(
            (("Content-Type", reply.header("content-type") or "text/xml"),),
            reply.body.decode("utf-8"),
            reply_rules(operation, reply.body, frozenset(p.member for p in promises if p.value is not None)),
        ),
        references={"AWS": {"Operation": name} if error is None else {"Error": error, "Operation": name}},
    )


def _only_promised(operation: Operation, reply: Reply, members: frozenset[str]) -> Reply:
    reading = read_reply(operation, reply)
    namespace = None if reading.root is None else str(reading.root.tag)[1:].partition("}")[0]
    value = {name: item for name, item in (reading.value or {}).items() if name in members}
    return write_result(operation, value, request_id=reading.request_id or "", namespace=namespace)
