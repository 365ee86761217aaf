"""What a server of faults does to connections, as a client on a bare socket sees it: bytes, and how it ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.wire import WireServer
from botoproof.contract.adapters.wire_behind import Embedded
from botoproof.contract.errors import BadPlan, TargetUnusable
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.script import CONNECTION_KINDS
from botoproof.contract.faults.shapes import SHAPES
from botoproof.contract.interaction import Reply, Request

BODY = b"<a><b>true</b></a>"  # 18 bytes
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 18\r\n\r\n"
RIGHT = HEAD + BODY
LESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
"""A head before the line that tells the length."""

FORM = b"Action=UpdateJob&JobId=A"
REQUEST = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 24\r\n\r\n" + FORM

STALLS, KEEPS, CLOSES, RESETS = "stalls", "keeps", "closes", "resets"

WRITTEN: dict[str, tuple[bytes | Callable[[bytes], bool], str]] = {
    "reset.after_request": (b"", RESETS),
    "close.after_request": (b"", CLOSES),
    "response_lost": (b"", CLOSES),
    "reorder": (b"", CLOSES),
    "timeout.read": (b"", STALLS),
    "reset.mid_headers": (HEAD[:40], RESETS),
    "close.mid_headers": (HEAD[:40], CLOSES),
    "close.after_headers": (HEAD, CLOSES),
    "timeout.after_headers": (HEAD, STALLS),
    "reset.mid_body": (HEAD + b"<a><b>tru", RESETS),
    "close.mid_body": (HEAD + b"<a><b>tru", CLOSES),
    "tls.cut": (HEAD + b"<a><b>tru", CLOSES),
    "close.no_length": (LESS + b"Connection: close\r\n\r\n<a><b>tru", CLOSES),
    "length.short": (LESS + b"Content-Length: 9\r\n\r\n" + BODY, KEEPS),
    "length.long": (LESS + b"Content-Length: 118\r\n\r\n" + BODY, CLOSES),
    "length.stall": (LESS + b"Content-Length: 118\r\n\r\n" + BODY, STALLS),
    "length.two": (LESS + b"Content-Length: 18\r\nContent-Length: 19\r\n\r\n" + BODY, STALLS),
    "length.negative": (LESS + b"Content-Length: -19\r\n\r\n" + BODY, STALLS),
    "length.text": (LESS + b"Content-Length: many\r\n\r\n" + BODY, STALLS),
    "chunk.right": (
        LESS + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\n9\r\ne</b></a>\r\n0\r\n\r\n",
        KEEPS,
    ),
    "chunk.with_length": (
        HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\n9\r\ne</b></a>\r\n0\r\n\r\n",
        KEEPS,
    ),
    "chunk.no_last": (LESS + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\n9\r\ne</b></a>\r\n", CLOSES),
    "chunk.cut": (LESS + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\n9\r\ne</b", CLOSES),
    "chunk.reset": (LESS + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\n9\r\ne</b", RESETS),
    "chunk.bad_size": (LESS + b"Transfer-Encoding: chunked\r\n\r\n9\r\n<a><b>tru\r\nsize\r\ne</b></a>", CLOSES),
    "idle.close": (RIGHT, CLOSES),
    "interim.continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + RIGHT, KEEPS),
    "interim.hints": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + RIGHT,
        KEEPS,
    ),
    "interim.switching": (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other/1\r\n\r\n",
        CLOSES,
    ),
    "http10": (b"HTTP/1.0" + RIGHT[8:], CLOSES),
    "http10.no_length": (b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + BODY, CLOSES),
    "garbage.bytes": (lambda said: len(said) == 260 and not said.startswith(b"HTTP"), CLOSES),
    "garbage.banner": (b"SSH-2.0-OpenSSH_9.9\r\n", CLOSES),
    "garbage.version": (b"HTTP/3.9 200 OK" + RIGHT[15:], CLOSES),
    "garbage.status": (b"HTTP/1.1 fine OK" + RIGHT[15:], CLOSES),
    "headers.long": (lambda said: said.index(b"\r\nContent-Type") > 70_000 and said.endswith(BODY), CLOSES),
    "headers.many": (lambda said: said.partition(b"\r\n\r\n")[0].count(b"\r\n") == 152, CLOSES),
    "headers.broken": (
        b"HTTP/1.1 200 OK\r\nthis line is no header\r\n" + HEAD.partition(b"\r\n")[2] + BODY,
        STALLS,
    ),
    "latency(1ms)": (RIGHT, KEEPS),
    "drip(5B, every=1ms)": (RIGHT, KEEPS),
    "duplicate": (RIGHT, KEEPS),
    "stale": (RIGHT, KEEPS),
    "status(503, body=text)": (
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nstatus 503",
        KEEPS,
    ),
    "result.false": (HEAD.replace(b"18", b"19") + b"<a><b>false</b></a>", KEEPS),
    "status(503, body=text) + close.mid_body": (
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nstatu",
        CLOSES,
    ),
}
"""What is written for each fault, by hand, and how the connection ends."""


class Counted:
    """An endpoint that answers alike, and counts."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __call__(self, request: Request, _: datetime) -> Reply:
        self.requests.append(request)
        return Reply(200, (("Content-Type", "text/xml"), ("Content-Length", "18")), BODY)


