"""What is made of an attempt that was overheard; tests/plugin/test_conforms.py has the rest."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botoproof.ci.attempts import decoded, request_of
from botoproof.ci.conforming import Ear, summary
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.overhearing import Overheard

FORM = b"Action=PutMetricData&Version=2010-08-01"
OPERATION: Any = read_operation("sns", "Publish").declared


def heard(body: bytes | str, headers: dict[str, str]) -> Overheard:
    request = AWSRequest("POST", "https://sns.us-east-1.amazonaws.com/", headers, body).prepare()
    return Overheard(OPERATION, request, None, struck=False)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (FORM, {}),
        (FORM.decode(), {}),
        (gzip.compress(FORM, mtime=0), {"Content-Encoding": "gzip"}),
    ],
    ids=["bytes", "text", "gzip"],
)
def test_a_request_is_read_as_it_was_before_it_was_compressed(body: bytes | str, headers: dict[str, str]) -> None:
    assert request_of(heard(body, headers)).body == FORM


def test_the_length_of_a_compressed_reply_is_not_held_against_what_was_decoded() -> None:
    kind, length, encoding = ("Content-Type", "text/xml"), ("Content-Length", "9"), ("content-encoding", "gzip")

    assert decoded((kind, length)) == (kind, length)
    assert decoded((kind, length, encoding)) == (kind,)


def test_an_attempt_that_no_client_makes_is_nobodys() -> None:
    ear = Ear(Path.cwd())

    ear(heard(FORM, {}))

    assert ear.taken().heard == 0


def test_a_test_of_which_several_reports_tell_is_counted_once() -> None:
    one = {"test": "a", "judged": 1, "unjudged": {"dynamodb (json)": 2}, "codes": {}, "notes": {"reply-namespace": 1}}

    assert list(summary([one, one])) == [
        "2 replies of 1 test held to the contract: no findings",
        "not judged: 4 dynamodb (json); only the query protocol has a strict codec so far",
        "notes, which do not count: 2 reply-namespace",
    ]


def test_silence_is_no_proof() -> None:
    assert list(summary([])) == ["no test made a call by boto3, so that nothing is shown"]
