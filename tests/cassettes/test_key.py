"""The key of a request: what matters changes it, what does not leaves it, and what is nearest is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botoproof.cassettes.key import Difference, canonical, differences, nearest, request_key
from botoproof.cassettes.sensitive import ScrubRules
from botoproof.contract.codec.form import write_form
from botoproof.contract.codec.signature import EXAMPLE_KEY, Scope, sign_v2, sign_v4
from botoproof.contract.interaction import Request

PAIRS = (("Action", "UpdateJob"), ("Version", "2010-06-01"), ("JobId", "A1"), ("Manifest", "a: b\nc: d\n"))
FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def post(*pairs: tuple[str, str], url: str = "https://importexport.amazonaws.com/") -> Request:
    return Request("POST", url, FORM, write_form(pairs))


@pytest.mark.parametrize(
    "same",
    [
        post(*PAIRS, url="http://127.0.0.1:8000/"),
        post(*PAIRS, url="https://importexport.amazonaws.com"),
        post(*reversed(PAIRS)),
        post(*PAIRS[1:], url="https://importexport.amazonaws.com/?Operation=UpdateJob"),
        post(*PAIRS[1:], url="https://importexport.amazonaws.com/?Action=UpdateJob"),
        post(*PAIRS, url="https://importexport.amazonaws.com/?Operation=UpdateJob"),
        post(*PAIRS, url="https://importexport.amazonaws.com/?X-Amz-Date=1&X-Amz-Signature=ab"),
        Request("POST", "https://h/", (*FORM, ("User-Agent", "x"), ("X-Amz-Date", "y")), write_form(PAIRS)),
        Request("POST", "https://h/", FORM, write_form(PAIRS, plus=False)),
    ],
)
def test_what_does_not_matter_leaves_the_key(same: Request) -> None:
    assert request_key(same) == request_key(post(*PAIRS))


@pytest.mark.parametrize(
    "other",
    [
        Request("GET", "https://importexport.amazonaws.com/?Action=UpdateJob", (), b""),
        post(*PAIRS, url="https://importexport.amazonaws.com/path"),
        post(*PAIRS, url="https://importexport.amazonaws.com/?Operation=CancelJob"),
        post(*PAIRS, url="https://importexport.amazonaws.com/?JobId=A1"),
        post(*PAIRS[:3]),
        post(*PAIRS, ("Empty", "")),
        post(*PAIRS, PAIRS[2]),
        post(*PAIRS[:2], ("JobId", "a1"), PAIRS[3]),
        post(*PAIRS[:3], ("Manifest", "a: b\nc: d")),
        Request("POST", "https://h/", (*FORM, ("X-Amz-Target", "T.UpdateJob")), write_form(PAIRS)),
    ],
)
def test_what_matters_changes_the_key(other: Request) -> None:
    assert request_key(other) != request_key(post(*PAIRS))


def test_repeated_names_keep_their_order_among_themselves() -> None:
    ab = post(("A", "1"), ("B", "x"), ("A", "2"))

    assert request_key(ab) == request_key(post(("B", "x"), ("A", "1"), ("A", "2")))
    assert request_key(ab) != request_key(post(("A", "2"), ("B", "x"), ("A", "1")))


def test_both_signatures_leave_the_key_alone() -> None:
    scope = Scope("us-east-1", "IngestionService")
    plain = post(*PAIRS)

    v4 = sign_v4(plain, EXAMPLE_KEY, scope, NOW)
    v2 = sign_v2(PAIRS, EXAMPLE_KEY, NOW, method="POST", host="importexport.amazonaws.com")

    assert {"AWSAccessKeyId", "Signature"} <= dict(v2).keys()
    assert request_key(v4) == request_key(post(*v2)) == request_key(plain)


def test_a_parameter_called_expires_counts_when_no_signature_stands_beside_it() -> None:
    assert request_key(post(("Expires", "1"))) != request_key(post(("Expires", "2")))


def test_json_is_compared_without_its_spaces_and_order() -> None:
    headers = (("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "Sample.Get"))

    def key(body: bytes) -> str:
        return request_key(Request("POST", "https://h/", headers, body))

    assert key(b'{"a": 1, "b": [2]}') == key(b'{"b":[2],"a":1}')
    assert key(b'{"a": 1}') != key(b'{"a": 2}')
    assert key(b"{broken") != key(b"{broken}")


def test_bodies_that_are_no_text_are_told_apart() -> None:
    headers = (("Content-Type", "application/octet-stream"),)
    keys = {request_key(Request("PUT", "https://h/k", headers, bytes([200, byte]))) for byte in range(256)}

    assert len(keys) == 256


def test_another_key_of_the_caller_gives_the_same_key(asked: Callable[..., Request]) -> None:
    def with_key(signer: str, named: str) -> str:
        return request_key(asked(("Manifest", f"accessKeyId: {named}\n"), signer=signer))

    one, two = "AKIAAAAAAAAAAAAAAAA1", "AKIAAAAAAAAAAAAAAAA2"

    assert with_key(one, one) == with_key(two, two)
    assert with_key(one, two) == with_key(two, one)
    assert with_key(one, one) != with_key(one, two)


def test_a_file_without_people_is_met_by_requests_with_them(asked: Callable[..., Request]) -> None:
    rules = ScrubRules(people=True)
    jane, john = (asked(("Manifest", f"returnAddress:\n    name: {name}\n")) for name in ("Jane", "John"))

    assert request_key(jane, rules) == request_key(john, rules)
    assert request_key(jane) != request_key(john)


def test_the_nearest_is_of_the_same_operation_and_differs_least() -> None:
    candidates = [
        post(("Action", "CancelJob"), *PAIRS[1:]),
        post(*PAIRS[:2], ("JobId", "ZZZ"), ("Manifest", "q")),
        post(*PAIRS[:2], ("JobId", "A2"), PAIRS[3]),
    ]

    found = nearest(canonical(post(*PAIRS)), [canonical(candidate) for candidate in candidates])

    assert found is not None
    assert found.index == 2
    assert found.differences == (Difference("JobId", "A1", "A2"),)


def test_among_equals_the_more_alike_text_is_nearer() -> None:
    recorded = [post(*PAIRS[:3], ("Manifest", text)) for text in ("zzzzzzzz", "a: b\nc: e\n", "qqqqqqq")]

    found = nearest(canonical(post(*PAIRS)), [canonical(candidate) for candidate in recorded])

    assert found is not None
    assert found.index == 1
    assert [str(difference) for difference in found.differences] == [
        "Manifest line 2: asked for 'c: d\\n', recorded 'c: e\\n'"
    ]


def test_without_candidates_nothing_is_near() -> None:
    assert nearest(canonical(post(*PAIRS)), []) is None


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (post(*PAIRS[:2], PAIRS[3]), "JobId: asked for 'A1', recorded nothing"),
        (post(*PAIRS, ("JobId", "A2")), "JobId (number 2 of that name): asked for nothing, recorded 'A2'"),
        (post(*PAIRS, url="https://h/x"), "path: asked for '/', recorded '/x'"),
        (post(*PAIRS, url="https://h/?q=1"), "query q: asked for nothing, recorded '1'"),
        (post(*PAIRS[:3], ("Manifest", "a: b\n")), "Manifest line 2: asked for 'c: d\\n', recorded nothing"),
    ],
)
def test_a_difference_says_where_and_what(other: Request, told: str) -> None:
    assert [str(difference) for difference in differences(canonical(post(*PAIRS)), canonical(other))] == [told]
