"""Secrets in text replaced by tokens: beside telling names, by their shape, and in encodings within the text.

Everything here takes time in proportion to the text, and leaves a text as it is that was scrubbed before.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from ..contract.masking import mask
from .sensitive import (
    ACCESS_KEY,
    ACCESS_KEYS,
    E_MAILS,
    SECRET_KEYS,
    SIGNED_HEADERS,
    TOKEN,
    decode_base64,
    is_random,
    kind_of,
)
from .tokens import Tokens

LAYERS = 3
"""How many encodings within each other are looked into, e.g. base64 of a percent-encoded URL in a parameter."""

_SHORTEST = 16
"""No secret that is known by its shape alone, or is wrapped in base64, is shorter."""

_NAME = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{0,60})([\"']?[ \t]*[:=])")
_OPEN = ("<", "&lt;")
_LINE_START = re.compile(r"[ \t]*(?:- +)*[\"']?")
_QUOTED = re.compile(r"[ \t]*(?:\"((?:[^\"\\\r\n]|\\.){1,8192})\"|'((?:[^'\r\n]|''){1,8192})')")
_BLOCK = re.compile(r"[ \t]*[|>][-+0-9]*[ \t]*\r?\n")
_LINE = re.compile(r"([ \t]*)([^\n]*)\n?")
_NEXT_LINE = re.compile(r"[ \t]*\r?\n([ \t]+[^\s:](?:[^\r\n:]|:(?!\s))*)(?=\r?\n|$)")
_TO_THE_END = re.compile(r"[ \t]*([^\r\n]*?)[ \t;]*(?= #|[\r\n]|$)")
_WORD = re.compile(r"[ \t]*[\"']?([^\s,;&}\]<>\"']+)")
_COMPONENT = re.compile(r"[\w%.~+!$'()*@-]{4,}")
_RUN = re.compile(r"[A-Za-z0-9+/_-]{16}")
_BASE64 = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{16,}={0,2}")
_WRAPPED_BASE64 = re.compile(r"\s*[A-Za-z0-9+/]{20,}(?:\s+[A-Za-z0-9+/]+)+={0,2}\s*")
_MARKUP = re.compile(r"<!\[CDATA\[(?P<data>.*?)\]\]>|<!--.*?-->|<[^>]*>|[^<]+|<", re.DOTALL)
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[^>]*>")
_ATTRIBUTE = re.compile(r"([\w.:-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")


def scrub_text(text: str, tokens: Tokens, *, layers: int = LAYERS) -> str:
    """Return `text` with every secret in it replaced by its token.

    >>> scrub_text("accessKeyId: AKIAIOSFODNN7EXAMPLE", Tokens("AKIAIOSFODNN7EXAMPLE"))
    'accessKeyId: <access-key:1>'
    """
    for secret, kind in tokens.known:
        if secret in text:
            text = text.replace(secret, tokens.token(kind, secret))
    if ":" in text or "=" in text:
        text = _scrub_assignments(text, tokens)
        if "AWS" in text:
            text = SIGNED_HEADERS.sub(lambda match: tokens.token("authorization", match[0]), text)
    if len(text) < _SHORTEST and "%" not in text and "@" not in text:
        return text
    if "AKIA" in text or "ASIA" in text:
        text = ACCESS_KEYS.sub(lambda match: tokens.token(ACCESS_KEY, match[0]), text)
    has_runs = _RUN.search(text) is not None
    if has_runs:
        text = SECRET_KEYS.sub(lambda match: _if_random(match[0], tokens), text)
    if tokens.rules.people and "@" in text:
        text = E_MAILS.sub(lambda match: tokens.token("e-mail", match[0]), text)
    if layers and (has_runs or "%" in text):
        text = _scrub_layers(text, tokens, layers - 1)
    if layers == LAYERS and tokens.rules.secrets:
        text = mask(text, tokens.rules.secrets)  # spellings and parts that no token can stand for
    return text


def _if_random(word: str, tokens: Tokens) -> str:
    return tokens.token("secret-key", word) if is_random(word) else word


def scrub_value(name: str, value: str, tokens: Tokens) -> str:
    """Return the value of a parameter, header or element of that name with its secrets replaced."""
    kind = kind_of(name, people=tokens.rules.people)
    if kind is not None:
        return tokens.token(kind, value.strip()) if value.strip() else value
    return scrub_structure(value, tokens)


def scrub_structure(text: str, tokens: Tokens) -> str:
    """Return a text that may be XML or JSON with its secrets replaced."""
    match text.lstrip()[:1]:
        case "<" if not TOKEN.match(text.lstrip()):
            return _scrub_markup(text, tokens)
        case "{" | "[":
            return _scrub_json(text, tokens)
        case _:
            return scrub_text(text, tokens)


def _scrub_assignments(text: str, tokens: Tokens) -> str:
    done, parts = 0, list[str]()
    for found in _NAME.finditer(text):
        kind = kind_of(found[1], people=tokens.rules.people)
        if kind is None or found.start() < done or _is_in_a_token(text, found.start()):
            continue
        value = _value_after(text, found)
        if value is None:
            continue
        start, end, bare = value
        token = tokens.token(kind, bare)
        if text[found.start() - 1 : found.start()] in ("?", "&") and found[2] == "=":
            token = quote(token, safe=":%")
        parts += text[done:start], token
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _is_in_a_token(text: str, at: int) -> bool:
    starts = (at - len(opening) for opening in _OPEN)
    return any(start >= 0 and TOKEN.match(text, start) for start in starts)


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int, str] | None:
    """Return where the value after a name starts and ends, and the value itself; None when there is none."""
    before = text[max(0, name.start() - 80) : name.start()].rpartition("\n")
    starts_line = (bool(before[1]) or name.start() <= 80) and _LINE_START.fullmatch(before[2]) is not None
    after = name.end()
    if quoted := _QUOTED.match(text, after):
        group = quoted.lastindex or 0
        return quoted.start(group), quoted.end(group), quoted[group].strip()
    if starts_line and (block := _BLOCK.match(text, after)):
        return _block_after(text, block.end(), len(before[2]))
    if starts_line and (below := _NEXT_LINE.match(text, after)):
        return below.start(1) + len(below[1]) - len(below[1].lstrip()), below.end(1), below[1].strip()
    whole_line = starts_line and (name[2].endswith(":") or "&" not in text[after : after + 200])
    bare = (_TO_THE_END if whole_line else _WORD).match(text, after)
    if bare is None or not bare[1]:
        return None
    return bare.start(1), bare.end(1), bare[1]


def _block_after(text: str, start: int, indent: int) -> tuple[int, int, str] | None:
    """Return the lines of a block scalar: those from `start` on that are indented by more than `indent`."""
    end, lines = start, list[str]()
    while end < len(text) and (line := _LINE.match(text, end)) and (len(line[1]) > indent or not line[2].strip()):
        lines.append(line[2].strip())
        end = line.end()
    value = " ".join(filter(None, lines))
    if not value:
        return None
    margin = _LINE.match(text, start)
    return start + (len(margin[1]) if margin else 0), end - text[start:end].endswith("\n"), value


def _scrub_layers(text: str, tokens: Tokens, layers: int) -> str:
    if "%" in text:
        text = _COMPONENT.sub(lambda match: _scrub_percent(match[0], tokens, layers), text)
    if len(text) < _SHORTEST:
        return text
    if _WRAPPED_BASE64.fullmatch(text):
        return _scrub_base64(text, tokens, layers)
    return _BASE64.sub(lambda match: _scrub_base64(match[0], tokens, layers), text)


def _scrub_percent(word: str, tokens: Tokens, layers: int) -> str:
    if "%" not in word:
        return word
    plain = unquote(word, errors="surrogateescape")
    if plain == word:
        return word
    scrubbed = scrub_text(plain, tokens, layers=layers)
    return word if scrubbed == plain else quote(scrubbed, safe="", errors="surrogateescape")


def _scrub_base64(word: str, tokens: Tokens, layers: int) -> str:
    plain = decode_base64(word)
    if plain is None:
        return word
    scrubbed = scrub_text(plain, tokens, layers=layers)
    if scrubbed == plain:
        return word
    safe = "-" in word or "_" in word
    return (base64.urlsafe_b64encode if safe else base64.b64encode)(scrubbed.encode("utf-8")).decode("ascii")


def _scrub_markup(text: str, tokens: Tokens) -> str:
    parts, name = list[str](), ""
    for piece in _MARKUP.finditer(text):
        raw = piece[0]
        if (data := piece["data"]) is not None:
            parts.append(f"<![CDATA[{_scrub_leaf(name, data, tokens)}]]>")
        elif raw.startswith("<!--"):
            parts.append(scrub_text(raw, tokens))
        elif raw.startswith("<"):
            tag = _TAG.match(raw)
            name = tag[1] if tag else ""
            parts.append(_ATTRIBUTE.sub(lambda match: _scrub_attribute(match, tokens), raw))
            continue
        else:
            plain = html.unescape(raw)
            scrubbed = _scrub_leaf(name, plain, tokens)
            parts.append(raw if scrubbed == plain else escape(scrubbed))
        name = name if not raw.strip() else ""
    return "".join(parts)


def _scrub_leaf(name: str, text: str, tokens: Tokens) -> str:
    kind = kind_of(name, people=tokens.rules.people) if name and text.strip() else None
    return scrub_text(text, tokens) if kind is None else tokens.token(kind, text.strip())


def _scrub_attribute(match: re.Match[str], tokens: Tokens) -> str:
    plain = html.unescape(match[3][1:-1])
    scrubbed = _scrub_leaf(match[1].rpartition(":")[2], plain, tokens)
    return match[0] if scrubbed == plain else f'{match[1]}{match[2]}"{escape(scrubbed, {chr(34): "&quot;"})}"'


def _scrub_json(text: str, tokens: Tokens) -> str:
    try:
        value = json.loads(text)
        scrubbed = _scrub_tree(value, lambda name, leaf: _scrub_leaf(name, leaf, tokens))
    except (ValueError, RecursionError):
        return scrub_text(text, tokens)
    return text if scrubbed == value else json.dumps(scrubbed)


def _scrub_tree(value: Any, leaf: Callable[[str, str], str], name: str = "") -> Any:
    match value:
        case str():
            return leaf(name, value)
        case dict():
            members = cast("dict[str, Any]", value)
            return {leaf("", key): _scrub_tree(item, leaf, key) for key, item in members.items()}
        case list():
            return [_scrub_tree(item, leaf, name) for item in value]
        case _:
            return value
