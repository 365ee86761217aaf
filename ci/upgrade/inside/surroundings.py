"""The surroundings of the SDK: no network, time that passes without waiting, and no chance.

Everything is replaced in the modules of the standard library before the SDK is imported, so that it holds for each
release alike, however that release reaches for it.
"""

from __future__ import annotations

import datetime
import random
import socket
import time
import uuid
from typing import Any

NOW = 1767225600.0
"""When everything happens, in seconds of the epoch: 2026-01-01, 00:00 UTC."""

TOKEN = uuid.UUID("11111111-2222-4333-8444-555555555555")
"""The only random UUID."""

_real_gmtime, _real_localtime = time.gmtime, time.localtime
_real_datetime = datetime.datetime


class Clock:
    """The time, and what was slept since it was last wound back."""

    def __init__(self) -> None:
        self.sleeps: list[float] = []
        self._passed = 0.0

    def wind_back(self) -> None:
        """Begin anew."""
        self.sleeps = []
        self._passed = 0.0

    def sleep(self, seconds: float) -> None:
        """Note the seconds instead of waiting."""
        self.sleeps.append(float(seconds))
        self._passed += float(seconds)

    def now(self) -> float:
        """Return the seconds of the epoch."""
        return NOW + self._passed


CLOCK = Clock()


class _Alike(type):
    """Lets any datetime pass for one of ours: C code makes the real ones."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real_datetime)


class _Datetime(_real_datetime, metaclass=_Alike):
    """A datetime whose present is the clock's."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        """Return the present."""
        return cls.fromtimestamp(CLOCK.now(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        """Return the present of UTC without its zone, as older releases ask for it."""
        return cls.fromtimestamp(CLOCK.now(), datetime.timezone.utc).replace(tzinfo=None)  # noqa: UP017 - Python 3.8


class NoNetwork(ConnectionRefusedError):
    """Something wanted to reach beyond this process."""


def _refuse(*_: Any, **__: Any) -> Any:
    raise NoNetwork("an SDK that is asked reaches nothing")


def arrange() -> None:
    """Replace sockets, clocks and chance in this process, for good."""
    for name in ("connect", "connect_ex", "bind", "sendto"):
        setattr(socket.socket, name, _refuse)
    socket.getaddrinfo = _refuse
    socket.create_connection = _refuse
    setattr(time, "sleep", CLOCK.sleep)  # noqa: B010 - mypy wants a wider type of number
    time.time = CLOCK.now
    time.gmtime = lambda seconds=None: _real_gmtime(CLOCK.now() if seconds is None else seconds)
    time.localtime = lambda seconds=None: _real_localtime(CLOCK.now() if seconds is None else seconds)
    setattr(datetime, "datetime", _Datetime)  # noqa: B010 - a type may not be assigned to, says mypy
    uuid.uuid4 = lambda: TOKEN
    # Delays are drawn below a limit, and are compared by it.
    random.random = lambda: 1.0 - 2.0**-53
    random.seed(7)
