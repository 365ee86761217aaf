"""The replies that both SDKs are given to parse: recorded ones, and ones made from the older release's model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from ...contract.errors import BadPlan
from ...contract.faults.error_replies import PROTOCOLS, write_refusal
from ...contract.faults.plan_text import parse_fault
from ...contract.faults.replies import answer
from ...contract.interaction import Reply
from ...contract.model import DocumentedError, Operation
from ...strategies.replies import ReplyCase, full_replies, wrong_replies
from .results import written_results
from .subjects import REQUEST_ID, Subject, plain_success

MOST = 120
"""So many wrong replies are made from a right one in the query protocol, for which there is a strict codec."""

_STATUSES = (
    *(f"status(200, body={body})" for body in ("empty", "html", "json", "text", "xml", "truncated")),
    *(f"status({code})" for code in (204, 304, 400, 403, 404, 429, 500, 503)),
    *(f"status({code}, body={body})" for code in (400, 500) for body in ("html", "json", "xml", "truncated")),
    "error.no_code",
    "redirect",
)
_FEW = 8
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, as each release is given it.

    Attributes:
        name: What it is, for a reader.
        old: For the older release.
        new: For the newer one; another only where each is answered in the protocol that it speaks.
        is_former: Whether it is written in a protocol that only the older release speaks.
    """

    name: str
    old: Reply
    new: Reply
    is_former: bool = False


def replies_for(subject: Subject, recorded: Iterable[tuple[str, Reply]]) -> tuple[Said, ...]:
    """Return the replies to a call, those that a service would give first.

    Args:
        subject: The operation.
        recorded: Replies to this operation that somebody recorded, each with where.
    """
    if subject.old.protocol == subject.new.protocol:
        return (*_same(recorded), *_same(_made(subject.old)))
    # Whoever stands in for the service goes on to answer as before: a few replies tell what that comes to.
    few = islice((one for one in _made(subject.old) if one[0].startswith(("a result with", "the error"))), _FEW)
    former = f" as {subject.old.protocol} writes it"
    same = (*recorded, *((f"{name}{former}", reply) for name, reply in few))
    return (*_each_in_its_own(subject), *(Said(name, reply, reply, is_former=True) for name, reply in same))


def _same(replies: Iterable[tuple[str, Reply]]) -> Iterator[Said]:
    return (Said(name, reply, reply) for name, reply in replies)


def _made(operation: Operation) -> Iterator[tuple[str, Reply]]:
    yield "a result without members", plain_success(operation)
    yield from written_results(operation)
    if operation.protocol in PROTOCOLS:
        yield from ((f"the error {error.name}", _refusal(operation, error)) for error in _errors(operation))
    for text in _STATUSES:
        try:
            yield text, answer(parse_fault(text), operation, _NOW)
        except BadPlan:
            continue  # what cannot be written in this protocol
    if operation.protocol == "query":
        for right in full_replies(operation):
            yield from ((f"a reply that is wrong: {case.wrong}", case.reply) for case in _sample(wrong_replies(right)))


def _sample(cases: Iterable[ReplyCase]) -> Iterator[ReplyCase]:
    """Yield every wrong form that has a name, and of the changes that are made place by place as many as fit."""
    every = list(cases)
    named = [case for case in every if "." in case.wrong]
    placed = [case for case in every if "." not in case.wrong]
    yield from named
    yield from placed[:: -(-len(placed) // (MOST - len(named)))]


def _errors(operation: Operation) -> tuple[DocumentedError, ...]:
    return operation.errors or operation.service_errors


def _refusal(operation: Operation, error: DocumentedError) -> Reply:
    return write_refusal(operation, error.code, status=error.status or 400, request_id=REQUEST_ID)


def _each_in_its_own(subject: Subject) -> Iterator[Said]:
    """Yield what a service says that speaks to each release in its protocol, as the real one does."""
    results = [dict(written_results(one)) for one in (subject.old, subject.new)]
    for name in results[0].keys() & results[1].keys():
        if "odd" not in name:
            yield Said(f"{name}, in the protocol of each", results[0][name], results[1][name])
    new = {error.name: error for error in subject.new.service_errors}
    if not {subject.old.protocol, subject.new.protocol} <= PROTOCOLS:
        return
    for error in _errors(subject.old):
        if error.name in new:
            name = f"the error {error.name}, in the protocol of each"
            yield Said(name, _refusal(subject.old, error), _refusal(subject.new, new[error.name]))
