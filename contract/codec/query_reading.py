"""Replies of the query protocol read strictly: what they say, and every departure with its place.

Never raises on a reply, whatever its bytes. Limits keep hostile replies harmless: `xml_document.MAX_BODY` bytes are
parsed at most, elements are followed to `MAX_DEPTH` levels, at most `departure.MAX_DEPARTURES` are told.

Departure codes: ``content-type``, ``body-empty``, ``body-too-large``, ``not-utf-8``, ``entity-declaration``,
``truncated``, ``not-well-formed``, ``root``, ``namespace``, ``wrapper``, ``wrapper-unknown``, ``member-unknown``,
``member-repeated``, ``member-missing``, ``member-type``, ``union``, ``boolean``, ``list-member``, ``too-deep``,
``request-id``, ``error-envelope``, ``error-type``, ``error-code``, ``error-message``, ``status``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..interaction import Reply
from ..model import Operation
from .departure import Departure, Departures, shortened
from .query_request import wire_name
from .reply_envelope import (
    ErrorReading,
    local_name,
    read_content_type,
    read_error,
    read_metadata,
    read_namespaces,
    tell_stray_text,
)
from .scalars import NotOfType, read_scalar
from .xml_document import read_document

MAX_DEPTH = 64

_AGGREGATES = (StructureShape, ListShape, MapShape)


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a reply says.

    Attributes:
        value: The output members, when the reply is a result; None otherwise.
        error: The error, when it is one; None otherwise. Both are None when nothing could be read.
        request_id: The request id in the body, or None.
        departures: What a strict reader does not accept.
        root: The document, for who reads it in another way; None when there is none.
    """

    value: Mapping[str, Any] | None
    error: ErrorReading | None
    request_id: str | None
    departures: tuple[Departure, ...]
    root: Element | None = field(default=None, compare=False, repr=False)


def read_reply(operation: Operation, reply: Reply, *, namespaces: frozenset[str] | None = None) -> ReplyReading:
    """Return what `reply` says as an answer to `operation`.

    Args:
        operation: The operation that was called.
        reply: Status, headers and body as received.
        namespaces: The XML namespaces that count as right; the model's alone when None.
    """
    told = Departures()
    read_content_type(reply, told)
    root = read_document(reply.body, told)
    if root is None:
        return ReplyReading(None, None, None, tuple(told.told))
    if namespaces is None:
        namespaces = frozenset({operation.namespace} if operation.namespace else ())
    name = local_name(root)
    if _is_foreign(operation, root):
        # A proxy's HTML page, say: that it is another document is all there is to tell of it.
        wanted = f"{operation.name}Response" if reply.status < 300 else "ErrorResponse"
        page = " (a web page; is the endpoint's address right?)" if name.lower() == "html" else ""
        told.add("root", f"/{name}", wanted, f"{name}{page}")
        return ReplyReading(None, None, None, tuple(told.told), root)
    read_namespaces(root, namespaces, told)
    value: Mapping[str, Any] | None = None
    error: ErrorReading | None = None
    if name == "ErrorResponse" or (reply.status >= 300 and name != f"{operation.name}Response"):
        error, request_id = read_error(root, name, told)
        if reply.status < 300:
            told.add("status", "status", "4xx or 5xx with an ErrorResponse", str(reply.status))
        elif not 400 <= reply.status < 600:
            told.add("status", "status", "4xx or 5xx for an error", str(reply.status))
    else:
        value, request_id = _read_result(operation, root, name, told)
        if reply.status != 200:
            told.add("status", "status", "200 with a result", str(reply.status))
    return ReplyReading(value, error, request_id, tuple(told.told), root)


_ENVELOPE = frozenset({"ResponseMetadata", "RequestId", "RequestID", "Error", "Errors", "Code"})


def _is_foreign(operation: Operation, root: Element) -> bool:
    """Whether nothing in the document belongs to the protocol: neither its root nor anything directly below."""
    if local_name(root).endswith("Response") or operation.result_wrapper is None:
        return False
    return not any(local_name(child) in _ENVELOPE or local_name(child).endswith("Result") for child in root)


def _read_result(
    operation: Operation, root: Element, name: str, told: Departures
) -> tuple[Mapping[str, Any] | None, str | None]:
    path = f"/{name}"
    if name != f"{operation.name}Response":
        told.add("root", path, f"{operation.name}Response", name)
    inner: Element | None = None
    members: list[Element] = []
    metadata: list[Element] = []
    for child in root:
        tag = local_name(child)
        if tag == "ResponseMetadata":
            metadata.append(child)
        elif operation.result_wrapper is None:
            members.append(child)
        elif tag == operation.result_wrapper:
            if inner is not None:
                told.add("member-repeated", f"{path}/{tag}", "once", "again")
            else:
                inner = child
        else:
            told.add("wrapper-unknown", f"{path}/{tag}", f"{operation.result_wrapper} and ResponseMetadata", tag)
    request_id = read_metadata(metadata, f"{path}/ResponseMetadata", told)
    shape = operation.output_shape
    if operation.result_wrapper is not None:
        path = f"{path}/{operation.result_wrapper}"
        if inner is None:
            told.add("wrapper", path, f"the element {operation.result_wrapper}", "nothing")
            return None, request_id
        members = list(inner)
        tell_stray_text(inner, path, told)
    tell_stray_text(root, f"/{name}", told)
    if shape is None:
        for child in members:
            told.add("member-unknown", f"{path}/{local_name(child)}", "no members", "present")
        return {}, request_id
    return _read_members(shape, members, path, told, 0), request_id


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the members of a structure stand: the member's name, its shape and whether it is flattened, by element."""

    places: Mapping[str, tuple[str, Shape, bool]]
    required: tuple[str, ...]


