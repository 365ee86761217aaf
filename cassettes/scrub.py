"""Secrets out of interactions: what identifies a caller, gives access, or can be used again.

A scrubbed interaction is one that could have been recorded: forms stay forms, XML stays XML, and its key is that of the
request as sent.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from ..contract.codec.form import Pairs, read_form, write_form
from ..contract.errors import ToolkitError
from ..contract.interaction import Headers, Reply, Request
from ..contract.masking import mask, mask_bytes
from .sensitive import SHORTEST_SECRET, SIGNATURE_FIELDS, SIGNATURE_MARKS, STANDARD, ScrubRules
from .texts import scrub_structure, scrub_text, scrub_value
from .tokens import Tokens

MOST_DECODED = 64 * 1024 * 1024

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/|\bAWS ([^:\s]+):")
_SIGNATURE = re.compile(r"Signature=(\S+)")
_OWN = {"Signature": "signature", "X-Amz-Signature": "signature"}
_OWN |= {"SecurityToken": "token", "X-Amz-Security-Token": "token"}
_GZIP = b"\x1f\x8b"


class Unsearchable(ToolkitError):
    """A body is in an encoding that cannot be searched for secrets, so it must not be written to a file."""


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A request without its secrets, taken apart.

    Attributes:
        path: The path.
        query: Pairs of the query string, in the order sent.
        form: Pairs of the body, in the order sent; None when the body is not a form.
        body: The body as text when it is not a form; bytes that are not UTF-8 stand as lone surrogates.
        signed: Whether the pairs held a signature.
    """

    path: str
    query: Pairs
    form: Pairs | None
    body: str
    signed: bool


def is_form(request: Request) -> bool:
    """Return whether the body is a form, by its header or, without one, by its beginning."""
    content_type = request.header("content-type")
    if content_type is None:
        return re.match(rb"[\w.%-]+=", request.body) is not None
    return content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"


def read_signer(request: Request, pairs: Iterable[tuple[str, str]]) -> str | None:
    """Return the access key that signed `request`, or None; `pairs` are those of its query string and form."""
    if match := _CREDENTIAL.search(request.header("authorization") or ""):
        return match[1] or match[2]
    for name, value in pairs:
        if name == "AWSAccessKeyId":
            return value or None
        if name == "X-Amz-Credential":
            return value.partition("/")[0] or None
    return None


