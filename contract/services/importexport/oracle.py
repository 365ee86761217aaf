"""The oracle: what a request deserves, from the request as sent and the world alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

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
from .signature_rules import SIGNATURE_RULES
from .world import World

# The model's version, and the one in a sample of the API reference.
VERSIONS = frozenset({"2010-06-01", "2010-06-03"})
# Beyond this the endpoint does not read on; what the service did is unknown.
MAX_REQUEST = 8 * 1024 * 1024

_D, _O, _I = Evidence.DOCUMENTED, Evidence.OBSERVED, Evidence.INFERRED

PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "CreateJob": (
        Promise("JobId", value=None, evidence=_O, source=f"{sources.model('CreateJobOutput')}; {sources.LIVE_NET}"),
    ),
    "UpdateJob": (
        Promise("Success", value=True, evidence=_O, source=f"{sources.model('UpdateJobOutput')}; {sources.LIVE_NET}"),
    ),
    "CancelJob": (
        Promise("Success", value=True, evidence=_O, source=f"{sources.model('CancelJobOutput')}; {sources.LIVE_NET}"),
    ),
}

_FORM_TYPE = "application/x-www-form-urlencoded"
_UNDECIDED_DEPARTURES = frozenset({"member-repeated", "list-index"})


@lru_cache(maxsize=16)  # the oracle and the embedded endpoint read the same request
def read_pairs(request: Request) -> FormReading:
    """Return the form pairs of a request: those of the query string, then those of the body of a POST."""
    query = read_form(request.query.encode("utf-8", "surrogatepass"))
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
    return None if operation is None else _facts(request, form, world, now, operation)


def _facts(request: Request, form: FormReading, world: World, now: datetime, operation: Operation) -> Facts:
    reading = read_request(operation, form.pairs)
    return Facts(operation, request, form.pairs, reading, read_signature(request, form.pairs), world, now)


def named_action(form: FormReading) -> str | None:
    """Return the first ``Action``, or None."""
    return next((value for key, value in form.pairs if key == "Action"), None)


def expect(
    request: Request, *, world: World, now: datetime, operations: Mapping[str, Operation]
) -> tuple[Operation | None, Expectation]:
    """Return the operation that a request names and the outcomes that the contract allows for it."""
    form = read_pairs(request)
    undecided = undecided_form(request, form)
    facts = read_facts(request, form, world=world, now=now, operations=operations)
    if facts is None:
        # Who asks may be looked at first, and does not depend on what is asked.
        unnamed = [_facts(request, form, world, now, operation) for operation in list(operations.values())[:1]]
        unauthentic = [found for facts in unnamed for found in violations(SIGNATURE_RULES, facts)]
        return None, Expectation((_no_operation(form), *unauthentic), _I, undecided)
    evidence, source = _success(facts)
    return facts.operation, Expectation(
        tuple(violations(rules_of(facts.operation.name), facts)),
        success=evidence,
        undecided=undecided or _undecided_reading(facts),
        success_source=source,
        promises=_promises(facts),
    )


def _promises(facts: Facts) -> tuple[Promise, ...]:
    # What a rehearsal of CreateJob returns beside its warning is written nowhere.
    return () if facts.operation.name == "CreateJob" and facts.is_rehearsal else PROMISES.get(facts.operation.name, ())


def undecided_form(request: Request, form: FormReading) -> str:
    """Return why nothing is known about requests of this form, or an empty text."""
    if request.method not in ("GET", "POST"):
        return f"no page speaks of {request.method} requests"
    if len(request.body) > MAX_REQUEST:
        return f"the body has {len(request.body)} bytes, and no page states a limit"
    if form.problems:
        return f"the form is not well-formed ({form.problems[0][0]} at byte {form.problems[0][1]})"
    if request.method == "GET" and request.body:
        return "no page speaks of GET requests with a body"
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if request.method == "POST" and request.body and content_type != _FORM_TYPE:
        return f"the body is declared to be {content_type or 'of no type'}, not a form"
    return ""


def _undecided_reading(facts: Facts) -> str:
    if facts.reading.version not in VERSIONS:
        return f"Version is {(facts.reading.version or '')[:60]!r}; what answers an unknown version is written nowhere"
    for departure in facts.reading.departures:
        if departure.code in _UNDECIDED_DEPARTURES:
            return _told(departure)
    if facts.text("Operation") is not None and facts.text("Action") not in (None, facts.text("Operation")):
        return "Action and Operation name two operations"
    if facts.signature is None and facts.text("X-Amz-Signature") is not None:
        return "the signature of version 4 stands in the query string, of which no page of this service speaks"
    return facts.manifest.doubt if facts.manifest else ""


def _told(departure: Departure) -> str:
    return f"{departure.path[:60]}: {departure.code} (expected {departure.expected})"


def _no_operation(form: FormReading) -> Violation:
    named = named_action(form)
    return Violation(
        "request.action",
        ("InvalidAction", "MissingAction", "MissingAuthenticationToken", "MissingParameterException")
        if named is None
        else ("InvalidAction",),
        "the request names no operation" if named is None else f"Action is {named[:60]!r}",
        evidence=_I,
        naming=_I,
        source=sources.QUERY_ERRORS,
    )


def _success(facts: Facts) -> tuple[Evidence, str]:
    """Return how well it is founded that a request like this succeeds when it breaks no rule, and where."""
    name, manifest = facts.operation.name, facts.fields
    stated = f"{_PAGES[name]}; {sources.model(name)}" if name in _PAGES else sources.model(name)
    if facts.text("ManifestAddendum") is not None:
        return _I, f"{sources.model('CreateJobInput')} (which keeps ManifestAddendum for internal use)"
    if any(departure.code == "member-unknown" for departure in facts.reading.departures):
        return _I, f"{sources.STATUS} (its samples pass stray parameters)"
    if manifest is None or manifest.fields is None:
        return _D, stated
    if manifest.mended:
        return _I, f"{sources.TEMPLATES} (which are no YAML)"
    strange = (manifest.group("returnAddress") or {}).keys() - options.KNOWN_ADDRESS_KEYS
    if strange or manifest.fields.keys() - options.KNOWN_OPTIONS:
        return _I, f"{sources.COMMON} (which does not say that an unknown option is refused)"
    if manifest.text("manifestVersion") in ("1.0", "1.2", "1.3"):
        return _O, sources.LIVE_NET
    if facts.job and facts.job.job_type.casefold() != (facts.text("JobType") or "").casefold():
        return _O, f"{sources.LIVE_JAVA}; {sources.LIVE_NET}"
    return _D, stated


_PAGES = {name: sources.guide(f"Web{name}") for name in ("CreateJob", "CancelJob", "GetStatus", "ListJobs")}
_PAGES["UpdateJob"] = sources.UPDATING
