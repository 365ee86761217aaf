"""The elements of a reply, with the bytes at which each begins and ends and with what the model says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..model import Operation
from .query_request import wire_name

_TOKEN = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([^\s>/]+)(?:[^>"']|"[^"]*"|'[^']*')*?(/?)>""", re.DOTALL
)


@dataclass(slots=True)
class Place:
    """An element of a reply.

    Attributes:
        name: As it stands, prefix included.
        parent: The element around it, or None for the root.
        shape: What the model says of it, or None for the envelope.
        start: Of the opening tag.
        inside: Where its content begins.
        flattened: Whether it is an item that stands where a member would.
        inside_end: Where its content ends.
        end: After the closing tag.
    """

    name: bytes
    parent: Place | None
    shape: Shape | None
    start: int
    inside: int
    flattened: bool = False
    inside_end: int = 0
    end: int = 0

    @property
    def local(self) -> str:
        """The name without prefix."""
        return self.name.rpartition(b":")[2].decode("utf-8", "replace")

    @property
    def is_item(self) -> bool:
        """Whether several of it may stand side by side."""
        return self.flattened or (self.parent is not None and isinstance(self.parent.shape, ListShape))

    @property
    def is_closed_at_once(self) -> bool:
        """Whether it is an empty-element tag."""
        return self.inside == self.end


def find_places(operation: Operation, body: bytes) -> list[Place]:
    """Return the elements of a well-formed reply in the order in which they open.

    Args:
        operation: Its output shape tells what stands where.
        body: As `query_reply` writes it, or with right changes made.
    """
    places: list[Place] = []
    open_: list[Place] = []
    for token in _TOKEN.finditer(body):
        name = token[2]
        if name is None:
            continue
        if token[1]:
            closed = open_.pop()
            closed.inside_end, closed.end = token.start(), token.end()
            continue
        parent = open_[-1] if open_ else None
        place = Place(name, parent, None, token.start(), token.end())
        place.shape, place.flattened = _shape_of(operation, place)
        places.append(place)
        if token[3]:
            place.inside_end = place.end = token.end()
        else:
            open_.append(place)
    return places


def _shape_of(operation: Operation, place: Place) -> tuple[Shape | None, bool]:
    """Return the shape of an element, and whether it is an item of a flattened list or map."""
    parent = place.parent
    if parent is None:
        alone = operation.result_wrapper is None and place.local == f"{operation.name}Response"
        return (operation.output_shape if alone else None), False
    if parent.parent is None and place.local == operation.result_wrapper:
        return operation.output_shape, False
    shape = parent.shape
    match shape:
        case StructureShape():
            found = next((m for name, m in shape.members.items() if wire_name(name, m) == place.local), None)
            flattened = found is not None and bool(found.serialization.get("flattened"))
            return (found.member if flattened and isinstance(found, ListShape) else found), flattened
        case ListShape():
            return shape.member, False
        case MapShape() if place.local == "entry" and not parent.flattened:
            return shape, False  # an entry holds a pair of it
        case MapShape():
            return (shape.key if place.local == shape.key.serialization.get("name", "key") else shape.value), False
        case _:
            return None, False
