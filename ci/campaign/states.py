"""Provider states: brought about through public operations, and disposed of at the end of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ...contract.case import Call, Case, Form, Signing
from ...contract.checks import find
from ...contract.codec.query_request import write_request
from ...contract.errors import TargetUnusable
from ...contract.exchange import Exchange
from ...contract.interaction import Interaction
from ...contract.model import Operation
from ...contract.outcome import Broken, Outcome, Refused, RejectedBySdk, Returned
from ...contract.specification import StateRecipe
from .budget import Doubt, Made
from .events import LeftBehind, NotReached, SetUpFaulty, StatePrepared
from .judge import Judge

# In place of the id of what may have been made.
UNKNOWN = "(unknown)"
# Failures of the transport after which it is open whether an endpoint of any kind is there.
NOBODY_THERE = ("connect", "timeout", "closed", "not-http")


class States:
    """Makes the provider states of one run, and cleans up after it."""

    def __init__(self, judge: Judge) -> None:
        """Take the judge through whose client the calls are made; it knows of everything that was made."""
        self._judge = judge
        self._disposed = 0
        self._told: list[Doubt] = []
        self._replied = False

    def prepare(self, only: Collection[str] | None = None) -> Iterator[StatePrepared | NotReached | SetUpFaulty]:
        """Bring about every provider state that can be; the judge's ids and world grow accordingly.

        Args:
            only: The states to bring about; when None all of them, but for those that a case has for itself.

        Raises:
            TargetUnusable: The very first request got no reply at all.
        """
        target = self._judge.target
        for recipe in self._judge.specification.states:
            if recipe.used_up if only is None else recipe.name not in only:
                continue
            given = target.resources.get(recipe.name)
            if given is not None:
                self._know(recipe.name, given)
                yield StatePrepared(recipe.name, given, made=False)
            elif not recipe.calls:
                yield NotReached(
                    f"state {recipe.name}",
                    f"no public operation brings about {recipe.sentence}, and the configuration names none",
                )
            else:
                yield from self._make(recipe)

    def needed_by(self, case: Case) -> Iterator[StatePrepared | NotReached | SetUpFaulty]:
        """Bring about, anew, the states that `case` has for itself; see `forget`."""
        used_up = {recipe.name for recipe in self._judge.specification.states if recipe.used_up}
        yield from self.prepare(case.references() & used_up)

    def forget(self, case: Case) -> None:
        """Let no other case refer to what `case` had for itself."""
        for recipe in self._judge.specification.states:
            if recipe.used_up and recipe.name in case.references():
                self._judge.ids.pop(recipe.name, None)

    def _make(self, recipe: StateRecipe) -> Iterator[StatePrepared | NotReached | SetUpFaulty]:
        specification, resource_id = self._judge.specification, ""
        for call in recipe.calls:
            if not resource_id and self._judge.budget.is_used_up:
                yield _failed(recipe, self._judge.budget.why)
                return
            parameters = specification.preparation(call, self._judge.world, resource_id)
            exchange = self._judge.exchange(Case(call, Call(parameters), label=f"brings about {recipe.sentence}"))
            outcome = exchange.outcome
            self._require_somebody(exchange.interaction)
            yield from _faults(exchange)
            if not isinstance(outcome, Returned):
                yield _failed(recipe, f"{call} {told(outcome)}")
                return
            if not resource_id:
                made = specification.resource_id(call, outcome.value)
                if not made:
                    yield _failed(recipe, f"{call} returned no id")
                    return
                resource_id = made
        self._know(recipe.name, resource_id)
        yield StatePrepared(recipe.name, resource_id, made=True)

    def _know(self, state: str, resource_id: str) -> None:
        judge = self._judge
        judge.ids[state] = resource_id
        judge.world = judge.specification.with_resources(judge.world, {state: resource_id}, datetime.now(UTC))

    def _require_somebody(self, interaction: Interaction | None) -> None:
        failure = interaction.failure if interaction else None
        if failure is None or failure.kind not in NOBODY_THERE:
            self._replied = True
        elif not self._replied:
            raise TargetUnusable(
                f"the endpoint {self._judge.target.url} gave no reply to the first request ({failure.detail}); "
                "is it running, and is the address right?"
            )

    def dispose(self, *, hurried: bool = False) -> Iterator[LeftBehind | SetUpFaulty]:
        """Dispose of everything that the run made; what cannot be is told.

        Args:
            hurried: Whether replies are given less time than they should have, so that they are not judged.
        """
        judge = self._judge
        doubts = [doubt for doubt in judge.budget.doubts if doubt not in self._told]
        self._told += doubts
        for doubt in doubts:
            yield LeftBehind(UNKNOWN, doubted(doubt))
        made_so_far = judge.budget.made
        left = [made for made in made_so_far[self._disposed :] if not self._is_gone(made)]
        self._disposed = len(made_so_far)
        while left:
            made = left.pop()
            call, parameters = judge.specification.clean_up(made.resource_id)
            try:
                exchange = judge.exchange(_clean_up(judge.operations[call], parameters, made.key))
            except KeyboardInterrupt:
                for found in (made, *left):
                    yield LeftBehind(found.resource_id, f"{call} was interrupted")
                raise
            if not hurried:
                yield from _faults(exchange)
            if not isinstance(exchange.outcome, Returned):
                yield LeftBehind(made.resource_id, f"{call} {told(exchange.outcome)}")

    def _is_gone(self, made: Made) -> bool:
        return self._judge.specification.is_disposed_of(self._judge.world, made.resource_id)


def _clean_up(operation: Operation, parameters: Mapping[str, Any], key: str) -> Case:
    label = "disposes of what the run made"
    if key == "own":
        return Case(operation.name, Call(parameters), label=label)
    return Case(operation.name, Form(write_request(operation, parameters)), signing=Signing(key=key), label=label)


def _faults(exchange: Exchange) -> Iterator[SetUpFaulty]:
    findings = find(exchange)
    if findings:
        yield SetUpFaulty(exchange, findings)


def _failed(recipe: StateRecipe, why: str) -> NotReached:
    return NotReached(f"state {recipe.name}", why, failed=True)


def told(outcome: Outcome) -> str:
    """Return an outcome as the end of a sentence that begins with the operation."""
    match outcome:
        case Returned():
            return "succeeded"
        case Refused(code=code, message=message):
            return f"was refused with {code}: {message}"
        case RejectedBySdk(reports=reports):
            return f"was rejected by the SDK: {'; '.join(reports)}"
        case Broken(exception="withheld"):
            return "was withheld: it changes something, and writes to this host need --allow-writes"
        case Broken(exception="unaffordable", message=message):
            return f"was not sent: {message}"
        case Broken(exception="not-parsed", message=message):
            return f"was answered, but {message}"
        case Broken(exception=exception, message=message) if "." in exception:
            return f"gave a reply that boto3 cannot read ({exception.rpartition('.')[2]}: {message})"
        case Broken(exception=failure, message=message):
            return f"broke: {failure}: {message}"


def doubted(doubt: Doubt) -> str:
    """Return why nobody knows what a request has made, as a sentence."""
    match doubt.outcome:
        case None:
            came = "a request was interrupted before its reply came"
        case Returned():
            came = f"{doubt.operation} returned no id"
        case outcome:
            came = f"{doubt.operation} {told(outcome)}"
    return f"{came}; it may have made something"
