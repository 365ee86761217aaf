"""Data held to one of our own JSON Schemas, so that whoever reads a report can rely on what the schema promises.

Members that a schema does not describe are let through: a report of a later version may tell more, and can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_SAYS_NOTHING = {
    "$schema", "$id", "$defs", "title", "description", "format", "additionalProperties", "unevaluatedProperties",
}  # fmt: skip
# `additionalProperties` says something where it is a schema.


def departure(data: object, schema: Schema) -> str | None:
    """Return where and how data departs from a schema, e.g. ``findings[3].count: must be at least 1, got 0``.

    Args:
        data: As JSON is read.
        schema: Made of the keywords that our schemas use.

    Returns:
        The first departure, or None.

    Raises:
        ValueError: The schema uses another keyword.

    >>> departure({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}})
    "a[1]: must be an integer, got 'x'"
    """
    return next(_departures(data, schema, "", schema.get("$defs", {})), None)


def _departures(data: object, schema: Schema, path: str, names: Mapping[str, Schema]) -> Iterator[str]:
    for keyword, value in schema.items():
        match keyword:
            case "$ref":
                yield from _departures(data, names[value.removeprefix("#/$defs/")], path, names)
            case "type":
                kinds = [value] if isinstance(value, str) else value
                if not any(_is(data, kind) for kind in kinds):
                    yield _told(path, f"must be {' or '.join(map(_article, kinds))}", data)
            case "const" if data != value:
                yield _told(path, f"must be {value!r}", data)
            case "enum" if data not in value:
                yield _told(path, f"must be one of {', '.join(map(str, value))}", data)
            case "minimum" if _is(data, "number") and data < value:
                yield _told(path, f"must be at least {value}", data)
            case "pattern" if isinstance(data, str) and not re.search(value, data):
                yield _told(path, f"must match {value}", data)
            case "minLength" if isinstance(data, str) and len(data) < value:
                yield _told(path, f"must have at least {value} character{'s' if value != 1 else ''}", data)
            case "minItems" if isinstance(data, list) and len(data) < value:
                yield _told(path, f"must have at least {value} entries", data)
            case "maxItems" if isinstance(data, list) and len(data) > value:
                yield _told(path, f"must have at most {value} entries", data)
            case "anyOf" | "oneOf":
                found = [next(_departures(data, one, path, names), None) for one in value]
                if None not in found:
                    yield max(map(str, found), key=len)  # that of the form which comes nearest
            case "required" if isinstance(data, dict):
                yield from (f"{path or 'the whole'}: lacks {one!r}" for one in value if one not in data)
            case "properties" if isinstance(data, dict):
                for name, one in value.items():
                    if name in data:
                        yield from _departures(data[name], one, f"{path}.{name}" if path else name, names)
            case "items" if isinstance(data, list):
                for number, item in enumerate(data):
                    yield from _departures(item, value, f"{path}[{number}]", names)
            case "additionalProperties" if isinstance(value, dict) and isinstance(data, dict):
                described = schema.get("properties", {})
                for name, one in data.items():
                    if name not in described:
                        yield from _departures(one, value, f"{path}.{name}" if path else name, names)
            case _ if keyword not in _SAYS_NOTHING | _KNOWN:
                raise ValueError(f"no schema of ours may use {keyword!r}")


_KNOWN = {
    "$ref", "type", "const", "enum", "minimum", "pattern", "minLength", "minItems", "maxItems", "anyOf", "oneOf",
    "required", "properties", "items",
}  # fmt: skip


def _is(data: object, kind: str) -> bool:
    if isinstance(data, bool):  # which Python takes for an integer
        return kind == "boolean"
    return isinstance(data, _TYPES[kind]) or (kind == "integer" and isinstance(data, float) and data.is_integer())


def _article(kind: str) -> str:
    return {"null": "null", "object": "an object", "array": "an array", "integer": "an integer"}.get(kind, f"a {kind}")


def _told(path: str, must: str, data: object) -> str:
    shown = "an object" if isinstance(data, dict) else "an array" if isinstance(data, list) else repr(data)
    return f"{path or 'the whole'}: {must}, got {shown if len(shown) <= 80 else f'{shown[:80]}…'}"
