"""Text of a given length that a model's pattern matches."""

from __future__ import annotations

import re
from functools import cache, partial

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ..contract.patterns import Pattern, read_pattern

# Every character that UTF-8 can carry.
_ANY = st.characters(codec="utf-8")
_PRINTABLE = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))
_ASCII = st.characters(codec="ascii")
_VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
_VISIBLE_OR_SPACE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
# `st.from_regex` lists each character of a class, which takes seconds for `[ -\uFFFD]`: patterns are drawn from a
# smaller alphabet. The line ends that `.` matches in Python but not in Java are left out, where it can do without.
_LAST = 0x24F
_LINE_ENDS = "\r\x85"
_RANGE = re.compile(r"(\\[uU]\w+|\\x\w\w|\\.|.)-(\\u\w{4}|\\U\w{8})", re.DOTALL)
_CODE = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}")
_ALIKE = "a0 -/é漢😀"
# A look-ahead for the length is better fitted than filtered for.
_LENGTH_AHEAD = re.compile(r"\^?\(\?=\^?\.\{\d+,\d+\}\$\)")

_FILLERS = "a0A-/: ="
_LONG = 64  # longer text is drawn shorter and then stretched, as each drawn character costs entropy
_LONGEST = 1_000


@cache
def texts(
    *, min_size: int = 0, max_size: int | None = None, pattern: str | None = None, visible: bool = False
) -> st.SearchStrategy[str]:
    """Return a strategy for text of `min_size` to `max_size` characters that `pattern` matches as a whole.

    Where Python cannot read the pattern, or where no matching text of that length is found, the length wins and the
    text may not match.

    Args:
        min_size: The fewest characters.
        max_size: The most characters; None for no limit. No more than 1,000 are drawn unless `min_size` asks for it.
        pattern: A model's pattern, or None.
        visible: Draw visible ASCII only, as header values and host labels need; spaces where the pattern wants them.

    Raises:
        ValueError: No text is that long.
    """
    if min_size < 0 or (max_size is not None and max_size < min_size):
        raise ValueError(f"text needs 0 <= min_size <= max_size, got min_size={min_size}, max_size={max_size}")
    limit = max(min_size, _LONGEST if max_size is None else min(max_size, _LONGEST))
    alphabet = _VISIBLE if visible else _ANY
    if pattern is None:
        return _plain(alphabet, min_size, limit)
    read = read_pattern(pattern)
    if read.regex is None:
        return _plain(alphabet, min_size, limit)
    if not visible and all(read.matches(character * max(min_size, min(4, limit))) for character in _ALIKE):
        return _plain(_PRINTABLE, min_size, limit).map(partial(_fitted, read, min_size, limit))
    source = _RANGE.sub(_narrowed, read.regex.pattern)
    if ahead := _LENGTH_AHEAD.match(source):
        shortest, longest = map(int, re.findall(r"\d+", ahead[0]))
        source = source[ahead.end() :]
        min_size, limit = max(min_size, min(shortest, limit)), min(limit, max(longest, min_size))
    few = _VISIBLE_OR_SPACE if visible else _ASCII if read.ascii_only else _latin(source)
    matching = _matching(source, few)
    if matching is None:
        matching = _matching(source, _ANY)
    if matching is None:
        return _plain(alphabet, min_size, limit)
    if min_size:
        matching = matching.filter(bool)  # there is nothing to stretch in an empty text
    return matching.map(partial(_fitted, read, min_size, limit))


def _plain(alphabet: st.SearchStrategy[str], min_size: int, max_size: int) -> st.SearchStrategy[str]:
    if min_size <= _LONG:
        return st.text(alphabet, min_size=min_size, max_size=max_size)
    return st.text(alphabet, min_size=1, max_size=_LONG).map(lambda text: text + text[-1] * (min_size - len(text)))


def _latin(source: str) -> st.SearchStrategy[str]:
    codes = {int(code[2:], 16) for code in _CODE.findall(source)}
    named = {chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF}  # UTF-8 carries no surrogates
    return st.characters(max_codepoint=_LAST, exclude_characters=set(_LINE_ENDS) - named, include_characters=named)


def _matching(source: str, alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str] | None:
    """Return a strategy for matching text, or None where the pattern names characters outside the alphabet."""
    strategy = st.from_regex(source, fullmatch=True, alphabet=alphabet)
    try:
        strategy.validate()
    except InvalidArgument:
        return None
    return strategy


def _narrowed(span: re.Match[str]) -> str:
    """Return the part of a character range that lies in the alphabet, or one character outside it."""
    first, last = span.groups()
    if int(last[2:], 16) <= _LAST:
        return span[0]
    if first[:2] in (r"\u", r"\U") and int(first[2:], 16) > _LAST:
        return first
    return f"{first}-\\u{_LAST:04x}"


def _fitted(pattern: Pattern, min_size: int, max_size: int, text: str) -> str:
    """Return `text`, stretched or cut into the limits so that it still matches, where that can be done."""
    if min_size <= len(text) <= max_size and pattern.matches(text) is not False:
        return text
    undecided = None
    candidates = _stretched(text, min_size) if len(text) < min_size else _cut(pattern, text, max_size)
    filled = [filler * max(min_size, 1) for filler in _FILLERS if max_size]
    for candidate in (*candidates, *filled):
        match pattern.matches(candidate):
            case True:
                return candidate
            case None:
                undecided = undecided or candidate
    return undecided or next(iter(filled), "")


def _stretched(text: str, size: int) -> list[str]:
    """Return `text` with one of its characters repeated until it is long enough, the last one first, or with others."""
    missing = size - len(text)
    repeated = [text[:at] + text[at] * missing + text[at:] for at in range(len(text) - 1, -1, -1)]
    return repeated + [text + filler * missing for filler in _FILLERS]


def _cut(pattern: Pattern, text: str, size: int) -> list[str]:
    """Return `text` less one slice, then `text` less as many single characters as the pattern can spare."""
    excess = len(text) - size
    shorter = text
    while len(shorter) > size:
        parts = (shorter[:at] + shorter[at + 1 :] for at in range(len(shorter) - 1, -1, -1))
        spared = next((part for part in parts if pattern.matches(part)), None)
        if spared is None:
            break
        shorter = spared
    whole = [shorter] if len(shorter) == size else []
    return [text[:at] + text[at + excess :] for at in range(size, -1, -1) if excess > 0] + whole
