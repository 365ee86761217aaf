"""Faults inside the process, on a real client whose requests go to the embedded endpoint."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.endpoint
import pytest
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError
from botoproof.contract.adapters.hook import AlreadyInjected, inject, inject_everywhere
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import ClientSettings, as_response, make_client
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import BadPlan
from botoproof.contract.faults.kind import FaultKind
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.interaction import Reply

PARAMETERS = {"JobId": "ABCDE", "Manifest": "x", "JobType": "Import", "ValidateOnly": False}


class Stand:
    """A client, and how many requests came through to the service behind it."""

    def __init__(self, **options: Any) -> None:
        settings = ClientSettings("importexport", "http://127.0.0.1:9", "us-east-1", EXAMPLE_KEY, options)
        self.client = make_client(settings)
        self.requests = 0
        self.warnings: list[str] = []
        self.client.meta.events.register_first("before-send", self._answer)

    def _answer(self, request: Any, **_: Any) -> Any:
        self.requests += 1
        value = {"Success": True, "WarningMessage": self.warnings.pop(0) if self.warnings else None}
        operation = read_operation("importexport", "UpdateJob")
        return as_response(request.url, write_result(operation, value, request_id="r"))

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


def test_time_passes_without_waiting(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with inject(stand.client, "UpdateJob=timeout.read") as injection, pytest.raises(ReadTimeoutError):
        stand.update()

    [call] = injection.calls()
    assert call.elapsed > 3
    assert slept == []
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


FAILURES = [kind for kind in KINDS.values() if kind.effect == "failure"]


@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.name)
def test_a_failure_raises_its_class_and_reaches_the_service_as_said(stand: Stand, kind: FaultKind) -> None:
    with inject(stand.client, f"UpdateJob={kind.name}") as injection, pytest.raises(BotoCoreError) as caught:
        stand.update()

    [call] = injection.calls()
    assert type(caught.value).__name__ == kind.raises[0]
    assert str(caught.value.kwargs["error"]) == kind.name
    assert len(call.attempts) == 3
    assert stand.requests == (0 if kind.usual == "pre" else 3)
    assert call.elapsed >= (3 if kind.waits else 0)


@pytest.mark.parametrize("when", ["pre", "post"])
def test_what_can_strike_before_and_after_execution_does_as_the_plan_says(stand: Stand, when: str) -> None:
    with inject(stand.client, f"UpdateJob=status(501):{when}"), pytest.raises(ClientError):
        stand.update()

    assert stand.requests == (1 if when == "post" else 0)


def test_a_latency_beyond_the_read_timeout_is_one(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=1*latency(1001ms)->latency(999ms)") as injection:
        stand.update()

    first, second = injection.calls()[0].attempts
    assert (first.seen, first.seconds) == ("ReadTimeoutError", 1)
    assert second.seen == "200"
    assert second.seconds == pytest.approx(0.999)
    assert second.at == first.seconds + first.waited


def test_a_drip_takes_its_time_and_is_no_timeout(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=drip(1B, every=1s)") as injection:
        stand.update()

    assert injection.calls()[0].elapsed > 100


def test_a_duplicate_is_executed_as_often_as_said(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=duplicate(3)") as injection:
        stand.update()

    assert injection.calls()[0].executions == stand.requests == 3


def test_a_request_that_is_held_up_lands_after_the_next(stand: Stand) -> None:
    stand.warnings = ["first to land", "second to land", "third to land"]

    with inject(stand.client, "UpdateJob#0=1*reorder->ok") as injection:
        answers = [stand.update()["WarningMessage"] for _ in range(2)]

    first, second = injection.calls()[0].attempts
    assert answers == ["first to land", "third to land"]
    assert (first.seen, first.served, second.served) == ("ConnectionClosedError", (200,), (200,))


def test_a_request_that_is_held_up_lands_at_the_latest_when_the_plan_ends(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=reorder") as injection, pytest.raises(ConnectionClosedError):
        stand.update()

    assert stand.requests == 3
    assert injection.calls()[0].effects == "several"


def test_a_stale_answer_is_that_of_an_earlier_equal_request(stand: Stand) -> None:
    stand.warnings = ["zero", "one", "two", "three"]

    with inject(stand.client, "UpdateJob=stale(2)") as injection:
        answers = [stand.update()["WarningMessage"] for _ in range(4)]

    assert answers == ["zero", "zero", "zero", "one"]
    assert [call.attempts[0].note for call in injection.calls()] == ["there was no earlier answer", "", "", ""]


def test_an_answer_too_many_is_taken_for_that_to_the_next_call(stand: Stand) -> None:
    stand.warnings = ["zero", "one", "two"]

    with inject(stand.client, "UpdateJob#0=poison") as injection:
        answers = [stand.update()["WarningMessage"] for _ in range(3)]

    assert answers == ["zero", "zero", "two"]
    assert injection.calls()[1].attempts[0].note == "got the answer that was left over"


def test_a_fault_that_found_nothing_to_change_is_told(stand: Stand) -> None:
    with inject(stand.client, "UpdateJob=result.short") as injection:
        stand.update()

    assert injection.calls()[0].attempts[0].inert


def test_a_rule_that_struck_nothing_is_told(stand: Stand) -> None:
    with inject(stand.client, "GetStatus=dns; UpdateJob=1*dns->ok; *=ok") as injection:
        stand.update()

    assert [str(rule) for rule in injection.idle] == ["GetStatus=dns"]


def test_threads_have_calls_of_their_own() -> None:
    stand = Stand(retries={"mode": "standard", "total_max_attempts": 3})

    with inject(stand.client, "UpdateJob=1*response_lost->ok") as injection, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: stand.update(), range(40)))

    calls = injection.calls()
    assert sorted(call.number for call in calls) == list(range(40))
    assert {tuple(attempt.seen for attempt in call.attempts) for call in calls} == {("ConnectionClosedError", "200")}
    assert {call.executions for call in calls} == {2}


def test_a_plan_for_all_clients_and_one_for_this_client_both_strike(stand: Stand) -> None:
    with inject_everywhere("UpdateJob=1*dns") as everywhere, inject(stand.client, "UpdateJob=2*connect.refused") as own:
        stand.update()

    assert [attempt.struck for attempt in everywhere.calls()[0].attempts] == ["dns", "", ""]
    assert [attempt.struck for attempt in own.calls()[0].attempts] == ["", "connect.refused", ""]
    assert stand.requests == 1


def test_two_plans_for_all_clients_are_refused() -> None:
    with inject_everywhere("*=ok"), pytest.raises(AlreadyInjected, match="every client"), inject_everywhere("*=ok"):
        pass


def test_what_is_no_call_of_the_plan_goes_on_sleeping(stand: Stand) -> None:
    endpoint: Any = botocore.endpoint
    with inject(stand.client, "UpdateJob=ok"):
        before = time.monotonic()
        endpoint.time.sleep(0.001)
        after = time.monotonic()

    assert after - before >= 0.001
    assert endpoint.time is time


def test_a_clock_that_waits_is_asked_for_every_wait(stand: Stand) -> None:
    waits: list[float] = []

    class Waiting:
        def sleep(self, seconds: float, /) -> None:
            waits.append(seconds)

    with inject(stand.client, "UpdateJob=1*latency(2s)->latency(300ms)", clock=Waiting()) as injection:
        stand.update()

    assert waits == [1, injection.calls()[0].attempts[0].waited, 0.3]


def test_an_error_of_another_service_is_told_at_the_end_even_where_the_code_swallowed_it(stand: Stand) -> None:
    injected = inject_everywhere("*=error(NoSuchKey)")

    with pytest.raises(BadPlan, match="documents no error 'NoSuchKey'"), injected, contextlib.suppress(Exception):
        stand.update()


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_a_mode_of_retries_is_the_clients_own(mode: str) -> None:
    stand = Stand(retries={"mode": mode})

    with inject(stand.client, "UpdateJob=reset.after_request") as injection, pytest.raises(ConnectionClosedError):
        stand.update()

    assert len(injection.calls()[0].attempts) == {"legacy": 5, "standard": 3}[mode]


def test_a_timeout_that_would_never_come_is_refused() -> None:
    stand = Stand(read_timeout=None)

    why = r"^timeout\.read would never end: the client has no read timeout$"

    with pytest.raises(BadPlan, match=why), inject(stand.client, "UpdateJob=timeout.read"):
        stand.update()


@pytest.mark.parametrize(
    ("release", "seen"), [("1.43.110", ["ConnectionClosedError"] * 3), ("1.43.118", ["ResponseParserError"])]
)
def test_a_body_that_is_cut_is_what_the_installed_release_makes_of_it(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, release: str, seen: list[str]
) -> None:
    monkeypatch.setattr(botocore, "__version__", release)

    with inject(stand.client, "UpdateJob=close.mid_body") as injection, pytest.raises(Exception, match=r"."):
        stand.update()

    assert [attempt.seen for attempt in injection.calls()[0].attempts] == seen
    assert injection.calls()[0].executions == len(seen)


def test_an_answer_that_streams_can_be_struck_and_read() -> None:
    settings = ClientSettings("s3", "http://127.0.0.1:9", "us-east-1", EXAMPLE_KEY, {})
    client = make_client(settings)
    reply = Reply(200, (("Content-Length", "4"),), b"data")
    client.meta.events.register_first("before-send", lambda request, **_: as_response(request.url, reply))

    with inject(client, "GetObject=latency(1s)"):
        body = client.get_object(Bucket="bucket", Key="key")["Body"].read()

    assert body == b"data"
