from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botoproof.cassettes.recorder import HostNotNamed, Recorder
from botoproof.cassettes.replay import Replayer
from botoproof.cassettes.writing import write_cassette
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.form import read_form
from botoproof.contract.interaction import Reply, Request

LOOPBACK = ("127.0.0.1",)


def answer(request: Request, _: datetime) -> Reply:
    if request.method in ("GET", "PUT"):
        return Reply(200, (("ETag", '"e"'),), b"an object" if request.method == "GET" else b"")
    name = dict(read_form(request.body).pairs)["TopicArn"]
    if name == "down":
        return Reply(503, (("Content-Type", "text/xml"),), b"<ErrorResponse/>")
    value = f"<Attributes><entry><key>Name</key><value>{name}</value></entry></Attributes>"
    result = f"<GetTopicAttributesResult>{value}</GetTopicAttributesResult>"
    body = f"<GetTopicAttributesResponse>{result}</GetTopicAttributesResponse>"
    return Reply(200, (("Content-Type", "text/xml"),), body.encode())


@pytest.fixture
def url() -> Iterator[str]:
    with Server(answer) as server:
        yield server.url


def client_of(service: str, url: str) -> Any:
    made: Any = boto3.client
    return made(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        config=Config(retries={"mode": "standard", "total_max_attempts": 2}, s3={"addressing_style": "path"}),
    )


def name_of(client: Any, topic: str) -> str:
    return str(client.get_topic_attributes(TopicArn=topic)["Attributes"]["Name"])


def test_what_eight_threads_recorded_is_replayed_with_the_server_gone() -> None:
    names = [f"n{number}" for number in range(60)]
    recorder = Recorder(LOOPBACK)
    with Server(answer) as server:
        client = client_of("sns", server.url)
        recorder.attach(client)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda name: name_of(client, name), names)) == names
    recorder.detach(client)
    replayer = Replayer(recorder.cassette(), repeats=False)

    replayer.attach(client)

    assert [name_of(client, name) for name in names] == names
    assert replayer.unplayed() == ()
    assert recorder.unanswered == ()


def test_each_attempt_is_recorded(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    recorder, client = Recorder(LOOPBACK), client_of("sns", url)
    recorder.attach(client)
    recorder.attach(client)

    with pytest.raises(client.exceptions.ClientError):
        name_of(client, "down")

    assert [one.reply.status for one in recorder.cassette().interactions] == [503, 503]


def test_a_host_that_was_not_named_gets_nothing(url: str) -> None:
    recorder, client = Recorder(["*.amazonaws.com"]), client_of("sns", url)
    recorder.attach(client)

    with pytest.raises(HostNotNamed, match=r"a request to 127\.0\.0\.1:\d+ was not sent: only \*\.amazonaws\.com may"):
        name_of(client, "any")

    assert recorder.cassette().interactions == ()


def test_a_port_can_be_named(url: str) -> None:
    recorder, client = Recorder([url.removeprefix("http://")]), client_of("sns", url)
    recorder.attach(client)

    assert name_of(client, "any") == "any"


@pytest.mark.parametrize("hosts", [[], [" "]])
def test_a_recorder_without_hosts_is_a_mistake(hosts: list[str]) -> None:
    with pytest.raises(HostNotNamed, match="no host is named"):
        Recorder(hosts)


def test_an_attempt_without_reply_is_told(url: str) -> None:
    gone = url
    with Server(answer) as server:
        gone = server.url
    recorder, client = Recorder(LOOPBACK), client_of("sns", gone)
    recorder.attach(client)

    with pytest.raises(Exception, match="Could not connect"):
        name_of(client, "any")

    assert len(recorder.unanswered) == 2
    assert recorder.cassette().interactions == ()


def test_files_are_sent_and_streams_are_read_as_without_a_recorder(url: str) -> None:
    recorder, client = Recorder(LOOPBACK), client_of("s3", url)
    recorder.attach(client)

    client.put_object(Bucket="b", Key="k", Body=io.BytesIO(b"what is sent"))
    read = client.get_object(Bucket="b", Key="k")["Body"].read()

    put, got = recorder.cassette().interactions
    assert read == b"an object"
    assert b"what is sent" in put.request.body
    assert got.reply.body == b"an object"


def test_what_clients_sign_with_is_taken_out_wherever_it_stands(url: str, tmp_path: Path) -> None:
    # None of them looks like a secret to anybody who does not know it.
    secrets = ("secret key of mine", "session token of mine")
    recorder = Recorder(LOOPBACK)
    client = boto3.Session("AKIAIOSFODNN7EXAMPLE", *secrets).client("sns", region_name="us-east-1", endpoint_url=url)
    recorder.attach(client)

    for secret in secrets:
        name_of(client, secret)
    write_cassette(tmp_path / "kept.yaml", recorder.cassette(), rules=recorder.rules())

    text = (tmp_path / "kept.yaml").read_text("utf-8")
    assert [secret for secret in secrets if secret in text] == []
    assert ("TopicArn: <secret-key:1>" in text, "TopicArn: <token:1>" in text) == (True, True)


def test_what_emulators_take_for_a_secret_is_not_taken_out_of_words(url: str, tmp_path: Path) -> None:
    recorder = Recorder(LOOPBACK)
    client = boto3.Session("testing", "testing", "testing").client("sns", region_name="us-east-1", endpoint_url=url)
    recorder.attach(client)

    name_of(client, "a-testing-ground")
    write_cassette(tmp_path / "kept.yaml", recorder.cassette(), rules=recorder.rules())

    assert "TopicArn: a-testing-ground\n" in (tmp_path / "kept.yaml").read_text("utf-8")
