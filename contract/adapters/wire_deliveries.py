"""Requests and answers that go astray behind a server: twice, late, or from before."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ..faults.fault import Fault
from ..interaction import Reply, Request
from .wire_behind import Behind, Gone

Sight = tuple[str, str, bytes]
"""By which two requests are equal: verb, URL and body; what is signed differs by the time."""

_SIGHTS = 1000


@dataclass(slots=True)
class Delivery:
    """A request on its way, and the status of each answer to it; None where none was seen.

    Attributes:
        request: As it came.
        served: What came of it, so far.
        note: For a reader: what else became of it.
    """

    request: Request
    served: list[int | None] = field(default_factory=list[int | None])
    note: str = ""


class Deliveries:
    """What is under way between a server and what stands behind it. For one event loop."""

    def __init__(self, behind: Behind) -> None:
        """Take what requests are passed on to."""
        self._behind = behind
        self._answers: OrderedDict[Sight, list[Reply]] = OrderedDict()
        self._held: list[tuple[Delivery, Callable[[tuple[int | None, ...]], None]]] = []

    async def deliver(self, delivery: Delivery, *, remembered: int = 0) -> Reply:
        """Pass a request on, and return the answer; what was held back follows.

        Args:
            delivery: The request.
            remembered: How many earlier answers are kept, so that a later request can get one of them.

        Raises:
            Gone: There is no answer.
        """
        reply = await self._sent(delivery)
        if remembered:
            sight = _sight(delivery.request)
            answers = self._answers.setdefault(sight, [])
            self._answers.move_to_end(sight)
            answers.append(reply)
            del answers[: -remembered - 1]
            if len(self._answers) > _SIGHTS:
                self._answers.popitem(last=False)
        await self.release()
        return reply

    async def astray(self, one: Fault, delivery: Delivery, *, remembered: int = 0) -> Reply:
        """Return what the client gets where a ``duplicate``, ``stale`` or ``poison`` strikes.

        Raises:
            Gone: There is no answer.
        """
        stale = one.kind == "stale"
        reads = int(one.number("reads")) if stale else 0
        reply = await self.deliver(delivery, remembered=max(reads, remembered))
        if one.kind == "duplicate":
            for _ in range(int(one.number("times")) - 1):
                reply = await self._sent(delivery)
        if stale:
            answers = self._answers[_sight(delivery.request)]
            # Where there were fewer, the first one.
            reply = answers[max(0, len(answers) - 1 - reads)]
            if len(answers) == 1:
                delivery.note = "there was no earlier answer"
        return reply

    def hold(self, delivery: Delivery, told: Callable[[tuple[int | None, ...]], None]) -> None:
        """Keep a request back until after the next one; `told` is called with what came of it then."""
        self._held.append((delivery, told))

    async def release(self) -> None:
        """Send what was held back; whoever waited for an answer has gone."""
        held, self._held = self._held, []
        for delivery, told in held:
            with contextlib.suppress(Gone):  # nobody is there to be told; the journal says that no answer was seen
                await self._sent(delivery)
            told(tuple(delivery.served))

    async def _sent(self, delivery: Delivery) -> Reply:
        try:
            reply = await self._behind(delivery.request)
        except Gone as gone:
            if gone.is_sent:
                delivery.served.append(None)
            raise
        delivery.served.append(reply.status)
        return reply


def _sight(request: Request) -> Sight:
    return request.method, request.url, request.body
