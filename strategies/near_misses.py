"""Values that break exactly one constraint of a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from hypothesis import assume
from hypothesis import strategies as st

from ..contract.patterns import read_pattern
from ..contract.validation import KINDS, complaints, is_json_header, limits
from .shapes import from_shape

_DEPTH = 4
_LONGEST_TEXT = 65_536
_LONGEST_LIST = 1_000
_ITEM, _VALUE, _KEY = "[]", "{}", "{}()"  # steps that are no names of members
_NOT_A_MEMBER = "NotAMember"
_INSTEAD_OF_JSON = (b"bytes", {1, 2})
_INSTEAD: dict[str, tuple[Any, ...]] = {
    "string": (1, None, True, b"text", ["text"], {}),
    "integer": ("1", 1.5, None, [1], {}),
    "long": ("1", 1.5, None, [1], {}),
    "float": ("1.5", None, [1.5], {}),
    "double": ("1.5", None, [1.5], {}),
    "boolean": ("true", 1, None, []),
    "blob": (1, None, [b"bytes"], {}),
    "timestamp": (None, [], {}, "not an instant"),
    "list": ("text", None, {}, 1),
    "map": ([], None, "text", 1),
    "structure": ([], None, "text", 1),
}
_ODD_CHARACTERS = "! a0A-\n\0é"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A value that breaks exactly one constraint of its model.

    Attributes:
        value: The value, all of it.
        kind: What is broken: one of `contract.validation.KINDS`.
        path: Where, as `contract.validation.Complaint.path` spells it.
        botocore_rejects: Whether the SDK's own validator refuses the value, so that it never reaches the wire.
    """

    value: Any
    kind: str
    path: str
    botocore_rejects: bool


# Makes a strategy for broken values from a valid value.
_Broken = Callable[[Any], st.SearchStrategy[Any]]


@dataclass(frozen=True, slots=True)
class _Site:
    """A place in a shape where one constraint can be broken.

    Attributes:
        steps: The way there: a member's name, or ``[]`` for an item, ``{}`` for a map's value, ``{}()`` for its key.
        shape: What the model has there.
        kind: What can be broken.
        below: What follows the path of that place: the missing or unknown member.
        broken: Broken values.
        rejected: Whether the SDK's validator refuses them.
    """

    steps: tuple[str, ...]
    shape: Shape
    kind: str
    below: str
    broken: _Broken
    rejected: bool


def near_misses(shape: StructureShape, *, kinds: Collection[str] | None = None) -> st.SearchStrategy[NearMiss]:
    """Return a strategy for values of `shape` that break exactly one of its constraints, up to four levels down.

    Kinds: ``required`` (a required member is absent; not an idempotency token, which the client fills in), ``type``
    (several wrong types for each), ``unknown`` (a member that the model does not have), ``union`` (no member, or two),
    ``min`` and ``max`` (length or range; text of at most 65,536 characters and lists of at most 1,000 items), ``enum``,
    ``pattern`` (only where Python can decide it). The rest of the value is as `from_shape` makes it. The few models in
    which a required text cannot have both its length and its pattern have no near misses: every draw is filtered out.

    Args:
        shape: A structure of a service model, such as an operation's input.
        kinds: What to break; None for whatever the shape has.

    Raises:
        TypeError: `shape` is not a structure.
        ValueError: A kind is not known, or the shape has nothing of these kinds to break.
    """
    if not isinstance(shape, StructureShape):
        raise TypeError(f"shape must be a botocore.model.StructureShape, got {shape!r}")
    wanted = tuple(KINDS) if kinds is None else tuple(kinds)
    if unknown := [kind for kind in wanted if kind not in KINDS]:
        raise ValueError(f"kinds must be among {', '.join(KINDS)}, got {', '.join(map(repr, unknown))}")
    sites: defaultdict[str, list[_Site]] = defaultdict(list)
    for site in _sites(shape, (), ()):
        if site.kind in wanted:
            sites[site.kind].append(site)
    if not sites:
        raise ValueError(f"shape {shape.name} has nothing to break of kinds {', '.join(wanted) or 'none'}")
    return _near_misses(_Breaking(shape, st.one_of([st.sampled_from(found) for found in sites.values()])))


class _Breaking:
    """What `near_misses` draws from: the places that can be broken, and the valid rest of a value.

    Not a dataclass: Hypothesis prints the fields of one when a draw fails, here every place in the shape.
    """

    __slots__ = ("shape", "sites", "valid")

    def __init__(self, shape: StructureShape, sites: st.SearchStrategy[_Site]) -> None:
        self.shape = shape
        self.sites = sites
        self.valid: dict[Shape, st.SearchStrategy[Any]] = {}

    def __repr__(self) -> str:
        return self.shape.name

    def draw_valid(self, draw: st.DrawFn, shape: Shape) -> Any:
        strategy = self.valid.get(shape)
        if strategy is None:
            strategy = self.valid[shape] = from_shape(shape, max_depth=1 if shape is self.shape else 0)
        value = draw(strategy)
        # A few models contradict themselves (`from_shape`); there a second constraint would be broken.
        assume(not complaints(shape, value))
        return value


