"""Values for any shape of any service model."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from hypothesis import strategies as st

from ..contract.validation import is_json_header, limits
from .texts import texts

_INTEGERS = {"integer": 2**31, "long": 2**63}
_FLOATS = {"float": 3.4028234e38, "double": 1.7976931348623157e308}
_FIRST, _LAST = datetime(1970, 1, 1), datetime(2099, 12, 31)  # noqa: DTZ001 (st.datetimes takes them without a zone)
_OPTIONAL = 8  # so many optional members at most are drawn at the top, and half as many below
_ITEMS = 3  # so many items more than the model's minimum are drawn at most
_DRAWN_ITEMS = 8  # longer lists repeat their last item
_DRAWN_BYTES = 64
_UNENDING = 64


def from_shape(shape: Shape, *, only_required: bool = False, max_depth: int = 4) -> st.SearchStrategy[Any]:
    """Return a strategy for values of `shape` that the SDK's own validator accepts.

    They also honour what that validator does not ask: enum, max, pattern, the limits of blobs and maps, the 32 or 64
    bits of an integer. Where a pattern contradicts the length, or is beyond Python's regular expressions, the length
    wins and the text may not match (`texts`). A union has exactly one member, a document is any JSON value, a
    timestamp is a datetime in UTC from 1970 to 2099, a blob (also a streaming one) is bytes, an event stream a dict.
    Header values and host labels are visible ASCII. Optional members are a few of those that the model has.

    Members are read from the model when they are first drawn, so that the strategy itself costs little.

    Args:
        shape: A shape from a botocore service model.
        only_required: Leave every optional member out, and keep lists and maps as short as the model allows.
        max_depth: So many containers deep optional members and items are drawn; below, only what is required.

    Raises:
        TypeError: `shape` is not a shape.
        ValueError: `max_depth` is negative. While drawing: the model allows no value, as its limits contradict each
            other or a structure requires itself.
    """
    if not isinstance(shape, Shape):
        raise TypeError(f"shape must be a botocore.model.Shape, got {shape!r}")
    if max_depth < 0:
        raise ValueError(f"max_depth must be at least 0, got {max_depth}")
    return _Values(0 if only_required else max_depth).of(shape, 0)


class _Values:
    """Strategies for shapes at a depth, each made when it is first drawn from.

    Not a dataclass: Hypothesis prints the fields of one when a draw fails, here all strategies made so far.
    """

    __slots__ = ("made", "max_depth")

    def __init__(self, max_depth: int) -> None:
        self.max_depth = max_depth
        self.made: dict[tuple[Shape, int], st.SearchStrategy[Any]] = {}

    def __repr__(self) -> str:
        return f"from_shape(max_depth={self.max_depth})"

    def of(self, shape: Shape, depth: int) -> st.SearchStrategy[Any]:
        known = self.made.get((shape, depth))
        if known is None:
            known = self.made[shape, depth] = self._make(shape, depth)
        return known

    def _make(self, shape: Shape, depth: int) -> st.SearchStrategy[Any]:
        if depth > self.max_depth + _UNENDING:
            raise ValueError(f"shape {shape.name} allows no value: it requires itself")
        more = depth < self.max_depth
        match shape:
            case StructureShape() if shape.is_document_type:
                return _documents()
            case StructureShape() if shape.is_tagged_union:
                return self.some(shape, depth, _choices(shape, more=more)).map(lambda pair: dict([pair]))
            case StructureShape():
                optional = tuple(name for name in shape.members if name not in shape.required_members)
                if not optional or not more:
                    return _structures(self, shape, depth, st.just([]))
                limit = min(len(optional), _OPTIONAL if depth == 0 else _OPTIONAL // 2)
                return _structures(self, shape, depth, st.lists(self.some(shape, depth, optional), max_size=limit))
            case ListShape():
                return _lists(shape, self.later(shape.member, depth), more=more)
            case MapShape():
                return _maps(shape, scalars(shape.key), self.later(shape.value, depth), more=more)
            case _:
                return scalars(shape)

    def some(self, shape: StructureShape, depth: int, names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, Any]]:
        """Return a strategy for one of these members with its value."""
        return _members(self, shape, depth, st.sampled_from(names))

    def later(self, shape: Shape, depth: int) -> st.SearchStrategy[Any]:
        return st.deferred(lambda: self.of(shape, depth + 1))


@st.composite
def _structures(
    draw: st.DrawFn,
    values: _Values,
    shape: StructureShape,
    depth: int,
    optional: st.SearchStrategy[list[tuple[str, Any]]],
) -> dict[str, Any]:
    members = shape.members
    drawn = {name: draw(values.of(members[name], depth + 1)) for name in shape.required_members}
    # A name drawn twice is no reason to draw again: the first value stands, and shrinking removes the second.
    for name, value in draw(optional):
        drawn.setdefault(name, value)
    return {name: drawn[name] for name in members if name in drawn}


@st.composite
def _members(
    draw: st.DrawFn, values: _Values, shape: StructureShape, depth: int, names: st.SearchStrategy[str]
) -> tuple[str, Any]:
    name = draw(names)
    return name, draw(values.of(shape.members[name], depth + 1))


def _choices(shape: StructureShape, *, more: bool) -> tuple[str, ...]:
    """Return the members of a union that can be drawn; at the bottom those that do not lead back to it."""
    names = tuple(shape.members)
    if not names:
        raise ValueError(f"shape {shape.name} allows no value: it is a union without members")
    if more:
        return names
    return tuple(name for name in names if _ends(shape.members[name], (shape.name,))) or names


def _ends(shape: Shape, above: tuple[str, ...]) -> bool:
    """Whether the smallest value of `shape` holds no shape of those above it."""
    if shape.name in above:
        return False
    above = (*above, shape.name)
    match shape:
        case StructureShape() if shape.is_document_type:
            return True
        case StructureShape() if shape.is_tagged_union:
            return any(_ends(member, above) for member in shape.members.values())
        case StructureShape():
            return all(_ends(shape.members[name], above) for name in shape.required_members)
        case ListShape():
            return not limits(shape)[0] or _ends(shape.member, above)
        case MapShape():
            return not limits(shape)[0] or _ends(shape.value, above)
        case _:
            return True


def _lists(shape: Shape, items: st.SearchStrategy[Any], *, more: bool) -> st.SearchStrategy[list[Any]]:
    least, most = _sizes(shape, more=more)
    if least <= _DRAWN_ITEMS:
        return st.lists(items, min_size=least, max_size=most)
    few = st.lists(items, min_size=1, max_size=_DRAWN_ITEMS)
    return few.map(lambda drawn: drawn + drawn[-1:] * (least - len(drawn)))


def _maps(
    shape: MapShape, keys: st.SearchStrategy[Any], values: st.SearchStrategy[Any], *, more: bool
) -> st.SearchStrategy[dict[Any, Any]]:
    least, most = _sizes(shape, more=more)
    enum = shape.key.metadata.get("enum")
    return st.dictionaries(keys, values, min_size=least, max_size=min(most, len(enum)) if enum else most)


def _sizes(shape: Shape, *, more: bool) -> tuple[int, int]:
    """Return the least and greatest size to draw."""
    least, most = limits(shape)
    low = math.ceil(least or 0)
    high = low + (_ITEMS if more else 0)
    return low, high if most is None else min(high, max(low, math.floor(most)))


def scalars(shape: Shape) -> st.SearchStrategy[Any]:
    """Return a strategy for values of `shape`, which is neither structure, list nor map.

    Raises:
        NotImplementedError: The type is not one of botocore's.
    """
    least, most = limits(shape)
    location = shape.serialization.get("location")
    match shape:
        case StringShape() if is_json_header(shape):
            return _documents()
        case StringShape() if shape.enum:
            fitting = [name for name in shape.enum if (least or 0) <= len(name) <= (most or len(name))]
            return st.sampled_from(fitting or shape.enum)
        case StringShape():
            return _strings(shape, max(least or 0, location == "uri"), most)
    match shape.type_name:
        case "boolean":
            return st.booleans()
        case "integer" | "long":
            bound = _INTEGERS[shape.type_name]
            low = -bound if least is None else max(-bound, math.ceil(least))
            return st.integers(low, bound - 1 if most is None else min(bound - 1, math.floor(most)))
        case "float" | "double":
            return _numbers(shape, least, most)
        case "blob":
            return _blobs(least or 0, most)
        case "timestamp":
            return st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))
        case _:
            raise NotImplementedError(f"no strategy for shape {shape.name} of type {shape.type_name!r}")


def _strings(shape: StringShape, least: int, most: int | None) -> st.SearchStrategy[str]:
    pattern = shape.metadata.get("pattern")
    if pattern is None and shape.serialization.get("hostLabel"):
        pattern, most = "[a-z0-9]([a-z0-9-]*[a-z0-9])?", min(63, most or 63)
    if pattern is None and most is None and shape.serialization.get("jsonvalue"):
        return _documents().map(json.dumps)
    if pattern is None and shape.metadata.get("idempotencyToken") and least <= 36 <= (most or 36):
        return st.uuids().map(str)
    visible = "hostLabel" in shape.serialization or shape.serialization.get("location") in ("header", "headers")
    return texts(min_size=least, max_size=most, pattern=pattern, visible=visible)


def _numbers(shape: Shape, least: float | None, most: float | None) -> st.SearchStrategy[float]:
    bound = _FLOATS[shape.type_name]
    low = -bound if least is None else float(least)
    high = bound if most is None else float(most)
    # Limits are decimals, and need not be floats.
    low = math.nextafter(low, math.inf) if least is not None and low < least else low
    high = math.nextafter(high, -math.inf) if most is not None and high > most else high
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def _blobs(least: int, most: int | None) -> st.SearchStrategy[bytes]:
    if least <= _DRAWN_BYTES:
        return st.binary(min_size=least, max_size=max(least, min(_DRAWN_BYTES, _DRAWN_BYTES if most is None else most)))
    return st.binary(min_size=1, max_size=_DRAWN_BYTES).map(lambda drawn: drawn + drawn[-1:] * (least - len(drawn)))


@cache
def _documents() -> st.SearchStrategy[Any]:
    text, numbers = texts(), st.floats(allow_nan=False, allow_infinity=False)
    leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | text
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=_ITEMS) | st.dictionaries(text, inner, max_size=_ITEMS),
        max_leaves=6,
    )
