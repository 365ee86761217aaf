"""A program: several requests about the same resources, before they are sent; and what came of them.

A program is plain data and holds no id: what one of its steps makes has a name, under which later steps refer to it by
`reference`, as cases refer to provider states. So the same program can be sent to any endpoint, and written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .case import Case
from .exchange import Exchange


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
        ids: The ids of what it refers to: provider states, and what it made.
        unread: The numbers of steps whose list went on after the last page that was asked for.
    """

    program: Program
    taken: tuple[Taken, ...]
    ids: Mapping[str, str]
    unread: tuple[int, ...] = ()
