"""Faults on the wire: a server on loopback that does to connections what its plans say.

Behind it stands an endpoint in this process, or any URL. What it writes are real bytes, resets and silences, so that
any SDK and any process meets them; what they make of it is theirs. It runs in a thread of its own and ends with its
context: no connection, port or thread outlives it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from ..faults.fault import Fault
from ..faults.journal import CallRecord
from ..faults.plan import Plan, Strike
from ..faults.plan_text import parse_plan
from ..faults.replies import check_for
from ..faults.script import CONNECTION_KINDS, check_wire_plan
from ..model import Operation
from ..recognise import recogniser
from .tls import Authority
from .wire_behind import Behind
from .wire_connection import Talk, Wire, strike_early
from .wire_deliveries import Deliveries
from .wire_journal import WireJournal
from .wire_plans import PlanInForce, Plans
from .wire_port import Port

T = TypeVar("T")

_CERTIFICATES = frozenset({"tls.self_signed", "tls.expired", "tls.wrong_host"})
_MODES = {"connect.refused": "refused", "connect.timeout": "full"}


class WireServer:
    """A server of faults. Use it as a context manager.

    Attributes:
        url: Where it listens.
        authority: Whose certificate a client must trust; None for plain HTTP.
        service: botocore's name of what is served.
        behind: What requests are passed on to.
        plans: What strikes; to be changed by `set_plan` and `clear_plans` only.
        journal: What came in.
        clock: Tells the time to plans and journal.
    """

    def __init__(
        self,
        operations: Iterable[Operation],
        behind: Behind,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        authority: Authority | None = None,
        told: Callable[[str], None] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Bind the port; it answers once entered.

        Args:
            operations: All of the service that is served.
            behind: What requests are passed on to.
            host: A loopback address.
            port: The port, or 0 for any free one.
            authority: Makes the server speak TLS.
            told: Told what goes wrong, in a sentence.
            sleep: Lets the time of latencies pass.
            clock: Tells the time to plans and journal.

        Raises:
            TargetUnusable: The address is not loopback, or the port is taken.
        """
        known = tuple(operations)
        self.service = known[0].service
        self.behind = behind
        self.authority = authority
        self._operations = {operation.name: operation for operation in known}
        self._port = Port(host, port)
        self._scheme = "http" if authority is None else "https"
        self.url = f"{self._scheme}://{self._port.place}"
        self.clock = clock
        self.plans = Plans(clock)
        self.journal = WireJournal(self.service, clock)
        self._wire = Wire(
            self.service,
            known,
            recogniser(known),
            self.plans,
            Deliveries(behind),
            self.journal,
            sleep,
            told or (lambda _: None),
        )
        self._accepted = 0
        self._talks: dict[asyncio.Task[None], Talk | None] = {}
        self._accepting: asyncio.Task[None] | None = None
        self._end: asyncio.TimerHandle | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="botoproof-wire", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        self.do(self._settle())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and close every connection."""
        self.close()

    def close(self) -> None:
        """Stop, and close every connection; once is enough."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            self.do(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
        self._port.close()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's own loop, and return what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def set_plan(
        self,
        plan: Plan | str,
        *,
        name: str = "plan",
        seed: int | None = None,
        ttl: float | None = None,
        max_strikes: int | None = None,
    ) -> PlanInForce:
        """Let a plan strike from here on, in the place of one of the same name.

        Args:
            plan: As data or as text.
            name: By which it is cleared and replaced.
            seed: Holds when the plan names none.
            ttl: Seconds after which it ends.
            max_strikes: Strikes after which it ends.

        Raises:
            BadPlan: It is none, or it cannot strike this service, or not from here.
        """
        return self.do(self.setting(plan, name=name, seed=seed, ttl=ttl, max_strikes=max_strikes))

    def clear_plans(self) -> None:
        """End all plans."""
        self.do(self.clearing(None))

    def calls(self) -> tuple[CallRecord, ...]:
        """Return the journal: the calls so far, with their attempts."""
        return self.journal.calls()

    async def setting(
        self, plan: Plan | str, *, name: str, seed: int | None, ttl: float | None, max_strikes: int | None
    ) -> PlanInForce:
        """Do what `set_plan` does, within the server's loop."""
        settled = self.settled(plan, seed)
        made = self.plans.set(name, settled, calls=self.journal.counts(), ttl=ttl, max_strikes=max_strikes)
        self._wire.struck_in_a_row = 0
        await self._settle()
        return made

    async def clearing(self, name: str | None) -> tuple[str, ...]:
        """End the plan of that name, or all, within the server's loop; return which there were.

        Requests that were held back until after the next one are delivered: there may be no next one.
        """
        names = self.plans.clear(name)
        await self._wire.deliveries.release()
        await self._settle()
        return names

    def settled(self, plan: Plan | str, seed: int | None = None) -> Plan:
        """Return a plan as checked against the service and the wire.

        Raises:
            BadPlan: It is none, or cannot strike here.
        """
        names = (*self._operations, *(f"{self.service}.{name}" for name in self._operations), f"{self.service}.*")

        def check(operation: str, one: Fault) -> None:
            name = operation.rpartition(".")[2]
            check_for(one, self._operations.get(name) or next(iter(self._operations.values())))

        found = parse_plan(str(plan), seed=seed, operations=names, check=check)
        check_wire_plan(found, tls=self.authority is not None)
        return found

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _settle(self) -> None:
        """Let port and connections be as the plans want them."""
        if self._end is not None:
            self._end.cancel()
            self._end = None
        kind = self.plans.port_kind()
        mode: Any = _MODES.get(kind or "", "open")
        self._wire.remembered = max(
            (
                int(one.number("reads"))
                for plan in self.plans.in_force()
                for rule in plan.plan.rules
                for step in rule.steps
                for one in step.faults
                if one.kind == "stale"
            ),
            default=0,
        )
        if mode != self._port.mode:
            await self._stop_accepting()
            self._port.set(mode)
        if self.plans.strikes_connections():
            # A connection that was made before would be struck by nothing.
            for task, talk in tuple(self._talks.items()):
                if talk is not None and talk.is_idle:
                    task.cancel()
        if mode == "open" and self._accepting is None:
            self._accepting = asyncio.create_task(self._accept())
        left = self.plans.next_end()
        if left is not None:
            # A little later than the end, so that it is over then.
            self._end = self._loop.call_later(left + 0.001, lambda: asyncio.ensure_future(self._settle()))

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            link, _ = await loop.sock_accept(self._port.socket)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.create_task(self._serve(link))
            self._talks[task] = None
            task.add_done_callback(self._talks.pop)

    async def _serve(self, link: socket.socket) -> None:
        number = self._accepted
        self._accepted += 1
        strike: Strike | None = None
        if self.plans.strikes_connections():
            strike = self.plans.strike_connection(self.service, number, self._wire.struck_in_a_row + 1)
        early = next((one for one in strike.faults if one.kind in CONNECTION_KINDS), None) if strike else None
        if early is not None:
            self._wire.struck_in_a_row += 1
            self.journal.connections[str(early)] += 1
            if early.kind not in _CERTIFICATES:
                await strike_early(early, link)
                return
        await self._talk(link, early.kind if early is not None else "")

    async def _talk(self, link: socket.socket, certificate: str) -> None:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        tls = self.authority.context(certificate) if self.authority is not None else None
        try:
            transport, _ = await self._loop.connect_accepted_socket(lambda: protocol, link, ssl=tls)
        except (OSError, TimeoutError):  # of which ssl.SSLError is one: the client does not want this certificate
            link.close()
            return
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        talk = Talk(self._wire, reader, writer, self._scheme)
        task = asyncio.current_task()
        if task is not None:
            self._talks[task] = talk
        await talk.run()

    async def _stop_accepting(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._accepting
            self._accepting = None

    async def _stop(self) -> None:
        if self._end is not None:
            self._end.cancel()
        await self._stop_accepting()
        self._port.close()
        for task in tuple(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._wire.deliveries.release()
        await self.behind.close()
