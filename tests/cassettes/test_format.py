"""Recordings in files: what is written is read, by us, by vcrpy and by plain YAML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import vcr  # type: ignore[import-untyped] # it has no types
import yaml
from botoproof.cassettes.format import Cassette, Provenance, Recorded, read_cassette, read_text
from botoproof.cassettes.key import request_key
from botoproof.cassettes.writing import scrubbed, write_cassette, write_text
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Reply, Request
from hypothesis import given, settings
from hypothesis import strategies as st

Recording = Callable[..., Cassette]
Asked = Callable[..., Request]

FORM = ("Content-Type", "application/x-www-form-urlencoded")
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
# key: {request_key(request)} of text 545b2c01
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
# end
"""
    )


@settings(max_examples=60)
@given(text=st.text(max_size=40), body=st.binary(max_size=40))
def test_any_text_and_any_bytes_come_back(text: str, body: bytes) -> None:
    source = Provenance("aws", "h", "s", "botocore", date(2026, 11, 23), "t", (("world", "x"),))
    request = Request("POST", "https://h/", (FORM,), write_form([("A", text)]))
    cassette = scrubbed(Cassette(source, None, (Recorded(request, Reply(200, (), body), ""),)))

    written = write_text(cassette)

    assert read_text(written) == cassette
    assert written.isascii()


@pytest.mark.parametrize(
    ("entry", "body", "reply_body"),
    [
        ("body: A=1&B=2\n    headers: {H: [!!binary YQ==, b]}", b"A=1&B=2", b"x"),
        ("body: !!binary QT0x\n    headers: {H: a}", b"A=1", b"x"),
        ("body: null\n    headers: {}", b"", b"x"),
        ("body:\n    headers: null", b"", b"x"),
        ("body: {string: A=1}\n    headers: {}", b"A=1", b"x"),
        ("body: {string: !!binary QT0x, encoding: utf-8}\n    headers: {}", b"A=1", b"x"),
        ("body: {base64_string: QT0x}\n    headers: {}", b"A=1", b"x"),
        ("body: !!python/unicode 'A=1'\n    headers: {}", b"A=1", b"x"),
        ("body: {A: 07030, B: yes, C: null}\n    headers: {}", b"A=07030&B=yes&C=null", b"x"),
    ],
)
def test_what_others_recorded_is_read(entry: str, body: bytes, reply_body: bytes) -> None:
    """In forms that vcrpy, pytest-recording and people have written."""
    text = (
        f"interactions:\n- request:\n    {entry}\n    method: POST\n    uri: https://h/\n  response:\n"
        "    body: {string: x}\n    headers: {Content-Encoding: [gzip]}\n"
        "    status: {code: 200, message: OK}\nversion: 1\n"
    )

    cassette = read_text(text)

    [one] = cassette.interactions
    assert (one.request.body, one.reply.body, one.reply.headers) == (body, reply_body, ())
    assert (cassette.provenance, cassette.key_version, cassette.stale) == (None, None, ())


def test_what_cannot_stand_in_a_comment_is_refused(provenance: Provenance) -> None:
    for wrong in ((("World", "x"),), (("world", "a\nb"),), (("world", ""),), (("kind", "x"),)):
        with pytest.raises(ValueError, match=r"cannot stand in a comment|is taken"):
            write_text(Cassette(replace(provenance, more=wrong), 1, ()))
