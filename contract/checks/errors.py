"""Refusals and acceptances: is the error documented, does the request deserve it, did it get one when it should."""

from __future__ import annotations

from collections.abc import Iterator

from ..common_errors import COMMON_ERRORS, REQUEST_ERRORS, SERVER_ERRORS, THROTTLING_ERRORS
from ..exchange import Exchange
from ..expectation import ASSUMED, Expectation, Violation
from ..finding import Evidence, Finding, FindingKind, Severity

_RULES = "the rules of the specification; their sources are given with each finding"
_WORLD = "Where the endpoint holds something else than the oracle takes it to, say so in [world] of botoproof.toml."

UNDOCUMENTED = FindingKind(
    "error-undocumented",
    "error_is_documented",
    "the error is not documented for the operation",
    Severity.ERROR,
    meaning="The reply is a refusal whose code stands neither in the operation's list of errors nor among the common "
    "errors for which this request gives cause.",
    harm="Callers who handle every documented error: boto3 raises a bare ClientError, or the class of another "
    "operation's error, and none of their handlers is for it.",
    provoked="The endpoint refuses with a code of its own making, such as NotFound, or with an error that only another "
    "operation documents.",
    source="the operation's error list in the installed service model",
    remedy="Answer with a documented error, or have the error documented in the specification.",
    graded=True,
)
UNDESERVED = FindingKind(
    "error-undeserved",
    "error_is_deserved",
    "the error is documented, but not for what is wrong with this request",
    Severity.ERROR,
    meaning="The request breaks a rule, and the endpoint refused it with a documented error that answers another rule.",
    harm="Callers who branch on the code: they mend what was right, and leave what is wrong.",
    provoked="The endpoint has one code for several mistakes, or says that something is gone which never existed.",
    source=_RULES,
    remedy="Answer with one of the errors that the request deserves.",
    silence=_WORLD,
    graded=True,
)
ACCEPTED = FindingKind(
    "accepted-in-silence",
    "undeserving_request_is_refused",
    "a request that deserves an error was accepted",
    Severity.ERROR,
    meaning="The request breaks a rule that makes it fail, and the endpoint said success.",
    harm="Callers who believe that it was done, and whoever tests against this endpoint: they meet the error first "
    "where it counts.",
    provoked="The endpoint leaves out one of its validations, or looks only at the parts of a request that it uses.",
    source=_RULES,
    remedy="Refuse the request with the error that it deserves.",
    silence=_WORLD,
    graded=True,
)
REFUSED = FindingKind(
    "valid-request-refused",
    "valid_request_is_accepted",
    "a valid request was refused",
    Severity.ERROR,
    meaning="The request breaks no rule that any source states, and was refused all the same.",
    harm="Callers who do what the documentation says: they cannot get it done, and look for a mistake that they did "
    "not make.",
    provoked="The endpoint knows fewer values or shorter limits than are documented, or lacks what [world] says it "
    "holds.",
    source="the service's documentation of the operation",
    remedy="Accept the request.",
    silence="Where the endpoint lacks what [world] of botoproof.toml gives it, take that out there.",
    graded=True,
)
SERVER_ERROR = FindingKind(
    "server-error",
    "request_does_not_break_the_service",
    "the endpoint answered with a fault of its own",
    Severity.ERROR,
    meaning="The status is 5xx, or the code says that the service is to blame. Whatever is wrong with a request, it is "
    "the sender's fault: 4xx.",
    harm="Callers who wait while the SDK retries a request that can never succeed, and whoever is called at night for "
    "a server that seems to be down.",
    provoked="An input that the endpoint does not expect raises an exception in it, and its framework answers 500.",
    source="AWS Query API, faults of the sender and of the receiver",
    remedy="Find the input-dependent crash; answer with the error that the request deserves.",
)
STATUS = FindingKind(
    "error-http-status",
    "status_and_fault_fit_the_error",
    "the HTTP status is not the one of this error",
    Severity.ERROR,
    meaning="The reply's HTTP status is not the documented one of its code; or no page gives a number, and it is none "
    "of 4xx though the sender is at fault (that is inferred).",
    harm="SDKs and proxies, which decide by status whether to try again, and dashboards, which count by it.",
    provoked="The endpoint sends every error with one and the same status.",
    source="the model's httpStatusCode, or the service's error page",
    remedy="Answer with the documented status.",
    graded=True,
)
FAULT = FindingKind(
    "error-fault-side",
    "status_and_fault_fit_the_error",
    "Type names the wrong side as the one at fault",
    Severity.ERROR,
    meaning="Type in the error envelope says Receiver with 4xx, or Sender with 5xx.",
    harm="Callers who read Type to tell whether to try again: they repeat what cannot succeed, or give up on what can.",
    provoked="The endpoint writes one constant Type into every error.",
    source="AWS Query API, error envelope",
    remedy="Write Sender with 4xx and Receiver with 5xx.",
)

