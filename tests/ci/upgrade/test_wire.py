"""The same calls leave two SDKs, and what differs on the wire is told, but for what differs from call to call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.requests import read_request
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk
from botoproof.ci.upgrade.wire import compare_answers, compare_requests, look

CALL: dict[str, Any] = {"operation": "Op", "kind": "minimal", "parameters": {}}
AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/x/aws4_request, Signature=ab"
HEADERS = {"content-type": "application/x-amz-json-1.0", "authorization": AUTHORIZATION, "content-length": "2"}


def answer(**parts: Any) -> dict[str, Any]:
    headers = {**HEADERS, **parts.pop("headers", {})}
    for name in parts.pop("without", ()):
        del headers[name]
    signed = parts.pop("signed", ["AWS4-HMAC-SHA256", "x", "us-east-1"])
    if "base64" not in parts:
        parts.setdefault("text", "{}")
    request = {"method": "POST", "url": "https://x.amazonaws.com/", "headers": headers, **parts}
    return {"request": request, "signed": signed}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    found = compare_requests("x", CALL, read_request(old), read_request(new))
    return [(change.rule, change.path, change.old, change.new) for change in found]


def form(text: str) -> dict[str, Any]:
    return answer(text=text, headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"})


def test_the_installed_sdk_sends_what_it_sends() -> None:
    sdk = find_sdk(INSTALLED)

    seen = look(sdk, sdk, Scope(("importexport", "sqs")), lambda _: None)

    assert (seen.changes, seen.gaps) == ((), ())
    assert seen.looked > 6


def test_what_a_release_sends_otherwise_is_told(plant: Callable[[str], Sdk]) -> None:
    planted = """
import botocore.awsrequest as seam
real = seam.AWSRequestPreparer.prepare
def prepare(self, original):
    prepared = real(self, original)
    prepared.headers['X-Planted'] = 'yes'
    return prepared
seam.AWSRequestPreparer.prepare = prepare
"""

    seen = look(find_sdk(INSTALLED), plant(planted), Scope(("importexport",)), lambda _: None)

    assert {(change.rule, change.path, change.old, change.new) for change in seen.changes} == {
        ("header-added", "x-planted", "", "yes")
    }
    assert len(seen.changes) == seen.looked == 6


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (answer(method="GET"), ("request-method-changed", "", "POST", "GET")),
        (answer(url="https://x.amazonaws.com/v2?a=1"), ("request-url-changed", "", "/", "/v2?a=1")),
        (
            answer(url="https://x.us-east-1.amazonaws.com/"),
            (
                "endpoint-effective-changed",
                "us-east-1",
                "https://x.amazonaws.com",
                "https://x.us-east-1.amazonaws.com",
            ),
        ),
        (answer(headers={"x-amzn-query-mode": "true"}), ("header-added", "x-amzn-query-mode", "", "true")),
        (answer(without=["content-length"]), ("header-removed", "content-length", "present", "")),
        (
            answer(headers={"content-type": "application/x-amz-json-1.1"}),
            ("header-changed", "content-type", "application/x-amz-json-1.0", "application/x-amz-json-1.1"),
        ),
        (
            answer(signed=["unsigned"]),
            ("signature-effective-changed", "us-east-1", "AWS4-HMAC-SHA256 us-east-1/x", "unsigned"),
        ),
        (answer(text='{"Token": "t"}'), ("request-body-changed", "$.Token", "", '"t"')),
        (answer(text="Action=Op"), ("request-body-changed", "", "JSON", "text")),
        (answer(text=""), ("request-body-changed", "", "JSON", "none")),
        (answer(base64="/w=="), ("request-body-changed", "", "JSON", "bytes")),
        (answer(text="{ }"), ("request-body-changed", "", "{}", "{ }")),
    ],
)
def test_each_part_that_differs_is_one_change(new: dict[str, Any], expected: tuple[str, str, str, str]) -> None:
    assert differences(answer(), new) == [expected]
    assert expected[0] in RULES


@pytest.mark.parametrize(
    "name",
    ["authorization", "user-agent", "x-amz-date", "amz-sdk-invocation-id", "content-md5", "x-amz-checksum-crc32"],
)
def test_of_what_follows_from_something_else_only_the_presence_counts(name: str) -> None:
    assert differences(answer(headers={name: "one"}), answer(headers={name: "another"})) == []


def test_what_is_no_digest_and_what_is_no_time_to_live_counts() -> None:
    old = answer(headers={"x-amz-content-sha256": "0" * 64, "amz-sdk-request": "attempt=1; ttl=20260101T000000Z"})
    same = answer(headers={"x-amz-content-sha256": "1" * 64, "amz-sdk-request": "attempt=1"})
    new = answer(headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD", "amz-sdk-request": "attempt=1; max=3"})

    assert differences(old, same) == []
    assert [path for _, path, _, _ in differences(old, new)] == ["amz-sdk-request", "x-amz-content-sha256"]


def test_a_form_is_compared_name_by_name_and_its_signature_by_presence() -> None:
    old = form("Action=Op&Member.1=a&Member.1=b&Signature=one%3D")
    new = form("Action=Op&Member.1=a&Member.1=c&Signature=two%3D")

    assert differences(old, new) == [("request-body-changed", "Member.1#2", "b", "c")]


def test_xml_is_compared_element_by_element() -> None:
    old, new = (answer(text=f"<A><B x='1'>{text}</B><B/></A>") for text in ("one", "two"))

    assert differences(old, new) == [("request-body-changed", "/A/B", "one", "two")]


def test_a_body_that_differs_in_many_places_is_told_in_few() -> None:
    old, new = (answer(text=json.dumps({str(n): value for n in range(9)})) for value in (1, 2))

    found = differences(old, new)

    assert len(found) == 6
    assert found[-1] == ("request-body-changed", "", "9 places", "otherwise")


def test_calls_are_compared_and_what_could_not_be_is_a_gap() -> None:
    calls = [{**CALL, "operation": name} for name in ("Same", "Gone", "Rejected", "Accepted", "Lost", "Unknown")]
    unsent = {"unsent": "NoAuthTokenError: no token"}
    before = [answer(), answer(), answer(), {"rejected": "min is 3"}, answer(), unsent]
    after = [answer(), {"gone": True}, {"rejected": "Missing x"}, answer(), {"unsent": "KeyError: x"}, unsent]

    seen = compare_answers("x", calls, before, after)

    assert [(change.rule, change.operation) for change in seen.changes] == [
        ("call-rejected", "Rejected"),
        ("call-accepted", "Accepted"),
        ("call-rejected", "Lost"),
    ]
    assert [(gap.operation, gap.reason) for gap in seen.gaps] == [
        ("Unknown", "no request can be made from the model alone: NoAuthTokenError: no token")
    ]
    assert seen.looked == 5


def test_an_operation_is_known_by_any_of_its_calls() -> None:
    calls = [{**CALL, "kind": kind} for kind in ("minimal", "full")]
    doubt = {"unsent": "EndpointProviderError: Bucket"}

    assert compare_answers("x", calls, [answer(), doubt], [answer(), doubt]).gaps == ()
