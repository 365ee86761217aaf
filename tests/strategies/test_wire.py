from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Case, Raw, reference
from botoproof.contract.codec.form import read_form, write_form
from botoproof.contract.codec.query_request import write_request
from botoproof.strategies import every_malformed_body, malformed_bytes, oversized_bodies
from hypothesis import find, given, settings
from hypothesis import strategies as st

UPDATE = read_operation("importexport", "UpdateJob")
GOOD = write_form(write_request(UPDATE, {"JobId": reference("pending"), "Manifest": "a:<b> é", "ValidateOnly": True}))
FORM = Raw(b"").content_type


def raw(case: Case) -> Raw:
    assert isinstance(case.sent, Raw)
    return case.sent


def labelled(label: str) -> Raw:
    return raw(next(case for case in every_malformed_body(GOOD, operation=UPDATE) if case.label == f"bytes: {label}"))


def problems(body: bytes) -> set[str]:
    return {code for code, _ in read_form(body).problems}


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("percent sign alone in a value", "bad-percent"),
        ("percent with letters in a value", "bad-percent"),
        ("escaped byte that is not UTF-8 in a value", "not-utf-8"),
        ("escaped surrogate in a value", "not-utf-8"),
        ("escaped overlong UTF-8 in a value", "not-utf-8"),
        ("raw UTF-8 in a value", "not-ascii"),
        ("raw byte that is not UTF-8 in a value", "not-utf-8"),
        ("escaped NUL in a value", "nul"),
        ("raw NUL in a value", "nul"),
        ("no equals sign in a pair", "no-equals"),
        ("pair without equals sign", "no-equals"),
        ("pair without key", "empty-key"),
        ("byte order mark", "not-ascii"),
        ("one byte with its eighth bit set", "not-ascii"),
    ],
)
def test_a_strict_reader_names_the_departure(label: str, problem: str) -> None:
    assert problem in problems(labelled(label).body)


@pytest.mark.parametrize(
    ("label", "good"),
    [
        ("empty body", lambda body: body == b""),
        ("truncated body", lambda body: GOOD.startswith(body) and len(body) < len(GOOD)),
        ("doubled ampersand", lambda body: b"&&" in body),
        ("ampersand at the end", lambda body: body == GOOD + b"&"),
        ("ampersand at the start", lambda body: body == b"&" + GOOD),
        ("semicolons for ampersands", lambda body: b"&" not in body),
        ("JSON", lambda body: json.loads(body)["Manifest"] == "a:<b> é"),
        ("XML", lambda body: [member.text for member in ElementTree.fromstring(body)][3] == "a:<b> é"),  # noqa: S314
        ("multipart form", lambda body: b'name="JobId"\r\n\r\n~pending~\r\n' in body),
        ("UTF-16", lambda body: body.decode("utf-16").encode() == GOOD),
        ("compressed data", lambda body: zlib.decompress(body) == GOOD),
        ("escaped twice", lambda body: b"%253A" in body),
    ],
)
def test_the_body_is_what_its_label_says(label: str, good: Callable[[bytes], bool]) -> None:
    assert good(labelled(label).body)


def test_a_form_goes_under_other_content_types_and_under_none() -> None:
    cases = [raw(case) for case in every_malformed_body(GOOD, operation=UPDATE) if "content type" in case.label]

    assert {case.body for case in cases} == {GOOD}
    assert {case.content_type for case in cases} >= {"application/json", "multipart/form-data; boundary=x", ""}


def test_other_formats_go_under_their_own_content_type_and_under_that_of_forms() -> None:
    assert labelled("JSON").content_type == "application/json"
    assert labelled("XML").content_type == "text/xml"
    assert labelled("JSON as a form").content_type == labelled("XML as a form").content_type == FORM


def test_every_body_departs_and_none_comes_twice() -> None:
    cases = every_malformed_body(GOOD, operation=UPDATE)

    sent = [raw(case) for case in cases]
    assert len(set(sent)) == len(sent) >= 45
    assert Raw(GOOD) not in sent
    assert len({case.label for case in cases}) == len(cases)
    assert {case.operation for case in cases} == {"UpdateJob"}


@given(malformed_bytes(GOOD, operation=UPDATE))
def test_a_fixed_body_departs(case: Case) -> None:
    assert raw(case) != Raw(GOOD)
    assert case.label.startswith("bytes: ")


@given(malformed_bytes(st.sampled_from([GOOD, b"a", b""]), operation=UPDATE))
def test_any_body_can_be_drawn_from(case: Case) -> None:
    assert case.operation == "UpdateJob"


def test_placeholders_stay_legible() -> None:
    case = next(case for case in every_malformed_body(GOOD, operation=UPDATE) if case.label == "bytes: JSON")

    assert case.references() == {"pending"}
    assert b"J-1" in raw(case.resolve({"pending": "J-1"})).body


def test_the_simplest_departure_is_an_empty_body() -> None:
    found = find(malformed_bytes(GOOD, operation=UPDATE), lambda _: True, settings=settings(database=None))

    assert found == Case("UpdateJob", Raw(b""), label="bytes: empty body")


def test_a_truncation_shrinks_to_the_shortest_that_tells() -> None:
    bodies = malformed_bytes(GOOD, operation=UPDATE)

    found = find(bodies, lambda case: raw(case).body.startswith(b"Action="), settings=settings(database=None))

    assert found == Case("UpdateJob", Raw(b"Action="), label="bytes: truncated body")


@settings(max_examples=20)
@given(oversized_bodies(GOOD, operation=UPDATE, megabytes=0.05))
def test_an_oversized_body_has_the_size_asked_for(case: Case) -> None:
    body = raw(case).body
    assert len(body) - len(GOOD) >= 50_000
    assert len(body) - len(GOOD) < 50_100
    assert body.startswith(GOOD)


def test_an_oversized_body_is_a_megabyte_by_default() -> None:
    sizes: list[int] = []

    @settings(max_examples=3)
    @given(oversized_bodies(st.just(b"a=b"), operation=UPDATE))
    def measure(case: Case) -> None:
        sizes.append(len(raw(case).body))

    measure()
    assert all(1_000_000 <= size < 1_000_100 for size in sizes)


@pytest.mark.parametrize("make", [malformed_bytes, every_malformed_body, oversized_bodies])
def test_a_body_to_depart_from_is_asked_for(make: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match=r"^body must not be empty, got b''$"):
        make(b"", operation=UPDATE)
    with pytest.raises(TypeError, match=r"^body must be bytes or a strategy for bytes, got 'a=b'$"):
        make("a=b", operation=UPDATE)


@pytest.mark.parametrize("megabytes", [0, -1, float("nan")])
def test_a_size_that_is_none_is_refused_at_once(megabytes: float) -> None:
    with pytest.raises(ValueError, match=rf"^megabytes must be above 0, got {megabytes}$"):
        oversized_bodies(GOOD, operation=UPDATE, megabytes=megabytes)
