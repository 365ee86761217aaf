"""Secrets found in the text of a recording, whatever they are wrapped in; the last look before a file is written.

It reads the text anew, as a stranger with a search tool would, and shares nothing with the scrubber but the knowledge
of what a secret looks like.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import yaml

from ..contract.errors import ToolkitError
from ..contract.masking import mask
from .sensitive import ACCESS_KEYS, SECRET_KEYS, SIGNED_HEADERS, TOKEN, is_random, kind_of

LAYERS = 4
_SHOWN = 5

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_ESCAPE = re.compile(r"\\(?:u00([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_WRAPPED = re.compile(r"\s*[A-Za-z0-9+/]{16,}(?:\s+[A-Za-z0-9+/]+)+={0,2}\s*")
_WORD = re.compile(r"[A-Za-z0-9+/_=-]{16,}")
_ASSIGNED = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{0,60})(?=[\"']?[ \t]*[:=][ \t]*[\"']?[^\s\"'<>|&;,}\]])")
_BELOW = re.compile(
    r"(?<![\w.-])([A-Za-z][\w.-]{0,60})[\"']?[ \t]*:[ \t]*(?:[|>][-+0-9]*[ \t]*)?\r?\n[ \t]+(?![^\s:]*:\s)[^\s<]"
)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]{0,60})(?:\s[^<>]{0,500})?>\s*(?:<!\[CDATA\[\s*)?(?=[^\s<])")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a secret stands; never the secret itself.

    Attributes:
        line: The line of the text.
        kind: What it is, e.g. ``access-key``.
        where: What surrounds it, e.g. ``accessKeyId`` or ``percent-encoded``; may be empty.
    """

    line: int
    kind: str
    where: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind}{f' ({self.where})' if self.where else ''}"


class SecretFound(ToolkitError):
    """A recording holds secrets that scrubbing has left; nothing was written."""

    def __init__(self, path: str, hits: tuple[Hit, ...]) -> None:
        more = f" and {len(hits) - _SHOWN} more" if len(hits) > _SHOWN else ""
        super().__init__(
            f"{path} is not written, as it would hold what looks like secrets: "
            f"{'; '.join(map(str, hits[:_SHOWN]))}{more} (lines of the text that would have been written)"
        )
        self.hits = hits


def secrets_in(text: str, secrets: Collection[str] = ()) -> tuple[Hit, ...]:
    """Return where secrets stand in the text of a recording, in order.

    Args:
        text: The file's text; what is no YAML is searched as it stands.
        secrets: Values that are known to be secret.

    >>> [str(hit) for hit in secrets_in("a: {secretAccessKey: abc}")]
    ['line 1: secret-key (secretAccessKey)']
    """
    found = dict[Hit, None]()
    for line, names, value in _scalars(text):
        kind = next((kind for name in names if (kind := kind_of(name))), None)
        if kind is not None and value.strip() and not TOKEN.fullmatch(value.strip()):
            found[Hit(line, kind, names[0])] = None
        if secrets and mask(value, secrets) != value:
            found[Hit(line, "known secret", names[0] if names else "")] = None
        for where, view in _views(value, LAYERS):
            for hit_kind, near in _hits(view):
                found[Hit(line, hit_kind, ", ".join(filter(None, (near, where))))] = None
    return tuple(sorted(found, key=lambda hit: (hit.line, hit.kind, hit.where)))


def _scalars(text: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield line, the name beside it, and text of every scalar, and every comment."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "#" in line:
            yield number, (), line.partition("#")[2]
    number = 0
    try:
        for number, names, value in _events(text):
            yield number, names, value
    except (yaml.YAMLError, ValueError):
        for number, line in enumerate(text.split("\n"), start=1):
            yield number, (), line


def _events(text: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    open_: list[list[str | None]] = []  # for each open map [the name that waits for its value]; for each list []
    loader: Any = _Loader(text)
    while (event := loader.get_event()) is not None:
        inner = open_[-1] if open_ else []
        match event:
            case yaml.ScalarEvent() if inner and inner[0] is None:
                inner[0] = event.value
                yield _line(event), (), event.value
                continue
            case yaml.ScalarEvent():
                near = next((place[0] for place in reversed(open_) if place and place[0]), None)
                binary = event.tag == "tag:yaml.org,2002:binary"
                value = base64.b64decode(event.value).decode("latin-1") if binary else event.value
                yield _line(event), (near,) if near else (), value
            case yaml.MappingStartEvent():
                open_.append([None])
                continue
            case yaml.SequenceStartEvent():
                open_.append([])
                continue
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                open_.pop()
                inner = open_[-1] if open_ else []
            case yaml.AliasEvent():
                pass
            case _:
                continue
        if inner:
            inner[0] = None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _views(text: str, layers: int, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield `text` and what it is an encoding of, each with a word on how it was encoded."""
    yield where, text
    if not layers:
        return
    inner = list[tuple[str, str]]()
    if "%" in text:
        inner.append(("percent-encoded", unquote(text, errors="surrogateescape")))
    if "&" in text:
        inner.append(("as XML entities", html.unescape(text)))
    if "\\" in text:
        inner.append(("as JSON escapes", _ESCAPE.sub(_unescaped, text)))
    for word in _WORD.findall(text) + (["".join(text.split())] if _WRAPPED.fullmatch(text) else []):
        inner.extend(("base64", plain) for plain in _plain(word))
    for how, view in inner:
        if view != text:
            yield from _views(view, layers - 1, how)


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else {"n": "\n", "r": "\r", "t": "\t"}.get(escape[2], escape[2])


def _plain(word: str) -> Iterator[str]:
    bare = word.strip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        return
    yield data.decode("latin-1")


def _hits(text: str) -> Iterator[tuple[str, str]]:
    if ACCESS_KEYS.search(text):
        yield "access-key", ""
    if any(is_random(match[0]) for match in SECRET_KEYS.finditer(text)):
        yield "secret-key", ""
    if SIGNED_HEADERS.search(text):
        yield "authorization", ""
    bare = TOKEN.sub("<>", text)
    for shape in (_ASSIGNED, _BELOW, _ELEMENT):
        for match in shape.finditer(bare):
            if kind := kind_of(match[1]):
                yield kind, match[1]