KINDS = (UNDOCUMENTED, UNDESERVED, ACCEPTED, REFUSED, SERVER_ERROR, STATUS, FAULT)


def _is_server_error(exchange: Exchange, code: str) -> bool:
    reply = exchange.interaction.reply if exchange.interaction else None
    return code in SERVER_ERRORS or (reply is not None and reply.status >= 500)


def _said(exchange: Exchange) -> str:
    """Return the code of the reply's error, or an empty text; white space around it is told by its form."""
    error = exchange.reading.error if exchange.reading else None
    return (error.code or "").strip() if error else ""


def _code(exchange: Exchange) -> str | None:
    """Return the error's code when the reply is a readable refusal that says something about the request."""
    code = _said(exchange)
    return None if not code or code in THROTTLING_ERRORS or _is_server_error(exchange, code) else code


def _documented(exchange: Exchange) -> frozenset[str]:
    return exchange.operation.error_codes | exchange.allowance.other_codes.keys()


def error_is_documented(exchange: Exchange) -> Iterator[Finding]:
    """The error is listed for the operation, or is a common one for which this request gives cause."""
    code, expectation = _code(exchange), exchange.expectation
    if code is None or expectation is None or code in _documented(exchange) or code in expectation.codes:
        return
    if code in COMMON_ERRORS and expectation.undecided:
        return
    loosest = _loosest(exchange, expectation, code)
    yield Finding(
        UNDOCUMENTED,
        str(exchange.operation),
        "",
        _list(expectation.codes) or "one of the operation's documented errors",
        code,
        evidence=_naming(loosest) if loosest else Evidence.DOCUMENTED,
        key=(code, loosest.rule) if loosest else (code,),
        source=loosest.source if loosest else "",
    )


def _naming(violation: Violation) -> Evidence:
    return violation.naming if violation.certain else Evidence.INFERRED


def _loosest(exchange: Exchange, expectation: Expectation, code: str) -> Violation | None:
    """Return the worst founded violation that `code` may be meant to answer, or None where the list has the last word.

    The operation's list of errors does not speak of what answers a rule whose codes it does not hold: who asks, or
    whether the request names an operation. Nor does it exclude the common error for a request that is not well made,
    where no page names another one.
    """
    documented = _documented(exchange)
    open_to_it = [
        violation
        for violation in expectation.violations
        if not documented.issuperset(violation.codes)
        or (code in REQUEST_ERRORS and not _naming(violation).at_least(Evidence.OBSERVED))
    ]
    return max(open_to_it, key=lambda violation: _naming(violation).rank, default=None)


def error_is_deserved(exchange: Exchange) -> Iterator[Finding]:
    """A documented error answers a rule that the request breaks."""
    code, expectation = _code(exchange), exchange.expectation
    first = expectation.strongest if expectation else None
    if code is None or expectation is None or expectation.undecided or first is None:
        return
    if code in expectation.codes or code not in _documented(exchange):
        return
    doubtful = code in expectation.doubtful
    yield Finding(
        UNDESERVED,
        str(exchange.operation),
        "",
        f"{_list(expectation.codes)}: {first.reason}{f'; {ASSUMED}' if doubtful and not first.reads_world else ''}",
        code,
        evidence=Evidence.INFERRED if doubtful else _naming(first),
        key=(code, first.rule),
        source=f"assumed world; {first.source}" if doubtful and not first.reads_world else first.source,
    )


