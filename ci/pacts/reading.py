"""Pact files of versions 2, 3 and 4, read into one form, whoever wrote them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from ...contract.errors import BadConfiguration
from .pact import GivenState, Interaction, Message, Pact, Rule

_ID = re.compile(r"(.+) \[([^\[\]]+)\]")
_HTTP = ("Synchronous/HTTP", "HTTP")


class BadPact(BadConfiguration):
    """A file is no pact that can be used; the text names the file and the place."""


def read_pact(path: Path) -> Pact:
    """Return the pact in a file.

    Raises:
        BadPact: It cannot be read, is no JSON, or no pact of version 2, 3 or 4.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadPact(f"{path} is no text in UTF-8") from None
    except OSError as wrong:
        raise BadPact(f"the pact {path} cannot be read: {wrong.strerror or wrong}") from None
    return parse_pact(text, str(path))


def parse_pact(text: str, name: str) -> Pact:
    """Return the pact in the text of a file called `name`; see `read_pact`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise BadPact(f"{name} is no JSON: {wrong}") from None
    place = _Place(name)
    top = place.mapping(data, "the file")
    version = _version(top, place)
    interactions: list[Interaction] = []
    other = 0
    for number, one in enumerate(place.items(top.get("interactions", []), "interactions"), 1):
        here = place.mapping(one, f"interactions[{number}]")
        if version == 4 and here.get("type", _HTTP[0]) not in _HTTP:
            other += 1
        else:
            interactions.append(_interaction(here, version, place, f"interactions[{number}]"))
    other += len(place.items(top.get("messages", []), "messages"))
    consumer, provider = (
        place.text(place.mapping(top.get(side), side).get("name"), f"{side}.name") for side in ("consumer", "provider")
    )
    return Pact(consumer, provider, tuple(interactions), version, other)


def _version(top: Mapping[str, Any], place: _Place) -> int:
    metadata = top.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise place.wrong("metadata", "an object", metadata)
    known = cast("dict[str, Any]", metadata)
    said = known.get("pactSpecification") or known.get("pact-specification")
    text = cast("dict[str, Any]", said).get("version") if isinstance(said, dict) else None
    text = text or known.get("pactSpecificationVersion")
    first = str(text or "").partition(".")[0]
    if first not in ("2", "3", "4"):
        told = f"version {text}" if text else "no version in metadata.pactSpecification.version"
        raise BadPact(f"{place.name}: pacts of version 2, 3 or 4 can be used, and this one has {told}")
    return int(first)


class _Place:
    """Tells what is wrong with a file, and where."""

    def __init__(self, name: str) -> None:
        self.name = name

    def wrong(self, where: str, expected: str, got: object) -> BadPact:
        """Return the error for a value of the wrong kind."""
        return BadPact(f"{self.name}: {where} must be {expected}, got {repr(got)[:80]}")

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        """Return an object of the file."""
        if not isinstance(value, dict):
            raise self.wrong(where, "an object", value)
        return cast("dict[str, Any]", value)

    def items(self, value: Any, where: str) -> list[Any]:
        """Return a list of the file."""
        if not isinstance(value, list):
            raise self.wrong(where, "a list", value)
        return value

    def text(self, value: Any, where: str) -> str:
        """Return a text of the file."""
        if not isinstance(value, str) or not value:
            raise self.wrong(where, "a text", value)
        return value


def _interaction(here: Mapping[str, Any], version: int, place: _Place, where: str) -> Interaction:
    description = place.text(here.get("description"), f"{where}.description")
    request = place.mapping(here.get("request"), f"{where}.request")
    reply = place.mapping(here.get("response"), f"{where}.response")
    status = reply.get("status", 200)
    if not isinstance(status, int) or isinstance(status, bool):
        raise place.wrong(f"{where}.response.status", "a number", status)
    comments = here.get("comments")
    references = cast("dict[str, Any]", comments).get("references") if isinstance(comments, dict) else None
    return Interaction(
        description=description,
        states=_states(here, place, where),
        method=place.text(request.get("method", "GET"), f"{where}.request.method").upper(),
        path=place.text(request.get("path", "/"), f"{where}.request.path"),
        query=_query(request.get("query"), place, f"{where}.request.query"),
        request=_message(request, version, place, f"{where}.request"),
        status=status,
        reply=_message(reply, version, place, f"{where}.response"),
        references=cast("dict[str, Any]", references) if isinstance(references, dict) else {},
    )


def state_of(text: str) -> GivenState:
    """Return the state that a text of version 2 names, which holds an id in brackets.

    >>> state_of("a pending job [PND1A]")
    GivenState(name='a pending job', parameters={'id': 'PND1A'})
    """
    found = _ID.fullmatch(text)
    return GivenState(found[1], {"id": found[2]}) if found else GivenState(text)


def _states(here: Mapping[str, Any], place: _Place, where: str) -> tuple[GivenState, ...]:
    single = here.get("providerState", here.get("provider_state"))
    if isinstance(single, str) and single:
        return (state_of(single),)
    states: list[GivenState] = []
    for number, one in enumerate(place.items(here.get("providerStates") or [], f"{where}.providerStates"), 1):
        at = f"{where}.providerStates[{number}]"
        state = place.mapping(one, at)
        parameters = place.mapping(state.get("params") or {}, f"{at}.params")
        states.append(GivenState(place.text(state.get("name"), f"{at}.name"), parameters))
    return tuple(states)


def _query(value: Any, place: _Place, where: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    pairs: list[str] = []
    for key, several in place.mapping(value, where).items():
        values = several if isinstance(several, list) else [several]
        pairs += [f"{quote(key, safe='')}={quote(str(one), safe='')}" for one in values]
    return "&".join(pairs)


def _message(message: Mapping[str, Any], version: int, place: _Place, where: str) -> Message:
    headers: list[tuple[str, str]] = []
    for name, value in place.mapping(message.get("headers") or {}, f"{where}.headers").items():
        several = value if isinstance(value, list) else [value]
        headers += [(name, str(one)) for one in several]
    rules = place.mapping(message.get("matchingRules") or {}, f"{where}.matchingRules")
    return Message(
        tuple(headers),
        _body(message.get("body"), version, place, f"{where}.body"),
        _rules(rules, version, place, f"{where}.matchingRules"),
    )


def _body(body: Any, version: int, place: _Place, where: str) -> str | None:
    if version == 4 and isinstance(body, dict):
        known = cast("dict[str, Any]", body)
        content, encoded = known.get("content"), known.get("encoded")
        if encoded and isinstance(content, str):
            try:
                return base64.b64decode(content, validate=True).decode("utf-8", "surrogateescape")
            except binascii.Error as wrong:
                raise BadPact(f"{place.name}: {where}.content is said to be base64 and is not: {wrong}") from None
        body = content
    return body if isinstance(body, str) or body is None else json.dumps(body, ensure_ascii=False)


def _rules(rules: Mapping[str, Any], version: int, place: _Place, where: str) -> tuple[Rule, ...]:
    if version == 2:
        # One matcher a place, and the place from the message's root.
        return tuple(
            Rule(f"${path.removeprefix('$.body')}", (place.mapping(matcher, f"{where}[{path!r}]"),))
            for path, matcher in rules.items()
            if path.startswith("$.body")
        )
    found: list[Rule] = []
    for path, rule in place.mapping(rules.get("body") or {}, f"{where}.body").items():
        at = f"{where}.body[{path!r}]"
        matchers = place.items(place.mapping(rule, at).get("matchers", []), f"{at}.matchers")
        found.append(Rule(path, tuple(place.mapping(one, f"{at}.matchers") for one in matchers)))
    return tuple(found)
