"""Messages of HTTP/1.1 on asyncio's streams, read by h11 within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import h11

from ..interaction import Headers, Reply, Request

MAX_BODY = 16 * 1024 * 1024
_CHUNK = 65536
_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect")
)


class TooLarge(Exception):
    """A body is larger than what is kept in memory."""


class RequestReader:
    """Reads the requests of one connection, one after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        """Take a connection, of which nothing was read yet."""
        self._reader = reader
        self._writer = writer
        self._scheme = scheme
        self._rest = b""
        self.says_close = False

    async def begun(self) -> bool:
        """Wait for the first byte of the next request; return whether there is one."""
        if not self._rest:
            self._rest = await self._reader.read(_CHUNK)
        return bool(self._rest)

    async def next(self) -> Request | None:
        """Return the next request, or None when the peer has closed.

        Raises:
            h11.RemoteProtocolError: The peer does not speak HTTP.
            TooLarge: The body is larger than what is kept.
        """
        state = h11.Connection(h11.SERVER)
        if self._rest:
            state.receive_data(self._rest)
            self._rest = b""
        head: h11.Request | None = None
        body: list[bytes] = []
        size = 0
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                if state.they_are_waiting_for_100_continue:
                    self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                state.receive_data(await self._reader.read(_CHUNK))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                size += len(event.data)
                if size > MAX_BODY:
                    raise TooLarge
                body.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                self._rest, _ = state.trailing_data
                self.says_close = state.their_state is not h11.DONE
                return self._request(head, b"".join(body))
            else:
                return None

    def _request(self, head: h11.Request, body: bytes) -> Request:
        headers = _text(head.headers.raw_items())
        host = next((value for name, value in headers if name.lower() == "host"), "127.0.0.1")
        target = head.target.decode("latin-1")
        return Request(head.method.decode("latin-1"), f"{self._scheme}://{host}{target}", headers, body)


def write_request(request: Request) -> bytes:
    """Return a request as it is sent on: what is about one connection only is left out."""
    url = request.url.partition("://")[2]
    target = url[url.index("/") :] if "/" in url else "/"
    headers = end_to_end(request.headers)
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    if request.body and request.header("content-length") is None:
        lines.append(f"Content-Length: {len(request.body)}")  # it came in chunks
    return "\r\n".join((*lines, "", "")).encode("latin-1") + request.body


async def read_reply(reader: asyncio.StreamReader, method: str) -> tuple[Reply, bool]:
    """Return a reply as it is handed on, and whether its connection can be used again.

    Args:
        reader: What comes.
        method: Of the request, as the reply to a HEAD has no body.

    Raises:
        h11.RemoteProtocolError: It is no HTTP, or was cut.
        TooLarge: The body is larger than what is kept.
    """
    state = h11.Connection(h11.CLIENT)
    state.send(h11.Request(method=method, target="/", headers=[("Host", "-")]))
    state.send(h11.EndOfMessage())
    head: h11.Response | None = None
    body: list[bytes] = []
    size = 0
    while True:
        event = state.next_event()
        if event is h11.NEED_DATA:
            state.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            size += len(event.data)
            if size > MAX_BODY:
                raise TooLarge
            body.append(bytes(event.data))
        elif isinstance(event, h11.InformationalResponse):
            continue
        else:
            break
    if head is None:
        raise h11.RemoteProtocolError("the connection was closed before a reply came")
    headers = end_to_end(_text(head.headers.raw_items()))
    keeps = state.their_state is h11.DONE and not state.trailing_data[0]
    return Reply(head.status_code, headers, b"".join(body)), keeps


def end_to_end(headers: Headers) -> Headers:
    """Return headers without those that are about one connection only."""
    named = {
        part.strip().lower() for name, value in headers if name.lower() == "connection" for part in value.split(",")
    }
    return tuple((name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named)


def _text(items: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in items)
