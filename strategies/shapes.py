"""Values for any shape of any service model."""

from __future__ import annotations

import json
import math
import string
from collections.abc import Callable
from dataclasses import dataclass, field
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
_UNENDING = 64


def from_shape(shape: Shape, *, only_required: bool = False, max_depth: int = 4) -> st.SearchStrategy[Any]:
    """Return a strategy for values of `shape` that the SDK's own validator accepts.

    They also honour what that validator does not ask: enum, max, pattern, the limits of blobs and maps, and the 32 or 64
    bits of an integer. Where a pattern contradicts the length, or is beyond Python's regular expressions, the length
    wins and the text may not match (`texts`). A union has exactly one member, a document is any JSON value, a timestamp
    is a datetime in UTC from 1970 to 2099, a blob (also a streaming one) is bytes, an event stream a dict of its events.
    Header values and host labels are visible ASCII. Optional members are a few of those that the model has.

    Nothing of the shape is read before the first draw.

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


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """Strategies for shapes at a depth, each made when it is first drawn from."""

    max_depth: int
    made: dict[tuple[Shape, int], st.SearchStrategy[Any]] = field(default_factory=dict)

    def of(self, shape: Shape, depth: int) -> st.SearchStrategy[Any]:
        known = self.made.get((shape, depth))
        if known is None:
            known = self.made[shape, depth] = self._make(shape, depth)
        return known

    def _make(self, shape: Shape, depth: int) -> st.SearchStrategy[Any]:
        if depth > self.max_depth + _UNENDING:
            raise ValueError(f"shape {shape.name} allows no value: it requires itself")
        match shape:
            case StructureShape() if shape.is_document_type:
                return _documents()
            case StructureShape() if shape.is_tagged_union:
                return _unions(self, shape, depth)
            case StructureShape():
                return _structures(self, shape, depth)
            case ListShape():
                return _lists(self, shape, depth)
            case MapShape():
                return _maps(self, shape, depth)
            case _:
                return scalars(shape)

    def more(self, depth: int) -> bool:
        """Whether anything optional is drawn at that depth."""
        return depth < self.max_depth


@st.composite
def _structures(draw: st.DrawFn, values: _Values, shape: StructureShape, depth: int) -> dict[str, Any]:
    members = shape.members
    drawn = {name: draw(values.of(members[name], depth + 1)) for name in shape.required_members}
    optional = tuple(name for name in members if name not in drawn)
    if optional and values.more(depth):
        limit = min(len(optional), _OPTIONAL if depth == 0 else _OPTIONAL // 2)
        for name, value in draw(st.lists(_pairs(values, shape, optional, depth), max_size=limit)):
            drawn.setdefault(name, value)
    return {name: drawn[name] for name in members if name in drawn}


@st.composite
def _pairs(
    draw: st.DrawFn, values: _Values, shape: StructureShape, names: tuple[str, ...], depth: int
) -> tuple[str, Any]:
    name = draw(st.sampled_from(names))
    return name, draw(values.of(shape.members[name], depth + 1))


@st.composite
def _unions(draw: st.DrawFn, values: _Values, shape: StructureShape, depth: int) -> dict[str, Any]:
    names = tuple(shape.members)
    if not values.more(depth):
        names = tuple(name for name in names if _ends(shape.members[name], (shape.name,))) or names
    if not names:
        raise ValueError(f"shape {shape.name} allows no value: it is a union without members")
    name, value = draw(_pairs(values, shape, names, depth))
    return {name: value}


def _lists(values: _Values, shape: ListShape, depth: int) -> st.SearchStrategy[list[Any]]:
    least, most = _sizes(shape, more=values.more(depth))
    if most == 0:
        return st.builds(list)
    items = st.deferred(lambda: values.of(shape.member, depth + 1))
    return _repeated(st.lists(_once_drawn(lambda: values.of(shape.member, depth + 1)), min_size=min(least, _DRAWN_ITEMS), max_size=min(most, max(least, _DRAWN_ITEMS))), least)
