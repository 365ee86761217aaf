"""Recorded interactions found in a file that is parsed only where it is asked.

The comment before each interaction says its key, so that opening a file of ten thousand takes a search for lines. An
interaction is parsed when it is hit, and its key made anew if its text is not as it was written: a file that was edited
by hand never gives a wrong answer, and is parsed as a whole before anything is said to be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from .entries import EntryReader
from .format import (
    END,
    ENTRY,
    KEY_COMMENT,
    BadCassette,
    Recorded,
    bound,
    checksum,
    read_file,
    read_text,
    read_trees,
    rules_of,
    without_gc,
)
from .heading import Provenance, read_heading
from .index import Found, Index
from .key import KEY_VERSION, request_key
from .sensitive import ScrubRules

_TOP = re.compile(r"(?:#[^\n]*\n)*version: 1\ninteractions:\n")


@dataclass(frozen=True, slots=True)
class _Span:
    """Where an interaction stands in the text, its place in the recording, and what it was written with."""

    place: int
    start: int
    end: int
    checksum: str | None


class LazyCassette:
    """A recording in a file; `Index` in everything but time and memory."""

    def __init__(self, path: str | Path) -> None:
        """Open a file.

        Args:
            path: The file. One whose keys are missing or of another version is parsed at once.

        Raises:
            BadCassette: It cannot be read, as far as that shows without parsing it.
        """
        self.path = Path(path)
        self._lock = Lock()
        self._text = read_file(self.path)
        self._heading = read_heading(self._text, str(path))
        self._spans: dict[str, list[_Span]] = {}
        self._parsed: dict[int, Recorded] = {}
        self._whole: Index | None = None
        with without_gc():
            self._count = self._find_spans()
        if not self._count:
            self._parse_the_whole()

    @property
    def provenance(self) -> Provenance | None:
        """Where the recording comes from."""
        return self._heading.provenance

    @property
    def rules(self) -> ScrubRules:
        """The rules by which keys are made."""
        return rules_of(people=self._heading.people)

    def __len__(self) -> int:
        return len(self._whole) if self._whole is not None else self._count

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._parse_the_whole())

    def find(self, key: str) -> Found:
        """Return the interactions with that key and their places, in the order of the recording.

        Raises:
            BadCassette: The file turns out to be no recording where it is parsed.
        """
        if self._whole is None and (spans := self._spans.get(key)):
            found = tuple((span.place, one) for span in spans if (one := self._parse(key, span)) is not None)
            if len(found) == len(spans):
                return found
        return self._parse_the_whole().find(key)

    def _find_spans(self) -> int:
        """Find where each key stands; return how many, or 0 when the file cannot be relied upon to say so."""
        text = self._text
        top = _TOP.match(text)
        if self._heading.key_version != KEY_VERSION or top is None or not text.endswith(END):
            return 0
        marks = list(KEY_COMMENT.finditer(text, top.end()))
        if not marks or marks[0].start() != top.end() or len(marks) != sum(1 for _ in ENTRY.finditer(text)):
            return 0
        ends = [mark.start() for mark in marks[1:]] + [len(text) - len(END)]
        for place, (mark, end) in enumerate(zip(marks, ends, strict=True)):
            self._spans.setdefault(mark[1], []).append(_Span(place, mark.end(), end, mark[2]))
        return len(marks)

    def _parse(self, key: str, span: _Span) -> Recorded | None:
        """Return the interaction that stands there; None when it cannot be read alone, or has another key."""
        known = self._parsed.get(span.start)
        if known is not None:
            return known
        text = self._text[span.start : span.end]
        part = f"interactions:\n{text}"
        try:
            [tree] = read_trees(part, str(self.path))
            request, reply = EntryReader(str(self.path), bound(part)).read(tree, 0, None)
        except (BadCassette, ValueError):  # told with its place when the whole is parsed
            return None
        if checksum(key, text) != span.checksum and request_key(request, self.rules) != key:
            return None
        return self._parsed.setdefault(span.start, Recorded(request, reply, key))

    def _parse_the_whole(self) -> Index:
        with self._lock:
            if self._whole is None:
                self._whole = Index(read_text(self._text, str(self.path)))
                self._parsed.clear()
            return self._whole
