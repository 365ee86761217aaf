"""A pact as data, whichever version of Pact's format it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORM = "application/x-www-form-urlencoded"
"""Matches what the SDK sends too, which adds a charset."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one place of a body may differ from the example.

    Attributes:
        path: The place, in Pact's path language, from the body's ``$``.
        matchers: As versions 3 and 4 write them, e.g. ``{"match": "type"}``.
    """

    path: str
    matchers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a reply.

    Attributes:
        headers: Names and values.
        body: Its text, or None when it has none.
        rules: Rules for the body.
    """

    headers: tuple[tuple[str, str], ...]
    body: str | None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenState:
    """A provider state that an interaction asks for.

    Attributes:
        name: As the file writes it; ours are the sentences of the specification's states.
        parameters: Ours hold ``id``: how the request names the resource that is in the state.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Interaction:
    """One request, and the reply that the consumer relies on.

    Attributes:
        description: What Pact tells interactions apart by.
        states: What must hold before.
        method: Of the request.
        path: Of the request.
        query: Of the request, encoded; empty for none.
        request: The rest of the request.
        status: Of the reply.
        reply: The rest of the reply.
        references: Where the promise stands, by the kind of place; only version 4 keeps it.
    """

    description: str
    states: tuple[GivenState, ...]
    method: str
    path: str
    query: str
    request: Message
    status: int
    reply: Message
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


@dataclass(frozen=True, slots=True)
class Pact:
    """What one consumer relies on at one provider.

    Attributes:
        consumer: Its name.
        provider: Its name.
        interactions: In the order of the file.
        version: Of the format: 2, 3 or 4.
        other: How many interactions are no HTTP ones (messages), which nobody here looks at.
    """

    consumer: str
    provider: str
    interactions: tuple[Interaction, ...]
    version: int = 4
    other: int = 0
