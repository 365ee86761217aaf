"""What conftest.py promises to every other test."""

from __future__ import annotations

import os
import socket

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