@st.composite
def _near_misses(draw: st.DrawFn, breaking: _Breaking) -> NearMiss:
    site = draw(breaking.sites)
    value = breaking.draw_valid(draw, breaking.shape)
    broken, path = _broken_at(draw, breaking, site, site.steps, breaking.shape, value)
    return NearMiss(broken, site.kind, f"${path}{site.below}", site.rejected)


def _broken_at(
    draw: st.DrawFn, breaking: _Breaking, site: _Site, steps: tuple[str, ...], shape: Shape, value: Any
) -> tuple[Any, str]:
    """Return `value` broken at `site`, and the rest of the path."""
    if not steps:
        return draw(site.broken(value)), ""
    step, *rest = steps
    after = tuple(rest)
    if isinstance(shape, StructureShape):
        member = shape.members[step]
        part = value[step] if step in value else breaking.draw_valid(draw, member)
        part, path = _broken_at(draw, breaking, site, after, member, part)
        others = {} if shape.is_tagged_union else value
        return {**others, step: part}, f".{step}{path}"
    if isinstance(shape, ListShape):
        part = value[0] if value else breaking.draw_valid(draw, shape.member)
        part, path = _broken_at(draw, breaking, site, after, shape.member, part)
        return [part, *value[1:]], f"[0]{path}"
    entries = cast("MapShape", shape)  # nothing else has parts
    if not value:
        value = {breaking.draw_valid(draw, entries.key): breaking.draw_valid(draw, entries.value)}
    (key, part), *others = value.items()
    if step == _KEY:
        key, _ = _broken_at(draw, breaking, site, after, entries.key, key)
        return {key: part, **dict(others)}, f"[{key!r}](key)"
    part, path = _broken_at(draw, breaking, site, after, entries.value, part)
    return {key: part, **dict(others)}, f"[{key!r}]{path}"


def _sites(shape: Shape, steps: tuple[str, ...], above: tuple[str, ...]) -> Iterator[_Site]:
    """Yield the places in `shape`, those at the top first, each shape once on a way."""
    for kind, below, broken, rejected in _constraints(shape, steps):
        yield _Site(steps, shape, kind, below, broken, rejected)
    if len(steps) >= _DEPTH or shape.name in above:
        return
    above = (*above, shape.name)
    match shape:
        case StructureShape() if not shape.is_document_type:
            for name, member in shape.members.items():
                yield from _sites(member, (*steps, name), above)
        case ListShape():
            yield from _sites(shape.member, (*steps, _ITEM), above)
        case MapShape():
            yield from _sites(shape.key, (*steps, _KEY), above)
            yield from _sites(shape.value, (*steps, _VALUE), above)


_Constraint = tuple[str, str, _Broken, bool]


def _constraints(shape: Shape, steps: tuple[str, ...]) -> Iterator[_Constraint]:
    is_key = steps[-1:] == (_KEY,)
    if is_json_header(shape):
        yield "type", "", _one_of(_INSTEAD_OF_JSON), True
        return
    if isinstance(shape, StructureShape) and shape.is_document_type:
        yield "type", "", _one_of((b"bytes", ("text",))), True
        return
    if steps:  # the whole is made of keyword arguments, and cannot be anything but a dict
        yield "type", "", _one_of(_hashable(_INSTEAD[shape.type_name]) if is_key else _INSTEAD[shape.type_name]), True
    match shape:
        case StructureShape():
            yield from _structure_constraints(shape, at_top=not steps)
        case ListShape():
            yield from _list_constraints(shape)
        case MapShape():
            yield from _map_constraints(shape)
        case StringShape():
            yield from _string_constraints(shape)
        case _:
            yield from _scalar_constraints(shape)


def _structure_constraints(shape: StructureShape, *, at_top: bool) -> Iterator[_Constraint]:
    members = shape.members
    if shape.is_tagged_union:
        yield "union", "", _one_of(({},)), True
        if len(members) > 1:
            yield "union", "", partial(_two_members, shape), True
        return
    for name in shape.required_members:
        if not (at_top and members[name].metadata.get("idempotencyToken")):
            yield "required", f".{name}", partial(_absent, name), True
    for name in (_NOT_A_MEMBER, *(name[:1].swapcase() + name[1:] for name in list(members)[:2])):
        if name not in members:
            yield "unknown", f".{name}", partial(_added, name), True


