r"""The `pattern` of a string shape, as far as Python's own regular expressions can answer for it.

Models are written in Java's or ECMA's dialect and are meant to match the whole text. What Python cannot compile, or
reads otherwise than they do, is *undecided* rather than guessed. Unicode classes such as ``\p{L}`` are replaced by
their ASCII members, which is exact for ASCII text; other text is undecided then. So is longer text for patterns that
repeat a group which itself varies: a dozen of the modelled ones, e.g. ``[a-z](-?[a-z]+)*``, take exponential time.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

_LONGEST = 20_000
_LONGEST_WITH_NESTED_REPEATS = 20
_ASCII = tuple(map(chr, range(128)))
_NOTHING_ASCII = r"\x80"  # any character that is not ASCII will do: other text is undecided anyway
_ASTRAL = r"\uD800\uDC00-\uDBFF\uDFFF"  # how Java spells U+10000 to U+10FFFF
# In Java and in ECMA these are ASCII. A `-` after them is a character by itself, as it is after a range.
_SHORT = {"d": "0-9", "s": r" \t-\r", "w": "_A-Za-z0-9"}
_POSIX = {
    "ASCII": r"\x00-\x7f",
    "Alnum": "A-Za-z0-9",
    "Alpha": "A-Za-z",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "Digit": "0-9",
    "Graph": r"\x21-\x7e",
    "IsAlphabetic": "A-Za-z",
    "IsDigit": "0-9",
    "IsWhitespace": r"\t-\r ",
    "Lower": "a-z",
    "Print": r"\x20-\x7e",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r"\t-\r ",
    "Upper": "A-Z",
    "XDigit": "0-9A-Fa-f",
}
_TOKEN = re.compile(
    r"\\(?P<sign>[pP])(?:\{(?P<name>\w+)\}|(?P<letter>\w))"
    r"|\\x\{(?P<code>[0-9A-Fa-f]{1,6})\}"
    r"|\\(?P<end>z)"
    r"|\\(?P<short>[dswDSW])"
    r"|\\."
    r"|(?P<both>&&)"
    r"|(?P<group>\(\?<)(?![=!])"
    r"|(?P<open>\[\^?)"
    r"|(?P<close>\])"
    r"|.",
    re.DOTALL,
)
_ANCHOR_INSIDE = re.compile(r"[\w/]\^|(?<!\\)\$[\w/}]")
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z<=!:]*|[*+]|\{\d*,\d*\}|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A model's pattern.

    Attributes:
        text: As the model writes it.
        regex: The same for Python, or None where Python has no equivalent.
        ascii_only: Whether `regex` is exact for ASCII text only.
        longest: How many characters are matched at most; longer text is undecided.
    """

    text: str
    regex: re.Pattern[str] | None
    ascii_only: bool
    longest: int

    def matches(self, value: str) -> bool | None:
        r"""Return whether the pattern matches the whole of `value`, or None where that cannot be decided.

        >>> read_pattern("[0-9]+").matches("12"), read_pattern("[0-9]+").matches("x1")
        (True, False)
        >>> read_pattern(r"\p{L}+").matches("ab"), read_pattern(r"\p{L}+").matches("é")
        (True, None)
        """
        if self.regex is None or len(value) > self.longest or (self.ascii_only and not value.isascii()):
            return None
        return self.regex.fullmatch(value) is not None


@cache
def read_pattern(text: str) -> Pattern:
    """Return the pattern `text`; never raises."""
    if _ANCHOR_INSIDE.search(re.sub(r"\[(?:\\.|[^\]\\])*\]", "[]", text)):
        # No text matches `a^b`: the model cannot mean it.
        return Pattern(text, None, ascii_only=False, longest=0)
    source, ascii_only = _translated(text.replace(_ASTRAL, r"\U00010000-\U0010FFFF"))
    longest = _LONGEST_WITH_NESTED_REPEATS if _repeats_nest(source) else _LONGEST
    with warnings.catch_warnings():
        # Python warns where its reading of `[[`, `--`, `&&` or `||` may come to differ from now.
        warnings.simplefilter("error")
        try:
            return Pattern(text, re.compile(source, re.ASCII), ascii_only, longest)
        except (re.error, Warning, OverflowError, RecursionError):
            return Pattern(text, None, ascii_only=False, longest=0)


def _translated(text: str) -> tuple[str, bool]:
    """Return `text` in Python's dialect, and whether that is exact for ASCII text only.

    What has no translation is left as it stands, and does not compile.
    """
    out: list[str] = []
    inside = ascii_only = False
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if token["sign"]:
            members = _members(token["name"] or token["letter"], negated=token["sign"] == "P")
            if members is not None:
                piece = members if inside else f"[{members}]"
                ascii_only = True
        elif token["code"]:
            piece = f"\\U{int(token['code'], 16):08x}"
        elif token["short"]:
            piece = _short(token["short"], inside=inside, before=out[-2:])
        elif token["end"]:
            piece = r"\Z"
        elif token["group"] and not inside:
            piece = "(?P<"
        elif token["open"]:
            inside = True
        elif token["close"]:
            inside = False
        out.append(piece)
    return "".join(out), ascii_only


def _short(letter: str, *, inside: bool, before: list[str]) -> str:
    in_range = before[-1:] == ["-"] and before[0] not in ("[", "[^")
    if inside and (letter.isupper() or in_range):
        return f"\\{letter}"
    negation = "^" if letter.isupper() else ""
    members = _SHORT[letter.lower()]
    return members if inside else f"[{negation}{members}]"


def _members(name: str, *, negated: bool) -> str | None:
    """Return the ASCII members of a named class, for use between brackets."""
    if name in _POSIX:
        members = set(re.findall(f"[{_POSIX[name]}]", "".join(_ASCII)))
    elif re.fullmatch(r"(Is)?[CLMNPSZ][a-z]?", name):
        members = {char for char in _ASCII if unicodedata.category(char).startswith(name.removeprefix("Is"))}
    else:
        return None
    return "".join(f"\\x{ord(char):02x}" for char in _ASCII if (char in members) is not negated) or _NOTHING_ASCII


def _repeats_nest(text: str) -> bool:
    """Whether a group of varying length, or with alternatives, is itself repeated a varying number of times."""
    pieces = [match[0] for match in _PIECE.finditer(text)]
    varies = [False]
    for piece, after in pairwise([*pieces, ""]):
        repeat = piece in ("*", "+", "?", "|") or (piece[0] == "{" and "," in piece)
        if piece[0] == "(":
            varies.append(False)
        elif piece == ")" and len(varies) > 1:
            inner = varies.pop()
            if inner and (after in ("*", "+") or (after.startswith("{") and "," in after)):
                return True
            varies[-1] |= inner
        elif repeat:
            varies[-1] = True
    return False
