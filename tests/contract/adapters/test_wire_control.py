"""The control channel: who may speak to it, what it is told, and what it tells."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.wire import WireServer
from botoproof.contract.adapters.wire_behind import Embedded
from botoproof.contract.adapters.wire_control import Control
from botoproof.contract.interaction import Reply

PAGE = Path(__file__).parents[3] / "docs" / "faults-control.md"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(read_operations("importexport"), Embedded(lambda *_: Reply(200, (), b"<a/>"))) as made:
        yield made


@pytest.fixture
def ask(server: WireServer) -> Iterator[Ask]:
    """Ask the control channel; gives the status, and the JSON or the text."""
    with Control(server) as control:
        authority, _, root = control.url.partition("//")[2].partition("/")

        def asked(method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
            connection = http.client.HTTPConnection(authority, timeout=5)
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            headers = {"Authorization": f"Bearer {control.token if token is None else token}"}
            connection.request(method, f"/{root}{path}", data, headers)
            reply = connection.getresponse()
            said = reply.read().decode()
            connection.close()
            return reply.status, json.loads(said) if reply.headers["content-type"] == "application/json" else said

        yield asked


def call(server: WireServer) -> int:
    """Send one request, and return the status."""
    connection = http.client.HTTPConnection(server.url.partition("//")[2], timeout=5)
    connection.request("POST", "/", b"Action=UpdateJob")
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_plan_that_is_set_strikes_until_it_is_cleared(server: WireServer, ask: Ask) -> None:
    status, told = ask("PUT", "/plans/mine", {"plan": "UpdateJob=status(503)", "ttl": 60, "max_strikes": 9})
    struck = call(server)
    _, listed = ask("GET", "/plans")
    cleared = ask("DELETE", "/plans/mine")
    after = call(server)

    assert (status, told["plan"], told["max_strikes"], told["ended"]) == (200, "UpdateJob=status(503)", 9, None)
    assert 0 < told["ends_in"] <= 60
    assert [(one["name"], one["strikes"]) for one in listed["plans"]] == [("mine", 1)]
    assert (struck, after) == (503, 200)
    assert cleared[1]["cleared"] == ["mine"]
    assert [one["ended"] for one in ask("GET", "/plans")[1]["over"]] == ["cleared"]


def test_a_plan_ends_by_itself_though_nobody_said_when(ask: Ask) -> None:
    _, told = ask("PUT", "/plans/a", {"plan": "*=status(503)"})

    assert 0 < told["ends_in"] <= 900


def test_the_first_request_on_the_page_of_the_channel_fits_the_first_server_there(ask: Ask) -> None:
    [body] = re.findall(r"-d '(.*)'", PAGE.read_text("utf-8"))

    assert ask("PUT", "/plans/mine", body.encode())[0] == 200


def test_a_closed_port_does_not_close_the_channel(ask: Ask) -> None:
    ask("PUT", "/plans/a", {"plan": "*=connect.refused"})

    status, health = ask("GET", "/health")

    assert (status, health["status"], health["plans"]) == (200, "ok", 1)


def test_the_journal_is_told_as_data_and_as_text(server: WireServer, ask: Ask) -> None:
    ask("PUT", "/plans/a", {"plan": "UpdateJob=status(503)"})
    call(server)

    _, data = ask("GET", "/journal")
    _, text = ask("GET", "/journal?format=text")

    [one] = data["calls"]
    assert (one["operation"], one["effects"], one["attempts"][0]["struck"]) == ("UpdateJob", "none", "status(503)")
    assert "importexport.UpdateJob#0: 1 attempt, no effect" in text
    assert ask("DELETE", "/journal")[0] == 200
    assert ask("GET", "/journal")[1]["calls"] == []


@pytest.mark.parametrize("path", ["/health", "/plans", "/plans/a", "/journal", "/nothing"])
@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_nothing_is_told_without_the_token(ask: Ask, path: str, token: str) -> None:
    status, told = ask("GET", path, token=token)

    assert status == 401
    assert set(told) == {"schema", "error"}


@pytest.mark.parametrize("name", ["SendMessage", "sqs.SendMessage"])
def test_an_operation_that_is_not_served_is_told_with_each_that_is_named_once(ask: Ask, name: str) -> None:
    _, told = ask("PUT", "/plans/a", {"plan": f"{name}=status(503)"})

    listed = told["error"].partition("; known: ")[2]
    assert listed.count("UpdateJob") == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "why"),
    [
        ("GET", "/nothing", None, 404, "there is no /nothing; known: /health, /journal, /plans"),
        ("GET", "/plan", None, 404, "there is no /plan; did you mean /plans?"),
        ("PUT", "/plan", {"plan": "*=status(503)"}, 404, "there is no /plan; did you mean /plans?"),
        ("PUT", "/plan/a", {"plan": "*=status(503)"}, 404, "there is no /plan/a; did you mean /plans?"),
        (
            "GET",
            "x",
            None,
            404,
            "there is nothing at /_botoproofx; /_botoproof/ has health, plans, plans/NAME, journal",
        ),
        ("POST", "/plans", None, 405, "/_botoproof/plans takes GET, DELETE, not POST"),
        ("GET", "/plans/none", None, 404, "no plan 'none' is in force"),
        ("DELETE", "/plans/none", None, 404, "no plan 'none' is in force"),
        ("PUT", "/plans/%20", {"plan": "*=status(503)"}, 400, "a plan's name is up to 64 letters"),
        ("PUT", "/plans/a", b"{", 400, "the body must be JSON"),
        ("PUT", "/plans/a", [], 400, "the body must be an object with a plan"),
        ("PUT", "/plans/a", {"plan": 5}, 400, "plan must be text, got 5"),
        ("PUT", "/plans/a", {"plan": "*=status(503)", "ttl": True}, 400, "ttl must be a number, got True"),
        ("PUT", "/plans/a", {"plan": "*=status(503)", "tll": 5}, 400, "unknown key 'tll'; did you mean ttl?"),
        ("PUT", "/plans/a", {"plan": "*=status(503)", "ttl": -5}, 400, "ttl must be a number of seconds above 0"),
        ("PUT", "/plans/a", {"plan": "UpdatJob=status(503)"}, 400, "no operation 'UpdatJob' here; did you mean"),
        ("PUT", "/plans/a", {"plan": "*=dns"}, 400, "dns can only be made within the client"),
        ("GET", "/journal?format=xml", None, 400, "format is json or text, got 'xml'"),
    ],
)
def test_mistakes_are_told(ask: Ask, method: str, path: str, body: Any, status: int, why: str) -> None:
    seen, told = ask(method, path, body)

    assert seen == status
    assert told["error"].startswith(why)
    assert ask("GET", "/plans")[1]["plans"] == []
