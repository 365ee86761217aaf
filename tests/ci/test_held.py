from __future__ import annotations

from datetime import date

import pytest
from botoproof.cassettes.format import Cassette, Provenance, Recorded
from botoproof.ci.held import Held, hold_to_contract
from botoproof.contract.codec.form import write_form
from botoproof.contract.errors import UnknownService
from botoproof.contract.finding import Evidence, Severity
from botoproof.contract.interaction import Reply, Request

FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
SNS = "https://sns.us-east-1.amazonaws.com/"
ASKED = (("Action", "GetTopicAttributes"), ("Version", "2010-03-31"))
TOPIC = ("TopicArn", "arn:aws:sns:us-east-1:1:t")
REPLY = (
    '<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult>'
    "<Attributes><entry><key>a</key><value>b</value></entry></Attributes></GetTopicAttributesResult>"
    "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetTopicAttributesResponse>"
)
REFUSAL = (
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>'
    "<Code>InvalidParameter</Code><Message>m</Message></Error><RequestId>1</RequestId></ErrorResponse>"
)


def held(
    *pairs: tuple[str, str],
    url: str = SNS,
    reply: str = REPLY,
    status: int = 200,
    service: str | None = None,
    heading: str | None = None,
    scope: str | None = None,
) -> Held:
    """Hold a recording of one interaction to the contract."""
    provenance = heading and Provenance("emulator", "h", heading, "botocore 1", date(2026, 11, 26), "t")
    headers: list[tuple[str, str]] = [FORM]
    if scope:
        credential = f"Credential=AKIAIOSFODNN7EXAMPLE/20261126/us-east-1/{scope}/aws4_request"
        headers.append(("Authorization", f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"))
    request = Request("POST", url, tuple(headers), write_form(pairs))
    one = Recorded(request, Reply(status, (("Content-Type", "text/xml"),), reply.encode()), "")
    return hold_to_contract(Cassette(provenance or None, None, (one,)), service=service)


def codes(result: Held) -> list[str]:
    assert not result.unknown
    return [finding.kind.code for _, finding in result.findings]


def test_what_keeps_the_contract_has_no_finding() -> None:
    assert codes(held(*ASKED, TOPIC)) == []


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (REPLY.replace("/doc/2010-03-31/", "/doc/"), "reply-namespace"),
        (REPLY.replace("</GetTopicAttributesResult>", "<Stray/></GetTopicAttributesResult>"), "reply-member-unknown"),
        (REPLY[:-10], "reply-truncated"),
    ],
)
def test_a_reply_is_read_strictly(reply: str, code: str) -> None:
    assert code in codes(held(*ASKED, TOPIC, reply=reply))


def test_a_request_that_the_model_forbids_must_not_have_succeeded() -> None:
    assert codes(held(*ASKED)) == ["accepted-in-silence"]
    assert codes(held(*ASKED, reply=REFUSAL, status=400)) == []


def test_what_a_newer_service_may_know_is_a_note() -> None:
    (_, finding), *rest = held(*ASKED, TOPIC, ("NewerMember", "1")).findings

    assert not rest
    assert finding.severity(Evidence.OBSERVED) is Severity.NOTE


def test_an_error_that_the_operation_does_not_list_is_left_to_the_checks_of_errors() -> None:
    refusal = REFUSAL.replace("InvalidParameter", "MadeUpHere")

    assert codes(held(*ASKED, TOPIC, reply=refusal, status=400)) == ["error-undocumented"]


def test_where_a_secret_stood_nothing_is_said_of_its_form() -> None:
    asked = (("Action", "GetAccessKeyLastUsed"), ("Version", "2010-05-08"), ("AccessKeyId", "<access-key:1>"))
    reply = (
        '<GetAccessKeyLastUsedResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccessKeyLastUsedResult>'
        "<UserName>u</UserName></GetAccessKeyLastUsedResult>"
        "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetAccessKeyLastUsedResponse>"
    )

    assert codes(held(*asked, url="https://iam.amazonaws.com/", reply=reply)) == []
    other = (*asked[:2], ("AccessKeyId", "short"))
    assert codes(held(*other, url="https://iam.amazonaws.com/", reply=reply)) == ["accepted-in-silence"]


@pytest.mark.parametrize(
    ("url", "service", "heading", "scope"),
    [
        (SNS, None, None, None),
        ("http://127.0.0.1:4566/", "sns", None, None),
        ("http://127.0.0.1:4566/", None, "sns", None),
        ("http://127.0.0.1:4566/", None, "iam, sns", None),
        ("http://127.0.0.1:4566/", None, None, "sns"),
    ],
)
def test_the_service_is_told_by_whatever_tells_it(
    url: str, service: str | None, heading: str | None, scope: str | None
) -> None:
    result = held(*ASKED, TOPIC, url=url, service=service, heading=heading, scope=scope)

    assert [str(exchange.operation) for _, exchange in result.exchanges] == ["sns.GetTopicAttributes"]


@pytest.mark.parametrize(
    ("url", "pairs", "why"),
    [
        ("http://127.0.0.1:4566/", ASKED, "neither heading, signature nor host (127.0.0.1:4566) names a service"),
        ("https://dynamodb.us-east-1.amazonaws.com/", ASKED, "dynamodb speaks json; only the query protocol"),
        ("https://iam.amazonaws.com/", ASKED, "GetTopicAttributes of version 2010-03-31, which iam of the"),
        (SNS, (("Action", "GetTopicAttributes"), ("Version", "1999-01-01")), "of version 1999-01-01, which sns of"),
        (SNS, (("a", "b"),), "the request names no operation, which sns"),
    ],
)
def test_what_cannot_be_held_is_told_as_unknown(url: str, pairs: tuple[tuple[str, str], ...], why: str) -> None:
    result = held(*pairs, url=url)

    assert (result.exchanges, result.findings) == ((), ())
    assert why in result.unknown[0][1]


def test_a_wrong_service_name_is_a_mistake() -> None:
    with pytest.raises(UnknownService, match="did you mean sns"):
        held(*ASKED, service="snss")
