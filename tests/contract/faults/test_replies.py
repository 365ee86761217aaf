"""Answers in the service's stead, in the protocol of any service."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from botocore.loaders import Loader
from botoproof.contract.adapters.models import read_operation, read_operations
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.errors import BadPlan
from botoproof.contract.faults.error_replies import PROTOCOLS
from botoproof.contract.faults.fault import Fault, fault
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.kinds_of_answers import THROTTLING
from botoproof.contract.faults.replies import answer
from botoproof.contract.model import DocumentedError, Operation
from botoproof.contract.outcome import Refused
from botoproof.strategies.faults import faults
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
UPDATE_JOB = read_operation("importexport", "UpdateJob")
ONE_OF_EACH = {
    "query": read_operation("importexport", "UpdateJob"),
    "ec2": read_operation("ec2", "DescribeRegions"),
    "json": read_operation("kms", "Encrypt"),
    "rest-json": read_operation("lambda", "GetFunction"),
    "rest-xml": read_operation("s3", "GetObject"),
}
REFUSING = [
    name for name, kind in KINDS.items() if kind.effect == "reply" and name not in ("status", "redirect", "error")
]


@pytest.mark.slow
def test_every_protocol_of_the_installed_sdk_can_be_refused_in() -> None:
    spoken = {read_operations(service)[0].protocol for service in Loader().list_available_services("service-2")}

    assert spoken <= PROTOCOLS


@pytest.mark.parametrize("kind", sorted(REFUSING))
@pytest.mark.parametrize("operation", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_refusal_is_read_with_the_code_and_status_that_were_said(operation: Operation, kind: str) -> None:
    one = fault(kind)

    outcome = parse_reply(operation, answer(one, operation, NOW))

    assert isinstance(outcome, Refused)
    known = {error.code: error.name for error in operation.service_errors}
    code = one.value("code")
    assert outcome.exception == known.get(str(code), "ClientError")
    # Where there is no code, botocore has none, or takes the status for one.
    assert outcome.code == code or (code is None and outcome.code in ("", "400"))
    assert outcome.status == (one.value("status") or (403 if kind == "skew" else 400))


@pytest.mark.parametrize("code", THROTTLING)
def test_every_spelling_of_throttling_is_sent_as_it_is_written(code: str) -> None:
    outcome = parse_reply(UPDATE_JOB, answer(fault("throttle", code=code), UPDATE_JOB, NOW))

    assert isinstance(outcome, Refused)
    assert outcome.code == code


def unmapped(operation: Operation) -> list[str]:
    """Return the documented errors for which the SDK does not raise their class, or not at their status."""
    found = []
    for error in operation.errors:
        outcome = parse_reply(operation, answer(fault("error", code=error.code), operation, NOW))
        # Two errors may have the same code; the SDK then has one class for both.
        names = {other.name for other in operation.service_errors if other.code == error.code}
        if (
            not isinstance(outcome, Refused)
            or outcome.exception not in names
            or outcome.status != (error.status or 400)
        ):
            found.append(f"{operation}: {error.name} came as {outcome}")
    return found


SERVICES = ("importexport", "kms", "lambda", "s3", "sqs", "cloudwatch", "sns", "dynamodb", "route53")


@pytest.mark.parametrize("service", SERVICES)
def test_a_documented_error_becomes_its_class_at_the_status_of_the_model(service: str) -> None:
    assert [line for operation in read_operations(service) for line in unmapped(operation)] == []


@pytest.mark.slow
def test_a_documented_error_becomes_its_class_for_every_service_of_the_installed_sdk() -> None:
    services = Loader().list_available_services("service-2")

    found = [line for service in services for operation in read_operations(service) for line in unmapped(operation)]

    assert found == []


@given(faults(["status", "redirect"]))
def test_a_status_is_the_one_that_was_said_and_its_length_is_right(one: Fault) -> None:
    reply = answer(one, UPDATE_JOB, NOW)

    assert reply.status == one.value("code" if one.kind == "status" else "status")
    assert reply.header("content-length") == str(len(reply.body))
    after = one.value("retry_after")
    assert reply.header("retry-after") == (None if after is None else str(after))


def test_where_a_service_has_left_the_query_protocol_the_code_stands_in_a_header_and_the_name_in_the_body() -> None:
    model = SimpleNamespace(metadata={"awsQueryCompatible": {}})
    missing = DocumentedError("QueueMissing", "AWS.NonExistentQueue", 400, "Sender", "")
    declared = SimpleNamespace(service_model=model)
    operation = replace(UPDATE_JOB, protocol="json", service_errors=(missing,), declared=declared)

    reply = answer(fault("error", code="QueueMissing"), operation, NOW)

    assert json.loads(reply.body)["__type"] == "QueueMissing"
    assert reply.header("x-amzn-query-error") == "AWS.NonExistentQueue;Sender"


def test_a_documented_error_can_come_at_another_status() -> None:
    outcome = parse_reply(UPDATE_JOB, answer(fault("error", code="InvalidJobIdException", status=429), UPDATE_JOB, NOW))

    assert isinstance(outcome, Refused)
    assert (outcome.exception, outcome.status) == ("InvalidJobIdException", 429)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_a_refusal_in_cbor_holds_codes_of_any_length(code: str) -> None:
    operation = replace(UPDATE_JOB, protocol="smithy-rpc-v2-cbor")
    code = code.replace(":", "").replace("#", "")  # by which botocore tells a code from what stands around it

    reply = answer(fault("error.undocumented", code=code), operation, NOW)

    outcome = parse_reply(operation, reply)
    assert isinstance(outcome, Refused)
    assert outcome.code == (code or "")


def test_a_wait_for_the_sdk_is_written_in_milliseconds() -> None:
    reply = answer(fault("status", code=503, amz_retry_after="1500ms"), UPDATE_JOB, NOW)

    assert reply.header("x-amz-retry-after") == "1500"


def test_a_clock_is_wrong_by_as_much_as_was_said() -> None:
    date = answer(fault("skew", by="-20m"), UPDATE_JOB, NOW).header("date")

    assert date is not None
    assert parsedate_to_datetime(date) == NOW - timedelta(minutes=20)


def test_an_error_that_is_not_documented_is_named_with_those_that_are() -> None:
    with pytest.raises(
        BadPlan,
        match=r"^the installed model of importexport documents no error 'InvalidJobID'; did you mean "
        r"InvalidJobIdException\? \(error\.undocumented takes any code\)$",
    ):
        answer(fault("error", code="InvalidJobID"), UPDATE_JOB, NOW)
