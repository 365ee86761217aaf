"""`botoproof serve` with faults: before the embedded endpoint, before any other, and by the control channel."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.wire import WireServer
from botoproof.contract.adapters.wire_behind import Embedded
from botoproof.contract.interaction import Reply

from .conftest import Done, rest

Call = Callable[..., Done]
Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]


def printed(process: subprocess.Popen[str]) -> tuple[str, dict[str, str]]:
    """Return the URL that a server prints, and what it says to export."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    assert lines[0].startswith("listening on http"), lines[0] + (process.stderr.read() if process.stderr else "")
    while "AWS_ENDPOINT_URL" not in lines[-1]:
        lines.append(process.stdout.readline())
    return lines[0].split()[2], dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))


def client(url: str, verify: str | None = None) -> Any:
    make: Any = boto3.session.Session(
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region_name="us-east-1"
    ).client
    return make("importexport", endpoint_url=url, verify=verify)


def asked(settings: dict[str, str], path: str) -> Any:
    request = urllib.request.Request(  # noqa: S310 - loopback
        settings["BOTOPROOF_CONTROL"] + path, headers={"Authorization": f"Bearer {settings['BOTOPROOF_TOKEN']}"}
    )
    with urllib.request.urlopen(request) as reply:  # noqa: S310 - loopback
        return json.load(reply)


def test_a_fault_strikes_a_client_over_tls_and_the_journal_tells(start: Start) -> None:
    with start("serve", "--tls", "--fault", "ListJobs=1*response_lost->ok") as process:
        url, settings = printed(process)
        bundle = settings["AWS_CA_BUNDLE"]
        jobs = client(url, bundle).list_jobs()["Jobs"]
        journal = asked(settings, "/journal")
        process.send_signal(signal.SIGTERM)
        _, err = rest(process)

    assert (process.returncode, err) == (0, "")
    assert url.startswith("https://")
    assert jobs
    assert [one["effects"] for one in journal["calls"]] == ["several"]
    assert not Path(bundle).exists()


def test_faults_stand_before_any_endpoint(start: Start) -> None:
    listed = b"<ListJobsResponse><ListJobsResult><IsTruncated>false</IsTruncated></ListJobsResult></ListJobsResponse>"
    operations = read_operations("importexport")
    plan = ("--fault", "*=close.after_request", "--max-strikes", "3")
    with (
        WireServer(operations, Embedded(lambda *_: Reply(200, (), listed))) as upstream,
        start("serve", "--upstream", upstream.url, *plan) as process,
    ):
        url, settings = printed(process)
        lists = client(url).list_jobs
        with pytest.raises(ConnectionClosedError):
            lists()
        after = lists()
        [over] = asked(settings, "/plans")["over"]
        process.send_signal(signal.SIGINT)
        rest(process)

    assert settings["AWS_ENDPOINT_URL_IMPORTEXPORT"] == url
    assert after["IsTruncated"] is False
    assert (over["strikes"], over["ended"]) == (3, "exhausted")
    assert [len(one.attempts) for one in upstream.calls()] == [3, 1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--max-strikes", "3"], "--max-strikes is about a plan, and there is none: add --fault PLAN"),
        (["--fault-seconds", "3"], "--fault-seconds is about a plan, and there is none: add --fault PLAN"),
        (["--fault", "UpdateJob=dns"], "dns can only be made within the client: botoproof.contract.adapters.hook"),
        (["--fault", "*=tls.expired"], "tls.expired needs an endpoint that speaks TLS: add --tls"),
        (["--fault", "*=ok", "--fault-seconds", "0"], "ttl must be a number of seconds above 0, got 0.0"),
        (["--upstream", "here"], "an upstream is an http or https URL such as http://127.0.0.1:4566, got 'here'"),
        (
            ["--upstream", "http://127.0.0.1:1"],
            "no connection to http://127.0.0.1:1: Connection refused; start the upstream first, or name another by "
            "--upstream",
        ),
        (
            ["--upstream", "http://127.0.0.1:1", "--write-config", "a.toml"],
            "--write-config is about the embedded endpoint, and --upstream names another",
        ),
        (
            ["--host", "10.0.0.1", "--control"],
            "faults are served on loopback only, not on '10.0.0.1'; use 127.0.0.1 or ::1",
        ),
    ],
)
def test_a_mistake_is_one_paragraph(call: Call, arguments: list[str], why: str) -> None:
    done = call("serve", *arguments)

    assert (done.status, done.told) == (2, why)


def test_a_mistake_in_a_plan_is_pointed_at(call: Call) -> None:
    done = call("serve", "--fault", "UpdateJob=tls.expird")

    assert done.status == 2
    assert done.err.splitlines()[1:] == ["  UpdateJob=tls.expird", "            ^"]


def test_a_port_that_is_taken_is_told(call: Call) -> None:
    with WireServer(read_operations("importexport"), Embedded(lambda *_: Reply(200, (), b""))) as taken:
        port = taken.url.rpartition(":")[2]

        done = call("serve", "--control", "--port", port)

    assert done.told == f"cannot listen on 127.0.0.1 port {port}: {os.strerror(98)}; choose another --port"
