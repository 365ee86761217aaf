"""Small changes to the bytes of a reply, each at one place of its tree: wrong ones, and ones that are odd but right.

Where `wrong_replies` knows a fixed form, this knows the tree: every element, whatever the operation, and the type of
what stands in it. A change names the departures of which a strict reader tells at least one, where that is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..interaction import Reply
from ..model import Operation
from .reply_places import Place, find_places
from .wrong_replies import with_body

_AGGREGATES = (StructureShape, ListShape, MapShape)

NO_CLAIM: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One splice of a body.

    Attributes:
        name: What is done, e.g. ``boolean 'yes'``; for readers only.
        departures: A strict reader tells at least one of these; when empty, nothing is claimed.
        start: First byte replaced.
        end: First byte kept again.
        new: What stands there instead.
    """

    name: str
    departures: frozenset[str]
    start: int
    end: int
    new: bytes

    def apply(self, reply: Reply) -> Reply:
        """Return `reply` with the change made; its body must be the one that the change was made for."""
        body = reply.body
        return with_body(reply, body[: self.start] + self.new + body[self.end :])


def wrong_changes(operation: Operation, body: bytes, *, positions: Iterable[int] = ()) -> Iterator[Change]:
    """Yield every wrong change at every element of `body`, and changes of its bytes.

    Args:
        operation: Its output shape tells what stands where.
        body: Of a right reply.
        positions: Where bytes are changed; any numbers, taken modulo the length.
    """
    for place in find_places(operation, body):
        yield from _of_any(place, body)
        if place.shape is None:
            yield from _of_envelope(place)
        elif isinstance(place.shape, _AGGREGATES):
            yield from _of_aggregate(place)
        else:
            yield from _of_scalar(place, place.shape)
    for position in positions:
        yield from _of_bytes(body, position % len(body))


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _of_any(place: Place, body: bytes) -> Iterator[Change]:
    name, start, end = place.name, place.start, place.end
    opening = body[start : place.inside]
    if b":" not in name and b"xmlns" not in opening:
        at = start + 1 + len(name)
        yield Change("another namespace", _codes("namespace"), at, at, b' xmlns="urn:other"')
    yield Change("renamed", _lost(place), start, end, _renamed(place, body, name + b"Other"))
    yield Change("in another case", NO_CLAIM, start, end, _renamed(place, body, name.swapcase()))
    if place.parent is None:
        return
    whole = body[start:end]
    yield Change("removed", NO_CLAIM, start, end, b"")
    yield Change("unwrapped", NO_CLAIM, start, end, body[place.inside : place.inside_end])
    yield Change("repeated", NO_CLAIM if place.is_item else _codes("member-repeated"), end, end, whole)
    twice = _codes("member-repeated member-missing")
    yield Change("repeated empty", NO_CLAIM if place.is_item else twice, end, end, b"<%b/>" % name)
    if place.parent.parent is not None:
        yield Change("moved out", NO_CLAIM, start, place.parent.end, body[end : place.parent.end] + whole)


def _lost(place: Place) -> frozenset[str]:
    """Return what is told of an element whose name is wrong."""
    if place.parent is None:
        return _codes("root error-envelope")
    match place.parent.shape:
        case MapShape() if place.shape is place.parent.shape:
            return _codes("list-member")
        case ListShape():
            return _codes("list-member")
        case None if place.shape is None or place.parent.parent is None:
            return _codes("wrapper wrapper-unknown error-envelope member-unknown request-id")
        case _:
            return _codes("member-unknown")


def _renamed(place: Place, body: bytes, name: bytes) -> bytes:
    closing = b"</%b>" % name if place.end > place.inside_end else b""
    return b"<%b%b%b" % (name, body[place.start + 1 + len(place.name) : place.inside_end], closing)


def _of_aggregate(place: Place) -> Iterator[Change]:
    if place.is_closed_at_once:
        return
    at = place.inside
    yield Change("stray text", _codes("member-type"), at, at, b"stray")
    yield Change("a text instead", _codes("member-type"), at, place.inside_end, b"text")
    yield Change("an unknown element", _codes("member-unknown list-member"), at, at, b"<Surprise>1</Surprise>")
    yield Change("emptied", NO_CLAIM, at, place.inside_end, b"")


_TEXTS: dict[str, tuple[str, str]] = {
    "boolean": ("boolean", "yes|TRUE|True|1|0|| true|true \n|truefalse|no"),
    "integer": ("member-type", "| 1|1 |1.0|1_0|0x1|many|99999999999|99999999999999999999999|\uff11|--1"),
    "long": ("member-type", "| 1|1 |1.0|1_0|0x1|many|99999999999999999999999|\uff11|--1"),
    "float": ("member-type", "| 1.5|1,5|1_0.5|nan|inf|1e999|0x1p3|much"),
    "double": ("member-type", "| 1.5|1,5|1_0.5|nan|inf|1e999|0x1p3|much"),
    "timestamp": (
        "member-type",
        "|yesterday|2026-11-26|2026-11-26T10:00:00|2026-13-41T00:00:00Z|26/11/26| 2026-11-26T10:00:00Z|1e300|nan|noon",
    ),
    "blob": ("member-type", "!|YQ|YQ=|=|Y Q==|YQ==!|\u00e9"),
}


