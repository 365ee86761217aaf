"""Serves an embedded endpoint on loopback, so that any SDK and any process can reach it.

Requests are read by h11 within limits; replies are written as raw bytes, as the endpoint gave them.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import h11

from ..codec.query_reply import write_error
from ..codec.reply_bytes import write_reply
from ..errors import TargetUnusable
from ..interaction import Reply, Request

Answer = Callable[[Request, datetime], Reply]

MAX_BODY = 16 * 1024 * 1024
_IDLE = 30.0  # seconds that a connection may stay silent
_CHUNK = 65536


class Server:
    """An HTTP/1.1 server on loopback, one thread per connection. Use it as a context manager."""

    def __init__(
        self,
        answer: Answer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        on_crash: Callable[[str], None] | None = None,
        one_at_a_time: bool = True,
    ) -> None:
        """Bind the server; it answers once entered.

        Args:
            answer: Gives the reply to a request.
            host: A loopback address.
            port: The port, or 0 for any free one.
            on_crash: Told the traceback when `answer` raises; the client gets a 500.
            one_at_a_time: Call `answer` for one request at a time; without it, `answer` must bear several threads.

        Raises:
            TargetUnusable: The address is not loopback, or the port is taken.
        """
        if not is_loopback(host):
            raise TargetUnusable(f"the endpoint serves on loopback only, not on {host!r}; use 127.0.0.1 or ::1")
        self._answer = answer
        self._on_crash = on_crash
        self._lock = threading.Lock() if one_at_a_time else contextlib.nullcontext()
        self._connections: set[socket.socket] = set()
        self._closing = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except (OSError, OverflowError) as wrong:
            self._socket.close()
            reason = getattr(wrong, "strerror", None) or wrong
            raise TargetUnusable(f"cannot listen on {host} port {port}: {reason}; choose another --port") from None
        self._socket.listen(128)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="botoproof-server", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and close every connection."""
        self.close()

    def close(self) -> None:
        """Stop accepting, and close every connection."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
        self._socket.close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), name="botoproof-connection", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(_IDLE)
            state = h11.Connection(h11.SERVER)
            while not self._closing:
                request = _read(connection, state)
                if request is None:
                    return
                connection.sendall(write_reply(self._reply(request), head_only=request.method == "HEAD"))
                if state.their_state is not h11.DONE:
                    return
                state = _next(state)
        except (OSError, h11.RemoteProtocolError):
            return  # the peer went away, or does not speak HTTP: nobody is left to tell
        finally:
            self._connections.discard(connection)
            connection.close()

    def _reply(self, request: Request) -> Reply:
        with self._lock:
            try:
                return self._answer(request, datetime.now(UTC))
            except Exception:  # noqa: BLE001 - a crash of the endpoint is an answer too, and is told to the keeper
                if self._on_crash:
                    self._on_crash(traceback.format_exc())
                return write_error(
                    "InternalFailure",
                    "The request could not be processed",
                    request_id=f"{time.time_ns():032x}",
                    status=500,
                    fault="Receiver",
                )


def is_loopback(host: str) -> bool:
    """Return whether an address is this machine's own, without asking a resolver."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _next(state: h11.Connection) -> h11.Connection:
    """Return a connection state for the request after this one, with what has been received of it already."""
    fresh = h11.Connection(h11.SERVER)
    rest, _ = state.trailing_data
    if rest:
        fresh.receive_data(rest)
    return fresh


def _read(connection: socket.socket, state: h11.Connection) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = state.next_event()
        if event is h11.NEED_DATA:
            if state.they_are_waiting_for_100_continue:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            state.receive_data(connection.recv(_CHUNK))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                connection.sendall(write_reply(_too_large()))
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _as_request(head, bytes(body))
        else:
            return None


def _too_large() -> Reply:
    return write_error("ValidationError", f"The request is larger than {MAX_BODY} bytes", request_id="-", status=413)


def _as_request(head: h11.Request, body: bytes) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items())
    host = next((value for name, value in headers if name.lower() == "host"), "127.0.0.1")
    target = head.target.decode("latin-1")
    return Request(head.method.decode("latin-1"), f"http://{host}{target}", headers, body)
