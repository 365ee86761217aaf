"""Replies of the query protocol that are hostile or cut short: no bytes raise, and all is read within stated limits."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.contract.codec.departure import MAX_DEPARTURES
from botoproof.contract.codec.query_reading import MAX_DEPTH, read_reply
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.xml_document import MAX_BODY
from botoproof.contract.interaction import Headers
from botoproof.contract.model import Operation
from hypothesis import example, given
from hypothesis import strategies as st

from .right_replies import ERROR, INNER, RESULT, changed, read, told

EVERY_TOKEN = "\ufeff<?xml version='1.0'?><?p é?><!-- é --><aé b='é'>é&amp;&#233;<b/>\r\n<![CDATA[é]]></aé>".encode()


@pytest.mark.parametrize("body", [RESULT, ERROR, EVERY_TOKEN], ids=["result", "error", "every-token"])
def test_every_proper_prefix_is_truncated(update_job: Operation, body: bytes) -> None:
    codes = {read(update_job, body[:end]).departures[0].code for end in range(1, len(body))}

    assert codes == {"truncated"}
    assert told(read(update_job, b"")) == [("body-empty", "body")]


@given(
    body=st.binary() | st.text().map(str.encode),
    status=st.integers(0, 999),
    headers=st.lists(st.tuples(st.text(), st.text())).map(tuple),
)
@example(body=b"\xff", status=0, headers=())
def test_no_bytes_make_it_raise(update_job: Operation, body: bytes, status: int, headers: Headers) -> None:
    reading = read(update_job, body, status=status, headers=headers)

    assert reading.departures
    assert all(departure.path and departure.code for departure in reading.departures)


SPLICES = st.binary(max_size=3) | st.sampled_from(
    b"< > </ /> & &lt; &#0; ]]> <![CDATA[ <!-- <!DOCTYPE <?x?> \0 \xff \xc3 ' <member> </member> <Error>".split(b" ")
)


@given(
    body=st.sampled_from([RESULT, ERROR]),
    changes=st.lists(st.tuples(st.integers(0, len(RESULT)), st.integers(0, 12), SPLICES), min_size=1, max_size=4),
    status=st.sampled_from([200, 400, 500]),
)
def test_no_damage_to_a_right_reply_makes_it_raise(
    put_record: Operation, update_job: Operation, body: bytes, changes: list[tuple[int, int, bytes]], status: int
) -> None:
    for at, length, splice in changes:
        body = body[:at] + splice + body[at + length :]

    for operation in (update_job, put_record):
        assert all(departure.path for departure in read(operation, body, status=status).departures)


@given(at=st.integers(0, len(RESULT) - 1), byte=st.integers(0, 255))
def test_a_flipped_byte_never_changes_the_value_of_another_type(update_job: Operation, at: int, byte: int) -> None:
    body = RESULT[:at] + bytes([byte]) + RESULT[at + 1 :]

    value = read(update_job, body).value or {}

    assert isinstance(value.get("Success", True), bool)
    assert isinstance(value.get("WarningMessage", ""), str)
    assert isinstance(value.get("ArtifactList", []), list)


@pytest.mark.parametrize("depth", [20_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_deep_nesting_is_read_in_bounds(update_job: Operation, depth: int) -> None:
    deep = b"<a>" * depth + b"</a>" * depth

    assert told(read(update_job, changed(RESULT, ">w<", f">{deep.decode()}<"))) == [
        ("member-type", f"{INNER}/WarningMessage")
    ]
    assert told(read(update_job, deep)) == [("root", "/a")]
    assert [code for code, _ in told(read(update_job, b"<a>" * depth))] == ["truncated"]


def test_a_recursive_shape_is_followed_to_the_limit(put_record: Operation) -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {"Branch": nested(levels - 1)} if levels else {"Leaf": "x"}

    shallow, deep = (
        read_reply(put_record, write_result(put_record, {"Name": "n", "Tree": nested(levels)}, request_id="r"))
        for levels in (MAX_DEPTH, 3 * MAX_DEPTH)
    )

    assert shallow.departures == ()
    ((code, path),) = told(deep)
    assert code == "too-deep"
    assert len(path) <= 300


def test_a_body_over_the_limit_is_not_parsed(update_job: Operation) -> None:
    body = b"<" * (MAX_BODY + 1)  # which a parser would complain about

    reading = read(update_job, body)

    assert told(reading) == [("body-too-large", "body")]
    assert reading.departures[0].observed == f"{len(body)} bytes"
    assert [code for code, _ in told(read(update_job, body[1:]))] != ["body-too-large"]


def test_two_hundred_thousand_items_are_read(update_job: Operation) -> None:
    items = "<member/>" * 200_000
    body = changed(RESULT, "<ArtifactList>", f"<ArtifactList>{items}")

    reading = read(update_job, body)

    assert reading.value is not None
    assert len(reading.value["ArtifactList"]) == 200_002
    assert reading.departures == ()


def test_only_so_many_departures_are_told(update_job: Operation) -> None:
    items = "<member>x</member>" * 100_000
    body = changed(RESULT, "<ArtifactList>", f"<ArtifactList>{items}")

    assert len(read(update_job, body).departures) == MAX_DEPARTURES


def test_a_long_text_is_observed_in_short(update_job: Operation) -> None:
    (departure,) = read(update_job, changed(RESULT, "<Success>true", f"<Success>{'x' * 1000}")).departures

    assert departure.observed == f"{'x' * 120!r} and 880 more characters"


def test_an_element_name_of_any_length_makes_a_short_path(update_job: Operation) -> None:
    name = "N" * 1_000_000

    (departure,) = read(update_job, changed(RESULT, "<Success>", f"<{name}/><Success>")).departures

    assert departure.path.startswith(f"{INNER}/NNN")
    assert len(departure.path) <= 300
    assert len(departure.observed) <= 300


def test_entities_are_never_expanded(update_job: Operation) -> None:
    """Nine levels of ten make a gigabyte out of a kilobyte."""
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    body = f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a>&e9;</a>'.encode()

    # Were it parsed, its root would be told as well.
    assert told(read(update_job, body)) == [("entity-declaration", "body")]
