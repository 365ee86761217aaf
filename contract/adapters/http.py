"""Sends requests over a socket and tells exactly what came back, within limits of time and size.

urllib3's time limit holds for each read, so a peer that drips one byte at a time is never too slow for it; here one
deadline holds for the whole reply. Replies are read by h11, which is strict about framing; nothing is retried,
redirected or decompressed. Proxies named in the environment are not used.
"""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import h11

from ..interaction import Interaction, Reply, Request, TransportFailure

TIME_LIMIT = 10.0
MAX_REPLY = 16 * 1024 * 1024
_CHUNK = 65536


class _Failed(Exception):
    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.failure = TransportFailure(kind, detail)


class _NothingCame(_Failed):
    def __init__(self, detail: str = "the connection was closed before a reply came") -> None:
        super().__init__("closed", detail)


class HttpTransport:
    """A transport over one kept-alive connection. Not for use by several threads at once."""

    def __init__(self, *, time_limit: float = TIME_LIMIT, max_reply: int = MAX_REPLY) -> None:
        """Prepare a transport; nothing is opened yet.

        Args:
            time_limit: Seconds for a whole exchange, connecting included.
            max_reply: Bytes of a reply's body that are read before giving up.
        """
        self.time_limit = time_limit
        self._max_reply = max_reply
        self._open: tuple[str, socket.socket, h11.Connection] | None = None
        self._was_kept = False

    def __call__(self, request: Request) -> Interaction:
        """Send `request`; what the peer does is told, never raised."""
        sent_at = datetime.now(UTC)
        started = time.monotonic()
        reply: Reply | None = None
        failure: TransportFailure | None = None
        try:
            try:
                reply = self._exchange(request, started + self.time_limit)
            except _NothingCame:
                if not self._was_kept:
                    raise
                # The peer closed a kept connection before it saw this request; a fresh one tells what it really says.
                self.close()
                reply = self._exchange(request, started + self.time_limit)
        except _Failed as wrong:
            failure = wrong.failure
            self.close()
        except BaseException:  # an interrupt leaves the connection out of step, and clean-up comes after it
            self.close()
            raise
        return Interaction(request, reply, failure, sent_at, time.monotonic() - started)

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _exchange(self, request: Request, deadline: float) -> Reply:
        url = urlsplit(request.url)
        origin = f"{url.scheme}://{url.netloc}"
        if self._open is not None and self._open[0] == origin:
            _, connection, state = self._open
            if not _is_idle(connection):
                self.close()
        self._was_kept = self._open is not None and self._open[0] == origin
        if self._open is None or not self._was_kept:
            self.close()
            connection = _connect(url.scheme, url.hostname or "", url.port, deadline)
            self._open = (origin, connection, h11.Connection(h11.CLIENT))
        _, connection, state = self._open
        _send(connection, _encoded(state, request), deadline)
        reply = self._read(connection, state, deadline)
        if state.our_state is h11.DONE and state.their_state is h11.DONE:
            state.start_next_cycle()
        else:
            self.close()
        return reply

    def _read(self, connection: socket.socket, state: h11.Connection, deadline: float) -> Reply:
        head: h11.Response | None = None
        body = bytearray()
        begun = False
        while True:
            try:
                event = state.next_event()
            except h11.RemoteProtocolError as wrong:
                kind = "closed" if _is_cut_short(wrong) else "not-http"
                raise _Failed(kind, f"the reply is not complete HTTP: {wrong}") from None
            if event is h11.NEED_DATA:
                try:
                    data = _receive(connection, deadline)
                except _Failed as wrong:
                    if begun or wrong.failure.kind != "closed":
                        raise
                    raise _NothingCame(wrong.failure.detail) from None
                if not data and not begun:
                    raise _NothingCame
                begun = True
                state.receive_data(data)
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._max_reply:
                    raise _Failed("too-large", f"the reply's body is larger than {self._max_reply} bytes")
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)) or event is h11.PAUSED:
                break
        if head is None:
            raise _NothingCame
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
        return Reply(head.status_code, headers, bytes(body))


def _connect(scheme: str, host: str, port: int | None, deadline: float) -> socket.socket:
    address = (host, port or (443 if scheme == "https" else 80))
    try:
        connection = socket.create_connection(address, timeout=_remaining(deadline))
    except TimeoutError:
        raise _Failed("timeout", f"no connection to {host} port {address[1]} within the time limit") from None
    except OSError as wrong:
        raise _Failed("connect", f"no connection to {host} port {address[1]}: {wrong.strerror or wrong}") from None
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if scheme != "https":
        return connection
    try:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    except (OSError, ValueError) as wrong:  # ssl.SSLError is an OSError
        connection.close()
        raise _Failed("connect", f"no TLS connection to {host}: {wrong}") from None


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
        raise _Failed("not-http", f"the request cannot be written as HTTP: {wrong}") from None
    return b"".join(piece for piece in pieces if piece)


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    try:
        connection.settimeout(_remaining(deadline))
        connection.sendall(data)
    except TimeoutError:
        raise _Failed("timeout", "the request was not taken within the time limit") from None
    except OSError:
        # A peer may answer and close before it has read everything; what it said is still there to be read.
        return


def _receive(connection: socket.socket, deadline: float) -> bytes:
    try:
        connection.settimeout(_remaining(deadline))
        return connection.recv(_CHUNK)
    except TimeoutError:
        raise _Failed("timeout", "no complete reply within the time limit") from None
    except OSError as wrong:
        raise _Failed("closed", f"the connection broke: {wrong.strerror or wrong}") from None


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Failed("timeout", "no complete reply within the time limit")
    return left


def _is_idle(connection: socket.socket) -> bool:
    """Whether a kept connection can be used again: nothing to read, so neither closed nor out of step."""
    connection.settimeout(0)
    try:
        connection.recv(1) if isinstance(connection, ssl.SSLSocket) else connection.recv(1, socket.MSG_PEEK)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


def _is_cut_short(wrong: h11.RemoteProtocolError) -> bool:
    # h11 tells a short body and a chunk without end by these two texts; a bad status line by others.
    return "closed connection" in str(wrong) or "connection closed" in str(wrong)
