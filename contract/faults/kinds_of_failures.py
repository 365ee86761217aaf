"""Faults of connection, time and framing: no answer, one that breaks off, or one that is framed in another way."""

from __future__ import annotations

from typing import Literal

from .kind import Executed, FaultKind, Parameter, Place

_CLOSED = ("ConnectionClosedError",)
_LATE = ("ReadTimeoutError",)
_TLS = ("SSLError",)

# Since this release botocore no longer compares what came with Content-Length; before, a cut body was a failure.
_UNCHECKED = "1.43.118"


def _failure(
    name: str,
    rows: str,
    summary: str,
    raises: tuple[str, ...],
    *,
    executed: Executed = "yes",
    place: Place = "both",
    waits: Literal["connect", "read", ""] = "",
    observed: str = "",
    parameters: tuple[Parameter, ...] = (),
) -> FaultKind:
    return FaultKind(
        name,
        tuple(rows.split()),
        summary,
        "failure",
        place,
        executed,
        "pre" if executed == "no" else "post",
        parameters,
        raises,
        waits=waits,
        observed=observed or f"{' or '.join(raises)}, 3 attempts",
    )


def _cut(
    name: str, rows: str, summary: str, *, parameters: tuple[Parameter, ...] = (), checked: bool = True
) -> FaultKind:
    """Return a fault that leaves part of the answer, which newer releases of botocore hand to the parser."""
    return FaultKind(
        name,
        tuple(rows.split()),
        summary,
        "cut",
        "both",
        "yes",
        "post",
        parameters,
        raises_before=(_UNCHECKED, _CLOSED) if checked else None,
        observed="ResponseParserError, 1 attempt",
    )


def _framing(name: str, rows: str, summary: str, observed: str = "returned, 1 attempt") -> FaultKind:
    return FaultKind(name, tuple(rows.split()), summary, "framing", "wire", "yes", "post", observed=observed)


_KEEP = Parameter("keep", "number", 0.5, least=0, most=0.999)
"""How much of the body comes, as a part of it."""

CONNECTING = (
    _failure(
        "dns", "1", "The name of the endpoint is not found.", ("EndpointConnectionError",), executed="no", place="hook"
    ),
    _failure("connect.refused", "2", "Nobody listens at the endpoint.", ("EndpointConnectionError",), executed="no"),
    _failure(
        "connect.timeout",
        "3",
        "The endpoint does not take the connection in time.",
        ("ConnectTimeoutError",),
        executed="no",
        waits="connect",
    ),
    _failure("tls.self_signed", "4", "The certificate is signed by itself.", _TLS, executed="no"),
    _failure("tls.expired", "4", "The certificate has expired.", _TLS, executed="no"),
    _failure("tls.wrong_host", "4", "The certificate is for another host.", _TLS, executed="no"),
    _failure("tls.plain", "4", "The endpoint speaks plain HTTP where TLS was expected.", _TLS, executed="no"),
    _failure("tls.close", "4", "The endpoint closes the connection during the handshake.", _TLS, executed="no"),
    _failure("tls.reset", "4b", "The endpoint resets the connection during the handshake.", _CLOSED, executed="no"),
    _failure("tls.hang", "4b", "The endpoint does not answer the handshake.", _LATE, executed="no", waits="read"),
    _failure(
        "reset.before_request",
        "5",
        "The connection is reset as soon as it is made.",
        ("ConnectionClosedError", "EndpointConnectionError"),
        executed="no",
    ),
    _failure("close.before_request", "5", "The connection is closed as soon as it is made.", _CLOSED, executed="no"),
    FaultKind(
        "idle.close",
        ("45",),
        "The endpoint closes the connection after its answer, while the client keeps it for the next request.",
        "framing",
        "wire",
        "yes",
        "post",
        observed="returned, 1 attempt: a new connection is made",
    ),
    FaultKind(
        "idle.reset",
        ("45",),
        "The endpoint resets a kept connection as the next request is written to it.",
        "framing",
        "wire",
        "yes",
        "post",
        observed="returned, 1 or 2 attempts",
    ),
)

