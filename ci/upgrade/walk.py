"""Every release between two: with which one each finding came, and what came and went on the way.

Each release is compared with the one from which the upgrade starts, as an upgrade to it would be. Models are compared
for all of them; what an SDK must be run for is searched for by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...contract.errors import BadConfiguration, ToolkitError
from ...contract.finding import Severity
from .answer import Looked, Scope, Tell
from .change import Change
from .course import Course, Place, State, place_of, search, spans_of
from .depths import look_at
from .packages import in_order, is_release
from .rule import Depth
from .sdk import Sdk
from .verdict import Answer
from .versions import find_sdk

TRACED = 3
"""So many services of one finding are searched for by bisection; a change of all services came for all at once."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something on the way of which nothing is known.

    Attributes:
        release: Which release.
        depth: The depth that could not look at it; None when no depth could.
        reason: Why not, in a sentence without a full stop.
    """

    release: str
    depth: Depth | None
    reason: str


@dataclass(frozen=True, slots=True)
class Walked:
    """What is known of the way.

    Attributes:
        releases: From the older to the newer one, both among them.
        courses: What became of each difference that was followed, in the order in which they came.
        unseen: What could not be looked at.
        untraced: How many changes of findings were not searched for, since others of their findings were.
    """

    releases: tuple[str, ...]
    courses: tuple[Course, ...]
    unseen: tuple[Unseen, ...]
    untraced: int = 0

    @property
    def passing(self) -> tuple[Course, ...]:
        """What came and went: an upgrade from end to end does not meet it, one that stops on the way does."""
        return tuple(course for course in self.courses if not course.stays)


def way(old: Sdk, new: Sdk, known: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of the releases from one to another, both among them; downwards where the other is older.

    Args:
        old: Where the way begins.
        new: Where it ends.
        known: The numbers of all releases.

    Raises:
        BadConfiguration: One of the two has a number that is none of a release, so that nothing lies between them.
    """
    for sdk in (old, new):
        if not is_release(sdk.version):
            raise BadConfiguration(f"--walk goes by the numbers of releases, and {sdk.given} is {sdk.version}")
    first, last = in_order((old.version, new.version))
    listed = in_order({*filter(is_release, known), first, last})
    between = listed[listed.index(first) + 1 : listed.index(last)]
    return (old.version, *(between if first == old.version else reversed(between)), new.version)


def walk(answered: Answer, releases: Sequence[str], tell: Tell, *, find: Callable[[str], Sdk] = find_sdk) -> Walked:
    """Follow what an upgrade comes to over the releases on its way.

    Args:
        answered: What the upgrade from end to end comes to.
        releases: Those on the way, both ends among them.
        tell: Is told how far it is.
        find: Returns a release by its number.
    """
    seeing = _Seeing(answered, releases, tell, find)
    courses, untraced = list[Course](), 0
    for look in answered.looks:
        if look.failed:
            continue  # which the answer tells
        if look.depth is Depth.MODELS:
            courses += _followed(seeing, look)
        else:
            wanted, rest = _to_search(answered, look.depth)
            courses += search(releases, wanted, seeing.asker(look.depth, wanted.values()))
            untraced += rest
    order = {release: number for number, release in enumerate(releases)}
    courses.sort(key=lambda one: (order[one.spans[0].first], place_of(one.change)))
    return Walked(tuple(releases), tuple(courses), tuple(seeing.unseen), untraced)


class _Seeing:
    """Looks at releases on the way, each compared with the first; what is unknown is kept."""

    def __init__(self, answered: Answer, releases: Sequence[str], tell: Tell, find: Callable[[str], Sdk]) -> None:
        self.releases = releases
        self.scope = answered.scope
        self.unseen: list[Unseen] = []
        self._old = answered.old
        self._tell = tell
        self._find = find
        self._lost: set[str] = set()

    def look(self, depth: Depth, release: str, scope: Scope) -> Looked | None:
        """Return what one depth sees of a release; None when that is unknown."""
        if release in self._lost:
            return None
        number = self.releases.index(release)
        self._tell(f"walk: {depth.value} of {release}, {number} of {len(self.releases) - 1}")
        try:
            sdk = self._find(release)
        except ToolkitError as wrong:
            self._lost.add(release)
            self.unseen.append(Unseen(release, None, str(wrong)))
            return None
        (looked,) = look_at([depth], self._old, sdk, scope, lambda told: self._tell(f"walk: {release}: {told}"))
        if looked.failed:
            self.unseen.append(Unseen(release, depth, looked.failed))
            return None
        return looked

    def asker(self, depth: Depth, wanted: Collection[Change]) -> Callable[[int, Collection[Place]], set[Place] | None]:
        """Return what tells which places differ in a release, by its number."""
        service_of = {place_of(change): change.service for change in wanted}

        def ask(number: int, places: Collection[Place]) -> set[Place] | None:
            services = tuple(sorted({service_of[place] for place in places}))
            looked = self.look(depth, self.releases[number], replace(self.scope, services=services))
            if looked is None:
                return None
            gaps = {(gap.service, gap.operation): gap.reason for gap in looked.gaps}
            for _, _, service, operation, _ in places:
                reason = gaps.get((service, "")) or gaps.get((service, operation))
                if reason:
                    self.unseen.append(Unseen(self.releases[number], depth, f"{service}: {reason}"))
                    return None
            return {place_of(change) for change in looked.changes}

        return ask


def _followed(seeing: _Seeing, last: Looked) -> list[Course]:
    """Return the courses of all that differs in the models of any release, the last one's as they were seen already."""
    releases = seeing.releases
    seen: list[Mapping[Place, Change] | None] = [{}]
    unknown: list[set[str]] = [set()]
    for release in releases[1:-1]:
        looked = seeing.look(Depth.MODELS, release, seeing.scope)
        seen.append(None if looked is None else _by_place(looked))
        unknown.append(set())
        for gap in looked.gaps if looked is not None else ():
            unknown[-1].add(gap.service)
            seeing.unseen.append(Unseen(release, Depth.MODELS, f"{gap.service}: {gap.reason}"))
    seen.append(_by_place(last))
    unknown.append({gap.service for gap in last.gaps})

    def state(number: int, change: Change, place: Place) -> State:
        found = seen[number]
        if found is None or change.service in unknown[number]:
            return State.UNKNOWN
        return State.THERE if place in found else State.ABSENT

    changes = {place: change for found in seen if found for place, change in found.items()}
    return [
        Course(change, spans_of(releases, [state(number, change, place) for number in range(len(releases))]))
        for place, change in changes.items()
    ]


def _by_place(looked: Looked) -> dict[Place, Change]:
    found: dict[Place, Change] = {}
    for change in looked.changes:
        found.setdefault(place_of(change), change)
    return found


def _to_search(answered: Answer, depth: Depth) -> tuple[Mapping[Place, Change], int]:
    """Return what is worth a search, and how many changes of the same findings are left."""
    wanted: dict[Place, Change] = {}
    rest = 0
    for one in answered.findings:
        if one.severity is Severity.NOTE and one.acceptance is None:
            continue
        changes = [change for change in one.changes if change.depth is depth]
        services = sorted({change.service for change in changes})[:TRACED]
        for change in changes:
            if change.service in services:
                wanted.setdefault(place_of(change), change)
            else:
                rest += 1
    return wanted, rest
