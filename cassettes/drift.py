"""What has changed between two recordings of the same requests: shapes are compared, not values.

Values differ from day to day, request ids always. What programs rely on is which elements are there, of which kind,
under which status, media type and namespace, and with which error code a request is refused. One reply alone proves
nothing about an element that may be absent, so elements are gathered over all replies of an operation and status.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..contract.errors import ToolkitError
from .format import Cassette, Recorded, rules_of
from .key import canonical
from .shapes import EMPTY, TEXT, Shape, read_shape

What = Literal[
    "drift-status",
    "drift-error-code",
    "drift-media-type",
    "drift-namespace",
    "drift-unreadable",
    "drift-element-missing",
    "drift-element-added",
    "drift-element-kind",
]


class NothingToCompare(ToolkitError):
    """No request is in both recordings, so that nothing is known about drift."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One change.

    Attributes:
        operation: The operation, or empty when the requests name none.
        status: The HTTP status under which it is seen; the older one where that itself changed.
        what: What has changed; `botoproof explain` tells of each.
        path: The element, or empty.
        before: What was there.
        after: What is there now.
        count: In how many replies.
    """

    operation: str
    status: int
    what: What
    path: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two recordings, compared.

    Attributes:
        compared: How many replies were held against each other.
        only_old: How many interactions only the older recording has; nothing is known about them.
        only_new: Likewise for the newer one.
        drifts: What has changed.
    """

    compared: int
    only_old: int
    only_new: int
    drifts: tuple[Drift, ...]


Pair = tuple[str, Shape, Shape]


def compare(*both: tuple[Cassette, Cassette]) -> Comparison:
    """Return what has changed from older recordings to newer ones.

    Args:
        both: Each older recording with the newer one of the same requests. Replies are paired within one, in order;
            elements are gathered over all of them.

    Raises:
        NothingToCompare: No request is in both.
    """
    pairs: list[Pair] = []
    for old, new in both:
        pairs += _pairs(old, new)
    before, after = (sum(len(couple[side].interactions) for couple in both) for side in (0, 1))
    if not pairs:
        raise NothingToCompare(f"no request of the {before} in the older recording is among the {after} in the newer")
    drifts = (*_in_answers(pairs), *_in_bodies(pairs))
    in_order = sorted(drifts, key=lambda one: (one.operation, one.status, one.what, one.path, one.before, one.after))
    return Comparison(len(pairs), before - len(pairs), after - len(pairs), tuple(in_order))


def _pairs(old: Cassette, new: Cassette) -> Iterator[Pair]:
    if old.people != new.people:
        raise NothingToCompare("names and addresses were taken out of one of the recordings only, so no keys meet")
    before, after = _by_key(old), _by_key(new)
    rules = rules_of(people=old.people)
    for key, ones in before.items():
        operation = canonical(ones[0].request, rules).operation
        # A request may have been recorded more often in one than in the other: what has no partner is counted as such.
        for one, other in zip(ones, after.get(key, ()), strict=False):
            yield operation, read_shape(one.reply), read_shape(other.reply)


def _by_key(cassette: Cassette) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for one in cassette.interactions:
        found.setdefault(one.key, []).append(one)
    return found


def _in_answers(pairs: list[Pair]) -> Iterator[Drift]:
    """Yield changes that one pair of replies shows by itself."""
    counts: defaultdict[tuple[str, int, What, str, str], int] = defaultdict(int)
    for operation, old, new in pairs:
        if old.status != new.status:
            counts[operation, old.status, "drift-status", _answer(old), _answer(new)] += 1
            continue
        for what, of in _WHOLE:
            before, after = of(old), of(new)
            if before != after:
                counts[operation, old.status, what, before, after] += 1
    for (operation, status, what, before, after), count in counts.items():
        yield Drift(operation, status, what, "", before, after, count)


def _answer(shape: Shape) -> str:
    return f"{shape.status} {shape.code}".strip()


_WHOLE: tuple[tuple[What, Callable[[Shape], str]], ...] = (
    ("drift-error-code", lambda shape: shape.code),
    ("drift-media-type", lambda shape: shape.media_type),
    ("drift-namespace", lambda shape: shape.namespace),
    ("drift-unreadable", lambda shape: shape.unreadable),
)


def _in_bodies(pairs: list[Pair]) -> Iterator[Drift]:
    """Yield changes that show only over all replies of an operation and status."""
    groups: defaultdict[tuple[str, int], list[tuple[Shape, Shape]]] = defaultdict(list)
    for operation, old, new in pairs:
        # What is refused now, or not readable, is told already; its elements are another matter.
        if old.status == new.status and not old.unreadable and not new.unreadable:
            groups[operation, old.status].append((old, new))
    for (operation, status), shapes in groups.items():
        before, after = (_gathered([pair[side] for pair in shapes]) for side in (0, 1))
        for path in sorted(before.keys() | after.keys()):
            for what, was, now, count in _in_element(before.get(path, {}), after.get(path, {})):
                yield Drift(operation, status, what, path, was, now, count)


def _gathered(shapes: list[Shape]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for shape in shapes:
        for path, kind in shape.elements:
            found[path][kind] = found[path].get(kind, 0) + 1
    return dict(found)


def _in_element(before: dict[str, int], after: dict[str, int]) -> Iterator[tuple[What, str, str, int]]:
    if not before or not after:
        what: What = "drift-element-missing" if before else "drift-element-added"
        was, now = (" or ".join(sorted(kinds)) or "nothing" for kinds in (before, after))
        yield what, was, now, sum((before or after).values())
        return
    # Any text may look like a number once, and an element may be empty once; the other way round it is a change.
    known = before.keys() | ({"boolean", "integer", "number", "timestamp", EMPTY} if TEXT in before else {EMPTY})
    strange = {kind: count for kind, count in after.items() if kind not in known and before.keys() != {EMPTY}}
    if strange:
        yield "drift-element-kind", " or ".join(sorted(before)), " or ".join(sorted(strange)), sum(strange.values())