@lru_cache(maxsize=4096)
def _layout(shape: StructureShape) -> _Layout:
    tags = {name: wire_name(name, member) for name, member in shape.members.items()}
    places = {
        tags[name]: (name, member, bool(member.serialization.get("flattened")))
        for name, member in shape.members.items()
    }
    return _Layout(places, tuple(tags[name] for name in shape.required_members))


def _read_members(
    shape: StructureShape, elements: Iterable[Element], path: str, told: Departures, depth: int
) -> dict[str, Any]:
    groups: dict[str, list[Element]] = {}
    for element in elements:
        groups.setdefault(local_name(element), []).append(element)
    layout = _layout(shape)
    value: dict[str, Any] = {}
    for tag, found in groups.items():
        where = f"{path}/{tag}"
        if tag not in layout.places:
            told.add("member-unknown", where, "a member of the output shape", tag)
            continue
        name, member, flattened = layout.places[tag]
        if flattened:
            read = _read_flattened(member, found, where, told, depth)
        else:
            if len(found) > 1:
                told.add("member-repeated", where, "once", f"{len(found)} times")
            read = _read_value(member, found[0], where, told, depth)
        if read is not None:
            value[name] = read
    if shape.is_tagged_union and len(groups) != 1:
        told.add("union", path, "exactly one member of the union", f"{len(groups)} of them")
    for tag in layout.required:
        if tag not in groups:
            told.add("member-missing", f"{path}/{tag}", "a required member", "nothing")
    return value


def _read_value(shape: Shape, element: Element, path: str, told: Departures, depth: int) -> Any:
    if not isinstance(shape, _AGGREGATES):
        return _read_scalar(shape, element, path, told)
    if depth > MAX_DEPTH:
        told.add("too-deep", path, f"at most {MAX_DEPTH} levels", "more")
        return None
    tell_stray_text(element, path, told)
    if isinstance(shape, StructureShape):
        return _read_members(shape, element, path, told, depth + 1)
    if isinstance(shape, ListShape):
        items = _labelled(element, str(shape.member.serialization.get("name", "member")), path, told)
        return _read_items(shape.member, items, told, depth)
    return _read_entries(shape, _labelled(element, "entry", path, told), told, depth)


def _read_flattened(shape: Shape, elements: list[Element], path: str, told: Departures, depth: int) -> Any:
    """Read a list or a map whose items stand where the member would."""
    items = [(f"{path}[{index}]", element) for index, element in enumerate(elements)]
    if isinstance(shape, MapShape):
        return _read_entries(shape, items, told, depth)
    return _read_items(shape.member if isinstance(shape, ListShape) else shape, items, told, depth)


def _labelled(element: Element, label: str, path: str, told: Departures) -> list[tuple[str, Element]]:
    """Return the items of a list or a map with their paths; children of another name are departures."""
    items: list[tuple[str, Element]] = []
    for child in element:
        tag = local_name(child)
        if tag == label:
            items.append((f"{path}/{label}[{len(items)}]", child))
        else:
            told.add("list-member", f"{path}/{tag}", label, tag)
    return items


def _read_items(shape: Shape, items: list[tuple[str, Element]], told: Departures, depth: int) -> list[Any]:
    values = [_read_value(shape, element, where, told, depth + 1) for where, element in items]
    return [value for value in values if value is not None]


def _read_entries(shape: MapShape, entries: list[tuple[str, Element]], told: Departures, depth: int) -> dict[Any, Any]:
    names = (str(shape.key.serialization.get("name", "key")), str(shape.value.serialization.get("name", "value")))
    value: dict[Any, Any] = {}
    for where, entry in entries:
        tell_stray_text(entry, where, told)
        parts: dict[str, Element] = {}
        for child in entry:
            tag = local_name(child)
            if tag not in names:
                told.add("member-unknown", f"{where}/{tag}", f"{names[0]} and {names[1]}", tag)
            elif tag in parts:
                told.add("member-repeated", f"{where}/{tag}", "once", "again")
            else:
                parts[tag] = child
        for name in names:
            if name not in parts:
                told.add("member-missing", f"{where}/{name}", "a key and a value", "nothing")
        if len(parts) == len(names):
            key = _read_value(shape.key, parts[names[0]], f"{where}/{names[0]}", told, depth + 1)
            item = _read_value(shape.value, parts[names[1]], f"{where}/{names[1]}", told, depth + 1)
            if key in value:
                told.add("member-repeated", f"{where}/{names[0]}", "each key once", shortened(str(key)))
            elif key is not None and item is not None:
                value[key] = item
    return value


def _read_scalar(shape: Shape, element: Element, path: str, told: Departures) -> Any:
    if len(element):
        told.add("member-type", path, "text", f"the element {local_name(element[0])}")
        return None
    text = element.text or ""
    try:
        return read_scalar(shape, text)
    except NotOfType as wrong:
        code = "boolean" if shape.type_name == "boolean" else "member-type"
        told.add(code, path, str(wrong), shortened(text))
        return None
