"""A program: several requests about the same resources, before they are sent; and what came of them.

A program is plain data and holds no id: what one of its steps makes has a name, under which later steps refer to it by
`reference`, as cases refer to provider states. So the same program can be sent to any endpoint, and written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .case import Case
from .exchange import Exchange
from .finding import Finding


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a program does.

    Attributes:
        cases: What to send, one after the other unless `together`.
        makes: The name of the resource that the first case makes, e.g. ``job-1``; empty when it makes none.
        together: Whether as many clients as there are cases send one each, at the same time.
        paged: Whether the last case asks for a list, whose further pages are asked for until there are no more.
    """

    cases: tuple[Case, ...]
    makes: str = ""
    together: bool = False
    paged: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """Steps that are taken in order.

    Attributes:
        steps: At least one.
    """

    steps: tuple[Step, ...]

    @property
    def makes(self) -> tuple[str, ...]:
        """The names of what it makes, in order."""
        return tuple(step.makes for step in self.steps if step.makes)

    def references(self) -> frozenset[str]:
        """Return the provider states whose ids the program needs; what it makes itself is not among them."""
        every = frozenset(name for step in self.steps for case in step.cases for name in case.references())
        return every - frozenset(self.makes)

    def until(self, step: int, case: int) -> Program:
        """Return the program without what follows a case; what is sent together stays together.

        Args:
            step: The number of its step.
            case: Its number within the step.
        """
        last = self.steps[step]
        kept = last.cases if last.together else last.cases[: case + 1]
        return Program((*self.steps[:step], replace(last, cases=kept, paged=last.paged and kept == last.cases)))

    def tail(self, count: int) -> Program:
        """Return the last `count` steps, and before them those that make what these refer to."""
        last = self.steps[-count:]
        needed = {name for step in last for case in step.cases for name in case.references()}
        making = tuple(step for step in self.steps[:-count] if step.makes in needed)
        return Program((*making, *last))

    def without(self, number: int) -> Program | None:
        """Return the program without a step; None where others refer to what it makes, and without the only one."""
        rest = (*self.steps[:number], *self.steps[number + 1 :])
        made = self.steps[number].makes
        is_needed = any(made in case.references() for step in rest for case in step.cases)
        return None if not rest or (made and is_needed) else Program(rest)

    def without_case(self, number: int, place: int) -> Program | None:
        """Return the program without a case of a step; None where it makes what the step is there to make.

        What is left of two cases that were sent together is sent alone.

        Args:
            number: The number of the step.
            place: The number of the case within it.
        """
        step = self.steps[number]
        if len(step.cases) == 1 or (step.makes and place == 0):
            return None
        left = (*step.cases[:place], *step.cases[place + 1 :])
        is_last = place == len(step.cases) - 1
        changed = replace(step, cases=left, together=step.together and len(left) > 1, paged=step.paged and not is_last)
        return Program((*self.steps[:number], changed, *self.steps[number + 1 :]))


@dataclass(frozen=True, slots=True)
class Taken:
    """A case of a program after it was sent.

    Attributes:
        step: The number of its step, from 0.
        number: Its number within the step, from 0; the further pages of a list have that of the first.
        case: As the program has it; that of a further page asks for this page.
        exchange: What was sent and what came.
    """

    step: int
    number: int
    case: Case
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Trace:
    """What came of a program.

    Attributes:
        program: As it was to be carried out.
        taken: In the order of the program; of what was sent together, in the order of the cases.
        ids: The ids of what it refers to, by name: provider states, and what it made.
        unread: The numbers of steps whose list went on after the last page that was asked for.
        unmade: The name of what a step was to make and did not, so that the program ended there; or empty.
    """

    program: Program
    taken: tuple[Taken, ...]
    ids: Mapping[str, str]
    unread: tuple[int, ...] = ()
    unmade: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """A promise that a program saw broken.

    Attributes:
        finding: Which, and how.
        at: The place in `Trace.taken` of the case that shows it.
    """

    finding: Finding
    at: int


class Life(Protocol):
    """What a service promises across several requests."""

    @property
    def changes(self) -> frozenset[str]:
        """Operations that change something: what is promised is worth a look when one of them is a subject."""
        ...

    @property
    def survey(self) -> Case | None:
        """A harmless case whose reply tells what is there already, page by page; None where there is none."""
        ...

    def next_page(self, case: Case, value: Mapping[str, Any]) -> Case | None:
        """Return the case that asks for the next page of a list, or None after the last page.

        Args:
            case: That asked for the page before.
            value: What the SDK returned for it.
        """
        ...

    def departures(self, trace: Trace) -> Iterator[Departure]:
        """Yield every promise that a program saw broken, in the order in which it was seen."""
        ...
