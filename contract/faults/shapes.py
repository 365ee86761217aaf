"""The bytes into which faults of connection and framing turn an answer, and how the connection ends.

What a client makes of them is in the kinds; here stands only what a server writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..codec.reply_bytes import write_head, write_lines, write_status
from ..errors import BadPlan
from ..interaction import Headers, Reply
from .fault import Fault

Ending = Literal["keep", "close", "reset", "cut", "stall", "reset_on_next"]
"""What becomes of a connection.

``keep`` reads the next request, ``close`` ends it in order (FIN, after TLS's own good-bye), ``reset`` breaks it (RST),
``cut`` ends it without TLS's good-bye, ``stall`` says nothing more until the client goes, and ``reset_on_next`` breaks
it when the next request comes.
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """An answer as written: what comes before the body, the body, and the end."""

    head: bytes = b""
    body: bytes = b""
    ending: Ending = "keep"


Shaping = Callable[[Reply | None, Fault], Shape]


def plain(reply: Reply) -> Shape:
    """Return an answer as it should be."""
    return Shape(write_head(reply), reply.body)


def _silent(ending: Ending) -> Shaping:
    return lambda _reply, _fault: Shape(ending=ending)


def _on(shape: Callable[[Reply, Fault], Shape]) -> Shaping:
    """Return a shaping that needs an answer."""

    def shaping(reply: Reply | None, fault: Fault) -> Shape:
        if reply is None:
            raise BadPlan(f"{fault} leaves no answer to give")
        return shape(reply, fault)

    return shaping


def _within_head(ending: Ending) -> Shaping:
    """The status line whole, and at most half of what follows, so that the cut is within the headers."""

    def shape(reply: Reply, _: Fault) -> Shape:
        head = write_head(reply)
        first = head.index(b"\r\n") + 2
        half, length = first + (len(head) - first) // 2, head.lower().find(b"\r\ncontent-length:")
        # Before the length is told: releases of botocore that compare it would see a body that is too short.
        return Shape(head[: min(half, length + len("\r\nContent")) if length >= 0 else half], b"", ending)

    return _on(shape)


def _after_head(ending: Ending) -> Shaping:
    return _on(lambda reply, _: Shape(write_head(reply), b"", ending))


def _within_body(ending: Ending) -> Shaping:
    return _on(lambda reply, fault: Shape(write_head(reply), _kept(reply, fault), ending))


def _whole(ending: Ending) -> Shaping:
    return _on(lambda reply, _: Shape(write_head(reply), reply.body, ending))


def _kept(reply: Reply, fault: Fault) -> bytes:
    return reply.body[: int(len(reply.body) * fault.number("keep"))]


def _framed(reply: Reply, *framing: str, version: str = "1.1") -> bytes:
    """Return a head in which other lines stand for those that tell the length."""
    return write_lines([write_status(reply.status, version), *_lines(_unframed(reply)), *framing])


def _unframed(reply: Reply) -> Headers:
    framing = ("content-length", "transfer-encoding")
    return tuple((name, value) for name, value in reply.headers if name.lower() not in framing)


def _lines(headers: Headers) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _no_length(reply: Reply, fault: Fault) -> Shape:
    return Shape(_framed(reply, "Connection: close"), _kept(reply, fault), "close")


def _short(reply: Reply, fault: Fault) -> Shape:
    """The rest of the body stays in the connection."""
    return Shape(_framed(reply, f"Content-Length: {len(_kept(reply, fault))}"), reply.body)


_LONGER = 100
"""How many bytes are announced that do not come."""


def _lengths(ending: Ending, *lengths: Callable[[int], object]) -> Shaping:
    return _on(
        lambda reply, _: Shape(
            _framed(reply, *(f"Content-Length: {length(len(reply.body))}" for length in lengths)), reply.body, ending
        )
    )


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def _chunked(body: Callable[[bytes, bytes], bytes], ending: Ending, *, with_length: bool = False) -> Shaping:
    """Return a shaping by which the body comes in chunks: `body` writes its two halves."""

    def shape(reply: Reply, _: Fault) -> Shape:
        middle = len(reply.body) // 2
        length = (f"Content-Length: {len(reply.body)}",) if with_length else ()
        head = _framed(reply, *length, "Transfer-Encoding: chunked")
        return Shape(head, body(reply.body[:middle], reply.body[middle:]), ending)

    return _on(shape)


_LAST = b"0\r\n\r\n"


def _chunk_cut(first: bytes, second: bytes) -> bytes:
    """The second chunk says its size, and ends in its midst."""
    return _chunk(first) + b"%x\r\n%b" % (len(second), second[: len(second) // 2])


def _interim(lines: list[str], *, then: bool) -> Shaping:
    return _on(
        lambda reply, _: Shape(
            write_lines(lines) + (write_head(reply) if then else b""),
            reply.body if then else b"",
            "keep" if then else "close",
        )
    )


def _first_line(line: str) -> Shaping:
    """Return a shaping by which another line stands for the first."""
    return _on(
        lambda reply, _: Shape(
            b"%b\r\n%b" % (line.encode(), write_head(reply).partition(b"\r\n")[2]), reply.body, "close"
        )
    )


def _more_headers(lines: list[str], ending: Ending = "close") -> Shaping:
    """Return a shaping by which other lines come before all headers."""
    return _on(
        lambda reply, _: Shape(
            write_lines(
                [write_status(reply.status), *lines, *_lines(_unframed(reply)), f"Content-Length: {len(reply.body)}"]
            ),
            reply.body,
            ending,
        )
    )


def _said(data: bytes) -> Shaping:
    return lambda _reply, _fault: Shape(data, b"", "close")


# Bytes of which none begins a status line and some end one, as a reader of lines waits for that.
_GARBAGE = bytes((number * 37 + 128) % 256 for number in range(256)) + b"\r\n\r\n"

SHAPES: Mapping[str, Shaping] = {
    "reset.after_request": _silent("reset"),
    "close.after_request": _silent("close"),
    "response_lost": _silent("close"),
    "reorder": _silent("close"),
    "timeout.read": _silent("stall"),
    "reset.mid_headers": _within_head("reset"),
    "close.mid_headers": _within_head("close"),
    "close.after_headers": _after_head("close"),
    "timeout.after_headers": _after_head("stall"),
    "reset.mid_body": _within_body("reset"),
    "close.mid_body": _within_body("close"),
    "tls.cut": _within_body("cut"),
    "close.no_length": _on(_no_length),
    "length.short": _on(_short),
    "length.long": _lengths("close", lambda size: size + _LONGER),
    "length.stall": _lengths("stall", lambda size: size + _LONGER),
    "length.two": _lengths("stall", lambda size: size, lambda size: size + 1),
    "length.negative": _lengths("stall", lambda size: -size - 1),
    "length.text": _lengths("stall", lambda _: "many"),
    "chunk.right": _chunked(lambda first, second: _chunk(first) + _chunk(second) + _LAST, "keep"),
    "chunk.with_length": _chunked(
        lambda first, second: _chunk(first) + _chunk(second) + _LAST, "keep", with_length=True
    ),
    "chunk.no_last": _chunked(lambda first, second: _chunk(first) + _chunk(second), "close"),
    "chunk.cut": _chunked(_chunk_cut, "close"),
    "chunk.reset": _chunked(_chunk_cut, "reset"),
    "chunk.bad_size": _chunked(lambda first, second: _chunk(first) + b"size\r\n" + second, "close"),
    "idle.close": _whole("close"),
    "idle.reset": _whole("reset_on_next"),
    "interim.continue": _interim(["HTTP/1.1 100 Continue"], then=True),
    "interim.hints": _interim(["HTTP/1.1 103 Early Hints", "Link: </style.css>; rel=preload"], then=True),
    "interim.switching": _interim(
        ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: other/1"], then=False
    ),
    "http10": _on(
        lambda reply, _: Shape(_framed(reply, f"Content-Length: {len(reply.body)}", version="1.0"), reply.body, "close")
    ),
    "http10.no_length": _on(lambda reply, _: Shape(_framed(reply, version="1.0"), reply.body, "close")),
    "garbage.bytes": _said(_GARBAGE),
    "garbage.banner": _said(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "garbage.version": _first_line("HTTP/3.9 200 OK"),
    "garbage.status": _first_line("HTTP/1.1 fine OK"),
    "headers.long": _more_headers([f"X-Long: {'x' * 70_000}"]),
    "headers.many": _more_headers([f"X-Number-{number}: {number}" for number in range(150)]),
    "headers.broken": _more_headers(["this line is no header"], "stall"),
}
"""What is written for each kind of fault that shapes an answer, or gives none."""
