"""A port on loopback that takes connections, refuses them, or does not take them in time."""

from __future__ import annotations

import contextlib
import socket
from typing import Literal

from ..errors import TargetUnusable
from .server import is_loopback

Mode = Literal["open", "refused", "full"]

_BACKLOG = 128
# A connection on loopback is made at once, or not as long as the backlog is full.
_AT_ONCE = 0.05


class Port:
    """One port, which stays ours in every mode."""

    def __init__(self, host: str, port: int) -> None:
        """Bind it; it is open.

        Args:
            host: A loopback address.
            port: The number, or 0 for any free one.

        Raises:
            TargetUnusable: The address is not loopback, or the port is taken.
        """
        if not is_loopback(host):
            raise TargetUnusable(f"faults are served on loopback only, not on {host!r}; use 127.0.0.1 or ::1")
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._host = host
        self._fillers: list[socket.socket] = []
        self.mode: Mode = "open"
        try:
            self.socket = self._bound(port)
            self.socket.listen(_BACKLOG)
        except (OSError, OverflowError) as wrong:
            reason = getattr(wrong, "strerror", None) or wrong
            raise TargetUnusable(f"cannot listen on {host} port {port}: {reason}; choose another --port") from None
        self.number = int(self.socket.getsockname()[1])
        self.place = f"[{host}]:{self.number}" if ":" in host else f"{host}:{self.number}"

    def set(self, mode: Mode) -> None:
        """Change the mode; `socket` is another one afterwards.

        Raises:
            TargetUnusable: The port was lost, or this system takes connections beyond a full backlog.
        """
        if mode == self.mode:
            return
        self.close()
        try:
            self.socket = self._bound(self.number)
            # A port that is bound and not listening refuses, and nobody else can take it meanwhile.
            if mode != "refused":
                self.socket.listen(_BACKLOG if mode == "open" else 0)
        except OSError as wrong:
            raise TargetUnusable(f"port {self.number} was lost while it changed: {wrong.strerror}") from None
        self.mode = mode
        if mode == "full":
            self._fill()

    def close(self) -> None:
        """Give the port up, or what holds it."""
        for filler in self._fillers:
            filler.close()
        self._fillers.clear()
        self.socket.close()

    def _bound(self, port: int) -> socket.socket:
        made = socket.socket(self._family, socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.settimeout(0)
            made.bind((self._host, port))
        except (OSError, OverflowError):
            made.close()
            raise
        return made

    def _fill(self) -> None:
        """Connect until a connection is not made at once: nobody accepts them."""
        for _ in range(16):
            filler = socket.socket(self._family, socket.SOCK_STREAM)
            filler.settimeout(_AT_ONCE)
            self._fillers.append(filler)
            with contextlib.suppress(OSError):
                filler.connect((self._host, self.number))
                continue
            return
        self.set("open")
        raise TargetUnusable("this system takes connections beyond a full backlog: connect.timeout cannot be made here")
