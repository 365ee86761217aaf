"""Drift: what programs rely on in replies has changed, and what differs every day is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.cassettes.drift import Comparison, NothingToCompare, compare
from botoproof.cassettes.format import Cassette
from botoproof.cassettes.shapes import kind_of_text, read_shape
from botoproof.contract.interaction import Reply, Request

Asked = Callable[..., Request]
Record = Callable[..., Cassette]

REPLY = b'<R xmlns="http://ns/"><Ok>true</Ok><Job><Id>A1</Id><Made>2010-06-03T12:00:00Z</Made></Job></R>'
ERROR = b'<ErrorResponse xmlns="http://ns/"><Error><Code>NoSuchJob</Code></Error></ErrorResponse>'


def xml(body: bytes, status: int = 200, media_type: str = "text/xml") -> Reply:
    return Reply(status, (("Content-Type", media_type),), body)


@pytest.fixture
def held(asked: Asked, recording: Record) -> Callable[[Reply, Reply], Comparison]:
    """Compares two replies to one request."""

    def compared(old: Reply, new: Reply) -> Comparison:
        request = asked(("Action", "Get"))
        return compare((recording((request, old)), recording((request, new))))

    return compared


def told(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    return [(one.what, one.path, one.before, one.after) for one in comparison.drifts]


@pytest.mark.parametrize(
    ("new", "drift"),
    [
        (xml(REPLY.replace(b"true", b"1")), ("drift-element-kind", "/R/Ok", "boolean", "integer")),
        (xml(REPLY.replace(b"<Id>A1</Id>", b"")), ("drift-element-missing", "/R/Job/Id", "text", "nothing")),
        (xml(REPLY.replace(b"</R>", b"<X>a</X></R>")), ("drift-element-added", "/R/X", "nothing", "text")),
        (
            xml(REPLY.replace(b"2010-06-03T12:00:00Z", b"127")),
            ("drift-element-kind", "/R/Job/Made", "timestamp", "integer"),
        ),
        (xml(REPLY.replace(b"http://ns/", b"http://other/")), ("drift-namespace", "", "http://ns/", "http://other/")),
        (xml(REPLY, media_type="application/xml"), ("drift-media-type", "", "text/xml", "application/xml")),
        (xml(ERROR, 400), ("drift-status", "", "200", "400 NoSuchJob")),
        (xml(b"<R><Ok>", 200), ("drift-unreadable", "", "", "truncated")),
    ],
)  # fmt: skip
def test_a_change_that_programs_may_notice_is_told(
    held: Callable[..., Comparison], new: Reply, drift: tuple[str, str, str, str]
) -> None:
    assert drift in told(held(xml(REPLY), new))


def test_another_error_code_is_told(held: Callable[..., Comparison]) -> None:
    found = held(xml(ERROR, 400), xml(ERROR.replace(b"NoSuchJob", b"JobGone"), 400))

    assert told(found) == [("drift-error-code", "", "NoSuchJob", "JobGone")]


@pytest.mark.parametrize(
    "new",
    [
        REPLY.replace(b"A1", b"B2"),
        REPLY.replace(b"A1", b"12345"),  # an id may be of digits only
        REPLY.replace(b"A1", b""),
        REPLY.replace(b"true", b"false"),
        REPLY.replace(b"2010-06-03T12:00:00Z", b"2026-06-03T12:00:00Z"),
    ],
)
def test_another_value_is_no_drift(held: Callable[..., Comparison], new: bytes) -> None:
    assert told(held(xml(REPLY), xml(new))) == []


def test_an_element_that_another_reply_has_is_not_missing(asked: Asked, recording: Record) -> None:
    one, two = asked(("Action", "Get"), ("Id", "1")), asked(("Action", "Get"), ("Id", "2"))
    with_it, without_it = xml(REPLY), xml(REPLY.replace(b"<Id>A1</Id>", b""))

    swapped = compare((recording((one, with_it), (two, without_it)), recording((one, without_it), (two, with_it))))
    gone = compare((recording((one, with_it), (two, without_it)), recording((one, without_it), (two, without_it))))

    assert told(swapped) == []
    assert told(gone) == [("drift-element-missing", "/R/Job/Id", "text", "nothing")]


def test_what_only_one_recording_has_is_counted_and_not_compared(asked: Asked, recording: Record) -> None:
    one, two, three = (asked(("Action", "Get"), ("Id", number)) for number in "123")
    old = recording((one, xml(REPLY)), (one, xml(REPLY)), (two, xml(ERROR, 400)))
    new = recording((one, xml(REPLY)), (three, xml(ERROR, 400)))

    found = compare((old, new))

    assert (found.compared, found.only_old, found.only_new, found.drifts) == (1, 2, 1, ())


def test_recordings_of_different_requests_are_not_called_alike(asked: Asked, recording: Record) -> None:
    old, new = (recording((asked(("Action", name)), xml(REPLY))) for name in ("One", "Two"))

    with pytest.raises(NothingToCompare) as wrong:
        compare((old, new))

    assert str(wrong.value) == "no request of the 1 in the older recording is among the 1 in the newer"


def test_keys_made_by_different_rules_are_not_compared(asked: Asked, recording: Record) -> None:
    one = recording((asked(("Action", "One")), xml(REPLY)))

    with pytest.raises(NothingToCompare, match="names and addresses were taken out of one"):
        compare((one, replace(one, people=True)))


def test_items_of_a_list_share_a_path() -> None:
    shape = read_shape(xml(b"<L><m>a</m><m>b</m></L>"))

    assert shape.elements == {("/L", "structure"), ("/L/m", "text")}


def test_json_has_a_shape_too() -> None:
    body = b'{"ok": true, "jobs": [{"id": "a", "size": 1}], "none": null}'

    assert sorted(read_shape(Reply(200, (), body)).elements) == [
        ("/", "structure"),
        ("/jobs[]", "structure"),
        ("/jobs[]/id", "text"),
        ("/jobs[]/size", "integer"),
        ("/none", "null"),
        ("/ok", "boolean"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("true", "boolean"), ("-3", "integer"), ("1.5e3", "number"), (" ", "empty"), ("True", "text"), ("", "empty")],
)
def test_texts_are_of_kinds(text: str, kind: str) -> None:
    assert kind_of_text(text) == kind
