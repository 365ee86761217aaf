r"""What a service model says about a value, and which of it the SDK's own validator asks before the wire.

Written from the models, not from `botocore.validate`, so that each can be held against the other. The SDK asks for
types, required and unknown members, the one member of a union, and the minimum of strings, lists and numbers. It does
not ask for maxima, enums and patterns, nor for the minimum of blobs and maps; and it takes a bool for a number.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from .codec.departure import shortened
from .patterns import read_pattern

KINDS = ("type", "required", "unknown", "union", "min", "max", "enum", "pattern")

_INTEGER_BITS = {"integer": 31, "long": 63}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# dateutil reads much more than ISO 8601 and RFC 822 ("10h", "sunday"), but nothing that has neither digit nor name.
_PERHAPS_AN_INSTANT = re.compile(
    r"\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing in a value that the model does not allow.

    Attributes:
        kind: One of `KINDS`.
        path: Where, from ``$``: ``$.Tags[0].Key``; a map's entry is ``$.Map['key']``, its key ``$.Map['key'](key)``.
        expected: What the model asks for.
        observed: What stands there, shortened.
    """

    kind: str
    path: str
    expected: str
    observed: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.observed} [{self.kind}]"


def complaints(shape: Shape, value: Any) -> tuple[Complaint, ...]:
    """Return everything in `value` that the model of `shape` does not allow.

    One value has one complaint at most of its own: its type comes before its length or range, those before its enum,
    and that before its pattern. A pattern that cannot be decided (`patterns.Pattern.matches`) is not complained of.
    An ``integer`` has 32 bits and a ``long`` 64, also where the model gives no limits.
    """
    return tuple(complaint for complaint, _ in _complaints(shape, value, "$"))


def sdk_rejects(shape: Shape, value: Any) -> tuple[Complaint, ...]:
    """Return those complaints for which the SDK's own validator refuses the value, so that nothing is sent.

    Text for a timestamp is refused for certain only when nothing in it looks like a date: the SDK leaves the decision
    to dateutil, whose grammar is not repeated here.
    """
    return tuple(complaint for complaint, refused in _complaints(shape, value, "$") if refused)


# Each complaint goes with whether the SDK refuses the value for it.
_Verdicts = Iterator[tuple[Complaint, bool]]


def _complaints(shape: Shape, value: Any, path: str) -> _Verdicts:
    if is_json_header(shape):
        yield from _json_header(value, path)
        return
    match shape:
        case StructureShape() if shape.is_document_type:
            yield from _document(value, path)
        case StructureShape():
            yield from _structure(shape, value, path)
        case ListShape():
            yield from _list(shape, value, path)
        case MapShape():
            yield from _map(shape, value, path)
        case StringShape():
            yield from _string(shape, value, path)
        case _:
            yield from _scalar(shape, value, path)


def is_json_header(shape: Shape) -> bool:
    """Whether the SDK takes any JSON value for this string, and writes it to a header itself."""
    traits = shape.serialization
    return shape.type_name == "string" and bool(traits.get("jsonvalue")) and traits.get("location") == "header"


def _json_header(value: Any, path: str) -> _Verdicts:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        yield _complaint("type", path, "a JSON value", value), True


def _document(value: Any, path: str) -> _Verdicts:
    match value:
        case dict():
            for key, item in value.items():
                yield from _document(item, f"{path}[{key!r}]")
        case list():
            for index, item in enumerate(value):
                yield from _document(item, f"{path}[{index}]")
        case None | str() | int() | float():
            pass
        case _:
            yield _complaint("type", path, "a document: dict, list, str, int, float, bool or None", value), True


def _structure(shape: StructureShape, value: Any, path: str) -> _Verdicts:
    if not isinstance(value, dict):
        yield _complaint("type", path, "a dict", value), True
        return
    members = shape.members
    if shape.is_tagged_union and len(value) != 1:
        yield Complaint("union", path, "exactly one member of a union", f"{len(value)} members"), True
    for name in shape.required_members:
        if name not in value:
            yield Complaint("required", f"{path}.{name}", "a required member", "nothing"), True
    for name, item in value.items():
        if name in members:
            yield from _complaints(members[name], item, f"{path}.{name}")
        else:
            yield Complaint("unknown", f"{path}.{name}", f"a member of {shape.name}", "an unknown name"), True


def _list(shape: ListShape, value: Any, path: str) -> _Verdicts:
    if not isinstance(value, list | tuple):
        yield _complaint("type", path, "a list", value), True
        return
    yield from _size(shape, len(value), path, "items", refused=True)
    for index, item in enumerate(value):
        yield from _complaints(shape.member, item, f"{path}[{index}]")


def _map(shape: MapShape, value: Any, path: str) -> _Verdicts:
    if not isinstance(value, dict):
        yield _complaint("type", path, "a dict", value), True
        return
    yield from _size(shape, len(value), path, "entries", refused=False)
    for key, item in value.items():
        yield from _complaints(shape.key, key, f"{path}[{key!r}](key)")
        yield from _complaints(shape.value, item, f"{path}[{key!r}]")


