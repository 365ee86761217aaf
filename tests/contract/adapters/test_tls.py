"""Faults of TLS, as a client that verifies sees them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.tls import Authority, TlsUnavailable
from botoproof.contract.adapters.wire import WireServer
from botoproof.contract.adapters.wire_behind import Embedded
from botoproof.contract.interaction import Reply, Request

BODY = b"<a><b>true</b></a>"
REQUEST = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 16\r\n\r\nAction=UpdateJob"


def answer(_: Request, __: datetime) -> Reply:
    return Reply(200, (), BODY)


@pytest.fixture(scope="module")
def server() -> Iterator[WireServer]:
    with WireServer(read_operations("importexport"), Embedded(answer), authority=Authority("127.0.0.1")) as made:
        yield made


@contextlib.contextmanager
def connected(server: WireServer) -> Iterator[ssl.SSLSocket]:
    """Connect as a client does that trusts the server's authority and nobody else."""
    assert server.authority is not None
    context = ssl.create_default_context(cadata=server.authority.certificate.decode())
    host, port = server.url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as link,
        context.wrap_socket(link, server_hostname=host, suppress_ragged_eofs=False) as secured,
    ):
        yield secured


def all_of(link: ssl.SSLSocket) -> bytes:
    """Return what comes until TLS says good-bye."""
    said = b""
    while more := link.recv(65536):
        said += more
    return said


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ("*=tls.self_signed", "self-signed certificate"),
        ("*=tls.expired", "certificate has expired"),
        ("*=tls.wrong_host", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_client_that_verifies_tells_why_it_does_not_want_the_certificate(
    server: WireServer, plan: str, why: str
) -> None:
    server.set_plan(plan)

    with pytest.raises(ssl.SSLCertVerificationError) as wrong, connected(server):
        pass

    assert why in wrong.value.verify_message


def test_plain_http_is_no_tls(server: WireServer) -> None:
    server.set_plan("*=tls.plain")

    with pytest.raises(ssl.SSLError) as wrong, connected(server):
        pass

    assert wrong.value.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")


def test_a_handshake_is_closed(server: WireServer) -> None:
    server.set_plan("*=tls.close")

    with pytest.raises(ssl.SSLEOFError), connected(server):
        pass


def test_a_handshake_is_reset(server: WireServer) -> None:
    server.set_plan("*=tls.reset")

    with pytest.raises(ConnectionResetError), connected(server):
        pass


def test_a_handshake_hangs(server: WireServer) -> None:
    server.set_plan("*=tls.hang")
    host, port = server.url.removeprefix("https://").split(":")

    with socket.create_connection((host, int(port)), timeout=0.05) as link, pytest.raises(TimeoutError):
        ssl.create_default_context().wrap_socket(link, server_hostname=host)


def test_a_body_is_cut_without_the_good_bye_of_tls(server: WireServer) -> None:
    server.set_plan("UpdateJob=tls.cut")

    with connected(server) as link:
        link.sendall(REQUEST)
        said = link.recv(65536)
        with pytest.raises(ssl.SSLEOFError):
            all_of(link)

    assert said == b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n<a><b>tru"


def test_a_body_that_is_closed_in_order_ends_with_the_good_bye(server: WireServer) -> None:
    server.set_plan("UpdateJob=close.mid_body")

    with connected(server) as link:
        link.sendall(REQUEST)
        said = all_of(link)

    assert said == b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n<a><b>tru"


def test_a_struck_handshake_is_counted_until_one_comes_through(server: WireServer) -> None:
    server.journal.clear()
    server.set_plan("*=2*tls.expired->ok")

    for _ in range(2):
        with pytest.raises(ssl.SSLCertVerificationError), connected(server):
            pass
    with connected(server) as link:
        link.sendall(REQUEST)
        said = link.recv(65536)

    assert said.startswith(b"HTTP/1.1 200 OK")
    assert server.journal.connections == {"tls.expired": 2}


def test_a_server_ends_without_waiting_for_the_good_bye_of_its_clients() -> None:
    with (
        WireServer(read_operations("importexport"), Embedded(answer), authority=Authority("127.0.0.1")) as server,
        connected(server) as link,
    ):
        link.sendall(REQUEST)
        link.recv(65536)
        server.close()

        # TLS's good-bye would be waited for, as the client never says it.
        with pytest.raises(ssl.SSLEOFError):
            link.recv(65536)


def test_without_trustme_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)

    with pytest.raises(TlsUnavailable, match=r"pip install 'botoproof\[tls\]'"):
        Authority("127.0.0.1")
