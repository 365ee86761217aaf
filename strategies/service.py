"""Strategies of a service, as campaigns find them: by the entry point group ``botoproof.strategies``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.strategies import SearchStrategy

from ..contract.adapters.models import read_operation
from ..contract.case import Case
from ..contract.codec.signature import EXAMPLE_KEY, Credential
from ..contract.errors import NoSpecification
from ..contract.model import Operation
from ..contract.program import Program
from ..contract.services import find_specification
from ..contract.specification import Settings

GROUP = "botoproof.strategies"
Lifecycle = Callable[[Callable[[Program], None]], type[RuleBasedStateMachine]]
"""Gives the state machine that hands each program it draws to a function.

What it draws must not depend on what came of a program: a seed gives the same programs on every target.
"""


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

    def programs(self, *, world: Any, states: Collection[str]) -> Lifecycle | None:
        """Return what draws programs of several requests, or None for a service without any.

        Args:
            world: The specification's world.
            states: Provider states that can be referred to.
        """
        ...

    def plainer(self, smallest: Callable[[], Program], *, world: Any) -> Iterator[Program]:
        """Yield programs in which one request submits the plainest that there is.

        Args:
            smallest: Gives the smallest program so far, of steps that `programs` has drawn; asked for each attempt.
            world: The specification's world.
        """
        ...

    def variants(self, program: Program, *, world: Any) -> SearchStrategy[Program]:
        """Return a strategy for programs of the same steps that submit something else, the simplest first.

        Args:
            program: One that `programs` has drawn, or a part of one.
            world: The specification's world.
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


def cases(subject: str, *, world: Any = None, states: Collection[str] | None = None) -> SearchStrategy[Case]:
    """Return a strategy for cases of an operation: valid and malformed, as parameters, form pairs and bytes.

    Args:
        subject: ``service.Operation``, e.g. ``importexport.UpdateJob``.
        world: The specification's world, for its era and buckets; by default that of the embedded endpoint.
        states: Provider states that cases may refer to; by default every one of the specification.

    Raises:
        UnknownService: The installed botocore has no such service.
        UnknownOperation: The service has no such operation.
        NoSpecification: There are no strategies for the service.
    """
    service, _, name = subject.partition(".")
    operation = read_operation(service, name)
    specification = find_specification(service)
    if world is None:
        world = specification.world(Settings((EXAMPLE_KEY,)))
    if states is None:
        states = tuple(state.name for state in specification.states)
    return find_strategies(service).cases(operation, world=world, credential=EXAMPLE_KEY, states=states)
