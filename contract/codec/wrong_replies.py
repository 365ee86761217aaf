"""Wrong replies of the query protocol, made from right ones: for faults, exams and the codec's own tests.

Each `WrongForm` names the departure that a strict reader must tell. botocore accepts about half of them
(measured with 1.44.5); that is what they are for.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..interaction import Reply

Alteration = Callable[[Reply], Reply]


@dataclass(frozen=True, slots=True)
class WrongForm:
    """One way to spoil a reply.

    Attributes:
        name: Stable and dull, e.g. ``result.wrapper-missing``.
        departures: The codes of which a strict reader tells at least one.
        of: ``result``, ``error`` or ``any``: which replies it can be made from.
        alter: Takes the right reply, gives the wrong one. A reply that it cannot spoil comes back unchanged.
    """

    name: str
    departures: frozenset[str]
    of: str
    alter: Alteration


def with_body(reply: Reply, body: bytes) -> Reply:
    """Return `reply` with another body and a Content-Length that fits it."""
    length = str(len(body))
    headers = tuple([(k, length) if k.lower() == "content-length" else (k, v) for k, v in reply.headers])
    return Reply(reply.status, headers, body)


def with_header(reply: Reply, name: str, value: str | None) -> Reply:
    """Return `reply` with that header set, or without it when `value` is None."""
    kept = tuple((k, v) for k, v in reply.headers if k.lower() != name.lower())
    return replace(reply, headers=kept if value is None else (*kept, (name, value)))


def _sub(pattern: bytes, replacement: bytes) -> Alteration:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda reply: with_body(reply, compiled.sub(replacement, reply.body, count=1))


def _body(change: Callable[[bytes], bytes]) -> Alteration:
    return lambda reply: with_body(reply, change(reply.body))


def _header(name: str, value: str | None) -> Alteration:
    return lambda reply: with_header(reply, name, value)


def _status(status: int) -> Alteration:
    return lambda reply: replace(reply, status=status)


def _form(name: str, departures: str, alter: Alteration) -> WrongForm:
    of = name.partition(".")[0]
    return WrongForm(name, frozenset(departures.split()), of if of in ("result", "error") else "any", alter)


_RESULT = rb"<(\w+)Result>(.*)</\1Result>"
_REQUEST_ID = rb"<RequestId>([^<]*)</RequestId>"
_BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)

WRONG_FORMS: tuple[WrongForm, ...] = (
    _form("body.empty", "body-empty", _body(lambda _: b"")),
    _form("body.truncated", "truncated not-well-formed", _body(lambda body: body[: len(body) * 2 // 3])),
    _form("body.trailing", "not-well-formed", _body(lambda body: body + b"<more/>")),
    _form("body.doubled", "not-well-formed", _body(lambda body: body + body)),
    _form("body.leading-blank", "not-well-formed", _body(lambda body: b'\n\n<?xml version="1.0"?>' + body)),
    _form("body.html", "root error-envelope", _body(lambda _: b"<html><body>Service Unavailable</body></html>")),
    _form("body.text", "not-well-formed", _body(lambda _: b"Internal Server Error")),
    _form("body.json", "not-well-formed", _body(lambda _: b'{"message": "no"}')),
    _form("body.not-utf-8", "not-utf-8", _sub(rb"</", b"\xff\xfe</")),
    _form("body.utf-16", "not-utf-8", _body(lambda body: body.decode("utf-8", "replace").encode("utf-16"))),
    _form("body.latin-1", "not-utf-8", _body(lambda body: b'<?xml version="1.0" encoding="ISO-8859-1"?>' + body)),
    _form("body.xml-1.1", "not-well-formed", _body(lambda body: b'<?xml version="1.1"?>' + body)),
    _form("body.nul", "not-well-formed", _sub(rb"</", b"\0</")),
    _form("body.gzip", "not-utf-8", _body(lambda body: gzip.compress(body, mtime=0))),
    _form("body.entity", "entity-declaration", _body(lambda body: b'<!DOCTYPE r [<!ENTITY e "x">]>' + body)),
    _form(
        "body.external-entity",
        "entity-declaration",
        _body(lambda body: b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + body),
    ),
    _form("body.entity-bomb", "entity-declaration", _body(lambda body: _BOMB + body)),
    _form("header.content-type-html", "content-type", _header("Content-Type", "text/html")),
    _form("header.content-type-json", "content-type", _header("Content-Type", "application/json")),
    _form("header.content-type-none", "content-type", _header("Content-Type", None)),
    _form("header.content-type-charset", "content-type", _header("Content-Type", "text/xml; charset=not-utf-8x")),
    _form(
        "header.content-type-twice",
        "content-type",
        lambda r: replace(r, headers=(*r.headers, ("content-type", "text/html"))),
    ),
    _form("header.content-encoding", "content-type", _header("Content-Encoding", "gzip")),
    _form("namespace.other", "namespace", _sub(rb'xmlns="[^"]*"', b'xmlns="http://example.com/"')),
    _form("namespace.none", "namespace", _sub(rb' xmlns="[^"]*"', b"")),
    _form("namespace.mixed", "namespace", _sub(rb"<(RequestId|Code)>", rb'<\1 xmlns="urn:other">')),
    _form("result.root", "root", lambda r: with_body(r, re.sub(rb"\w+Response(?=[ >])", b"OtherResponse", r.body))),
    _form("result.wrapper-missing", "wrapper", _sub(_RESULT, rb"\2")),
    _form("result.wrapper-renamed", "wrapper", _sub(_RESULT, rb"<OtherResult>\2</OtherResult>")),
    _form("result.wrapper-doubled", "member-repeated", _sub(_RESULT, rb"\g<0>\g<0>")),
    _form("result.member-unknown", "member-unknown", _sub(rb"Result>", b"Result><Surprise>1</Surprise>")),
    _form(
        "result.member-case", "member-unknown", _sub(rb"<(\w+Result)><(\w)(\w*)>(.*?)</\2\3>", rb"<\1><x\3>\4</x\3>")
    ),
    _form("result.member-repeated", "member-repeated", _sub(rb"(Result>)(<(\w+)>[^<]*</\3>)", rb"\1\2\2")),
    _form("result.member-nested", "member-type", _sub(rb"(Result><\w+>)[^<]*", rb"\1<deeper>x</deeper>")),
    _form("result.stray-text", "member-type", _sub(rb"Result>", b"Result>stray")),
    _form("result.boolean-yes", "boolean", _sub(rb">(true|false)<", b">yes<")),
    _form("result.boolean-upper", "boolean", _sub(rb">(true|false)<", b">TRUE<")),
    _form("result.boolean-one", "boolean", _sub(rb">(true|false)<", b">1<")),
    _form("result.boolean-empty", "boolean", _sub(rb">(true|false)<", b"><")),
    _form("result.boolean-spaces", "boolean", _sub(rb">(true|false)<", rb"> \1 <")),
    _form("result.list-item", "list-member", lambda r: with_body(r, re.sub(rb"(</?)member>", rb"\1item>", r.body))),
    _form(
        "result.list-flattened", "list-member member-type", lambda r: with_body(r, re.sub(rb"</?member>", b"", r.body))
    ),
    _form("result.list-text", "member-type", _sub(rb"<(\w+List)>.*</\1>", rb"<\1>text</\1>")),
    _form("result.metadata-missing", "request-id", _sub(rb"<ResponseMetadata>.*</ResponseMetadata>", b"")),
    _form("result.request-id-empty", "request-id", _sub(rb"<RequestId>[^<]*", b"<RequestId>")),
    _form("result.request-id-blank", "request-id", _sub(rb"<RequestId>[^<]*", b"<RequestId>  ")),
    _form("result.request-id-nested", "request-id", _sub(rb"<RequestId>([^<]*)", rb"<RequestId>\1<deeper>x</deeper>")),
    _form("result.request-id-doubled", "member-repeated", _sub(rb"<RequestId>.*</RequestId>", rb"\g<0>\g<0>")),
    _form("result.request-id-case", "member-unknown request-id", _sub(_REQUEST_ID, rb"<RequestID>\1</RequestID>")),
    _form("result.metadata-unknown", "member-unknown", _sub(rb"<ResponseMetadata>", rb"\g<0><HostId>h</HostId>")),
    _form("result.metadata-text", "member-type", _sub(rb"<ResponseMetadata>", rb"\g<0>stray")),
    _form("result.status-201", "status", _status(201)),
    _form("result.status-400", "status", _status(400)),
    _form("result.status-500", "status", _status(500)),
    _form("error.status-200", "status", _status(200)),
    _form("error.status-302", "status", _status(302)),
    _form("error.status-600", "status", _status(600)),
    _form("error.bare", "error-envelope", _sub(rb"<ErrorResponse[^>]*>(<Error>.*</Error>).*", rb"\1")),
    _form(
        "error.ec2",
        "error-envelope",
        _sub(
            rb"<ErrorResponse([^>]*)>(<Error>.*</Error>)(.*)</ErrorResponse>",
            rb"<Response\1><Errors>\2</Errors>\3</Response>",
        ),
    ),
    _form("error.empty", "error-envelope", _sub(rb"<Error>.*</Error>", b"")),
    _form("error.doubled", "member-repeated", _sub(rb"(<Error>.*</Error>)", rb"\1\1")),
    _form("error.type-missing", "error-type", _sub(rb"<Type>[^<]*</Type>", b"")),
    _form("error.type-other", "error-type", _sub(rb"<Type>[^<]*", b"<Type>Client")),
    _form("error.code-missing", "error-code", _sub(rb"<Code>[^<]*</Code>", b"")),
    _form("error.code-empty", "error-code", _sub(rb"<Code>[^<]*", b"<Code>")),
    _form("error.code-spaces", "error-code", _sub(rb"<Code>([^<]*)", rb"<Code> \1 ")),
    _form("error.code-two-words", "error-code", _sub(rb"<Code>([^<]*)", rb"<Code>\1 Again")),
    _form("error.message-blank", "error-message", _sub(rb"<Message>[^<]*", b"<Message>  ")),
    _form("error.message-missing", "error-message", _sub(rb"<Message>[^<]*</Message>", b"")),
    _form(
        "error.message-lower-case", "error-envelope", _sub(rb"<Message>([^<]*)</Message>", rb"<message>\1</message>")
    ),
    _form("error.request-id-missing", "request-id", _sub(_REQUEST_ID, b"")),
    _form("error.request-id-blank", "request-id", _sub(rb"<RequestId>[^<]*", b"<RequestId>  ")),
    _form("error.request-id-nested", "request-id", _sub(rb"<RequestId>([^<]*)", rb"<RequestId>\1<deeper>x</deeper>")),
    _form("error.request-id-case", "error-envelope request-id", _sub(_REQUEST_ID, rb"<RequestID>\1</RequestID>")),
)
"""Every wrong form, in the order of the concerns: bytes, headers, namespace, result, error."""


_BY_NAME = {form.name: form for form in WRONG_FORMS}


def wrong_form(name: str) -> WrongForm:
    """Return the wrong form of that name.

    Raises:
        KeyError: There is none of that name.
    """
    return _BY_NAME[name]
