"""No secret reaches a file, wherever it was planted and in whatever encoding; and a scan would notice one that did."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from botoproof.cassettes import writing
from botoproof.cassettes.format import Cassette, Provenance, Recorded, read_text
from botoproof.cassettes.key import request_key
from botoproof.cassettes.scan import SecretFound, secrets_in
from botoproof.cassettes.sensitive import ScrubRules
from botoproof.cassettes.writing import scrubbed, write_cassette, write_text
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Reply, Request
from hypothesis import given, settings
from hypothesis import strategies as st

FORM = ("Content-Type", "application/x-www-form-urlencoded")
PROVENANCE = Provenance("aws", "h", "importexport", "botocore 1", date(2026, 11, 23), "botoproof 0.1.0")
BASE64 = string.ascii_letters + string.digits + "+/"
ACCESS_KEY = string.ascii_uppercase + string.digits

Sent = tuple[Request, Reply]


@dataclass(frozen=True)
class Secret:
    """A secret, and the name that tells what it is; the recorder knows some."""

    kind: str
    name: str
    text: str
    known: bool

    @property
    def quoted(self) -> str:
        return quote(self.text, safe="")

    @property
    def rules(self) -> ScrubRules:
        return ScrubRules(secrets=frozenset({self.text} if self.known else ()))


def _of(alphabet: str, length: int) -> st.SearchStrategy[str]:
    # A secret that Hypothesis shrinks would be "aaaa", which is none and stands everywhere.
    seeds = st.integers(0, 2**32)
    return seeds.map(lambda seed: "".join(Random(seed).choices(alphabet, k=length)))  # noqa: S311 - it protects nothing


SECRETS = st.one_of(
    _of(ACCESS_KEY, 16).map(lambda t: Secret("access-key", "accessKeyId", f"AKIA{t}", False)),
    _of(BASE64, 40).map(lambda t: Secret("secret-key", "secretAccessKey", t, True)),
    _of(BASE64, 120).map(lambda t: Secret("token", "SessionToken", t, False)),
    _of(string.hexdigits.lower(), 64).map(lambda t: Secret("signature", "X-Amz-Signature", t, False)),
    _of(f"{BASE64}!$#-:", 14).map(lambda t: Secret("password", "trueCryptPassword", f"z{t}", False)),
)


def request(*pairs: tuple[str, str], headers: tuple[tuple[str, str], ...] = (), url: str = "https://h/") -> Request:
    return Request("POST", url, (FORM, *headers), write_form([("Action", "UpdateJob"), *pairs]))


def reply(body: str = "<a/>", *headers: tuple[str, str]) -> Reply:
    return Reply(200, (("Content-Type", "text/xml"), *headers), body.encode("utf-8"))


def sent(text: str) -> Sent:
    return request(("Text", text)), reply()


def came(body: str) -> Sent:
    return request(), reply(body)


def b64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


# Beside a name that tells what it is.
PLACES: dict[str, Callable[[Secret], Sent]] = {
    "request header": lambda s: (request(headers=((s.name, s.text), ("Cookie", s.text))), reply()),
    "kept request header": lambda s: (request(headers=(("X-Amz-Target", f"a; {s.name}={s.text}"),)), reply()),
    "query": lambda s: (request(url=f"https://h/?{s.name}={s.quoted}"), reply()),
    "credentials in the URL": lambda s: (request(url=f"https://user:{s.quoted}@h/"), reply()),
    "form": lambda s: (request((s.name, s.text)), reply()),
    "line": lambda s: sent(f"a: b\n{s.name}: {s.text}\nc: d\n"),
    "quoted line": lambda s: sent(f'a: b\n  - "{s.name}": "{s.text}" # x\n'),
    "spaceless line": lambda s: sent(f"a:b\n{s.name}:{s.text};\r\nc:d"),
    "block": lambda s: sent(f"g:\n  {s.name}: |\n    {s.text}\n  c: d\n"),
    "next line": lambda s: sent(f"{s.name}:\n  {s.text}\nc: d\n"),
    "flow": lambda s: sent(f"{{a: b, {s.name}: {s.text}, c: d}}"),
    "json in a form": lambda s: sent(json.dumps({"a": [{s.name: s.text}]})),
    "nested URL": lambda s: sent(f"https://x/?a=b&{s.name}={s.quoted}&c=d"),
    "URL in a URL": lambda s: sent("https://x/?u=" + quote(f"https://y/?{s.name}={s.quoted}", safe="")),
    "base64 of a line": lambda s: sent(b64(f"{s.name}: {s.text}")),
    "wrapped base64": lambda s: sent(
        base64.encodebytes(f"{'y' * 30}\n{s.name}: {s.text}\n{'x' * 80}".encode()).decode()
    ),
    "xml text": lambda s: came(f"<a><{s.name}>{escape(s.text)}</{s.name}></a>"),
    "xml with a prefix": lambda s: came(f"<n:a><n:{s.name} x='y'> {escape(s.text)} </n:{s.name}></n:a>"),
    "cdata": lambda s: came(f"<a><{s.name}><![CDATA[{s.text}]]></{s.name}></a>"),
    "xml attribute": lambda s: came(f"<a {s.name}={quoteattr(s.text)}/>"),
    "URL in xml": lambda s: came(f"<a><U>https://x/?a=b&amp;{s.name}={s.quoted}</U></a>"),
    "xml cut short": lambda s: came(f"<a><{s.name}>{escape(s.text)}"),
    "line in xml": lambda s: came(f"<a><T>a: b\n{s.name}: {escape(s.text)}\n</T></a>"),
    "comment in xml": lambda s: came(f"<a><!-- {s.name}={s.text} --></a>"),
    "json reply": lambda s: came(json.dumps({"a": {s.name: s.text}})),
    "json with escapes": lambda s: came(f'{{"{s.name}": "{"".join(chr(92) + f"u{ord(c):04x}" for c in s.text)}"}}'),
    "text reply": lambda s: came(f"error: {s.name}={s.text}"),
    "reply header": lambda s: (request(), reply("", (s.name, s.text), ("Set-Cookie", s.text))),
    "kept reply header": lambda s: (request(), reply("", ("Location", f"https://x/?{s.name}={s.quoted}"))),
    "binary reply": lambda s: (request(), replace(reply(), body=b"\xff\xfe " + f"{s.name}: {s.text}\n".encode())),
}
# The request itself says that it is one.
REPEATED: dict[str, Callable[[Secret], Sent]] = {
    "repeated signature": lambda s: (
        request(headers=(("Authorization", f"AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=c, Signature={s.text}"),)),
        reply(f"<Error><Message>not {escape(s.text)} but x</Message></Error>"),
    ),
    "repeated token": lambda s: (
        request(headers=(("X-Amz-Security-Token", s.text),)),
        reply(f"<Error><Message>{escape(s.text)} {s.quoted} {b64(s.text)}</Message></Error>"),
    ),
}
# Nothing stands beside it: it is known, or looks like nothing else.
ALONE: dict[str, Callable[[Secret], Sent]] = {
    "a value": lambda s: sent(s.text),
    "a sentence": lambda s: (request(("Text", f"key ({s.text}), please")), reply(f"<M>key {escape(s.text)}</M>")),
    "base64": lambda s: (request(("B", b64(s.text)), ("C", b64(f"x{s.text}y"))), reply(f"<M>{b64(s.text)}</M>")),
    "percent over percent": lambda s: sent(quote(quote(f"+{s.text}+", safe=""), safe="")),
    "the name of a field": lambda s: (request((s.text, "x")), reply()),
    "path": lambda s: (request(url=f"https://h/{s.quoted}/x"), reply()),
    "bytes": lambda s: (request(), replace(reply(), body=b"\xff" + s.text.encode() + b"\xfe")),
}
EVERY = {**PLACES, **REPEATED, **ALONE}
RECOGNISED = SECRETS.filter(lambda secret: secret.known or secret.kind == "access-key")


def leaves(tree: Any) -> Iterator[str]:
    match tree:
        case dict():
            for name, value in tree.items():
                yield from leaves(name)
                yield from leaves(value)
        case list():
            for item in tree:
                yield from leaves(item)
        case bytes():
            yield tree.decode("latin-1")
        case _:
            yield str(tree)


def spellings(secret: str) -> set[str]:
    """Return how a secret may be written; of base64, what does not depend on what stands around."""
    found = {secret, quote(secret, safe=""), quote(quote(secret, safe=""), safe=""), escape(secret)}
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + secret.encode()).decode("ascii")
        found.add(whole[4 if offset else 0 : -4])
    return found


def recorded(interaction: Sent, rules: ScrubRules) -> Cassette:
    return Cassette(PROVENANCE, 1, (Recorded(*interaction, request_key(interaction[0], rules)),))


def written(place: str, secret: Secret, folder: Path) -> str:
    """Return all that stands in the file: its text, and what that means to YAML."""
    path = folder / f"{place}.yaml"
    write_cassette(path, recorded(EVERY[place](secret), secret.rules), rules=secret.rules)
    text = path.read_text(encoding="ascii")
    return "\n".join((text, *leaves(yaml.safe_load(text))))


@pytest.mark.parametrize("place", [*PLACES, *REPEATED])
@settings(max_examples=10)
@given(secret=SECRETS)
def test_no_secret_reaches_the_file(place: str, secret: Secret, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = written(place, secret, tmp_path_factory.getbasetemp())

    assert [spelling for spelling in spellings(secret.text) if spelling in whole] == []


@pytest.mark.parametrize("place", ALONE)
@settings(max_examples=10)
@given(secret=RECOGNISED)
def test_no_secret_that_stands_alone_reaches_the_file(
    place: str, secret: Secret, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = written(place, secret, tmp_path_factory.getbasetemp())

    assert [spelling for spelling in spellings(secret.text) if spelling in whole] == []


@pytest.mark.parametrize("place", EVERY)
@settings(max_examples=6)
@given(secret=SECRETS)
def test_a_scrubbed_request_has_the_key_of_what_it_was_and_stays_as_it_is(place: str, secret: Secret) -> None:
    interaction = EVERY[place](secret)

    once = scrubbed(recorded(interaction, secret.rules), secret.rules)

    assert once.interactions[0].key == request_key(interaction[0], secret.rules)
    assert once.interactions[0].key == request_key(once.interactions[0].request)
    assert scrubbed(once, secret.rules) == once


@pytest.mark.parametrize("place", PLACES.keys() - {"credentials in the URL"})
@settings(max_examples=4)
@given(secret=SECRETS)
def test_the_scan_alone_refuses_what_was_not_scrubbed(place: str, secret: Secret) -> None:
    text = write_text(recorded(PLACES[place](secret), ScrubRules()))

    hits = secrets_in(text, secret.rules.secrets)

    assert hits
    assert all(secret.text not in str(hit) for hit in hits)


def test_a_secret_that_scrubbing_leaves_stops_the_file_and_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "old.yaml"
    place.write_text("old", encoding="utf-8")
    monkeypatch.setattr(writing, "scrub", lambda request, reply, rules: (request, reply))

    with pytest.raises(SecretFound) as refusal:
        write_cassette(place, recorded(sent("accessKeyId: AKIAIOSFODNN7EXAMPLE"), ScrubRules()))

    assert str(refusal.value) == (
        f"{place} is not written, as it would hold what looks like secrets: line 17: access-key; "
        "line 17: access-key (accessKeyId) (lines of the text that would have been written)"
    )
    assert place.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.yaml"]


def test_equal_keys_stay_equal_and_others_differ() -> None:
    own, other, third = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE"
    authorization = ("Authorization", f"AWS4-HMAC-SHA256 Credential={own}/20261123/us-east-1/s/aws4_request")
    asked = request(("Text", f"accessKeyId: {own}\nother: {other}\n"), headers=(authorization,))
    told = reply(f"<a><AccessKeyId>{other}</AccessKeyId><b>{own} {third}</b></a>")

    [one] = scrubbed(recorded((asked, told), ScrubRules())).interactions

    assert one.request == request(("Text", "accessKeyId: <access-key:1>\nother: <access-key:2>\n"))
    assert one.reply.body == (
        b"<a><AccessKeyId>&lt;access-key:2&gt;</AccessKeyId><b>&lt;access-key:1&gt; &lt;access-key:3&gt;</b></a>"
    )


def test_people_are_taken_out_on_demand_only() -> None:
    text = "home:\n    name: {}\n    phoneNumber: {}\n    country: USA\nnotify: {}\n"
    people = text.format("Jane Roe", "206-555-0100", "jane@example.com")
    cassette = recorded((request(("Text", people)), reply("<a><email>jane@example.com</email></a>")), ScrubRules())

    [kept] = scrubbed(cassette).interactions
    [without] = scrubbed(cassette, ScrubRules(people=True)).interactions

    assert kept.request == request(("Text", people))
    assert without.request == request(("Text", text.format("<name:1>", "<phone:1>", "<e-mail:1>")))
    assert without.reply.body == b"<a><email>&lt;e-mail:1&gt;</email></a>"
    assert read_text(write_text(scrubbed(cassette, ScrubRules(people=True)))).people


def test_the_length_of_a_reply_follows_its_body_as_right_or_wrong_as_it_was() -> None:
    body = "<a><Signature>four</Signature><SessionToken>0123456789abcdef</SessionToken></a>"

    def excess(given: int) -> int:  # how much more the header promises than there is
        told = reply(body, ("Content-Length", str(given)))
        [one] = scrubbed(recorded((request(), told), ScrubRules())).interactions
        assert len(one.reply.body) != len(body)
        return int(one.reply.header("content-length") or "") - len(one.reply.body)

    assert excess(len(body)) == 0
    assert excess(len(body) + 5) == 5


@pytest.mark.parametrize(
    "text",
    [
        "NextToken: abc",
        "secretAccessKey:",
        "signature",
        "token=abc",
        "da39a3ee" * 5,
        b64("30 bytes of quite harmless text"),
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    interaction = (request(("Text", text)), reply(f"<a>{text}</a>"))

    [one] = scrubbed(recorded(interaction, ScrubRules())).interactions

    assert (one.request, one.reply) == interaction
    assert secrets_in(text) == ()
