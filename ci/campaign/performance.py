"""Carries out a program on one target: sends its cases, asks for the pages of lists, and remembers what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...contract.adapters.caller import Caller
from ...contract.case import Call, Case
from ...contract.checks import find
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.outcome import Returned
from ...contract.program import Life, Program, Taken, Trace
from .budget import UNAFFORDABLE
from .judge import Judge
from .plan import MAX_PAGES


class Withheld(Exception):
    """A case was not sent, since it could have changed something where that is not allowed."""


class Unaffordable(Exception):
    """A case was not sent, since the run has made what it may make."""


_UNSENT: Mapping[str, type[Exception]] = {"withheld": Withheld, UNAFFORDABLE: Unaffordable}


@dataclass
class Performer:
    """Carries out programs on the target of one judge.

    Attributes:
        judge: Sends and judges.
        life: Knows how the next page of a list is asked for.
        max_pages: So many pages of one list are asked for at most.
    """

    judge: Judge
    life: Life
    max_pages: int = MAX_PAGES
    _others: list[Caller] = field(default_factory=list[Caller])

    def callers(self, count: int) -> tuple[Caller, ...]:
        """Return so many callers, which can send at the same time; they are kept for the next time."""
        while len(self._others) < count - 1:
            self._others.append(self.judge.another_caller())
        return (self.judge.caller, *self._others[: count - 1])

    @contextmanager
    def begin(self, program: Program) -> Iterator[Performance]:
        """Yield a performance that has not begun; afterwards what it made is disposed of, and its names are forgotten.

        What cannot be disposed of, also since somebody interrupted the run, is left to the end of the run.
        """
        judge = self.judge
        put_back = judge.target.bookmark() if judge.target.bookmark is not None else None
        world, ids, count, doubts = judge.world, dict(judge.ids), len(judge.budget.made), list(judge.budget.doubts)
        try:
            yield Performance(self, program)
            if put_back is None:
                self._dispose(count)
        finally:
            judge.ids = ids
            if put_back is not None:
                put_back()
                judge.world = world
                del judge.budget.made[count:]
                judge.budget.doubts[:] = doubts

    def _dispose(self, count: int) -> None:
        judge = self.judge
        for made in judge.budget.made[count:]:
            if not judge.specification.is_disposed_of(judge.world, made.resource_id):
                operation, parameters = judge.specification.clean_up(made.resource_id)
                judge.exchange(Case(operation, Call(parameters), "clean up"))


@dataclass
class Performance:
    """One program on its way.

    Attributes:
        performer: Carries it out.
        program: What to do.
        taken: What was done so far.
        unread: Steps whose list went on after the last page that was asked for.
        unmade: The name of what a step was to make and did not, so that the program ended there; or empty.
    """

    performer: Performer
    program: Program
    taken: list[Taken] = field(default_factory=list[Taken])
    unread: list[int] = field(default_factory=list[int])
    unmade: str = ""

    def carry_out(self, each: Callable[[Exchange], None]) -> None:
        """Carry out the program.

        Args:
            each: Called for every exchange; what it raises ends the program.

        Raises:
            Withheld: The target does not take what the program sends.
            Unaffordable: It would make more than the run may make.
        """
        for number, step in enumerate(self.program.steps):
            if step.together:
                callers = self.performer.callers(len(step.cases))
                together = self.performer.judge.exchanges_together(step.cases, callers)
                for place, exchange in enumerate(together):
                    self._note(Taken(number, place, step.cases[place], exchange), each)
                continue
            for place, case in enumerate(step.cases):
                exchange = self._send(number, place, case, each)
                if step.makes and place == 0 and not self._made(step.makes, exchange):
                    self.unmade = step.makes
                    return
                if step.paged and place == len(step.cases) - 1:
                    self._turn_pages(number, place, case, exchange, each)

    def trace(self) -> Trace:
        """Return what came of the program so far."""
        ids = dict(self.performer.judge.ids)
        return Trace(self.program, tuple(self.taken), ids, tuple(self.unread), self.unmade)

    def _send(self, number: int, place: int, case: Case, each: Callable[[Exchange], None]) -> Exchange:
        exchange = self.performer.judge.exchange(case)
        self._note(Taken(number, place, case, exchange), each)
        return exchange

    def _note(self, taken: Taken, each: Callable[[Exchange], None]) -> None:
        interaction = taken.exchange.interaction
        failure = interaction.failure if interaction is not None else None
        if failure is not None and failure.kind in _UNSENT:
            raise _UNSENT[failure.kind]
        self.taken.append(taken)
        each(taken.exchange)

    def _made(self, name: str, exchange: Exchange) -> bool:
        outcome, judge = exchange.outcome, self.performer.judge
        if not isinstance(outcome, Returned):
            return False
        found = judge.specification.resource_id(exchange.operation.name, outcome.value)
        if found:
            judge.ids[name] = found
        return bool(found)

    def _turn_pages(
        self, number: int, place: int, case: Case, exchange: Exchange, each: Callable[[Exchange], None]
    ) -> None:
        pages, following = 1, self._next_page(case, exchange)
        while following is not None:
            if pages >= self.performer.max_pages:
                self.unread.append(number)
                return
            exchange = self._send(number, place, following, each)
            pages, following = pages + 1, self._next_page(following, exchange)

    def _next_page(self, case: Case, exchange: Exchange) -> Case | None:
        outcome = exchange.outcome
        return self.performer.life.next_page(case, outcome.value) if isinstance(outcome, Returned) else None


def judged(trace: Trace, life: Life) -> Iterator[tuple[Exchange, tuple[Finding, ...], Program]]:
    """Yield every exchange of a trace, what is wrong with it, and the program up to it."""
    departures = list(life.departures(trace))
    for at, taken in enumerate(trace.taken):
        broken = (departure.finding for departure in departures if departure.at == at)
        yield taken.exchange, (*find(taken.exchange), *broken), trace.program.until(taken.step, taken.number)
