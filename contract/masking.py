"""Secrets in what others wrote: found in every usual spelling, whole or in part, and masked before anybody cuts it.

Known spellings: as it stands, in any case of its letters; percent escapes, character references of XML and HTML, and
the backslash escapes of JSON and Python, also over each other; base64, alone or within something longer; hexadecimal;
UTF-16. Compressed bytes are not looked into. AWS's secrets hold letters, digits, ``/`` and ``+``; of one that itself
reads like an escape, parts may be overlooked.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from .interaction import Interaction, Reply, Request

# Characters of a secret in a row; fewer may stand anywhere by chance.
SHORTEST_RUN = 12
_SECRET_ENOUGH = 16
# How often escapes are written over escapes.
_LAYERS = 3
_ESCAPE = re.compile(
    r"%(?P<byte>[0-9a-f]{2})|&#(?P<number>[0-9]{1,8});?|&#x(?P<hex>[0-9a-f]{1,8});?|&(?P<name>amp|lt|gt|quot|apos);"
    r"|\\u(?P<unit>[0-9a-f]{4})|\\x(?P<python>[0-9a-f]{2})|\\(?P<plain>[^ux])"
)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# It begins with plain text, which is looked for much faster than anything else.
_SIGNATURE = re.compile(
    r"Signature=(?:(?<![^\s,&?]Signature=)|(?<=X-Amz-Signature=)(?<![^\s,&?]X-Amz-Signature=))([^&,\s]+)"
)

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, repr=False)
class _Form:
    """One way to write a secret, and from which length on a part of it counts.

    Each run that counts holds one of `blocks` as a whole; so no text is searched for every part.
    """

    text: str
    shortest: int
    blocks: tuple[tuple[int, str], ...]

    def runs(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where parts of the secret stand in `text`."""
        for offset, block in self.blocks:
            at = text.find(block)
            while at >= 0:
                start, end = self._widened(text, at, offset, len(block))
                if end - start >= self.shortest:
                    yield start, end
                at = text.find(block, at + 1)

    def _widened(self, text: str, at: int, offset: int, length: int) -> tuple[int, int]:
        start, end = at, at + length
        before, after = offset, offset + length
        while start and before and text[start - 1] == self.text[before - 1]:
            start, before = start - 1, before - 1
        while end < len(text) and after < len(self.text) and text[end] == self.text[after]:
            end, after = end + 1, after + 1
        return start, end


