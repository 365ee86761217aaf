"""What lets plans strike the client of a subject, and the one that does so inside the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from ...contract.adapters.embedded import EmbeddedTransport
from ...contract.adapters.hook import inject
from ...contract.adapters.sdk import Sdk
from ...contract.adapters.virtual_time import VirtualClock
from ...contract.faults.journal import CallRecord
from ...contract.faults.plan import Plan
from ..campaign.targets import EMBEDDED_URL
from .client import open_client
from .subject import Subject


@dataclass(frozen=True, slots=True)
class Struck:
    """A plan at work.

    Attributes:
        passed: Returns the seconds that have passed, but for the waits between attempts.
        journal: Returns what it has done.
    """

    passed: Callable[[], float]
    journal: Callable[[], tuple[CallRecord, ...]]


class Engine(Protocol):
    """Lets plans strike a client."""

    @property
    def client(self) -> Any:
        """The client, wired to the endpoint of a subject."""
        ...

    def struck_by(self, plan: Plan) -> AbstractContextManager[Struck]:
        """Let a plan strike for the duration."""
        ...


class Hook:
    """The engine inside the process."""

    def __init__(self, subject: Subject, mode: str) -> None:
        """Make a client of a subject's endpoint, in a retry mode."""
        service = subject.service
        region = service.specification.scope.region
        self.client = open_client(service.specification.service, region, service.credential, EMBEDDED_URL, mode=mode)
        Sdk(self.client, EmbeddedTransport(subject.answer))

    @contextmanager
    def struck_by(self, plan: Plan) -> Iterator[Struck]:
        """Let a plan strike the client."""
        clock = VirtualClock()
        with inject(self.client, plan, clock=clock) as injection:
            yield Struck(lambda: clock.elapsed, injection.calls)
