"""Bodies that are not the form they claim to be: good ones with one departure each."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from hypothesis import strategies as st

from ..contract.case import Case, Raw
from ..contract.codec.form import read_form
from ..contract.model import Operation

FORM = "application/x-www-form-urlencoded; charset=utf-8"
_PLACES = 2_520  # divisible by most numbers of pairs, so that each is as likely
_OTHER_TYPES = (
    "application/json",
    "application/x-amz-json-1.1",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/xml",
    "application/x-www-form-urlencoded; charset=utf-16",
    "not a content type",
    "",
)
_INSERTED = {
    "percent sign alone": b"%",
    "percent with one digit": b"%4",
    "percent with letters": b"%zz",
    "percent in JavaScript's way": b"%u0041",
    "escaped byte that is not UTF-8": b"%ff",
    "escaped UTF-8 cut short": b"%c3%28",
    "escaped surrogate": b"%ed%a0%80",
    "escaped overlong UTF-8": b"%c0%af",
    "escaped code point beyond Unicode": b"%f5%80%80%80",
    "raw UTF-8": "é".encode(),
    "raw byte that is not UTF-8": b"\xff",
    "escaped NUL": b"%00",
    "raw NUL": b"\0",
    "raw space": b" ",
    "raw line end": b"\r\n",
    "escaped line end": b"%0d%0a",
    "second equals sign": b"=",
}
_APPENDED = {
    "ampersand at the end": b"&",
    "pair without equals sign": b"&NotAMember",
    "pair without key": b"&=1",
    "pair of an equals sign": b"&=",
    "line end after the body": b"\r\n",
    "garbage after the body": b"\0\0\xff\xfe",
    "another request after the body": b"\r\n\r\nGET / HTTP/1.1\r\n\r\n",
}
_PREPENDED = {"ampersand at the start": b"&", "byte order mark": b"\xef\xbb\xbf", "question mark": b"?"}

# Makes a body and its content type from a good body and a place, any number at all.
_Make = Callable[[bytes, int], tuple[bytes, str]]


@dataclass(frozen=True, slots=True)
class _Departure:
    name: str
    make: _Make

    def case(self, operation: Operation, body: bytes, place: int) -> Case:
        changed, content_type = self.make(body, place)
        return Case(operation.name, Raw(changed, content_type), label=f"bytes: {self.name}")


def malformed_bytes(body: bytes | st.SearchStrategy[bytes], *, operation: Operation) -> st.SearchStrategy[Case]:
    """Return a strategy for cases whose body of bytes departs once from a good one.

    Percent escapes that are none, or are not UTF-8; raw bytes that are not ASCII; NUL, spaces and line ends; an empty
    body, a truncated one, one with garbage at its end; ampersands and equals signs too many or too few; JSON, XML,
    UTF-16 or compressed data instead of the form, with its own content type and with the form's; a form under
    another content type, or under none (``""``). The label says which. For large bodies see `oversized_bodies`.

    Args:
        body: A good body as `codec.form.write_form` makes it, or a strategy for such.
        operation: The operation that it is for.

    Raises:
        TypeError: `body` is neither.
        ValueError: `body` is empty.
    """
    # One draw for what and where: each draw costs more than all the rest.
    choices = st.integers(0, len(_DEPARTURES) * _PLACES - 1)
    if isinstance(body, st.SearchStrategy):
        return st.tuples(body, choices).map(lambda drawn: _chosen(operation, *drawn))
    _check(body)
    return choices.map(lambda choice: _chosen(operation, body, choice))


def every_malformed_body(body: bytes, *, operation: Operation) -> tuple[Case, ...]:
    """Return each kind of departure that `malformed_bytes` makes from this body, once, in its midst.

    Raises:
        TypeError: `body` is not bytes.
        ValueError: `body` is empty.
    """
    _check(body)
    middle = len(body) // 2
    return tuple(departure.case(operation, body, middle) for departure in _DEPARTURES)


def oversized_bodies(
    body: bytes | st.SearchStrategy[bytes], *, operation: Operation, megabytes: float = 1
) -> st.SearchStrategy[Case]:
    """Return a strategy for cases with a body that is larger than `body` by so many megabytes.

    One value, one key, many pairs, many repetitions of a key, or nothing but ampersands. They are costly: draw few.

    Args:
        body: A good body, or a strategy for such.
        operation: The operation that it is for.
        megabytes: How much is added, in units of 1,000,000 bytes.

    Raises:
        TypeError: `body` is neither.
        ValueError: `body` is empty, or `megabytes` is not above 0.
    """
    if not megabytes > 0:
        raise ValueError(f"megabytes must be above 0, got {megabytes}")
    if not isinstance(body, st.SearchStrategy):
        _check(body)
        body = st.just(body)
    size = max(1, int(megabytes * 1_000_000))

    def case(made: tuple[bytes, tuple[str, Callable[[bytes, int], bytes]]]) -> Case:
        good, (name, grow) = made
        return Case(operation.name, Raw(grow(good, size), FORM), label=f"bytes: {size} more, {name}")

    return st.tuples(body, st.sampled_from(_GROWTHS)).map(case)


def _chosen(operation: Operation, body: bytes, choice: int) -> Case:
    departure, place = divmod(choice, _PLACES)
    return _DEPARTURES[departure].case(operation, body, place)


def _check(body: object) -> None:
    if not isinstance(body, bytes):
        raise TypeError(f"body must be bytes or a strategy for bytes, got {body!r}")
    if not body:
        raise ValueError("body must not be empty, got b''")


def _inserted(piece: bytes, body: bytes, place: int) -> tuple[bytes, str]:
    """Return `body` with `piece` after one of its values."""
    parts = body.split(b"&")
    parts[place % len(parts)] += piece
    return b"&".join(parts), FORM


def _doubled_ampersand(body: bytes, place: int) -> tuple[bytes, str]:
    parts = body.split(b"&")
    parts.insert(1 + place % len(parts), b"")
    return b"&".join(parts), FORM


def _no_equals(body: bytes, place: int) -> tuple[bytes, str]:
    parts = body.split(b"&")
    at = place % len(parts)
    parts[at] = parts[at].replace(b"=", b"")
    return b"&".join(parts), FORM


def _truncated(body: bytes, place: int) -> tuple[bytes, str]:
    return body[: place % max(1, len(body))], FORM


def _one_byte_changed(body: bytes, place: int) -> tuple[bytes, str]:
    at = place % max(1, len(body))
    return body[:at] + bytes(byte ^ 0x80 for byte in body[at : at + 1]) + body[at + 1 :], FORM


def _as_json(body: bytes) -> bytes:
    return json.dumps(dict(read_form(body).pairs)).encode()


def _as_xml(body: bytes) -> bytes:
    pairs = read_form(body).pairs
    members = "".join(f'<member name="{escape(key)}">{escape(value)}</member>' for key, value in pairs)
    return f'<?xml version="1.0"?><request>{members}</request>'.encode("utf-8", "surrogateescape")


def _as_multipart(body: bytes) -> bytes:
    pairs = read_form(body).pairs
    parts = (f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in pairs)
    return ("".join(parts) + "--x--\r\n").encode("utf-8", "surrogateescape")


def _whole(convert: Callable[[bytes], bytes], content_type: str = FORM) -> _Make:
    return lambda body, _: (convert(body), content_type)


def _appended(piece: bytes, body: bytes, _: int) -> tuple[bytes, str]:
    return body + piece, FORM


def _prepended(piece: bytes, body: bytes, _: int) -> tuple[bytes, str]:
    return piece + body, FORM


def _as_it_is(body: bytes) -> bytes:
    return body


_DEPARTURES = (
    _Departure("empty body", _whole(lambda _: b"")),
    _Departure("truncated body", _truncated),
    *(_Departure(f"{name} in a value", partial(_inserted, piece)) for name, piece in _INSERTED.items()),
    _Departure("one byte with its eighth bit set", _one_byte_changed),
    _Departure("doubled ampersand", _doubled_ampersand),
    _Departure("no equals sign in a pair", _no_equals),
    _Departure("semicolons for ampersands", _whole(lambda body: body.replace(b"&", b";"))),
    *(_Departure(name, partial(_appended, piece)) for name, piece in _APPENDED.items()),
    *(_Departure(name, partial(_prepended, piece)) for name, piece in _PREPENDED.items()),
    *(_Departure(f"content type {kind!r}", _whole(_as_it_is, kind)) for kind in _OTHER_TYPES),
    _Departure("JSON", _whole(_as_json, "application/json")),
    _Departure("JSON as a form", _whole(_as_json)),
    _Departure("XML", _whole(_as_xml, "text/xml")),
    _Departure("XML as a form", _whole(_as_xml)),
    _Departure("multipart form", _whole(_as_multipart, "multipart/form-data; boundary=x")),
    _Departure("multipart form as a form", _whole(_as_multipart)),
    _Departure("UTF-16", _whole(lambda body: body.decode("latin-1").encode("utf-16"))),
    _Departure("compressed data", _whole(zlib.compress)),
    _Departure("escaped twice", _whole(lambda body: body.replace(b"%", b"%25").replace(b"=", b"%3D"))),
)
_GROWTHS: tuple[tuple[str, Callable[[bytes, int], bytes]], ...] = (
    ("in the last value", lambda body, size: body + b"a" * size),
    ("in a value of an unknown key", lambda body, size: body + b"&NotAMember=" + b"a" * size),
    ("in a key", lambda body, size: body + b"&" + b"a" * size + b"=1"),
    ("in many pairs", lambda body, size: body + b"".join(b"&k%07d=1" % number for number in range(size // 11 + 1))),
    ("in repetitions of a key", lambda body, size: body + b"&NotAMember=1" * (size // 13 + 1)),
    ("in ampersands", lambda body, size: body + b"&" * size),
    ("in percent escapes", lambda body, size: body + b"%41" * (size // 3 + 1)),
)
