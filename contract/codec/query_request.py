"""Requests of the query protocol: parameters to form pairs and back, driven by the model.

Differences from botocore's serialiser are on purpose: reading is strict and tells every departure with its place;
writing does nothing but the protocol's rules, so that wrong pairs can be made from right ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..model import Operation
from .departure import Departure, shortened
from .form import Pairs
from .scalars import NotOfType, read_scalar, write_scalar

# What signature version 2 and presigned requests add beside the members.
AUTHENTICATION_KEYS = frozenset(
    {
        "AWSAccessKeyId",
        "Signature",
        "SignatureVersion",
        "SignatureMethod",
        "Timestamp",
        "Expires",
        "SecurityToken",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    }
)
_DEPTH = 64  # parts of a key; no service model nests deeper, recursive shapes could


@dataclass(frozen=True, slots=True)
class RequestReading:
    """What a request asks for.

    Attributes:
        action: The value of ``Action`` (or of ``Operation``, which models write in their request URI), or None.
        version: The value of ``Version``, or None.
        parameters: The members as read. A member whose value is not of its type is left out and told in `departures`.
        departures: What a strict reader does not accept. Codes: ``member-unknown``, ``member-repeated``,
            ``member-type``, ``member-missing``, ``list-index``.
        texts: The scalar members at top level as sent, also when not of their type.
    """

    action: str | None
    version: str | None
    parameters: Mapping[str, Any]
    departures: tuple[Departure, ...]
    texts: Mapping[str, str]


def write_request(operation: Operation, parameters: Mapping[str, Any]) -> Pairs:
    """Return the form pairs for `parameters`, with ``Action`` and ``Version`` first.

    Args:
        operation: A query-protocol operation.
        parameters: Members by the model's names; names that the model does not know are left out.
    """
    pairs = [("Action", operation.name), ("Version", operation.api_version)]
    if operation.input_shape is not None:
        _write(operation.input_shape, parameters, "", pairs)
    return tuple(pairs)


def read_request(operation: Operation, pairs: Pairs) -> RequestReading:
    """Return what `pairs` ask of `operation`, read strictly; never raises."""
    tree: dict[str, Any] = {}
    first: dict[str, str] = {}
    departures: list[Departure] = []
    for key, value in pairs:
        if key in first:
            departures.append(Departure("member-repeated", key or ".", "each key once", shortened(value)))
            continue
        first[key] = value
    for key, value in first.items():
        if key not in ("Action", "Operation", "Version") and key not in AUTHENTICATION_KEYS:
            parts = key.split(".")
            if len(parts) > _DEPTH:
                start = ".".join(parts[:_DEPTH])
                departures.append(
                    Departure("member-unknown", start, f"at most {_DEPTH} levels", f"{len(parts)} levels")
                )
            else:
                _plant(tree, parts, value)
    parameters: Mapping[str, Any] = {}
    shape = operation.input_shape
    if shape is not None:
        parameters = _read_structure(shape, tree, "", departures)
    elif tree:
        departures.extend(Departure("member-unknown", key, "no members", "present") for key in tree)
    return RequestReading(
        action=first.get("Action", first.get("Operation")),
        version=first.get("Version"),
        parameters=parameters,
        departures=tuple(departures),
        texts={key: value for key, value in first.items() if "." not in key},
    )


def wire_name(member: str, shape: Shape) -> str:
    """Return the key under which structure member `member` travels in a query request."""
    if shape.serialization.get("flattened") and isinstance(shape, ListShape):
        # A flattened list is sent under its elements' name, if they have one.
        name = shape.member.serialization.get("name")
        if name:
            return str(name)
    return _own_name(member, shape)


def _own_name(member: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", member))


def _write(shape: Shape, value: Any, prefix: str, pairs: list[tuple[str, str]]) -> None:
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                item = value.get(name)
                if item is not None:
                    # An empty list travels under its own name, also when its elements would bear another.
                    key = wire_name(name, member) if item else _own_name(name, member)
                    _write(member, item, f"{prefix}.{key}" if prefix else key, pairs)
        case ListShape():
            if not value:
                pairs.append((prefix, ""))  # as opposed to an absent list; empty maps and structures are not written
            if not shape.serialization.get("flattened"):
                prefix = f"{prefix}.{shape.member.serialization.get('name', 'member')}"
            for index, item in enumerate(value, 1):
                _write(shape.member, item, f"{prefix}.{index}", pairs)
        case MapShape():
            if not shape.serialization.get("flattened"):
                prefix = f"{prefix}.entry"
            key_name = shape.key.serialization.get("name", "key")
            value_name = shape.value.serialization.get("name", "value")
            for index, (key, item) in enumerate(value.items(), 1):
                _write(shape.key, key, f"{prefix}.{index}.{key_name}", pairs)
                _write(shape.value, item, f"{prefix}.{index}.{value_name}", pairs)
        case _:
            pairs.append((prefix, write_scalar(shape, value)))


_TEXT = ""  # the key under which a node keeps its own value, beside its children


def _plant(tree: dict[str, Any], parts: list[str], value: str) -> None:
    node = tree
    for part in parts:
        node = node.setdefault(part or ".", {})
    node[_TEXT] = value


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the members of a structure travel.

    Attributes:
        places: The member's name and its shape, by key.
        empties: The names of flattened lists, by the key under which they travel when they are empty.
        required: The required members with their keys.

    """

    places: Mapping[str, tuple[str, Shape]]
    empties: Mapping[str, str]
    required: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def _layout(shape: StructureShape) -> _Layout:
    keys = {name: wire_name(name, member) for name, member in shape.members.items()}
    own = {_own_name(name, member): name for name, member in shape.members.items()}
    return _Layout(
        places={keys[name]: (name, member) for name, member in shape.members.items()},
        empties={key: name for key, name in own.items() if key not in keys.values()},
        required=tuple((name, keys[name]) for name in shape.required_members),
    )


