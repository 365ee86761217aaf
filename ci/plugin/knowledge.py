"""What is known of an endpoint's resources from outside: what configuration says, and what requests did since."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...contract.codec.form import read_form
from ...contract.codec.query_reading import read_reply
from ...contract.codec.query_request import read_request
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.specification import Specification, StateRecipe

_ANY_ID = "~any~"


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at one moment.

    Attributes:
        world: As the specification has it, with every resource seen so far.
        states: The provider state of each resource, by id, in the order in which they were seen.
    """

    world: Any
    states: Mapping[str, str] = field(default_factory=dict[str, str])


class Knowledge:
    """Keeps the specification's world in step with successful requests, so that later ones are judged by it.

    Only the operations by which the specification brings provider states about are understood: no other changes a
    state. Safe for several threads.

    Attributes:
        now: What is known at present.
    """

    def __init__(self, specification: Specification, operations: Mapping[str, Operation], world: Any) -> None:
        """Begin with a world.

        Args:
            specification: Of the service.
            operations: The operations of the installed model, by name.
            world: What the endpoint is said to hold.
        """
        given = {resource_id: state for state, resource_id in specification.configured_ids(world).items()}
        self.now = Known(world, given)
        self._specification = specification
        self._operations = operations
        self._lock = threading.Lock()
        self._telling = tuple(
            call.encode() for call in {call for recipe in specification.states for call in recipe.calls}
        )

    def state_of(self, resource_id: str) -> str | None:
        """Return the provider state of a resource, or None when nothing is known of it."""
        return self.now.states.get(resource_id)

    def in_state(self, state: str) -> list[str]:
        """Return the ids of the resources in a provider state, the one known longest first."""
        return [resource_id for resource_id, known in self.now.states.items() if known == state]

    def learn(self, state: str, resource_id: str, at: datetime) -> None:
        """Take note that a resource is in a provider state."""
        with self._lock:
            world = self._specification.with_resources(self.now.world, {state: resource_id}, at)
            self.now = Known(world, {**self.now.states, resource_id: state})

    def saw(self, request: Request, reply: Reply, at: datetime) -> str | None:
        """Take note of what a request did, as far as the wire shows it; return the id of a resource that it made."""
        if not 200 <= reply.status < 300 or not any(
            name in request.body or name in request.url.encode("utf-8", "replace") for name in self._telling
        ):
            return None
        pairs = read_form(request.query.encode("utf-8", "surrogatepass")).pairs + read_form(request.body).pairs
        operation = self._operations.get(dict(pairs).get("Action", ""))
        if operation is None:
            return None
        value = read_reply(operation, reply).value
        if value is None:
            return None
        return self.saw_call(operation.name, read_request(operation, pairs).parameters, value, at)

    def saw_call(
        self, operation: str, parameters: Mapping[str, Any], value: Mapping[str, Any], at: datetime
    ) -> str | None:
        """Take note of what a successful call did; return the id of a resource that it made."""
        for recipe in self._specification.states:
            if recipe.calls == (operation,):
                made = self._specification.resource_id(operation, value)
                if made:
                    self.learn(recipe.name, made, at)
                return made
            if len(recipe.calls) > 1 and recipe.calls[-1] == operation:
                changed = parameters.get(self._id_member(recipe))
                if isinstance(changed, str):
                    self.learn(recipe.name, self._spelling(changed), at)
                return None
        return None

    def _id_member(self, recipe: StateRecipe) -> str:
        """Return the parameter of the recipe's last call that takes the id."""
        parameters = self._specification.preparation(recipe.calls[-1], self.now.world, _ANY_ID)
        return next((name for name, value in parameters.items() if value == _ANY_ID), "")

    def _spelling(self, resource_id: str) -> str:
        """Return an id as it was first seen; a service may compare ids without case."""
        same = (known for known in self.now.states if known.casefold() == resource_id.casefold())
        return resource_id if resource_id in self.now.states else next(same, resource_id)
