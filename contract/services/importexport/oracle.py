"""The oracle: what a request deserves, from the request as sent and the world alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ...codec.departure import Departure
from ...codec.form import FormReading, read_form
from ...codec.query_request import read_request
from ...codec.signature import read_signature
from ...expectation import Expectation, Promise, Violation
from ...finding import Evidence
from ...interaction import Request
from ...model import Operation
from ...rule import violations
from . import options, sources
from .facts import Facts
from .rules import rules_of
from .world import World

# The model's version, and the one in a sample of the API reference.
VERSIONS = frozenset({"2010-06-01", "2010-06-03"})
# Beyond this the endpoint does not read on; what the service did is unknown.
MAX_REQUEST = 8 * 1024 * 1024

PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "UpdateJob": (
        Promise("Success", True, Evidence.OBSERVED, f"{sources.model('UpdateJobOutput')}; {sources.LIVE_NET}"),
    ),
    "CancelJob": (
        Promise("Success", True, Evidence.OBSERVED, f"{sources.model('CancelJobOutput')}; {sources.LIVE_NET}"),
    ),
}

_FORM_TYPE = "application/x-www-form-urlencoded"
_UNDECIDED_DEPARTURES = frozenset({"member-repeated", "list-index"})


def read_pairs(request: Request) -> FormReading:
    """Return the form pairs of a request: those of the query string, then those of the body of a POST."""
    query = read_form(request.query.encode("utf-8", "surrogateescape"))
    if request.method == "GET" or not request.body or len(request.body) > MAX_REQUEST:
        return query
    body = read_form(request.body)
    return FormReading(query.pairs + body.pairs, query.problems + body.problems)


def read_facts(
    request: Request, form: FormReading, *, world: World, now: datetime, operations: Mapping[str, Operation]
) -> Facts | None:
    """Return what the rules look at, or None when the request names no operation of the service.

    Args:
        request: As sent or received.
        form: Its pairs, from `read_pairs`.
        world: What the endpoint holds.
        now: The endpoint's time.
        operations: The operations of the installed model, by name.
    """
    named = dict(reversed(form.pairs))
    operation = operations.get(named.get("Action", named.get("Operation", "")))
    if operation is None:
        return None
    reading = read_request(operation, form.pairs)
    return Facts(operation, request, form.pairs, reading, read_signature(request, form.pairs), world, now)


def expect(
    request: Request, *, world: World, now: datetime, operations: Mapping[str, Operation]
) -> tuple[Operation | None, Expectation]:
    """Return the operation that a request names and the outcomes that the contract allows for it."""
    form = read_pairs(request)
    undecided = _undecided_form(request, form)
    facts = read_facts(request, form, world=world, now=now, operations=operations)
    if facts is None:
        return None, Expectation((_no_operation(form),), Evidence.INFERRED, undecided)
    undecided = undecided or _undecided_reading(facts)
    return facts.operation, Expectation(
        violations(rules_of(facts.operation.name), facts),
        success=_success(facts),
        undecided=undecided,
        success_source=_success_source(facts),
        promises=PROMISES.get(facts.operation.name, ()),
    )


def _undecided_form(request: Request, form: FormReading) -> str:
    if request.method not in ("GET", "POST"):
        return f"no page speaks of {request.method} requests"
    if len(request.body) > MAX_REQUEST:
        return f"the body has {len(request.body)} bytes, and no page states a limit"
    if form.problems:
        return f"the form is not well-formed ({form.problems[0][0]} at byte {form.problems[0][1]})"
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if request.method == "POST" and request.body and content_type != _FORM_TYPE:
        return f"the body is declared to be {content_type or 'of no type'}, not a form"
    return ""


def _undecided_reading(facts: Facts) -> str:
    if facts.reading.version not in VERSIONS:
        return f"Version is {facts.reading.version!r}; what answers an unknown version is written nowhere"
    for departure in facts.reading.departures:
        if departure.code in _UNDECIDED_DEPARTURES:
            return _told(departure)
    if facts.text("Operation") is not None and facts.text("Action") not in (None, facts.text("Operation")):
        return "Action and Operation name two operations"
    return ""


def _told(departure: Departure) -> str:
    return f"{departure.path}: {departure.code} (expected {departure.expected})"


def _no_operation(form: FormReading) -> Violation:
    named = dict(reversed(form.pairs)).get("Action")
    return Violation(
        "request.action",
        ("InvalidAction", "MissingAction", "MissingAuthenticationToken", "MissingParameterException")
        if named is None
        else ("InvalidAction",),
        "the request names no operation" if named is None else f"Action is {named[:60]!r}",
        evidence=Evidence.INFERRED,
        naming=Evidence.INFERRED,
        source=sources.QUERY_ERRORS,
    )


def _success(facts: Facts) -> Evidence:
    if any(departure.code == "member-unknown" for departure in facts.reading.departures):
        return Evidence.INFERRED  # guide samples pass stray parameters, so they were at least thought harmless
    if facts.fields is None or facts.fields.fields is None:
        return Evidence.DOCUMENTED
    if facts.fields.text("manifestVersion") in ("1.0", "1.2", "1.3"):
        return Evidence.OBSERVED
    if facts.fields.fields.keys() - options.KNOWN_OPTIONS:
        return Evidence.INFERRED
    return Evidence.DOCUMENTED


def _success_source(facts: Facts) -> str:
    return f"{sources.UPDATING}; {sources.model(facts.operation.name)}"
