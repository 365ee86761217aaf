"""Replies of the query protocol read strictly: what they say, and every departure with its place.

Never raises on a reply, whatever its bytes. Limits keep hostile replies harmless: `xml_document.MAX_BODY` bytes are
parsed at most, elements are followed to `MAX_DEPTH` levels, at most `departure.MAX_DEPARTURES` are told.

Departure codes: ``content-type``, ``body-empty``, ``body-too-large``, ``not-utf-8``, ``entity-declaration``,
``truncated``, ``not-well-formed``, ``root``, ``namespace``, ``wrapper``, ``wrapper-unknown``, ``member-unknown``,
``member-repeated``, ``member-missing``, ``member-type``, ``boolean``, ``list-member``, ``too-deep``,
``request-id``, ``error-envelope``, ``error-type``, ``error-code``, ``error-message``, ``status``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..interaction import Reply
from ..model import Operation
from .departure import Departure, Departures, shortened
from .query_request import wire_name
from .scalars import NotOfType, read_scalar
from .xml_document import read_document

MAX_DEPTH = 64

_XML_TYPES = frozenset({"text/xml", "application/xml"})
_XML_SPACE = " \t\r\n"
_AGGREGATES = (StructureShape, ListShape, MapShape)


@dataclass(frozen=True, slots=True)
class ErrorReading:
    """The error envelope as it stands; each part None when absent."""

    code: str | None
    message: str | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a reply says.

    Attributes:
        value: The output members, when the reply is a result; None otherwise.
        error: The error, when it is one; None otherwise. Both are None when nothing could be read.
        request_id: The request id in the body, or None.
        departures: What a strict reader does not accept.
    """

    value: Mapping[str, Any] | None
    error: ErrorReading | None
    request_id: str | None
    departures: tuple[Departure, ...]


def read_reply(operation: Operation, reply: Reply, *, namespaces: frozenset[str] | None = None) -> ReplyReading:
    """Return what `reply` says as an answer to `operation`.

    Args:
        operation: The operation that was called.
        reply: Status, headers and body as received.
        namespaces: The XML namespaces that count as right; the model's alone when None.
    """
    told = Departures()
    _read_content_type(reply, told)
    root = read_document(reply.body, told)
    if root is None:
        return ReplyReading(None, None, None, tuple(told.told))
    if namespaces is None:
        namespaces = frozenset({operation.namespace} if operation.namespace else ())
    name = _local(root)
    if _is_foreign(operation, root):
        # A proxy's HTML page, say: that it is another document is all there is to tell of it.
        wanted = f"{operation.name}Response" if reply.status < 300 else "ErrorResponse"
        page = " (a web page; is the endpoint's address right?)" if name.lower() == "html" else ""
        told.add("root", f"/{name}", wanted, f"{name}{page}")
        return ReplyReading(None, None, None, tuple(told.told))
    _read_namespaces(root, namespaces, told)
    value: Mapping[str, Any] | None = None
    error: ErrorReading | None = None
    if name == "ErrorResponse" or (reply.status >= 300 and name != f"{operation.name}Response"):
        error, request_id = _read_error(root, name, told)
        if reply.status < 300:
            told.add("status", "status", "4xx or 5xx with an ErrorResponse", str(reply.status))
        elif reply.status < 400:
            told.add("status", "status", "4xx or 5xx for an error", str(reply.status))
    else:
        value, request_id = _read_result(operation, root, name, told)
        if reply.status != 200:
            told.add("status", "status", "200 with a result", str(reply.status))
    return ReplyReading(value, error, request_id, tuple(told.told))


_ENVELOPE = frozenset({"ResponseMetadata", "RequestId", "RequestID", "Error", "Errors", "Code"})


def _is_foreign(operation: Operation, root: Element) -> bool:
    """Whether nothing in the document belongs to the protocol: neither its root nor anything directly below."""
    if _local(root).endswith("Response") or operation.result_wrapper is None:
        return False
    return not any(_local(child) in _ENVELOPE or _local(child).endswith("Result") for child in root)


def _read_content_type(reply: Reply, told: Departures) -> None:
    content_type = reply.header("content-type")
    media, _, parameters = (content_type or "").partition(";")
    if media.strip().lower() not in _XML_TYPES:
        told.add("content-type", "header:Content-Type", "text/xml or application/xml", shortened(content_type))
    elif "charset" in parameters.lower() and "utf-8" not in parameters.lower():
        told.add("content-type", "header:Content-Type", "charset utf-8", shortened(content_type))
    encoding = reply.header("content-encoding")
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        # botocore never decodes a query reply's content encoding (measured with 1.44.5).
        told.add("content-type", "header:Content-Encoding", "no content encoding", shortened(encoding))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _read_namespaces(root: Element, accepted: frozenset[str], told: Departures) -> None:
    opening, _, name = root.tag.rpartition("}")
    space = opening[1:]
    if accepted and space not in accepted:
        told.add("namespace", f"/{name}", " or ".join(sorted(accepted)), shortened(space or None))
    for element in root.iter():
        other, _, name = element.tag.rpartition("}")
        if other != opening:
            told.add("namespace", f"//{name}", f"the root's namespace {space!r}", shortened(other[1:] or None))
            return