@pytest.fixture
def endpoint() -> Counted:
    return Counted()


@pytest.fixture
def server(endpoint: Counted) -> Iterator[WireServer]:
    with WireServer(read_operations("importexport"), Embedded(endpoint)) as made:
        yield made


def connected(server: WireServer) -> socket.socket:
    host, port = server.url.partition("//")[2].split(":")
    return socket.create_connection((host, int(port)), timeout=5)


def told(link: socket.socket, *, patience: float = 5) -> tuple[bytes, str]:
    """Return what comes on a connection, and how it ends; a reply of which the end is known ends it."""
    said = b""
    link.settimeout(patience)
    while True:
        try:
            more = link.recv(65536)
        except TimeoutError:
            return said, STALLS
        except ConnectionResetError:
            return said, RESETS
        if not more:
            return said, CLOSES
        said += more


def asked(link: socket.socket, request: bytes = REQUEST) -> bytes:
    """Send a request, and return the right answer to it, no byte more."""
    link.sendall(request)
    said = b""
    while len(said) < len(RIGHT):
        more = link.recv(len(RIGHT) - len(said))
        if not more:
            break
        said += more
    return said


@pytest.mark.parametrize("fault", WRITTEN)
def test_a_client_on_a_bare_socket_sees_the_promised_bytes(server: WireServer, fault: str) -> None:
    promised, ending = WRITTEN[fault]
    if fault == "tls.cut":  # without TLS there is no good-bye that could be missing
        with pytest.raises(BadPlan, match="needs an endpoint that speaks TLS"):
            server.set_plan(f"UpdateJob={fault}")
        return
    server.set_plan(f"UpdateJob=1*{fault.replace(' ', '')}->ok")

    with connected(server) as link:
        link.sendall(REQUEST)
        if ending == KEEPS:
            link.shutdown(socket.SHUT_WR)  # no further request: the server then closes
        said, seen = told(link, patience=0.05 if ending == STALLS else 5)

    assert promised(said) if callable(promised) else said == promised
    assert seen == (CLOSES if ending == KEEPS else ending)


@pytest.mark.parametrize("fault", [name for name, (_, ending) in WRITTEN.items() if ending == KEEPS])
def test_a_connection_that_goes_on_answers_the_next_request(server: WireServer, fault: str) -> None:
    server.set_plan(f"UpdateJob#0={fault}")

    with connected(server) as link:
        link.sendall(REQUEST + REQUEST)
        link.shutdown(socket.SHUT_WR)
        said, _ = told(link)

    assert said.endswith(RIGHT)
    assert len(said) > len(RIGHT)


def test_every_kind_that_shapes_an_answer_is_written_out_by_hand() -> None:
    assert {*SHAPES, "poison", "idle.reset"} - {text.partition("(")[0] for text in WRITTEN} == {"poison", "idle.reset"}
    wire_only = {kind.name for kind in KINDS.values() if kind.effect in ("cut", "framing", "failure")} - {"dns"}
    assert wire_only <= set(SHAPES) | CONNECTION_KINDS


