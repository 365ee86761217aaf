"""The same replies are parsed by two SDKs, and what a reader of results or exceptions would feel is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.upgrade.answer import Gap, Scope
from botoproof.ci.upgrade.inside.calls import FULL, make_value
from botoproof.ci.upgrade.replay import compare_ends, look, look_with, read_recordings, shipped
from botoproof.ci.upgrade.replies import Said, replies_for
from botoproof.ci.upgrade.results import written_results
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.subjects import Subject, plain_success
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.interaction import Reply
from botoproof.contract.outcome import Returned

UPDATE_JOB = Scope(("importexport",), frozenset({"importexport.UpdateJob"}))
SAID = (Said("a reply", Reply(200, (), b""), Reply(200, (), b"")),)


def subject(service: str, operation: str) -> Subject:
    found = read_operation(service, operation)
    return Subject(found, found, {})


def returned(**members: Any) -> dict[str, Any]:
    return {"attempts": 1, "waits": [], "returned": members, "metadata": {"HTTPStatusCode": 200}}


def raised(name: str, message: str = "no", *, family: str = "ClientError", **error: Any) -> dict[str, Any]:
    return {
        "attempts": 1,
        "waits": [],
        "raised": name,
        "family": family,
        "message": message,
        "fields": {"Error": error},
    }


@pytest.mark.slow
def test_the_installed_sdk_reads_as_it_does_itself() -> None:
    sdk = find_sdk(INSTALLED)

    seen = look(sdk, sdk, UPDATE_JOB, lambda _: None)

    assert (seen.looked, seen.changes, seen.gaps) == (1, (), ())


def test_what_a_release_parses_otherwise_is_told(plant: Callable[[str], Sdk]) -> None:
    planted = """
