"""Recorded interactions found by the key of a request, once all of them are in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from .format import Cassette, Recorded
from .heading import Provenance
from .sensitive import ScrubRules

Found = tuple[tuple[int, Recorded], ...]
"""Interactions, each with its place in the recording, from 0: what was played is told apart by it."""


class Lookup(Protocol):
    """What a recording can be asked, be it in memory or in a file; may be asked by several threads at once."""

    @property
    def provenance(self) -> Provenance | None:
        """Where the recording comes from."""
        ...

    @property
    def rules(self) -> ScrubRules:
        """The rules by which keys are made."""
        ...

    def __len__(self) -> int:
        """Return the number of interactions."""
        ...

    def find(self, key: str) -> Found:
        """Return the interactions with that key and their places, in the order of the recording; else nothing."""
        ...

    def __iter__(self) -> Iterator[Recorded]:
        """Iterate over all interactions, in the order of the recording."""
        ...


class Index:
    """A recording in memory."""

    def __init__(self, cassette: Cassette) -> None:
        """Index `cassette` by its keys."""
        self._cassette = cassette
        found: dict[str, list[tuple[int, Recorded]]] = {}
        for place, one in enumerate(cassette.interactions):
            found.setdefault(one.key, []).append((place, one))
        self._found = {key: tuple(interactions) for key, interactions in found.items()}

    @property
    def provenance(self) -> Provenance | None:
        """Where the recording comes from."""
        return self._cassette.provenance

    @property
    def rules(self) -> ScrubRules:
        """The rules by which keys are made."""
        return self._cassette.rules

    def __len__(self) -> int:
        return len(self._cassette.interactions)

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._cassette.interactions)

    def find(self, key: str) -> Found:
        """Return the interactions with that key and their places, in the order of the recording."""
        return self._found.get(key, ())
