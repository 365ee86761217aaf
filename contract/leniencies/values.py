"""What botocore's query parser is known to make of the values in a result, right or wrong.

Where a value is left to Python (`int`, `float`, `base64`), Python is asked; what a guess of dateutil gives is only
known to be an instant, or one of two exceptions.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..codec.query_request import wire_name
from ..codec.scalars import NotOfType, read_scalar

PARSER_ERROR = "botocore.parsers.ResponseParserError"
GUESSING = ("builtins.ValueError", "builtins.RuntimeError")
"""What botocore's date parser raises where it can make nothing of a text."""


@dataclass(frozen=True, slots=True)
class Elements:
    """Stands for a Python list of XML elements that botocore hands out as if it were a text.

    Attributes:
        texts: Of the elements, in order.
    """

    texts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """Stands for whatever instant botocore's date parser guesses; it may also raise one of `GUESSING`."""


GUESS = Guess()


class Raised(Exception):
    """botocore raises here."""

    def __init__(self, exception: str) -> None:
        super().__init__(exception)
        self.exception = exception


def named(parent: Element | list[Element]) -> dict[str, Element | list[Element]]:
    """Return the children by name; those that share one as a list, as botocore gathers them."""
    found: dict[str, Element | list[Element]] = {}
    for child in parent[0] if isinstance(parent, list) else parent:
        name = local(child)
        before = found.get(name)
        if before is None:
            found[name] = child
        elif isinstance(before, list):
            before.append(child)
        else:
            found[name] = [before, child]
    return found


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


@dataclass(slots=True)
class Reader:
    """Reads values of shapes, and remembers the leniencies taken."""

    used: set[str] = field(default_factory=set[str])

    def take(self, leniency: str) -> None:
        """Remember a leniency."""
        self.used.add(leniency)

    def raised(self, leniency: str, exception: str) -> Raised:
        """Remember a leniency, and return what is raised by it."""
        self.used.add(leniency)
        return Raised(exception)

    def value(self, shape: Shape, node: Element | list[Element]) -> Any:
        """Return what becomes of an element, or of several of one name."""
        match shape:
            case StructureShape():
                return self.structure(shape, node)
            case ListShape():
                return self.items(shape, node)
            case MapShape():
                return self.entries(shape, node)
            case _ if isinstance(node, list):
                return self.repeated_scalar(shape.type_name, node)
            case _:
                return self.scalar(shape, node)

    def structure(self, shape: StructureShape, node: Element | list[Element]) -> dict[str, Any]:
        """Return the members; `raised-union` and all that its members raise."""
        if isinstance(node, list):
            self.take("lenient-repeated-structure")
            node = node[0]
        self.note_text(node)
        found = named(node)
        places = _places(shape)
        unknown = found.keys() - places.keys()
        if shape.is_tagged_union:
            if len(found) != 1:
                raise self.raised("raised-union", PARSER_ERROR)
            if unknown:
                self.take("lenient-union-unknown")
                return {"SDK_UNKNOWN_MEMBER": {"name": next(iter(found))}}
        if unknown:
            self.take("lenient-member-unknown")
        if any(name not in found for name in _required(shape)):
            self.take("lenient-member-missing")
        # In the model's order, as what is raised first is what the caller sees.
        return {name: self.value(member, found[tag]) for tag, (name, member) in places.items() if tag in found}

    def items(self, shape: ListShape, node: Element | list[Element]) -> list[Any]:
        """Return the items of a list."""
        items: Iterable[Element]
        if shape.serialization.get("flattened"):
            items = node if isinstance(node, list) else [node]
        else:
            if isinstance(node, list):  # the lists themselves are taken for the items
                self.take("lenient-repeated-list")
            else:
                self.note_text(node)
                label = shape.member.serialization.get("name", "member")
                if any(local(item) != label for item in node):
                    self.take("lenient-list-member")
            items = node
        return [self.value(shape.member, item) for item in items]

    def entries(self, shape: MapShape, node: Element | list[Element]) -> dict[Any, Any]:
        """Return the entries of a map."""
        names = (shape.key.serialization.get("name") or "key", shape.value.serialization.get("name") or "value")
        entries: Iterable[Element] = node
        if shape.serialization.get("flattened") and not isinstance(node, list):
            entries = [node]
        elif not isinstance(node, list):
            self.note_text(node)
            if any(local(entry) != "entry" for entry in node):
                self.take("lenient-list-member")
        value: dict[Any, Any] = {}
        pair: dict[str, Any] = {}  # outlives an entry, as it does in botocore
        for entry in entries:
            self.note_text(entry)
            seen: set[str] = set()
            for part in entry:
                name = local(part)
                if name not in names:
                    raise self.raised("raised-map-tag", PARSER_ERROR)
                if name in seen:
                    self.take("lenient-map-repeated")
                seen.add(name)
                pair[name] = self.value(shape.key if name == names[0] else shape.value, part)
            if len(pair) < len(names):
                raise self.raised("raised-map-part", "builtins.UnboundLocalError")
            if len(seen) < len(names):
                self.take("lenient-map-stale")
            if pair[names[0]] in value:
                self.take("lenient-map-repeated")
            value[pair[names[0]]] = pair[names[1]]
        return value

    def note_text(self, node: Element) -> None:
        """Remember that text beside elements is dropped, where there is some."""
        if (node.text and node.text.strip()) or any(child.tail and child.tail.strip() for child in node):
            self.take("lenient-stray-text")

    def repeated_scalar(self, kind: str, nodes: list[Element]) -> Any:
        """Return what becomes of several elements where one scalar is promised."""
        match kind:
            case "boolean":
                self.take("lenient-repeated-boolean")
                return False
            case "string" | "character":
                self.take("lenient-repeated-text")
                return Elements(tuple(node.text for node in nodes))
            case "timestamp":
                raise self.raised("raised-repeated-scalar", "builtins.ValueError")
            case _:
                raise self.raised("raised-repeated-scalar", "builtins.TypeError")

    def scalar(self, shape: Shape, node: Element) -> Any:
        """Return the scalar that an element spells."""
        text = node.text or ""
        if len(node):
            self.take("lenient-nested")
        elif shape.type_name in ("string", "character"):
            return text
        try:
            return read_scalar(shape, text)
        except NotOfType:
            return self.misspelt(shape.type_name, text)

    def misspelt(self, kind: str, text: str) -> Any:
        """Return what becomes of a text that does not spell the type."""
        if kind == "boolean":
            self.take("lenient-boolean-not-exact")
            return False
        if kind == "timestamp":
            self.take("lenient-timestamp-guessed")
            return GUESS
        try:
            value = _PYTHON[kind](text)
        except ValueError as wrong:
            raise self.raised("raised-value-error", f"{type(wrong).__module__}.{type(wrong).__name__}") from None
        self.take("lenient-base64" if kind == "blob" else "lenient-number-spelling")
        return value


_PYTHON: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "blob": base64.b64decode,
}


@lru_cache(maxsize=4096)
def _places(shape: StructureShape) -> dict[str, tuple[str, Shape]]:
    """Return name and shape of each member by its element, in the model's order."""
    return {wire_name(name, member): (name, member) for name, member in shape.members.items()}


@lru_cache(maxsize=4096)
def _required(shape: StructureShape) -> tuple[str, ...]:
    return tuple(wire_name(name, shape.members[name]) for name in shape.required_members)
