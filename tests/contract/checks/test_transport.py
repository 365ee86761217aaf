"""Replies that did not come, came late, or changed when the same request was sent again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.case import Call
from botoproof.contract.checks import KINDS, transport
from botoproof.contract.checks.transport import reply_comes_in_time, same_request_same_outcome
from botoproof.contract.exchange import Exchange
from botoproof.contract.finding import Finding
from botoproof.contract.interaction import Reply, TransportFailure
from botoproof.contract.outcome import Broken, Outcome, Refused, Returned

from .stand import UNKNOWN_JOB, VALID, Stand, refusal, success

RETURNED = Returned({"Success": True}, 200, "an-id")
REFUSED = Refused("InvalidJobIdException", "m", "Sender", 400, "InvalidJobIdException", None)
EXPIRED = replace(REFUSED, code="ExpiredJobIdException", exception="ExpiredJobIdException")
THROTTLED = replace(REFUSED, code="Throttling", exception="ClientError")
SILENT = Broken("timeout", "slow", sdk_error=True)


def failing(exchange: Exchange, kind: str) -> list[Finding]:
    assert exchange.interaction is not None
    failed = replace(exchange.interaction, reply=None, failure=TransportFailure(kind, "what happened"))
    return list(reply_comes_in_time(replace(exchange, interaction=failed, reading=None)))


def taking(exchange: Exchange, seconds: float) -> Exchange:
    assert exchange.interaction is not None
    return replace(exchange, interaction=replace(exchange.interaction, seconds=seconds))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("timeout", "reply-timeout"),
        ("connect", "connection-refused"),
        ("closed", "connection-closed"),
        ("not-http", "reply-not-http"),
        ("too-large", "reply-oversized"),
        ("crash", "endpoint-crashed"),
    ],
)
def test_each_failure_of_the_transport_has_its_kind(kind: str, code: str, stand: Stand) -> None:
    (found,) = failing(stand.answered(success()), kind)

    assert found.kind is KINDS[code]
    assert (found.expected, found.observed, found.key) == ("a reply", "what happened", (kind,))


def test_a_case_that_was_withheld_is_no_finding(stand: Stand) -> None:
    assert failing(stand.answered(success()), "withheld") == []


def test_a_reply_after_the_time_limit_is_found_with_both_times(stand: Stand) -> None:
    (found,) = reply_comes_in_time(taking(stand.answered(success()), 12.34))

    assert found.kind is transport.SLOW
    assert (found.expected, found.observed) == ("a reply within 10 s", "after 12.3 s")


def test_how_late_a_reply_came_does_not_make_another_finding(stand: Stand) -> None:
    exchange = stand.answered(success())

    (one,), (other,) = reply_comes_in_time(taking(exchange, 11)), reply_comes_in_time(taking(exchange, 99))

    assert one.fingerprint == other.fingerprint


def test_a_reply_at_the_time_limit_is_in_time(stand: Stand) -> None:
    assert list(reply_comes_in_time(taking(stand.answered(success()), 10.0))) == []


def test_what_was_not_sent_is_not_late(stand: Stand) -> None:
    assert list(reply_comes_in_time(stand.sent(Call({})))) == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (RETURNED, REFUSED, ("returned", "refused:InvalidJobIdException")),
        (REFUSED, RETURNED, ("refused:InvalidJobIdException", "returned")),
        (REFUSED, EXPIRED, ("refused:InvalidJobIdException", "refused:ExpiredJobIdException")),
        (RETURNED, SILENT, ("returned", "broken:timeout")),
    ],
)
def test_another_outcome_of_the_same_request_is_found(
    first: Outcome, second: Outcome, told: tuple[str, ...], stand: Stand
) -> None:
    (found,) = same_request_same_outcome(replace(stand.answered(success()), outcome=first, repeated=second))

    assert found.kind is transport.UNSTABLE
    assert found.key == tuple(sorted(told))
    assert (found.expected, found.observed) == (f"{told[0]} again", told[1])


def test_which_of_two_outcomes_came_first_does_not_tell_findings_apart(stand: Stand) -> None:
    exchange = stand.answered(success())

    (one,) = same_request_same_outcome(replace(exchange, outcome=RETURNED, repeated=REFUSED))
    (other,) = same_request_same_outcome(replace(exchange, outcome=REFUSED, repeated=RETURNED))

    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RETURNED, replace(RETURNED, value={}, request_id="another")),
        (REFUSED, replace(REFUSED, message="other words", request_id="another")),
        (RETURNED, THROTTLED),
        (THROTTLED, RETURNED),
        (SILENT, SILENT),
        (RETURNED, None),
    ],
)
def test_the_same_outcome_in_other_words_or_throttling_is_no_finding(
    first: Outcome, second: Outcome | None, stand: Stand
) -> None:
    exchange = replace(stand.answered(success()), outcome=first, repeated=second)

    assert list(same_request_same_outcome(exchange)) == []


def test_an_endpoint_that_changes_its_mind_is_found_through_the_judge(stand: Stand) -> None:
    answers = iter([success(), refusal("InvalidJobIdException")])

    (found,) = same_request_same_outcome(stand.sent(Call(VALID), alter=lambda _: next(answers), repeat=True))

    assert found.observed == "refused:InvalidJobIdException"


@pytest.mark.parametrize(("repeat", "sent"), [(False, 1), (True, 2)])
def test_a_request_is_sent_once_more_only_when_that_is_wished(repeat: bool, sent: int, stand: Stand) -> None:
    replies: list[Reply] = []

    def remember(reply: Reply) -> Reply:
        replies.append(reply)
        return reply

    stand.sent(Call(UNKNOWN_JOB), alter=remember, repeat=repeat)

    assert len(replies) == sent