def undeserving_request_is_refused(exchange: Exchange) -> Iterator[Finding]:
    """A request that certainly breaks a rule is refused."""
    reading, expectation = exchange.reading, exchange.expectation
    first = expectation.strongest if expectation and not expectation.may_succeed else None
    if reading is None or reading.value is None or first is None:
        return
    yield Finding(
        ACCEPTED,
        str(exchange.operation),
        "",
        f"{_list(first.codes)}: {first.reason}",
        "a success",
        evidence=first.evidence,
        key=(first.rule,),
        source=first.source,
    )


def valid_request_is_accepted(exchange: Exchange) -> Iterator[Finding]:
    """A request that breaks no rule succeeds."""
    code, expectation = _code(exchange), exchange.expectation
    if code is None or expectation is None or not expectation.must_succeed:
        return
    message = exchange.reading.error.message if exchange.reading and exchange.reading.error else None
    doubtful = code in expectation.doubtful
    yield Finding(
        REFUSED,
        str(exchange.operation),
        "",
        f"a success: the request breaks no rule{f' ({ASSUMED})' if doubtful else ''}",
        f"{code}: {message}" if message else code,
        evidence=Evidence.INFERRED if doubtful else expectation.success,
        key=(code,),
        source=f"assumed world; {expectation.success_source}" if doubtful else expectation.success_source,
    )


def request_does_not_break_the_service(exchange: Exchange) -> Iterator[Finding]:
    """No request makes the endpoint answer with a fault of its own."""
    reply, reading = exchange.interaction.reply if exchange.interaction else None, exchange.reading
    if reply is None or reading is None:
        return
    code = _said(exchange)
    if not _is_server_error(exchange, code) or code in THROTTLING_ERRORS:
        return
    yield Finding(
        SERVER_ERROR,
        str(exchange.operation),
        "",
        _wanted(exchange.expectation),
        f"HTTP {reply.status}{f', {code}' if code else ''}",
        key=(str(reply.status),),
    )


def status_and_fault_fit_the_error(exchange: Exchange) -> Iterator[Finding]:
    """The HTTP status is the documented one, and Type names the side that the status names."""
    reply, reading = exchange.interaction.reply if exchange.interaction else None, exchange.reading
    code = _said(exchange)
    if reply is None or reading is None or reading.error is None or not code or reply.status < 400:
        return
    error = exchange.operation.error(code)
    wanted = (error.status if error else None) or exchange.allowance.statuses(code)
    name = str(exchange.operation)
    if wanted is not None and reply.status != wanted:
        yield Finding(STATUS, name, "status", f"{wanted} with {code}", str(reply.status), key=(code,))
    elif wanted is None and code in exchange.operation.error_codes and not 400 <= reply.status < 500:
        # No page gives the number; that it is the sender's fault follows from what the error says.
        inferred = Evidence.INFERRED
        yield Finding(STATUS, name, "status", f"4xx with {code}", str(reply.status), evidence=inferred, key=(code,))
    side = "Sender" if reply.status < 500 else "Receiver"
    if reading.error.fault in ("Sender", "Receiver") and reading.error.fault != side:
        path = "/ErrorResponse/Error/Type"
        yield Finding(FAULT, name, path, f"{side} with HTTP {reply.status}", reading.error.fault, key=(side,))


def _wanted(expectation: Expectation | None) -> str:
    if expectation is None or expectation.undecided:
        return "a success, or a refusal with 4xx"
    return _list(expectation.codes) or "a success"


def _list(codes: tuple[str, ...]) -> str:
    return " or ".join(codes)