def is_secret(key: str) -> bool:
    """Return whether a secret access key is one: emulators take "test" for it, and to hide that protects nobody.

    A real one has 40 characters.
    """
    return len(key) >= _SECRET_ENOUGH


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with a ``*`` for each character in which a part of a secret is written.

    >>> mask("key=wJalrXUtnFEMI%2fK7MDENG, said 10.0.0.7", ["wJalrXUtnFEMI/K7MDENG"])
    'key=***********************, said 10.0.0.7'
    """
    forms = _all_forms(secrets)
    return _masked(text, _runs(text, forms)) if _is_there(text, forms) else text


def mask_bytes(data: bytes, secrets: Iterable[str]) -> bytes:
    """Return `data` masked like `mask` does it; its length stays the same."""
    return mask(data.decode("latin-1"), secrets).encode("latin-1")


def shows_secret(reply: Reply, secrets: Iterable[str]) -> bool:
    """Return whether a part of a secret stands in a reply."""
    return _is_there(_all_of(reply), _all_forms(secrets))


def mask_interaction(interaction: Interaction, secrets: tuple[str, ...]) -> Interaction:
    """Return `interaction` with secrets masked in the reply, and with the mark that they were there.

    The signature of the request is masked as well, if the reply repeats it: that is no leak, but for some minutes it
    is as good as the key. The request stays as it was sent.
    """
    reply, failure, signatures = interaction.reply, interaction.failure, _signatures(interaction.request)
    hidden = (*secrets, *signatures)
    if failure is not None:
        interaction = replace(interaction, failure=replace(failure, detail=mask(failure.detail, hidden)))
    if interaction.stray:
        interaction = replace(interaction, stray=mask_bytes(interaction.stray, hidden))
    if reply is None:
        return interaction
    text = _all_of(reply)
    leaks = _is_there(text, _all_forms(secrets))
    if not leaks and not _is_there(text, [_form(signature, SHORTEST_RUN) for signature in signatures]):
        return replace(interaction, leaks_secret=False)
    headers = tuple((mask(name, hidden), mask(value, hidden)) for name, value in reply.headers)
    masked = replace(reply, headers=headers, body=mask_bytes(reply.body, hidden))
    return replace(interaction, reply=masked, leaks_secret=leaks)


def _all_of(reply: Reply) -> str:
    return "\n".join((reply.body.decode("latin-1"), *(part for header in reply.headers for part in header)))


def _signatures(request: Request) -> tuple[str, ...]:
    """Return the signatures that a request bears, in the header or in the form."""
    body = request.body.decode("latin-1") if b"Signature=" in request.body else ""
    texts = (request.header("authorization") or "", request.query, body)
    found = (unquote(match[1]) for text in texts for match in _SIGNATURE.finditer(text))
    return tuple(dict.fromkeys(signature for signature in found if len(signature) >= SHORTEST_RUN))


def _all_forms(secrets: Iterable[str]) -> list[_Form]:
    return [form for secret in secrets for form in _forms(secret)]


@lru_cache(maxsize=64)
def _forms(secret: str) -> tuple[_Form, ...]:
    if len(secret) < SHORTEST_RUN:
        return ()
    raw = secret.encode("utf-8", "surrogatepass")
    plain = dict.fromkeys((secret, raw.decode("latin-1"), secret.replace(" ", "+")))
    encoded = (
        *((text, (SHORTEST_RUN * 8 - 5) // 6) for text in _base64(raw)),
        (raw.hex(), SHORTEST_RUN * 2),
        (secret.encode("utf-16-le", "surrogatepass").decode("latin-1"), SHORTEST_RUN * 2),
    )
    return (
        *(_form(text, SHORTEST_RUN) for text in plain),
        *(_form(text, shortest) for text, shortest in dict.fromkeys(encoded)),
    )


def _base64(raw: bytes) -> Iterator[str]:
    """Yield what stays the same of the base64 of whatever holds `raw`, by where in a group of three it begins."""
    for offset in range(3):
        text = b64encode(b"\0" * offset + raw).decode("ascii")
        within = text[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]
        yield within
        yield within.replace("+", "-").replace("/", "_")


def _form(text: str, shortest: int) -> _Form:
    # A run of this length holds at least one whole block, wherever it begins.
    size = (shortest + 1) // 2
    lowered = _lowered(text)
    places = range(0, len(lowered) - size + 1, size)
    return _Form(lowered, shortest, tuple((offset, lowered[offset : offset + size]) for offset in places))


def _runs(text: str, forms: list[_Form]) -> Spans:
    """Return where parts of secrets are written in `text`."""
    return [
        (start, end) if spans is None else (spans[start][0], spans[end - 1][1])
        for layer, spans in _layers(_lowered(text))
        for form in forms
        for start, end in form.runs(layer)
    ]


def _is_there(text: str, forms: list[_Form]) -> bool:
    """Return whether there are any `_runs`, without their places: these cost much, and mostly there are none."""
    text = _lowered(text)
    for _ in range(_LAYERS + 1):
        for form in forms:
            # `find` for each block, as `runs` does; most texts hold none, and then nothing is begun.
            if any(block in text for _, block in form.blocks) and any(True for _ in form.runs(text)):
                return True
        if not forms or not _has_escapes(text):
            return False
        text = _ESCAPE.sub(_character, text)
    return False


def _has_escapes(text: str) -> bool:
    return ("&" in text or "%" in text or "\\" in text) and _ESCAPE.search(text) is not None


def _layers(text: str) -> Iterator[tuple[str, Spans | None]]:
    """Yield `text`, and what it is without its escapes, each time with the places in `text` of the characters."""
    spans: Spans | None = None
    yield text, spans
    for _ in range(_LAYERS):
        if not _has_escapes(text):
            return
        text, spans = _without_escapes(text, spans)
        yield text, spans


def _without_escapes(text: str, spans: Spans | None) -> tuple[str, Spans]:
    known = [(at, at + 1) for at in range(len(text))] if spans is None else spans
    characters: list[str] = []
    places: Spans = []
    end = 0
    for escape in _ESCAPE.finditer(text):
        characters.append(text[end : escape.start()])
        places += known[end : escape.start()]
        character = _character(escape)
        characters.append(character)
        places += [(known[escape.start()][0], known[escape.end() - 1][1])] * len(character)
        end = escape.end()
    return "".join((*characters, text[end:])), places + known[end:]


def _character(escape: re.Match[str]) -> str:
    return _character_of(str(escape.lastgroup), escape[escape.lastgroup or 0])


@lru_cache(maxsize=1024)
def _character_of(kind: str, value: str) -> str:
    if kind in ("name", "plain"):
        return _NAMED.get(value, value) if kind == "name" else value
    point = int(value, 10 if kind == "number" else 16)
    return _lowered(chr(point)) if point <= 0x10FFFF else ""


def _masked(text: str, runs: Spans) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(runs):
        if stop > end:
            pieces += (text[end : max(start, end)], "*" * (stop - max(start, end)))
            end = stop
    return "".join((*pieces, text[end:])) if pieces else text


def _lowered(text: str) -> str:
    """Return `text` with ASCII letters lowered, so that nothing changes its place."""
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
