"""Judges the cases of tests, each by what was known of the endpoint before it left."""

from __future__ import annotations

from collections.abc import Callable

from ...contract.adapters.models import read_operation
from ...contract.case import Case
from ...contract.errors import TargetUnusable
from ...contract.exchange import Exchange
from ...contract.specification import Specification
from ..campaign.budget import Budget
from ..campaign.judge import Judge, open_judge
from ..campaign.targets import Target
from .knowledge import Knowledge


class Court:
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

    @property
    def budget(self) -> Budget | None:
        """What was made through it so far; None before the first case."""
        return None if self._judge is None else self._judge.budget

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
