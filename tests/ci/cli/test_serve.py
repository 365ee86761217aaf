"""`botoproof serve`: listens on loopback, says how to use it, holds the configured world, and ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botoproof.ci.cli.serve import _Crashes
from botoproof.ci.configuration import read_configuration
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential

from .conftest import Done, reports, rest

Call = Callable[..., Done]
Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]


def listening(process: subprocess.Popen[str]) -> str:
    """Wait for the line that a server prints first, and return its URL."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://"), line + (process.stderr.read() if process.stderr else "")
    return line.split()[2]


def client(url: str, key: Credential = EXAMPLE_KEY) -> Any:
    make: Any = boto3.session.Session(key.access_key_id, key.secret_access_key, region_name="us-east-1").client
    return make("importexport", endpoint_url=url)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_listens_until_it_is_told_to_end(start: Start, number: signal.Signals) -> None:
    with start("serve") as process:
        listening(process)
        process.send_signal(number)
        _, err = rest(process)

    assert (process.returncode, err) == (0, "")


def test_what_it_prints_is_all_that_an_sdk_needs(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    with start("serve") as process:
        url = listening(process)
        process.send_signal(signal.SIGTERM)
        out, _ = rest(process)

    settings = dict(re.findall(r"export (\w+)=(\S+)", out))
    assert settings == {
        "AWS_ENDPOINT_URL_IMPORTEXPORT": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }


def test_boto3_reaches_it_by_the_environment_alone(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    with start("serve") as process:
        monkeypatch.setenv("AWS_ENDPOINT_URL_IMPORTEXPORT", listening(process))
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        make: Any = boto3.session.Session().client

        jobs = make("importexport").list_jobs()["Jobs"]

    assert {job["JobId"] for job in jobs} >= {"PND1A", "EXP1A"}


def test_the_toml_that_it_prints_is_its_configuration(start: Start, call: Call, folder: Path) -> None:
    with start("serve") as process:
        listening(process)
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("  foreign"):
                break
        toml = "".join(lines).partition(" with this botoproof.toml\n")[2]
        folder.joinpath("botoproof.toml").write_text(toml)

        some = ("importexport.UpdateJob", "importexport.CancelJob")
        done = call("run", *some, "--seed", "1", "--phases", "table", "--report", "json=r.json")

    assert done.status == 0
    assert [entry.get("probe") for entry in reports(folder / "r.json")["unreachable"]] == ["job.in-progress"]
    assert "importexport: 23 of 24 documented exceptions provoked, 1 unreachable" in done.out


@pytest.mark.slow
def test_the_configuration_that_it_writes_is_run_clean_with_every_exception(
    start: Start, call: Call, folder: Path
) -> None:
    with start("serve", "--write-config", "c.toml") as process:
        url = listening(process)
        assert read_configuration(folder / "c.toml").endpoint == url

        done = call(
            "run",
            "--config",
            "c.toml",
            "--seed",
            "1",
            "--max-examples",
            "30",
            "--max-programs",
            "3",
            "--report",
            "json=r.json",
        )

    report = reports(folder / "r.json")
    assert (done.status, report["left_behind"]) == (0, [])
    assert {entry.get("probe") for entry in report["unreachable"]} == {"job.in-progress", None}
    assert {entry["operation"] for entry in report["unreachable"] if "cases" in entry} <= {"CreateJob", "CancelJob"}
    errors = [error for operation in report["operations"].values() for error in operation["errors"].values()]
    assert all(bool(error["provoked"]) is not bool(error["unreachable"]) for error in errors)
    assert (len(errors), sum(1 for error in errors if error["provoked"])) == (55, 48)


def test_it_holds_the_configured_world_and_repeats_no_secret(start: Start, folder: Path) -> None:
    folder.joinpath("botoproof.toml").write_text(
        '[credentials]\naccess-key-id = "AKIDMINE"\nsecret-access-key = "a-secret-of-my-own"\n'
        '[world.buckets]\nmine = {}\n[world.jobs]\nexpired = ["XPR1A"]\n'
    )
    with start("serve", "--write-config", "c.toml") as process:
        url = listening(process)
        jobs = client(url, Credential("AKIDMINE", "a-secret-of-my-own")).list_jobs()["Jobs"]
        with pytest.raises(Exception, match="InvalidClientTokenIdException"):
            client(url).list_jobs()
        process.send_signal(signal.SIGTERM)
        out, _ = rest(process)

    written = read_configuration(folder / "c.toml")
    assert "XPR1A" in {job["JobId"] for job in jobs}
    assert "a-secret-of-my-own" not in out + folder.joinpath("c.toml").read_text()
    assert "it needs the [credentials] of botoproof.toml" in out
    assert (written.credential, dict(written.world["buckets"])) == (
        None,
        {"mine": {"region": "us-east-1", "access": "write"}},
    )


def test_a_file_of_somebody_else_s_is_not_replaced_but_its_own_is(start: Start, call: Call, folder: Path) -> None:
    folder.joinpath("precious.toml").write_text("keep")
    for _ in range(2):
        with start("serve", "--write-config", "own.toml") as process:
            listening(process)

    done = call("serve", "--write-config", "precious.toml")

    assert done.status == 2
    assert done.told == (
        "the configuration cannot be written to precious.toml: it is there already and was not written by this "
        "command; name another file"
    )
    assert folder.joinpath("precious.toml").read_text() == "keep"


def test_a_port_and_an_address_can_be_chosen(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with start("serve", "--host", "localhost", "--port", str(port)) as process:
        url = listening(process)

    assert url == f"http://localhost:{port}"


def test_a_port_that_is_taken_is_told(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = call("serve", "--port", str(taken.getsockname()[1]))

    assert done.status == 2
    assert re.fullmatch(r"cannot listen on 127\.0\.0\.1 port \d+: .*; choose another --port", done.told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--service", "importexpot"], "botoproof has no specification for the service 'importexpot'"),
        (["--host", "0.0.0.0"], "the endpoint serves on loopback only, not on '0.0.0.0'"),  # noqa: S104 - refused
        (["--port", "65536"], "invalid value for '--port': 65536 is not in the range"),
        (["--config", "none.toml"], "there is no configuration file 'none.toml'"),
        (["--write-config", "none/c.toml"], "the configuration cannot be written to none/c.toml: there is no folder"),
    ],
)
def test_a_mistake_is_one_paragraph(call: Call, arguments: list[str], told: str) -> None:
    done = call("serve", *arguments)

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith(told)


@pytest.mark.parametrize("services", [(), ("a", "b")])
def test_without_one_service_to_serve_a_name_is_asked_for(
    call: Call, monkeypatch: pytest.MonkeyPatch, services: tuple[str, ...]
) -> None:
    monkeypatch.setattr("botoproof.ci.cli.serve.specified_services", lambda: services)

    assert call("serve").told == f"say which service to serve by --service; known: {', '.join(services) or 'none'}"


def test_a_crash_of_the_endpoint_is_a_500_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    def crashes(*_: object) -> Any:
        raise KeyError("planted")

    with Server(crashes, on_crash=_Crashes()) as server:
        for _ in range(2):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(server.url)  # noqa: S310 - loopback
            caught.value.close()
            assert caught.value.code == 500

    assert capsys.readouterr().err.count("KeyError: 'planted'") == 1


def test_the_environment_of_the_tests_has_no_endpoint() -> None:
    assert [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")] == []


def test_a_command_that_could_not_listen_leaves_no_handler_of_signals_behind(call: Call) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = call("serve", "--port", str(taken.getsockname()[1]))

    assert done.status == 2
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