def _read_error(root: Element, name: str, told: Departures) -> tuple[ErrorReading | None, str | None]:
    path = f"/{name}"
    if name != "ErrorResponse":
        told.add("error-envelope", path, "ErrorResponse", name)
    request_id: str | None = None
    error: ErrorReading | None = None
    seen: set[str] = set()
    _tell_text(root, path, told)
    for child in root:
        tag = _local(child)
        if tag in seen:
            told.add("member-repeated", f"{path}/{tag}", "once", "again")
            continue
        seen.add(tag)
        if tag == "Error":
            error = _read_error_members(child, f"{path}/Error", told)
        elif tag in ("RequestId", "RequestID"):
            request_id = child.text or None
        elif tag == "ResponseMetadata":  # botocore reads the id here too, but the documented envelope has it bare
            told.add("error-envelope", f"{path}/{tag}", "RequestId directly below ErrorResponse", tag)
            request_id = next((item.text for item in child if _local(item) == "RequestId"), None)
        else:
            told.add("error-envelope", f"{path}/{tag}", "Error and RequestId", tag)
    if error is None:
        told.add("error-envelope", f"{path}/Error", "an Error element", "nothing")
    if not request_id:
        told.add("request-id", f"{path}/RequestId", "a request id", "nothing")
    return error, request_id


def _read_error_members(element: Element, path: str, told: Departures) -> ErrorReading:
    found: dict[str, str | None] = {}
    _tell_text(element, path, told)
    for child in element:
        tag = _local(child)
        if len(child):
            told.add("member-type", f"{path}/{tag}", "text", "elements")
        if tag in found:
            told.add("member-repeated", f"{path}/{tag}", "once", "again")
        elif tag in ("Type", "Code", "Message", "Detail"):
            found[tag] = child.text
        else:
            told.add("error-envelope", f"{path}/{tag}", "Type, Code, Message", tag)
    fault, code = found.get("Type"), found.get("Code")
    if fault not in ("Sender", "Receiver"):
        told.add("error-type", f"{path}/Type", "Sender or Receiver", shortened(fault))
    if not code or code != code.strip():
        told.add("error-code", f"{path}/Code", "a code without surrounding white space", shortened(code))
    if not found.get("Message"):
        told.add("error-message", f"{path}/Message", "a message", shortened(found.get("Message")))
    return ErrorReading(code, found.get("Message"), fault)


def _read_result(
    operation: Operation, root: Element, name: str, told: Departures
) -> tuple[Mapping[str, Any] | None, str | None]:
    path = f"/{name}"
    if name != f"{operation.name}Response":
        told.add("root", path, f"{operation.name}Response", name)
    request_id: str | None = None
    inner: Element | None = None
    members: list[Element] = []
    metadata = False
    for child in root:
        tag = _local(child)
        if tag == "ResponseMetadata":
            if metadata:
                told.add("member-repeated", f"{path}/{tag}", "once", "again")
            metadata = True
            request_id = request_id or next((item.text for item in child if _local(item) == "RequestId"), None)
        elif operation.result_wrapper is None:
            members.append(child)
        elif tag == operation.result_wrapper:
            if inner is not None:
                told.add("member-repeated", f"{path}/{tag}", "once", "again")
            else:
                inner = child
        else:
            told.add("wrapper-unknown", f"{path}/{tag}", f"{operation.result_wrapper} and ResponseMetadata", tag)
    if not request_id:
        told.add("request-id", f"{path}/ResponseMetadata/RequestId", "a request id", "nothing")
    shape = operation.output_shape
    if operation.result_wrapper is not None:
        path = f"{path}/{operation.result_wrapper}"
        if inner is None:
            told.add("wrapper", path, f"the element {operation.result_wrapper}", "nothing")
            return None, request_id
        members = list(inner)
        _tell_text(inner, path, told)
    _tell_text(root, f"/{name}", told)
    if shape is None:
        for child in members:
            told.add("member-unknown", f"{path}/{_local(child)}", "no members", "present")
        return {}, request_id
    return _read_members(shape, members, path, told, 0), request_id


def _tell_text(element: Element, path: str, told: Departures) -> None:
    texts = [child.tail for child in element if child.tail]
    if element.text:
        texts.insert(0, element.text)
    for text in texts:
        if stray := text.strip(_XML_SPACE):
            told.add("member-type", path, "elements only", shortened(stray))
            return


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
        groups.setdefault(_local(element), []).append(element)
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
    _tell_text(element, path, told)
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
        tag = _local(child)
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
        _tell_text(entry, where, told)
        parts: dict[str, Element] = {}
        for child in entry:
            tag = _local(child)
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
        told.add("member-type", path, "text", f"the element {_local(element[0])}")
        return None
    text = element.text or ""
    try:
        return read_scalar(shape, text)
    except NotOfType as wrong:
        code = "boolean" if shape.type_name == "boolean" else "member-type"
        told.add(code, path, str(wrong), shortened(text))
        return None
