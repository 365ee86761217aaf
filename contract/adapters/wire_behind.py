"""What stands behind a server of faults: an endpoint in this process, or a URL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

import h11

from ..codec.query_reply import write_error
from ..errors import TargetUnusable
from ..interaction import Reply, Request
from .wire_http import TooLarge, read_reply, write_request

Answer = Callable[[Request, datetime], Reply]

_TIME_LIMIT = 60.0
_IDLE = 8
"""How many connections that are not in use are kept."""


class Gone(Exception):
    """What stands behind gave no answer; the text tells why.

    Attributes:
        is_sent: Whether the request may have been carried out.
    """

    def __init__(self, text: str, *, is_sent: bool) -> None:
        super().__init__(text)
        self.is_sent = is_sent


class Behind(Protocol):
    """What requests are passed on to."""

    name: str

    async def __call__(self, request: Request) -> Reply:
        """Return the answer to a request.

        Raises:
            Gone: There is none.
        """
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...


class Embedded:
    """An endpoint in this process, which answers one request at a time."""

    name = "embedded"

    def __init__(self, answer: Answer, *, on_crash: Callable[[str], None] | None = None) -> None:
        """Take the endpoint's `answer`, and who is told the traceback when it raises; the client gets a 500."""
        self._answer = answer
        self._on_crash = on_crash

    async def __call__(self, request: Request) -> Reply:
        """Return the endpoint's answer."""
        try:
            return self._answer(request, datetime.now(UTC))
        except Exception:  # noqa: BLE001 - a crash of the endpoint is an answer too, and is told to the keeper
            if self._on_crash:
                self._on_crash(traceback.format_exc())
            return write_error(
                "InternalFailure",
                "The request could not be processed",
                request_id=f"{time.time_ns():032x}",
                status=500,
                fault="Receiver",
            )

    async def close(self) -> None:
        """Hold nothing."""


class Upstream:
    """An endpoint at a URL. Its certificate is always verified; requests keep the Host that the client has signed."""

    def __init__(self, url: str, *, time_limit: float = _TIME_LIMIT) -> None:
        """Take the URL; nothing is opened yet.

        Args:
            url: Scheme, host and port; no path, as requests have their own.
            time_limit: Seconds for an exchange.

        Raises:
            TargetUnusable: It is no such URL.
        """
        self.name = url
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            raise TargetUnusable(f"an upstream is an http or https URL such as http://127.0.0.1:4566, got {url!r}")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
            raise TargetUnusable(
                f"an upstream has scheme, host and port only, as requests have their own path: {url!r}"
            )
        self._host = parts.hostname
        self._port = port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._time_limit = time_limit
        self._kept: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def check(self) -> None:
        """Connect once, TLS included.

        Raises:
            TargetUnusable: Nobody is there, or its certificate is not trusted.
        """
        try:
            async with asyncio.timeout(self._time_limit):
                self._kept.append(await self._connect())
        except (Gone, TimeoutError) as wrong:
            told = str(wrong) or f"no connection to {self.name} within {self._time_limit:g} s"
            raise TargetUnusable(f"{told}; start the upstream first, or name another by --upstream") from None

    async def __call__(self, request: Request) -> Reply:
        """Return the upstream's answer; a request is sent once, and never again."""
        is_sent = False
        try:
            async with asyncio.timeout(self._time_limit):
                reader, writer = await self._connection()
                is_sent = True
                try:
                    writer.write(write_request(request))
                    await writer.drain()
                    reply, keeps = await read_reply(reader, request.method)
                except BaseException:
                    writer.transport.abort()
                    raise
        except TimeoutError:
            raise Gone(f"no answer from {self.name} within {self._time_limit:g} s", is_sent=is_sent) from None
        except TooLarge:
            raise Gone(f"the answer from {self.name} is too large to be passed on", is_sent=True) from None
        except (OSError, h11.RemoteProtocolError) as wrong:
            raise Gone(f"no answer from {self.name}: {wrong}", is_sent=is_sent) from None
        if keeps and len(self._kept) < _IDLE:
            self._kept.append((reader, writer))
        else:
            writer.close()
        return reply

    async def close(self) -> None:
        """Close the connections that are kept."""
        for _, writer in self._kept:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        self._kept.clear()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._kept:
            reader, writer = self._kept.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await self._connect()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        except ssl.SSLCertVerificationError as wrong:
            told = f"the certificate of {self.name} is not trusted: {wrong.verify_message}"
            raise Gone(told, is_sent=False) from None
        except ssl.SSLError as wrong:
            raise Gone(f"no TLS connection to {self.name}: {wrong.reason}", is_sent=False) from None
        except (OSError, UnicodeError) as wrong:
            number = getattr(wrong, "errno", None)
            # asyncio's own text of a refusal repeats the address.
            why = os.strerror(number) if number is not None and number > 0 else str(wrong)
            raise Gone(f"no connection to {self.name}: {why}", is_sent=False) from None
