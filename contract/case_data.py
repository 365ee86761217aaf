"""Cases as data that JSON can hold, without loss: what a run folder keeps, and a later run sends again.

Null, booleans, numbers, texts, lists and maps of plain names stand as JSON has them. Whatever JSON has no word for is a
map with one key that begins with ``$``: ``{"$bytes": "AAE="}``.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from .case import Call, Case, Form, Parse, Raw, Signing
from .interaction import Reply

_TAG = "$"
# Python neither prints nor reads longer integers in decimal.
_LONGEST_INTEGER = 10**4000
_SIGNING: Mapping[str, type] = {"version": str, "key": str, "tampered": bool, "age_seconds": int}


class NotData(ValueError):
    """A case that cannot be written down, or data that is none; the text says why."""


def write_case(case: Case) -> dict[str, Any]:
    """Return `case` as data from which `read_case` makes an equal one.

    Raises:
        NotData: It holds a value of a type that cannot be written down, such as an open file, or was struck by a fault.

    >>> write_case(Case("CancelJob", Raw(b"x", content_type="")))["sent"]
    {'kind': 'bytes', 'body': {'$bytes': 'eA=='}, 'content_type': ''}
    """
    if case.plan:
        raise NotData("it was struck by a fault, which botoproof faults --measure tries again")
    match case.sent:
        case Call(parameters=parameters):
            sent: dict[str, Any] = {"kind": "parameters", "parameters": write_value(dict(parameters))}
        case Form(pairs=pairs, method=method, query=query):
            sent = {"kind": "form", "method": method, "pairs": _write_pairs(pairs), "query": _write_pairs(query)}
        case Raw(body=body, content_type=content_type):
            sent = {"kind": "bytes", "body": write_value(body), "content_type": write_value(content_type)}
        case Parse(reply=reply):
            headers = _write_pairs(reply.headers)
            sent = {"kind": "reply", "status": reply.status, "headers": headers, "body": write_value(reply.body)}
    signing = {name: getattr(case.signing, name) for name in _SIGNING}
    return {"operation": case.operation, "label": write_value(case.label), "signing": signing, "sent": sent}


def read_case(data: Any) -> Case:
    """Return the case that `write_case` has written as `data`.

    Raises:
        NotData: It is not a case; the text names the place and what was expected there.
    """
    table = _map(data, "the case")
    signing = _map(_entry(table, "signing"), "signing")
    sent = _map(_entry(table, "sent"), "sent")
    match sent.get("kind"):
        case "parameters":
            made: Call | Form | Raw | Parse = Call(_of(dict, read_value(_entry(sent, "parameters")), "parameters"))
        case "form":
            method = _of(str, _entry(sent, "method"), "method")
            made = Form(_read_pairs(sent, "pairs"), method, _read_pairs(sent, "query"))
        case "bytes":
            body = _of(bytes, read_value(_entry(sent, "body")), "body")
            made = Raw(body, _of(str, read_value(_entry(sent, "content_type")), "content_type"))
        case "reply":
            body = _of(bytes, read_value(_entry(sent, "body")), "body")
            made = Parse(Reply(_of(int, _entry(sent, "status"), "status"), _read_pairs(sent, "headers"), body))
        case other:
            raise NotData(f"sent.kind must be parameters, form, bytes or reply, got {other!r}")
    return Case(
        operation=_of(str, _entry(table, "operation"), "operation"),
        sent=made,
        label=_of(str, read_value(_entry(table, "label")), "label"),
        signing=Signing(
            **{name: _of(kind, _entry(signing, name), f"signing.{name}") for name, kind in _SIGNING.items()}
        ),
    )


def write_value(value: Any) -> Any:
    r"""Return a parameter's value as JSON has it.

    Raises:
        NotData: It is of a type that cannot be written down.

    >>> write_value({"Key": b"\x00", "At": float("inf")})
    {'Key': {'$bytes': 'AA=='}, 'At': {'$float': 'inf'}}
    """
    kind = type(cast("object", value))
    if value is None or kind is bool:
        return value
    if kind in _WRITERS:
        return _WRITERS[kind](value)
    if isinstance(value, Mapping):  # not only a dict: read back, it is one, which compares equal
        return _write_map(value)
    raise NotData(f"a value of type {kind.__name__} cannot be written down")


def read_value(data: Any) -> Any:
    """Return the value that `write_value` has written as `data`.

    Raises:
        NotData: It was not written by `write_value`.
    """
    match data:
        case None | bool() | int() | float() | str():
            return data
        case list():
            return [read_value(item) for item in data]
        case dict():
            table = cast("dict[str, Any]", data)
            tag = next(iter(table), "")
            if not tag.startswith(_TAG):
                return {key: read_value(item) for key, item in table.items()}
            if len(table) != 1 or tag not in _READERS:
                raise NotData(f"there is no value {', '.join(table)}; known: {', '.join(_READERS)}")
            try:
                return _READERS[tag](table[tag])
            except (TypeError, ValueError, LookupError, InvalidOperation) as wrong:
                raise NotData(f"{tag} cannot be read: {wrong}") from None
        case _:
            raise NotData(f"JSON has no {type(data).__name__}")


def _write_text(text: str) -> Any:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # JSON would join two lone surrogates side by side to one character.
        return {"$text": _base64(text.encode("utf-8", "surrogatepass"))}
    return text


def _write_map(value: Mapping[Any, Any]) -> dict[str, Any]:
    names = [key for key in value if type(key) is str and not key.startswith(_TAG) and _write_text(key) == key]
    if len(names) == len(value):
        return {name: write_value(value[name]) for name in names}
    return {"$map": [[write_value(key), write_value(item)] for key, item in value.items()]}


def _write_float(value: float) -> Any:
    return value if math.isfinite(value) else {"$float": repr(value)}


def _write_integer(value: int) -> Any:
    return value if abs(value) < _LONGEST_INTEGER else {"$integer": hex(value)}


def _write_instant(value: datetime) -> dict[str, Any]:
    # The fold tells the second of two equal times when clocks are set back; ISO 8601 has no word for it.
    return {"$datetime": [value.isoformat(), value.fold]}


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    str: _write_text,
    int: _write_integer,
    float: _write_float,
    bytes: lambda value: {"$bytes": _base64(value)},
    bytearray: lambda value: {"$bytearray": _base64(value)},
    list: lambda value: [write_value(item) for item in value],
    tuple: lambda value: {"$tuple": [write_value(item) for item in value]},
    datetime: _write_instant,
    date: lambda value: {"$date": value.isoformat()},
    Decimal: lambda value: {"$decimal": str(value)},
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "$text": lambda data: _bytes(data).decode("utf-8", "surrogatepass"),
    "$integer": lambda data: int(data, 16),
    "$float": float,
    "$bytes": lambda data: _bytes(data),
    "$bytearray": lambda data: bytearray(_bytes(data)),
    "$tuple": lambda data: tuple(read_value(item) for item in data),
    "$map": lambda data: {read_value(key): read_value(item) for key, item in data},
    "$datetime": lambda data: datetime.fromisoformat(data[0]).replace(fold=data[1]),
    "$date": date.fromisoformat,
    "$decimal": Decimal,
}


def _base64(data: bytes | bytearray) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as wrong:
        raise NotData(f"not base64: {wrong}") from None


def _write_pairs(pairs: tuple[tuple[str, str], ...]) -> list[Any]:
    return [[write_value(key), write_value(value)] for key, value in pairs]


def _read_pairs(table: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for pair in _of(list, _entry(table, name), name):
        match read_value(pair):
            case [str() as key, str() as value]:
                pairs.append((key, value))
            case _:
                raise NotData(f"{name} must be a list of pairs of texts")
    return tuple(pairs)


def _map(data: Any, where: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", _of(dict, data, where))


def _entry(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise NotData(f"there is no {name!r}")
    return table[name]


def _of(kind: type[Any], value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise NotData(f"{where} must be of type {kind.__name__}, got {type(value).__name__}")
    return value
