"""What a fault makes of the service's own answer."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping

from ..codec.wrong_replies import with_body, with_header, wrong_form
from ..interaction import Reply
from .fault import Fault

Spoiling = Callable[[Reply, Fault], Reply]


def spoil(reply: Reply, fault: Fault) -> Reply:
    """Return what is left of an answer; one that the fault cannot spoil comes back unchanged.

    Args:
        reply: The answer of the service, or of what answers in its stead.
        fault: One whose kind has the effect ``change`` or ``cut``.
    """
    return SPOILERS[fault.kind](reply, fault)


def _keep(reply: Reply, fault: Fault) -> bytes:
    return reply.body[: int(len(reply.body) * fault.number("keep"))]


def _cut(reply: Reply, fault: Fault) -> Reply:
    """The headers still announce the whole body."""
    return Reply(reply.status, reply.headers, _keep(reply, fault))


def _without_body(reply: Reply, _: Fault) -> Reply:
    return Reply(reply.status, reply.headers, b"")


def _half_the_headers(reply: Reply, _: Fault) -> Reply:
    return Reply(reply.status, reply.headers[: len(reply.headers) // 2], b"")


def _no_length(reply: Reply, fault: Fault) -> Reply:
    return with_header(Reply(reply.status, reply.headers, _keep(reply, fault)), "Content-Length", None)


def _short(reply: Reply, fault: Fault) -> Reply:
    return with_body(reply, _keep(reply, fault))


def _interim(status: int) -> Spoiling:
    # http.client knows no interim answer but 100, and takes any other for the answer itself.
    return lambda _reply, _fault: Reply(status, (), b"")


def _form(name: str) -> Spoiling:
    alter = wrong_form(name).alter
    return lambda reply, _: alter(reply)


def _named_form(reply: Reply, fault: Fault) -> Reply:
    return wrong_form(str(fault.value("name"))).alter(reply)


def _sub(pattern: bytes, new: bytes, *, count: int = 1) -> Spoiling:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda reply, _: with_body(reply, compiled.sub(new, reply.body, count=count))


_CORRUPT = {
    "text": _sub(rb">([^<>]+)</", rb">&\1</"),  # an ampersand that begins no entity
    "tag": _sub(rb"</(\w)", b"</\x01\\1"),
    "utf8": _sub(rb">([^<>])[^<>]*</", b">\\1\xff\xfe</"),
}


def _corrupt(reply: Reply, fault: Fault) -> Reply:
    return _CORRUPT[str(fault.value("where"))](reply, fault)


# A letter that begins the text of an element, or the string value of a JSON member.
_VALUE = re.compile(rb'>([A-Za-z])[^<>]*</|:\s*"([A-Za-z])[^"]*"')


def _flip(reply: Reply, fault: Fault) -> Reply:
    """Flip the lowest bit that leaves the letter a letter."""
    for number, found in enumerate(_VALUE.finditer(reply.body)):
        if number == fault.number("value"):
            start = found.start(1) if found[1] else found.start(2)
            old = reply.body[start]
            new = next(old ^ bit for bit in (1, 2, 4) if bytes([old ^ bit]).isalpha())
            return with_body(reply, reply.body[:start] + bytes([new]) + reply.body[start + 1 :])
    return reply


def _gzip(reply: Reply, _: Fault) -> Reply:
    return with_header(with_body(reply, gzip.compress(reply.body, mtime=0)), "Content-Encoding", "gzip")


_TEXT = re.compile(rb">(?!true<|false<)[^<>]+</(?!\w*(?:Id|ID)>)")


def _large(reply: Reply, fault: Fault) -> Reply:
    return _sub(rb">(?!true<|false<)[^<>]+</(?!\w*(?:Id|ID)>)", b">" + b"x" * int(fault.number("size")) + b"</")(
        reply, fault
    )


def _deep(reply: Reply, fault: Fault) -> Reply:
    depth = int(fault.number("depth"))
    return _sub(rb"(</\w+Result>)", b"<d>" * depth + b"</d>" * depth + rb"\1")(reply, fault)


def _bomb(reply: Reply, _: Fault) -> Reply:
    """Ten times ten times ten: 30 MB at the end, which a parser without a limit survives."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 8))
    bomb = b'<!DOCTYPE r [<!ENTITY e0 "lol">' + entities + b"]>"
    exploding = _VALUE.sub(b">&e7;</", reply.body, count=1)
    return with_body(reply, bomb + exploding) if exploding != reply.body else reply


SPOILERS: Mapping[str, Spoiling] = {
    "close.mid_headers": _half_the_headers,
    "close.after_headers": _without_body,
    "close.mid_body": _cut,
    "close.no_length": _no_length,
    "tls.cut": _cut,
    "length.short": _short,
    "interim.hints": _interim(103),
    "interim.switching": _interim(101),
    "bytes.corrupt": _corrupt,
    "bytes.flip": _flip,
    "body.empty": _form("body.empty"),
    "body.gzip": _gzip,
    "body.large": _large,
    "body.deep": _deep,
    "xml.malformed": _sub(rb"</(\w+)>", rb"</\1.>"),
    "xml.root": _sub(rb"(</?)\w+?(Response|Result)(?=[ >])", rb"\1Other\2", count=0),
    "xml.wrapper": _form("result.wrapper-missing"),
    "xml.member_missing": _sub(rb"(<\w+Result>)<(\w+)>.*?</\2>", rb"\1"),
    "xml.member_repeated": _form("result.member-repeated"),
    "xml.member_unknown": _form("result.member-unknown"),
    "xml.namespace": _form("namespace.other"),
    "xml.utf16": _form("body.utf-16"),
    "xml.entity_bomb": _bomb,
    "header.content_type": _form("header.content-type-html"),
    "result.false": _sub(rb"(>|:\s*)true\b", rb"\1false", count=0),
    "result.short": _sub(rb"<member>(?:(?!<member>).)*?</member>(</\w+>)", rb"\1", count=0),
    "form": _named_form,
}
