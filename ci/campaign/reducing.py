"""Programs made shorter: since they are data, what is not needed to show a finding can simply be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...contract.program import Program

# With so many of its last steps, and those that make what these need, a long program is tried first.
TAILS = (1, 2, 4)


def tails(program: Program) -> Iterator[Program]:
    """Yield the ends of a program, the shortest first and the whole program last."""
    for count in TAILS:
        if count < len(program.steps):
            yield program.tail(count)
    yield program


def shorter_programs(shortest: Callable[[], Program]) -> Iterator[Program]:
    """Yield programs that lack something of the shortest one that shows the finding.

    First one step at a time, then one case at a time, from the last to the first: what makes something can go only
    after what needs it. Each is shorter than those before that showed the finding.

    Args:
        shortest: Gives the shortest program so far, which ends with what shows the finding; asked for each attempt.
    """
    for number in reversed(range(len(shortest().steps) - 1)):
        without = shortest().without(number)
        if without is not None:
            yield without
    for number in reversed(range(len(shortest().steps))):
        for place in reversed(range(len(shortest().steps[number].cases))):
            without = shortest().without_case(number, place)
            if without is not None:
                yield without
