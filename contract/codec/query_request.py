"""Requests of the query protocol: parameters to form pairs and back, driven by the model.

Differences from botocore's serialiser are on purpose: reading is strict and tells every departure with its place;
writing does nothing but the protocol's rules, so that wrong pairs can be made from right ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
_DEPTH = 32  # no service model nests deeper; recursive shapes could


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
            departures.append(Departure("member-repeated", key, "each key once", shortened(value)))
            continue
        first[key] = value
    for key, value in first.items():
        if key not in ("Action", "Operation", "Version") and key not in AUTHENTICATION_KEYS:
            _plant(tree, key.split("."), value)
    parameters: Mapping[str, Any] = {}
    shape = operation.input_shape
    if shape is not None:
        parameters = _read_structure(shape, tree, "", departures, 0)
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
    return str(shape.serialization.get("name", member))


def _write(shape: Shape, value: Any, prefix: str, pairs: list[tuple[str, str]]) -> None:
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    key = wire_name(name, member)
                    _write(member, value[name], f"{prefix}.{key}" if prefix else key, pairs)
        case ListShape():
            if not value:
                pairs.append((prefix, ""))  # an empty list is an empty string, as opposed to an absent one
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
    for part in parts[:_DEPTH]:
        node = node.setdefault(part or ".", {})
    node[_TEXT] = value


def _read(shape: Shape, node: dict[str, Any], path: str, departures: list[Departure], depth: int) -> Any:
    if depth > _DEPTH:
        departures.append(Departure("member-unknown", path, f"at most {_DEPTH} levels", "more"))
        return None
    match shape:
        case StructureShape():
            return _read_structure(shape, node, path, departures, depth)
        case ListShape():
            return _read_list(shape, node, path, departures, depth)
        case MapShape():
            return _read_map(shape, node, path, departures, depth)
        case _:
            return _read_text(shape, node, path, departures)


def _read_text(shape: Shape, node: dict[str, Any], path: str, departures: list[Departure]) -> Any:
    for extra in node:
        if extra != _TEXT:
            departures.append(Departure("member-unknown", f"{path}.{extra}", "a single value", "a value below it"))
    if _TEXT not in node:
        return None
    try:
        return read_scalar(shape, node[_TEXT])
    except NotOfType as wrong:
        departures.append(Departure("member-type", path, str(wrong), shortened(node[_TEXT])))
        return None


def _read_structure(
    shape: StructureShape, node: dict[str, Any], path: str, departures: list[Departure], depth: int
) -> dict[str, Any]:
    members = {wire_name(name, member): (name, member) for name, member in shape.members.items()}
    value: dict[str, Any] = {}
    prefix = f"{path}." if path else ""
    for key, child in node.items():
        if key == _TEXT:
            if child or not node.keys() - {_TEXT}:
                departures.append(Departure("member-type", path, "members", shortened(child)))
        elif key in members:
            name, member = members[key]
            read = _read(member, child, prefix + key, departures, depth + 1)
            if read is not None:
                value[name] = read
        else:
            departures.append(Departure("member-unknown", prefix + key, "a member of the input shape", "an unknown key"))
    present = set(node)
    for name in shape.required_members:
        if wire_name(name, shape.members[name]) not in present:
            departures.append(Departure("member-missing", prefix + name, "a required member", "nothing"))
    return value


def _numbered(node: dict[str, Any], path: str, departures: list[Departure]) -> list[tuple[str, dict[str, Any]]]:
    """Return the children ``1``, ``2``, … in order; other keys and gaps are departures."""
    numbers: list[int] = []
    for key in node:
        if key == _TEXT:
            continue
        if key.isascii() and key.isdigit() and len(key) < 7 and key == str(int(key)) and key != "0":
            numbers.append(int(key))
        else:
            departures.append(Departure("list-index", f"{path}.{key}", "indices 1, 2, 3 …", shortened(key)))
    numbers.sort()
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        departures.append(Departure("list-index", path, "indices without a gap from 1", str(numbers[:10])))
    return [(f"{path}.{number}", node[str(number)]) for number in numbers]


def _read_list(shape: ListShape, node: dict[str, Any], path: str, departures: list[Departure], depth: int) -> list[Any]:
    if not shape.serialization.get("flattened"):
        label = str(shape.member.serialization.get("name", "member"))
        for extra in node:
            if extra not in (_TEXT, label):
                departures.append(Departure("list-index", f"{path}.{extra}", f"{path}.{label}.1", "another key"))
        if node.get(_TEXT):
            departures.append(Departure("member-type", path, f"{path}.{label}.1", shortened(node[_TEXT])))
        node, path = node.get(label, {}), f"{path}.{label}"
    items = [_read(shape.member, child, where, departures, depth + 1) for where, child in _numbered(node, path, departures)]
    return [item for item in items if item is not None]


def _read_map(shape: MapShape, node: dict[str, Any], path: str, departures: list[Departure], depth: int) -> dict[Any, Any]:
    if not shape.serialization.get("flattened"):
        node, path = node.get("entry", {}), f"{path}.entry"
    value: dict[Any, Any] = {}
    names = (shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value"))
    for where, entry in _numbered(node, path, departures):
        key = _read(shape.key, entry.get(names[0], {}), f"{where}.{names[0]}", departures, depth + 1)
        item = _read(shape.value, entry.get(names[1], {}), f"{where}.{names[1]}", departures, depth + 1)
        if key is None:
            departures.append(Departure("member-missing", f"{where}.{names[0]}", "a key", "nothing"))
        else:
            value[key] = item
    return value
