"""What a look at a job shows, in the form in which two looks, or a look and a request, can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CANCELLED = "Canceled"
# What XML 1.0 can hold; a reply has no way to show the rest.
_SHOWN = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Content:
    """What an update replaces as a whole.

    Attributes:
        manifest: In the form of `comparable`; None when a reply does not show it.
        job_type: ``Import`` or ``Export``.
    """

    manifest: str | None
    job_type: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What GetStatus shows of a job."""

    job_id: str | None
    content: Content
    created: object
    progress: str | None
    signature: str | None


def read_sight(value: Mapping[str, Any]) -> Sight:
    """Return what a result of GetStatus shows."""
    manifest = value.get("CurrentManifest")
    return Sight(
        job_id=value.get("JobId"),
        content=Content(None if manifest is None else comparable(manifest), str(value.get("JobType", ""))),
        created=value.get("CreationDate"),
        progress=value.get("ProgressCode"),
        signature=value.get("Signature"),
    )


def comparable(text: str) -> str:
    r"""Return a manifest with every line end as a line feed, as readers of XML give it back (XML 1.0, 2.11).

    >>> comparable("a\r\nb\rc\n")
    'a\nb\nc\n'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_shown_whole(text: str) -> bool:
    r"""Return whether XML can hold every character of a text.

    >>> is_shown_whole("a\tb"), is_shown_whole("a\x01b")
    (True, False)
    """
    return _SHOWN.fullmatch(text) is not None


def difference(expected: Content, seen: Content) -> str:
    """Return where two contents differ, for a reader."""
    if expected.manifest == seen.manifest:
        return f"{seen.job_type!r}, where {expected.job_type!r} should be"
    if seen.manifest is None or expected.manifest is None:
        return "no manifest" if seen.manifest is None else "a manifest"
    at = next(
        (at for at, (one, other) in enumerate(zip(expected.manifest, seen.manifest, strict=False)) if one != other),
        min(len(expected.manifest), len(seen.manifest)),
    )
    return f"{_part(seen.manifest, at)} at character {at}, where {_part(expected.manifest, at)} should be"


def _part(text: str, at: int) -> str:
    return repr(text[at : at + _SHORT]) if at < len(text) else "the end"
