"""One connection to a server of faults, from its first byte to its end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import h11

from ..faults.fault import Fault
from ..faults.plan import Strike
from ..faults.replies import answer
from ..faults.script import Pause, Say, Script, script_for
from ..interaction import Reply, Request
from ..model import Operation
from ..recognise import Recogniser
from .wire_behind import Gone
from .wire_deliveries import Deliveries, Delivery
from .wire_http import MAX_BODY, RequestReader, TooLarge
from .wire_journal import WireJournal
from .wire_plans import Plans

UNRECOGNISED = "?"
"""Stands for the operation of a request that is for none that is known."""

_LINGER = 5.0
"""Seconds in which a client may go on writing to a connection that is closed in its midst."""

_RST = struct.pack("ii", 1, 0)
"""Of SO_LINGER: closing sends a RST at once."""


@dataclass(slots=True)
class Wire:
    """What all connections of one server share.

    Attributes:
        service: botocore's name.
        operations: Those of the service; the first stands for one that is not recognised, whose errors are alike.
        recognise: Tells the operation of a request.
        plans: What strikes.
        deliveries: What stands behind.
        journal: What came of all.
        sleep: Lets time pass.
        told: Told what went wrong, in a sentence.
        struck_in_a_row: How many connections were struck since the last request that came through.
        remembered: How many earlier answers are to be kept.
    """

    service: str
    operations: tuple[Operation, ...]
    recognise: Recogniser
    plans: Plans
    deliveries: Deliveries
    journal: WireJournal
    sleep: Callable[[float], Awaitable[object]]
    told: Callable[[str], None]
    struck_in_a_row: int = 0
    remembered: int = 0


class Talk:
    """The requests of one connection, and what is said to them."""

    def __init__(self, wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        """Take a connection on which the client may speak."""
        self._wire = wire
        self._reader = reader
        self._writer = writer
        self._requests = RequestReader(reader, writer, scheme)
        self._left_over = b""
        self.is_idle = True
        # `drain` then waits until all is with the kernel, so that what comes before a RST or a cut has left. asyncio's
        # TLS pauses from the limit on, its sockets beyond it: with 0, TLS would wait for ever.
        writer.transport.set_write_buffer_limits(high=1 if scheme == "https" else 0, low=0)

    async def run(self) -> None:
        """Answer until the connection ends."""
        try:
            while await self._requests.begun():
                self.is_idle = False
                if self._left_over:
                    self._writer.write(self._left_over)
                    self._left_over = b""
                request = await self._requests.next()
                if request is None or not await self._turn(request):
                    return
                self.is_idle = True
        except TooLarge:
            with contextlib.suppress(OSError):
                self._writer.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            self._wire.told(f"a request is larger than {MAX_BODY} bytes, and was refused")
        except (OSError, h11.RemoteProtocolError):
            return  # the client went away, or does not speak HTTP: nobody is left to tell
        except asyncio.CancelledError:
            self._writer.transport.abort()  # TLS would wait for the client's good-bye
            raise
        finally:
            await self._close()

    async def _turn(self, request: Request) -> bool:
        """Answer one request; return whether the connection goes on."""
        wire = self._wire
        wire.struck_in_a_row = 0
        operation = wire.recognise(request)
        arrival = wire.journal.arrive(request, operation.name if operation is not None else UNRECOGNISED)
        strike = wire.plans.strike(wire.service, arrival.operation, arrival.call, arrival.attempt)
        delivery = Delivery(request)
        reply: Reply | None
        try:
            reply = await self._served(strike, delivery, operation or wire.operations[0])
        except Gone as gone:
            wire.told(str(gone))
            delivery.note, strike = str(gone), None
            reply = _bad_gateway(str(gone))
        if strike is not None and any(one.kind == "reorder" for one in strike.faults):
            delivery.note = "held until after the next"
            wire.deliveries.hold(Delivery(request), lambda served: wire.journal.served_late(arrival, served))
        script = script_for(reply, strike, head_only=request.method == "HEAD")
        wire.journal.decided(arrival, strike, delivery, script, reply)
        try:
            return await self._play(script)
        finally:
            wire.journal.over(arrival)

    async def _served(self, strike: Strike | None, delivery: Delivery, operation: Operation) -> Reply | None:
        """Let the service see what it sees of a request, and return the answer as it is before it is spoilt."""
        deliveries, remembered = self._wire.deliveries, self._wire.remembered
        if strike is None:
            return await deliveries.deliver(delivery, remembered=remembered)
        reply = None
        astray = next((one for one in strike.faults if one.described.effect == "delivery"), None)
        if astray is not None:
            return (
                None if astray.kind == "reorder" else await deliveries.astray(astray, delivery, remembered=remembered)
            )
        if strike.when == "post":
            reply = await deliveries.deliver(delivery, remembered=remembered)
        return _answered(strike.faults, operation, reply)

    async def _play(self, script: Script) -> bool:
        """Do what a script says; return whether the connection goes on."""
        writer = self._writer
        for step in script.steps:
            match step:
                case Say(data):
                    writer.write(data)
                    await writer.drain()
                case Pause(seconds):
                    await self._wire.sleep(seconds)
        match script.ending:
            case "reset":
                self._reset()
                return False
            case "cut":
                writer.transport.abort()
                return False
            case "stall":
                await _ignored(self._reader)
                return False
            case "reset_on_next":
                if await self._requests.begun():
                    self._reset()
                return False
            case "close":
                return False
            case _:
                self._left_over = script.left_over
                return not self._requests.says_close and not self._wire.plans.strikes_connections()

    def _reset(self) -> None:
        link = self._writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        self._writer.transport.abort()

    async def _close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), _LINGER)


async def strike_early(one: Fault, link: socket.socket) -> None:
    """Let a fault strike a connection on which nothing was said yet, and end it.

    Args:
        one: A fault of a connection.
        link: The socket, not blocking; it is closed.
    """
    loop = asyncio.get_running_loop()
    try:
        if one.kind.startswith("tls."):
            await loop.sock_recv(link, 65536)  # the client's hello
        if one.kind == "tls.plain":
            await loop.sock_sendall(link, _PLAIN)
        if one.kind == "tls.hang":
            while await loop.sock_recv(link, 65536):
                continue
        if one.kind.startswith("reset.") or one.kind == "tls.reset":
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        else:
            link.shutdown(socket.SHUT_WR)
            # Closing with bytes unread would send a RST in the FIN's place.
            async with asyncio.timeout(_LINGER):
                while await loop.sock_recv(link, 65536):
                    continue
    except (OSError, TimeoutError):
        return  # the client has gone
    finally:
        link.close()


_PLAIN = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 31\r\nConnection: close\r\n\r\n"
    b"This endpoint speaks plain HTTP"
)


async def _ignored(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        continue


def _answered(faults: tuple[Fault, ...], operation: Operation, reply: Reply | None) -> Reply | None:
    for one in faults:
        if one.described.effect == "reply":
            reply = answer(one, operation, datetime.now(UTC))
    return reply


def _bad_gateway(text: str) -> Reply:
    body = f"botoproof: {text}\n".encode()
    return Reply(502, (("Content-Type", "text/plain"), ("Content-Length", str(len(body)))), body)