BREAKING = (
    _failure(
        "reset.after_request", "6", "The connection is reset once the request was read.", _CLOSED, executed="either"
    ),
    _failure(
        "close.after_request", "6", "The connection is closed once the request was read.", _CLOSED, executed="either"
    ),
    _failure("reset.mid_headers", "7", "The connection is reset within the headers of the answer.", _CLOSED),
    _failure(
        "reset.mid_body", "7", "The connection is reset within the body of the answer.", _CLOSED, parameters=(_KEEP,)
    ),
    _cut("close.mid_headers", "8", "The connection is closed within the headers of the answer.", checked=False),
    _cut("close.after_headers", "9", "The connection is closed before the body of the answer."),
    _cut("close.mid_body", "9", "The connection is closed within the body of the answer.", parameters=(_KEEP,)),
    _cut(
        "close.no_length",
        "9",
        "The connection is closed within a body whose length was not told.",
        parameters=(_KEEP,),
        checked=False,
    ),
    _cut("tls.cut", "9", "The connection is closed within the body, without TLS's own good-bye.", parameters=(_KEEP,)),
    _cut("length.short", "10", "Content-Length is less than the body.", parameters=(_KEEP,), checked=False),
    FaultKind(
        "length.long",
        ("11",),
        "Content-Length is more than the body, then the connection is closed.",
        "framing",
        "both",
        "yes",
        "post",
        raises_before=(_UNCHECKED, _CLOSED),
        observed="returned, 1 attempt",
    ),
    _failure("length.stall", "11", "Content-Length is more than the body, then nothing comes.", _LATE, waits="read"),
    _failure("chunk.no_last", "12", "A chunked body ends without its last chunk.", _CLOSED),
    _failure("chunk.cut", "12", "A chunked body ends within a chunk.", _CLOSED),
    _failure("chunk.reset", "12", "The connection is reset within a chunk.", _CLOSED),
    _failure("chunk.bad_size", "12", "The size of a chunk is no number.", _CLOSED),
    _framing("chunk.with_length", "12", "A chunked body comes with a Content-Length too."),
    _framing("chunk.right", "12", "The body comes in chunks, as it may."),
    _failure("timeout.read", "13", "Nothing comes in time.", _LATE, executed="either", waits="read"),
    _failure("timeout.after_headers", "13", "The headers come, and then nothing in time.", _LATE, waits="read"),
)

TIME = (
    FaultKind(
        "drip",
        ("14",),
        "The answer comes a few bytes at a time, each below the read timeout.",
        "delay",
        "both",
        "yes",
        "post",
        (Parameter("size", "size", 8, least=1), Parameter("every", "duration", 0.05, least=0)),
        observed="returned, 1 attempt: there is no limit to the whole",
    ),
    FaultKind(
        "latency",
        ("15",),
        "The answer comes later; beyond the read timeout it does not come.",
        "delay",
        "both",
        "yes",
        "post",
        (
            Parameter("time", "duration", required=True, least=0, choices=("uniform", "lognormal")),
            Parameter("low", "duration", least=0),
            Parameter("high", "duration", least=0),
            Parameter("median", "duration", least=0.000001),
            Parameter("p99", "duration", least=0.000001),
        ),
        observed="returned, 1 attempt, or ReadTimeoutError, 3 attempts",
    ),
)

FRAMING = (
    FaultKind(
        "interim.hints",
        ("40",),
        "103 Early Hints come before the answer.",
        "cut",
        "both",
        "yes",
        "post",
        observed="ResponseParserError, 1 attempt",
    ),
    FaultKind(
        "interim.switching",
        ("40",),
        "101 Switching Protocols comes instead of the answer.",
        "cut",
        "both",
        "yes",
        "post",
        observed="ResponseParserError, 1 attempt",
    ),
    _framing("interim.continue", "40", "100 Continue comes before the answer."),
    _framing("http10", "41", "The answer is HTTP/1.0 with a length."),
    _framing("http10.no_length", "41", "The answer is HTTP/1.0 without a length; the body ends with the connection."),
    _failure("garbage.bytes", "42", "What comes is no HTTP at all.", _CLOSED),
    _failure("garbage.banner", "42", "What comes is the greeting of another protocol.", _CLOSED),
    _failure("garbage.version", "42", "The version of HTTP is one that there is not.", _CLOSED),
    _failure("garbage.status", "42", "The status is no number.", _CLOSED),
    _failure("headers.long", "42", "A header is longer than 64 kB.", _CLOSED),
    _failure("headers.many", "42", "There are more than 100 headers.", _CLOSED),
    _failure("headers.broken", "43", "A line among the headers is none.", _LATE, waits="read"),
    _failure("length.two", "43", "Two Content-Length headers contradict each other.", ("HTTPClientError",)),
    _failure("length.negative", "43", "Content-Length is negative.", _LATE, waits="read"),
    _failure("length.text", "43", "Content-Length is no number.", _LATE, waits="read"),
)

DELIVERY = (
    _failure(
        "response_lost",
        "46",
        "The request is executed, and its answer is lost; executed again when the client tries again.",
        _CLOSED,
    ),
    FaultKind(
        "duplicate",
        ("47",),
        "The request reaches the service several times; the client sees the last answer.",
        "delivery",
        "both",
        "yes",
        "post",
        (Parameter("times", "whole", 2, least=2, most=100),),
        observed="what the service answers to the last, 1 attempt",
    ),
    FaultKind(
        "reorder",
        ("48",),
        "The request is held up: the client sees the connection close, and the service gets it after the next one.",
        "delivery",
        "both",
        "yes",
        "post",
        raises=_CLOSED,
        observed="what the service answers to the second attempt, 2 attempts",
    ),
    FaultKind(
        "stale",
        ("49",),
        "The answer is the one that an equal request got so many times ago.",
        "delivery",
        "both",
        "yes",
        "post",
        (Parameter("reads", "whole", 1, least=1, most=1000),),
        observed="returned, 1 attempt",
    ),
    FaultKind(
        "poison",
        ("44",),
        "An answer too many stays in the connection, and is taken for that to the next request.",
        "delivery",
        "both",
        "yes",
        "post",
        observed="returned; the next call gets this answer",
    ),
)

FAILURES = (*CONNECTING, *BREAKING, *TIME, *FRAMING, *DELIVERY)
