"""What hurt people after upgrades of botocore is seen by the depth that can see it, from the released wheels.

Each is red from the release before to the one that brought it, and nothing differs from a release to itself. The wheels
come from the package index by pip; without it these tests fail, and do not pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from botoproof.ci.upgrade.answer import Looked, Scope
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.depths import look_at
from botoproof.ci.upgrade.rule import Depth
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import find_sdk
from botoproof.contract.errors import SdkUnavailable


def release(version: str) -> Sdk:
    try:
        return find_sdk(version)
    except SdkUnavailable as wrong:
        pytest.fail(f"this history needs the wheel of botocore {version}: {wrong}", pytrace=False)


def seen(old: str, new: str, service: str, depth: Depth, operations: Sequence[str] = ()) -> Looked:
    """Return what one depth sees of one service between two releases; all of it must be known."""
    names = frozenset(f"{service}.{operation}" for operation in operations)
    scope = Scope((service,), names or None)
    (looked,) = look_at([depth], release(old), release(new), scope, lambda _: None)
    assert (looked.failed, looked.looked > 0) == ("", True)
    return looked


def told(changes: Sequence[Change], rule: str) -> set[tuple[str, str, str, str]]:
    """Return operation, path, old and new of the changes of one rule."""
    return {(one.operation, one.path, one.old, one.new) for one in changes if one.rule == rule}


def test_sqs_moved_from_query_to_json_in_its_model_with_1_31_81() -> None:
    changes = seen("1.31.80", "1.31.81", "sqs", Depth.MODELS).changes

    assert told(changes, "protocol-declared-changed") == {("", "@protocol", "query", "json")}
    assert len(told(changes, "result-wrapper-changed")) == 14
    assert len(told(changes, "error-code-changed")) == 11


def test_the_models_of_a_release_are_those_of_itself() -> None:
    assert seen("1.31.81", "1.31.81", "sqs", Depth.MODELS).changes == ()


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["SendMessage", "ReceiveMessage", "CreateQueue"])
def test_sqs_calls_left_as_json_with_1_31_81(operation: str) -> None:
    changes = seen("1.31.80", "1.31.81", "sqs", Depth.WIRE, [operation]).changes

    assert told(changes, "request-body-changed") == {(operation, "", "form", "JSON")}
    assert (operation, "x-amz-target", "", f"AmazonSQS.{operation}") in told(changes, "header-added")


@pytest.mark.slow
def test_s3_checksums_took_the_place_of_content_md5_with_1_36_0() -> None:
    changes = seen("1.35.99", "1.36.0", "s3", Depth.WIRE, ["PutObject", "DeleteObjects", "GetObject"]).changes

    assert {(name, path) for name, path, _, _ in told(changes, "header-removed")} >= {
        ("PutObject", "content-md5"),
        ("DeleteObjects", "content-md5"),
    }
    assert ("DeleteObjects", "x-amz-checksum-crc32", "", "present") in told(changes, "header-added")
    assert ("GetObject", "x-amz-checksum-mode", "", "ENABLED") in told(changes, "header-added")


@pytest.mark.slow
def test_sts_moved_to_the_endpoints_of_regions_with_1_40_0() -> None:
    changes = seen("1.39.17", "1.40.0", "sts", Depth.EFFECTIVE).changes

    hosts = "https://sts.amazonaws.com", "https://sts.eu-west-1.amazonaws.com"
    scopes = "AWS4-HMAC-SHA256 us-east-1/sts", "AWS4-HMAC-SHA256 eu-west-1/sts"
    assert ("", "eu-west-1", *hosts) in told(changes, "endpoint-effective-changed")
    assert ("", "eu-west-1", *scopes) in told(changes, "signature-effective-changed")


@pytest.mark.slow
def test_the_declared_signature_version_is_ignored_since_1_38_15() -> None:
    changes = seen("1.38.14", "1.38.15", "importexport", Depth.EFFECTIVE).changes

    ignored = "v2 us-east-1/IngestionService", "AWS4-HMAC-SHA256 us-east-1/IngestionService"
    assert ("", "signature_version as declared", *ignored) in told(changes, "signature-effective-changed")


@pytest.mark.slow
def test_cloudwatch_speaks_json_since_1_42_7() -> None:
    effective = seen("1.42.6", "1.42.7", "cloudwatch", Depth.EFFECTIVE).changes
    sent = seen("1.42.6", "1.42.7", "cloudwatch", Depth.WIRE, ["ListMetrics"]).changes

    assert told(effective, "protocol-effective-changed") == {("", "", "query", "json")}
    assert told(sent, "request-body-changed") == {("ListMetrics", "", "form", "JSON")}


@pytest.mark.slow
def test_three_failures_and_then_an_answer_are_no_longer_recovered_from_with_1_44_0() -> None:
    changes = seen("1.43.127", "1.44.0", "importexport", Depth.FAULTS, ["UpdateJob"]).changes

    assert ("UpdateJob", "status(503)", "5 attempts", "3 attempts") in told(changes, "retry-default-changed")
    lost = {(path, old) for _, path, old, _ in told(changes, "recovery-lost")}
    assert ("3*status(503)->ok", "returned") in lost
    assert ("UpdateJob", "60 calls, status(503)", "5 x60", "3 x17, 2, 1 x42") in told(changes, "retry-quota-changed")


@pytest.mark.slow
def test_a_body_shorter_than_its_content_length_is_no_longer_noticed_between_1_43_110_and_1_43_118() -> None:
    changes = seen("1.43.110", "1.43.118", "importexport", Depth.FAULTS, ["UpdateJob"]).changes

    assert ("UpdateJob", "length.long", "ConnectionClosedError", "returned") in told(changes, "reply-accepted")


@pytest.mark.slow
def test_an_odd_expires_of_s3_no_longer_raises_since_1_35_99_at_the_latest() -> None:
    changes = seen("1.31.81", "1.35.99", "s3", Depth.REPLAY, ["GetObject"]).changes

    assert {(old, new) for _, _, old, new in told(changes, "reply-accepted")} == {("ValueError", "returned")}
    assert ("GetObject", "$.ExpiresString", "", "present") in told(changes, "parsed-value-changed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "service", "depth", "operations"),
    [
        ("1.31.81", "sqs", Depth.WIRE, ()),
        ("1.36.0", "s3", Depth.WIRE, ()),
        ("1.40.0", "sts", Depth.EFFECTIVE, ()),
        ("1.38.15", "importexport", Depth.EFFECTIVE, ()),
        ("1.42.7", "cloudwatch", Depth.EFFECTIVE, ()),
        ("1.44.0", "importexport", Depth.FAULTS, ()),
        ("1.43.118", "importexport", Depth.FAULTS, ["UpdateJob"]),
        ("1.35.99", "s3", Depth.REPLAY, ["GetObject"]),
    ],
)
def test_a_release_does_not_differ_from_itself(
    version: str, service: str, depth: Depth, operations: Sequence[str]
) -> None:
    looked = seen(version, version, service, depth, operations)

    assert (looked.changes, looked.gaps) == ((), ())


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.31.81", "1.40.0", "1.44.5"])
def test_the_models_of_the_whole_fleet_do_not_differ_from_themselves(version: str) -> None:
    (looked,) = look_at([Depth.MODELS], release(version), release(version), Scope(), lambda _: None)

    assert (looked.changes, looked.gaps, looked.looked > 300) == ((), (), True)
