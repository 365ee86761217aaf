"""What was found on the way from one release to another, for a reader and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...contract.finding import Severity
from ..report.payload import printable
from .clustering import Cluster
from .course import Course, Place, Span, place_of
from .rule import Depth
from .rules import RULES
from .verdict import Answer
from .walk import Walked

_MOST = 8
_RULES = 4


def walk_lines(walked: Walked, answered: Answer, *, every: bool = False) -> Iterator[str]:
    """Yield the lines that tell of the way, release by release.

    Args:
        walked: What is known of it.
        answered: What the upgrade from end to end comes to.
        every: Whether all is told one by one.
    """
    first, last = walked.releases[0], walked.releases[-1]
    yield f"on the way from {first} to {last}, {_counted(len(walked.releases) - 1, 'release')}{_how(answered)}"
    told = _by_release(walked, answered, every=every)
    for release in dict.fromkeys(walked.releases):
        for number, line in enumerate(told.get(release, ())):
            yield f"  {release if number == 0 else '':<9} {line}"
    if not told:
        yield "  nothing came that stays"
    yield from _passing_lines(walked, every=every)
    if walked.untraced:
        yield f"  {_counted(walked.untraced, 'change')} of these findings, in further services, not searched for"
    for release, depth, reason in dict.fromkeys((one.release, one.depth, one.reason) for one in walked.unseen):
        yield f"unknown  {release}{f', {depth.value}' if depth else ''}: {printable(reason)}"
    yield ""


def _how(answered: Answer) -> str:
    searched = [look.depth.value for look in answered.looks if look.depth is not Depth.MODELS and not look.failed]
    each = any(look.depth is Depth.MODELS and not look.failed for look in answered.looks)
    ways = ["models of each"] * each + [f"{', '.join(searched)} by bisection"] * bool(searched)
    return f" ({'; '.join(ways)})" if ways else ""


def _by_release(walked: Walked, answered: Answer, *, every: bool) -> Mapping[str, Sequence[str]]:
    courses = {place_of(course.change): course for course in walked.courses if course.stays}
    counting = {one.fingerprint for one in (*answered.counting, *answered.accepted)}
    told: dict[str, list[str]] = {}
    rest: dict[tuple[str, Severity], Counter[str]] = {}
    shown = Counter[tuple[str, str]]()
    for one in answered.findings:
        for span, course, count in _comings(one, courses):
            if one.fingerprint not in counting and not every:
                rest.setdefault((span.first, one.severity), Counter())[one.rule.id] += count
                continue
            shown[span.first, one.rule.id] += 1
            if shown[span.first, one.rule.id] > _MOST and not every:
                continue
            label = "accepted" if one.acceptance else one.severity.value
            others = f" and {count - 1} more" if count > 1 else ""
            where = f"{printable(course.change.subject)}{others}"
            told.setdefault(span.first, []).append(
                f"{label}: {one.rule.id} [{one.fingerprint}] {where}{_doubt(walked, span)}{_before(course)}"
            )
    for (release, rule), count in shown.items():
        if count > _MOST and not every:
            told[release].append(f"and {count - _MOST} more of {rule}, which --all tells")
    for (release, severity), counts in rest.items():
        rules = [f"{count} {rule}" for rule, count in counts.most_common(_RULES)]
        more = f" and {len(counts) - _RULES} more rules" if len(counts) > _RULES else ""
        told.setdefault(release, []).append(f"{severity.value}: {', '.join(rules)}{more}")
    return told


def _comings(one: Cluster, courses: Mapping[Place, Course]) -> Iterator[tuple[Span, Course, int]]:
    """Yield the releases with which a finding came, each with the course of one of its changes and how many came."""
    found: dict[tuple[Span, ...], list[Course]] = {}
    for change in one.changes:
        course = courses.get(place_of(change))
        if course is not None:
            found.setdefault(course.spans, []).append(course)
    for spans, members in found.items():
        yield spans[-1], members[0], len(members)


def _doubt(walked: Walked, span: Span) -> str:
    releases = walked.releases
    gap = releases[releases.index(span.after) + 1 : releases.index(span.first)]
    if not gap:
        return ""
    return f" (or with {gap[0]}{f' to {gap[-1]}' if len(gap) > 1 else ''}, of which nothing is known)"


def _before(course: Course) -> str:
    earlier = [f"{span.first} to {span.gone}" for span in course.spans[:-1]]
    return f" (and before, from {', and from '.join(earlier)})" if earlier else ""


def _passing_lines(walked: Walked, *, every: bool) -> Iterator[str]:
    groups: dict[tuple[str, str, tuple[Span, ...]], list[Course]] = {}
    for course in walked.passing:
        groups.setdefault((course.change.rule, course.change.service, course.spans), []).append(course)
    lines = list[str]()
    order = list(Severity)
    for (rule, _, spans), members in sorted(groups.items(), key=lambda item: order.index(RULES[item[0][0]].severity)):
        others = f" and {len(members) - 1} more" if len(members) > 1 else ""
        when = ", then ".join(f"with {span.first} until {span.gone}" for span in spans)
        lines.append(f"  {rule} {printable(members[0].change.subject)}{others}: {when}")
    if lines:
        yield "came and went on the way:"
        yield from lines if every else lines[:_MOST]
        if len(lines) > _MOST and not every:
            yield f"  and {len(lines) - _MOST} more, which --all tells"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"


def walk_data(walked: Walked) -> Mapping[str, Any]:
    """Return what is known of the way as plain data."""
    return {
        "releases": list(walked.releases),
        "courses": [_course(course) for course in walked.courses],
        "untraced": walked.untraced,
        "unknown": [
            {"release": one.release, "depth": one.depth.value if one.depth else None, "reason": one.reason}
            for one in walked.unseen
        ],
    }


def _course(course: Course) -> Mapping[str, Any]:
    change = course.change
    return {
        "depth": change.depth.value,
        "rule": change.rule,
        "service": change.service,
        "operation": change.operation,
        "path": change.path,
        "fingerprint": change.fingerprint,
        "searched": course.searched,
        "stays": course.stays,
        "spans": [{"first": one.first, "after": one.after, "gone": one.gone or None} for one in course.spans],
    }
