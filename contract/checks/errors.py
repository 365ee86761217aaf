"""Refusals and acceptances: is the error documented, does the request deserve it, did it get one when it should."""

from __future__ import annotations

from collections.abc import Iterator

from ..common_errors import COMMON_ERRORS, SERVER_ERRORS, THROTTLING_ERRORS
from ..exchange import Exchange
from ..expectation import Expectation
from ..finding import Evidence, Finding, FindingKind, Severity

UNDOCUMENTED = FindingKind(
    "error-undocumented",
    "error_is_documented",
    "the error is not documented for the operation",
    Severity.ERROR,
    "A caller who handles every documented error meets one that no page and no model mentions; boto3 raises a bare "
    "ClientError for it, or the class of another operation's error.",
    "the operation's error list in the installed service model",
    "Answer with a documented error, or have the error documented in the specification.",
)
UNDESERVED = FindingKind(
    "error-undeserved",
    "error_is_deserved",
    "the error is documented, but not for what is wrong with this request",
    Severity.ERROR,
    "The request breaks a rule whose error is another one. Callers branch on the code, and would mend the wrong thing.",
    "the rules of the specification; their sources are given with each finding",
    "Answer with one of the errors that the request deserves.",
)
ACCEPTED = FindingKind(
    "accepted-in-silence",
    "undeserving_request_is_refused",
    "a request that deserves an error was accepted",
    Severity.ERROR,
    "The request breaks a rule, and the endpoint said success. Callers believe that it was done.",
    "the rules of the specification; their sources are given with each finding",
    "Refuse the request with the error that it deserves.",
)
REFUSED = FindingKind(
    "valid-request-refused",
    "valid_request_is_accepted",
    "a valid request was refused",
    Severity.ERROR,
    "The request breaks no rule that any source states.",
    "the service's documentation of the operation",
    "Accept the request; or, if the world differs from the configured one, correct [world].",
)
SERVER_ERROR = FindingKind(
    "server-error",
    "request_does_not_break_the_service",
    "the endpoint answered with a fault of its own",
    Severity.ERROR,
    "Whatever is wrong with a request, it is the sender's fault: 4xx. SDKs retry 5xx, and so repeat a request that can "
    "never succeed.",
    "AWS Query API, faults of the sender and of the receiver",
    "Find the input-dependent crash; answer with the error that the request deserves.",
)
STATUS = FindingKind(
    "error-http-status",
    "status_and_fault_fit_the_error",
    "the HTTP status is not the one of this error",
    Severity.ERROR,
    "SDKs decide by status whether to try again.",
    "the model's httpStatusCode, or the service's error page",
    "Answer with the documented status.",
)
FAULT = FindingKind(
    "error-fault-side",
    "status_and_fault_fit_the_error",
    "Type names the wrong side as the one at fault",
    Severity.ERROR,
    "4xx is the sender's fault, 5xx the receiver's; SDKs and callers read Type to tell whether to try again.",
    "AWS Query API, error envelope",
    "Write Sender with 4xx and Receiver with 5xx.",
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
    yield Finding(
        UNDOCUMENTED,
        str(exchange.operation),
        "",
        _list(expectation.codes) or "one of the operation's documented errors",
        code,
        key=(code,),
    )


def error_is_deserved(exchange: Exchange) -> Iterator[Finding]:
    """A documented error answers a rule that the request breaks."""
    code, expectation = _code(exchange), exchange.expectation
    first = expectation.strongest if expectation else None
    if code is None or expectation is None or expectation.undecided or first is None:
        return
    if code in expectation.codes or code not in _documented(exchange):
        return
    yield Finding(
        UNDESERVED,
        str(exchange.operation),
        "",
        f"{_list(expectation.codes)}: {first.reason}",
        code,
        evidence=first.naming if first.certain else Evidence.INFERRED,
        key=(code, first.rule),
        source=first.source,
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
    yield Finding(
        REFUSED,
        str(exchange.operation),
        "",
        "a success: the request breaks no rule",
        f"{code}: {message}" if message else code,
        evidence=expectation.success,
        key=(code,),
        source=expectation.success_source,
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