import botocore.parsers as seam
seam.BaseXMLResponseParser._handle_boolean = lambda self, shape, text: True
"""

    seen = look(find_sdk(INSTALLED), plant(planted), UPDATE_JOB, lambda _: None)

    assert {(change.rule, change.path, change.old, change.new) for change in seen.changes} == {
        ("parsed-value-changed", "$.Success", "false", "true")
    }


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        (
            returned(Success=True),
            returned(Success=True, More="x"),
            ("parsed-value-changed", "$.More", "", "present"),
            ("parsed-value-changed", "$.More", "present", ""),
        ),
        (
            returned(),
            raised("KeyError", family=""),
            ("reply-rejected", "a reply", "returned", "KeyError"),
            ("reply-accepted", "a reply", "KeyError", "returned"),
        ),
        (
            raised("QueueDoesNotExist"),
            raised("ClientError", Code="X"),
            ("exception-class-changed", "a reply", "QueueDoesNotExist", "ClientError(X)"),
            ("exception-class-changed", "a reply", "ClientError(X)", "QueueDoesNotExist"),
        ),
        (
            raised("ParserError", family="BotoCoreError"),
            raised("ParserError", family=""),
            ("exception-class-changed", "a reply", "ParserError", "ParserError, which is none of botocore's own"),
            ("exception-class-changed", "a reply", "ParserError, which is none of botocore's own", "ParserError"),
        ),
        (
            raised("Gone", Type="Sender"),
            raised("Gone"),
            ("exception-fields-changed", "$.Error.Type", "present", ""),
            ("exception-fields-changed", "$.Error.Type", "", "present"),
        ),
        (
            raised("Gone", "one"),
            raised("Gone", "two"),
            ("exception-message-changed", "message", "a text", "another text"),
            ("exception-message-changed", "message", "a text", "another text"),
        ),
        (
            raised("Gone", "An error (reached max retries: 0): no"),
            raised("Gone", "An error: no"),
            ("exception-message-changed", "the number of retries in the message", "told", "not told"),
            ("exception-message-changed", "the number of retries in the message", "not told", "told"),
        ),
    ],
)
def test_each_difference_is_one_change_and_its_mirror(
    old: dict[str, Any], new: dict[str, Any], there: tuple[str, ...], back: tuple[str, ...]
) -> None:
    for ends, expected in (((old, new), there), ((new, old), back)):
        (change,) = compare_ends("x", "Op", SAID, [ends[0]], [ends[1]])

        assert (change.rule, change.path, change.old, change.new) == expected
        assert change.rule in RULES


def test_a_status_that_serves_as_code_is_told_as_one() -> None:
    ends = [
        [raised("ParserError", family="BotoCoreError")] * 2,
        [raised("ClientError", Code=code) for code in ("404", "500")],
    ]

    (change,) = compare_ends("x", "Op", SAID * 2, *ends)

    assert (change.old, change.new) == ("ParserError", "ClientError(the status)")


def test_a_reply_in_a_former_protocol_is_one_difference_however_much_is_lost() -> None:
    former = (Said("a reply", SAID[0].old, SAID[0].new, is_former=True),)

    (change,) = compare_ends("x", "Op", former, [returned(A=1, B=2)], [returned()])

    assert (change.rule, change.path) == ("parsed-value-changed", "$")


def test_addresses_in_memory_are_no_difference() -> None:
    old, new = (raised("Gone", f"<Element at 0x{number}>") for number in ("7f00", "7f01"))

    assert compare_ends("x", "Op", SAID, [old], [new]) == ()


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("importexport", "UpdateJob"),
        ("sqs", "ReceiveMessage"),
        ("dynamodb", "GetItem"),
        ("lambda", "GetFunction"),
        ("s3", "ListObjectsV2"),
        ("s3", "HeadObject"),
        ("route53", "GetHostedZone"),
        ("ec2", "DescribeVpcs"),
    ],
)
def test_what_is_written_is_read_back(service: str, operation: str) -> None:
    described = read_operation(service, operation)

    name, right = next(written_results(described))

    outcome = parse_reply(described, right)
    assert name == "a result with every member"
    assert isinstance(outcome, Returned)
    expected = make_value(described.output_shape, FULL, service)
    expected.pop("ContentLength", None)
    assert {member: outcome.value[member] for member in expected} == expected


def test_each_header_of_a_result_is_odd_once() -> None:
    names = [name for name, _ in written_results(read_operation("s3", "HeadObject"))]

    assert "a result whose header for LastModified is odd" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", ["s3.PutObject", "sqs.SendMessage", "lambda.Invoke", "ec2.DescribeVpcs"])
def test_the_smallest_success_is_one(operation: str) -> None:
    described = read_operation(*operation.split("."))

    assert isinstance(parse_reply(described, plain_success(described)), Returned)


def test_every_documented_error_is_among_the_replies() -> None:
    names = {one.name for one in replies_for(subject("importexport", "UpdateJob"), ())}

    documented = read_operation("importexport", "UpdateJob").errors
    assert {f"the error {error.name}" for error in documented} <= names


def test_a_service_that_changes_its_protocol_is_heard_in_both() -> None:
    json = read_operation("sqs", "DeleteQueue")
    query = read_operation("sns", "DeleteTopic")

    replies = {one.name: one for one in replies_for(Subject(query, json, {}), ())}

    own = replies["a result with every member, in the protocol of each"]
    assert (own.old.body[:1], own.new.body[:1]) == (b"<", b"{")
    former = replies["a result with every member as query writes it"]
    assert former.old == former.new == own.old


def test_recorded_replies_are_taken_by_operation_and_once() -> None:
    subjects = [subject("importexport", "UpdateJob"), subject("importexport", "ListJobs")]

    found, unreadable = read_recordings(shipped("importexport"), subjects)

    assert unreadable == []
    assert found.keys() == {"UpdateJob", "ListJobs"}
    replies = [reply for _, reply in found["UpdateJob"]]
    assert len(replies) == len(set(replies)) > 10


def test_a_recording_that_cannot_be_read_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("interactions: [", "utf-8")
    sdk = find_sdk(INSTALLED)

    seen = look_with(lambda _: (tmp_path / "broken.yaml",))(sdk, sdk, UPDATE_JOB, lambda _: None)

    assert [type(gap) for gap in seen.gaps] == [Gap]
    assert "broken.yaml" in seen.gaps[0].reason
    assert seen.looked == 1
