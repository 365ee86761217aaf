"""What `botoproof_endpoint` can be: the embedded endpoint of one test, or an endpoint at a URL that tests share."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ...contract.adapters.http import TIME_LIMIT
from ...contract.adapters.models import read_operation, read_operations
from ...contract.adapters.sdk import ClientSettings, as_request, make_client, make_session
from ...contract.case import Case
from ...contract.codec.signature import EXAMPLE_KEY, Credential
from ...contract.errors import BadConfiguration, TargetUnusable, close_names
from ...contract.exchange import Exchange
from ...contract.interaction import Reply, Request
from ...contract.outcome import Returned
from ...contract.services import find_specification
from ...contract.specification import Specification, StateRecipe
from ..campaign.judge import Judge, open_judge
from ..campaign.states import MAX_MADE, told
from ..campaign.targets import Target, is_amazon, usable_host
from ..choice import EMBEDDED, choose_target
from ..configuration import Configuration
from ..conformance import Endpoint
from ..embedded import EmbeddedService, UnknownState
from .knowledge import Knowledge


class LeftBehind(UserWarning):
    """Something that tests made at an endpoint could not be disposed of."""


class _Court:
    """Sends cases to one target with one client, and judges each by what was known before it left."""

    def __init__(self, specification: Specification, target: Target, job: Callable[[str], str]) -> None:
        """Prepare; the client is made for the first case.

        Args:
            specification: Of the service.
            target: Where to.
            job: Gives a resource in a provider state.
        """
        self._specification = specification
        self._target = target
        self._job = job
        self._judge: Judge | None = None
        self._states = frozenset(recipe.name for recipe in specification.states)
        self._ids: dict[str, str] = {}

    @property
    def judge(self) -> Judge:
        """What sends and judges."""
        if self._judge is None:
            self._judge = open_judge(self._specification, self._target)
        return self._judge

    def exchange(self, case: Case, knowledge: Knowledge) -> Exchange:
        """Send a case and return all that the checks look at."""
        read_operation(self._specification.service, case.operation)  # the complaint has the close names
        judge = self.judge
        try:
            judge.ids = {state: self._standing(state, knowledge) for state in sorted(case.references() & self._states)}
        except TargetUnusable as wrong:
            raise TargetUnusable(f"{wrong}; or leave the state out of the cases: cases(..., states=[...])") from None
        judge.world = knowledge.now.world
        return judge.exchange(case)

    def _standing(self, state: str, knowledge: Knowledge) -> str:
        """Return the resource that stands for a state in cases; another one once it has left that state."""
        known = self._ids.get(state)
        if known is None or knowledge.state_of(known) != state:
            known = self._ids[state] = self._job(state)
        return known

    def forget(self) -> None:
        """Let no resource stand for a state any more."""
        self._ids.clear()


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
        self._plain: Any = None
        self._court: _Court | None = None
        super().__init__(specification, world=world, credential=credential)

    def __repr__(self) -> str:
        return f"<the embedded endpoint of {self.service}>"

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        return self.specification.service

    def job(self, state: str) -> str:
        """Return the id of a resource in a provider state; see `EmbeddedService.job`."""
        resource_id = super().job(state)
        if self._knowledge.state_of(resource_id) != state:
            self._knowledge.learn(state, resource_id, datetime.now(UTC))
        return resource_id

    def exchange(self, case: Case) -> Exchange:
        """Send a case and return all that the checks look at."""
        if self._court is None:
            target = replace(self.target(), time_limit=self._time_limit)
            self._court = _Court(self.specification, target, self._for_cases)
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

    def _answer(self, request: Request, now: datetime) -> Reply:
        reply = super()._answer(request, now)
        self._knowledge.saw(request, reply, now)
        return reply

    def _connect(self, options: Mapping[str, Any]) -> Any:
        if options:
            return super()._connect(options)
        self._plain = self._plain or super()._connect(options)  # each state would have a client made for it
        return self._plain


class AtUrl:
    """An endpoint that somebody else keeps, and that all tests of a session share.

    What was made for one test and still stands as it did serves later ones.

    Attributes:
        specification: Of the service.
    """

    def __init__(self, specification: Specification, target: Target, allowed: int) -> None:
        """Take the endpoint.

        Args:
            specification: Of the service.
            target: Where it is.
            allowed: How many resources may be made there.
        """
        self.specification = specification
        self._target = target
        self._allowed = allowed
        self._court = _Court(specification, target, self.job)
        self._session = make_session(target.credential, target.region)
        operations = {operation.name: operation for operation in read_operations(specification.service)}
        self._knowledge = Knowledge(specification, operations, target.world)
        self._made: list[str] = []
        self._given_out: set[str] = set()
        self._clients: list[Any] = []

    def __repr__(self) -> str:
        return f"<the endpoint of {self.service} at {self.url}>"

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        return self.specification.service

    @property
    def url(self) -> str:
        """Where it is."""
        return self._target.url

    @property
    def world(self) -> Any:
        """What the configuration says that it holds."""
        return self._target.world

    def client(self, **config: Any) -> Any:
        """Return a real boto3 client of it, over the network; `config` are options of `botocore.config.Config`."""
        target = self._target
        options = {"retries": None, **config}  # None: the SDK's own default
        settings = ClientSettings(self.service, target.url, target.region, target.credential, options)
        client = make_client(settings, self._session)
        self._clients.append(client)
        events = client.meta.events
        events.register("before-parameter-build", _remember)
        events.register("after-call", self._after_call)
        if is_amazon(usable_host(target.url)):
            events.register_first("before-send", self._withhold)
        return client

    def _after_call(self, http_response: Any, parsed: Any, model: Any, context: Any, **_: Any) -> None:
        if http_response.status_code < 300:
            self._knowledge.saw_call(model.name, context.get(_PARAMETERS, {}), parsed, datetime.now(UTC))

    def _withhold(self, request: Any, **_: Any) -> None:
        if not self.specification.is_harmless(as_request(request)):
            raise TargetUnusable(
                f"the request was not sent to {self.url}: it could change something, and from tests nothing of the "
                "kind goes to a host of Amazon's"
            )

    def job(self, state: str) -> str:
        """Return the id of a resource in a provider state.

        One that no other call in this test has returned, unless only the keeper can bring the state about.

        Args:
            state: Its name, as ``[world.jobs]`` of the configuration writes it.

        Raises:
            UnknownState: There is no such state; the text offers close names.
            TargetUnusable: It cannot be had; the text names the state, the reason, and the configuration's key.
        """
        recipe = self._recipe(state)
        standing = self._knowledge.in_state(state)
        if not recipe.calls:
            if not standing:
                raise self._unavailable(state, f"no public operation brings about {recipe.sentence}")
            return standing[0]
        found = next((resource_id for resource_id in standing if resource_id not in self._given_out), None)
        if found is None:
            found = self._make(recipe)
        self._given_out.add(found)
        return found

    def _recipe(self, state: str) -> StateRecipe:
        for recipe in self.specification.states:
            if recipe.name == state:
                return recipe
        known = [recipe.name for recipe in self.specification.states]
        raise UnknownState(f"{self.service} has no provider state {state!r}; {close_names(state, known)}")

    def _unavailable(self, state: str, why: str) -> TargetUnusable:
        return TargetUnusable(
            f"the state {state!r} cannot be had at {self.url}: {why}; the configuration can name one that is there: "
            f'[world.jobs] {state} = ["..."]'
        )

    def _make(self, recipe: StateRecipe) -> str:
        if len(self._made) >= self._allowed:
            raise self._unavailable(
                recipe.name,
                f"tests make at most {MAX_MADE} in a session, and this process has made its {self._allowed}",
            )
        resource_id = ""
        for call in recipe.calls:
            parameters = self.specification.preparation(call, self._knowledge.now.world, resource_id)
            value = self._call(call, parameters, lambda why: self._unavailable(recipe.name, why))
            if not resource_id:
                resource_id = self.specification.resource_id(call, value) or ""
                if not resource_id:
                    raise self._unavailable(recipe.name, f"{call} returned no id")
                self._made.append(resource_id)
        return resource_id

    def _call(
        self, call: str, parameters: Mapping[str, Any], unavailable: Callable[[str], Exception]
    ) -> Mapping[str, Any]:
        judge = self._court.judge
        _, outcome = judge.caller.sdk.call(judge.operations[call], parameters)
        if not isinstance(outcome, Returned):
            raise unavailable(f"{call} {told(outcome)}")
        self._knowledge.saw_call(call, parameters, outcome.value, datetime.now(UTC))
        return outcome.value

    def exchange(self, case: Case) -> Exchange:
        """Send a case and return all that the checks look at."""
        exchange = self._court.exchange(case, self._knowledge)
        interaction = exchange.interaction
        if interaction is not None and interaction.reply is not None:
            made = self._knowledge.saw(interaction.request, interaction.reply, interaction.sent_at)
            if made:
                self._made.append(made)
        return exchange

    def reset(self) -> None:
        """Dispose of what `job` made for this test; whatever else the endpoint holds stays as it is."""
        for resource_id in self._given_out:
            if resource_id in self._made:
                self._dispose(resource_id)
        self._take_back()

    def close(self) -> None:
        """End a test: what was given out to it may serve the next, if it still stands as it did."""
        self._take_back()
        while self._clients:
            self._clients.pop().close()

    def _take_back(self) -> None:
        self._given_out.clear()
        self._court.forget()

    def dispose(self) -> list[str]:
        """End the session: dispose of everything that was made, and return what could not be, with the reason."""
        try:
            return [left for resource_id in self._made if (left := self._dispose(resource_id))]
        finally:
            self._made.clear()
            self.close()
            self._target.close()

    def _dispose(self, resource_id: str) -> str:
        call, parameters = self.specification.clean_up(resource_id)
        state = self._knowledge.state_of(resource_id)
        if any(recipe.name == state and recipe.calls[-1:] == (call,) for recipe in self.specification.states):
            return ""
        try:
            self._call(call, parameters, TargetUnusable)
        except TargetUnusable as wrong:
            return f"{resource_id} at {self.url} ({wrong})"
        return ""


_PARAMETERS = "botoproof.parameters"


def _remember(params: Any, context: Any, **_: Any) -> None:
    context[_PARAMETERS] = params


class Endpoints:
    """What a test session has opened."""

    def __init__(self, allowed: int) -> None:
        """Take how many resources may be made at each URL."""
        self._allowed = allowed
        self._shared: list[tuple[tuple[object, ...], AtUrl]] = []

    @classmethod
    def for_session(cls, config: pytest.Config) -> Endpoints:
        """Return those of a session; the workers of pytest-xdist divide among them what may be made."""
        worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        if worker is None:
            return cls(MAX_MADE)
        number, count = int(str(worker["workerid"]).removeprefix("gw")), int(worker["workercount"])
        return cls(MAX_MADE // count + (number % count < MAX_MADE % count))

    def open(self, service: str, configuration: Configuration, place: str) -> Endpoint:
        """Return an endpoint of its own for a test, or the shared one at a URL.

        Args:
            service: botocore's name of a service that has a specification.
            configuration: Describes its world.
            place: ``embedded`` or a URL.

        Raises:
            ToolkitError: It cannot be used; the text says why.
        """
        if configuration.service not in (None, service):
            raise BadConfiguration(
                f"the tests are about {service!r}, but the configuration is for {configuration.service!r}"
            )
        specification = find_specification(service)
        if place == EMBEDDED:
            credential = configuration.credential or EXAMPLE_KEY
            world = configuration.world_of(specification, credential)
            limit = configuration.time_limit or TIME_LIMIT
            return Embedded(specification, world=world, credential=credential, time_limit=limit)
        key = (service, configuration, place)
        for known, shared in self._shared:
            if known == key:
                return shared
        shared = AtUrl(specification, choose_target(specification, configuration, wish=place), self._allowed)
        self._shared.append((key, shared))
        return shared

    def close(self) -> None:
        """Dispose of what was made at URLs, and warn of what could not be."""
        left = [text for _, shared in self._shared for text in shared.dispose()]
        if left:
            warnings.warn(f"botoproof could not dispose of {'; '.join(left)}", LeftBehind, stacklevel=1)
