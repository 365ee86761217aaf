"""What a history can be asked: pure functions from `History` to data that reports show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from .past import History, PastFinding, PastRun, Remains, Sighting, Stream

_KINDS = ("new", "back", "gone", "staying", "unknown")
# So often a finding must have come or gone to be called one that flips: it was there, was not, and was again.
FLIPPING = 2
_VERDICTS = ("findings", "unknown", "known", "clean")  # the worst first


class Presence(Enum):
    """Whether a finding was there in a night."""

    THERE = "there"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Night:
    """The runs of one night on one target.

    Attributes:
        name: As runs were filed, by default a day.
        at: When the first of its runs began.
        runs: In order of time.
    """

    name: str
    at: datetime
    runs: tuple[PastRun, ...]

    @property
    def verdict(self) -> str:
        """The worst of its runs."""
        return min((run.verdict for run in self.runs), key=_rank)


def _rank(verdict: str) -> int:
    return _VERDICTS.index(verdict) if verdict in _VERDICTS else 0


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a finding on one target.

    Attributes:
        stream: The target.
        finding: In the newest words.
        first_seen: The night in which it was first seen, also when that was pruned.
        last_seen: The last such night.
        flips: How often it went or came back.
        course: Each night since it was first seen, as far as not pruned, with its presence.
        began_there: Whether it was there when that begins, which it only can when nights were pruned.
        sighting: The last one.
        was_there: Whether it was there in the last night that told.
        clean_nights: In how many nights at the end it was looked for and not there.
    """

    stream: Stream
    finding: PastFinding
    first_seen: str
    last_seen: str
    flips: int
    course: tuple[tuple[str, Presence], ...]
    began_there: bool
    sighting: Sighting
    was_there: bool
    clean_nights: int

    @property
    def is_flipping(self) -> bool:
        """Whether it comes and goes."""
        return self.flips >= FLIPPING


