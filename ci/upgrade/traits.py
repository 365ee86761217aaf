"""Traits of shapes, members and operations side by side: a table says which rule each belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rule import Side

_LONGEST = 200  # more is said by the first characters and the length, the whole by the fingerprint


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference within a pair of shapes.

    Attributes:
        rule: The id of its rule.
        path: From the pair.
        old: What was there, in the fewest words; empty for nothing.
        new: What is there.
    """

    rule: str
    path: str
    old: str
    new: str


DOCUMENTATION = "documentation-changed"

# What is compared elsewhere, or says nothing that another key does not.
_STRUCTURE = {"type", "shape", "members", "member", "key", "value", "required", "min", "max", "enum"}

TRAITS: Mapping[str, str] = {
    "documentation": DOCUMENTATION,
    "pattern": "pattern-changed",
    "location": "member-location-changed",
    "locationName": "wire-name-changed",
    "queryName": "wire-name-changed",
    "payload": "payload-changed",
    "eventpayload": "payload-changed",
    "eventheader": "member-location-changed",
    "flattened": "flattened-changed",
    "wrapper": "flattened-changed",
    "xmlNamespace": "xml-namespace-changed",
    "xmlAttribute": "xml-namespace-changed",
    "xmlOrder": "wire-order-changed",
    "timestampFormat": "timestamp-format-changed",
    "jsonvalue": "json-value-changed",
    "hostLabel": "host-prefix-changed",
    "streaming": "streaming-changed",
    "requiresLength": "streaming-changed",
    "eventstream": "event-stream-changed",
    "event": "event-stream-changed",
    "union": "union-changed",
    "document": "document-changed",
    "contextParam": "endpoint-parameter-changed",
    "deprecated": "deprecation-changed",
    "deprecatedMessage": "deprecation-changed",
    "deprecatedSince": "deprecation-changed",
    "retryable": "error-retryable-changed",
    "sensitive": "sensitive-changed",
}
_OF_ERRORS = {"error", "exception", "fault"}
_HAVE_LENGTHS = {"string", "blob", "list", "map"}
_PRESENCE = "idempotencyToken"


def compare_traits(
    old: Mapping[str, Any], new: Mapping[str, Any], side: Side, *, wire_name: str = ""
) -> Iterator[Difference]:
    """Yield what two shapes, or two references to shapes, differ in by themselves.

    Args:
        old: The older description.
        new: The newer one.
        side: Which way their values travel.
        wire_name: What a member is called on the wire when it says nothing of it: its own name.
    """
    if old == new:
        return
    yield from _compare_bounds(old, new, side)
    yield from _compare_enums(old.get("enum"), new.get("enum"), side)
    for key in sorted({*old, *new} - _STRUCTURE - _OF_ERRORS):
        before, after = old.get(key), new.get(key)
        if key == "locationName" and wire_name:
            before, after = before or wire_name, after or wire_name
        if before == after or (not before and not after):
            continue
        if key == _PRESENCE:
            yield Difference(
                f"idempotency-token-{'added' if after else 'removed'}", "", text_of(before), text_of(after)
            )
        elif key == "documentation":
            yield Difference(DOCUMENTATION, "", "", "")
        else:
            path = "" if key in TRAITS else f"@{key}"
            yield Difference(TRAITS.get(key, "trait-changed"), path, text_of(before), text_of(after))


def _compare_bounds(old: Mapping[str, Any], new: Mapping[str, Any], side: Side) -> Iterator[Difference]:
    for key, tighter in (("min", 1), ("max", -1)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        was, becomes = _bound(key, old), _bound(key, new)
        if side is not Side.INPUT:
            yield Difference("output-constraint-changed", f"@{key}", text_of(before), text_of(after))
        elif was == becomes:
            yield Difference("trait-changed", f"@{key}", text_of(before), text_of(after))
        else:
            tightened = becomes is not None and (was is None or (becomes - was) * tighter > 0)
            yield Difference(f"{key}-{'tightened' if tightened else 'loosened'}", "", text_of(before), text_of(after))


def _bound(key: str, shape: Mapping[str, Any]) -> float | None:
    """Return a bound as a number; a length that has none is at least 0 all the same."""
    value = shape.get(key)
    if value is None and key == "min" and shape.get("type") in _HAVE_LENGTHS:
        return 0
    return _number(value)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _compare_enums(old: Sequence[str] | None, new: Sequence[str] | None, side: Side) -> Iterator[Difference]:
    if old == new:
        return
    if not old or not new:
        yield Difference("enum-declared" if new else "enum-dropped", "", _listed(old), _listed(new))
        return
    before, after = set(old), set(new)
    if gone := [value for value in old if value not in after]:
        yield Difference(f"{side.value}-enum-value-removed", "", _listed(gone), "")
    if come := [value for value in new if value not in before]:
        yield Difference(f"{side.value}-enum-value-added", "", "", _listed(come))


def compare_lists(rule: str, path: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    """Yield one difference if two lists of words are not the same."""
    if list(old) != list(new):
        yield Difference(rule, path, _listed(old), _listed(new))


def _listed(words: Sequence[str] | None) -> str:
    return shortened(", ".join(words or ()))


def text_of(value: Any) -> str:
    """Return a value of a model in the fewest words; nothing for None and False.

    >>> text_of({"b": 1, "a": True}), text_of("x"), text_of(None), text_of(0)
    ('{"a": true, "b": 1}', 'x', '', '0')
    """
    if value is None or value is False:
        return ""
    return shortened(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False))


def shortened(text: str) -> str:
    """Return `text`, or its first characters and a mark that stands for the rest: equal for equal texts only."""
    if len(text) <= _LONGEST:
        return text
    rest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{text[:_LONGEST]}… ({len(text)} characters, {rest})"
