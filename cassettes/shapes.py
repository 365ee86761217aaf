"""The shape of a reply: which elements stand where, and of which kind their texts are; never the texts themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from xml.etree.ElementTree import Element

from ..contract.codec.departure import Departures
from ..contract.codec.xml_document import read_document
from ..contract.interaction import Reply

TEXT = "text"
EMPTY = "empty"
STRUCTURE = "structure"

_DEEPEST = 64
_KINDS = (
    ("boolean", re.compile(r"true|false")),
    ("integer", re.compile(r"[+-]?\d{1,40}")),
    ("number", re.compile(r"[+-]?\d{1,40}\.\d{1,40}(?:[eE][+-]?\d{1,4})?")),
    ("timestamp", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one reply.

    Attributes:
        status: The HTTP status.
        media_type: From the header Content-Type, without parameters, in lower case; empty when there is none.
        namespace: That of the root element, or empty.
        code: The code of an error, or empty.
        elements: Path and kind of every element; items of one name share a path.
        unreadable: Why the body has no elements, although it is not empty; or empty.
    """

    status: int
    media_type: str
    namespace: str
    code: str
    elements: frozenset[tuple[str, str]]
    unreadable: str = ""


def read_shape(reply: Reply) -> Shape:
    """Return the shape of a reply whose body is XML or JSON, or else nothing at all.

    >>> sorted(read_shape(Reply(200, (), b"<a><b>true</b></a>")).elements)
    [('/a', 'structure'), ('/a/b', 'boolean')]
    """
    media_type = (reply.header("content-type") or "").partition(";")[0].strip().lower()
    if not reply.body.strip():
        return Shape(reply.status, media_type, "", "", frozenset())
    if reply.body.lstrip().startswith((b"{", b"[")):
        return _of_json(reply, media_type)
    told = Departures()
    root = read_document(reply.body, told)
    if root is None:
        return Shape(reply.status, media_type, "", "", frozenset(), told.told[0].code)
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    elements = frozenset(_of_element(root, "", 0))
    code = next((one.text or "" for one in root.iter() if _local(one) == "Code"), "") if reply.status >= 300 else ""
    return Shape(reply.status, media_type, namespace, code.strip(), elements)


def kind_of_text(text: str) -> str:
    """Return of which kind a text is.

    >>> kind_of_text("2010-06-03T12:00:00Z")
    'timestamp'
    """
    if not text.strip():
        return EMPTY
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(text.strip())), TEXT)


def _of_element(element: Element, above: str, depth: int) -> Iterator[tuple[str, str]]:
    path = f"{above}/{_local(element)}"
    inside = list(element)
    yield path, STRUCTURE if inside else kind_of_text(element.text or "")
    for name in element.attrib:
        yield f"{path}/@{name.rpartition('}')[2]}", kind_of_text(element.attrib[name])
    if depth < _DEEPEST:
        for child in inside:
            yield from _of_element(child, path, depth + 1)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _of_json(reply: Reply, media_type: str) -> Shape:
    try:
        tree = json.loads(reply.body)
        elements = frozenset(_of_value(tree, ""))
    except (ValueError, RecursionError):
        return Shape(reply.status, media_type, "", "", frozenset(), "not-json")
    members = cast("dict[str, Any]", tree) if isinstance(tree, dict) else {}
    named = next((members[name] for name in ("__type", "code", "Code") if isinstance(members.get(name), str)), "")
    code = str(named).rpartition("#")[2] if reply.status >= 300 else ""
    return Shape(reply.status, media_type, "", code, elements)


def _of_value(value: Any, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield path or "/", STRUCTURE
            for name, item in cast("dict[str, Any]", value).items():
                yield from _of_value(item, f"{path}/{name}")
        case list():
            yield f"{path}[]", STRUCTURE
            for item in value:
                yield from _of_value(item, f"{path}[]")
        case None:
            yield path or "/", "null"
        case bool():
            yield path or "/", "boolean"
        case int():
            yield path or "/", "integer"
        case float():
            yield path or "/", "number"
        case _:
            yield path or "/", "empty" if value == "" else TEXT
