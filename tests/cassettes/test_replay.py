from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botoproof.cassettes import lazy
from botoproof.cassettes.format import BadCassette, Cassette, read_text
from botoproof.cassettes.lazy import LazyCassette
from botoproof.cassettes.matching import without_fields
from botoproof.cassettes.replay import CassetteMiss, Replayer
from botoproof.cassettes.writing import write_cassette
from botoproof.contract.interaction import Reply, Request

from .conftest import Asked

Recording = Callable[..., Cassette]
HEADERS = (("Content-Type", "text/xml"),)


def queue(name: str) -> Reply:
    """A reply of a service of which nothing is known beyond its model."""
    body = (
        '<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult>'
        f"<Attributes><entry><key>Name</key><value>{name}</value></entry></Attributes></GetTopicAttributesResult>"
        "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetTopicAttributesResponse>"
    )
    return Reply(200, HEADERS, body.encode())


def refusal(status: int, code: str) -> Reply:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error>"
    body = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
    return Reply(status, HEADERS, body.encode())


def asking(asked: Asked, topic: str) -> Request:
    pairs = (("Action", "GetTopicAttributes"), ("Version", "2010-03-31"), ("TopicArn", topic))
    return asked(*pairs, url="https://sns.eu-central-1.amazonaws.com/")


@pytest.fixture
def client() -> Any:
    made: Any = boto3.client(
        "sns",
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        config=Config(retries={"mode": "standard", "total_max_attempts": 3}),
    )
    return made


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket.socket, "__init__", refuse)


def name_of(client: Any, topic: str) -> str:
    return str(client.get_topic_attributes(TopicArn=topic)["Attributes"]["Name"])


@pytest.mark.parametrize("in_a_file", [False, True])
@pytest.mark.usefixtures("no_sockets")
def test_eight_threads_get_their_own_answers_and_no_socket(
    client: Any, asked: Asked, recording: Recording, tmp_path: Any, *, in_a_file: bool
) -> None:
    cassette = recording(*((asking(asked, f"t{number}"), queue(f"n{number}")) for number in range(50)))
    write_cassette(tmp_path / "kept.yaml", cassette)
    replayer = Replayer(tmp_path / "kept.yaml" if in_a_file else cassette)
    replayer.attach(client)

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda number: name_of(client, f"t{number % 50}"), range(200)))

    assert names == [f"n{number % 50}" for number in range(200)]
    assert (replayer.hits, replayer.misses, replayer.unplayed()) == (200, (), ())
    assert replayer.played == (4,) * 50


@pytest.mark.usefixtures("no_sockets")
def test_a_miss_reaches_the_caller_after_one_attempt_and_names_the_field(
    client: Any, asked: Asked, recording: Recording
) -> None:
    attempts = []
    client.meta.events.register("request-created", lambda **_: attempts.append(1))
    replayer = Replayer(recording((asking(asked, "other"), queue("o")), (asking(asked, "topic"), queue("t"))))
    replayer.attach(client)

    with pytest.raises(CassetteMiss) as missed:
        client.get_topic_attributes(TopicArn="topics")

    assert len(attempts) == 1
    assert str(missed.value) == (
        "POST / (GetTopicAttributes) is not among the 2 interactions in the recording. The nearest is number 2; it "
        "differs in TopicArn: asked for 'topics', recorded 'topic'. To record it, attach a "
        "botoproof.cassettes.recorder.Recorder to the client"
    )
    assert replayer.misses == (missed.value,)
    assert missed.value.nearest == 2
    assert len(replayer.unplayed()) == 2


def test_a_miss_names_the_line_of_a_text(asked: Asked, recording: Recording) -> None:
    replayer = Replayer(recording((asked(("Manifest", "a: 1\nb: 2\nc: 3\n")), queue("m"))))

    with pytest.raises(CassetteMiss, match=r"differs in Manifest line 2: asked for 'b: 9\\n', recorded 'b: 2\\n'"):
        replayer.answer(asked(("Manifest", "a: 1\nb: 9\nc: 3\n")))


