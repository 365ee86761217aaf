"""What conftest.py promises to every other test."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import boto3
import pytest
from hypothesis import settings


@pytest.mark.parametrize("address", ["192.0.2.1", "169.254.169.254"])
def test_a_socket_cannot_connect_beyond_loopback(address: str) -> None:
    with socket.socket() as endpoint, pytest.raises(RuntimeError, match=r"^tests reach loopback addresses only, not "):
        endpoint.connect((address, 80))


def test_connect_ex_cannot_leave_either() -> None:
    with socket.socket() as endpoint, pytest.raises(RuntimeError, match=r"^tests reach loopback addresses only, not "):
        endpoint.connect_ex(("192.0.2.1", 80))


def test_no_name_is_resolved_but_localhost() -> None:
    with pytest.raises(socket.gaierror, match=r"tests resolve no names, not even 'example\.com'"):
        socket.getaddrinfo("example.com", 80)

    assert socket.getaddrinfo("localhost", 80)


def test_loopback_is_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_the_machine_has_no_aws_credentials_and_no_region() -> None:
    session = boto3.session.Session()

    assert session.get_credentials() is None
    assert session.region_name is None


def test_no_proxy_stands_between_a_client_and_loopback() -> None:
    assert [name for name in os.environ if name.casefold().endswith("_proxy")] == []


def test_examples_are_the_same_on_every_run() -> None:
    profile = settings()

    assert (profile.derandomize, profile.deadline, profile.database) == (True, None, None)


NIGHT = """
from hypothesis import given
from hypothesis import strategies as st

@given(st.integers(0, 10**9))
def test_numbers(number):
    open("drawn.txt", "a").write(f"{number}\\n")
    assert number < 1000
"""


@pytest.mark.slow
def test_a_night_is_drawn_by_its_name_and_tries_first_what_failed_before(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text("utf-8"))
    pytester.makepyfile(test_night=NIGHT)

    def drawn(night: str, examples: str) -> list[int]:
        monkeypatch.setenv("BOTOPROOF_NIGHT", night)
        monkeypatch.setenv("BOTOPROOF_EXAMPLES", examples)
        done = pytester.runpytest_subprocess("--hypothesis-profile=nightly", "-p", "no:randomly")
        done.assert_outcomes(failed=1)
        text = pytester.path / "drawn.txt"
        numbers = [int(line) for line in text.read_text("utf-8").splitlines()]
        text.unlink()
        return numbers

    first, same, other = drawn("2026-11-26 1/2", "a"), drawn("2026-11-26 1/2", "b"), drawn("2026-11-26 2/2", "c")
    for kept in ("a", "c"):  # two shards put together
        shutil.copytree(pytester.path / kept, pytester.path / "both", dirs_exist_ok=True)
    later = drawn("2026-11-27", "both")

    assert first == same
    assert first != other
    assert later[0] == 1000
