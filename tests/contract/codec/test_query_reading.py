"""Replies of the query protocol read strictly: every departure at its place."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from botoproof.contract.codec.query_reading import ReplyReading, read_reply
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.reply_envelope import ErrorReading
from botoproof.contract.interaction import Headers, Reply
from botoproof.contract.model import Operation

from .right_replies import ERROR, INNER, RESULT, VALUE, XML, changed, read, told


def test_a_right_result_is_read_without_departures(update_job: Operation) -> None:
    assert read(update_job, RESULT) == ReplyReading(VALUE, None, "r1", ())


def test_a_right_error_is_read_without_departures(update_job: Operation) -> None:
    error = ErrorReading("InvalidJobIdException", "m", "Sender")

    assert read(update_job, ERROR, status=400) == ReplyReading(None, error, "r1", ())


def test_a_result_without_members_is_an_empty_value(delete_user: Operation) -> None:
    assert read_reply(delete_user, write_result(delete_user, {}, request_id="r1")) == ReplyReading({}, None, "r1", ())


@pytest.mark.parametrize(
    ("old", "new", "departures"),
    [
        ("/doc/2010-06-01/", "/doc/2014-12-18/", [("namespace", "/UpdateJobResponse")]),
        (' xmlns="http://importexport.amazonaws.com/doc/2010-06-01/"', "", [("namespace", "/UpdateJobResponse")]),
        ("<Description>", '<Description xmlns="urn:x">', [("namespace", "//Description")]),
        ("<Success>", '<Success xmlns="">', [("namespace", "//Success")]),
        ("<Success>true", "<Success>TRUE", [("boolean", f"{INNER}/Success")]),
        ("<Success>true", "<Success>", [("boolean", f"{INNER}/Success")]),
        ("<Success>true", "<Success> true ", [("boolean", f"{INNER}/Success")]),
        ("<Success>true", "<Success><a/>", [("member-type", f"{INNER}/Success")]),
        ("<WarningMessage>w", "<WarningMessage><b>w</b>", [("member-type", f"{INNER}/WarningMessage")]),
        ("<Success>true</Success>", "stray", [("member-type", INNER)]),
        ("</Success>", "</Success>\u00a0", [("member-type", INNER)]),
        ("</UpdateJobResult>", "</UpdateJobResult>stray", [("member-type", "/UpdateJobResponse")]),
        ("<Success>", "<success>true</success><Success>", [("member-unknown", f"{INNER}/success")]),
        ("<URL>", "<Url>x</Url><URL>", [("member-unknown", f"{INNER}/ArtifactList/member[0]/Url")]),
        ("<Success>", "<Success>false</Success><Success>", [("member-repeated", f"{INNER}/Success")]),
        ("<URL>v", "<URL>x</URL><URL>v", [("member-repeated", f"{INNER}/ArtifactList/member[1]/URL")]),
        ("<member><Des", "<item/><member><Des", [("list-member", f"{INNER}/ArtifactList/item")]),
        ("<ArtifactList>", "<ArtifactList>x", [("member-type", f"{INNER}/ArtifactList")]),
        ("</member></", "y</member></", [("member-type", f"{INNER}/ArtifactList/member[1]")]),
        ("</ArtifactList>", "</ArtifactList><ArtifactList/>", [("member-repeated", f"{INNER}/ArtifactList")]),
        ("<RequestId>r1</RequestId>", "", [("request-id", "/UpdateJobResponse/ResponseMetadata/RequestId")]),
        ("<RequestId>r1", "<RequestId>", [("request-id", "/UpdateJobResponse/ResponseMetadata/RequestId")]),
        ("</ResponseMetadata>", "</ResponseMetadata><Other/>", [("wrapper-unknown", "/UpdateJobResponse/Other")]),
        (
            "<ResponseMetadata>",
            "<ResponseMetadata/><ResponseMetadata>",
            [("member-repeated", "/UpdateJobResponse/ResponseMetadata")],
        ),
        ("</UpdateJobResult>", "</UpdateJobResult><UpdateJobResult/>", [("member-repeated", INNER)]),
    ],
)
def test_each_departure_of_a_result_is_told_at_its_place(
    update_job: Operation, old: str, new: str, departures: list[tuple[str, str]]
) -> None:
    assert told(read(update_job, changed(RESULT, old, new))) == departures


def test_another_root_is_told_and_the_rest_is_read(update_job: Operation) -> None:
    reading = read(update_job, RESULT.replace(b"UpdateJobResponse", b"Other"))

    assert (reading.value, told(reading)) == (VALUE, [("root", "/Other")])


def test_a_missing_wrapper_is_told_and_nothing_is_read(update_job: Operation) -> None:
    reading = read(update_job, RESULT.replace(b"UpdateJobResult>", b"Result>"))

    assert reading.value is None
    assert told(reading) == [("wrapper-unknown", "/UpdateJobResponse/Result"), ("wrapper", INNER)]


def test_a_member_that_is_not_of_its_type_is_left_out(update_job: Operation) -> None:
    reading = read(update_job, changed(RESULT, "<Success>true", "<Success>yes"))

    assert reading.value == {name: value for name, value in VALUE.items() if name != "Success"}
    (departure,) = reading.departures
    assert (departure.expected, departure.observed) == ("exactly true or false", "'yes'")


@pytest.mark.parametrize(
    ("inner", "departures"),
    [
        ("", [("member-missing", "/Name")]),
        ("<Name/><Owner/>", [("member-missing", "/Owner/OwnerId")]),
        ("<Name/><Renamed/>", [("member-unknown", "/Renamed")]),
        ("<Name/><Count>1.0</Count>", [("member-type", "/Count")]),
        ("<Name/><When>2026-11-23</When>", [("member-type", "/When")]),
        ("<Name/><WhenInSeconds>2026-11-23T00:00:00Z</WhenInSeconds>", [("member-type", "/WhenInSeconds")]),
        ("<Name/><Data>=</Data>", [("member-type", "/Data")]),
        (
            "<Name/><Flat>1</Flat><Flat>x</Flat><Flat>2</Flat><Flat>y</Flat>",
            [("member-type", "/Flat[1]"), ("member-type", "/Flat[3]")],
        ),
        ("<Name/><Flat><member>1</member></Flat>", [("member-type", "/Flat[0]")]),
        ("<Name/><FlatLabelled>x</FlatLabelled>", [("member-unknown", "/FlatLabelled")]),
        ("<Name/><Labelled><member>true</member></Labelled>", [("list-member", "/Labelled/member")]),
        (
            "<Name/><Labelled><Entry>yes</Entry><Entry>true</Entry><Entry>1</Entry></Labelled>",
            [("boolean", "/Labelled/Entry[0]"), ("boolean", "/Labelled/Entry[2]")],
        ),
        ("<Name/><Map>x</Map>", [("member-type", "/Map")]),
        ("<Name/><Map><item/></Map>", [("list-member", "/Map/item")]),
        ("<Name/><Map><entry><key>k</key></entry></Map>", [("member-missing", "/Map/entry[0]/value")]),
        ("<Name/><Map><entry><value>1</value></entry></Map>", [("member-missing", "/Map/entry[0]/key")]),
        ("<Name/><Map><entry><key>k</key><value>x</value></entry></Map>", [("member-type", "/Map/entry[0]/value")]),
        (
            "<Name/><Map><entry>x<key>k</key><key>l</key><value>1</value><more/></entry></Map>",
            [
                ("member-type", "/Map/entry[0]"),
                ("member-repeated", "/Map/entry[0]/key"),
                ("member-unknown", "/Map/entry[0]/more"),
            ],
        ),
        (
            "<Name/><Map><entry><key>k</key><value>1</value></entry><entry><key>k</key><value>2</value></entry></Map>",
            [("member-repeated", "/Map/entry[1]/key")],
        ),
        ("<Name/><Map><entry><key><a/></key><value>1</value></entry></Map>", [("member-type", "/Map/entry[0]/key")]),
        ("<Name/><FlatMap><Attribute>k</Attribute></FlatMap>", [("member-missing", "/FlatMap[0]/Content")]),
    ],
)
def test_each_construct_departs_at_its_place(
    put_record: Operation, inner: str, departures: list[tuple[str, str]]
) -> None:
    body = f'<PutRecordResponse xmlns="urn:shop"><PutRecordResult>{inner}</PutRecordResult></PutRecordResponse>'
    metadata = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PutRecordResponse>"

    reading = read(put_record, body.replace("</PutRecordResponse>", metadata).encode())

    assert told(reading) == [(code, f"/PutRecordResponse/PutRecordResult{path}") for code, path in departures]


@pytest.mark.parametrize(
    ("old", "new", "departures"),
    [
        ("<Type>Sender</Type>", "", [("error-type", "/ErrorResponse/Error/Type")]),
        ("<Type>Sender", "<Type>Client", [("error-type", "/ErrorResponse/Error/Type")]),
        ("<Code>InvalidJobIdException</Code>", "", [("error-code", "/ErrorResponse/Error/Code")]),
        ("<Code>InvalidJobIdException", "<Code>", [("error-code", "/ErrorResponse/Error/Code")]),
        ("<Code>Inv", "<Code> Inv", [("error-code", "/ErrorResponse/Error/Code")]),
        ("<Message>m</Message>", "", [("error-message", "/ErrorResponse/Error/Message")]),
        ("<Message>m", "<Message>", [("error-message", "/ErrorResponse/Error/Message")]),
        ("<Message>m", "<Message>m<b/>", [("member-type", "/ErrorResponse/Error/Message")]),
        ("<Code>", "<Code>X</Code><Code>", [("member-repeated", "/ErrorResponse/Error/Code")]),
        ("<Code>", "<message>m</message><Code>", [("error-envelope", "/ErrorResponse/Error/message")]),
        ("<Code>", "x<Code>", [("member-type", "/ErrorResponse/Error")]),
        ("<Error>", "x<Error>", [("member-type", "/ErrorResponse")]),
        ("<RequestId>r1</RequestId>", "", [("request-id", "/ErrorResponse/RequestId")]),
        ("<RequestId>", "<RequestId>r0</RequestId><RequestId>", [("member-repeated", "/ErrorResponse/RequestId")]),
        ("<RequestId>", "<Other/><RequestId>", [("error-envelope", "/ErrorResponse/Other")]),
        ("</Error>", "</Error><Error/>", [("member-repeated", "/ErrorResponse/Error")]),
        (
            "<RequestId>r1</RequestId>",
            "<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata>",
            [("error-envelope", "/ErrorResponse/ResponseMetadata")],
        ),
        ("/doc/2010-06-01/", "/doc/", [("namespace", "/ErrorResponse")]),
    ],
)
def test_each_departure_of_an_error_is_told_at_its_place(
    update_job: Operation, old: str, new: str, departures: list[tuple[str, str]]
) -> None:
    assert told(read(update_job, changed(ERROR, old, new), status=400)) == departures


def test_an_error_without_its_envelope_is_told(update_job: Operation) -> None:
    body = re.sub(rb"</?ErrorResponse[^>]*>|<RequestId>.*</RequestId>", b"", ERROR)

    reading = read(update_job, body, status=400)

    assert reading.error is None
    assert {code for code, _ in told(reading)} == {"namespace", "error-envelope", "request-id"}
    assert ("error-envelope", "/Error") in told(reading)


@pytest.mark.parametrize(
    ("status", "body", "departures"),
    [
        (200, ERROR, [("status", "status")]),
        (302, ERROR, [("status", "status")]),
        (400, ERROR, []),
        (503, ERROR, []),
        (201, RESULT, [("status", "status")]),
        (302, RESULT, [("status", "status")]),
        (400, RESULT, [("status", "status")]),
        (500, RESULT, [("status", "status")]),
    ],
)
def test_the_status_fits_what_the_body_says(
    update_job: Operation, status: int, body: bytes, departures: list[tuple[str, str]]
) -> None:
    reading = read(update_job, body, status=status)

    assert told(reading) == departures
    assert (reading.value, reading.error) != (None, None)


@pytest.mark.parametrize(
    ("headers", "departures"),
    [
        ((("Content-Type", "text/xml"),), []),
        ((("content-type", "Application/XML; charset=UTF-8"),), []),
        ((("Content-Type", "text/xml"), ("Content-Encoding", "identity")), []),
        ((), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/html"),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml; charset=iso-8859-1"),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", 'text/xml; q=1; charset="utf-8"'),), []),
        ((("Content-Type", "text/xml; charset=not-utf-8x"),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", 'text/xml; charset="utf-8'),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml; charset"),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml; charset=utf-8; charset=x"),), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml"), ("content-type", "text/html")), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml"), ("Content-Type", "text/xml")), [("content-type", "header:Content-Type")]),
        ((("Content-Type", "text/xml"), ("Content-Encoding", "gzip")), [("content-type", "header:Content-Encoding")]),
    ],
)
def test_the_content_type_is_xml_in_utf_8(
    update_job: Operation, headers: Headers, departures: list[tuple[str, str]]
) -> None:
    reading = read(update_job, RESULT, headers=headers)

    assert (reading.value, told(reading)) == (VALUE, departures)


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b"", "body-empty", "body"),
        (b" \r\n", "body-empty", "body"),
        (b"Internal Server Error", "not-well-formed", "body:line 1 column 0"),
        (b'{"message": null}', "not-well-formed", "body:line 1 column 0"),
        (b"<a>\n <b></c>\n</a>", "not-well-formed", "body:line 2 column 6"),
        (b"<a>\n\n&nbsp;</a>", "not-well-formed", "body:line 3 column 0"),
        (b"<a>\0</a>", "not-well-formed", "body:line 1 column 3"),
        (b"<a/><a/>", "not-well-formed", "body:line 1 column 4"),
        (b"<a/>junk", "not-well-formed", "body:line 1 column 4"),
        (b"\n<?xml version='1.0'?><a/>", "not-well-formed", "body:line 2 column 0"),
        (b"<a b='1' b='2'/>", "not-well-formed", "body:line 1 column 9"),
        (b"<n:a/>", "not-well-formed", "body:line 1 column 0"),
        (b"<a>\xc3\xa9 & b", "not-well-formed", "body:line 1 column 6"),
        (b"<a>\n<b>", "truncated", "body:line 2 column 3"),
        (b"<a>\n<b", "truncated", "body:line 2 column 0"),
        (b"<a>\xc3\xa9\r<b>\xc3\xa9</", "truncated", "body:line 2 column 4"),
        (b"<a>\xc3", "truncated", "body:line 1 column 3"),
        (b"<a>&am", "truncated", "body:line 1 column 3"),
        (b"<a><![CDATA[ > ", "truncated", "body:line 1 column 15"),
        (b"<a><!-- > ", "truncated", "body:line 1 column 3"),
        (b"<?xml version='1.0'?>", "truncated", "body:line 1 column 21"),
        (b"<a>\xff</a>", "not-utf-8", "body:byte 3"),
        (b"<a>\xc3</a>", "not-utf-8", "body:byte 3"),
        (b"<a>\xed\xa0\x80</a>", "not-utf-8", "body:byte 3"),
        ("<a/>".encode("utf-16"), "not-utf-8", "body:byte 0"),
        ("<a/>".encode("utf-16-le"), "not-utf-8", "body:byte 1"),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".encode("utf-16-be"), "not-utf-8", "body:byte 0"),
        (b"\x1f\x8b\x08", "not-utf-8", "body:byte 1"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "not-utf-8", "body:declaration"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", "not-utf-8", "body:declaration"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "not-utf-8", "body:declaration"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='latin-1'?><a/>", "not-utf-8", "body:declaration"),
        (b"<?xml version='1.0' encoding='us-ascii'?><a>\xc3\xa9</a>", "not-utf-8", "body:declaration"),
        (b"<!DOCTYPE a><a/>", "entity-declaration", "body"),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "entity-declaration", "body"),
        (b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>", "entity-declaration", "body"),
        (b"<!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><a/>", "entity-declaration", "body"),
        (b"<a>&e;</a><!DOCTYPE a [<!ENTITY e 'x'>]>", "not-well-formed", "body:line 1 column 3"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_with_its_place(
    update_job: Operation, body: bytes, code: str, path: str
) -> None:
    reading = read(update_job, body)

    assert (reading.value, reading.error, reading.request_id) == (None, None, None)
    assert told(reading) == [(code, path)]


@pytest.mark.parametrize(
    "prologue",
    [
        b"\xef\xbb\xbf",
        b"<?xml version='1.0'?>\n",
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        b"<?xml version='1.0' encoding='US-ASCII'?>",
        b"<?xml-stylesheet href='a' encoding='latin-1'?>",
        b"<!-- <!DOCTYPE a> -->",
        b"\n\n",
    ],
)
def test_what_xml_allows_before_the_root_is_no_departure(update_job: Operation, prologue: bytes) -> None:
    assert read(update_job, prologue + RESULT) == ReplyReading(VALUE, None, "r1", ())


def test_white_space_comments_and_cdata_are_no_departure(update_job: Operation) -> None:
    body = RESULT.replace(b"><", b">\r\n\t <!-- <!DOCTYPE a> --><").replace(b">w<", b"><![CDATA[<!DOCTYPE>]]><")

    reading = read(update_job, body)

    assert (reading.value, reading.departures) == ({**VALUE, "WarningMessage": "<!DOCTYPE>"}, ())


def test_other_namespaces_count_as_right_when_the_caller_says_so(update_job: Operation) -> None:
    body = RESULT.replace(b"2010-06-01", b"2014-12-18")

    reading = read_reply(
        update_job,
        Reply(200, XML, body),
        namespaces=frozenset({"http://importexport.amazonaws.com/doc/2014-12-18/"}),
    )

    assert reading.departures == ()


def test_the_operation_of_another_reply_is_told(update_job: Operation, put_record: Operation) -> None:
    reply = write_result(put_record, {"Name": "n"}, request_id="r")

    reading = read_reply(update_job, reply)

    assert {"namespace", "root", "wrapper", "wrapper-unknown"} == {code for code, _ in told(reading)}


def test_a_reply_without_a_namespace_in_the_model_is_read_in_any(update_job: Operation) -> None:
    nowhere = replace(update_job, namespace=None)

    assert read(nowhere, RESULT).departures == ()
    assert told(read(nowhere, changed(RESULT, "<Success>", "<Success xmlns='urn:x'>"))) == [("namespace", "//Success")]


def test_an_error_may_be_read_for_any_operation(delete_user: Operation) -> None:
    reply = write_error("NoSuchEntity", "m", request_id="r", status=404, namespace=delete_user.namespace)

    assert read_reply(delete_user, reply).departures == ()


def test_members_where_the_operation_returns_none_are_told(delete_user: Operation) -> None:
    right = write_result(delete_user, {}, request_id="r").body

    body = changed(right, "<ResponseMetadata>", "<UserName>u</UserName><ResponseMetadata>")

    assert told(read(delete_user, body)) == [("member-unknown", "/DeleteUserResponse/UserName")]


@pytest.mark.parametrize("status", [200, 503])
def test_a_document_of_another_world_is_told_once(update_job: Operation, status: int) -> None:
    """A page of a proxy has no namespace, wrapper or request id; telling each would bury the one thing to know."""
    page = Reply(status, (("Content-Type", "text/xml"),), b"<html><body>Service Unavailable</body></html>")

    reading = read_reply(update_job, page)

    assert told(reading) == [("root", "/html")]
    assert (reading.value, reading.error) == (None, None)


METADATA = "/UpdateJobResponse/ResponseMetadata"


@pytest.mark.parametrize(
    ("metadata", "where"),
    [
        ("<RequestId>r1</RequestId><Foo>x</Foo>", [("member-unknown", f"{METADATA}/Foo")]),
        ("<RequestId>r1</RequestId><RequestId>r2</RequestId>", [("member-repeated", f"{METADATA}/RequestId")]),
        ("stray<RequestId>r1</RequestId>", [("member-type", METADATA)]),
        ("<RequestId>r1<b>c</b></RequestId>", [("request-id", f"{METADATA}/RequestId")]),
        ("<RequestId>  </RequestId>", [("request-id", f"{METADATA}/RequestId")]),
        (
            "<RequestID>r1</RequestID>",
            [("member-unknown", f"{METADATA}/RequestID"), ("request-id", f"{METADATA}/RequestId")],
        ),
    ],
)
def test_the_metadata_of_a_result_hold_one_request_id_and_nothing_else(
    update_job: Operation, metadata: str, where: list[tuple[str, str]]
) -> None:
    assert told(read(update_job, changed(RESULT, "<RequestId>r1</RequestId>", metadata))) == where


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("<RequestId>r1", "<RequestId>r1<x/>", [("request-id", "/ErrorResponse/RequestId")]),
        ("<RequestId>r1", "<RequestId> ", [("request-id", "/ErrorResponse/RequestId")]),
        ("<Message>m", "<Message> ", [("error-message", "/ErrorResponse/Error/Message")]),
        ("InvalidJobIdException", "X Y", [("error-code", "/ErrorResponse/Error/Code")]),
        (
            "<RequestId>r1</RequestId>",
            "<RequestID>r1</RequestID>",
            [("error-envelope", "/ErrorResponse/RequestID"), ("request-id", "/ErrorResponse/RequestId")],
        ),
    ],
)
def test_each_part_of_an_error_holds_a_text_that_says_something(
    update_job: Operation, old: str, new: str, where: list[tuple[str, str]]
) -> None:
    assert told(read(update_job, changed(ERROR, old, new), status=400)) == where


@pytest.mark.parametrize(("status", "departs"), [(399, True), (400, False), (599, False), (600, True), (999, True)])
def test_an_error_has_a_status_of_the_4xx_or_5xx(update_job: Operation, status: int, *, departs: bool) -> None:
    assert told(read(update_job, ERROR, status=status)) == [("status", "status")] * departs


@pytest.mark.parametrize(("version", "departs"), [("1.0", False), ("1.1", True), ("2.0", True)])
def test_a_document_is_of_xml_1_0(update_job: Operation, version: str, *, departs: bool) -> None:
    reading = read(update_job, f"<?xml version='{version}'?>".encode() + RESULT)

    assert told(reading) == [("not-well-formed", "body:declaration")] * departs