def test_a_miss_tells_no_secret(asked: Asked, recording: Recording) -> None:
    replayer = Replayer(recording((asked(("Action", "A"), ("Password", "first-secret-7")), queue("m"))))

    with pytest.raises(CassetteMiss) as missed:
        replayer.answer(asked(("Action", "B"), ("Password", "other-secret-8")))

    assert "secret-" not in str(missed.value)


def test_an_empty_recording_says_so(asked: Asked) -> None:
    with pytest.raises(CassetteMiss, match="the recording holds no interactions"):
        Replayer(Cassette(None, None, ())).answer(asked(("Action", "A")))


def test_the_last_of_several_answers_repeats(client: Any, asked: Asked, recording: Recording) -> None:
    request = asking(asked, "topic")
    replayer = Replayer(recording((request, queue("first")), (request, queue("last"))))
    replayer.attach(client)

    assert [name_of(client, "topic") for _ in range(4)] == ["first", "last", "last", "last"]


def test_without_repeats_each_is_played_once(asked: Asked, recording: Recording) -> None:
    request = asking(asked, "topic")
    replayer = Replayer(recording((request, queue("first")), (request, queue("last"))), repeats=False)

    assert [replayer.answer(request).body for _ in range(2)] == [queue("first").body, queue("last").body]
    with pytest.raises(CassetteMiss, match="was recorded 2 times in the recording, and that was played already"):
        replayer.answer(request)


def test_in_order_says_what_was_next(asked: Asked, recording: Recording) -> None:
    one, two = asking(asked, "one"), asking(asked, "two")
    replayer = Replayer(recording((one, queue("1")), (two, queue("2")), (one, queue("3"))), in_order=True)

    with pytest.raises(CassetteMiss, match=r"came where POST / \(GetTopicAttributes\) was next \(number 1 of the 3"):
        replayer.answer(two)
    assert [replayer.answer(request).body for request in (one, two, one)] == [queue(n).body for n in "123"]
    with pytest.raises(CassetteMiss, match="came after all 3 interactions in the recording had been played in order"):
        replayer.answer(one)


def test_a_recorded_failure_is_tried_again_as_the_sdk_does(
    client: Any, asked: Asked, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    request = asking(asked, "topic")
    replayer = Replayer(recording((request, refusal(503, "ServiceUnavailable")), (request, queue("well"))))
    replayer.attach(client)

    assert name_of(client, "topic") == "well"
    assert replayer.hits == 2


def test_a_refusal_is_the_same_exception(client: Any, asked: Asked, recording: Recording) -> None:
    Replayer(recording((asking(asked, "topic"), refusal(404, "NotFound")))).attach(client)

    with pytest.raises(client.exceptions.NotFoundException) as refused:
        client.get_topic_attributes(TopicArn="topic")

    assert isinstance(refused.value, ClientError)


def test_what_does_not_matter_is_left_out(asked: Asked, recording: Recording) -> None:
    kept = recording((asked(("Action", "Run"), ("ClientToken", "a"), ("Size", "1")), queue("r")))
    replayer = Replayer(kept, match=without_fields("ClientToken"))

    assert replayer.answer(asked(("Action", "Run"), ("ClientToken", "b"), ("Size", "1"))) == queue("r")
    with pytest.raises(CassetteMiss, match=r"differs in Size: asked for '2', recorded '1'\. To"):
        replayer.answer(asked(("Action", "Run"), ("ClientToken", "b"), ("Size", "2")))


def test_a_file_without_secrets_answers_the_request_that_had_them(
    asked: Asked, recording: Recording, tmp_path: Any
) -> None:
    request = asked(("Action", "A"), ("accessKeyId", "AKIAIOSFODNN7EXAMPLE"), signer="AKIAIOSFODNN7EXAMPLE")
    write_cassette(tmp_path / "kept.yaml", recording((request, queue("k"))))

    replayer = Replayer(tmp_path / "kept.yaml")

    assert replayer.answer(request) == queue("k")
    with pytest.raises(CassetteMiss, match=r"kept\.yaml"):
        replayer.answer(asked(("Action", "B")))


def test_detached_clients_are_let_alone(client: Any, asked: Asked, recording: Recording) -> None:
    replayer = Replayer(recording((asking(asked, "topic"), queue("t"))))
    replayer.attach(client)
    replayer.attach(client)
    replayer.detach(client)
    Replayer(recording((asking(asked, "topic"), queue("other")))).attach(client)

    assert name_of(client, "topic") == "other"
    assert replayer.hits == 0


def test_misses_of_threads_are_all_kept(asked: Asked, recording: Recording) -> None:
    replayer = Replayer(recording((asking(asked, "topic"), queue("t"))))
    start = threading.Barrier(4)

    def miss(number: int) -> str:
        start.wait()
        with pytest.raises(CassetteMiss) as missed:
            replayer.answer(asking(asked, f"none-{number}"))
        return str(missed.value)

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(miss, range(4)))

    assert {str(miss) for miss in replayer.misses} == told
    assert len(told) == 4


