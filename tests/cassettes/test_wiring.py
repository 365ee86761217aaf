from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from botoproof.cassettes.wiring import Send, every_client
from botoproof.contract.adapters.sdk import as_response
from botoproof.contract.interaction import Reply

EMPTY = Reply(200, (("Content-Type", "text/xml"),), b"<ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>")


def make() -> Any:
    made: Any = boto3.client
    return made("sns", region_name="us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="s")


def test_clients_made_before_and_inside_are_wired_and_let_go_afterwards() -> None:
    seen: list[str | None] = []

    def seam(request: AWSPreparedRequest, service: str | None, send: Send) -> AWSResponse:
        seen.append(service)
        return as_response(str(request.url), EMPTY)

    before, send = make(), URLLib3Session.send

    with every_client(seam):
        before.list_topics()
        make().list_topics()

    assert seen == ["sns", "sns"]
    assert URLLib3Session.send is send


def test_what_no_operation_sends_has_no_service_even_in_the_middle_of_a_call() -> None:
    seen: list[str | None] = []

    def seam(request: AWSPreparedRequest, service: str | None, send: Send) -> AWSResponse:
        seen.append(service)
        return as_response(str(request.url), EMPTY)

    def look_for_credentials(**_: Any) -> None:
        URLLib3Session().send(AWSRequest("GET", "http://169.254.169.254/").prepare())

    client = make()
    client.meta.events.register("before-sign", look_for_credentials)

    with every_client(seam):
        client.list_topics()

    assert seen == [None, "sns"]


def test_what_a_client_answers_by_itself_does_not_come_so_far() -> None:
    def seam(request: AWSPreparedRequest, service: str | None, send: Send) -> AWSResponse:
        raise AssertionError("it came here")

    client = make()
    client.meta.events.register("before-send", lambda request, **_: as_response(request.url, EMPTY))

    with every_client(seam):
        assert client.list_topics()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_what_the_block_raises_leaves_nothing_behind() -> None:
    send = URLLib3Session.send

    with pytest.raises(KeyError), every_client(lambda request, service, send: send(request)):
        raise KeyError

    assert URLLib3Session.send is send
