"""Recordings held to the contract: each interaction's request and reply, read strictly against the installed model.

No endpoint takes part, and nobody knows what it held: whether a request deserved its answer is judged only as far as
the model goes. A request that the model forbids must not have succeeded; its refusal is in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from ..cassettes.format import Cassette
from ..cassettes.sensitive import TOKEN
from ..contract.adapters.models import read_model, read_operation
from ..contract.adapters.sdk import parse_reply
from ..contract.case import Case, Raw
from ..contract.checks import find
from ..contract.codec.form import read_form
from ..contract.codec.query_reading import ReplyReading, read_reply
from ..contract.codec.query_request import read_request
from ..contract.errors import NoSpecification, UnknownService, UnsupportedProtocol
from ..contract.exchange import Allowance, Exchange
from ..contract.expectation import Expectation, Violation
from ..contract.finding import Evidence, Finding
from ..contract.interaction import Interaction, Reply, Request
from ..contract.model import Operation, operation_names
from ..contract.services import find_specification
from ..contract.validation import complaints

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/[^/,\s]+/([^/,\s]+)/aws4_request")
_MODEL_ONLY = "nothing but the model was asked: nobody knows what the endpoint held"
_REFUSAL = ("ValidationError",)
_CERTAIN = ("member-missing", "member-type", "member-repeated", "list-index", "required", "type")
"""What no service can mean; a newer one may know further members and values, and models are careless with bounds."""

_SOURCE = "the operation's input in the installed service model"


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding a recording to the contract.

    Attributes:
        exchanges: What the checks looked at, with the number of the interaction, from 1.
        findings: What they found, with the number of the interaction.
        unknown: Why other interactions could not be held, with their numbers.
    """

    exchanges: tuple[tuple[int, Exchange], ...]
    findings: tuple[tuple[int, Finding], ...]
    unknown: tuple[tuple[int, str], ...]


def hold_to_contract(cassette: Cassette, *, service: str | None = None) -> Held:
    """Return what is wrong with the interactions of a recording, whoever made it.

    Args:
        cassette: The recording.
        service: botocore's name of its service; where None, it is told by the recording's heading, by the signature,
            or by the host.

    Raises:
        UnknownService: The installed botocore has no service of the name given.
    """
    if service is not None:
        read_model(service)
    exchanges, unknown = list[tuple[int, Exchange]](), list[tuple[int, str]]()
    for number, one in enumerate(cassette.interactions, start=1):
        try:
            operation = _operation(one.request, cassette, service)
            exchanges.append((number, exchange_of(one.request, one.reply, operation)))
        except (UnknownService, UnsupportedProtocol) as why:
            unknown.append((number, str(why)))
    findings = tuple((number, finding) for number, exchange in exchanges for finding in find(exchange))
    return Held(tuple(exchanges), findings, tuple(unknown))


def _operation(request: Request, cassette: Cassette, service: str | None) -> Operation:
    """Return which operation a request calls.

    Raises:
        UnknownService: Nobody can tell; the text says what was looked at.
        UnsupportedProtocol: Its service speaks a protocol without a strict codec.
    """
    pairs = dict(_pairs(request))
    action, version = pairs.get("Action") or pairs.get("Operation") or "", pairs.get("Version")
    candidates = [service] if service is not None else list(dict.fromkeys(named_services(request, cassette)))
    found = [name for name in candidates if _protocol(name)]
    for name in found:
        if _protocol(name) != "query" or action not in operation_names(read_model(name)):
            continue
        operation = read_operation(name, action)
        if version in (None, operation.api_version):
            return operation
    if others := [f"{name} speaks {_protocol(name)}" for name in found if _protocol(name) != "query"]:
        raise UnsupportedProtocol(f"{', '.join(others)}; only the query protocol has a strict codec so far")
    if found:
        said = f"{action or 'no operation'}{f' of version {version}' if version else ''}"
        raise UnknownService(f"the request names {said}, which {' and '.join(found)} of the installed botocore lacks")
    raise UnknownService(f"neither heading, signature nor host ({request.host}) names a service: say which it is")


def named_services(request: Request, cassette: Cassette) -> Iterator[str]:
    """Yield what may be the name of the service that a recorded request is for, the likeliest first."""
    if cassette.provenance is not None:
        yield from (name.strip() for name in cassette.provenance.service.split(","))
    if scope := _SCOPE.search(request.header("authorization") or ""):
        yield scope[1]
    yield from request.host.partition(":")[0].split(".")


@cache
def _protocol(service: str) -> str:
    """Return the protocol that a service speaks; empty when there is no such service."""
    try:
        operations = operation_names(read_model(service))
    except UnknownService:
        return ""
    return read_operation(service, operations[0]).protocol


def _pairs(request: Request) -> tuple[tuple[str, str], ...]:
    return read_form(request.query.encode("utf-8", "surrogateescape")).pairs + read_form(request.body).pairs


def exchange_of(request: Request, reply: Reply, operation: Operation) -> Exchange:
    """Return what checks look at, for a request and its reply of which nothing else is known.

    Args:
        request: As sent, or as it stands in a recording.
        reply: Likewise.
        operation: Which one it calls.

    Raises:
        UnsupportedProtocol: Its service speaks a protocol without a strict codec.
    """
    allowance = _allowance(operation.service)
    reading = read_reply(operation, reply, namespaces=allowance.namespaces)
    return Exchange(
        operation=operation,
        case=Case(operation.name, Raw(request.body, request.header("content-type") or "")),
        interaction=Interaction(request, reply, None, datetime.now(UTC), 0.0),
        outcome=parse_reply(operation, reply),
        reading=reading,
        expectation=_expectation(operation, request, reading),
        complaints=(),
        allowance=allowance,
    )


@cache
def _allowance(service: str) -> Allowance:
    try:
        specification = find_specification(service)
    except NoSpecification:
        return Allowance()
    return Allowance(namespaces=specification.namespaces, statuses=specification.status_of)


def _expectation(operation: Operation, request: Request, reading: ReplyReading) -> Expectation:
    """Return that a request which the model forbids fails, if it did not; of all others nothing is known."""
    unknown = Expectation((), Evidence.INFERRED, undecided=_MODEL_ONLY)
    if reading.value is None:
        return unknown
    pairs = _pairs(request)
    asked = read_request(operation, pairs)
    # Nothing is said of the form of a secret that is no longer there.
    scrubbed = {_first_part(name) for name, value in pairs if TOKEN.search(value)}
    wrong = [(one.code, one.path, one.expected, one.observed) for one in asked.departures]
    if not wrong and operation.input_shape is not None:
        # A member of the wrong type was left out, and has been told.
        said = complaints(operation.input_shape, asked.parameters)
        wrong = [(one.kind, one.path, one.expected, one.observed) for one in said]
    violations = tuple(
        Violation(
            f"model-{code}",
            _REFUSAL,
            f"{path}: expected {expected}, got {observed}",
            Evidence.DOCUMENTED if code in _CERTAIN else Evidence.INFERRED,
            Evidence.INFERRED,
            _SOURCE,
        )
        for code, path, expected, observed in wrong
        if _first_part(path.removeprefix("$.")) not in scrubbed
    )
    return Expectation(violations, Evidence.INFERRED) if violations else unknown


def _first_part(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]
