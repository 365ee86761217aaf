"""How a difference fares over the releases on the way: with which one it came, and whether it stayed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from .change import Change

Place = tuple[str, str, str, str, str]
"""Depth, rule, service, operation and path; what is old or new there may differ from release to release."""


class State(Enum):
    """What is known of a place in one release, compared with the release from which the way begins."""

    THERE = "there"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of releases in which a difference is there.

    Attributes:
        first: The first release that is known to have it.
        after: The last one before, known not to have it; where that is not the one right before, what lies between is
            unknown.
        gone: The first one after that is known not to have it any more; empty when the last release of all has it.
    """

    first: str
    after: str
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a difference on the way.

    Attributes:
        change: The difference.
        spans: Where it is there, in the order of the releases.
        searched: Whether it was searched for by bisection, which sees one of several comings.
    """

    change: Change
    spans: tuple[Span, ...]
    searched: bool = False

    @property
    def stays(self) -> bool:
        """Whether the last release has it."""
        return not self.spans[-1].gone


def place_of(change: Change) -> Place:
    """Return by what a change is known again in another release."""
    return change.depth.value, change.rule, change.service, change.operation, change.path


def spans_of(releases: Sequence[str], states: Sequence[State]) -> tuple[Span, ...]:
    """Return the stretches in which a difference is there.

    Args:
        releases: Those on the way, beginning with the one that everything is compared with.
        states: What is known of the difference in each, absent in the first.

    >>> A, T, U = State.ABSENT, State.THERE, State.UNKNOWN
    >>> spans_of(["1", "2", "3", "4", "5"], [A, U, T, A, T])
    (Span(first='3', after='1', gone='4'), Span(first='5', after='4', gone=''))
    """
    spans = list[Span]()
    after, first = releases[0], ""
    for release, state in zip(releases, states, strict=True):
        if state is State.THERE and not first:
            first = release
        elif state is State.ABSENT:
            if first:
                spans.append(Span(first, after, release))
            after, first = release, ""
    if first:
        spans.append(Span(first, after))
    return tuple(spans)


Ask = Callable[[int, Collection[Place]], Collection[Place] | None]
"""Returns those of some places that differ in a release, by its number; None when that is unknown."""


def search(releases: Sequence[str], wanted: Mapping[Place, Change], ask: Ask) -> Iterator[Course]:
    """Yield with which release each difference came, asking as few releases as that takes.

    Args:
        releases: Those on the way, beginning with the one that everything is compared with.
        wanted: What differs in the last release.
        ask: Looks at one of those between.
    """
    yield from _search(releases, wanted, 0, len(releases) - 1, ask, set())


def _search(
    releases: Sequence[str], wanted: Mapping[Place, Change], low: int, high: int, ask: Ask, unknown: set[int]
) -> Iterator[Course]:
    if not wanted:
        return
    middle = (low + high) / 2
    between = sorted(set(range(low + 1, high)) - unknown, key=lambda one: (abs(one - middle), one))
    for number in between:
        found = ask(number, wanted.keys())
        if found is None:
            unknown.add(number)
            continue
        here = {place: change for place, change in wanted.items() if place in found}
        later = {place: change for place, change in wanted.items() if place not in found}
        yield from _search(releases, here, low, number, ask, unknown)
        yield from _search(releases, later, number, high, ask, unknown)
        return
    for change in wanted.values():
        yield Course(change, (Span(releases[high], releases[low]),), searched=True)
