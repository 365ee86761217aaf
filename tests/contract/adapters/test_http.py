from __future__ import annotations

import contextlib
import socket
import struct
import threading

import pytest
from botoproof.contract.adapters.http import HttpTransport
from botoproof.contract.interaction import Interaction, Request

from .raw_server import Script, raw_server, read_request, says

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>"


def get(url: str, *, body: bytes = b"x=1") -> Request:
    return Request("POST", f"{url}/", (("Content-Type", "text/plain"),), body)


def send(request: Request, *, time_limit: float = 5.0, max_reply: int = 1_000_000) -> Interaction:
    with contextlib.closing(HttpTransport(time_limit=time_limit, max_reply=max_reply)) as transport:
        return transport(request)


def test_a_reply_is_given_as_it_came() -> None:
    with raw_server(says(OK)) as url:
        interaction = send(get(url))

    assert interaction.failure is None
    assert interaction.reply is not None
    assert (interaction.reply.status, interaction.reply.body) == (200, b"<a/>")
    assert interaction.reply.header("content-type") == "text/xml"
    assert interaction.sent_at.tzinfo is not None


def test_the_request_arrives_with_host_length_and_body() -> None:
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(OK)

    with raw_server(script) as url:
        send(get(url, body=b"Action=A&Action=B"))

    assert seen[0].startswith(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Content-Length: 17" in seen[0]
    assert seen[0].endswith(b"\r\n\r\nAction=A&Action=B")


def test_a_connection_is_kept_and_used_again() -> None:
    connections: list[int] = []

    def script(connection: socket.socket) -> None:
        connections.append(1)
        for _ in range(3):
            read_request(connection)
            connection.sendall(OK)

    with raw_server(script) as url:
        transport = HttpTransport()
        replies = [transport(get(url)).reply for _ in range(3)]
        transport.close()

    assert len(connections) == 1
    assert all(reply is not None for reply in replies)


def test_a_kept_connection_that_the_peer_closed_is_replaced() -> None:
    with raw_server(says(OK)) as url:
        transport = HttpTransport()
        first, second = transport(get(url)), transport(get(url))
        transport.close()

    assert first.reply is not None
    assert second.reply is not None


def test_a_request_that_a_kept_connection_gives_no_reply_to_is_not_sent_again() -> None:
    """It may have been carried out; from then on each request has a connection of its own."""
    requests: list[bytes] = []
    connections: list[int] = []

    def script(connection: socket.socket) -> None:
        connections.append(1)
        requests.append(read_request(connection))
        connection.sendall(OK)
        request = read_request(connection)
        if request:
            requests.append(request)

    with raw_server(script) as url:
        transport = HttpTransport()
        interactions = [transport(get(url, body=body)) for body in (b"first", b"second", b"third", b"fourth")]
        transport.close()

    failures = [interaction.failure for interaction in interactions]
    assert [failure.kind if failure else None for failure in failures] == [None, "closed", None, None]
    assert failures[1] is not None
    assert "kept open after an earlier reply" in failures[1].detail
    assert [request.rpartition(b"\r\n")[2] for request in requests] == [b"first", b"second", b"third", b"fourth"]
    assert len(connections) == 3


def test_a_kept_connection_that_the_peer_resets_in_the_midst_of_a_request_is_told_and_not_replaced() -> None:
    connections: list[int] = []

    def script(connection: socket.socket) -> None:
        connections.append(1)
        read_request(connection)
        connection.sendall(OK)
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with raw_server(script) as url:
        transport = HttpTransport()
        first, second = transport(get(url)), transport(get(url))
        transport.close()

    assert first.reply is not None
    assert second.failure is not None
    assert second.failure.kind == "closed"
    assert len(connections) == 1


def test_a_kept_connection_that_takes_no_byte_any_more_is_replaced() -> None:
    """It was closed between the look at it and the request: nothing of the request can have been carried out."""
    with raw_server(says(OK, linger=(over := threading.Event()))) as url:
        transport = HttpTransport()
        transport(get(url))
        assert transport._open is not None
        transport._open.connection._link.shutdown(socket.SHUT_WR)
        over.set()
        second = transport(get(url))
        transport.close()

    assert second.reply is not None


def test_a_request_that_a_fresh_connection_gives_no_reply_to_is_sent_once() -> None:
    requests: list[bytes] = []

    def script(connection: socket.socket) -> None:
        requests.append(read_request(connection))
        if len(requests) == 1:
            connection.sendall(OK)

    with raw_server(script) as url:
        transport = HttpTransport()
        transport(get(url, body=b"first"))
        failure = transport(get(url, body=b"second")).failure
        transport.close()

    assert failure is not None
    assert failure.kind == "closed"
    assert [request.rpartition(b"\r\n")[2] for request in requests] == [b"first", b"second"]


def test_a_peer_that_closes_every_connection_in_silence_is_found_out_with_the_first() -> None:
    """Otherwise it would depend on its timing whether the next request gets a reply."""
    with raw_server(says(OK)) as url:
        transport = HttpTransport()
        transport(get(url))

        assert transport._open is None
        assert transport._keeps is False
        assert transport(get(url)).reply is not None


@pytest.mark.parametrize("together", [True, False])
def test_what_comes_after_the_end_of_a_reply_is_told_with_it(together: bool) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        if together:
            connection.sendall(OK + b"\r\n")
        else:
            connection.sendall(OK)
            connection.sendall(b"\r\n")
        read_request(connection)

    with raw_server(script) as url:
        transport = HttpTransport()
        interactions = [transport(get(url)) for _ in range(3)]
        transport.close()

    assert [interaction.failure for interaction in interactions] == [None] * 3
    assert [interaction.stray for interaction in interactions] == [b"\r\n"] * 3


def test_what_comes_only_before_the_next_request_is_told_with_that() -> None:
    asked, written = threading.Event(), threading.Event()
    connections: list[int] = []

    def script(connection: socket.socket) -> None:
        connections.append(1)
        read_request(connection)
        connection.sendall(OK)
        if len(connections) == 1 and asked.wait(timeout=5):
            connection.sendall(b"late")
            written.set()
            connection.recv(1)

    with raw_server(script) as url:
        transport = HttpTransport()
        first = transport(get(url))
        asked.set()
        assert written.wait(timeout=5)
        second = transport(get(url))
        transport.close()

    assert (first.stray, second.stray) == (b"", b"late")
    assert second.reply is not None
    assert len(connections) == 2


def test_a_peer_that_is_not_there_is_told_as_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    failure = send(get(f"http://127.0.0.1:{port}")).failure

    assert failure is not None
    assert failure.kind == "connect"
    assert f"127.0.0.1 port {port}" in failure.detail


def _reset(connection: socket.socket) -> None:
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (says(b""), "closed"),
        (_reset, "closed"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<a/>"), "closed"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n"), "closed"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<a/>\r\n0\r\n\r\n"), "not-http"),
        (says(b"hello, this is no HTTP\r\n\r\n"), "not-http"),
        (says(b"HTTP/1.1 42 Odd\r\n\r\n"), "not-http"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "not-http"),
        (says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"), "not-http"),
    ],
    ids=["empty", "reset", "short", "chunks end", "bad chunk", "no http", "bad status", "negative", "huge header"],
)
def test_a_reply_that_is_not_complete_http_is_told_by_its_kind(script: Script, kind: str) -> None:
    with raw_server(script) as url:
        interaction = send(get(url))

    assert interaction.reply is None
    assert interaction.failure is not None
    assert interaction.failure.kind == kind


