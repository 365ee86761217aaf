"""What faults make of a right answer: what changes, and what stays."""

from __future__ import annotations

from typing import Any

import defusedxml.ElementTree
import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.faults.fault import Fault, fault
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.plan_text import parse_fault
from botoproof.contract.faults.spoiling import spoil
from botoproof.contract.interaction import Reply
from botoproof.contract.outcome import Broken, Returned
from botoproof.strategies.faults import faults
from hypothesis import given
from hypothesis import strategies as st

UPDATE_JOB = read_operation("importexport", "UpdateJob")
LIST_JOBS = read_operation("importexport", "ListJobs")
ABOUT_BODY = ("content-length", "content-type", "content-encoding")
WORDS = st.text("abcdefghij <&", min_size=1, max_size=20)


def updated(warning: str = "w", *, success: bool = True) -> Reply:
    return write_result(UPDATE_JOB, {"Success": success, "WarningMessage": warning}, request_id="r-1")


def kinds(*effects: str) -> tuple[str, ...]:
    slow = ("body.large", "body.deep", "xml.entity_bomb")  # and nothing special in what they keep
    return tuple(name for name, kind in KINDS.items() if kind.effect in effects and name not in slow)


@given(WORDS, faults(kinds("cut")))
def test_what_is_cut_is_the_beginning_of_the_answer(warning: str, one: Fault) -> None:
    whole = updated(warning)

    left = spoil(whole, one)

    assert whole.body.startswith(left.body)
    assert len(left.body) < len(whole.body)
    assert {name for name, _ in left.headers} <= {name for name, _ in whole.headers}
    assert left.status == (whole.status if not one.kind.startswith("interim") else {"s": 101, "h": 103}[one.kind[8]])


@pytest.mark.parametrize(
    ("kind", "announced"), [("length.short", "kept"), ("close.mid_body", "whole"), ("tls.cut", "whole")]
)
def test_the_length_that_is_announced_is_that_of_what_the_fault_is_about(kind: str, announced: str) -> None:
    whole = updated()

    left = spoil(whole, fault(kind, keep=0.25))

    assert len(left.body) == len(whole.body) // 4
    assert left.header("content-length") == str(len(left.body if announced == "kept" else whole.body))


@given(WORDS, faults(kinds("change")))
def test_what_is_spoiled_keeps_the_headers_that_are_not_about_the_body(warning: str, one: Fault) -> None:
    whole = updated(warning)

    left = spoil(whole, one)

    lengths = [int(value) for name, value in left.headers if name.lower() == "content-length"]
    assert lengths == [len(left.body)]
    assert [pair for pair in left.headers if pair[0].lower() not in ABOUT_BODY] == [
        pair for pair in whole.headers if pair[0].lower() not in ABOUT_BODY
    ]
    assert left.status == whole.status or one.kind == "form"


UNREADABLE = (
    "bytes.corrupt",
    "bytes.corrupt(tag)",
    "bytes.corrupt(utf8)",
    "body.empty",
    "body.gzip",
    "xml.malformed",
    "close.mid_body",
    "close.after_headers",
    "length.short",
)


@pytest.mark.parametrize("text", UNREADABLE)
@given(warning=WORDS)
def test_what_is_left_is_no_document(text: str, warning: str) -> None:
    outcome = parse_reply(UPDATE_JOB, spoil(updated(warning), parse_fault(text)))

    assert isinstance(outcome, Broken)
    assert outcome.exception == "botocore.parsers.ResponseParserError"


def test_entities_that_grow_are_refused_by_the_parser() -> None:
    outcome = parse_reply(UPDATE_JOB, spoil(updated(), fault("xml.entity_bomb")))

    assert isinstance(outcome, Broken)
    assert "amplification" in outcome.message


@pytest.mark.parametrize("kind", ["xml.root", "xml.wrapper"])
def test_a_document_that_is_another_is_a_key_error(kind: str) -> None:
    outcome = parse_reply(UPDATE_JOB, spoil(updated(), fault(kind)))

    assert isinstance(outcome, Broken)
    assert outcome.exception == "builtins.KeyError"


UNNOTICED = ("xml.member_unknown", "xml.namespace", "xml.utf16", "header.content_type", "body.deep(1000)")


@pytest.mark.parametrize("text", UNNOTICED)
@given(warning=WORDS)
def test_what_the_parser_does_not_notice_changes_no_value(text: str, warning: str) -> None:
    whole = updated(warning)
    left = spoil(whole, parse_fault(text))

    assert left != whole
    assert parse_reply(UPDATE_JOB, left) == parse_reply(UPDATE_JOB, whole)


def value(reply: Reply) -> Any:
    outcome = parse_reply(UPDATE_JOB, reply)
    assert isinstance(outcome, Returned)
    return outcome.value


@given(WORDS)
def test_the_first_member_is_missing_and_the_others_stay(warning: str) -> None:
    whole = updated(warning)

    left = spoil(whole, fault("xml.member_missing"))

    assert value(left) == {name: item for name, item in value(whole).items() if name != "Success"}


@given(WORDS)
def test_every_true_is_false_and_the_texts_stay(warning: str) -> None:
    whole = updated(warning)

    left = spoil(whole, fault("result.false"))

    assert value(left) == {**value(whole), "Success": False}


@given(st.lists(st.booleans(), min_size=1, max_size=5), st.booleans())
def test_not_only_the_first_true_is_false(canceled: list[bool], truncated: bool) -> None:
    jobs = [{"JobId": "true", "IsCanceled": one} for one in canceled]
    whole = write_result(LIST_JOBS, {"Jobs": jobs, "IsTruncated": truncated}, request_id="r")

    left = parse_reply(LIST_JOBS, spoil(whole, fault("result.false")))

    assert isinstance(left, Returned)
    assert [job["IsCanceled"] for job in left.value["Jobs"]] == [False] * len(jobs)
    assert left.value["IsTruncated"] is False


@given(st.integers(1, 4))
def test_a_short_list_lacks_its_last_member(count: int) -> None:
    jobs = [{"JobId": f"JOB{number}", "IsCanceled": False} for number in range(count)]
    whole = write_result(LIST_JOBS, {"Jobs": jobs, "IsTruncated": False}, request_id="r")

    left = parse_reply(LIST_JOBS, spoil(whole, fault("result.short")))

    assert isinstance(left, Returned)
    assert [job["JobId"] for job in left.value["Jobs"]] == [job["JobId"] for job in jobs[:-1]]


@given(WORDS.filter(lambda text: text.isalpha()), st.integers(0, 1))
def test_one_bit_of_a_value_is_another_and_the_document_as_well_formed_as_before(warning: str, number: int) -> None:
    whole = updated(warning)

    left = spoil(whole, fault("bytes.flip", value=number))

    different = [(old, new) for old, new in zip(whole.body, left.body, strict=True) if old != new]
    assert [bin(old ^ new).count("1") for old, new in different] == [1]
    assert defusedxml.ElementTree.fromstring(left.body) is not None
    assert value(left) != value(whole)


@given(st.integers(1, 5000))
def test_a_large_text_is_as_large_as_said(size: int) -> None:
    left = spoil(updated(), fault("body.large", size=size))

    assert value(left) == {"Success": True, "WarningMessage": "x" * size}


def test_what_cannot_be_spoiled_comes_back_as_it_was() -> None:
    empty = Reply(200, (("Content-Length", "0"),), b"")

    assert {name for name in kinds("change") if name != "form" and spoil(empty, fault(name)) != empty} == {
        "body.gzip",
        "header.content_type",
        "xml.utf16",  # a byte order mark
    }
