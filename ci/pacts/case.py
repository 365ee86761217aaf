"""One case of a consumer's test: a provider, in the state that is called for, that answers one operation in one way.

It takes whatever request deserves that answer by the contract, and nothing else: a consumer whose request would not be
answered so learns it, also where its code swallows what it is told.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

from ...contract.adapters.models import read_operation, read_operations
from ...contract.codec.form import read_form
from ...contract.codec.query_reply import write_error
from ...contract.codec.query_request import read_request
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration, close_names
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.services import find_specification
from ...contract.specification import Settings, Specification
from ..choice import choose_subjects
from ..configuration import Configuration
from ..reached import Reached
from .pact import Interaction
from .promised import Promised, promised_interactions
from .states import recipe_of
from .subject import allows, deserved, pairs_of

MISMATCH = "PactMismatch"
"""The code of the error that a request gets for which the case is not made."""

_SHOWN = 5


class PactMismatch(AssertionError):
    """The requests of a test are not those that its case is for; the text lists what came."""


class PactCase:
    """A provider that is made for one answer. Use it as a context manager.

    Attributes:
        operation: What it answers, as ``service.Operation``.
        error: The name of the error that it answers with, or None for a success.
        parameters: Of a request that deserves that answer; ids are of resources in the state that is called for.
        interaction: What is promised, as a pact has it.
        requests: How many requests it has answered so.
    """

    def __init__(
        self, specification: Specification, interaction: Interaction, error: str | None, world: Any, *, required: bool
    ) -> None:
        """Prepare it; nothing listens until `url` is asked for.

        Args:
            specification: Of the service.
            interaction: What is promised.
            error: The name of the error, or None.
            world: What the provider holds beside the resource in question.
            required: Whether it is a mismatch when no request comes.
        """
        self.interaction = interaction
        self.error = error
        self.requests = 0
        self._specification = specification
        self._operations: Mapping[str, Operation] = _operations(specification.service)
        pairs = pairs_of(interaction)
        self._operation = self._operations[dict(pairs)["Action"]]
        self.operation = str(self._operation)
        self.parameters: Mapping[str, Any] = read_request(self._operation, pairs).parameters
        self._states = {str(state.parameters["id"]): self._state(state.name) for state in interaction.states}
        self._world = world
        self._required = required
        self._code = next((one.code for one in self._operation.errors if one.name == error), error)
        self._mismatches: list[str] = []
        self._lock = threading.Lock()
        self._reached = Reached(specification, EXAMPLE_KEY, self.answer)

    def __repr__(self) -> str:
        return f"<the case {self.interaction.description!r}>"

    def __enter__(self) -> Self:
        """Return the case."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, and complain if requests came that the case is not for, or none at all.

        Raises:
            PactMismatch: Instead of whatever else the test ended with, which is its context.
        """
        __tracebackhide__ = True
        self._reached.close()
        if self._mismatches or error is None:
            self.check()

    def check(self) -> None:
        """Complain if requests came that the case is not for, or none at all.

        Raises:
            PactMismatch: They did; the text says what was expected and what came.
        """
        __tracebackhide__ = True
        with self._lock:
            told = [*dict.fromkeys(self._mismatches)]
        if not told and self._required and not self.requests:
            told = ["no request came"]
        if told:
            more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
            lines = "".join(f"\n  {line}" for line in (*told[:_SHOWN], *more))
            given = " and ".join(state.name for state in self.interaction.states)
            wanted = f"a request {self.operation} that {_outcome(self.error)}{f', given {given}' if given else ''}"
            raise PactMismatch(f"botoproof: the case is for {wanted}{lines}")

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        return self._specification.service

    @property
    def url(self) -> str:
        """Where it listens on loopback; requests are signed by AWS's published example key."""
        return self._reached.url

    def client(self, **config: Any) -> Any:
        """Return a real boto3 client of it, without a socket.

        Args:
            config: Options of `botocore.config.Config`, e.g. ``retries={"total_max_attempts": 1}``.
        """
        return self._reached.client(**config)

    def states(self) -> Mapping[str, str]:
        """Return the provider state of the resource that it is about, by its id."""
        return self._states

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to a request: the promised one, or a refusal for what the case is not for."""
        world = self._specification.with_resources(self._world, {name: one for one, name in self._states.items()}, now)
        operation, expected = self._specification.expect(request, world=world, now=now, operations=self._operations)
        if operation is None or operation.name != self._operation.name:
            named = dict(read_form(request.body).pairs).get("Action", "no operation")
            return self._mismatched(f"the request was one of {named}")
        if not allows(expected, self._code):
            why = "; ".join(dict.fromkeys(violation.reason for violation in expected.violations))
            return self._mismatched(f"the request deserves {deserved(expected)}{f' ({why})' if why else ''}")
        with self._lock:
            self.requests += 1
        message = self.interaction.reply
        return Reply(self.interaction.status, message.headers, (message.body or "").encode())

    def _mismatched(self, why: str) -> Reply:
        with self._lock:
            self._mismatches.append(why)
        return write_error(MISMATCH, why, request_id="", namespace=self._operation.namespace)

    def _state(self, sentence: str) -> str:
        recipe = recipe_of(self._specification, sentence)
        return recipe.name if recipe else sentence


def pact_case(subject: str, error: str | None = None, *, world: Any = None, required: bool = True) -> PactCase:
    """Return a provider that answers one operation in one way, for one test.

    Args:
        subject: The operation, as ``service.Operation``.
        error: The name of a documented error, e.g. ``ExpiredJobIdException``; None for a success.
        world: What the provider holds, as the specification has it; the embedded endpoint's own by default.
        required: Whether it is a mismatch when no request comes.

    Raises:
        ToolkitError: There is no such operation or error, or nobody knows which request deserves it.

    >>> with pact_case("importexport.CancelJob") as case:
    ...     case.client().cancel_job(**case.parameters)["Success"]
    True
    """
    specification, names = choose_subjects([subject], None)
    if "." not in subject:
        raise BadConfiguration(f"{subject!r} names no operation; {close_names(f'{subject}.', _named(specification))}")
    operation = read_operation(specification.service, names[0])
    errors = [one.name for one in operation.errors]
    if error is not None and error not in errors:
        raise BadConfiguration(f"{operation} has no documented error {error!r}; {close_names(error, errors)}")
    if world is None:
        promised = _promised(specification.service, operation.name)
        world = _usual_world(specification)
    else:
        promised = promised_interactions(specification, operation.name, _operations(specification.service), world)
    for one in promised.interactions:
        if one.references["AWS"].get("Error") == error:
            return PactCase(specification, one, error, world, required=required)
    why = next((one.why for one in promised.left_out if one.error == error), "no request is known that is answered so")
    raise BadConfiguration(
        f"there is no case of {operation} that {f'fails with {error}' if error else 'succeeds'}: {why}"
    )


def _outcome(error: str | None) -> str:
    return f"fails with {error}" if error else "succeeds"


def world_of(configuration: Configuration, subject: str) -> Any:
    """Return the world that a configuration describes for a subject's service, or None when it describes none.

    Raises:
        ToolkitError: The service is unknown, or does not understand the description.
    """
    if not configuration.world:
        return None
    specification = choose_subjects([subject], configuration.service)[0]
    return configuration.world_of(specification, EXAMPLE_KEY, specification.accounts)


def _named(specification: Specification) -> list[str]:
    return [f"{specification.service}.{name}" for name in specification.subjects]


def _usual_world(specification: Specification) -> Any:
    return specification.world(Settings((EXAMPLE_KEY,), {}, specification.accounts))


@lru_cache(maxsize=8)
def _operations(service: str) -> Mapping[str, Operation]:
    return {operation.name: operation for operation in read_operations(service)}


@lru_cache(maxsize=32)
def _promised(service: str, operation: str) -> Promised:
    return promised_interactions(find_specification(service), operation, _operations(service))