def _read(shape: Shape, node: dict[str, Any], path: str, departures: list[Departure]) -> Any:
    match shape:
        case StructureShape():
            return _read_structure(shape, node, path, departures)
        case ListShape():
            label = str(shape.member.serialization.get("name", "member"))
            items = [
                _read(shape.member, child, where, departures)
                for where, child in _numbered(shape, label, node, path, departures)
            ]
            return [item for item in items if item is not None]
        case MapShape():
            return _read_map(shape, node, path, departures)
        case _:
            return _read_text(shape, node, path, departures)


def _read_text(shape: Shape, node: dict[str, Any], path: str, departures: list[Departure]) -> Any:
    if len(node) > 1 or _TEXT not in node:
        departures.extend(
            Departure("member-unknown", f"{path}.{extra}", "a single value", "a value below it")
            for extra in node
            if extra != _TEXT
        )
    if _TEXT not in node:
        return None
    try:
        return read_scalar(shape, node[_TEXT])
    except NotOfType as wrong:
        departures.append(Departure("member-type", path, str(wrong), shortened(node[_TEXT])))
        return None


def _read_structure(
    shape: StructureShape, node: dict[str, Any], path: str, departures: list[Departure]
) -> dict[str, Any]:
    layout = _layout(shape)
    value: dict[str, Any] = {}
    prefix = f"{path}." if path else ""
    for key, child in node.items():
        if key in layout.places:
            name, member = layout.places[key]
            read = _read(member, child, prefix + key, departures)
            if read is not None:
                value[name] = read
        elif key == _TEXT:
            departures.append(Departure("member-type", path, "members", shortened(child)))
        elif key in layout.empties and child == {_TEXT: ""}:
            value[layout.empties[key]] = []
        else:
            expected = "a member of the input shape"
            departures.append(Departure("member-unknown", prefix + key, expected, "an unknown key"))
    departures.extend(
        Departure("member-missing", prefix + key, "a required member", "nothing")
        for name, key in layout.required
        if key not in node and name not in value
    )
    return value


def _numbered(
    shape: ListShape | MapShape, label: str, node: dict[str, Any], path: str, departures: list[Departure]
) -> list[tuple[str, dict[str, Any]]]:
    """Return the items ``1``, ``2``, … of a list or a map in order; other keys, gaps and texts are departures."""
    flattened = shape.serialization.get("flattened")
    if node.get(_TEXT) or (_TEXT in node and len(node) > 1):  # alone and empty, it stands for no items
        expected = f"{path}.1" if flattened else f"{path}.{label}.1"
        departures.append(Departure("member-type", path, expected, shortened(node[_TEXT])))
    if not flattened:
        departures.extend(
            Departure("list-index", f"{path}.{extra}", f"{path}.{label}.1", "another key")
            for extra in node
            if extra not in (_TEXT, label)
        )
        node, path = node.get(label, {}), f"{path}.{label}"
        if _TEXT in node:
            departures.append(Departure("member-type", path, f"{path}.1", shortened(node[_TEXT])))
    numbers: list[int] = []
    for key in node:
        if key.isascii() and key.isdigit() and len(key) < 7 and key[0] != "0":
            numbers.append(int(key))
        elif key != _TEXT:
            departures.append(Departure("list-index", f"{path}.{key}", "indices 1, 2, 3 …", shortened(key)))
    numbers.sort()
    if numbers and numbers[-1] != len(numbers):
        departures.append(Departure("list-index", path, "indices without a gap from 1", str(numbers[:10])))
    return [(f"{path}.{number}", node[str(number)]) for number in numbers]


def _read_map(shape: MapShape, node: dict[str, Any], path: str, departures: list[Departure]) -> dict[Any, Any]:
    value: dict[Any, Any] = {}
    names = (str(shape.key.serialization.get("name", "key")), str(shape.value.serialization.get("name", "value")))
    both = " and ".join(names)
    for where, entry in _numbered(shape, "entry", node, path, departures):
        for extra, child in entry.items():
            if extra == _TEXT:
                departures.append(Departure("member-type", where, both, shortened(child)))
            elif extra not in names:
                departures.append(Departure("member-unknown", f"{where}.{extra}", both, "an unknown key"))
        departures.extend(
            Departure("member-missing", f"{where}.{name}", both, "nothing") for name in names if name not in entry
        )
        if names[0] in entry and names[1] in entry:
            at = f"{where}.{names[0]}"
            key = _read(shape.key, entry[names[0]], at, departures)
            item = _read(shape.value, entry[names[1]], f"{where}.{names[1]}", departures)
            if key in value:
                departures.append(Departure("member-repeated", at, "each key once", shortened(str(key))))
            elif key is not None and item is not None:
                value[key] = item
    return value
