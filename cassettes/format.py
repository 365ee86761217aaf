"""Recordings as data, read from the YAML that vcrpy writes (its version 1), ours or anybody's.

What is ours stands in comments, which vcrpy does not see: provenance at the top, and the key before each interaction.
Reading takes neither tags for more than they are, nor aliases for new data, and tells what is wrong where.
"""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zlib import crc32

from ..contract.codec.yaml_text import NotYaml, read_yaml
from ..contract.interaction import Reply, Request
from .entries import EntryReader, read_scalar
from .heading import BadCassette, Provenance, read_heading
from .key import KEY_VERSION, request_key
from .sensitive import STANDARD, ScrubRules

__all__ = ["BadCassette", "Cassette", "Provenance", "Recorded", "read_cassette", "read_file", "read_text"]

LARGEST = 256 * 1024 * 1024

END = "# end\n"
"""The last line of a recording of ours, by which one that was cut short is known."""

KEY_COMMENT = re.compile(r"^# key: ([0-9a-f]{32})(?: of text ([0-9a-f]{8}))?\n(?=- )", re.MULTILINE)
ENTRY = re.compile(r"^- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded interaction.

    Attributes:
        request: As in the file: without secrets when it is one of ours.
        reply: Likewise; decompressed.
        key: See `key.request_key`.
    """

    request: Request
    reply: Reply
    key: str


@dataclass(frozen=True, slots=True)
class Cassette:
    """A recording.

    Attributes:
        provenance: Where it comes from; None when the file does not say.
        key_version: The version of the keys in the file; None when it has none, as vcrpy's own files.
        interactions: In the order of the file.
        people: Whether names and addresses were taken out, which keys then do without.
        stale: Indices of interactions beside which another key stands: they were edited by hand.
    """

    provenance: Provenance | None
    key_version: int | None
    interactions: tuple[Recorded, ...]
    people: bool = False
    stale: tuple[int, ...] = ()

    @property
    def rules(self) -> ScrubRules:
        """The rules by which the keys are made."""
        return rules_of(people=self.people)


def read_cassette(path: str | Path) -> Cassette:
    """Return the recording in a file.

    Raises:
        BadCassette: It cannot be read; the text says where, and what was expected.
    """
    return read_text(read_file(Path(path)), str(path))


def read_file(path: Path) -> str:
    """Return the text of a file.

    Raises:
        BadCassette: There is none, it is empty, too large or not text.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as wrong:
        raise BadCassette(str(path), None, f"the recording cannot be read: {wrong.strerror or wrong}") from None
    if size > LARGEST:
        raise BadCassette(str(path), None, f"{size:,} bytes are too large for a recording (at most {LARGEST:,})")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")  # the same to YAML, also within texts
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise BadCassette(str(path), line, "it is not text in UTF-8; expected YAML as vcrpy writes it") from None
    if not text.strip():
        raise BadCassette(str(path), None, "it is empty; expected a recording (was saving it cut short?)")
    return text


def read_text(text: str, path: str = "<text>") -> Cassette:
    """Return the recording in `text`.

    Args:
        text: YAML as vcrpy writes it.
        path: What to call it in errors.

    Raises:
        BadCassette: As for `read_cassette`.
    """
    with without_gc():
        return _read_text(text, path)


@contextlib.contextmanager
def without_gc() -> Iterator[None]:
    """Keep the garbage collector out: it would look at all that was read again and again, four times as long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _read_text(text: str, path: str) -> Cassette:
    heading = read_heading(text, path)
    whole = text.rstrip()
    if heading.key_version is not None and not whole.endswith(END.rstrip()):
        lines = whole.count("\n") + 1
        raise BadCassette(path, lines, f"it was cut short: its last line is not {END.strip()!r}")
    trees = read_trees(text, path)
    starts = [text.count("\n", 0, found.start()) + 1 for found in ENTRY.finditer(text)] if len(trees) < 5_000 else []
    reader = EntryReader(path, bound(text))
    pairs = [
        reader.read(tree, index, starts[index] if len(starts) == len(trees) else None)
        for index, tree in enumerate(trees)
    ]
    rules = rules_of(people=heading.people)
    interactions = tuple(Recorded(request, reply, request_key(request, rules)) for request, reply in pairs)
    written = [found[1] for found in KEY_COMMENT.finditer(text)]
    stale: tuple[int, ...] = ()
    if heading.key_version == KEY_VERSION and len(written) == len(interactions):
        stale = tuple(i for i, (one, key) in enumerate(zip(interactions, written, strict=True)) if one.key != key)
    return Cassette(heading.provenance, heading.key_version, interactions, heading.people, stale)


def read_trees(text: str, path: str) -> list[Any]:
    """Return the interactions in `text` as trees.

    Raises:
        BadCassette: It is not YAML, or not a recording.
    """
    try:
        document = read_yaml(text, read_scalar).value
    except NotYaml as wrong:
        line = re.search(r"\(line (\d+)\)", str(wrong))
        raise BadCassette(
            path, int(line[1]) if line else None, f"it was cut short, or is not YAML as vcrpy writes it: {wrong}"
        ) from None
    if not isinstance(document, dict) or "interactions" not in document:
        raise BadCassette(path, None, "it is no recording: it has no interactions (expected YAML as vcrpy writes it)")
    whole = cast("dict[str, Any]", document)
    version = whole.get("version", "1")
    if version != "1":
        raise BadCassette(path, None, f"it is in version {str(version)[:20]!r} of vcrpy's format; expected version 1")
    entries = whole["interactions"]
    if not isinstance(entries, list):
        raise BadCassette(path, None, "its interactions are no list")
    return entries


def key_comment(key: str, entry: str) -> str:
    """Return the line before an interaction.

    Args:
        key: Of the interaction.
        entry: Its text, from the hyphen to where the next comment begins.
    """
    return f"# key: {key} of text {checksum(key, entry)}\n"


def checksum(key: str, entry: str) -> str:
    """Return by what a key and the text of its interaction are known to stand as they were written: 8 hex digits.

    It guards against an editor, not against an enemy, who could as well write another reply.
    """
    return f"{crc32(entry.encode('utf-8', 'surrogatepass'), crc32(key.encode('ascii'))):08x}"


def rules_of(*, people: bool) -> ScrubRules:
    """Return the rules by which the keys of a file are made."""
    return ScrubRules(people=True) if people else STANDARD


def bound(text: str) -> int:
    """Return how many bytes the interactions in `text` may have in all; aliases can stand for more than there is."""
    return 4 * len(text) + 1_000_000
