"""Strict reading and writing of ``application/x-www-form-urlencoded`` bytes, sans I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

Pairs = tuple[tuple[str, str], ...]

_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = "-._~"


@dataclass(frozen=True, slots=True)
class FormReading:
    """What a form body holds, and what was wrong with it.

    Attributes:
        pairs: Decoded keys and values in order. Bytes that are not UTF-8 stand as lone surrogates (PEP 383), so
            that nothing is lost.
        problems: What is not well-formed, as ``code`` and position in bytes.
    """

    pairs: Pairs
    problems: tuple[tuple[str, int], ...]


def write_form(pairs: Iterable[tuple[str, str]], *, plus: bool = True) -> bytes:
    """Return `pairs` percent-encoded.

    Args:
        pairs: Keys and values in the order wanted; keys may repeat.
        plus: Write a space as ``+`` (what botocore sends) rather than ``%20`` (what signature version 2 asks for).

    >>> write_form([("Manifest", "a: b"), ("JobId", "~")])
    b'Manifest=a%3A+b&JobId=~'
    """
    return "&".join(f"{_quoted(key, plus)}={_quoted(value, plus)}" for key, value in pairs).encode("ascii")


def read_form(data: bytes) -> FormReading:
    """Return the pairs in `data`; never raises.

    Problems: ``bad-percent`` (a ``%`` without two hex digits; kept as it stands), ``not-utf-8``, ``nul`` (a NUL
    character), ``empty-key``, ``no-equals`` (a key without ``=``; its value reads as empty), ``not-ascii`` (a raw
    byte that a form must percent-encode).

    >>> read_form(b"JobId=1&%zz").problems
    (('bad-percent', 8), ('no-equals', 8))
    """
    pairs: list[tuple[str, str]] = []
    problems: list[tuple[str, int]] = []
    position = 0
    for part in data.split(b"&") if data else ():
        if part:
            key, equals, value = part.partition(b"=")
            if b"%" in part and (bad := _BAD_PERCENT.search(part)):
                problems.append(("bad-percent", position + bad.start()))
            if not part.isascii():
                problems.append(("not-ascii", position))
            if not equals:
                problems.append(("no-equals", position))
            elif not key:
                problems.append(("empty-key", position))
            texts = tuple(_unquoted(piece, position, problems) for piece in (key, value))
            pairs.append((texts[0], texts[1]))
        position += len(part) + 1
    return FormReading(tuple(pairs), tuple(problems))


def _quoted(text: str, plus: bool) -> str:
    data = text.encode("utf-8", "surrogateescape")
    quoted = quote(data, safe=_UNRESERVED)
    return quoted.replace("%20", "+") if plus else quoted


def _unquoted(data: bytes, position: int, problems: list[tuple[str, int]]) -> str:
    raw = unquote_to_bytes(data.replace(b"+", b" "))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        problems.append(("not-utf-8", position))
        text = raw.decode("utf-8", "surrogateescape")
    if "\0" in text:
        problems.append(("nul", position))
    return text