@dataclass(frozen=True, slots=True)
class News:
    """What the last night on a target changed.

    Attributes:
        stream: The target.
        night: The last one.
        before: The one before it, or empty when there was none.
        new: Never seen before.
        back: Seen before, and gone when last looked for.
        gone: There when last looked for, and not any more.
        staying: There, as before.
        unknown: There when last looked for; the night says nothing of them.
    """

    stream: Stream
    night: str
    before: str
    new: tuple[Life, ...]
    back: tuple[Life, ...]
    gone: tuple[Life, ...]
    staying: tuple[Life, ...]
    unknown: tuple[Life, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has become of a target since a day.

    Attributes:
        stream: The target.
        before: The last night before that day, or empty when there was none: then nothing can be said.
        now: The last night, or empty when there was none on that day or later: then nothing can be said either.
        regressions: There now, and not then.
        recoveries: There then, and not any more.
    """

    stream: Stream
    before: str
    now: str
    regressions: tuple[Life, ...]
    recoveries: tuple[Life, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One night on one target, for a chart.

    Attributes:
        night: Its name.
        at: When it began.
        verdict: The worst of its runs.
        runs: How many.
        sdks: The versions of botocore, sorted as text.
        cases: Of all its runs.
        seconds: Likewise.
        documented: Documented errors of the operations, in the run that has most.
        provoked: How many of them were provoked, in the run that provoked most.
        statuses: Findings by ``new``, ``expired``, ``known``, ``flaky`` and ``note``, each counted once in a night.
        new: Fingerprints never seen before.
        back: Fingerprints that had gone, and came back.
        gone: Fingerprints that were there, and went.
    """

    night: str
    at: datetime
    verdict: str
    runs: int
    sdks: tuple[str, ...]
    cases: int
    seconds: float
    documented: int
    provoked: int
    statuses: Mapping[str, int]
    new: tuple[str, ...]
    back: tuple[str, ...]
    gone: tuple[str, ...]


def nights_of(history: History, stream: Stream) -> tuple[Night, ...]:
    """Return the nights on a target, in order of their first runs."""
    by_name = defaultdict[str, list[PastRun]](list)
    for run in history.runs:
        if run.stream == stream:
            by_name[run.night].append(run)
    return tuple(Night(name, runs[0].at, tuple(runs)) for name, runs in by_name.items())


def lives_of(history: History, stream: Stream) -> tuple[Life, ...]:
    """Return the lives of all findings that were ever seen on a target, by fingerprint."""
    nights = nights_of(history, stream)
    seen = {sighting.fingerprint for night in nights for run in night.runs for sighting in run.sightings}
    seen.update(fingerprint for where, fingerprint in history.remains if where == stream)
    return tuple(
        _life(stream, history.findings[one], nights, history.remains.get((stream, one))) for one in sorted(seen)
    )


def _life(stream: Stream, finding: PastFinding, nights: tuple[Night, ...], remains: Remains | None) -> Life:
    first = remains.first_seen if remains else ""
    last = remains.last_seen if remains else ""
    sighting = remains.sighting if remains else None
    was_there, flips, clean = (remains.was_there, remains.flips, 0) if remains else (False, 0, 0)
    course = list[tuple[str, Presence]]()
    for night in nights:
        found = _sighting(finding.fingerprint, night)
        presence = Presence.THERE if found else _absence(sighting, night) if sighting else None
        sighting = found or sighting
        if presence is None:  # not seen yet
            continue
        course.append((night.name, presence))
        if presence is Presence.THERE:
            flips += bool(first) and not was_there
            first, last, was_there, clean = first or night.name, night.name, True, 0
        elif presence is Presence.GONE:
            flips += was_there
            was_there, clean = False, clean + 1
    if sighting is None:
        raise ValueError(f"{finding.fingerprint} was never seen on {stream}")
    return Life(
        stream=stream,
        finding=finding,
        first_seen=first,
        last_seen=last,
        flips=flips,
        course=tuple(course),
        began_there=remains is not None and remains.was_there,
        sighting=sighting,
        was_there=was_there,
        clean_nights=clean,
    )


def _sighting(fingerprint: str, night: Night) -> Sighting | None:
    """Return how a finding was seen in a night: the newest sighting that counts, else the newest."""
    found = [one for run in night.runs for one in run.sightings if one.fingerprint == fingerprint]
    return next((one for one in reversed(found) if one.counts), found[-1] if found else None)


def _absence(last: Sighting, night: Night) -> Presence:
    """Return whether a night that did not show a finding could have: whether the same cases were sent and judged."""
    told = (one.state.tells for run in night.runs for one in run.results if one.group == last.group)
    return Presence.GONE if any(told) else Presence.UNKNOWN


def news_of(history: History, stream: Stream) -> News:
    """Return what the last night on a target changed.

    Raises:
        ValueError: There was no run on it.
    """
    nights = nights_of(history, stream)
    if not nights:
        raise ValueError(f"there was no run on {stream}")
    last, before = nights[-1].name, nights[-2].name if len(nights) > 1 else ""
    lives = [(life, _kind(life, last)) for life in lives_of(history, stream)]
    kinds = {kind: tuple(life for life, found in lives if found == kind) for kind in _KINDS}
    return News(stream, last, before, **kinds)


def _kind(life: Life, night: str) -> str:
    """Return what a night says of a finding, or an empty text when nothing is new about it being gone."""
    presence = dict(life.course).get(night, Presence.UNKNOWN)
    if presence is Presence.UNKNOWN:
        return "unknown" if life.was_there else ""
    before = _was_there(life, until=night)
    if presence is Presence.THERE:
        return "new" if life.first_seen == night else "staying" if before else "back"
    return "gone" if before else ""


def _was_there(life: Life, *, until: str) -> bool:
    """Return whether a finding was there in the last telling night before another one."""
    there = life.began_there
    for name, presence in life.course:
        if name == until:
            break
        if presence is not Presence.UNKNOWN:
            there = presence is Presence.THERE
    return there


def changes_of(history: History, stream: Stream, since: date) -> Changes:
    """Return what has become of a target since a day; nights that began on it or later are compared with those before.

    Raises:
        ValueError: There was no run on it.
    """
    nights = nights_of(history, stream)
    if not nights:
        raise ValueError(f"there was no run on {stream}")
    before = [night.name for night in nights if night.at.date() < since]
    later = [night.name for night in nights if night.name not in before]
    if not before or not later:
        return Changes(stream, before[-1] if before else "", nights[-1].name if later else "", (), ())
    lives = [(life, _was_there(life, until=later[0])) for life in lives_of(history, stream)]
    return Changes(
        stream,
        before[-1],
        nights[-1].name,
        regressions=tuple(life for life, then in lives if life.was_there and not then),
        recoveries=tuple(life for life, then in lives if then and not life.was_there),
    )


def trend_of(history: History, stream: Stream) -> tuple[TrendPoint, ...]:
    """Return one point for each night on a target, in order of time."""
    lives = lives_of(history, stream)
    return tuple(_point(night, lives) for night in nights_of(history, stream))


def _point(night: Night, lives: tuple[Life, ...]) -> TrendPoint:
    kinds = defaultdict[str, list[str]](list)
    statuses = Counter[str]()
    for life in lives:
        kinds[_kind(life, night.name)].append(life.finding.fingerprint)
        if found := _sighting(life.finding.fingerprint, night):
            statuses[found.status if found.weighs else "note"] += 1
    return TrendPoint(
        night=night.name,
        at=night.at,
        verdict=night.verdict,
        runs=len(night.runs),
        sdks=tuple(sorted({run.botocore for run in night.runs})),
        cases=sum(run.cases for run in night.runs),
        seconds=sum(run.seconds for run in night.runs),
        documented=max(run.documented for run in night.runs),
        provoked=max(run.provoked for run in night.runs),
        statuses=dict(sorted(statuses.items())),
        new=tuple(kinds["new"]),
        back=tuple(kinds["back"]),
        gone=tuple(kinds["gone"]),
    )
