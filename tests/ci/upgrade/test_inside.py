"""The process of an SDK reaches nothing, waits for nothing, and makes the same calls each time."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.validate import ParamValidator
from botoproof.ci.upgrade import inside
from botoproof.ci.upgrade.asking import Asked, command_of
from botoproof.ci.upgrade.inside.calls import FULL, MINIMAL, NoCall, make_call
from botoproof.ci.upgrade.inside.values import from_json, to_json
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk
from botoproof.contract.adapters.models import read_model

FOLDER = Path(str(inside.__file__)).parent


@pytest.fixture(scope="module")
def installed() -> Iterator[Asked]:
    with Asked(command_of(find_sdk(INSTALLED)), "the installed SDK") as asked:
        yield asked


def arranged(source: str) -> str:
    """Return what a program prints in the surroundings in which an SDK is asked."""
    program = f"import sys; sys.path.insert(0, {str(FOLDER)!r}); import surroundings; surroundings.arrange()\n{source}"
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    return ran.stdout.strip() or ran.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "reaching",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket().connect(('127.0.0.1', 9))",
        "socket.socket().connect_ex(('127.0.0.1', 9))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 9)",
        "__import__('urllib.request').request.urlopen('http://169.254.169.254/')",
    ],
)
def test_nothing_is_reached(reaching: str) -> None:
    assert "an SDK that is asked reaches nothing" in arranged(f"import socket; {reaching}")


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("import time; time.sleep(3600); print(surroundings.CLOCK.sleeps, time.time())", "[3600.0] 1767229200.0"),
        ("import datetime; print(datetime.datetime.now(datetime.timezone.utc))", "2026-01-01 00:00:00+00:00"),
        ("from datetime import datetime; print(datetime.utcnow())", "2026-01-01 00:00:00"),
        ("import time; print(time.strftime('%Y', time.gmtime()))", "2026"),
        ("import email.utils; print(email.utils.formatdate(usegmt=True))", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("import uuid; print(uuid.uuid4() == uuid.uuid4())", "True"),
        ("import random; print(random.random() > 0.999)", "True"),
        ("import datetime as d; print(isinstance(d.datetime(2026, 1, 1), d.datetime))", "True"),
    ],
)
def test_time_and_chance_are_the_same_for_every_sdk(source: str, printed: str) -> None:
    assert arranged(source) == printed


@pytest.mark.parametrize("service", ["importexport", "s3", "dynamodb", "sqs", "route53"])
@pytest.mark.parametrize("kind", [MINIMAL, FULL])
def test_calls_are_accepted_by_the_sdk_from_whose_model_they_are_made(service: str, kind: str) -> None:
    model = read_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        if operation.input_shape is None:
            continue

        call = make_call(operation, kind)

        report = ParamValidator().validate(call, operation.input_shape)
        assert not report.has_errors(), f"{name}: {report.generate_report()}"
        assert call == make_call(operation, kind)
        assert from_json(json.loads(json.dumps(to_json(call)))) == call


def test_a_full_call_has_more_than_a_minimal_one_and_ends() -> None:
    operation = read_model("dynamodb").operation_model("PutItem")

    assert make_call(operation, MINIMAL).keys() == {"TableName", "Item"}
    assert make_call(operation, FULL).keys() >= {"ReturnValues", "ExpressionAttributeValues"}


def test_no_call_is_made_of_a_stream_of_events() -> None:
    operation = read_model("lexv2-runtime").operation_model("StartConversation")

    with pytest.raises(NoCall, match="is a stream of events"):
        make_call(operation, FULL)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"\xff", {"$blob": "/w=="}),
        (datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), {"$time": "2026-01-01T00:00:00+00:00"}),
        (float("inf"), {"$float": "inf"}),
        ({"a": [1, 1.5, None, True, "x"]}, {"a": [1, 1.5, None, True, "x"]}),
    ],
)
def test_values_come_back_from_json(value: object, text: object) -> None:
    assert to_json(value) == text
    assert from_json(json.loads(json.dumps(text))) == value


def test_an_endpoint_that_must_be_asked_for_first_does_not_keep_a_call_back(installed: Asked) -> None:
    answer = installed.ask("wire", service="timestream-write", operations=["ListDatabases"])

    assert answer["sent"][0]["request"]["url"].rstrip("/") == "https://discovered.invalid"


def test_names_of_resources_take_the_form_that_an_endpoint_wants(installed: Asked) -> None:
    answer = installed.ask("wire", service="kinesis", operations=["DeleteResourcePolicy"])

    assert "stream/name" in answer["calls"][0]["parameters"]["ResourceARN"]
    assert "request" in answer["sent"][0]


def test_an_operation_that_is_not_there_is_told_as_gone(installed: Asked) -> None:
    calls: list[dict[str, Any]] = [{"operation": "DropJob", "kind": MINIMAL, "parameters": {}}]

    answer = installed.ask("wire", service="importexport", calls=calls)

    assert answer["sent"] == [{"gone": True}]


def test_the_quota_of_one_script_is_not_used_up_by_another(installed: Asked) -> None:
    failing = {"steps": [{"reply": [503, [], ""]}], "calls": 30, "settings": {"retries": {"mode": "standard"}}}
    once = {**failing, "calls": 1}

    used_up, fresh = installed.ask(
        "tried", service="importexport", operation="ListJobs", parameters={}, scripts=[failing, once]
    )

    assert used_up[-1]["attempts"] == 1
    assert fresh[0]["attempts"] == 3


def test_bytes_come_by_a_connection_and_are_read_as_http(installed: Asked) -> None:
    step = {"bytes": "SFRUUC8xLjEgNTAzIEJ1c3kNCkNvbnRlbnQtTGVuZ3RoOiAwDQoNCg=="}  # HTTP/1.1 503 Busy
    script = {"steps": [step], "settings": {"retries": {"mode": "standard"}}}

    (calls,) = installed.ask("tried", service="importexport", operation="ListJobs", parameters={}, scripts=[script])

    assert (calls[0]["raised"], calls[0]["attempts"]) == ("ClientError", 3)
    assert calls[0]["metadata"]["HTTPStatusCode"] == 503
