"""No sockets while a test is answered from a recording, but to hosts that it names."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class NetworkRefused(RuntimeError):
    """Something was about to use the network in a test that is answered from a recording.

    No `OSError`, which clients would take for a failure of the network and try again.
    """


@contextmanager
def refused(allowed: Iterable[str]) -> Iterator[None]:
    """Let Python's sockets reach none but allowed hosts, by name or address; sockets of the file system are left alone.

    What C libraries open by themselves does not pass here.
    """
    names = {host.strip("[]").lower() for host in allowed}
    addresses = set[str]()  # of allowed names
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def check(sender: socket.socket, address: Any) -> None:
        inet = sender.family in (socket.AF_INET, socket.AF_INET6)
        if inet and str(address[0]).lower() not in names | addresses:
            sender.close()  # libraries do so for an OSError only
            raise NetworkRefused(_text(f"a connection to {address[0]}:{address[1]}"))

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1])
        return sendto(self, data, *rest)

    def guarded_getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not name or _is_address(name):
            return getaddrinfo(host, *rest, **options)
        if name.lower() not in names:
            raise NetworkRefused(_text(f"a look-up of {name!r}"))
        found = getaddrinfo(host, *rest, **options)
        addresses.update(str(entry[4][0]).lower() for entry in found)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket.socket, "sendto", guarded_sendto)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _text(what: str) -> str:
    return (
        f"botoproof: {what} was refused, since the test is answered from a recording; if it is meant, name the host in "
        "a fixture botoproof_cassette_hosts of your own"
    )
