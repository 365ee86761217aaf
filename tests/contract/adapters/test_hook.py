"""Faults inside the process, on a real client whose requests go to the embedded endpoint."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botoproof.contract.adapters.hook import AlreadyInjected, inject, inject_everywhere
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import ClientSettings, as_response, make_client
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import BadPlan

PARAMETERS = {"JobId": "ABCDE", "Manifest": "x", "JobType": "Import", "ValidateOnly": False}


class Stand:
    """A client, and how many requests came through to the service behind it."""

    def __init__(self, **options: Any) -> None:
        settings = ClientSettings("importexport", "http://127.0.0.1:9", "us-east-1", EXAMPLE_KEY, options)
        self.client = make_client(settings)
        self.requests = 0
        self.client.meta.events.register_first("before-send", self._answer)

    def _answer(self, request: Any, **_: Any) -> Any:
        self.requests += 1
        operation = read_operation("importexport", "UpdateJob")
        return as_response(request.url, write_result(operation, {"Success": True}, request_id="r"))

    def update(self) -> Any:
        return self.client.update_job(**PARAMETERS)


@pytest.fixture
def stand() -> Stand:
    return Stand(retries={"mode": "standard", "total_max_attempts": 3}, read_timeout=1)


def test_a_lost_response_of_an_update_counts_as_two_effects(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob#0=1*response_lost->ok") as injection:
        answer = stand.update()

    [call] = injection.calls()
    assert answer["Success"] is True
    assert (call.executions, call.effects, stand.requests) == (2, "several", 2)
    assert [(attempt.struck, attempt.served, attempt.seen) for attempt in call.attempts] == [
        ("response_lost", (200,), "ConnectionClosedError"),
        ("", (200,), "200"),
    ]


def test_a_fault_before_execution_reaches_no_service(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=reset.before_request") as injection, pytest.raises(ConnectionClosedError):
        stand.update()

    [call] = injection.calls()
    assert stand.requests == 0
    assert (len(call.attempts), call.effects, call.outcome) == (3, "none", "ConnectionClosedError")


def test_time_passes_without_waiting(stand: Stand) -> None:
    before = time.monotonic()
    with inject(stand.client, "UpdateJob=timeout.read") as injection, pytest.raises(ReadTimeoutError):
        stand.update()

    [call] = injection.calls()
    assert call.elapsed > 3
    assert time.monotonic() - before < 1
    assert stand.requests == 3


def test_what_one_run_spent_of_the_retry_quota_is_not_missing_in_the_next(stand: Stand) -> None:
    attempts = []
    for _ in range(25):
        with inject(stand.client, "UpdateJob=status(503)") as injection, pytest.raises(Exception, match="503"):
            stand.update()
        attempts.append(len(injection.calls()[0].attempts))

    assert attempts == [3] * 25


def test_every_client_of_the_process_is_struck(stand: Stand) -> None:
    with inject_everywhere("UpdateJob=1*dns->ok") as injection:
        stand.update()
        Stand(retries={"total_max_attempts": 2}).update()
    stand.update()

    assert [[attempt.seen for attempt in call.attempts] for call in injection.calls()] == [
        ["EndpointConnectionError", "200"]
    ] * 2
    assert stand.requests == 2


def test_two_plans_on_one_client_are_refused(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=ok"), pytest.raises(AlreadyInjected), inject(stand.client, "UpdateJob=ok"):
        pass


def test_an_error_that_the_model_does_not_know_is_refused_at_once(stand: Stand) -> None:
    plan = "UpdateJob=error(InvalidJobID)"

    with pytest.raises(BadPlan) as caught, inject(stand.client, plan):
        pass

    assert str(caught.value) == (
        "the installed model of importexport documents no error 'InvalidJobID'; did you mean InvalidJobIdException? "
        f"(error.undocumented takes any code)\n  {plan}\n            ^"
    )


def test_a_client_is_left_as_it_was(stand: Stand) -> None:
    endpoint = stand.client._endpoint
    before = dict(vars(endpoint))

    with inject(stand.client, "UpdateJob=dns"):
        pass

    assert vars(endpoint) == before
