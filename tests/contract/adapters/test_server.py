from __future__ import annotations

import http.client
import socket
from datetime import datetime

import pytest
from botoproof.contract.adapters.http import HttpTransport
from botoproof.contract.adapters.server import MAX_BODY, Server
from botoproof.contract.codec.reply_bytes import write_reply
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Reply, Request


def echo(request: Request, now: datetime) -> Reply:
    return Reply(200, (("Content-Type", "text/plain"),), f"{request.method} {request.url} ".encode() + request.body)


def test_a_request_reaches_the_endpoint_as_data() -> None:
    with Server(echo) as server:
        transport = HttpTransport()
        reply = transport(Request("POST", f"{server.url}/?a=b", (), b"body")).reply
        transport.close()

    assert reply is not None
    assert reply.body == f"POST {server.url}/?a=b body".encode()


def test_several_requests_share_a_connection() -> None:
    with Server(echo) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
        bodies: list[bytes] = []
        for text in ("one", "two"):
            connection.request("POST", "/", body=text)
            bodies.append(connection.getresponse().read())
        connection.close()

    assert [body.rpartition(b" ")[2] for body in bodies] == [b"one", b"two"]


def test_pipelined_requests_are_answered_in_order() -> None:
    with Server(echo) as server, socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as peer:
        peer.settimeout(5)
        one = b"POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
        peer.sendall(one + one.replace(b"/1", b"/2"))
        data = b""
        while b"/2" not in data:
            data += peer.recv(65536)

    assert data.index(b"http://h/1") < data.index(b"http://h/2")


def test_a_crash_of_the_endpoint_is_a_500_and_is_told_to_its_keeper() -> None:
    told: list[str] = []

    def crash(request: Request, now: datetime) -> Reply:
        raise KeyError("inside")

    with Server(crash, on_crash=told.append) as server:
        transport = HttpTransport()
        reply = transport(Request("POST", server.url, (), b"")).reply
        transport.close()

    assert reply is not None
    assert reply.status == 500
    assert b"inside" not in reply.body
    assert "KeyError: 'inside'" in told[0]


def test_a_body_over_the_limit_is_refused_and_not_kept() -> None:
    with Server(echo) as server:
        transport = HttpTransport(time_limit=20)
        reply = transport(Request("POST", server.url, (), b"x" * (MAX_BODY + 1))).reply
        transport.close()

    assert reply is not None
    assert reply.status == 413


def test_a_peer_that_speaks_no_http_does_not_end_the_server() -> None:
    with Server(echo) as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as peer:
            peer.sendall(b"\x16\x03\x01\x00 this is TLS or nonsense\r\n\r\n")
            peer.settimeout(5)
            peer.recv(1024)
        transport = HttpTransport()
        reply = transport(Request("GET", server.url, (), b"")).reply
        transport.close()

    assert reply is not None


@pytest.mark.parametrize("host", ["192.0.2.2", "192.0.2.1", "example.com", "127.example.com", "::"])
def test_only_loopback_can_be_served(host: str) -> None:
    with pytest.raises(TargetUnusable, match=r"^the endpoint serves on loopback only"):
        Server(echo, host=host)


def test_a_taken_port_is_told_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TargetUnusable, match=rf"^cannot listen on 127.0.0.1 port {port}: .*--port$"):
            Server(echo, port=port)


def test_a_port_out_of_range_is_told() -> None:
    with pytest.raises(TargetUnusable, match=r"^cannot listen on 127.0.0.1 port 70000"):
        Server(echo, port=70000)


def test_a_reply_without_length_gets_one_and_its_own_is_kept() -> None:
    own = write_reply(Reply(200, (("Content-Length", "99"),), b"short"))

    assert b"Content-Length: 5\r\n" in write_reply(Reply(200, (), b"short"))
    assert own.count(b"Content-Length") == 1
    assert own.endswith(b"\r\n\r\nshort")
