"""What a fault makes of the service's own answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..interaction import Reply
from .fault import Fault

Spoiling = Callable[[Reply, Fault], Reply]


def spoil(reply: Reply, fault: Fault) -> Reply:
    """Return what is left of an answer; one that the fault cannot spoil comes back unchanged."""
    return SPOILERS[fault.kind](reply, fault)


def _cut(reply: Reply, fault: Fault) -> Reply:
    """The headers still announce the whole body."""
    return Reply(reply.status, reply.headers, reply.body[: int(len(reply.body) * fault.number("keep"))])


def _without_body(reply: Reply, _: Fault) -> Reply:
    return Reply(reply.status, reply.headers, b"")


def _half_the_headers(reply: Reply, _: Fault) -> Reply:
    return Reply(reply.status, reply.headers[: len(reply.headers) // 2], b"")


def _no_length(reply: Reply, fault: Fault) -> Reply:
    headers = tuple((name, value) for name, value in reply.headers if name.lower() != "content-length")
    return Reply(reply.status, headers, reply.body[: int(len(reply.body) * fault.number("keep"))])


def _short(reply: Reply, fault: Fault) -> Reply:
    kept = int(len(reply.body) * fault.number("keep"))
    headers = tuple((n, str(kept)) if n.lower() == "content-length" else (n, v) for n, v in reply.headers)
    return Reply(reply.status, headers, reply.body[:kept])


def _interim(status: int) -> Spoiling:
    # http.client knows no interim answer but 100, and takes any other for the answer itself.
    return lambda _reply, _fault: Reply(status, (), b"")


SPOILERS: Mapping[str, Spoiling] = {
    "close.mid_headers": _half_the_headers,
    "close.after_headers": _without_body,
    "close.mid_body": _cut,
    "close.no_length": _no_length,
    "tls.cut": _cut,
    "length.short": _short,
    "interim.hints": _interim(103),
    "interim.switching": _interim(101),
}
