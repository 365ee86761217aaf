"""Strict reading and writing of ``application/x-www-form-urlencoded`` bytes, sans I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

Pairs = tuple[tuple[str, str], ...]

_BYTE = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
_NUL = re.compile(rb"\0|%00")
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PERCENT = {byte: chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256)}
_PLUS = {**_PERCENT, 0x20: "+"}


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
    escapes = _PLUS if plus else _PERCENT
    return "&".join(f"{_quoted(key, escapes)}={_quoted(value, escapes)}" for key, value in pairs).encode("ascii")


def read_form(data: bytes) -> FormReading:
    """Return the pairs in `data`; never raises.

    Problems: ``bad-percent`` (a ``%`` without two hex digits; kept as it stands), ``not-utf-8``, ``nul`` (a NUL
    character), ``empty-key``, ``no-equals`` (a key without ``=``; its value reads as empty), ``not-ascii`` (a raw
    byte that a form must percent-encode). Each is told once for a pair (``nul`` and ``not-utf-8``: for its key and for
    its value), at the byte where it first occurs.

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
            if not part.isascii() and (raw := _NOT_ASCII.search(part)):
                problems.append(("not-ascii", position + raw.start()))
            if not equals:
                problems.append(("no-equals", position))
            elif not key:
                problems.append(("empty-key", position))
            after = position + len(key) + 1
            pairs.append((_unquoted(key, position, problems), _unquoted(value, after, problems)))
        position += len(part) + 1
    return FormReading(tuple(pairs), tuple(problems))


def _quoted(text: str, escapes: Mapping[int, str]) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1").translate(escapes)


def _unquoted(data: bytes, position: int, problems: list[tuple[str, int]]) -> str:
    raw = unquote_to_bytes(data.replace(b"+", b" "))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        encoded = next(islice(_BYTE.finditer(data), wrong.start, None))
        problems.append(("not-utf-8", position + encoded.start()))
        text = raw.decode("utf-8", "surrogateescape")
    if "\0" in text and (nul := _NUL.search(data)):
        problems.append(("nul", position + nul.start()))
    return text
