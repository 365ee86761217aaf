"""One interaction, read from the tree that vcrpy's YAML holds; other people's recordings as well as ours."""

from __future__ import annotations

import base64
from typing import Any, cast

import yaml

from ..contract.codec.form import write_form
from ..contract.codec.yaml_text import NotYaml
from ..contract.interaction import Headers, Reply, Request
from .heading import BadCassette
from .scrub import Unsearchable, decoded

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset(
    {"!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "python/str", "python/unicode", "int", "null"))}
)
_BINARY = "tag:yaml.org,2002:binary"
_MEMBERS_OF_A_BODY = frozenset({"string", "base64_string"})


class Bare(str):
    """Text that stands without quotes or tag, so that ``null`` among it may mean nothing."""

    __slots__ = ()


def read_scalar(event: yaml.ScalarEvent) -> str | bytes:
    """Return a scalar as text, or as bytes when it is tagged so.

    Raises:
        NotYaml: Another tag stands before it, or what should be base64 is not.
    """
    line = event.start_mark.line + 1 if event.start_mark else 0
    if event.tag == _BINARY:
        try:
            return base64.b64decode("".join(event.value.split()), validate=True)
        except ValueError:
            raise NotYaml(f"what is tagged !!binary is not base64 (line {line})") from None
    if event.tag is not None and event.tag not in _TEXT_TAGS:
        raise NotYaml(f"the tag {event.tag[:60]!r} is none that a recording needs (line {line})")
    return Bare(event.value) if event.implicit[0] and not event.style else event.value


class EntryReader:
    """Turns trees into interactions, within bounds: an alias may stand for much at many places."""

    def __init__(self, path: str, most: int) -> None:
        """Read from `path`; the interactions together may have `most` bytes."""
        self._path = path
        self._left = most
        self._line: int | None = None
        self._where = ""

    def read(self, tree: Any, index: int, line: int | None) -> tuple[Request, Reply]:
        """Return interaction `index`, which starts in `line`.

        Raises:
            BadCassette: It is none; the text says what was expected.
        """
        self._line, self._where = line, f"interaction {index + 1}"
        sent, came = self._map(tree, "request"), self._map(tree, "response")
        headers = self._headers(sent)
        url = self._text(sent, "uri")
        if "://" not in url:
            raise self._wrong(f"its uri is {url[:60]!r}; expected an absolute URL")
        request = Request(self._text(sent, "method"), url, headers, self._body(sent.get("body")))
        status = self._map(came, "status").get("code")
        if not (isinstance(status, str) and status.isascii() and status.isdigit() and len(status) == 3):
            raise self._wrong(f"its status code is {_described(status)}; expected a number such as 200")
        reply = Reply(int(status), self._headers(came), self._body(came.get("body")))
        try:
            return request, decoded(reply)
        except Unsearchable as wrong:
            raise self._wrong(str(wrong)) from None

    def _wrong(self, what: str) -> BadCassette:
        return BadCassette(self._path, self._line, f"{self._where}: {what}")

    def _spend(self, data: str | bytes) -> None:
        self._left -= len(data) + 16
        if self._left < 0:
            raise self._wrong("it grows out of proportion to the file; its aliases stand for too much")

    def _map(self, tree: Any, name: str) -> dict[str, Any]:
        value = cast("dict[str, Any]", tree).get(name) if isinstance(tree, dict) else None
        if not isinstance(value, dict):
            raise self._wrong(f"it has no {name} (expected a map of that name)")
        return cast("dict[str, Any]", value)

    def _text(self, tree: dict[str, Any], name: str) -> str:
        value = tree.get(name)
        if not isinstance(value, str) or not value:
            raise self._wrong(f"its {name} is {_described(value)}; expected text")
        self._spend(value)
        return str(value)

    def _headers(self, tree: dict[str, Any]) -> Headers:
        headers = tree.get("headers") or {}
        if isinstance(headers, Bare) and headers in _NULLS:
            return ()
        if not isinstance(headers, dict):
            raise self._wrong(f"its headers are {_described(headers)}; expected a map of names to lists of text")
        found = list[tuple[str, str]]()
        for name, values in cast("dict[str, Any]", headers).items():
            for value in values if isinstance(values, list) else [values]:
                if not isinstance(value, (str, bytes)):
                    raise self._wrong(f"its header {name[:40]} is {_described(value)}; expected text")
                self._spend(value)
                found.append((str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value)))
        return tuple(found)

    def _body(self, value: Any) -> bytes:
        match value:
            case None:
                return b""
            case Bare() if value in _NULLS:
                return b""
            case str() | bytes():
                self._spend(value)
                return value.encode("utf-8") if isinstance(value, str) else value
            case {"string": inner, **rest} if not rest.keys() - _MEMBERS_OF_A_BODY - {"encoding"}:
                return self._body(inner)
            case {"base64_string": str() as text, **rest} if rest.keys() <= {"encoding"}:
                try:
                    return base64.b64decode(text)
                except ValueError:
                    raise self._wrong("what its body calls base64_string is not base64") from None
            case dict():
                return write_form(self._pairs(cast("dict[str, Any]", value)))
            case _:
                raise self._wrong(f"a body is {_described(value)}; expected text, or a map of form keys to text")

    def _pairs(self, form: dict[str, Any]) -> list[tuple[str, str]]:
        for name, value in form.items():
            if not isinstance(value, str):
                raise self._wrong(f"the form key {name[:40]!r} has {_described(value)}; expected text")
            self._spend(value)
        return list(form.items())


def _described(value: Any) -> str:
    match value:
        case None:
            return "absent"
        case dict():
            return "a map"
        case list():
            return "a list"
        case bytes():
            return "binary"
        case _:
            return repr(str(value)[:40])
