"""What is known about a service beyond its model, as the campaign and the plugin see it.

A distribution offers one by the entry point group ``botoproof.specifications``; ours comes in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .case import Case
from .codec.signature import Credential, Scope
from .expectation import Expectation
from .finding import FindingKind
from .interaction import Reply, Request
from .model import Operation
from .outcome import Outcome
from .program import Life
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Probe:
    """One request made on purpose, so that every rule, boundary and enum value is met on every run.

    Attributes:
        name: Stable, e.g. ``manifest.bucket.missing``.
        case: What to send.
        provokes: The documented error that it is meant for, or None for a success. For readers: the verdict comes
            from the request.
    """

    name: str
    case: Case
    provokes: str | None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A probe or provider state that cannot be had, and why.

    Attributes:
        what: Name of the probe or state; empty when no request is known to provoke the error.
        why: One sentence.
        error: The documented error that it was for, or None.
    """

    what: str
    why: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class StateRecipe:
    """How a provider state is brought about through public operations.

    Attributes:
        name: The state, as configuration writes it.
        sentence: As a reader writes it.
        calls: Operations to call in order; the first gives the id, each later one takes it. Empty when only the
            keeper of the endpoint can bring the state about.
        used_up: Whether what refers to it uses it up, so that it is made anew for each case that does.
    """

    name: str
    sentence: str
    calls: tuple[str, ...]
    used_up: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What configuration says about a service's world, as read from a file.

    Attributes:
        world: The table ``[world]``.
        credentials: The keys with which requests are signed, the first being the usual one.
        accounts: Keys of other accounts, by what the account is for.
    """

    credentials: tuple[Credential, ...]
    world: Mapping[str, Any] = field(default_factory=dict[str, Any])
    accounts: Mapping[str, Credential] = field(default_factory=dict[str, Credential])


class EmbeddedEndpoint(Protocol):
    """An executable specification."""

    @property
    def resources(self) -> Mapping[str, str]:
        """Return the id of a resource in each provider state that it holds, by state."""
        ...

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to `request` at `now`."""
        ...

    def provide(self, state: str, now: datetime) -> str:
        """Return the id of a resource in provider state `state`; one is put there when there is none."""
        ...

    def bookmark(self) -> Callable[[], None]:
        """Return what puts the endpoint back to how it stands now, as often as it is called."""
        ...


class Specification(Protocol):
    """What is known about a service beyond its model. Worlds are opaque to everyone else."""

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        ...

    @property
    def scope(self) -> Scope:
        """Region and signing name that the SDK signs with."""
        ...

    @property
    def namespaces(self) -> frozenset[str]:
        """XML namespaces that its documentation and model show."""
        ...

    @property
    def operations(self) -> tuple[str, ...]:
        """Operations for which there are rules and probes."""
        ...

    @property
    def subjects(self) -> tuple[str, ...]:
        """Operations that a run can take as its subject."""
        ...

    @property
    def states(self) -> tuple[StateRecipe, ...]:
        """Every provider state."""
        ...

    @property
    def kinds(self) -> tuple[FindingKind, ...]:
        """Kinds of findings that only this service's own properties report."""
        ...

    @property
    def accounts(self) -> Mapping[str, Credential]:
        """Keys of the accounts beside the usual one that an embedded endpoint knows, by what the account is for."""
        ...

    @property
    def life(self) -> Life | None:
        """What the service promises across several requests, or None when nothing of it is known."""
        ...

    def world(self, settings: Settings) -> Any:
        """Return the world that `settings` describe.

        Raises:
            BadConfiguration: A key or value is not understood; the text names it and offers close names.
        """
        ...

    def worlds(self, credentials: tuple[Credential, ...]) -> Mapping[str, Any]:
        """Return worlds by name, the usual one first, in one of which at least each rule can be broken.

        They differ in what the sources contradict each other about.
        """
        ...

    def without_quotas(self, world: Any) -> Any:
        """Return `world` as one whose own account may make as much as a run likes."""
        ...

    def with_resources(self, world: Any, ids: Mapping[str, str], now: datetime) -> Any:
        """Return `world` with a resource in each state of `ids`."""
        ...

    def configured_ids(self, world: Any) -> Mapping[str, str]:
        """Return the ids by state that configuration gave."""
        ...

    def endpoint(self, world: Any, operations: Mapping[str, Operation], now: datetime | None) -> EmbeddedEndpoint:
        """Return an embedded endpoint that holds `world`, and with `now` a resource in every provider state as well."""
        ...

    def table(self, world: Any) -> Mapping[str, Any]:
        """Return the table ``[world]`` from which `world` can be read back; what no public operation makes is named."""
        ...

    def expect(
        self, request: Request, *, world: Any, now: datetime, operations: Mapping[str, Operation]
    ) -> tuple[Operation | None, Expectation]:
        """Return the operation that a request names, and the outcomes that the contract allows for it."""
        ...

    def after(
        self, world: Any, request: Request, outcome: Outcome, *, now: datetime, operations: Mapping[str, Operation]
    ) -> Any:
        """Return the world after a request: what its sender was told to be done is taken to be done.

        Args:
            world: Before the request; not changed.
            request: As sent.
            outcome: What came of it.
            now: When it was sent.
            operations: The operations of the installed model, by name.
        """
        ...

    def probes(
        self, operation: str, world: Any, credentials: tuple[Credential, ...]
    ) -> tuple[Probe | Unreachable, ...]:
        """Return the table of probes for an operation."""
        ...

    def preparation(self, call: str, world: Any, resource_id: str) -> Mapping[str, Any]:
        """Return the parameters of a call of a `StateRecipe`; `resource_id` is empty for the first."""
        ...

    def resource_id(self, call: str, value: Mapping[str, Any]) -> str | None:
        """Return the id in the result of an operation that makes a resource; None for the other operations."""
        ...

    def is_disposed_of(self, world: Any, resource_id: str) -> bool:
        """Return whether `world` knows of a resource that nothing of it is left to be cleaned up."""
        ...

    def clean_up(self, resource_id: str) -> tuple[str, Mapping[str, Any]]:
        """Return the operation and parameters that dispose of a resource that a run made."""
        ...

    def is_harmless(self, request: Request) -> bool:
        """Return whether a request can change nothing, so that it may go to the real service."""
        ...

    def may_rehearse(self, request: Request) -> bool:
        """Return whether somebody may read a request as a rehearsal, so that its success need not make anything."""
        ...

    def may_make(self, request: Request) -> bool:
        """Return whether somebody may read a request as one to make a resource, or as the rehearsal of that."""
        ...

    def other_codes(self, world: Any) -> Mapping[str, int]:
        """Return codes, with HTTP status, that are documented for the service outside the model."""
        ...

    def status_of(self, code: str) -> int | None:
        """Return the HTTP status that documentation gives for a code, or None."""
        ...

    def rules(self, operation: str) -> tuple[Rule[Any], ...]:
        """Return the rules for an operation, for readers."""
        ...