def test_an_idle_connection_is_reset_as_the_next_request_is_written(server: WireServer) -> None:
    server.set_plan("UpdateJob#0=idle.reset")

    with connected(server) as link:
        first = asked(link)
        link.sendall(REQUEST)
        after = told(link)

    assert (first, after) == (RIGHT, (b"", RESETS))


def test_a_poisoned_connection_answers_the_next_request_with_the_answer_before(
    endpoint: Counted, server: WireServer
) -> None:
    server.set_plan("UpdateJob#0=poison")

    with connected(server) as link:
        asked(link)
        link.sendall(REQUEST)
        link.shutdown(socket.SHUT_WR)
        said, _ = told(link)

    assert said == RIGHT + RIGHT
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(("kind", "seen"), [("reset.before_request", RESETS), ("close.before_request", CLOSES)])
def test_a_connection_ends_before_anything_is_asked_for(server: WireServer, kind: str, seen: str) -> None:
    server.set_plan(f"*=1*{kind}->ok")

    try:
        with connected(server) as struck:
            first = told(struck)
    except ConnectionResetError:  # the client is told while it connects, or when it reads
        first = b"", RESETS
    with connected(server) as link:
        second = asked(link)

    assert first == (b"", seen)
    assert second == RIGHT
    assert server.journal.connections == {kind: 1}


def test_a_refused_port_refuses_until_the_plan_is_cleared(server: WireServer) -> None:
    server.set_plan("*=connect.refused")

    with pytest.raises(ConnectionRefusedError):
        connected(server)
    server.clear_plans()
    with connected(server) as link:
        assert asked(link) == RIGHT


def test_a_full_backlog_takes_no_connection_until_the_plan_is_cleared(server: WireServer) -> None:
    server.set_plan("*=connect.timeout")
    host, port = server.url.partition("//")[2].split(":")

    with pytest.raises(TimeoutError):
        socket.create_connection((host, int(port)), timeout=0.1)
    server.clear_plans()
    with connected(server) as link:
        assert asked(link) == RIGHT


def test_a_request_that_is_held_comes_after_the_next_one(endpoint: Counted, server: WireServer) -> None:
    server.set_plan("UpdateJob#0=1*reorder->ok")

    with connected(server) as link:
        link.sendall(REQUEST)
        assert told(link) == (b"", CLOSES)
    with connected(server) as link:
        asked(link, REQUEST.replace(b"JobId=A", b"JobId=B"))
        asked(link, REQUEST.replace(b"JobId=A", b"JobId=C"))

    assert [request.body[-1:] for request in endpoint.requests] == [b"B", b"A", b"C"]
    assert [call.effects for call in server.calls()] == ["once", "once", "once"]


def test_a_request_that_is_held_comes_at_the_latest_when_its_plan_ends(endpoint: Counted, server: WireServer) -> None:
    server.set_plan("UpdateJob=reorder")
    with connected(server) as link:
        link.sendall(REQUEST)
        told(link)

    before = len(endpoint.requests)
    server.clear_plans()

    assert (before, len(endpoint.requests)) == (0, 1)


def test_a_lost_response_is_counted_as_an_effect_for_each_attempt(server: WireServer) -> None:
    server.set_plan("UpdateJob=1*response_lost->ok")
    head, _, form = REQUEST.partition(b"\r\n\r\n")

    for attempt in (1, 2):
        ids = b"\r\namz-sdk-invocation-id: one\r\namz-sdk-request: attempt=%d; max=3\r\n\r\n" % attempt
        with connected(server) as link:
            link.sendall(head + ids + form)
            link.shutdown(socket.SHUT_WR)
            told(link)

    [call] = server.calls()
    assert (call.operation, call.effects, call.executions) == ("UpdateJob", "several", 2)
    assert [(attempt.struck, attempt.seen) for attempt in call.attempts] == [("response_lost", "closed"), ("", "200")]


def test_an_attempt_before_execution_does_not_reach_the_service(endpoint: Counted, server: WireServer) -> None:
    server.set_plan("UpdateJob=reset.after_request:pre")

    with connected(server) as link:
        link.sendall(REQUEST)
        told(link)

    assert endpoint.requests == []
    assert server.calls()[0].effects == "none"