def _string(shape: StringShape, value: Any, path: str) -> _Verdicts:
    if not isinstance(value, str):
        yield _complaint("type", path, "a str", value), True
        return
    size = tuple(_size(shape, len(value), path, "characters", refused=True))
    pattern = shape.metadata.get("pattern")
    if size:
        yield from size
    elif shape.enum:
        if value not in shape.enum:
            yield _complaint("enum", path, f"one of {shortened(', '.join(shape.enum))}", value), False
    elif pattern is not None and read_pattern(pattern).matches(value) is False:
        yield _complaint("pattern", path, f"text that matches {shortened(pattern)}", value), False


def _scalar(shape: Shape, value: Any, path: str) -> _Verdicts:
    match shape.type_name:
        case "boolean":
            if not isinstance(value, bool):
                yield _complaint("type", path, "a bool", value), True
        case "integer" | "long":
            if isinstance(value, bool) or not isinstance(value, int):
                yield _complaint("type", path, "an int", value), not _is_taken_for_number(shape, value)
            else:
                yield from _range(shape, value, path)
        case "float" | "double":
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                yield _complaint("type", path, "a float", value), not _is_taken_for_number(shape, value)
            else:
                yield from _range(shape, value, path)
        case "blob":
            if isinstance(value, bytes | bytearray | str):
                yield from _size(shape, len(value), path, "bytes", refused=False)
            elif not hasattr(value, "read"):
                yield _complaint("type", path, "bytes or a file", value), True
        case "timestamp":
            if not _is_instant(value):
                yield _complaint("type", path, "a datetime", value), not _is_perhaps_an_instant(value)
        case _:
            yield _complaint("type", path, f"a shape type that is known, not {shape.type_name}", value), True


def _is_taken_for_number(shape: Shape, value: Any) -> bool:
    """Whether the SDK sends a bool where the model has a number: in Python True is 1, and has to be in range."""
    least, _ = limits(shape)
    return isinstance(value, bool) and (least is None or value >= least)


def limits(shape: Shape) -> tuple[Any, Any]:
    """Return the least and the greatest length or value that the model allows; None for no limit.

    A member that becomes a label of the host name has a length of at least 1.
    """
    least = shape.metadata.get("min", 1 if shape.serialization.get("hostLabel") else None)
    return least, shape.metadata.get("max")


def _size(shape: Shape, size: int, path: str, unit: str, *, refused: bool) -> _Verdicts:
    least, most = limits(shape)
    if least is not None and size < least:
        yield Complaint("min", path, f"at least {least} {unit}", f"{size} {unit}"), refused
    elif most is not None and size > most:
        yield Complaint("max", path, f"at most {most} {unit}", f"{size} {unit}"), False


def _range(shape: Shape, value: Any, path: str) -> _Verdicts:
    least, most = limits(shape)
    if _is_nan(value):
        if least is not None or most is not None:
            # Comparing a Decimal that is not a number raises, a float does not.
            refused = isinstance(value, Decimal) and least is not None
            yield _complaint("min" if least is not None else "max", path, "a number within limits", value), refused
    elif least is not None and value < least:
        yield _complaint("min", path, f"at least {least}", value), True
    elif most is not None and value > most:
        yield _complaint("max", path, f"at most {most}", value), False
    elif shape.type_name in _INTEGER_BITS and not -(2 ** (bits := _INTEGER_BITS[shape.type_name])) <= value < 2**bits:
        yield _complaint("min" if value < 0 else "max", path, f"an integer of {bits + 1} bits", value), False


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def _is_instant(value: Any) -> bool:
    try:
        match value:
            case datetime():
                instant = value
            case int() | float() | Decimal():
                instant = _EPOCH + timedelta(seconds=float(value))
            case str():
                instant = _read_instant(value)
            case _:
                return False
        # Times on the edge of the calendar have no equal in UTC.
        return instant.tzinfo is None or instant.astimezone(UTC) is not None
    except (OverflowError, ValueError, TypeError, IndexError):
        return False


def _read_instant(text: str) -> datetime:
    try:
        seconds = float(text)
    except ValueError:
        return datetime.fromisoformat(text) if _ISO_8601.fullmatch(text) else parsedate_to_datetime(text)
    return _EPOCH + timedelta(seconds=seconds)


def _is_perhaps_an_instant(value: Any) -> bool:
    match value:
        case str():
            return _PERHAPS_AN_INSTANT.search(value) is not None
        case bytes() | bytearray():
            return any(byte < 128 and chr(byte).isdigit() for byte in value)
        case _:
            return hasattr(value, "read")


def _complaint(kind: str, path: str, expected: str, value: Any) -> Complaint:
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:  # Python does not print integers of more than 4,300 digits
        text = f"an {type(value).__name__} too large to print"
    return Complaint(kind, path, expected, shortened(text))
