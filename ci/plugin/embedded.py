"""The embedded endpoint of one test: fresh, and put back between the examples of a property."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ...contract.adapters.http import TIME_LIMIT
from ...contract.case import Case
from ...contract.codec.signature import Credential
from ...contract.exchange import Exchange
from ...contract.interaction import Reply, Request
from ...contract.specification import Specification
from ..embedded import EmbeddedService
from .court import Court
from .knowledge import Knowledge


class Embedded(EmbeddedService):
    """The embedded endpoint of one test."""

    def __init__(
        self, specification: Specification, *, world: Any, credential: Credential, time_limit: float = TIME_LIMIT
    ) -> None:
        """Start an endpoint; nothing listens until `url` is asked for.

        Args:
            specification: Of the service.
            world: What the endpoint holds; a copy is taken.
            credential: One that the world knows.
            time_limit: Seconds for a reply to a case.
        """
        self._time_limit = time_limit
        self._court: Court | None = None
        super().__init__(specification, world=world, credential=credential)

    def __repr__(self) -> str:
        return f"<the embedded endpoint of {self.service}>"

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        return self.specification.service

    def job(self, state: str) -> str:
        """Return the id of a resource in a provider state; see `EmbeddedService.job`."""
        __tracebackhide__ = True
        resource_id = super().job(state)
        if self._knowledge.state_of(resource_id) != state:
            self._knowledge.learn(state, resource_id, datetime.now(UTC))
        return resource_id

    def states(self) -> Mapping[str, str]:
        """Return the provider state of each resource that is known at present, by its id."""
        return self._knowledge.now.states

    def exchange(self, case: Case) -> Exchange:
        """Send a case and return all that the checks look at."""
        if self._court is None:
            target = replace(self.target(), time_limit=self._time_limit)
            self._court = Court(self.specification, target, self._for_cases)
        return self._court.exchange(case, self._knowledge)

    def _for_cases(self, state: str) -> str:
        """Return a resource for cases: one put there at once, or made as `job` makes it where that one was used up."""
        if any(recipe.name == state and recipe.calls for recipe in self.specification.states):
            with self._lock:
                now = datetime.now(UTC)
                put = self._endpoint.provide(state, now)
            if self._knowledge.state_of(put) in (None, state):
                self._knowledge.learn(state, put, now)
                return put
        return self.job(state)

    def reset(self) -> None:
        """Put the endpoint back to its beginning; its URL and its clients stay good."""
        super().reset()
        self._begin(Knowledge(self.specification, self._operations, self._world))

    def _begin(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        if self._court is not None:
            self._court.forget()

    def keep(self) -> Callable[[], None]:
        """Return what puts the endpoint back to where it stands now, as often as it is called."""
        with self._lock:
            kept, known = self._copied(self._endpoint), self._knowledge.now

        def put_back() -> None:
            with self._lock:
                self._endpoint, self._knowledge.now = self._copied(kept), known
            self._begin(self._knowledge)

        return put_back

    def _copied(self, endpoint: Any) -> Any:
        # The model is the same for all copies, and large.
        return copy.deepcopy(endpoint, {id(self._operations): self._operations})

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to a request, and remember what it did."""
        reply = super().answer(request, now)
        self._knowledge.saw(request, reply, now)
        return reply
