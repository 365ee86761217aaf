"""The curl commands of a reproducer: each is run as it stands, and shows what the case showed."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY

from .conftest import Changed, judge_of, world_of
from .reproducing import CASES, UNSTABLE, call, ran, reproduction

STAND_IN = Path(__file__).with_name("curl_stand_in.py")


def with_stand_in(folder: Path) -> str:
    """Return a search path on which `curl` is our stand-in."""
    command = folder / "curl"
    command.write_text(f'#!/bin/sh\nexec {shlex.join((sys.executable, str(STAND_IN)))} "$@"\n', "utf-8")
    command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def curl(tmp_path: Path) -> str:
    """A search path with the machine's curl, else with the stand-in, so that no test is left out."""
    return os.environ["PATH"] if shutil.which("curl") else with_stand_in(tmp_path)


NOT_BY_CURL = {
    "a call that the SDK rejects": "the SDK rejected the parameters, so that there is no request",
    "a form with version 2": "curl has no signature version 2",
    "a wrong signature": "curl cannot be told to send a wrong signature",
    "an old signature": "curl signs with the present time, and this request claims another",
}


@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_BY_CURL])
def test_the_curl_command_gets_the_answer_again(name: str, curl: str) -> None:
    case, told = CASES[name]
    with judge_of() as judge:
        commands = reproduction(judge, case).curl

    served = Changed(world_of({}, EXAMPLE_KEY), lambda _, reply: reply)  # as `botoproof serve` does
    with Server(served.answer) as server:
        said = ran("bash", "-euc", commands, ENDPOINT=server.url, PATH=curl)

    assert told in said
    assert commands.startswith("# First, in another terminal: botoproof serve --port 8000\n")


def test_the_curl_command_for_a_url_makes_and_cancels_its_own_job(curl: str) -> None:
    with judge_of(by_url=True) as judge:
        commands = reproduction(judge, call("~pending~"), UNSTABLE).curl
        before = len(judge.caller.sdk.client.list_jobs()["Jobs"])

        said = ran("bash", "-euc", commands, PATH=curl)

        jobs = judge.caller.sdk.client.list_jobs()["Jobs"]
    assert said.count("<Success>true</Success>") == 2
    assert len(jobs) == before + 1
    assert [job["IsCanceled"] for job in jobs].count(False) == before - 2  # expired, running, complete and pending stay


@pytest.mark.parametrize(("name", "why"), NOT_BY_CURL.items())
def test_what_curl_cannot_do_is_said(name: str, why: str) -> None:
    with judge_of() as judge:
        commands = reproduction(judge, CASES[name][0]).curl

    assert commands == f"# There is no curl command for this case: {why}. The Python snippet does it.\n"


@pytest.mark.parametrize("name", ["a form", "a form by GET", "a form of nobody", "an unsigned form", "bytes"])
def test_the_stand_in_is_answered_as_curl_is(name: str, tmp_path: Path) -> None:
    case, told = CASES[name]
    with judge_of() as judge:
        commands = reproduction(judge, case).curl

    served = Changed(world_of({}, EXAMPLE_KEY), lambda _, reply: reply)
    with Server(served.answer) as server:
        said = ran("bash", "-euc", commands, ENDPOINT=server.url, PATH=with_stand_in(tmp_path))

    assert told in said
    assert said.startswith("HTTP/1.1 ")
