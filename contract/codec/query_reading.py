"""Replies of the query protocol read strictly: what they say, and every departure with its place.

Never raises on a reply, whatever its bytes. Limits keep hostile replies harmless: `MAX_BODY` bytes are parsed at most,
elements are followed to `MAX_DEPTH` levels, at most `MAX_DEPARTURES` are told. Entities are never expanded.

Departure codes: ``content-type``, ``body-empty``, ``body-too-large``, ``not-utf-8``, ``entity-declaration``,
``truncated``, ``not-well-formed``, ``root``, ``namespace``, ``wrapper``, ``wrapper-unknown``, ``member-unknown``,
``member-repeated``, ``member-missing``, ``member-type``, ``boolean``, ``list-member``, ``too-deep``,
``request-id``, ``error-envelope``, ``error-type``, ``error-code``, ``error-message``, ``status``.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from botocore.model import ListShape, MapShape, Shape, StructureShape
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ..interaction import Reply
from ..model import Operation
from .departure import Departure, shortened
from .scalars import NotOfType, read_scalar

MAX_BODY = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_DEPARTURES = 50

_XML_TYPES = frozenset({"text/xml", "application/xml"})
_DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


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


@dataclass(slots=True)
class _Departures:
    told: list[Departure] = field(default_factory=list[Departure])

    def add(self, code: str, path: str, expected: str, observed: str) -> None:
        if len(self.told) < MAX_DEPARTURES:
            self.told.append(Departure(code, path, expected, observed))


def read_reply(operation: Operation, reply: Reply, *, namespaces: frozenset[str] | None = None) -> ReplyReading:
    """Return what `reply` says as an answer to `operation`.

    Args:
        operation: The operation that was called.
        reply: Status, headers and body as received.
        namespaces: The XML namespaces that count as right; the model's alone when None.
    """
    told = _Departures()
    _read_content_type(reply, told)
    root = _parse(reply.body, told)
    if root is None:
        return ReplyReading(None, None, None, tuple(told.told))
    if namespaces is None:
        namespaces = frozenset({operation.namespace} if operation.namespace else ())
    space, name = _split(root.tag)
    _read_namespaces(root, space, namespaces, told)
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


def _read_content_type(reply: Reply, told: _Departures) -> None:
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


def _parse(body: bytes, told: _Departures) -> Element | None:
    if not body:
        told.add("body-empty", "body", "an XML document", "nothing")
        return None
    if len(body) > MAX_BODY:
        told.add("body-too-large", "body", f"at most {MAX_BODY} bytes", f"{len(body)} bytes")
        return None
    text_start = body.removeprefix(codecs.BOM_UTF8)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        told.add("not-utf-8", f"body:byte {wrong.start}", "UTF-8", shortened(repr(body[wrong.start : wrong.start + 8])))
        return None
    declared = _DECLARED_ENCODING.match(text_start)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        told.add("not-utf-8", "body:declaration", "encoding UTF-8", shortened(declared[1].decode("ascii")))
        return None
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except DefusedXmlException as wrong:
        told.add("entity-declaration", "body", "no document type or entity declaration", type(wrong).__name__)
    except ParseError as wrong:
        line, column = wrong.position
        at_end = _is_at_end(body, line, column)
        code = "truncated" if at_end and "junk" not in str(wrong) else "not-well-formed"
        told.add(code, f"body:line {line} column {column}", "a complete XML document", str(wrong).partition(":")[0])
    except (ValueError, LookupError, RecursionError) as wrong:  # e.g. an encoding that Python does not know
        told.add("not-well-formed", "body", "a complete XML document", f"{type(wrong).__name__}: {wrong}")
    else:
        return root
    return None


def _is_at_end(body: bytes, line: int, column: int) -> bool:
    """Whether expat stopped in the last token: at the end of the input, or at a token that never closes."""
    lines = body.split(b"\n")
    rest = b"\n".join((lines[line - 1][column:], *lines[line:])) if line <= len(lines) else b""
    return b">" not in rest and body.lstrip()[:1] == b"<"


def _split(tag: Any) -> tuple[str, str]:
    space, brace, name = str(tag).rpartition("}")
    return (space[1:], name) if brace else ("", name)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _read_namespaces(root: Element, space: str, accepted: frozenset[str], told: _Departures) -> None:
    if accepted and space not in accepted:
        told.add("namespace", f"/{_local(root)}", " or ".join(sorted(accepted)), shortened(space or None))
    for element in root.iter():
        other, name = _split(element.tag)
        if other != space:
            told.add("namespace", f"//{name}", f"the root's namespace {space!r}", shortened(other or None))
            return


def _read_error(root: Element, name: str, told: _Departures) -> tuple[ErrorReading | None, str | None]:
    path = f"/{name}"
    if name != "ErrorResponse":
        told.add("error-envelope", path, "ErrorResponse", name)
    request_id: str | None = None
    error: ErrorReading | None = None
    seen: set[str] = set()
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


def _read_error_members(element: Element, path: str, told: _Departures) -> ErrorReading:
    found: dict[str, str | None] = {}
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
    operation: Operation, root: Element, name: str, told: _Departures
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


def _tell_text(element: Element, path: str, told: _Departures) -> None:
    stray = (element.text or "").strip() or next((c.tail for c in element if c.tail and c.tail.strip()), None)
    if stray:
        told.add("member-type", path, "elements only", shortened(stray))


def _read_members(
    shape: StructureShape, elements: list[Element], path: str, told: _Departures, depth: int
) -> dict[str, Any]:
    groups: dict[str, list[Element]] = {}
    for element in elements:
        groups.setdefault(_local(element), []).append(element)
    value: dict[str, Any] = {}
    for name, member in shape.members.items():
        tag = _element_name(name, member)
        found = groups.pop(tag, None)
        where = f"{path}/{tag}"
        if found is None:
            if name in shape.required_members:
                told.add("member-missing", where, "a required member", "nothing")
            continue
        if member.serialization.get("flattened"):
            read = _read_items(member, found, where, told, depth)
        else:
            if len(found) > 1:
                told.add("member-repeated", where, "once", f"{len(found)} times")
            read = _read_value(member, found[0], where, told, depth)
        if read is not None:
            value[name] = read
    for tag in groups:
        told.add("member-unknown", f"{path}/{tag}", "a member of the output shape", tag)
    return value


def _element_name(name: str, member: Shape) -> str:
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        inner = member.member.serialization.get("name")
        if inner:
            return str(inner)
    return str(member.serialization.get("name", name))


def _read_value(shape: Shape, element: Element, path: str, told: _Departures, depth: int) -> Any:
    if depth > MAX_DEPTH:
        told.add("too-deep", path, f"at most {MAX_DEPTH} levels", "more")
        return None
    match shape:
        case StructureShape():
            _tell_text(element, path, told)
            return _read_members(shape, list(element), path, told, depth + 1)
        case ListShape():
            _tell_text(element, path, told)
            label = str(shape.member.serialization.get("name", "member"))
            return _read_labelled(shape, list(element), label, path, told, depth)
        case MapShape():
            entries = [child for child in element if _local(child) == "entry"]
            for child in element:
                if _local(child) != "entry":
                    told.add("list-member", f"{path}/{_local(child)}", "entry", _local(child))
            return _read_entries(shape, entries, f"{path}/entry", told, depth)
        case _:
            return _read_scalar(shape, element, path, told)


def _read_items(shape: Shape, elements: list[Element], path: str, told: _Departures, depth: int) -> Any:
    """Read a flattened list or map: its elements stand where the member would."""
    if isinstance(shape, MapShape):
        return _read_entries(shape, elements, path, told, depth)
    inner = shape.member if isinstance(shape, ListShape) else shape
    items = [_read_value(inner, element, f"{path}[{i}]", told, depth + 1) for i, element in enumerate(elements)]
    return [item for item in items if item is not None]


def _read_labelled(
    shape: ListShape, elements: list[Element], label: str, path: str, told: _Departures, depth: int
) -> list[Any]:
    items: list[Any] = []
    for element in elements:
        if _local(element) != label:
            told.add("list-member", f"{path}/{_local(element)}", label, _local(element))
            continue
        read = _read_value(shape.member, element, f"{path}/{label}[{len(items)}]", told, depth + 1)
        if read is not None:
            items.append(read)
    return items


def _read_entries(shape: MapShape, entries: list[Element], path: str, told: _Departures, depth: int) -> dict[Any, Any]:
    names = (str(shape.key.serialization.get("name", "key")), str(shape.value.serialization.get("name", "value")))
    value: dict[Any, Any] = {}
    for index, entry in enumerate(entries):
        parts = {_local(child): child for child in entry}
        where = f"{path}[{index}]"
        for name in names:
            if name not in parts:
                told.add("member-missing", f"{where}/{name}", "a key and a value", "nothing")
        if names[0] in parts and names[1] in parts:
            key = _read_value(shape.key, parts[names[0]], f"{where}/{names[0]}", told, depth + 1)
            if key in value:
                told.add("member-repeated", f"{where}/{names[0]}", "each key once", shortened(str(key)))
            value[key] = _read_value(shape.value, parts[names[1]], f"{where}/{names[1]}", told, depth + 1)
    return value


def _read_scalar(shape: Shape, element: Element, path: str, told: _Departures) -> Any:
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
