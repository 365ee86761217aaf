"""Values as Python source that a person can read and run."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

WIDTH = 100
_INDENT = "    "
# A text in which something stands hundreds of times over is written as a product.
_RUN = re.compile(r"(.{1,16}?)\1{15,}", re.DOTALL)
_RUN_OF_BYTES = re.compile(_RUN.pattern.encode(), re.DOTALL)
_SHORTEST_RUN = 200


class NotWritable(Exception):
    """The value has no source, or one that nobody would read; the text says why."""


def literal(value: Any, *, indent: str = "", names: Mapping[str, str] | None = None) -> str:
    """Return source that evaluates to `value`.

    Args:
        value: Texts, bytes, numbers, lists, tuples, maps, and `datetime` (its source needs ``import datetime``).
        indent: What stands before the lines after the first.
        names: Texts, and the variables that stand for them wherever they occur.

    Raises:
        NotWritable: It holds something else.

    >>> literal({"JobId": "AAAAA", "Note": "x" * 1000}, names={"AAAAA": "pending"})
    '{"JobId": pending, "Note": "x" * 1000}'
    """
    swap = names or {}
    match value:
        case None | bool() | int():
            return repr(value)
        case float():
            return repr(value) if math.isfinite(value) else f'float("{value}")'
        case str() | bytes():
            return _text(value, indent, swap)
        case Mapping():
            pairs = value.items()
            inner = [f"{literal(key)}: {literal(item, indent=indent + _INDENT, names=swap)}" for key, item in pairs]
            return joined("{", inner, "}", indent)
        case list():
            items = value
            return joined("[", [literal(item, indent=indent + _INDENT, names=swap) for item in items], "]", indent)
        case tuple():
            parts = [literal(item, indent=indent + _INDENT, names=swap) for item in value]
            return f"({parts[0]},)" if len(parts) == 1 else joined("(", parts, ")", indent)
        case datetime() if value.tzinfo is None or isinstance(value.tzinfo, timezone):
            return repr(value)
        case _:
            raise NotWritable(f"a value of type {type(value).__name__} cannot be written as source")


def arguments(parameters: Mapping[str, Any], *, indent: str = "", names: Mapping[str, str] | None = None) -> str:
    """Return `parameters` as what stands in the brackets of a call, brackets included."""
    if all(name.isidentifier() and not keyword.iskeyword(name) for name in parameters):
        inner = [f"{name}={literal(value, indent=indent + _INDENT, names=names)}" for name, value in parameters.items()]
        return joined("(", inner, ")", indent)
    return f"(**{literal(parameters, indent=indent, names=names)})"


def joined(opening: str, parts: list[str], closing: str, indent: str) -> str:
    """Return `parts` in brackets: on one line where there is room, else one to a line."""
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(indent) + len(line) <= WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{indent}{_INDENT}{part},\n" for part in parts)
    return f"{opening}\n{inner}{indent}{closing}"


def _text(value: str | bytes, indent: str, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        if value in names:
            return names[value]
        used = {text: name for text, name in names.items() if text in value}
        swaps = "".join(f".replace({_quoted(text)}, {name})" for text, name in used.items())
        pieces = _lines(value) if "\n" in value.rstrip("\n") and len(value) > 40 else _products(value)
    else:
        used = {text: name for text, name in names.items() if text.encode() in value}
        swaps = "".join(f".replace({_quoted(text.encode())}, {name}.encode())" for text, name in used.items())
        pieces = _products(value)
    if len(pieces) == 1:
        return f"({pieces[0]}){swaps}" if swaps and " * " in pieces[0] else f"{pieces[0]}{swaps}"
    return f"{_sum(pieces, indent)}{swaps}"


def _sum(pieces: list[str], indent: str) -> str:
    plus = "+ " if any(" * " in piece for piece in pieces) else ""  # literals side by side bind tighter than a product
    line = f"({' + '.join(pieces)})"
    if plus and len(indent) + len(line) <= WIDTH:
        return line
    inner = f"\n{indent}{_INDENT}{plus}".join(pieces)
    return f"(\n{indent}{_INDENT}{inner}\n{indent})"


def _lines(text: str) -> list[str]:
    """Return one literal for each line; products where a line holds a run, and then all is one sum."""
    return [piece for line in text.splitlines(keepends=True) for piece in _products(line)]


def _products(value: str | bytes) -> list[str]:
    if len(value) < _SHORTEST_RUN:
        return [_quoted(value)]
    pieces: list[str] = []
    end = 0
    pattern: Any = _RUN if isinstance(value, str) else _RUN_OF_BYTES
    for run in pattern.finditer(value):
        if run.end() - run.start() < _SHORTEST_RUN:
            continue
        if run.start() > end:
            pieces.append(_quoted(value[end : run.start()]))
        unit = run[1]
        pieces.append(f"{_quoted(unit)} * {(run.end() - run.start()) // len(unit)}")
        end = run.end()
    if end < len(value) or not pieces:
        pieces.append(_quoted(value[end:]))
    return pieces


def _quoted(value: str | bytes) -> str:
    """Return `repr`, with double quotes where that needs no more escapes."""
    shown = repr(value)
    quote = shown[-1]
    prefix = "b" if isinstance(value, bytes) else ""
    if quote == '"' or '"' in shown:
        return shown
    return f'{prefix}"{shown[len(prefix) + 1 : -1]}"'
