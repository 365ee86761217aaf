"""The faults that are tried one by one: each kind at least once, and each argument that makes a difference."""

from __future__ import annotations

from ..model import Operation
from .fault import Fault, fault
from .kinds import KINDS
from .kinds_of_answers import THROTTLING
from .plan_text import parse_fault

_STATUSES = (
    *(f"status({code})" for code in (204, 304, 400, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504, 505, 509, 999)),
    *(f"status(200, body={body})" for body in ("empty", "html", "json", "text", "xml", "truncated")),
    "status(300, body=xml)",
    *(f"status({code}, body={body})" for code in (400, 500) for body in ("html", "json", "xml", "truncated")),
    "status(403, body=html)",
    "status(429, body=html)",
    "status(503, body=html)",
    "status(503, retry_after=2)",
    "status(503, amz_retry_after=1500ms)",
)

_VARIANTS: dict[str, tuple[str, ...]] = {
    "latency": ("latency(400ms)", "latency(1h)", "latency(lognormal, median=50ms, p99=2s)"),
    "status": _STATUSES,
    "throttle": (
        *(f"throttle({code})" for code in THROTTLING),
        *(
            f"throttle({code}, status=503)"
            for code in ("SlowDown", "Throttling", "InternalFailure", "ServiceUnavailable")
        ),
        "throttle(InternalFailure, status=500)",
        "throttle(TooManyRequestsException, status=429)",
    ),
    "skew": ("skew", "skew(-20m)", "skew(date=absent)", "skew(date=garbage)", "skew(code=RequestExpired)"),
    "redirect": ("redirect(301)", "redirect", "redirect(307)"),
    "bytes.corrupt": ("bytes.corrupt", "bytes.corrupt(tag)", "bytes.corrupt(utf8)"),
    "body.large": ("body.large(1MB)",),
    "body.deep": ("body.deep(10000)",),
    "form": (
        "form(result.boolean-upper)",
        "form(result.boolean-one)",
        "form(result.boolean-empty)",
        "form(result.metadata-missing)",
        "form(namespace.none)",
    ),
}


def variants(operation: Operation) -> tuple[Fault, ...]:
    """Return the faults to try on an operation: its documented errors are taken from the installed model.

    Args:
        operation: Of any service.
    """
    found: list[Fault] = []
    for name in KINDS:
        if name == "error":
            found.extend(_refusals(operation))
        else:
            found.extend(parse_fault(text) for text in _VARIANTS.get(name, (name,)))
    return tuple(found)


def _refusals(operation: Operation) -> list[Fault]:
    documented = [fault("error", code=error.code) for error in operation.errors]
    elsewhere = next((error.code for error in operation.service_errors if error not in operation.errors), None)
    others = [fault("error", code=elsewhere)] if elsewhere else []
    if documented:
        first = str(documented[0].value("code"))
        others.extend(fault("error", code=first, status=status) for status in (200, 429, 500))
    return documented + others
