"""Right but odd: endpoints that the contract allows, though no other one answers like them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.wrong_replies import with_body
from botoproof.contract.expectation import Violation
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.specification import default_world

Oddity = Callable[[Reply], Reply]


def _body(change: Callable[[bytes], bytes]) -> Oddity:
    return lambda reply: with_body(reply, change(reply.body))


def _without_declaration(body: bytes) -> bytes:
    return re.sub(rb"^<\?xml[^>]*\?>\s*", b"", body)


def _prefixed(body: bytes) -> bytes:
    named = re.sub(rb"<(/?)(\w+)", rb"<\1n:\2", _without_declaration(body))
    return named.replace(b"xmlns=", b"xmlns:n=")


def _in_another_order(body: bytes) -> bytes:
    for pattern in (
        rb"(<Type>.*</Type>)(<Code>.*</Message>)",
        rb"(<Error>.*</Error>)(<RequestId>.*</RequestId>)",
        rb"(<\w+Result>.*</\w+Result>)(<ResponseMetadata>.*</ResponseMetadata>)",
    ):
        body = re.sub(pattern, rb"\2\1", body, flags=re.DOTALL)
    return body


def _with_headers(change: Callable[[str, str], tuple[str, str]]) -> Oddity:
    return lambda reply: replace(reply, headers=tuple(change(*pair) for pair in reply.headers))


def _application_xml(name: str, value: str) -> tuple[str, str]:
    return (name, 'Application/XML; charset="UTF-8"' if name.lower() == "content-type" else value)


def _referred(start: re.Match[bytes]) -> bytes:
    return b"<%s>&#%d;" % (start[1], ord(start[2]))


ODDITIES: Mapping[str, Oddity] = {
    "a declaration": _body(lambda body: b"<?xml version='1.0' encoding='utf-8' ?>\r\n" + _without_declaration(body)),
    "a byte order mark": _body(lambda body: b"\xef\xbb\xbf" + body),
    "indented": _body(lambda body: re.sub(rb"><(?!/)", b">\n  <", body) + b"\n"),
    "comments": _body(lambda body: body.replace(b"><", b"><!-- c --><") + b"<!-- the end -->"),
    "a prefix": _body(_prefixed),
    "members in another order": _body(_in_another_order),
    "character data": _body(lambda body: re.sub(rb"<(Message|Success)>([^<]*)<", rb"<\1><![CDATA[\2]]><", body)),
    "character references": _body(
        lambda body: body.replace(b"<Type>S", b"<Type>&#x53;").replace(b"<Success>t", b"<Success>&#116;")
    ),
    "lower-case headers": _with_headers(lambda name, value: (name.lower(), value)),
    "another media type": _with_headers(_application_xml),
}


class Odd(Endpoint):
    """The embedded endpoint: each reply has the next oddity, and of several broken rules it answers the last.

    Where the contract leaves several codes to a rule it takes the last of them, too.
    """

    def __init__(self) -> None:
        operations = {operation.name: operation for operation in read_operations("importexport")}
        super().__init__(default_world(), operations, now=datetime.now(UTC))
        self._oddities = itertools.cycle(ODDITIES.values())

    def answer(self, request: Request, now: datetime) -> Reply:
        return next(self._oddities)(super().answer(request, now))

    def broken_rules(self, facts: Facts) -> tuple[Violation, ...]:
        broken = tuple(super().broken_rules(facts))
        return tuple(replace(found, codes=found.codes[::-1]) for found in broken[::-1])


def in_old_http(reply: bytes) -> bytes:
    """Return a reply as a server of HTTP/1.0 writes it; nothing comes after it on the connection."""
    return reply.replace(b"HTTP/1.1", b"HTTP/1.0", 1)


def in_chunks(reply: bytes) -> bytes:
    """Return a reply whose body comes in chunks of seven bytes."""
    head, _, body = reply.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    parts = [body[place : place + 7] for place in range(0, len(body), 7)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"\r\n".join([*kept, b"transfer-encoding: chunked", b"", chunks]) + b"0\r\n\r\n"
