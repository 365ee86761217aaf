"""One TCP or TLS connection, of which everything happens under one deadline.

What cannot be limited is the look-up of a host's name: the system's resolver takes the time that it takes.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import ssl
import time
from functools import cache
from typing import Any

from ..interaction import TransportFailure

_CHUNK = 65536


class Failed(Exception):
    """No usable reply came; `failure` tells why."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.failure = TransportFailure(kind, detail)


class NothingSent(Exception):
    """The connection was gone before a single byte of the request left this machine."""


class Patience:
    """How long to wait."""

    def __init__(self, deadline: float) -> None:
        """Take the deadline, by the monotonic clock."""
        self.deadline = deadline

    def left(self, late: str = "no complete reply within the time limit") -> float:
        """Return for how many seconds to wait.

        Raises:
            Failed: The deadline is over; told as `late`.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Failed("timeout", late)
        return left

    def share(self, parts: int) -> Patience:
        """Return the patience for the first of so many attempts, which share what is left."""
        now = time.monotonic()
        return Patience(now + (self.deadline - now) / parts)


class Connection:
    """A connected socket. Not for use by several threads at once."""

    def __init__(self, link: socket.socket) -> None:
        """Take a connected socket."""
        self._link = link

    def close(self) -> None:
        """Close the socket."""
        self._link.close()

    def send(self, data: bytes, patience: Patience) -> None:
        """Send `data`, or as much of it as the peer takes: one that answers and closes early is still to be read.

        Raises:
            NothingSent: The connection was gone before.
            Failed: The peer did not take it in time.
        """
        left, begun = memoryview(data), False
        while left:
            self._link.settimeout(patience.left("the request was not taken within the time limit"))
            try:
                left = left[self._link.send(left) :]
            except TimeoutError:
                continue
            except OSError:
                # What TLS has written of it before the error is unknown.
                if begun or isinstance(self._link, ssl.SSLSocket):
                    return
                raise NothingSent from None
            begun = True

    def receive(self, patience: Patience) -> bytes:
        """Return what comes next; nothing when the peer has closed.

        Raises:
            Failed: Nothing came in time, or the connection broke.
        """
        while True:
            self._link.settimeout(patience.left())
            try:
                return self._link.recv(_CHUNK)
            except TimeoutError:
                continue
            except OSError as wrong:
                raise Failed("closed", f"the connection broke: {wrong.strerror or wrong}") from None

    def unasked(self, seconds: float = 0.0) -> bytes | None:
        """Return what comes although nothing was asked for, empty when the peer closes; None when nothing happens.

        Args:
            seconds: How long to wait for it.
        """
        self._link.settimeout(seconds)
        try:
            return self._link.recv(_CHUNK)
        except (BlockingIOError, TimeoutError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""


def connect(scheme: str, host: str, port: int | None, patience: Patience) -> Connection:
    """Return a connection to the first address of `host` that takes one; one deadline holds for all of them.

    Raises:
        Failed: There is none, or not in time.
    """
    number = port or (443 if scheme == "https" else 80)
    place = f"{host} port {number}"
    late = f"no connection to {place} within the time limit"
    try:
        found = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as wrong:
        raise Failed("connect", f"no connection to {place}: {_reason(wrong)}") from None
    failed = Failed("connect", f"no connection to {place}: it has no address")
    for tried, (family, kind, protocol, _, address) in enumerate(found):
        link: socket.socket | None = None
        try:
            link = socket.socket(family, kind, protocol)
            _join(link, address, patience.share(len(found) - tried), late)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Connection(_secured(link, host, patience, late) if scheme == "https" else link)
        except BaseException as wrong:
            if link is not None:
                link.close()
            if isinstance(wrong, Failed):
                failed = wrong
            elif isinstance(wrong, OSError):
                failed = Failed("connect", f"no connection to {place}: {_reason(wrong)}")
            else:
                raise
    raise failed


def _join(link: socket.socket, address: Any, patience: Patience, late: str) -> None:
    link.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        link.connect(address)
    with selectors.DefaultSelector() as selector:
        selector.register(link, selectors.EVENT_WRITE)
        while not selector.select(patience.left(late)):
            continue
    error = link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _secured(link: socket.socket, host: str, patience: Patience, late: str) -> socket.socket:
    try:
        secured = _tls().wrap_socket(link, server_hostname=host, do_handshake_on_connect=False)
    except (OSError, ValueError) as wrong:
        raise Failed("connect", f"no TLS connection to {host}: {wrong}") from None
    try:
        while True:
            secured.settimeout(patience.left(late))
            with contextlib.suppress(TimeoutError):
                secured.do_handshake()
                return secured
    except BaseException as wrong:
        secured.close()
        if isinstance(wrong, (OSError, ValueError)):  # ssl.SSLError is an OSError
            raise Failed("connect", f"no TLS connection to {host}: {wrong}") from None
        raise


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _reason(wrong: Exception) -> str:
    return getattr(wrong, "strerror", None) or str(wrong)
