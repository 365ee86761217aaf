"""Strategies of a service, as campaigns find them: by the entry point group ``botoproof.strategies``."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from hypothesis.strategies import SearchStrategy

from ..contract.case import Case
from ..contract.codec.signature import Credential
from ..contract.errors import NoSpecification
from ..contract.model import Operation

GROUP = "botoproof.strategies"


class ServiceStrategies(Protocol):
    """What a service offers to random phases."""

    def cases(
        self, operation: Operation, *, world: Any, credential: Credential, states: Collection[str]
    ) -> SearchStrategy[Case]:
        """Return a strategy for cases of `operation`, valid and malformed, at all three levels.

        Args:
            operation: From the installed model.
            world: The specification's world: its era and buckets.
            credential: The one that signs.
            states: Provider states that can be referred to.
        """
        ...


@cache
def find_strategies(service: str) -> ServiceStrategies:
    """Return the strategies of `service`.

    Raises:
        NoSpecification: No installed distribution offers any.
    """
    for point in entry_points(group=GROUP):
        if point.name == service:
            return cast("ServiceStrategies", point.load())
    raise NoSpecification(f"botoproof has no strategies for the service {service!r}; the phase random cannot run")
