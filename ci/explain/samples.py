"""What a wrong reply looks like: a right one, and what the codec's wrong forms make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ...contract.adapters.models import read_operations
from ...contract.codec.query_reading import read_reply
from ...contract.codec.query_reply import write_error, write_result
from ...contract.codec.wrong_replies import WRONG_FORMS, WrongForm
from ...contract.interaction import Reply
from ...contract.model import Operation
from ...contract.services import specified_services
from ..report.payload import printable

_REQUEST_ID = "EXAMPLE-ID"
_EXCERPT = 110
_DEPTH = 4  # of a sample value; shapes may refer to themselves


def examples(departure: str) -> tuple[str, ...]:
    """Return, for each wrong form of that departure, its name and what it does to a right reply.

    Each is held against the strict codec: only what it tells by that very code is an example.
    """
    found = (_example(form, departure) for form in WRONG_FORMS if departure in form.departures)
    return tuple(text for text in found if text)


def _example(form: WrongForm, departure: str) -> str:
    for kind, operation, right in _right_replies():
        if form.of not in (kind, "any"):
            continue
        wrong = form.alter(right)
        told = {found.code for found in read_reply(operation, wrong).departures}
        if departure in told:
            return f"{form.name}: {_difference(right, wrong)}"
    return ""


@cache
def _right_replies() -> tuple[tuple[str, Operation, Reply], ...]:
    return tuple(_replies())


def _replies() -> Iterator[tuple[str, Operation, Reply]]:
    for service in specified_services():
        for operation in read_operations(service):
            if operation.output_shape is None:
                continue
            value = _sample(operation.output_shape)
            yield "result", operation, write_result(operation, value, request_id=_REQUEST_ID)
            for error in operation.errors[:1]:
                refusal = write_error(
                    error.code, "No.", request_id=_REQUEST_ID, namespace=operation.namespace, status=error.status or 400
                )
                yield "error", operation, refusal


def _sample(shape: Shape, depth: int = 0) -> Any:
    match shape:
        case StructureShape() if depth < _DEPTH:
            return {name: _sample(member, depth + 1) for name, member in shape.members.items()}
        case ListShape() if depth < _DEPTH:
            return [_sample(shape.member, depth + 1)]
        case StructureShape() | MapShape():
            return {}
        case ListShape():
            return []
    match shape.type_name:
        case "boolean":
            return True
        case "timestamp":
            return datetime(2015, 5, 27, 18, 58, 21, tzinfo=UTC)
        case "integer" | "long" | "float" | "double":
            return 1
        case _:
            return "text"


def _difference(right: Reply, wrong: Reply) -> str:
    if right.status != wrong.status:
        return f"HTTP {wrong.status} with {_excerpt(wrong.body)}"
    if right.body == wrong.body:
        sent, wanted = dict(wrong.headers), dict(right.headers)
        changed = sorted(name for name in sent.keys() | wanted.keys() if sent.get(name) != wanted.get(name))
        return "; ".join(f"{name}: {sent[name]}" if name in sent else f"no {name}" for name in changed)
    if not wrong.body:
        return "no body"
    before, after = _changed(right.body, wrong.body)
    if len(before) >= len(right.body) - 1:
        shown = _excerpt(wrong.body) if wrong.body.isascii() else f"{_excerpt(wrong.body[:8])} and so on"
        return f"{shown} instead of the document"
    if not before:
        return f"{_excerpt(after)} is added"
    return f"{_excerpt(after)} instead of {_excerpt(before)}" if after else f"{_excerpt(before)} is missing"


def _changed(right: bytes, wrong: bytes) -> tuple[bytes, bytes]:
    """Return the part in which two texts differ, from the beginning of an element to the end of one."""
    shorter = min(len(right), len(wrong))
    start = next((at for at in range(shorter) if right[at] != wrong[at]), shorter)
    end = next((at for at in range(shorter - start) if right[-1 - at] != wrong[-1 - at]), shorter - start)
    longer = max(right, wrong, key=len)
    if start + end == shorter:
        # Something was only put in or taken out: of the places where that may have been, an element's beginning.
        while start and longer[start : start + 1] != b"<" and longer[start - 1] == longer[-1 - end]:
            start, end = start - 1, end + 1
    if longer[start : start + 1] != b"<":
        start = max(longer.rfind(b"<", 0, start + 1), 0)
    tail = longer[len(longer) - end :]
    if start + end < shorter and 0 <= tail.find(b">") < tail.find(b"<"):  # in the middle of a tag
        end -= tail.find(b">") + 1
    return right[start : len(right) - end], wrong[start : len(wrong) - end]


def _excerpt(body: bytes) -> str:
    text = printable(body.decode("ascii", "backslashreplace"))
    return f"`{text if len(text) <= _EXCERPT else f'{text[:_EXCERPT]} …'}`"