def test_a_file_is_parsed_where_it_is_hit_until_something_is_missing(
    asked: Asked, recording: Recording, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept.yaml"
    write_cassette(file, recording(*((asking(asked, f"t{n}"), queue(f"n{n}")) for n in (0, 1, 2, 1))))
    wholes: list[str] = []

    def read(text: str, path: str) -> Cassette:
        wholes.append(path)
        return read_text(text, path)

    monkeypatch.setattr(lazy, "read_text", read)
    replayer = Replayer(file, repeats=False)

    answers = [replayer.answer(asking(asked, topic)) for topic in ("t1", "t2", "t0", "t1")]

    assert answers == [queue("n1"), queue("n2"), queue("n0"), queue("n1")]
    assert (replayer.played, replayer.unplayed(), wholes) == ((1, 1, 1, 1), (), [])
    with pytest.raises(CassetteMiss, match=r"not among the 4 interactions in .*; it differs in TopicArn"):
        replayer.answer(asking(asked, "t3"))
    assert wholes == [str(file)]


def test_a_file_that_was_edited_by_hand_answers_what_stands_there(
    asked: Asked, recording: Recording, tmp_path: Any
) -> None:
    file = tmp_path / "kept.yaml"
    write_cassette(file, recording(*((asking(asked, f"t{n}"), queue(f"n{n}")) for n in range(3))))
    file.write_text(file.read_text("utf-8").replace("TopicArn: t1", "TopicArn: t9"), "utf-8")
    replayer = Replayer(file)

    with pytest.raises(CassetteMiss):
        replayer.answer(asking(asked, "t1"))
    answers = [replayer.answer(asking(asked, topic)) for topic in ("t0", "t9", "t2")]

    assert answers == [queue("n0"), queue("n1"), queue("n2")]
    assert replayer.unplayed() == ()


def test_what_turns_out_to_be_no_recording_reaches_the_caller_after_one_attempt(
    client: Any, asked: Asked, recording: Recording, tmp_path: Any
) -> None:
    file = tmp_path / "kept.yaml"
    write_cassette(file, recording((asking(asked, "topic"), queue("t"))))
    file.write_text(file.read_text("utf-8").replace("code: 200", "code: [200"), "utf-8")
    attempts: list[Any] = []
    client.meta.events.register("before-send", lambda **_: attempts.append(1))
    Replayer(file).attach(client)

    with pytest.raises(BadCassette, match=r"kept\.yaml"):
        name_of(client, "topic")

    assert len(attempts) == 0


@pytest.mark.parametrize("whole", [False, True])
def test_several_files_answer_as_one_in_their_order(
    asked: Asked, recording: Recording, tmp_path: Any, *, whole: bool
) -> None:
    first = recording((asking(asked, "a"), queue("1")), (asking(asked, "b"), queue("2")))
    second = recording((asking(asked, "a"), queue("3")))
    if not whole:
        write_cassette(tmp_path / "1.yaml", first)
        write_cassette(tmp_path / "2.yaml", second)
    sources = (first, second) if whole else (tmp_path / "1.yaml", LazyCassette(tmp_path / "2.yaml"))
    replayer, ordered = Replayer(*sources), Replayer(*sources, in_order=True)

    answers = [replayer.answer(asking(asked, "a")) for _ in range(3)]
    in_order = [ordered.answer(asking(asked, topic)) for topic in "aba"]

    assert answers == [queue("1"), queue("3"), queue("3")]
    assert replayer.played == (1, 0, 2)
    assert in_order == [queue("1"), queue("2"), queue("3")]
