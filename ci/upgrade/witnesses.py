"""Calls and replies made so that two releases differ by one change alone, where the change is felt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from .change import Change
from .inside.calls import MINIMAL, NoCall, make_member

_STEPS = re.compile(r"\.([^.\[{]+)|(\[\])|(\{\})")
_REMOVED = ("input-member-removed", "input-required-removed")
_REQUIRED = ("input-became-required", "input-required-added")
OF_CALLS = frozenset((*_REMOVED, *_REQUIRED, "min-tightened", "input-type-changed"))
OF_RESULTS = frozenset({"output-member-removed", "output-type-changed"})
OF_ERRORS = frozenset({"error-code-changed", "error-shape-removed"})


Leaf = Callable[[Shape, Shape], Any]
"""Makes what stands at the end of a way, of the older and the newer shape there."""


class _Nowhere(Exception):
    """A path leads nowhere in one of the releases."""


@dataclass(frozen=True, slots=True)
class Try:
    """Two calls that differ in the place of one change.

    Attributes:
        probe: Parameters that the older release accepts, and the newer one does not if the change is felt.
        control: The same but for that place: both releases accept them, or the probe says nothing.
    """

    probe: Mapping[str, Any]
    control: Mapping[str, Any]


def steps_of(path: str) -> tuple[str, ...] | None:
    """Return the steps of a path in a model; None for one that does not lead to a value.

    >>> steps_of("$.Tags[].Values{}"), steps_of("$"), steps_of("$.Tags{key}"), steps_of("!Gone.reason")
    (('Tags', '[]', 'Values', '{}'), (), None, None)
    """
    if not path.startswith("$"):
        return None
    found = list(_STEPS.finditer(path))
    if "".join(match[0] for match in found) != path[1:]:
        return None
    return tuple(match[1] or match[0] for match in found)


def try_of(change: Change, old: StructureShape | None, new: StructureShape | None, prefix: str) -> Try | None:
    """Return how a change of an input is tried; None when nothing can be made that differs in its place only.

    Args:
        change: The change; its rule is one of `OF_CALLS`.
        old: The input in the older release.
        new: The input in the newer one.
        prefix: What stands in ARNs for the service.
    """
    steps = steps_of(change.path)
    if not steps or old is None or new is None:
        return None
    making = _Making(prefix)
    try:
        control, probe = (making.reach(old, new, way, leaf) for way, leaf in _leaves(change, steps, making))
    except (NoCall, _Nowhere):
        return None  # a model that contains itself, or a place that only one release has
    return None if probe == control else Try(probe, control)


def _leaves(
    change: Change, steps: tuple[str, ...], making: _Making
) -> tuple[tuple[Sequence[str], Leaf], tuple[Sequence[str], Leaf]]:
    """Return the way and the leaf of the control, and those of the probe."""
    *way, name = steps

    def without(old: Shape, new: Shape) -> dict[str, Any]:
        return {key: value for key, value in making.both(old, new).items() if key != name}

    def as_before(old: Shape, new: Shape) -> dict[str, Any]:
        return {**without(old, new), name: making.of(_below(old, name), name)}

    def as_after(old: Shape, new: Shape) -> dict[str, Any]:
        return {**without(old, new), name: making.of(_below(new, name), name)}

    def large_enough(_: Shape, new: Shape) -> Any:
        return making.of(new, name)

    def too_small(old: Shape, new: Shape) -> Any:
        return _smaller(large_enough(old, new), int(float(change.new)))

    def of_its_old_type(old: Shape, _: Shape) -> Any:
        return making.of(old, name)

    if change.rule in _REMOVED:
        return (way, without), (way, as_before)
    if change.rule in _REQUIRED:
        return (way, as_after), (way, without)
    if change.rule == "min-tightened":
        return (steps, large_enough), (steps, too_small)
    return (way, without), (steps, of_its_old_type)


def result_with(shape: StructureShape | None, steps: Sequence[str], prefix: str) -> Mapping[str, Any] | None:
    """Return the smallest result that has a value at a place; None when there is none.

    Args:
        shape: The output in the release that has the place.
        steps: As `steps_of` gives them.
        prefix: What stands in ARNs for the service.
    """
    making = _Making(prefix)
    try:
        return None if shape is None else making.reach(shape, shape, steps, lambda a, _: making.of(a, steps[-1]))
    except (NoCall, _Nowhere):
        return None


def value_at(value: Any, steps: Sequence[str]) -> Any:
    """Return what stands in a value at a place, the first of several; None for nothing."""
    for step in steps:
        if step == "[]":
            value = value[0] if isinstance(value, list) and value else None
        elif isinstance(value, dict):
            value = next(iter(value.values()), None) if step == "{}" else value.get(step)
        else:
            return None
    return value


class _Making:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def of(self, shape: Shape, name: str) -> Any:
        return make_member(shape, name, MINIMAL, self._prefix)

    def both(self, old: Shape, new: Shape) -> dict[str, Any]:
        """Return members that both releases demand of a structure, as far as the older one knows them."""
        if not isinstance(old, StructureShape) or not isinstance(new, StructureShape):
            raise _Nowhere("only structures have members")
        demanded = {**self.of(new, ""), **self.of(old, "")}
        return {name: value for name, value in demanded.items() if name in old.members and name in new.members}

    def reach(self, old: Shape, new: Shape, steps: Sequence[str], leaf: Leaf) -> Any:
        """Return a value on whose way along `steps` stands what both releases demand, and at its end the leaf."""
        if not steps:
            return leaf(old, new)
        step, *rest = steps
        inner = self.reach(_below(old, step), _below(new, step), rest, leaf)
        if step == "[]":
            return [inner] * max(int(old.metadata.get("min", 0)), int(new.metadata.get("min", 0)), 1)
        if step == "{}":
            return {"key": inner}
        if getattr(old, "is_tagged_union", False):
            return {step: inner}
        return {**self.both(old, new), step: inner}


def _below(shape: Shape, step: str) -> Shape:
    match shape:
        case ListShape() if step == "[]":
            return shape.member
        case MapShape() if step == "{}":
            return shape.value
        case StructureShape() if step in shape.members:
            return shape.members[step]
        case _:
            raise _Nowhere(step)


def _smaller(value: Any, least: int) -> Any:
    """Return a value one below the least that passes."""
    match value:
        case bool():
            raise _Nowhere("a truth value has no bounds")
        case int() | float():
            return least - 1
        case str():
            return "x" * (least - 1)
        case bytes():
            return b"x" * (least - 1)
        case list():
            return value[: least - 1]
        case dict():
            return dict(list(value.items())[: least - 1])
        case _:
            raise _Nowhere("nothing with bounds")
