"""Connections that lead to this very process, for answers that have to come as bytes: there is no network to reach."""

from __future__ import annotations

import socket
import threading
from typing import Any

import urllib3.util.connection as seam

_TIME_LIMIT = 10.0


class Connections:
    """In its context, whatever urllib3 connects to says what it is told to, once for each connection."""

    def __init__(self) -> None:
        self._next = b""
        self._real: Any = None
        self._talks: list[threading.Thread] = []

    def __enter__(self) -> Connections:  # noqa: PYI034 - Python 3.8 has no Self
        self._real = seam.create_connection
        seam.create_connection = self._connect
        return self

    def __exit__(self, *_: object) -> None:
        seam.create_connection = self._real
        self._finish()

    def say(self, data: bytes) -> None:
        """Have the next connection say these bytes to its request, and end.

        The one before has ended then, so that it is not taken for one that can be used again.
        """
        self._finish()
        self._next = data

    def _finish(self) -> None:
        for talk in self._talks:
            talk.join()
        self._talks = []

    def _connect(self, *_: Any, **__: Any) -> socket.socket:
        ours, theirs = socket.socketpair()
        talk = threading.Thread(target=_talk, args=(ours, self._next), daemon=True)
        self._talks.append(talk)
        talk.start()
        return theirs


def _talk(ours: socket.socket, data: bytes) -> None:
    with ours:
        ours.settimeout(_TIME_LIMIT)
        try:
            _read_request(ours)
            ours.sendall(data)
        except OSError:
            return  # the client went away


def _read_request(ours: socket.socket) -> None:
    said = b""
    while b"\r\n\r\n" not in said:
        more = ours.recv(65536)
        if not more:
            return
        said += more
    head, _, body = said.partition(b"\r\n\r\n")
    lines = [line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:]]
    headers = {line[0].strip(): line[1].strip() for line in lines if len(line) == 2}
    if headers.get(b"transfer-encoding", b"") == b"chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += ours.recv(65536)
        return
    while len(body) < int(headers.get(b"content-length", b"0")):
        body += ours.recv(65536)
