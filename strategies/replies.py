"""Replies of any query-protocol operation: right ones from its output shape and its errors, and wrong in one way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import strategies as st

from ..contract.codec.query_reply import write_error, write_result
from ..contract.codec.reply_changes import NO_CLAIM, right_changes, wrong_changes
from ..contract.codec.wrong_replies import WRONG_FORMS, Alteration
from ..contract.interaction import Reply
from ..contract.model import DocumentedError, Operation
from .shapes import from_shape
from .texts import texts

_ODD = 4  # so many changes at most that leave a reply right
_POSITIONS = 24  # of the bytes of a reply, so many are changed
_CHOICES = 2**32 - 1
_SCALARS: dict[str, Any] = {
    "boolean": True,
    "integer": 1,
    "long": 1,
    "float": 1.5,
    "double": 1.5,
    "blob": b"data",
    "timestamp": datetime(2026, 11, 26, 10, 0, tzinfo=UTC),
}
_REQUEST_ID = "2f6e3c1a-0000-4000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class ReplyCase:
    """A reply for a parser.

    Attributes:
        operation: What it answers.
        reply: As it came, had it come.
        wrong: What is wrong with it, for readers only; empty for a right one.
        departures: A strict reader tells at least one of these codes; empty where nothing is claimed, as a flipped bit
            may leave a reply right.
    """

    operation: Operation
    reply: Reply
    wrong: str = ""
    departures: frozenset[str] = NO_CLAIM


@dataclass(frozen=True, slots=True)
class ReplyBatch:
    """A right reply, and which wrong ones are made from it: one draw for many replies.

    Attributes:
        right: The right one.
        choice: From which the wrong ones follow.
    """

    right: ReplyCase
    choice: int

    def replies(self, size: int) -> Iterator[ReplyCase]:
        """Yield the right reply and wrong ones, `size` in all; fewer where there are no more."""
        yield self.right
        chance = random.Random(self.choice)  # noqa: S311 - the same choice, the same replies
        positions = [chance.randrange(_CHOICES) for _ in range(_POSITIONS // 2)]
        makers = list(_makers(self.right, positions))
        for make in chance.sample(makers, min(size - 1, len(makers))):
            yield make()


def right_replies(operation: Operation) -> st.SearchStrategy[ReplyCase]:
    """Return a strategy for right replies: results of the output shape, and every documented error.

    Some are odd but right: comments, CDATA sections, characters by number, white space between elements, empty-element
    tags, a prefix, attributes, another order.

    Args:
        operation: One that speaks the query protocol.
    """
    shape = operation.output_shape
    values = st.just({}) if shape is None else from_shape(shape)
    results = values.map(partial(_result, operation))
    errors = st.sampled_from(_errors(operation))
    refusals = st.builds(partial(_refusal, operation), errors, texts(min_size=1, max_size=40))
    oddities = st.lists(st.integers(0, _CHOICES), max_size=_ODD)
    return st.builds(partial(_oddly, operation), results | refusals, oddities)


def full_replies(operation: Operation) -> tuple[ReplyCase, ...]:
    """Return right replies with all that can be in one: a result with every member, and an error.

    Args:
        operation: One that speaks the query protocol.
    """
    shape = operation.output_shape
    value = {} if shape is None else _full(shape, ())
    made = [_result(operation, value), _refusal(operation, _errors(operation)[0], "no")]
    return tuple(ReplyCase(operation, reply) for reply in made)


def _full(shape: Shape, above: tuple[str, ...]) -> Any:
    """Return a value with every member and two items in each list, but where a shape holds itself."""
    below = (*above, shape.name)
    match shape:
        case StructureShape() if shape.is_tagged_union:
            name = next(iter(shape.members))
            return {name: _full(shape.members[name], below)}
        case StructureShape():
            return {name: _full(member, below) for name, member in shape.members.items() if member.name not in below}
        case ListShape():
            return [] if shape.member.name in below else [_full(shape.member, below)] * 2
        case MapShape():
            return {"one": _full(shape.value, below), "two": _full(shape.value, below)}
        case _:
            return _SCALARS.get(shape.type_name, "text")


def replies(operation: Operation) -> st.SearchStrategy[ReplyCase]:
    """Return a strategy for replies, right ones and ones that are wrong in one way at one place.

    Args:
        operation: One that speaks the query protocol.
    """
    return st.builds(_chosen, right_replies(operation), st.integers(0, _CHOICES))


def batches(operation: Operation) -> st.SearchStrategy[ReplyBatch]:
    """Return a strategy for many replies at a time, as drawing costs more than parsing."""
    return st.builds(ReplyBatch, right_replies(operation), st.integers(0, _CHOICES))


def wrong_replies(right: ReplyCase, *, named: str | None = None) -> Iterator[ReplyCase]:
    """Yield every wrong reply that is made from a right one; bytes are changed at a few places.

    Args:
        right: The right one.
        named: Only those with that in `ReplyCase.wrong`.
    """
    step = max(1, len(right.reply.body) // _POSITIONS)
    for make in _makers(right, range(0, len(right.reply.body), step)):
        if named is None or make.args[1] == named:
            yield make()


def _makers(right: ReplyCase, positions: list[int] | range) -> Iterator[partial[ReplyCase]]:
    operation, reply = right.operation, right.reply
    of = "error" if reply.status >= 300 else "result"
    for form in WRONG_FORMS:
        if form.of in (of, "any"):
            yield partial(_spoiled, right, form.name, form.departures, form.alter)
    for change in wrong_changes(operation, reply.body, positions=positions):
        yield partial(_spoiled, right, change.name, change.departures, change.apply)


def _spoiled(right: ReplyCase, name: str, departures: frozenset[str], alter: Alteration) -> ReplyCase:
    wrong = alter(right.reply)
    # A form that finds nothing to spoil leaves the reply as it is; and forms that look for bytes may miss odd ones.
    claim = NO_CLAIM if "." in name else departures
    return ReplyCase(right.operation, wrong, name, claim)


def _errors(operation: Operation) -> tuple[DocumentedError, ...]:
    return operation.errors or (DocumentedError("InternalFailure", "InternalFailure", 500, "Receiver", ""),)


def _result(operation: Operation, value: dict[str, object]) -> Reply:
    return write_result(operation, value, request_id=_REQUEST_ID)


def _refusal(operation: Operation, error: DocumentedError, message: str) -> Reply:
    return write_error(
        error.code,
        message,
        request_id=_REQUEST_ID,
        status=error.status or 400,
        fault=error.fault or "Sender",
        namespace=operation.namespace,
    )


def _oddly(operation: Operation, reply: Reply, oddities: list[int]) -> ReplyCase:
    for oddity in oddities:
        changes = tuple(right_changes(operation, reply.body))
        reply = changes[oddity % len(changes)].apply(reply)
    return ReplyCase(operation, reply)


def _chosen(right: ReplyCase, choice: int) -> ReplyCase:
    if not choice:
        return right
    makers = tuple(_makers(right, [choice]))
    return makers[choice % len(makers)]()
