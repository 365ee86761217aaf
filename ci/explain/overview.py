"""All finding codes on one page, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from .kinds import kind_page, known_kinds
from .page import page_markdown


def findings_page() -> Iterator[str]:
    """Yield the lines of the page."""
    kinds = known_kinds()
    yield "# The finding codes"
    yield ""
    yield "<!-- Generated: botoproof explain --findings -->"
    yield ""
    yield "Each finding has a stable code, which is never reused. `botoproof explain CODE` prints what this page has."
    yield ""
    yield "| code | what | severity |"
    yield "| --- | --- | --- |"
    yield from (f"| [`{kind.code}`](#{kind.code}) | {kind.title} | {kind.severity.value} |" for kind in kinds.values())
    yield ""
    for kind in kinds.values():
        yield from page_markdown(kind_page(kind))
