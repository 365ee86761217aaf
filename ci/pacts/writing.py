"""Pacts as the text of a file, in versions 2, 3 and 4 of Pact's format: the same bytes for the same interactions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .pact import GivenState, Interaction, Message, Pact, Rule

VERSIONS: Mapping[int, str] = {2: "2.0.0", 3: "3.0.0", 4: "4.0"}
"""The versions of the format that can be written, as files name them."""


def write_pact(pact: Pact) -> str:
    """Return the text of the file for `pact`, in the version that it names."""
    data = {
        "consumer": {"name": pact.consumer},
        "interactions": [_WRITERS[pact.version](interaction) for interaction in pact.interactions],
        "metadata": {"pactSpecification": {"version": VERSIONS[pact.version]}},
        "provider": {"name": pact.provider},
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _version_4(interaction: Interaction) -> dict[str, Any]:
    data: dict[str, Any] = {"type": "Synchronous/HTTP", "description": interaction.description, "pending": False}
    if interaction.states:
        data["providerStates"] = _states(interaction)
    data["request"] = {**_head(interaction), **_message(interaction.request, _enveloped, _listed)}
    if interaction.query:
        data["request"]["query"] = _query(interaction.query)
    data["response"] = {"status": interaction.status, **_message(interaction.reply, _enveloped, _listed)}
    if interaction.references:
        data["comments"] = {"references": {kind: dict(where) for kind, where in interaction.references.items()}}
    return data


def _version_3(interaction: Interaction) -> dict[str, Any]:
    data: dict[str, Any] = {"description": interaction.description}
    if interaction.states:
        data["providerStates"] = _states(interaction)
    data["request"] = {**_head(interaction), **_message(interaction.request, _bare, dict)}
    if interaction.query:
        data["request"]["query"] = _query(interaction.query)
    data["response"] = {"status": interaction.status, **_message(interaction.reply, _bare, dict)}
    return data


def _version_2(interaction: Interaction) -> dict[str, Any]:
    data: dict[str, Any] = {"description": interaction.description}
    if interaction.states:
        data["providerState"] = state_text(interaction.states)
    query = {"query": interaction.query} if interaction.query else {}
    data["request"] = {**_head(interaction), **query, **_plain_message(interaction.request)}
    data["response"] = {"status": interaction.status, **_plain_message(interaction.reply)}
    return data


_WRITERS = {2: _version_2, 3: _version_3, 4: _version_4}


def state_text(states: tuple[GivenState, ...]) -> str:
    """Return states as version 2 can hold them, which has one name and no parameters.

    >>> state_text((GivenState("a pending job", {"id": "PND1A"}),))
    'a pending job [PND1A]'
    """
    return " and ".join(
        f"{state.name} [{state.parameters['id']}]" if "id" in state.parameters else state.name for state in states
    )


def _states(interaction: Interaction) -> list[dict[str, Any]]:
    return [
        {"name": state.name, **({"params": dict(state.parameters)} if state.parameters else {})}
        for state in interaction.states
    ]


def _head(interaction: Interaction) -> dict[str, Any]:
    return {"method": interaction.method, "path": interaction.path}


def _query(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        found.setdefault(unquote(key), []).append(unquote(value))
    return found


def _message(message: Message, body: Any, headers: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"headers": headers(message.headers)}
    if message.body is not None:
        data["body"] = body(message)
    if message.rules:
        data["matchingRules"] = {"body": {rule.path: _rule(rule) for rule in message.rules}}
    return data


def _rule(rule: Rule) -> dict[str, Any]:
    return {"combine": "AND", "matchers": [dict(matcher) for matcher in rule.matchers]}


def _plain_message(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = {"headers": dict(message.headers)}
    if message.body is not None:
        data["body"] = message.body
    if message.rules:
        # Version 2 knows one matcher a place.
        data["matchingRules"] = {f"$.body{rule.path[1:]}": dict(rule.matchers[0]) for rule in message.rules}
    return data


def _listed(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    return {name: [value] for name, value in headers}


def _bare(message: Message) -> str | None:
    return message.body


def _enveloped(message: Message) -> dict[str, Any]:
    kind = next((value for name, value in message.headers if name.lower() == "content-type"), "text/plain")
    # Pact's schema asks for the hint, which its own writers leave out.
    return {"content": message.body, "contentType": kind, "contentTypeHint": "TEXT", "encoded": False}
