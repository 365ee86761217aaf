"""A peer that says exactly the bytes it is told to, for tests of what reads them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def raw_server(script: Script) -> Iterator[str]:
    """Serve `script` for each connection on loopback; gives the URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                script(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)


def says(data: bytes, *, linger: threading.Event | None = None) -> Script:
    """Read a request, say `data`, then close; with `linger`, only when that is set."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(data)
        if linger is not None:
            linger.wait(timeout=30)

    return script


def read_request(connection: socket.socket) -> bytes:
    """Return a request's bytes, body included; empty when the peer is gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return data
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
