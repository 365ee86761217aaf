"""The form of replies: every departure of the codec becomes a finding, and a success says what it must say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from botoproof.contract.case import Call
from botoproof.contract.checks import KINDS, reply_kinds
from botoproof.contract.checks.reply_form import reply_decodes_strictly, success_has_the_documented_shape
from botoproof.contract.codec import query_reading
from botoproof.contract.codec.departure import Departure
from botoproof.contract.codec.wrong_replies import WRONG_FORMS, WrongForm, with_body
from botoproof.contract.exchange import Exchange
from botoproof.contract.expectation import Promise
from botoproof.contract.finding import Evidence, Finding
from botoproof.contract.interaction import Reply

from .stand import PROMISE, UNKNOWN_JOB, WITH_ARTIFACT, Stand, refusal, success, violation

DEPARTURES = re.findall(r"``([a-z0-9-]+)``", (query_reading.__doc__ or "").partition("Departure codes:")[2])


def find(exchange: Exchange) -> list[Finding]:
    return [*reply_decodes_strictly(exchange), *success_has_the_documented_shape(exchange)]


def codes(exchange: Exchange) -> list[str]:
    return [finding.kind.code for finding in find(exchange)]


def test_every_departure_of_the_codec_has_a_kind_and_every_kind_a_departure() -> None:
    kinds = {kind.code.removeprefix("reply-") for kind in reply_kinds.KINDS_BY_DEPARTURE.values()}

    assert set(DEPARTURES) == kinds


@pytest.mark.parametrize("code", DEPARTURES)
def test_a_departure_becomes_one_finding_that_says_the_same(code: str, stand: Stand) -> None:
    exchange = stand.answered(success())
    assert exchange.reading is not None
    departure = Departure(code, "/here", "the right thing", "the wrong thing")

    (found,) = find(replace(exchange, reading=replace(exchange.reading, departures=(departure,))))

    assert found.kind is KINDS[f"reply-{code}"]
    assert (found.path, found.expected, found.observed) == ("/here", "the right thing", "the wrong thing")
    assert found.evidence is Evidence.DOCUMENTED


@pytest.mark.parametrize("form", WRONG_FORMS, ids=lambda form: form.name)
def test_every_wrong_form_is_found_by_its_departure(form: WrongForm, stand: Stand) -> None:
    parameters = UNKNOWN_JOB if form.of == "error" else WITH_ARTIFACT

    found = codes(stand.sent(Call(parameters), alter=form.alter))

    assert {code.removeprefix("reply-") for code in found} & form.departures


def test_the_number_of_a_list_s_item_does_not_make_another_finding(stand: Stand) -> None:
    exchange = stand.answered(success())
    assert exchange.reading is not None

    def with_departure_at(index: int) -> Finding:
        departure = Departure("member-unknown", f"/ArtifactList/member[{index}]/x", "a member", "x")
        assert exchange.reading is not None
        return find(replace(exchange, reading=replace(exchange.reading, departures=(departure,))))[0]

    assert with_departure_at(0).fingerprint == with_departure_at(17).fingerprint


def test_a_promise_that_is_not_kept_is_found_with_its_evidence_and_source(stand: Stand) -> None:
    (found,) = find(stand.answered(success(Success=False)))

    assert found.kind is reply_kinds.PROMISE
    assert (found.path, found.expected, found.observed) == ("/Success", "Success True", "False")
    assert found.evidence is Evidence.OBSERVED
    assert found.source == "a live test"
    assert found.key == ("Success",)


def test_a_promised_member_that_is_absent_is_found(stand: Stand) -> None:
    (found,) = find(stand.answered(success(Success=None)))

    assert (found.expected, found.observed) == ("Success True", "nothing")


def test_a_member_promised_without_a_value_may_have_any(stand: Stand) -> None:
    promise = Promise("WarningMessage", None, Evidence.OBSERVED, "a live test")

    assert codes(stand.answered(success(WarningMessage="x"), promises=(promise,))) == []
    (found,) = find(stand.answered(success(), promises=(promise,)))
    assert (found.expected, found.observed) == ("WarningMessage", "nothing")


@pytest.mark.parametrize(
    ("success_is", "told"),
    [
        (Evidence.DOCUMENTED, Evidence.OBSERVED),
        (Evidence.OBSERVED, Evidence.OBSERVED),
        (Evidence.INFERRED, Evidence.INFERRED),
    ],
)
def test_a_promise_is_no_better_founded_than_the_success(success_is: Evidence, told: Evidence, stand: Stand) -> None:
    (found,) = find(stand.answered(success(Success=False), evidence=success_is))

    assert found.evidence is told


def test_where_the_request_may_also_be_refused_a_broken_promise_is_a_note(stand: Stand) -> None:
    open_rule = violation("InvalidJobIdException", certain=False)

    (uncertain,) = find(stand.answered(success(Success=False), open_rule))
    (undecided,) = find(stand.answered(success(Success=False), undecided="nobody knows"))

    assert uncertain.evidence is Evidence.INFERRED
    assert undecided.evidence is Evidence.INFERRED


def test_a_success_that_should_have_been_a_refusal_owes_no_promise(stand: Stand) -> None:
    assert codes(stand.answered(success(Success=False), violation("InvalidJobIdException"))) == []


def test_a_member_whose_form_is_wrong_is_not_told_again_as_a_broken_promise(stand: Stand) -> None:
    def alter(reply: Reply) -> Reply:
        return with_body(reply, reply.body.replace(b"<Success>true", b"<Success>yes"))

    assert codes(stand.sent(Call(WITH_ARTIFACT), alter=alter)) == ["reply-boolean"]


def test_a_refusal_owes_no_promise(stand: Stand) -> None:
    assert codes(stand.answered(refusal("InvalidJobIdException"), promises=(PROMISE,))) == []


def test_where_there_is_no_reply_there_is_no_form(stand: Stand) -> None:
    assert codes(replace(stand.answered(success()), reading=None)) == []
    assert codes(stand.sent(Call({}))) == []
