"""Sends requests over a socket and tells exactly what came back, within limits of time and size.

urllib3's time limit holds for each read, so a peer that drips one byte at a time is never too slow for it; here one
deadline holds for the whole exchange. Replies are read by h11, which is strict about framing; nothing is sent twice,
redirected or decompressed. Proxies named in the environment are not used.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import h11

from ..codec.xml_document import MAX_BODY
from ..interaction import Interaction, Reply, Request, TransportFailure
from .connection import Connection, Failed, NothingSent, Patience, connect

TIME_LIMIT = 10.0
# What is larger is read by nobody: neither the strict codec nor the SDK is given it.
MAX_REPLY = MAX_BODY
# Seconds after the first reply in which a peer that closes each connection in silence, or writes more than it said,
# shows it: its connections are used once then.
_PROBATION = 0.05
_SHOWN = 200


@dataclass
class _Open:
    """A connection, and how far its HTTP has come."""

    origin: str
    connection: Connection
    state: h11.Connection
    answered: int = 0


class HttpTransport:
    """A transport over one kept-alive connection. Not for use by several threads at once.

    A request whose reply does not come is not sent again: it may have been carried out. Only a connection of which not
    a single byte was taken any more is replaced.

    Attributes:
        time_limit: Seconds for a whole exchange, connecting included; looking up a host's name is not.
    """

    def __init__(self, *, time_limit: float = TIME_LIMIT, max_reply: int = MAX_REPLY) -> None:
        """Prepare a transport; nothing is opened yet.

        Args:
            time_limit: Seconds for a whole exchange.
            max_reply: Bytes of a reply's body that are read before giving up.
        """
        self.time_limit = time_limit
        self._max_reply = max_reply
        self._open: _Open | None = None
        self._keeps: bool | None = None  # whether connections are used again; None before the first reply
        self._strays = False  # whether the peer has written more than it said, and is given the time to do it again

    def __call__(self, request: Request) -> Interaction:
        """Send `request`; what the peer does is told, never raised."""
        sent_at = datetime.now(UTC)
        started = time.monotonic()
        reply: Reply | None = None
        failure: TransportFailure | None = None
        stray = b""
        try:
            stray = self._leftover(_origin(request))
            reply, after = self._exchange(request, Patience(started + self.time_limit))
            stray = stray or after
        except Failed as wrong:
            failure = wrong.failure
            self.close()
        except BaseException:  # an interrupt leaves the connection out of step, and clean-up comes after it
            self.close()
            raise
        return Interaction(request, reply, failure, sent_at, time.monotonic() - started, stray[:_SHOWN])

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open.connection.close()
            self._open = None

    def _leftover(self, origin: str) -> bytes:
        """Return what came on the kept connection since the last reply; one that cannot be used again is closed."""
        if self._open is None:
            return b""
        unasked = self._open.connection.unasked() if self._open.origin == origin else b""
        if unasked is not None:
            self.close()
            self._distrust(unasked)
        return unasked or b""

    def _distrust(self, unasked: bytes) -> None:
        """Use no connection twice, once a peer has written more than it said."""
        if unasked:
            self._keeps, self._strays = False, True

    def _exchange(self, request: Request, patience: Patience) -> tuple[Reply, bytes]:
        opened = self._open or self._connect(request, patience)
        try:
            opened.connection.send(_encoded(opened.state, request), patience)
        except NothingSent:
            if opened.answered:
                self.close()
                opened = self._connect(request, patience)
                opened.connection.send(_encoded(opened.state, request), patience)
        reply = self._read(opened, patience)
        return reply, self._settle(opened)

    def _connect(self, request: Request, patience: Patience) -> _Open:
        url = urlsplit(request.url)
        connection = connect(url.scheme, url.hostname or "", url.port, patience)
        self._open = _Open(_origin(request), connection, h11.Connection(h11.CLIENT))
        return self._open

    def _settle(self, opened: _Open) -> bytes:
        """Keep the connection for the next request, or close it; return what came after the reply's end."""
        stray, _ = opened.state.trailing_data
        is_over = opened.state.our_state is h11.DONE and opened.state.their_state is h11.DONE
        if is_over and not stray and (self._keeps is None or self._strays):
            unasked = opened.connection.unasked(_PROBATION)
            stray = unasked or b""
            self._keeps = unasked is None and self._keeps is None
        self._distrust(stray)
        if is_over and self._keeps:
            opened.state.start_next_cycle()
            opened.answered += 1
        else:
            self.close()
        return stray

    def _read(self, opened: _Open, patience: Patience) -> Reply:
        head: h11.Response | None = None
        body = bytearray()
        begun = False
        while True:
            try:
                event = opened.state.next_event()
            except h11.RemoteProtocolError as wrong:
                kind = "closed" if _is_cut_short(wrong) else "not-http"
                raise Failed(kind, f"the reply is not complete HTTP: {wrong}") from None
            if event is h11.NEED_DATA:
                data = self._receive(opened, patience, begun=begun)
                begun = True
                opened.state.receive_data(data)
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._max_reply:
                    raise Failed("too-large", f"the reply's body is larger than {self._max_reply} bytes")
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)) or event is h11.PAUSED:
                break
        if head is None:
            raise Failed("closed", "the connection was closed before a reply came")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
        return Reply(head.status_code, headers, bytes(body))

    def _receive(self, opened: _Open, patience: Patience, *, begun: bool) -> bytes:
        try:
            data = opened.connection.receive(patience)
        except Failed as wrong:
            if begun or not opened.answered or wrong.failure.kind != "closed":
                raise
            data = b""
        if data or begun:
            return data
        if not opened.answered:
            raise Failed("closed", "the connection was closed before a reply came")
        # It may have been closed before the request came, or because of it: who sent it cannot know.
        self._keeps = False
        raise Failed(
            "closed",
            "the connection, kept open after an earlier reply, was closed before a reply came "
            "(from here on each request has a connection of its own)",
        )


def _origin(request: Request) -> str:
    url = urlsplit(request.url)
    return f"{url.scheme}://{url.netloc}"


def _encoded(state: h11.Connection, request: Request) -> bytes:
    headers = [(name, value) for name, value in request.headers if name.lower() not in ("content-length", "host")]
    framed = [("Host", request.host), *headers, ("Content-Length", str(len(request.body)))]
    target = urlsplit(request.url)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    try:
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in framed]
        start = h11.Request(method=request.method, target=path, headers=encoded)
        pieces = [state.send(start), state.send(h11.Data(data=request.body)), state.send(h11.EndOfMessage())]
    except (h11.LocalProtocolError, UnicodeError) as wrong:
        raise Failed("not-http", f"the request cannot be written as HTTP: {wrong}") from None
    return b"".join(piece for piece in pieces if piece)


def _is_cut_short(wrong: h11.RemoteProtocolError) -> bool:
    # h11 tells a short body and a chunk without end by these two texts; a bad status line by others.
    return "closed connection" in str(wrong) or "connection closed" in str(wrong)
