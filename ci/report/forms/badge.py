"""The verdict as a badge: a small SVG of one file, which asks nobody for a font or a picture."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr  # writing only

from ..reading import Report
from ..verdicts import verdict_of

_NAME = "botoproof"
# White on each of them has a contrast of 4.5 to 1 at least.
_COLOURS = {"good": "#00704f", "bad": "#b54500", "broken": "#33383d", "known": "#6a52a8"}
_PER_LETTER, _MARGIN, _HEIGHT = 7, 9, 20


def badge_report(reports: Sequence[Report]) -> str:
    """Return the verdict of reports as an SVG picture.

    Args:
        reports: All of one kind, at least one.
    """
    verdict = verdict_of(reports)
    left = _PER_LETTER * len(_NAME) + 2 * _MARGIN
    right = _PER_LETTER * len(verdict.word) + 2 * _MARGIN
    label = quoteattr(f"{_NAME}: {verdict.word}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" '
        f"aria-label={label}>\n"
        f"  <title>{escape(verdict.because)}</title>\n"
        f'  <rect width="{left + right}" height="{_HEIGHT}" rx="4" fill="#3b4046"/>\n'
        f'  <path d="M{left} 0h{right - 4}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H{left}z" fill="{_COLOURS[verdict.tone]}"/>\n'
        '  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\n'
        f"{_text(_NAME, left / 2, left)}{_text(verdict.word, left + right / 2, right)}"
        "  </g>\n</svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    # The length is told, so that every font fits.
    return f'    <text x="{middle:g}" y="14" textLength="{width - 2 * _MARGIN}">{escape(text)}</text>\n'