def test_nothing_of_a_server_is_left_when_it_ends(server: WireServer) -> None:
    stalled, idle = connected(server), connected(server)
    server.set_plan("UpdateJob#0=timeout.read")
    stalled.sendall(REQUEST)
    asked(idle)

    server.close()

    assert told(stalled)[1] in (CLOSES, RESETS)
    assert told(idle)[1] in (CLOSES, RESETS)
    assert not server._thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        connected(server)
    stalled.close()
    idle.close()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ("UpdateJob=dns", "dns can only be made within the client: botoproof.contract.adapters.hook"),
        ("*=tls.expired", "tls.expired needs an endpoint that speaks TLS: add --tls"),
        (
            "UpdateJob=reset.before_request",
            "reset.before_request strikes before anything is asked for: on the wire its rule is for all, "
            "*=reset.before_request",
        ),
        (
            "*=1*reset.before_request->status(503)",
            "status(503) cannot stand in one rule with reset.before_request, which strikes before anything is asked "
            "for",
        ),
        (
            "*=2*connect.refused->ok",
            "connect.refused cannot be counted, as no connection comes about: *=connect.refused alone, for as long as "
            "the plan is set",
        ),
        (
            "UpdateJob=close.mid_body+chunk.right",
            "close.mid_body and chunk.right cannot shape the same answer on the wire",
        ),
    ],
)
def test_a_plan_that_cannot_be_made_on_the_wire_is_refused(server: WireServer, plan: str, why: str) -> None:
    with pytest.raises(BadPlan) as wrong:
        server.set_plan(plan)

    assert str(wrong.value) == why


def test_only_loopback_is_served() -> None:
    with pytest.raises(TargetUnusable, match="on loopback only"):
        WireServer(read_operations("importexport"), Embedded(Counted()), host="0.0.0.0")  # noqa: S104 - refused


def test_a_refused_port_opens_by_itself_when_the_plan_is_over(server: WireServer) -> None:
    plan = server.set_plan("*=connect.refused", ttl=0.05)

    deadline = time.monotonic() + 5
    while True:
        try:
            with connected(server) as link:
                said = asked(link)
                break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline

    assert said == RIGHT
    assert plan.ended == "expired"


def test_latency_is_waited_for_before_anything_is_said(endpoint: Counted) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    with WireServer(read_operations("importexport"), Embedded(endpoint), sleep=sleep) as server:
        server.set_plan("UpdateJob#0=latency(3s); UpdateJob#1=drip(5B, every=2s)")
        with connected(server) as link:
            said = [asked(link), asked(link)]

    assert said == [RIGHT, RIGHT]
    assert waited == [3.0, 2.0, 2.0, 2.0, 2.0]


def test_each_request_needs_a_connection_of_its_own_while_connections_are_struck(server: WireServer) -> None:
    with connected(server) as kept:
        before = asked(kept)
        server.set_plan("*=1*close.before_request->ok")
        kept_ends = told(kept)
    with connected(server) as struck:
        told(struck)
    with connected(server) as link:
        link.sendall(REQUEST)
        through = told(link)

    assert (before, kept_ends) == (RIGHT, (b"", CLOSES))
    assert through == (RIGHT, CLOSES)


def test_the_answer_to_a_head_has_no_body(server: WireServer) -> None:
    with connected(server) as link:
        link.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        link.shutdown(socket.SHUT_WR)
        said, _ = told(link)

    assert said == HEAD


def test_a_request_that_is_no_http_gets_no_answer(server: WireServer) -> None:
    with connected(server) as link:
        link.sendall(b"\x16\x03\x01 hello\r\n\r\n")

        assert told(link) == (b"", CLOSES)


def test_a_request_that_is_too_large_is_refused_and_told(endpoint: Counted) -> None:
    heard: list[str] = []
    with (
        WireServer(read_operations("importexport"), Embedded(endpoint), told=heard.append) as server,
        connected(server) as link,
    ):
        link.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n")
        link.sendall(bytes(16_777_217))
        said, _ = told(link)

    assert said.startswith(b"HTTP/1.1 413 ")
    assert heard == ["a request is larger than 16777216 bytes, and was refused"]
    assert endpoint.requests == []
