"""Where a run took place, as far as a reproducer must know, and how its resources come into being again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from ...contract.adapters.http import TIME_LIMIT
from ...contract.case import Call, Case, Form, Parse, Raw, reference
from ...contract.codec.signature import EXAMPLE_KEY, Credential, Scope
from ...contract.exchange import Exchange
from ...contract.finding import Evidence
from ...contract.model import Operation
from ...contract.outcome import Returned
from ...contract.specification import Specification
from ..campaign.judge import Judge
from ..configuration import Configuration


@dataclass(frozen=True, slots=True)
class Step:
    """One call by which a provider state is brought about or disposed of.

    Attributes:
        operation: Its name.
        parameters: Its parameters.
        member: The member of its result that holds the id of what it made; empty for a later call.
    """

    operation: str
    parameters: Mapping[str, Any]
    member: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a run took place.

    Attributes:
        specification: Of the service.
        operations: The operations of the installed model, by name.
        world: What the specification knows of the endpoint's world.
        table: The table ``[world]`` as configured; empty for the specification's own.
        url: The endpoint, or empty for the embedded one.
        scope: Region and signing name.
        published: Whether AWS's example key will do; otherwise a reproducer takes what the usual AWS chain finds.
        states: Ids by provider state.
        given: The states whose ids outlast the run, since the run did not make them.
        evidence: Findings on weaker evidence are notes.
        time_limit: Seconds for a reply.
        allow_writes: Whether writes to a host of Amazon's were allowed.
        accounts: Keys of other accounts, by what the account is for.
        spent: The states of which a case itself disposes.
    """

    specification: Specification
    operations: Mapping[str, Operation]
    world: Any
    table: Mapping[str, Any]
    url: str
    scope: Scope
    published: bool
    states: Mapping[str, str]
    given: frozenset[str]
    evidence: Evidence = Evidence.OBSERVED
    time_limit: float = TIME_LIMIT
    allow_writes: bool = False
    accounts: Mapping[str, Credential] = field(default_factory=dict[str, Credential], repr=False)
    spent: frozenset[str] = frozenset()

    def of(self, exchange: Exchange) -> Scene:
        """Return the scene of one exchange: with what its case had for itself, and with the account that signed it."""
        own = {recipe.name for recipe in self.specification.states if recipe.used_up}
        disposes = {self.specification.clean_up(found)[0] for found in exchange.used.values()}
        spent = exchange.case.operation in disposes and isinstance(exchange.outcome, Returned)
        key = exchange.case.signing.key
        return replace(
            self,
            states={**self.states, **{state: found for state, found in exchange.used.items() if state in own}},
            accounts={key: self.accounts[key]} if key in self.accounts else {},
            spent=frozenset(exchange.used) if spent else frozenset(),
        )

    def used(self, case: Case) -> dict[str, str]:
        """Return the ids by provider state that `case` mentions."""
        return {state: found for state, found in self.states.items() if _mentions(case.sent, found)}

    def making(self, state: str) -> Iterator[Step]:
        """Yield the calls that bring a provider state about; they refer to the resource by this run's id."""
        recipe = next(recipe for recipe in self.specification.states if recipe.name == state)
        found = self.states[state]
        for number, call in enumerate(recipe.calls):
            parameters = self.specification.preparation(call, self.world, found if number else "")
            yield Step(call, parameters, "" if number else self.id_member(call))

    def disposing(self, state: str) -> Step | None:
        """Return the call that disposes of the resource in a provider state, or None where nothing is left to do."""
        recipe = next(recipe for recipe in self.specification.states if recipe.name == state)
        if len(recipe.calls) != 1 or state in self.spent:
            return None
        return Step(*self.specification.clean_up(self.states[state]))

    def id_member(self, call: str) -> str:
        """Return the member that holds the id in the result of a call that makes a resource."""
        found = "any id"
        shape = self.operations[call].output_shape
        members = cast("list[str]", list(shape.members)) if shape is not None else []
        return next(member for member in members if self.specification.resource_id(call, {member: found}) == found)


def scene_of(
    judge: Judge,
    configuration: Configuration,
    *,
    states: Mapping[str, str],
    evidence: Evidence = Evidence.OBSERVED,
    allow_writes: bool = False,
) -> Scene:
    """Return the scene of a run.

    Args:
        judge: Sent its cases.
        configuration: Described its world.
        states: Ids by provider state, as the run had them.
        evidence: Findings on weaker evidence are notes.
        allow_writes: Whether writes to a host of Amazon's were allowed.
    """
    target = judge.target
    return Scene(
        specification=judge.specification,
        operations=judge.operations,
        world=judge.world,
        table=configuration.world,
        url=target.url if target.kind == "url" else "",
        scope=target.scope,
        published=target.kind != "url" or target.credential == EXAMPLE_KEY,
        states=states,
        given=frozenset(target.resources),
        evidence=evidence,
        time_limit=target.time_limit,
        allow_writes=allow_writes,
        accounts=target.accounts,
    )


def unresolved(case: Case, used: Mapping[str, str]) -> Case:
    """Return `case` with each id in `used` put back to the placeholder of its state."""
    match case.sent:
        case Call(parameters=parameters):
            sent: Call | Form | Raw | Parse = Call(_put_back(parameters, used))
        case Form(pairs=pairs, query=query):
            sent = replace(case.sent, pairs=_put_back(pairs, used), query=_put_back(query, used))
        case Raw(body=body):
            sent = replace(case.sent, body=_put_back(body.decode("latin-1"), used).encode("latin-1"))
        case Parse():
            sent = case.sent
    return replace(case, sent=sent, label="")


def _put_back(value: Any, used: Mapping[str, str]) -> Any:
    match value:
        case str():
            for state, found in used.items():
                value = value.replace(found, reference(state))
            return value
        case Mapping():
            return {key: _put_back(item, used) for key, item in value.items()}
        case tuple():
            return tuple(_put_back(item, used) for item in value)
        case list():
            return [_put_back(item, used) for item in value]
        case _:
            return value


def _mentions(sent: Call | Form | Raw | Parse, found: str) -> bool:
    match sent:
        case Call(parameters=parameters):
            return found in repr(parameters)
        case Form(pairs=pairs, query=query):
            return any(found in value for _, value in (*pairs, *query))
        case Raw(body=body):
            return found.encode() in body
        case Parse():
            return False
