"""A server of faults before another endpoint: what is passed on, what is not, and an upstream that is gone."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.tls import Authority
from botoproof.contract.adapters.wire import WireServer
from botoproof.contract.adapters.wire_behind import Embedded, Upstream
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Reply, Request

from .raw_server import raw_server, says

OPERATIONS = read_operations("importexport")


class Echo:
    """An endpoint that answers with the body, and keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __call__(self, request: Request, _: datetime) -> Reply:
        self.requests.append(request)
        return Reply(200, (("Content-Type", "text/plain"), ("X-Seen", "yes")), request.body)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def upstream(echo: Echo) -> Iterator[WireServer]:
    with WireServer(OPERATIONS, Embedded(echo)) as made:
        yield made


@pytest.fixture
def proxy(upstream: WireServer) -> Iterator[WireServer]:
    with WireServer(OPERATIONS, Upstream(upstream.url)) as made:
        yield made


def sent(
    server: WireServer, body: bytes, headers: dict[str, str] | None = None, method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection(server.url.partition("//")[2], timeout=5)
    try:
        connection.request(method, "/path/%41?x=%20y", body, headers or {})
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def test_a_request_and_its_answer_go_through_as_they_are(echo: Echo, proxy: WireServer) -> None:
    status, headers, body = sent(proxy, b"Action=UpdateJob\x00\xff", {"Host": "signed.example", "X-One": "1"})

    assert (status, headers["X-Seen"], body) == (200, "yes", b"Action=UpdateJob\x00\xff")
    [request] = echo.requests
    assert request.url == "http://signed.example/path/%41?x=%20y"
    assert request.header("x-one") == "1"


def test_what_is_about_one_connection_only_is_not_passed_on(echo: Echo, proxy: WireServer) -> None:
    sent(proxy, b"a", {"Connection": "X-Hop, close", "X-Hop": "1", "Keep-Alive": "5", "X-Stays": "1"})

    [request] = echo.requests
    assert [name for name in ("connection", "x-hop", "keep-alive", "x-stays") if request.header(name)] == ["x-stays"]


def test_a_body_in_chunks_arrives_whole(echo: Echo, proxy: WireServer) -> None:
    connection = http.client.HTTPConnection(proxy.url.partition("//")[2], timeout=5)
    chunks = iter([b"Action=", b"UpdateJob"])
    connection.request("POST", "/", chunks, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    said = connection.getresponse().read()
    connection.close()

    assert said == echo.requests[0].body == b"Action=UpdateJob"


def test_a_head_has_no_body(echo: Echo, proxy: WireServer) -> None:
    status, _, body = sent(proxy, b"", method="HEAD")

    assert (status, body) == (200, b"")


def test_a_fault_strikes_what_the_upstream_answered(echo: Echo, proxy: WireServer) -> None:
    proxy.set_plan("UpdateJob=length.long")

    with pytest.raises(http.client.IncompleteRead) as wrong:
        sent(proxy, b"Action=UpdateJob")

    assert wrong.value.partial == b"Action=UpdateJob"
    assert proxy.calls()[0].effects == "once"


def test_a_duplicate_reaches_the_upstream_twice(echo: Echo, proxy: WireServer) -> None:
    proxy.set_plan("UpdateJob=duplicate")

    sent(proxy, b"Action=UpdateJob")

    assert [request.body for request in echo.requests] == [b"Action=UpdateJob"] * 2
    assert proxy.calls()[0].executions == 2


def test_an_old_answer_is_that_to_an_equal_request(upstream: WireServer, proxy: WireServer) -> None:
    proxy.set_plan("*#0=ok; *#1=stale")
    upstream.set_plan("*#1=status(503)")

    first, second = (sent(proxy, b"Action=GetStatus")[0] for _ in range(2))

    assert (first, second) == (200, 200)
    assert [attempt.served for call in proxy.calls() for attempt in call.attempts] == [(200,), (503,)]


def test_an_upstream_that_is_not_there_is_told_at_once() -> None:
    upstream = Upstream("http://127.0.0.1:1")

    with WireServer(OPERATIONS, upstream) as proxy, pytest.raises(TargetUnusable) as wrong:
        proxy.do(upstream.check())

    assert str(wrong.value) == (
        "no connection to http://127.0.0.1:1: Connection refused; start the upstream first, or name another by "
        "--upstream"
    )


def test_an_upstream_that_goes_is_a_bad_gateway_and_told(upstream: WireServer) -> None:
    heard: list[str] = []
    with WireServer(OPERATIONS, Upstream(upstream.url), told=heard.append) as proxy:
        upstream.set_plan("*=connect.refused")

        status, _, body = sent(proxy, b"Action=UpdateJob")

    assert status == 502
    assert heard == [f"no connection to {upstream.url}: Connection refused"]
    assert body.decode() == f"botoproof: {heard[0]}\n"
    assert proxy.calls()[0].effects == "none"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"SSH-2.0\r\n\r\n"])
def test_an_upstream_that_breaks_off_may_have_done_it(said: bytes) -> None:
    with raw_server(says(said)) as url, WireServer(OPERATIONS, Upstream(url)) as proxy:
        status, _, _ = sent(proxy, b"Action=UpdateJob")

    assert status == 502
    assert proxy.calls()[0].effects == "unknown"


def test_the_certificate_of_an_upstream_is_verified(
    echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority("127.0.0.1")
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(authority.certificate)

    with WireServer(OPERATIONS, Embedded(echo), authority=authority) as behind:
        stranger = Upstream(behind.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        friend = Upstream(behind.url)
        with WireServer(OPERATIONS, stranger) as proxy:
            refused = sent(proxy, b"Action=UpdateJob")
        with WireServer(OPERATIONS, friend) as proxy:
            passed = sent(proxy, b"Action=UpdateJob")

    assert (refused[0], passed[0]) == (502, 200)
    assert b"is not trusted: unable to get local issuer certificate" in refused[2]
    assert len(echo.requests) == 1


@pytest.mark.parametrize(
    "url", ["127.0.0.1:80", "ftp://a", "http://", "http://a:x", "http://a/path", "http://a?q", "http://u@a"]
)
def test_an_upstream_is_scheme_host_and_port(url: str) -> None:
    with pytest.raises(TargetUnusable, match="an upstream"):
        Upstream(url)