def _own_secrets(request: Request, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found = dict.fromkeys(_SIGNATURE.findall(request.header("authorization") or ""), "signature")
    if token := request.header("x-amz-security-token"):
        found[token] = "token"
    found |= {value: _OWN[name] for name, value in pairs if name in _OWN}
    return {value: kind for value, kind in found.items() if len(value) >= SHORTEST_SECRET}


def scrub_parts(request: Request, rules: ScrubRules = STANDARD) -> tuple[Scrubbed, Tokens]:
    """Return the parts of `request` without secrets or signature, and the tokens given.

    Numbers are given in the order of names, not in that of sending: the key of a request does not depend on the latter.
    """
    url = urlsplit(request.url)
    query = read_form(url.query.encode("utf-8", "surrogateescape")).pairs
    form = read_form(request.body).pairs if is_form(request) else None
    body = "" if form is not None else request.body.decode("utf-8", "surrogateescape")
    pairs = query + (form or ())
    tokens = Tokens(read_signer(request, pairs), rules, _own_secrets(request, pairs))
    tokens.respect((value for _, value in pairs))
    tokens.respect((body, request.url))
    path = scrub_text(url.path or "/", tokens)
    signed = any(name in SIGNATURE_MARKS for name, _ in pairs)
    query = _scrub_pairs(_without_signature(query, signed=signed), tokens)
    form = None if form is None else _scrub_pairs(_without_signature(form, signed=signed), tokens)
    return Scrubbed(path, query, form, scrub_structure(body, tokens) if body else "", signed), tokens


def scrub(request: Request, reply: Reply, rules: ScrubRules = STANDARD) -> tuple[Request, Reply]:
    """Return an interaction without secrets; equal secrets become equal tokens in its request and its reply.

    Raises:
        Unsearchable: The reply is compressed in a way that cannot be undone.
    """
    parts, tokens = scrub_parts(request, rules)
    if parts.form is None:
        body = parts.body.encode("utf-8", "surrogateescape")
    else:
        body = _write_again(request.body, parts.form, signed=parts.signed)
    url = urlsplit(request.url)
    query = _write_again(url.query.encode("utf-8", "surrogateescape"), parts.query, signed=parts.signed)
    host = url.netloc.rpartition("@")[2]
    clean = Request(
        request.method,
        urlunsplit((url.scheme, host, parts.path, query.decode("utf-8", "surrogateescape"), "")),
        _kept(request.headers, rules.request_headers, tokens),
        body,
    )
    return clean, _scrub_reply(decoded(reply), tokens)


def decoded(reply: Reply) -> Reply:
    """Return `reply` with its body decompressed, and without the headers that told of it.

    A body that was decompressed before, as vcrpy leaves it beside its header, stays as it is.

    Raises:
        Unsearchable: The body is compressed in a way that cannot be undone, or grows beyond `MOST_DECODED` bytes.
    """
    coding = (reply.header("content-encoding") or "").strip().lower()
    if coding in ("", "identity", "aws-chunked"):
        return reply
    body = reply.body
    if coding in ("gzip", "x-gzip") and body.startswith(_GZIP):
        body = _gunzip(body)
    elif not _is_text(body):
        raise Unsearchable(
            f"a reply with Content-Encoding {coding[:40]!r} cannot be decoded (expected gzip, or none), so it cannot "
            "be searched for secrets"
        )
    headers = tuple((name, value) for name, value in reply.headers if name.lower() != "content-encoding")
    return Reply(reply.status, _with_length(headers, len(reply.body), len(body)), body)


def _gunzip(body: bytes) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    try:
        plain = machine.decompress(body, MOST_DECODED)
    except zlib.error as wrong:
        raise Unsearchable(
            f"a reply with Content-Encoding 'gzip' cannot be decoded ({wrong}), so it cannot be searched for secrets"
        ) from None
    if not machine.eof:
        raise Unsearchable(
            "a reply with Content-Encoding 'gzip' is cut short, or grows beyond "
            f"{MOST_DECODED // 1024 // 1024} MiB, so it cannot be searched for secrets"
        )
    return plain


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _scrub_reply(reply: Reply, tokens: Tokens) -> Reply:
    encoding = "utf-8" if _is_text(reply.body) else "latin-1"
    body = scrub_structure(reply.body.decode(encoding), tokens).encode(encoding)
    hidden = (*tokens.own, *tokens.rules.secrets)  # also in spellings, and in parts, that no token can stand for
    body = mask_bytes(body, hidden)
    kept = _kept(reply.headers, tokens.rules.reply_headers, tokens)
    headers = tuple((name, mask(value, hidden)) for name, value in kept)
    return Reply(reply.status, _with_length(headers, len(reply.body), len(body)), body)


def _with_length(headers: Headers, before: int, now: int) -> Headers:
    """Return `headers` with a Content-Length as right, or as wrong, as it was before."""
    return tuple(
        (name, str(max(0, now + int(value) - before)))
        if name.lower() == "content-length" and value.isascii() and value.isdigit() and len(value) < 16
        else (name, value)
        for name, value in headers
    )


def _kept(headers: Headers, names: frozenset[str], tokens: Tokens) -> Headers:
    return tuple((name, scrub_value(name, value, tokens)) for name, value in headers if name.lower() in names)


def _is_of_the_signature(name: str, *, signed: bool) -> bool:
    return (signed and name in SIGNATURE_FIELDS) or name.lower().startswith("x-amz-")


def _without_signature(pairs: Pairs, *, signed: bool) -> Pairs:
    return tuple(pair for pair in pairs if not _is_of_the_signature(pair[0], signed=signed))


def _scrub_pairs(pairs: Pairs, tokens: Tokens) -> Pairs:
    scrubbed = list(pairs)
    for index in sorted(range(len(pairs)), key=lambda index: pairs[index][0]):
        name, value = pairs[index]
        scrubbed[index] = (scrub_text(name, tokens), scrub_value(name, value, tokens))
    return tuple(scrubbed)


def _write_again(source: bytes, clean: Pairs, *, signed: bool) -> bytes:
    """Return the pairs in `source`, now `clean`, as they were written: what did not change stays byte for byte."""
    written = [(part, read_form(part).pairs[0]) for part in source.split(b"&") if part]
    kept = [(part, pair) for part, pair in written if not _is_of_the_signature(pair[0], signed=signed)]
    if [pair for _, pair in written] == list(clean):
        return source
    parts = (part if pair == now else write_form([now]) for (part, pair), now in zip(kept, clean, strict=True))
    return b"&".join(parts)
