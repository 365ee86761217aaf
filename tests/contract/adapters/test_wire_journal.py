"""Which attempt of which call a request is, by what the SDK says of it or without."""

from __future__ import annotations

from botoproof.contract.adapters.wire_deliveries import Delivery
from botoproof.contract.adapters.wire_journal import WireJournal
from botoproof.contract.faults.script import Pause, Say, Script
from botoproof.contract.interaction import Reply, Request

REPLY = Reply(200, (), b"")


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def request(invocation: str = "", attempt: str = "") -> Request:
    headers = [("amz-sdk-invocation-id", invocation), ("amz-sdk-request", attempt)]
    return Request("POST", "http://127.0.0.1/", tuple((name, value) for name, value in headers if value), b"")


def passes(journal: WireJournal, sent: Request, served: int | None = 200) -> tuple[int, int]:
    """Let an attempt come and go; return its call and number."""
    arrival = journal.arrive(sent, "Op")
    journal.decided(arrival, None, Delivery(sent, [served]), Script(()), REPLY)
    journal.over(arrival)
    return arrival.call, arrival.attempt


def test_attempts_are_grouped_by_invocation_and_numbered_by_the_sdk() -> None:
    journal = WireJournal("s", Hands())

    seen = [
        passes(journal, request(invocation, f"attempt={attempt}; max=3"))
        for invocation, attempt in (("a", 1), ("b", 1), ("a", 2), ("a", 3))
    ]

    assert seen == [(0, 1), (1, 1), (0, 2), (0, 3)]
    assert [(call.invocation, call.effects) for call in journal.calls()] == [("a", "several"), ("b", "once")]


def test_without_a_number_attempts_are_counted_and_without_an_invocation_each_request_is_a_call() -> None:
    journal = WireJournal("s", Hands())

    seen = [passes(journal, request(invocation)) for invocation in ("a", "a", "", "")]

    assert seen == [(0, 1), (0, 2), (1, 1), (2, 1)]


def test_times_are_told_from_the_first_attempt_on() -> None:
    hands = Hands()
    journal = WireJournal("s", hands)
    first = journal.arrive(request("a", "attempt=1"), "Op")
    journal.decided(first, None, Delivery(request()), Script((Pause(2), Say(b""))), REPLY)

    [before] = journal.calls()[0].attempts
    hands.time += 3
    journal.over(first)
    hands.time += 5
    passes(journal, request("a", "attempt=2"))

    assert before.seconds == 2
    assert [(one.at, one.seconds, one.waited) for one in journal.calls()[0].attempts] == [(0, 3, 5), (8, 0, 0)]


def test_the_newest_calls_are_kept_and_the_others_counted() -> None:
    journal = WireJournal("s", Hands(), limit=2)

    numbers = [passes(journal, request(name))[0] for name in "abcd"]

    assert numbers == [0, 1, 2, 3]
    assert [call.invocation for call in journal.calls()] == ["c", "d"]
    assert journal.data()["forgotten"] == 2


def test_numbers_go_on_when_calls_are_forgotten_on_purpose() -> None:
    journal = WireJournal("s", Hands())
    passes(journal, request("a"))

    journal.clear()

    assert journal.calls() == ()
    assert passes(journal, request("b")) == (1, 1)
