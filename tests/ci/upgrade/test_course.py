from __future__ import annotations

from collections.abc import Collection

import pytest
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.course import Course, Place, Span, State, place_of, search, spans_of
from botoproof.ci.upgrade.rule import Depth, Side

RELEASES = tuple(f"1.0.{number}" for number in range(20))
A, T, U = State.ABSENT, State.THERE, State.UNKNOWN


def change(path: str, new: str = "b") -> Change:
    return Change("header-changed", "planted", "Plant", path, Side.INPUT, "a", new, Depth.WIRE)


class Releases:
    """Releases in each of which some paths differ; those in `lost` cannot be looked at."""

    def __init__(self, came: dict[str, int], lost: Collection[int] = ()) -> None:
        self.came = came
        self.lost = lost
        self.asked: list[int] = []

    def __call__(self, number: int, places: Collection[Place]) -> Collection[Place] | None:
        self.asked.append(number)
        if number in self.lost:
            return None
        # In each release something else stands there.
        return {
            place_of(change(path, str(number)))
            for path, first in self.came.items()
            if first <= number and place_of(change(path)) in places
        }


def searched(releases: Releases) -> dict[str, Span]:
    wanted = {place_of(change(path)): change(path) for path in releases.came}
    courses: list[Course] = list(search(RELEASES, wanted, releases))
    assert len(courses) == len(wanted)
    return {course.change.path: course.spans[0] for course in courses}


@pytest.mark.parametrize("first", [1, 2, 10, 18, 19])
def test_the_first_release_with_a_difference_is_found_wherever_it_lies(first: int) -> None:
    releases = Releases({"x": first})

    found = searched(releases)

    assert found["x"] == Span(f"1.0.{first}", f"1.0.{first - 1}")
    assert len(releases.asked) <= 5


def test_differences_that_came_with_different_releases_are_told_apart() -> None:
    found = searched(Releases({"x": 3, "y": 3, "z": 17}))

    assert {path: span.first for path, span in found.items()} == {"x": "1.0.3", "y": "1.0.3", "z": "1.0.17"}


def test_no_release_is_asked_twice_for_the_same_differences() -> None:
    releases = Releases({"x": 7}, lost=(9, 10, 11))

    searched(releases)

    assert len(releases.asked) == len(set(releases.asked))


def test_a_release_that_cannot_be_looked_at_leaves_a_doubt_and_is_not_passed_over() -> None:
    found = searched(Releases({"x": 9}, lost=(7, 8)))

    assert found["x"] == Span("1.0.9", "1.0.6")


def test_where_all_between_is_unknown_the_last_release_is_named_with_the_first() -> None:
    found = searched(Releases({"x": 5}, lost=range(1, 19)))

    assert found["x"] == Span("1.0.19", "1.0.0")


def test_what_goes_and_comes_again_is_told_with_each_coming() -> None:
    spans = spans_of(RELEASES[:6], [A, T, A, U, T, T])

    assert spans == (Span("1.0.1", "1.0.0", "1.0.2"), Span("1.0.4", "1.0.2"))


def test_what_is_there_before_and_after_a_release_of_which_nothing_is_known_has_not_gone() -> None:
    assert spans_of(RELEASES[:4], [A, T, U, T]) == (Span("1.0.1", "1.0.0"),)
