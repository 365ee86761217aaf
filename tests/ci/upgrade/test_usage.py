"""Which operations are in use: found in code, in recordings, or listed; nothing is guessed away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore import xform_name
from botoproof.ci.upgrade.usage import Usage, find_usage
from botoproof.contract.adapters.models import read_model
from botoproof.contract.errors import BadConfiguration, UnknownService

RECORDINGS = Path(__file__).parents[3] / "cassettes" / "data"


def operations(service: str) -> Mapping[str, str]:
    try:
        return {name: xform_name(name) for name in read_model(service).operation_names}
    except UnknownService:
        return {}


def usage(*, listed: tuple[str, ...] = (), code: tuple[Path, ...] = (), recordings: tuple[Path, ...] = ()) -> Usage:
    return find_usage(listed, code, recordings, operations, ("importexport", "s3", "sqs"))


def of_code(folder: Path, *lines: str) -> Usage:
    file = folder / "app.py"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return usage(code=(file,))


@pytest.mark.parametrize(
    "lines",
    [
        ('import boto3\nboto3.client("sqs").send_message(QueueUrl="x")',),
        ('sqs = boto3.client("sqs")', "def send():", "    return sqs.send_message()"),
        ('self.queue = boto3.Session().client(service_name="sqs")', "self.queue.send_message"),
        ("from boto3 import client", 'q = client("sqs")', "retry(q.send_message)"),
        ('SERVICE = "sqs"', "q = session.client(SERVICE)", "q.send_message()"),
        ('q = session.client("sqs")', 'q.generate_presigned_url("send_message")'),
        ('q = botocore.session.get_session().create_client("sqs")', "q.send_message()"),
        ('q = aioboto3.Session().client("sqs")', "await_(q.send_message())"),
        ('q = session.client("sqs")', 'getattr(q, "send_message")'),
    ],
)
def test_an_operation_that_code_names_in_any_way_is_in_use(tmp_path: Path, lines: tuple[str, ...]) -> None:
    found = of_code(tmp_path, *lines)

    assert found == Usage(frozenset({"sqs.SendMessage"}))


def test_a_client_that_is_handed_to_another_module_is_followed(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text('queue = boto3.client("sqs")\n', "utf-8")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "used.py").write_text("def send(client): client.send_message()\n", "utf-8")

    assert usage(code=(tmp_path,)).operations == {"sqs.SendMessage"}


def test_paginators_and_waiters_are_of_their_operations(tmp_path: Path) -> None:
    found = of_code(tmp_path, 'c = boto3.client("s3")', 'c.get_paginator("list_objects_v2").paginate()')

    assert found.operations == {"s3.ListObjectsV2"}


def test_a_file_transfer_is_of_the_operations_that_it_is_made_of(tmp_path: Path) -> None:
    found = of_code(tmp_path, 'c = boto3.client("s3")', 'c.upload_file("a", "b", "c")')

    assert found.operations >= {"s3.PutObject", "s3.CreateMultipartUpload", "s3.UploadPart"}
    assert "s3.DeleteObject" not in found.operations


@pytest.mark.parametrize("line", ['c = boto3.client("sqs")', 'c = boto3.resource("sqs")\nc.send_message()'])
def test_a_service_of_which_no_operation_can_be_told_is_in_use_as_a_whole_and_that_is_said(
    tmp_path: Path, line: str
) -> None:
    found = of_code(tmp_path, line)

    assert found.operations == {f"sqs.{name}" for name in operations("sqs")}
    assert found.notes[0].startswith(f"{tmp_path / 'app.py'}:1: sqs is ")


def test_a_client_of_a_service_that_is_not_written_there_is_a_doubt(tmp_path: Path) -> None:
    found = of_code(tmp_path, "def make(name):", "    return boto3.client(name)")

    assert found.doubts == (f"{tmp_path / 'app.py'}:2 makes a client of a service that is not written there",)


def test_a_service_that_there_is_not_is_a_doubt_only_where_the_sdk_makes_the_client(tmp_path: Path) -> None:
    found = of_code(
        tmp_path, 'boto3.client("squs")', 'docker.client("unix")', "app.client()", 'boto3.client("sqs").tag()'
    )

    assert found.doubts == (f"{tmp_path / 'app.py'}:1: neither release has the service 'squs' that the code names",)


@pytest.mark.parametrize("content", [b"def (", b"\xff\xfe", b"# coding: none\n"])
def test_a_file_that_is_no_python_is_a_doubt(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "app.py").write_bytes(content)
    (tmp_path / "good.py").write_text('boto3.client("sqs").send_message()', "utf-8")

    found = usage(code=(tmp_path,))

    assert found.operations == {"sqs.SendMessage"}
    assert [doubt.split(" is no Python that can be read: ")[0] for doubt in found.doubts] == [str(tmp_path / "app.py")]


def test_code_of_others_is_not_read(tmp_path: Path) -> None:
    for folder in (".venv/lib", "site-packages", "node_modules"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "theirs.py").write_text('boto3.client("s3").get_object()', "utf-8")
    (tmp_path / "ours.py").write_text('boto3.client("sqs").send_message()', "utf-8")

    assert usage(code=(tmp_path,)).operations == {"sqs.SendMessage"}


def test_what_recordings_hold_is_in_use() -> None:
    found = usage(recordings=(RECORDINGS / "importexport" / "CancelJob",))

    assert "importexport.CancelJob" in found.operations
    assert {name for name, _ in found.scope.recordings} == {"importexport"}
    assert found.doubts == ()  # though some of them are for no operation, and were refused


@pytest.mark.parametrize("status", [200, 404])
def test_a_recorded_request_of_no_known_service_is_a_doubt(tmp_path: Path, status: int) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(
        "interactions:\n- request: {method: GET, uri: 'https://example.org/x', body: null, headers: {}}\n"
        f"  response: {{status: {{code: {status}, message: OK}}, headers: {{}}, body: {{string: ''}}}}\nversion: 1\n",
        "utf-8",
    )

    found = usage(recordings=(file,))

    assert found.operations == frozenset()
    assert found.doubts == (f"{file}, interaction 1: GET example.org is for no operation",)


def test_all_means_are_joined(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text('boto3.client("sqs").send_message()', "utf-8")

    found = usage(listed=("s3.GetObject",), code=(tmp_path / "app.py",))

    assert found.operations == {"s3.GetObject", "sqs.SendMessage"}
    assert found.scope.services == ("s3", "sqs")
    assert found.scope.names("s3") == ["GetObject"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sqs", "an operation is written as SERVICE.Operation, got 'sqs'"),
        ("sqss.SendMessage", "neither release has a service 'sqss'; did you mean sqs"),
        ("sqs.SendMesage", "sqs has no operation 'SendMesage'; did you mean SendMessage"),
    ],
)
def test_what_is_listed_and_not_there_is_told_with_close_names(name: str, told: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        usage(listed=(name,))

    assert str(refused.value).startswith(told)


def test_code_without_the_sdk_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no operation is in use"):
        of_code(tmp_path, "print(1)")


@pytest.mark.parametrize(("name", "told"), [("none", "there is no code '"), ("", "holds no Python")])
def test_paths_without_code_are_told(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(BadConfiguration, match=told):
        usage(code=(tmp_path / name,))
