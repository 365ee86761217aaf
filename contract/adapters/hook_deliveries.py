"""Requests and answers that go astray inside the process: twice, late, to the next one, or from before."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from ..faults.fault import Fault
from ..interaction import Reply

Sight = tuple[str, str, bytes]
"""By which two requests are equal: verb, URL and body; what is signed differs by the time."""


@dataclass(slots=True)
class Sending:
    """A request that can be sent, and the status of each answer to it; None where none was seen.

    Attributes:
        request: As botocore prepared it.
        send: Sends it as it would have been sent.
        served: What came of it, so far.
        note: For a reader: what else became of it.
    """

    request: AWSPreparedRequest
    send: Callable[[], AWSResponse]
    served: list[int | None] = field(default_factory=list[int | None])
    note: str = ""

    def passed_on(self) -> AWSResponse:
        """Send it, and return the answer as it came."""
        self.served.append(None)
        response = self.send()
        self.served[-1] = response.status_code
        return response

    def deliver(self) -> Reply:
        """Send it, and return the answer as data."""
        response = self.passed_on()
        return Reply(response.status_code, tuple(response.headers.items()), response.content)


class Deliveries:
    """What is under way between the clients of a plan and their services."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: defaultdict[Sight, list[Reply]] = defaultdict(list)
        self._left_over: WeakKeyDictionary[Any, Reply] = WeakKeyDictionary()
        self._held: list[tuple[Sending, Callable[[tuple[int | None, ...]], None]]] = []

    def exchange(self, sending: Sending, connection: Any) -> Reply:
        """Send a request, and return the answer that comes on its connection, which may be another's.

        Args:
            sending: The request.
            connection: What the client keeps its connections in.
        """
        reply = sending.deliver()
        with self._lock:
            self._answers[_sight(sending.request)].append(reply)
            left_over = self._left_over.pop(connection, None)
        self.release()
        if left_over is None:
            return reply
        sending.note = "got the answer that was left over"
        return left_over

    def astray(self, one: Fault, sending: Sending, connection: Any) -> Reply:
        """Return what the client gets where a ``duplicate``, ``stale`` or ``poison`` strikes."""
        reply = self.exchange(sending, connection)
        match one.kind:
            case "duplicate":
                for _ in range(int(one.number("times")) - 1):
                    sending.request.reset_stream()
                    reply = sending.deliver()
            case "stale":
                with self._lock:
                    answers = self._answers[_sight(sending.request)]
                    # Where there were fewer, the first one.
                    reply = answers[max(0, len(answers) - 1 - int(one.number("reads")))]
                    if len(answers) == 1:
                        sending.note = "there was no earlier answer"
            case "poison":
                with self._lock:
                    self._left_over[connection] = reply
            case _:
                raise ValueError(f"{one.kind} leaves no answer")
        return reply

    def hold(self, sending: Sending, told: Callable[[tuple[int | None, ...]], None]) -> None:
        """Keep a request back until after the next one; `told` is called with what came of it then."""
        with self._lock:
            self._held.append((sending, told))

    def release(self) -> None:
        """Send what was held back; whoever waited for an answer has gone."""
        with self._lock:
            held, self._held = self._held, []
        for sending, told in held:
            try:
                sending.deliver()
            except Exception:  # noqa: BLE001 - nobody is there to be told; the journal says that no answer was seen
                sending.served[-1:] = [None]
            told(tuple(sending.served))


def _sight(request: AWSPreparedRequest) -> Sight:
    body: Any = request.body
    if isinstance(body, str):
        body = body.encode("utf-8")
    # A body that is a stream was read when it was sent; requests that differ in it only are taken for equal.
    return str(request.method), str(request.url), bytes(body) if isinstance(body, (bytes, bytearray)) else b""
