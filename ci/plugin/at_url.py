"""An endpoint at a URL, which the tests of a session share: polite, and tidied up at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...contract.adapters.models import read_operations
from ...contract.adapters.sdk import ClientSettings, as_request, make_client, make_session
from ...contract.case import Call, Case
from ...contract.errors import TargetUnusable
from ...contract.exchange import Exchange
from ...contract.outcome import Returned
from ...contract.specification import Specification, StateRecipe
from ..campaign.budget import MAX_MADE
from ..campaign.states import doubted, told
from ..campaign.targets import Target, is_amazon, usable_host
from ..embedded import state_recipe
from .court import Court
from .knowledge import Knowledge


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
        self._court = Court(specification, target, self.job)
        self._session = make_session(target.credential, target.region)
        operations = {operation.name: operation for operation in read_operations(specification.service)}
        self._knowledge = Knowledge(specification, operations, target.world)
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
        __tracebackhide__ = True
        recipe = state_recipe(self.specification, state)
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

    def _unavailable(self, state: str, why: str) -> TargetUnusable:
        return TargetUnusable(
            f"the state {state!r} cannot be had at {self.url}: {why}; the configuration can name one that is there: "
            f'[world.jobs] {state} = ["..."]'
        )

    def _make(self, recipe: StateRecipe) -> str:
        __tracebackhide__ = True
        budget = self._court.judge.budget
        if len(budget.made) + len(budget.doubts) >= self._allowed:
            raise self._unavailable(
                recipe.name,
                f"tests make at most {MAX_MADE} in a session, and this process has made its {self._allowed}",
            )
        resource_id = ""
        for call in recipe.calls:
            parameters = self.specification.preparation(call, self._knowledge.now.world, resource_id)
            outcome = self.exchange(Case(call, Call(parameters))).outcome
            if not isinstance(outcome, Returned):
                raise self._unavailable(recipe.name, f"{call} {told(outcome)}")
            if not resource_id:
                resource_id = self.specification.resource_id(call, outcome.value) or ""
                if not resource_id:
                    raise self._unavailable(recipe.name, f"{call} returned no id")
        return resource_id

    def exchange(self, case: Case) -> Exchange:
        """Send a case and return all that the checks look at."""
        exchange = self._court.exchange(case, self._knowledge)
        interaction = exchange.interaction
        if interaction is not None and interaction.reply is not None:
            self._knowledge.saw(interaction.request, interaction.reply, interaction.sent_at)
        return exchange

    def states(self) -> Mapping[str, str]:
        """Return the provider state of each resource that is known at present, by its id."""
        return self._knowledge.now.states

    def reset(self) -> None:
        """Dispose of what `job` made for this test; whatever else the endpoint holds stays as it is."""
        for resource_id in self._given_out:
            if resource_id in self._made():
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
        budget = self._court.budget
        try:
            left = [left for resource_id in self._made() if (left := self._dispose(resource_id))]
            doubts = budget.doubts if budget else []
            return [*left, *(f"what has no known id at {self.url} ({doubted(doubt)})" for doubt in doubts)]
        finally:
            if budget is not None:
                budget.made.clear()
                budget.doubts.clear()
            self.close()
            self._target.close()

    def _made(self) -> list[str]:
        return [made.resource_id for made in self._court.budget.made] if self._court.budget else []

    def _dispose(self, resource_id: str) -> str:
        call, parameters = self.specification.clean_up(resource_id)
        state = self._knowledge.state_of(resource_id)
        if any(recipe.name == state and recipe.calls[-1:] == (call,) for recipe in self.specification.states):
            return ""
        outcome = self.exchange(Case(call, Call(parameters))).outcome
        return "" if isinstance(outcome, Returned) else f"{resource_id} at {self.url} ({call} {told(outcome)})"


_PARAMETERS = "botoproof.parameters"


def _remember(params: Any, context: Any, **_: Any) -> None:
    context[_PARAMETERS] = params
