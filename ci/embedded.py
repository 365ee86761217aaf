"""The embedded endpoint of a service, ready for tests and snippets: by a real boto3 client, or by a URL on loopback."""

from __future__ import annotations

import copy
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from ..contract.adapters.embedded import EmbeddedTransport
from ..contract.adapters.http import TIME_LIMIT
from ..contract.adapters.models import read_operations
from ..contract.adapters.sdk import Sdk
from ..contract.codec.signature import EXAMPLE_KEY, Credential
from ..contract.errors import TargetUnusable, ToolkitError, close_names
from ..contract.interaction import Reply, Request
from ..contract.outcome import Returned
from ..contract.services import find_specification
from ..contract.specification import EmbeddedEndpoint, Settings, Specification, StateRecipe
from .campaign.states import told
from .campaign.targets import EMBEDDED_URL, Target
from .reached import Reached


class UnknownState(ToolkitError):
    """The specification has no provider state of that name."""


class EmbeddedService:
    """An endpoint in this process that answers as the contract says. Use it as a context manager.

    It begins with what its world holds, and nothing else; a resource comes into being when a request or `job` makes it.

    Attributes:
        specification: Of the service.
        credential: One that the endpoint knows; clients sign with it.
    """

    def __init__(self, specification: Specification, *, world: Any, credential: Credential) -> None:
        """Start an endpoint; nothing listens until `url` is asked for.

        Args:
            specification: Of the service.
            world: What the endpoint holds; a copy is taken.
            credential: One that the world knows.
        """
        self.specification = specification
        self.credential = credential
        self._operations = {operation.name: operation for operation in read_operations(specification.service)}
        self._given = copy.deepcopy(world)
        self._lock = threading.Lock()
        self._reached = Reached(specification, credential, lambda request, now: self.answer(request, now))
        self._maker: Sdk | None = None
        self.reset()

    def __enter__(self) -> Self:
        """Return the endpoint."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()

    @property
    def world(self) -> Any:
        """What the endpoint was given to hold: credentials, buckets and the like, as the specification has them."""
        return self._world

    @property
    def url(self) -> str:
        """Where the endpoint listens on loopback; it starts to when this is first asked for."""
        return self._reached.url

    def client(self, **config: Any) -> Any:
        """Return a real boto3 client whose requests go to this endpoint without a socket.

        Validation, serialiser, signer, parser and retries are the SDK's own.

        Args:
            config: Options of `botocore.config.Config`, e.g. ``retries={"total_max_attempts": 1}``.
        """
        return self._reached.client(**config)

    def target(self) -> Target:
        """Return this endpoint as the target of a judge; it knows no resource yet."""
        return Target(
            kind="embedded",
            url=EMBEDDED_URL,
            transport=EmbeddedTransport(self.answer),
            region=self.specification.scope.region,
            scope=self.specification.scope,
            credential=self.credential,
            world=self._given,
            resources={},
            time_limit=TIME_LIMIT,
            close=lambda: None,
        )

    def job(self, state: str) -> str:
        """Return the id of a resource in a provider state.

        It is made through public operations, anew with each call, where there are any that bring the state about;
        otherwise the endpoint is given one.

        Args:
            state: Its name, as ``[world.jobs]`` of the configuration writes it.

        Raises:
            UnknownState: There is no such state; the text offers close names.
            TargetUnusable: The endpoint refused to make it, e.g. since a quota is used up.
        """
        __tracebackhide__ = True
        recipe = state_recipe(self.specification, state)
        if not recipe.calls:
            configured = self.specification.configured_ids(self._given).get(state)
            with self._lock:
                return configured or self._endpoint.provide(state, datetime.now(UTC))
        return self._make(state, recipe.calls)

    resource = job

    def reset(self) -> None:
        """Put the endpoint back to its beginning; its URL and its clients stay good."""
        self._world = copy.deepcopy(self._given)
        self._endpoint: EmbeddedEndpoint = self.specification.endpoint(self._world, self._operations, None)

    def close(self) -> None:
        """Stop listening; clients in this process go on working."""
        self._reached.close()

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to a request at time `now`; safe from several threads."""
        with self._lock:
            return self._endpoint.answer(request, now)

    def _make(self, state: str, calls: tuple[str, ...]) -> str:
        __tracebackhide__ = True
        sdk = self._maker = self._maker or self._reached.connect({})
        resource_id = ""
        for call in calls:
            parameters = self.specification.preparation(call, self._world, resource_id)
            _, outcome = sdk.call(self._operations[call], parameters)
            if not isinstance(outcome, Returned):
                raise TargetUnusable(f"the state {state} cannot be brought about: {call} {told(outcome)}")
            resource_id = resource_id or self.specification.resource_id(call, outcome.value) or ""
        return resource_id


def state_recipe(specification: Specification, state: str) -> StateRecipe:
    """Return how a provider state is brought about.

    Raises:
        UnknownState: There is no such state; the text offers close names.
    """
    __tracebackhide__ = True
    for recipe in specification.states:
        if recipe.name == state:
            return recipe
    known = [recipe.name for recipe in specification.states]
    raise UnknownState(f"{specification.service} has no provider state {state!r}; {close_names(state, known)}")


def open_embedded(service: str, *, world: Any = None, settings: Settings | None = None) -> EmbeddedService:
    """Return the embedded endpoint of a service.

    Args:
        service: botocore's name of a service that has a specification.
        world: What the endpoint holds, as the specification has it; by default what `settings` say.
        settings: Credentials and the table ``[world]`` as configuration gives them; by default AWS's published example
            key and the specification's own world.

    Raises:
        NoSpecification: There is no specification for the service.
        BadConfiguration: The settings describe no world.

    >>> with open_embedded("importexport") as endpoint:
    ...     endpoint.client().cancel_job(JobId=endpoint.job("pending"))["Success"]
    True
    """
    specification = find_specification(service)
    settings = settings or Settings((EXAMPLE_KEY,))
    if world is None:
        world = specification.world(settings)
    return EmbeddedService(specification, world=world, credential=settings.credentials[0])
