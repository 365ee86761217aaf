"""Replies of the query protocol, written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.reply_envelope import ErrorReading
from botoproof.contract.model import Operation
from hypothesis import given
from hypothesis import strategies as st


def test_a_result_stands_in_its_wrapper_with_the_request_id_beside_it(update_job: Operation) -> None:
    value = {"Success": True, "ArtifactList": [{"Description": "d", "URL": "u"}]}

    reply = write_result(update_job, value, request_id="r1")

    assert reply.body == (
        b'<UpdateJobResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/">'
        b"<UpdateJobResult><Success>true</Success>"
        b"<ArtifactList><member><Description>d</Description><URL>u</URL></member></ArtifactList></UpdateJobResult>"
        b"<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></UpdateJobResponse>"
    )
    assert reply.status == 200
    assert reply.headers == (
        ("Content-Type", "text/xml"),
        ("Content-Length", str(len(reply.body))),
        ("x-amzn-RequestId", "r1"),
    )


def test_a_result_without_members_has_only_the_metadata(delete_user: Operation) -> None:
    assert write_result(delete_user, {}, request_id="r1", namespace="urn:other").body == (
        b'<DeleteUserResponse xmlns="urn:other">'
        b"<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></DeleteUserResponse>"
    )


def test_an_error_stands_in_the_envelope_of_the_protocol() -> None:
    reply = write_error("InvalidJobIdException", "no such job", request_id="r1", namespace="urn:x")

    assert reply.status == 400
    assert reply.body == (
        b'<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>InvalidJobIdException</Code>'
        b"<Message>no such job</Message></Error><RequestId>r1</RequestId></ErrorResponse>"
    )


@pytest.mark.parametrize(
    ("member", "xml"),
    [
        ({"Renamed": "x"}, "<OtherName>x</OtherName>"),
        ({"Enabled": False, "Count": 0}, "<Enabled>false</Enabled><Count>0</Count>"),
        ({"Owner": {"Id": "a"}}, "<Owner><OwnerId>a</OwnerId></Owner>"),
        ({"Owner": {}}, "<Owner></Owner>"),
        ({"Words": ["a", ""]}, "<Words><member>a</member><member></member></Words>"),
        ({"Words": []}, "<Words></Words>"),
        ({"Labelled": [True]}, "<Labelled><Entry>true</Entry></Labelled>"),
        ({"Flat": [7, 8]}, "<Flat>7</Flat><Flat>8</Flat>"),
        ({"Flat": []}, ""),
        ({"FlatLabelled": ["a"]}, "<Item>a</Item>"),
        ({"Map": {"k": 1}}, "<Map><entry><key>k</key><value>1</value></entry></Map>"),
        ({"FlatMap": {"k": "v"}}, "<FlatMap><Attribute>k</Attribute><Content>v</Content></FlatMap>"),
        (
            {"Data": b"\0", "When": datetime(2026, 11, 23, tzinfo=UTC)},
            "<Data>AA==</Data><When>2026-11-23T00:00:00Z</When>",
        ),
        ({"Renamed": None, "Unknown": "x"}, ""),
    ],
)
def test_each_construct_is_written_as_the_protocol_has_it(
    put_record: Operation, member: dict[str, Any], xml: str
) -> None:
    body = write_result(put_record, {"Name": "n", **member}, request_id="r").body.decode()

    assert f"<PutRecordResult><Name>n</Name>{xml}</PutRecordResult>" in body


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("<&>\"'", "&lt;&amp;&gt;\"'"),
        ("]]>", "]]&gt;"),
        ("a\r\nb\rc\td", "a&#13;\nb&#13;c\td"),
        ("\0\x1b\ufffe\ud800", "\ufffd\ufffd\ufffd\ufffd"),
        ("é\U0001f600", "é\U0001f600"),
    ],
)
def test_text_is_escaped_and_what_xml_cannot_hold_is_replaced(put_record: Operation, text: str, xml: str) -> None:
    body = write_result(put_record, {"Name": text}, request_id="r").body.decode()

    assert f"<Name>{xml}</Name>" in body


@given(text=st.text(), request_id=st.text(min_size=1))
def test_any_text_gives_a_reply_without_departures(put_record: Operation, text: str, request_id: str) -> None:
    reading = read_reply(put_record, write_result(put_record, {"Name": text}, request_id=request_id))

    assert reading.departures == ()


@given(
    code=st.text("ABCxyz.", min_size=1),
    message=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1),
    fault=st.sampled_from(["Sender", "Receiver"]),
    status=st.integers(400, 599),
)
def test_an_error_is_read_as_it_was_written(
    update_job: Operation, code: str, message: str, fault: str, status: int
) -> None:
    reply = write_error(code, message, request_id="r1", status=status, fault=fault, namespace=update_job.namespace)

    reading = read_reply(update_job, reply)

    assert (reading.value, reading.error) == (None, ErrorReading(code, message, fault))
    assert (reading.request_id, reading.departures) == ("r1", ())
