"""A page: a title and labelled texts, as it looks in a terminal, in a pipe and in Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LABEL = 12
# Shorter than this, a column of text beside the labels cannot be read.
_NARROW = 24
_SPECIAL = re.compile(r"([\\`*<>|])")


@dataclass(frozen=True, slots=True)
class Section:
    """Texts under one label.

    Attributes:
        label: A word or two.
        texts: Paragraphs; each stands on lines of its own.
    """

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say about one thing.

    Attributes:
        name: The code or name that was asked for.
        title: What it is, in one line.
        sections: What is said of it; those without texts are left out when it is shown.
    """

    name: str
    title: str
    sections: tuple[Section, ...]


def plainly(text: str) -> str:
    """Return `text` as it stands: how headings look where there is no terminal."""
    return text


def page_lines(page: Page, *, width: int | None, heading: Callable[[str], str] = plainly) -> Iterator[str]:
    """Yield the lines of a page.

    Args:
        page: What to show.
        width: Columns to wrap at; None for one line for each text, as programs like it.
        heading: Makes a heading of a text.
    """
    first, *rest = _wrapped(f"{page.name}: {page.title}", width)
    name = page.name if first.startswith(page.name) else first  # a terminal may be narrower than a name
    yield heading(name) + first.removeprefix(name)
    yield from rest
    yield ""
    for section in page.sections:
        label = section.label
        for text in section.texts:
            space = " " * max(_LABEL - len(label), 0)
            lines = _wrapped(text, None if width is None else width - _LABEL - 3)
            yield f"  {heading(label) if label else ''}{space} {lines[0]}"
            yield from (f"  {' ' * _LABEL} {line}" for line in lines[1:])
            label = ""


def _wrapped(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return textwrap.wrap(text, max(width, _NARROW), break_on_hyphens=False) or [""]


def page_markdown(page: Page) -> Iterator[str]:
    """Yield the lines of a page as a chapter in Markdown."""
    yield f"## {escaped(page.name)}"
    yield ""
    yield f"{escaped(page.title)}"
    yield ""
    for section in page.sections:
        if len(section.texts) == 1:
            yield f"- **{escaped(section.label)}**: {escaped(section.texts[0])}"
        elif section.texts:
            yield f"- **{escaped(section.label)}**:"
            yield from (f"  - {escaped(text)}" for text in section.texts)
    yield ""


def escaped(text: str) -> str:
    r"""Return `text` so that Markdown shows it as it stands; what stands in backquotes remains code.

    >>> escaped("a_b | `c|d`")
    'a_b \\| `c\\|d`'
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _SPECIAL.sub(r"\\\1", text)
    # GitHub reads a bar as the end of a table's cell in code, too, unless it is escaped.
    return "`".join(
        part.replace("|", "\\|") if number % 2 else _SPECIAL.sub(r"\\\1", part) for number, part in enumerate(parts)
    )
