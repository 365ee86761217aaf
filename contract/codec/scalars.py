"""Scalar values of the query protocol as text: what each shape type looks like on the wire, in both directions."""

from __future__ import annotations

import base64
import binascii
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from botocore.model import Shape

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGES = {"integer": 31, "long": 63}
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class NotOfType(ValueError):
    """A text does not spell a value of the shape's type."""


def write_scalar(shape: Shape, value: Any) -> str:
    """Return `value` as the query protocol spells it.

    Timestamps are written as ISO 8601 in UTC unless the shape asks for another format.
    """
    match shape.type_name:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return _write_instant(value, shape.serialization.get("timestampFormat", "iso8601"))
        case "blob":
            data = value.encode() if isinstance(value, str) else bytes(value)
            return base64.b64encode(data).decode("ascii")
        case "float" | "double":
            return _write_float(value)
        case _:
            return str(value)


def read_scalar(shape: Shape, text: str) -> Any:
    """Return the value that `text` spells, read strictly.

    A boolean is exactly ``true`` or ``false``; numbers are in range; no surrounding white space.

    Raises:
        NotOfType: `text` is not a value of that type; the message names what was expected.
    """
    kind = shape.type_name
    match kind:
        case "boolean":
            if text not in ("true", "false"):
                raise NotOfType("exactly true or false")
            return text == "true"
        case "integer" | "long":
            bits = _RANGES[kind]
            # 20 characters hold every 64-bit number; the bound keeps int() away from digits by the megabyte.
            if len(text) > 20 or not _INTEGER.fullmatch(text) or not -(2**bits) <= int(text) < 2**bits:
                raise NotOfType(f"an integer of {bits + 1} bits")
            return int(text)
        case "float" | "double":
            if text in _SPECIAL:
                return _SPECIAL[text]
            if len(text) > 400 or not _DECIMAL.fullmatch(text):
                raise NotOfType("a decimal number")
            number = float(text)
            if math.isinf(number):
                raise NotOfType("a decimal number that a double can hold")
            return number
        case "timestamp":
            return _read_instant(text, shape.serialization.get("timestampFormat", "iso8601"))
        case "blob":
            try:
                return base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                raise NotOfType("base64") from None
        case _:
            return text


def _write_float(value: Any) -> str:
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(value)


def _write_instant(value: Any, form: str) -> str:
    if not isinstance(value, datetime):
        return str(value)
    instant = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    match form:
        case "unixTimestamp":
            return str((instant - _EPOCH) // timedelta(seconds=1))
        case "rfc822":
            return format_datetime(instant.replace(microsecond=0), usegmt=True)
        case _:
            fraction = f".{instant.microsecond:06d}" if instant.microsecond else ""
            return f"{instant.year:04d}-{instant:%m-%dT%H:%M:%S}{fraction}Z"


def _read_instant(text: str, form: str) -> datetime:
    match form:
        case "unixTimestamp":
            return _read_seconds(text)
        case "rfc822":
            return _read_http_date(text)
        case _:
            return _read_iso_8601(text)


def _read_seconds(text: str) -> datetime:
    try:
        if len(text) < 20 and _DECIMAL.fullmatch(text):
            return _EPOCH + timedelta(seconds=float(text))
    except OverflowError:
        pass
    raise NotOfType("a timestamp in seconds since 1970")


def _read_http_date(text: str) -> datetime:
    try:
        if _HTTP_DATE.fullmatch(text):
            instant = parsedate_to_datetime(text)
            if format_datetime(instant, usegmt=True) == text:  # the names of day and month are not looked at otherwise
                return instant
    except ValueError:
        pass
    raise NotOfType("a timestamp such as Wed, 27 May 2015 18:58:21 GMT")


def _read_iso_8601(text: str) -> datetime:
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise NotOfType("a timestamp such as 2015-05-27T18:58:21Z")
    year, month, day, hour, minute, second = (int(group) for group in match.groups()[:6])
    microsecond = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        zone = UTC if match[8] == "Z" else _offset(match[8])
        return datetime(year, month, day, hour, minute, second, microsecond, zone)
    except ValueError:
        raise NotOfType("a timestamp such as 2015-05-27T18:58:21Z") from None


def _offset(text: str) -> timezone:
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))