def _of_scalar(place: Place, shape: Shape) -> Iterator[Change]:
    if place.is_closed_at_once:
        return
    start, end = place.inside, place.inside_end
    yield Change("nested", _codes("member-type"), start, start, b"<deeper>x</deeper>")
    yield Change("nested at the end", _codes("member-type"), end, end, b"<deeper/>")
    code, texts = _TEXTS.get(shape.type_name, ("", ""))
    if not texts:
        yield Change("emptied", NO_CLAIM, start, end, b"")
        yield Change("with white space", NO_CLAIM, start, end, b" text\n")
    for text in texts.split("|") if texts else ():
        yield Change(f"{shape.type_name} {text!r}", _codes(code), start, end, text.encode())


_ENVELOPE = {"Code": "error-code", "Message": "error-message", "Type": "error-type", "RequestId": "request-id"}


def _of_envelope(place: Place) -> Iterator[Change]:
    if place.is_closed_at_once or place.parent is None:
        return
    start, end = place.inside, place.inside_end
    claim = _codes(_ENVELOPE.get(place.local, ""))
    yield Change("emptied", claim, start, end, b"")
    yield Change("a text instead", claim if place.local == "Type" else NO_CLAIM, start, end, b"text")
    yield Change("stray text", NO_CLAIM, start, start, b"stray")
    yield Change("an element instead", NO_CLAIM, start, end, b"<deeper>x</deeper>")
    yield Change("an element more", NO_CLAIM, end, end, b"<Surprise>1</Surprise>")
    yield Change("white space before", claim if place.local == "Code" else NO_CLAIM, start, start, b" ")


def _of_bytes(body: bytes, at: int) -> Iterator[Change]:
    cut = _codes("truncated not-well-formed body-empty not-utf-8") if b"</" in body[at:] else NO_CLAIM
    yield Change("truncated", cut, at, len(body), b"")
    for flip in (0x01, 0x20, 0x80):
        yield Change("a bit flipped", NO_CLAIM, at, at + 1, bytes([body[at] ^ flip]))
    yield Change("a byte lost", NO_CLAIM, at, at + 1, b"")
    yield Change("a byte more", NO_CLAIM, at, at, b"<")
    yield Change("some bytes twice", NO_CLAIM, at, at, body[at : at + 12])


def right_changes(operation: Operation, body: bytes) -> Iterator[Change]:
    """Yield changes after which a right reply is odd but right: other bytes of the same document, or another order.

    Args:
        operation: Its output shape tells what stands where.
        body: Of a right reply.
    """
    yield from _of_document(body)
    places = find_places(operation, body)
    for place, following in zip(places, [*places[1:], None], strict=True):
        at = place.start + 1 + len(place.name)
        if b" unit=" not in body[place.start : place.inside]:
            yield Change("an attribute", NO_CLAIM, at, at, b" unit='a > b'")
        if place.parent is not None:
            yield Change("a comment", NO_CLAIM, place.start, place.start, b"<!-- <b> -->")
            yield Change("an instruction", NO_CLAIM, place.start, place.start, b"<?pi x?>")
            yield Change("white space", NO_CLAIM, place.start, place.start, b"\n\t ")
        if following is None or following.parent is not place:
            yield from _of_leaf(place, body)
    siblings: dict[int, Place] = {}
    for place in places:
        before = siblings.get(id(place.parent))
        if before is not None:
            swapped = body[place.start : place.end] + body[before.end : place.start] + body[before.start : before.end]
            yield Change("swapped", NO_CLAIM, before.start, place.end, swapped)
        siblings[id(place.parent)] = place


def _of_document(body: bytes) -> Iterator[Change]:
    end = len(body)
    if body.startswith(b"<") and not body.startswith((b"<?", b"<!")):
        yield Change("a declaration", NO_CLAIM, 0, 0, b'<?xml version="1.0" encoding="UTF-8"?>\n')
        yield Change("a byte order mark", NO_CLAIM, 0, 0, b"\xef\xbb\xbf")
    yield Change("a line end", NO_CLAIM, end, end, b"\r\n")
    yield Change("a comment at the end", NO_CLAIM, end, end, b"<!-- end -->")
    if b"<!" not in body and b"<?" not in body and b" xmlns=" in body.partition(b">")[0]:
        prefixed = re.sub(rb"<(/?)(?=\w)", rb"<\1p:", body).replace(b" xmlns=", b" xmlns:p=", 1)
        yield Change("a prefix", NO_CLAIM, 0, end, prefixed)


def _of_leaf(place: Place, body: bytes) -> Iterator[Change]:
    start, end = place.inside, place.inside_end
    content = body[start:end]
    if place.is_closed_at_once:
        return
    if not content and not isinstance(place.shape, _AGGREGATES):
        yield Change("closed at once", NO_CLAIM, start - 1, place.end, b"/>")
    if isinstance(place.shape, _AGGREGATES) or content.isspace():
        return
    if content and b"&" not in content and b"<" not in content:
        yield Change("a CDATA section", NO_CLAIM, start, end, b"<![CDATA[%b]]>" % content)
    if content[:1].isalnum():
        yield Change("a character by number", NO_CLAIM, start, start + 1, b"&#x%x;" % content[0])
        yield Change("a comment in a text", NO_CLAIM, start + 1, start + 1, b"<!--&-->")