def test_a_reply_without_length_ends_with_the_connection() -> None:
    with raw_server(says(b"HTTP/1.1 200 OK\r\n\r\n<a/>")) as url:
        reply = send(get(url)).reply

    assert reply is not None
    assert reply.body == b"<a/>"


def test_a_silent_peer_is_told_as_timeout() -> None:
    over = threading.Event()
    with raw_server(says(b"", linger=over)) as url:
        failure = send(get(url), time_limit=0.2).failure
        over.set()

    assert failure is not None
    assert failure.kind == "timeout"


def test_a_dripping_peer_is_too_slow_although_every_read_succeeds() -> None:
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(timeout=0.02):
            connection.sendall(b".")

    with raw_server(drip) as url:
        failure = send(get(url), time_limit=0.3).failure
        over.set()

    assert failure is not None
    assert failure.kind == "timeout"


def test_a_body_of_megabytes_is_not_read_to_its_end() -> None:
    def endless(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"x" * 65536)

    with raw_server(endless) as url:
        failure = send(get(url), max_reply=1_000_000).failure

    assert failure is not None
    assert failure.kind == "too-large"


def test_an_answer_to_half_a_request_is_read_although_the_rest_was_not_taken() -> None:
    def script(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with raw_server(script) as url:
        interaction = send(get(url, body=b"x" * 1000), time_limit=5)

    assert interaction.reply is not None
    assert interaction.reply.status == 413


def test_a_request_that_is_no_http_is_told_and_not_raised() -> None:
    with raw_server(says(OK)) as url:
        request = Request("POST", f"{url}/", (("Bad Header", "x"),), b"")
        failure = send(request).failure

    assert failure is not None
    assert failure.kind == "not-http"


def addresses(monkeypatch: pytest.MonkeyPatch, *found: tuple[str, int]) -> None:
    """Let every name have these addresses."""
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)


def test_a_name_with_a_dead_address_is_reached_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = taken.getsockname()
    with raw_server(says(OK)) as url:
        addresses(monkeypatch, dead, ("127.0.0.1", int(url.rpartition(":")[2])))

        assert send(get("http://a.test")).reply is not None


def test_the_time_limit_holds_for_all_addresses_of_a_name_together(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:  # a queue that is full lets a connection wait
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        addresses(monkeypatch, *[full.getsockname()] * 5)
        interaction = send(get("http://a.test"), time_limit=0.5)
        for one in crowd:
            one.close()

    assert interaction.failure is not None
    assert interaction.failure.kind == "timeout"
    assert interaction.seconds < 1.5


def test_a_tls_handshake_that_drips_is_too_slow() -> None:
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in b"\x16\x03\x03\x40\x00" + b"a" * 1000:
            if over.wait(timeout=0.02):
                return
            connection.sendall(bytes([byte]))

    with raw_server(drip) as url:
        interaction = send(get(url.replace("http:", "https:")), time_limit=0.4)
        over.set()

    assert interaction.failure is not None
    assert interaction.failure.kind == "timeout"
