"""Texts of others in Markdown: shown as they stand, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..report.payload import printable

_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_NOBODY = "@\N{ZERO WIDTH SPACE}"


def plain(text: str) -> str:
    r"""Return a text on one line, in which trackers see nobody mentioned.

    >>> plain("see\n@all") == "see\\n@\u200ball"
    True
    """
    return printable(text).replace("@", _NOBODY)


def line(text: str) -> str:
    r"""Return a text on one line, in which nothing has a meaning for Markdown or HTML, and nobody is mentioned.

    >>> print(line("see <b> & *c*"))
    see \<b\> \& \*c\*
    """
    return _SPECIAL.sub(r"\\\1", plain(text))


def code(text: str) -> str:
    """Return a text as code within a line.

    >>> code("a`b")
    '`` a`b ``'
    """
    text = printable(text) or " "
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    gap = " " if len(ticks) > 1 else ""
    return f"{ticks}{gap}{text}{gap}{ticks}"


def fence(text: str) -> Iterator[str]:
    """Yield a text as a block of code, with its own lines; the fence is longer than any in the text."""
    ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    yield ticks
    yield from (printable(one) for one in text.split("\n"))
    yield ticks
    yield ""
