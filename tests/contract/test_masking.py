"""Masking: no usual spelling hides a secret, parts of it count, and nothing else is touched."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest
from botoproof.contract.codec.signature import Credential, Scope, sign_v2, sign_v4
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure
from botoproof.contract.masking import SHORTEST_RUN, is_secret, mask, mask_bytes, mask_interaction, shows_secret
from hypothesis import example, given
from hypothesis import strategies as st

SECRET = "Xr7/+eal0ne-40-characters-long+secret/ke"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
URL = "http://127.0.0.1/"


def by_character(write: Callable[[int], str]) -> Callable[[str], str]:
    return lambda text: "".join(write(ord(character)) for character in text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "upper case": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "lower-case percent": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "every character percent": by_character(lambda point: f"%{point:02X}"),
    "XML": html.escape,
    "decimal references": by_character(lambda point: f"&#{point};"),
    "decimal references with zeros": by_character(lambda point: f"&#{point:05};"),
    "hexadecimal references": by_character(lambda point: f"&#x{point:X};"),
    "JSON": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON, every character": by_character(lambda point: f"\\u{point:04x}"),
    "Python, every character": by_character(lambda point: f"\\x{point:02x}"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after one byte": lambda text: base64.b64encode(b"=" + text.encode() + b"&").decode(),
    "base64 after two bytes": lambda text: base64.urlsafe_b64encode(b"k=" + text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "UTF-16": lambda text: text.encode("utf-16-le").decode("latin-1"),
}
secrets = st.text(st.sampled_from("abcXYZ0189/+-_=<>\"' .~"), min_size=16, max_size=60)
escapes = st.sampled_from(["as it stands", "percent", "lower-case percent", "XML", "decimal references"])


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(secret=secrets, before=st.sampled_from(["", "key=", "é", "["]), after=st.sampled_from(["", "]", "ü", "\n"]))
@example(secret=SECRET, before="", after="")
def test_no_spelling_hides_a_secret(spelling: str, secret: str, before: str, after: str) -> None:
    written = SPELLINGS[spelling](secret)

    masked = mask(f"{before}{written}{after}", [secret])

    rest = masked.removeprefix(before).removesuffix(after).replace("*", "")
    # What base64 shares with its neighbours, and the quotes of JSON.
    assert len(rest) <= (6 if "base64" in spelling else 2 if spelling == "JSON" else 0)
    assert len(masked) == len(before) + len(written) + len(after)


@given(secret=secrets, inner=escapes, outer=escapes)
def test_escapes_over_escapes_hide_nothing(secret: str, inner: str, outer: str) -> None:
    written = SPELLINGS[outer](SPELLINGS[inner](secret))

    assert mask(written, [secret]) == "*" * len(written)


@given(start=st.integers(0, 40 - SHORTEST_RUN), length=st.integers(SHORTEST_RUN, 40), spelling=escapes)
def test_a_part_of_a_secret_counts_wherever_it_begins(start: int, length: int, spelling: str) -> None:
    written = SPELLINGS[spelling](SECRET[start : start + length])

    assert mask(f"<{written}>", [SECRET]) == f"<{'*' * len(written)}>"


@given(start=st.integers(0, 40), spelling=st.sampled_from(sorted(SPELLINGS)))
def test_what_is_too_short_to_be_a_part_stands(start: int, spelling: str) -> None:
    written = SPELLINGS[spelling](SECRET[start : start + 8])

    assert mask(written, [SECRET]) == written


@given(text=st.text())
def test_what_holds_no_secret_stands(text: str) -> None:
    assert mask(text, [SECRET]) == text
    assert mask_bytes(text.encode(), [SECRET]) == text.encode()


@given(pieces=st.lists(st.one_of(st.text(max_size=9), st.just(SECRET), st.just(quote(SECRET, safe="")))))
def test_no_place_is_overlooked(pieces: list[str]) -> None:
    masked = mask("".join(pieces), [SECRET])

    assert SECRET[:SHORTEST_RUN] not in masked
    assert len(masked) == len("".join(pieces))


@pytest.mark.parametrize(("key", "counts"), [("", False), ("test", False), ("k" * 15, False), ("k" * 16, True)])
def test_what_everybody_takes_for_a_password_is_no_secret(key: str, counts: bool) -> None:
    assert is_secret(key) is counts


REQUEST = Request("POST", URL, (), b"Action=GetStatus")
REPLY = Reply(400, (("Content-Type", "text/xml"),), f"<a>{quote(SECRET, safe='')}</a>".encode())


def interaction(reply: Reply | None, request: Request = REQUEST, failure: str = "") -> Interaction:
    told = TransportFailure("not-http", failure) if failure else None
    return Interaction(request, reply, told, NOW, 0.1)


def test_a_reply_is_masked_and_the_leak_is_remembered() -> None:
    masked = mask_interaction(interaction(REPLY), (SECRET,))

    assert masked.leaks_secret
    assert masked.reply is not None
    assert masked.reply.body == b"<a>" + b"*" * (len(REPLY.body) - 7) + b"</a>"


def test_a_header_is_masked_and_the_leak_is_remembered() -> None:
    masked = mask_interaction(interaction(Reply(200, (("X-Debug", f"key={SECRET}"),), b"")), (SECRET,))

    assert masked.leaks_secret
    assert masked.reply == Reply(200, (("X-Debug", "key=" + "*" * 40),), b"")


def test_what_a_failure_quotes_is_masked() -> None:
    masked = mask_interaction(interaction(None, failure=f"illegal status line: {SECRET}"), (SECRET,))

    assert masked.failure == TransportFailure("not-http", "illegal status line: " + "*" * 40)


def test_what_comes_after_a_reply_is_masked() -> None:
    masked = mask_interaction(replace(interaction(REPLY), stray=SECRET.encode()), (SECRET,))

    assert masked.stray == b"*" * 40


@pytest.mark.parametrize("reply", [replace(REPLY, body=b"<a/>"), None])
def test_an_interaction_without_secrets_is_the_same(reply: Reply | None) -> None:
    before = interaction(reply)

    after = mask_interaction(before, (SECRET,))

    assert not after.leaks_secret
    assert replace(after, leaks_secret=None) == before


def test_the_signature_of_the_request_is_masked_and_is_no_leak() -> None:
    signed = sign_v4(REQUEST, Credential("AKIDMINE", SECRET), Scope("us-east-1", "IngestionService"), NOW)
    authorization = signed.header("authorization") or ""
    signature = authorization.rpartition("Signature=")[2]

    masked = mask_interaction(interaction(replace(REPLY, body=authorization.encode()), signed), (SECRET,))

    assert len(signature) == 64
    assert masked.reply is not None
    assert masked.reply.body.decode() == authorization.replace(signature, "*" * 64)
    assert not masked.leaks_secret


def test_the_signature_in_a_form_is_masked_and_is_no_leak() -> None:
    pairs = sign_v2((("Action", "GetStatus"),), Credential("AKIDMINE", SECRET), NOW, method="POST", host="127.0.0.1")
    signature = dict(pairs)["Signature"]
    body = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs).encode()

    masked = mask_interaction(interaction(replace(REPLY, body=body), replace(REQUEST, body=body)), (SECRET,))

    assert masked.reply is not None
    assert signature.rstrip("=") not in masked.reply.body.decode()
    assert quote(signature, safe="") not in masked.reply.body.decode()
    assert not masked.leaks_secret


@pytest.mark.parametrize(("body", "shows"), [(REPLY.body, True), (SECRET[:12].encode(), True), (b"<a/>", False)])
def test_whether_a_reply_shows_a_secret_is_told(body: bytes, shows: bool) -> None:
    assert shows_secret(replace(REPLY, body=body), (SECRET,)) is shows
    assert not shows_secret(replace(REPLY, body=body), ())
