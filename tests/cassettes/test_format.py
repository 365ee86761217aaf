"""Recordings in files: what is written is read, by us, by vcrpy and by plain YAML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import vcr  # type: ignore[import-untyped] # it has no types
import yaml
from botoproof.cassettes.format import Cassette, read_cassette
from botoproof.cassettes.key import request_key
from botoproof.cassettes.writing import write_cassette
from botoproof.contract.interaction import Reply, Request

Recording = Callable[..., Cassette]
Asked = Callable[..., Request]

TEXTS = {
    "plain": "manifestVersion: 2.0\nbucket: b\n",
    "no final newline": "a: b\nc: d",
    "crlf": "a: b\r\nc: d\r\n",
    "tab": "a:\tb\n",
    "leading space": "  a: b\n c: d\n",
    "trailing space": "a: b  \nc: d\n",
    "control characters": "a: \x01\x1f\x7f\n",
    "line ends of others": "a\x85b\u2028c\u2029d\r",
    "emoji": "a: \U0001f600\n",
    "byte order mark": "\ufeffa: b\n",
    "empty": "",
    "newlines only": "\n\n\n",
    "looks like yaml": "- request:\n# key: 0123\n--- \n...\n",
    "looks like a number": "1e3",
    "looks like nothing": "null",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_odd_texts_come_back_as_they_were(
    tmp_path: Path, recording: Recording, asked: Asked, reply: Reply, text: str
) -> None:
    request = asked(("Action", "UpdateJob"), ("Manifest", text))

    written = write_cassette(tmp_path / "odd.yaml", recording((request, replace(reply, body=text.encode("utf-8")))))

    assert read_cassette(tmp_path / "odd.yaml") == written
    assert written.interactions[0].request.body == request.body
    assert written.interactions[0].reply.body == text.encode("utf-8")
    assert_that_others_read(tmp_path / "odd.yaml", written)


@pytest.mark.parametrize(
    "body",
    [
        b"A=1&A=2",
        b"A=%zz&B",
        b"A=%ff",
        b"A=\xff",
        b"=",
        b"A=1&&B=2",
        b"string=1",
        b"A=~%7E",
        b"",
        b"\x00\x01",
    ],
)
def test_odd_forms_come_back_byte_for_byte(
    tmp_path: Path, recording: Recording, asked: Asked, reply: Reply, body: bytes
) -> None:
    request = replace(asked(), body=body)

    written = write_cassette(tmp_path / "odd.yaml", recording((request, reply)))

    [read] = read_cassette(tmp_path / "odd.yaml").interactions
    assert read.request.body == body
    assert read.key == request_key(request)
    assert_that_others_read(tmp_path / "odd.yaml", written)


@pytest.mark.parametrize("body", [bytes(range(256)), b"\xff\xfe", b"", b"<a>\xff</a>"])
def test_replies_that_are_no_text_come_back(
    tmp_path: Path, recording: Recording, asked: Asked, reply: Reply, body: bytes
) -> None:
    written = write_cassette(tmp_path / "binary.yaml", recording((asked(("A", "1")), replace(reply, body=body))))

    assert read_cassette(tmp_path / "binary.yaml").interactions[0].reply.body == body
    assert_that_others_read(tmp_path / "binary.yaml", written)


def assert_that_others_read(path: Path, written: Cassette) -> None:
    """Stock vcrpy and plain YAML find every interaction, and vcrpy the same replies."""
    assert len(yaml.safe_load(path.read_text(encoding="ascii"))["interactions"]) == len(written.interactions)
    with vcr.VCR(record_mode=vcr.mode.NONE).use_cassette(str(path)) as cassette:
        responses: list[Any] = cassette.responses
        assert [response["body"]["string"] or b"" for response in responses] == [
            one.reply.body for one in written.interactions
        ]
        assert [response["status"]["code"] for response in responses] == [
            one.reply.status for one in written.interactions
        ]
        assert [request.uri for request in cassette.requests] == [one.request.url for one in written.interactions]


def test_the_file_can_be_read_by_people(tmp_path: Path, recording: Recording, asked: Asked, reply: Reply) -> None:
    request = asked(("Action", "UpdateJob"), ("Manifest", "bucket: b\naccessKeyId: AKIAIOSFODNN7EXAMPLE\n"))

    write_cassette(tmp_path / "one.yaml", recording((request, reply)))

    assert (
        (tmp_path / "one.yaml").read_text(encoding="ascii")
        == f"""\
# A recording by botoproof, made from its embedded endpoint: an executable specification, not AWS.
# kind: embedded
# host: 127.0.0.1
# service: importexport
# sdk: botocore 1.44.5
# recorded: 2026-11-23
# tool: botoproof 0.1.0
# key-version: 1
version: 1
interactions:
# key: {request_key(request)}
- request:
    method: POST
    uri: https://importexport.amazonaws.com/
    body:
      Action: UpdateJob
      Manifest: |
        bucket: b
        accessKeyId: <access-key:1>
    headers:
      Content-Type:
      - application/x-www-form-urlencoded; charset=utf-8
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - text/xml
    body:
      string: "<UpdateJobResponse>caf\\xE9</UpdateJobResponse>"
"""
    )
