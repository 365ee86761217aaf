"""What a recording holds in vain: repetitions that replay the same without them, and calls of no operation."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from ..contract.interaction import Reply
from .format import Cassette, Recorded, rules_of
from .key import canonical

# What two replies to one request differ in although they say the same.
_REQUEST_ID = re.compile(rb"(<RequestI[dD]>)[^<]*")
_TELLING_HEADERS = frozenset({"content-type", "location"})


@dataclass(frozen=True, slots=True)
class Dead:
    """An interaction that a recording does not need.

    Attributes:
        number: Its place in the file, from 1.
        operation: The operation that it names, or empty.
        key: Its key.
        why: ``repeated`` (the replies to its request end with this one anyhow) or ``orphan`` (its service has no such
            operation).
    """

    number: int
    operation: str
    key: str
    why: Literal["repeated", "orphan"]


def dead_interactions(cassette: Cassette, operations: Collection[str] | None) -> tuple[Dead, ...]:
    """Return the interactions that can go, in the order of the file.

    Replies to one request are played in order, and the last again and again: of equal ones at the end one is enough,
    while equal ones before another are needed.

    Args:
        cassette: The recording.
        operations: The operations of its service; None when they are not known, and then there are no orphans.
    """
    rules, found = rules_of(people=cassette.people), dict[int, Dead]()
    by_key: dict[str, list[int]] = {}
    named = [canonical(one.request, rules).operation for one in cassette.interactions]
    for index, one in enumerate(cassette.interactions):
        by_key.setdefault(one.key, []).append(index)
        # A request that names nothing, or nothing that exists, may have been made so on purpose: to be refused.
        if operations is not None and named[index] and named[index] not in operations and one.reply.status < 300:
            found[index] = Dead(index + 1, named[index], one.key, "orphan")
    for key, places in by_key.items():
        last = _said(cassette.interactions[places[-1]].reply)
        for before, index in zip(reversed(places[:-1]), reversed(places[1:]), strict=True):
            if _said(cassette.interactions[before].reply) != last:
                break
            found.setdefault(index, Dead(index + 1, named[index], key, "repeated"))
    return tuple(found[index] for index in sorted(found))


def without(cassette: Cassette, dead: Collection[Dead]) -> Cassette:
    """Return `cassette` without these interactions."""
    numbers = {one.number for one in dead}
    left: tuple[Recorded, ...] = tuple(
        one for number, one in enumerate(cassette.interactions, start=1) if number not in numbers
    )
    return replace(cassette, interactions=left, stale=())


def _said(reply: Reply) -> tuple[object, ...]:
    headers = sorted((name.lower(), value) for name, value in reply.headers if name.lower() in _TELLING_HEADERS)
    return reply.status, tuple(headers), _REQUEST_ID.sub(rb"\1", reply.body)
