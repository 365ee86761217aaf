"""Which operation a request is for, held against what the SDK sends for it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.interaction import Request
from botoproof.contract.recognise import recogniser

UPDATE = {"JobId": "A", "Manifest": "m", "JobType": "Import", "ValidateOnly": True}


class Seen(Exception):
    """The request was seen, and is not to be sent."""


def request_of(service: str, method: str, parameters: dict[str, Any]) -> Request:
    """Return what boto3 sends."""
    make: Any = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "example", region_name="us-east-1").client
    client = make(service, endpoint_url="http://127.0.0.1:9")
    found: list[Request] = []

    def see(request: Any, **_: Any) -> None:
        body: Any = request.body or b""
        content = body.read() if hasattr(body, "read") else body
        headers = [(k, v.decode() if isinstance(v, bytes) else str(v)) for k, v in request.headers.items()]
        found.append(
            Request(
                request.method, request.url, tuple(headers), content.encode() if isinstance(content, str) else content
            )
        )
        raise Seen

    client.meta.events.register("before-send", see)
    with pytest.raises(Seen):
        getattr(client, method)(**parameters)
    return found[0]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "operation"),
    [
        (
            "importexport",
            "update_job",
            {"JobId": "A", "Manifest": "m", "JobType": "Import", "ValidateOnly": True},
            None,
        ),
        ("sts", "get_caller_identity", {}, None),
        ("dynamodb", "get_item", {"TableName": "ttt", "Key": {"a": {"S": "b"}}}, None),
        ("lambda", "invoke", {"FunctionName": "f"}, None),
        ("lambda", "list_functions", {}, None),
        ("s3", "list_buckets", {}, None),
        ("s3", "put_object", {"Bucket": "b", "Key": "a/b", "Body": b"x"}, None),
        ("s3", "copy_object", {"Bucket": "b", "Key": "k", "CopySource": "b/c"}, None),
        ("s3", "get_object_tagging", {"Bucket": "b", "Key": "k"}, None),
        ("s3", "upload_part", {"Bucket": "b", "Key": "k", "PartNumber": 1, "UploadId": "u"}, None),
        ("s3", "list_objects_v2", {"Bucket": "b"}, "ListObjectsV2"),
        ("arc-region-switch", "list_plans", {}, None),
    ],
)
def test_the_operation_is_that_which_the_sdk_was_asked_for(
    service: str, method: str, parameters: dict[str, Any], operation: str | None
) -> None:
    request = request_of(service, method, parameters)

    found = recogniser(read_operations(service))(request)

    wanted = operation or "".join(part.capitalize() for part in method.split("_"))
    assert found is not None
    assert found.name == wanted


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "http://127.0.0.1/", (), b""),
        Request("POST", "http://127.0.0.1/", (), b"Action=NoSuchThing"),
        Request("POST", "http://127.0.0.1/", (("X-Amz-Target", "Other.UpdateTable"),), b"Action=UpdateJob"),
    ],
)
def test_a_request_for_nothing_that_is_known_is_for_none(request_: Request) -> None:
    assert recogniser(read_operations("importexport"))(request_) is None
