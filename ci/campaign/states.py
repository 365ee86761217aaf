"""Provider states: brought about through public operations, and disposed of at the end of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from ...contract.case import Case
from ...contract.errors import TargetUnusable
from ...contract.interaction import Interaction
from ...contract.outcome import Broken, Outcome, Refused, RejectedBySdk, Returned
from ...contract.specification import StateRecipe
from .budget import Made
from .events import LeftBehind, NotReached, StatePrepared
from .judge import Judge

# Failures of the transport after which it is open whether an endpoint of any kind is there.
NOBODY_THERE = ("connect", "timeout", "closed", "not-http")


class States:
    """Makes the provider states of one run, and cleans up after it."""

    def __init__(self, judge: Judge) -> None:
        """Take the judge through whose client the calls are made; it knows of everything that was made."""
        self._judge = judge
        self._disposed = 0
        self._replied = False

    def prepare(self, only: Collection[str] | None = None) -> Iterator[StatePrepared | NotReached]:
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
                yield self._make(recipe)

    def needed_by(self, case: Case) -> Iterator[StatePrepared | NotReached]:
        """Bring about, anew, the states that `case` has for itself; see `forget`."""
        used_up = {recipe.name for recipe in self._judge.specification.states if recipe.used_up}
        yield from self.prepare(case.references() & used_up)

    def forget(self, case: Case) -> None:
        """Let no other case refer to what `case` had for itself."""
        for recipe in self._judge.specification.states:
            if recipe.used_up and recipe.name in case.references():
                self._judge.ids.pop(recipe.name, None)

    def _make(self, recipe: StateRecipe) -> StatePrepared | NotReached:
        specification, resource_id = self._judge.specification, ""
        for call in recipe.calls:
            if not resource_id and self._judge.budget.is_used_up:
                return _failed(recipe, self._judge.budget.why)
            parameters = specification.preparation(call, self._judge.world, resource_id)
            interaction, outcome = self._judge.caller.sdk.call(self._judge.operations[call], parameters)
            self._require_somebody(interaction)
            if not isinstance(outcome, Returned):
                return _failed(recipe, f"{call} {told(outcome)}")
            if not resource_id:
                made = specification.resource_id(call, outcome.value)
                if not made:
                    return _failed(recipe, f"{call} returned no id")
                resource_id = made
                self._judge.budget.made.append(Made(resource_id))
        self._know(recipe.name, resource_id)
        return StatePrepared(recipe.name, resource_id, made=True)

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

    def dispose(self) -> Iterator[LeftBehind]:
        """Dispose of everything that the run made; what cannot be is told."""
        judge = self._judge
        made_so_far = judge.budget.made
        left = [made for made in made_so_far[self._disposed :] if not self._is_gone(made)]
        self._disposed = len(made_so_far)
        while left:
            made = left.pop()
            call, parameters = judge.specification.clean_up(made.resource_id)
            try:
                _, outcome = judge.call(call, parameters, key=made.key)
            except KeyboardInterrupt:
                for found in (made, *left):
                    yield LeftBehind(found.resource_id, f"{call} was interrupted")
                raise
            if not isinstance(outcome, Returned):
                yield LeftBehind(made.resource_id, f"{call} {told(outcome)}")

    def _is_gone(self, made: Made) -> bool:
        return self._judge.specification.is_disposed_of(self._judge.world, made.resource_id)


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