def _list_constraints(shape: ListShape) -> Iterator[_Constraint]:
    least, most = limits(shape)
    if least:
        yield "min", "", partial(_shorter, least), True
    if most is not None and 0 < most < _LONGEST_LIST:
        yield "max", "", partial(_longer, shape, most), False


def _map_constraints(shape: MapShape) -> Iterator[_Constraint]:
    least, most = limits(shape)
    if least:
        yield "min", "", partial(_fewer, least), False
    if most is not None and 0 < most < _LONGEST_LIST:
        keys = tuple(f"{number:0{max(4, limits(shape.key)[0] or 0)}}" for number in range(most + 1))
        if not any(complaints(shape.key, key) for key in keys):
            yield "max", "", partial(_more, shape, keys), False


def _string_constraints(shape: StringShape) -> Iterator[_Constraint]:
    least, most = limits(shape)
    if least:
        yield "min", "", _one_of(tuple("a" * size for size in sorted({0, least - 1}))), True
    if most is not None and most < _LONGEST_TEXT:
        yield "max", "", _one_of(("a" * (most + 1),)), False
    if shape.enum:
        names = _outside_enum(tuple(shape.enum), least or 0, most or _LONGEST_TEXT)
        if names:
            yield "enum", "", _one_of(names), False
    elif "pattern" in shape.metadata:
        odd = _outside_pattern(shape.metadata["pattern"], least or 0, most or _LONGEST_TEXT)
        if odd:
            yield "pattern", "", partial(_misspelt, shape.metadata["pattern"], odd), False


def _scalar_constraints(shape: Shape) -> Iterator[_Constraint]:
    least, most = limits(shape)
    if shape.type_name == "blob":
        if least:
            yield "min", "", _one_of(tuple(b"a" * size for size in sorted({0, least - 1}))), False
        if most is not None and most < _LONGEST_TEXT:
            yield "max", "", _one_of((b"a" * (most + 1),)), False
        return
    if shape.type_name in ("integer", "long", "float", "double"):
        if least is None or least <= 1:
            yield "type", "", _one_of((True,)), False  # Python's bool is an int, and the SDK takes it for one
        if least is not None:
            yield "min", "", _one_of((least - 1, least - 1000)), True
        if most is not None and most + 1 > most:
            yield "max", "", _one_of((most + 1, most + 1000)), False


def _one_of(values: tuple[Any, ...]) -> _Broken:
    strategy = st.sampled_from(values)
    return lambda _: strategy


def _hashable(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value for value in values if not isinstance(value, list | dict))


def _valid(shape: Shape) -> st.SearchStrategy[Any]:
    return from_shape(shape, only_required=True).filter(lambda value: not complaints(shape, value))


def _absent(name: str, value: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.just({key: item for key, item in value.items() if key != name})


def _added(name: str, value: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.just({**value, name: "text"})


def _two_members(shape: StructureShape, _: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: _valid(member) for name, member in list(shape.members.items())[:2]})


def _shorter(least: int, value: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.sampled_from(sorted({0, least - 1})).map(lambda size: value[:size])


def _longer(shape: ListShape, most: int, _: Any) -> st.SearchStrategy[list[Any]]:
    return _valid(shape.member).map(lambda item: [item] * (most + 1))


def _fewer(least: int, value: dict[Any, Any]) -> st.SearchStrategy[dict[Any, Any]]:
    return st.just(dict(list(value.items())[: least - 1]))


def _more(shape: MapShape, keys: tuple[str, ...], _: Any) -> st.SearchStrategy[dict[str, Any]]:
    return _valid(shape.value).map(lambda item: dict.fromkeys(keys, item))


@cache
def _outside_enum(names: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
    """Return names that nearly are in an enum, and have a length that the model allows."""
    near = [
        change for name in names[:8] for change in (name.lower(), name.upper(), name.title(), name[:-1], f"{name} ")
    ]
    candidates = dict.fromkeys(["a" * max(least, 1), _NOT_A_MEMBER, *near])
    return tuple(name for name in candidates if name not in names and least <= len(name) <= most)


@cache
def _outside_pattern(pattern: str, least: int, most: int) -> tuple[str, ...]:
    """Return texts that the pattern certainly does not match, and that have a length that the model allows."""
    read = read_pattern(pattern)
    candidates = (character * max(least, 1) for character in _ODD_CHARACTERS)
    return tuple(text for text in candidates if len(text) <= most and read.matches(text) is False)


def _misspelt(pattern: str, odd: tuple[str, ...], value: str) -> st.SearchStrategy[str]:
    """Return a strategy for texts that miss the pattern: `value` with one character replaced, or something else."""
    read = read_pattern(pattern)
    replaced = (value[:at] + character + value[at + 1 :] for at in range(min(len(value), 8)) for character in "! \n")
    near = [text for text in replaced if read.matches(text) is False]
    return st.sampled_from((*odd, *near[:8]))
