"""What a cell opens, as compact data: the page's script makes text of it, and never markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class Island:
    """The data of all cells of a page, with each text once."""

    def __init__(self) -> None:
        """Begin with no cell."""
        self._texts: dict[str, int] = {}
        self._groups: dict[tuple[str, ...], int] = {}
        self._cells: dict[str, dict[str, Any]] = {}

    def add(
        self,
        cell: str,
        facts: Iterable[tuple[str, str]],
        *,
        links: Sequence[str] = (),
        tried: Mapping[str, str] | None = None,
    ) -> None:
        """Add what one cell opens.

        Args:
            cell: Its id.
            facts: Label and text of each line.
            links: The ids of what it leads to.
            tried: What came of each thing that was tried, by its name.
        """
        told: dict[str, Any] = {"f": [self._text(part) for fact in facts for part in fact]}
        if links:
            told["l"] = [self._text(link) for link in links]
        if tried:
            names = tuple(tried)
            group = self._groups.setdefault(names, len(self._groups))
            told["p"] = [group, *map(self._text, tried.values())]
        self._cells[cell] = told

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def json(self) -> str:
        """Return all of it as JSON that can stand in a script element: nothing in it ends one."""
        groups = [[self._text(name) for name in names] for names in self._groups]
        data = {"cells": self._cells, "groups": groups, "texts": list(self._texts)}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
