"""Signatures, held against botocore's own signers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botoproof.contract.codec.form import Pairs, read_form, write_form
from botoproof.contract.codec.query_request import AUTHENTICATION_KEYS
from botoproof.contract.codec.signature import Credential, Scope, is_genuine, read_signature, sign_v2, sign_v4
from botoproof.contract.interaction import Request
from hypothesis import given
from hypothesis import strategies as st

KEY = Credential("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
SCOPE = Scope("us-east-1", "IngestionService")
NOW = datetime(2011, 6, 20, 22, 30, 59, tzinfo=UTC)
HOST = "importexport.amazonaws.com"
FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)

PAIRS: Pairs = (
    ("Action", "UpdateJob"),
    ("Version", "2010-06-01"),
    ("JobId", "53TX4"),
    ("JobType", "Import"),
    ("Manifest", "manifestVersion: 2.0\nbucket: b\n"),
    ("ValidateOnly", "true"),
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
some_pairs = st.lists(st.tuples(texts.filter(bool), texts), max_size=6, unique_by=lambda pair: pair[0])


def post(body: bytes = b"a=b", *, headers: tuple[tuple[str, str], ...] = FORM, path: str = "/") -> Request:
    return Request("POST", f"https://{HOST}{path}", headers, body)


def by_botocore(request: Request, key: Credential = KEY, scope: Scope = SCOPE) -> dict[str, str]:
    """Return the headers of `request` as botocore signs it, at the real time."""
    made = AWSRequest(request.method, request.url, dict(request.headers), request.body)
    credentials = Credentials(key.access_key_id, key.secret_access_key)
    auth.SigV4Auth(credentials, scope.service, scope.region).add_auth(made)
    return {name.lower(): str(value) for name, value in made.headers.items()}


def signed_as_botocore_did(request: Request, headers: dict[str, str]) -> Request:
    date = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return sign_v4(request, KEY, SCOPE, date)


def genuine(request: Request, secret: str = KEY.secret_access_key) -> bool:
    pairs = read_form(request.query.encode()).pairs + read_form(request.body).pairs
    reading = read_signature(request, pairs)
    return reading is not None and is_genuine(request, pairs, reading, secret)


@given(body=st.binary(max_size=200))
def test_version_4_over_any_body_is_what_botocore_signs(body: bytes) -> None:
    wanted = by_botocore(post(body))

    request = signed_as_botocore_did(post(body), wanted)

    assert request.header("authorization") == wanted["authorization"]
    assert genuine(request)


@given(pairs=some_pairs)
def test_version_4_over_any_well_formed_query_is_what_botocore_signs(pairs: list[tuple[str, str]]) -> None:
    unsigned = Request("GET", f"https://{HOST}/?{write_form(pairs, plus=False).decode()}", (), b"")
    wanted = by_botocore(unsigned)

    request = signed_as_botocore_did(unsigned, wanted)

    assert request.header("authorization") == wanted["authorization"]
    assert genuine(request)


def test_version_4_sorts_keys_before_values() -> None:
    """As text, ``a-=1`` comes before ``a=1``; as a key, ``a`` comes before ``a-``."""
    query = "jobIds.member.10=x&jobIds.member.1=x&a-=1&a=2&a=1"
    unsigned = Request("GET", f"https://{HOST}/?{query}", (), b"")
    wanted = by_botocore(unsigned)

    request = signed_as_botocore_did(unsigned, wanted)

    assert request.header("authorization") == wanted["authorization"]


@pytest.mark.parametrize("path", ["", "/", "/a/b", "/a//b/", "/a/./b/../c", "/a%20b", "/~x_y-z.", "/ü", "/a b", "/.."])
def test_version_4_writes_paths_as_botocore_does(path: str) -> None:
    wanted = by_botocore(post(path=path))

    request = signed_as_botocore_did(post(path=path), wanted)

    assert request.header("authorization") == wanted["authorization"]


@pytest.mark.parametrize(
    "header",
    [
        ("X-Amz-Meta", "  many   spaces "),
        ("User-Agent", "never signed"),
        ("amz-sdk-request", "attempt=1"),
        ("Content-Type", "text/plain"),
    ],
    ids=lambda header: str(header[0]),
)
def test_version_4_covers_the_headers_that_botocore_covers(header: tuple[str, str]) -> None:
    wanted = by_botocore(post(headers=(header,)))

    request = signed_as_botocore_did(post(headers=(header,)), wanted)

    assert request.header("authorization") == wanted["authorization"]


def test_a_header_that_is_sent_twice_is_covered_as_one_list() -> None:
    request = sign_v4(post(headers=(("X-A", "one "), ("X-A", " two"))), KEY, SCOPE, NOW)
    joined = replace(request, headers=(("X-A", "one,two"), *request.headers[2:]))

    assert genuine(request)
    assert genuine(joined)


@pytest.mark.parametrize("url", ["https://HOST.example:443/", "http://host.example:8000/", "http://[::1]:8000/"])
def test_version_4_covers_the_host_in_lower_case_without_the_schemes_own_port(url: str) -> None:
    unsigned = replace(post(), url=url)
    wanted = by_botocore(unsigned)

    request = signed_as_botocore_did(unsigned, wanted)

    assert request.header("authorization") == wanted["authorization"]


def test_the_host_header_counts_rather_than_the_url() -> None:
    request = sign_v4(post(), KEY, SCOPE, NOW)
    arrived = replace(request, url="http://127.0.0.1:8000/", headers=(("Host", HOST), *request.headers))

    assert genuine(arrived)


def test_signing_again_replaces_the_earlier_signature() -> None:
    once = sign_v4(post(), KEY, SCOPE, NOW - timedelta(days=1))

    again = sign_v4(once, KEY, SCOPE, NOW)

    assert again == sign_v4(post(), KEY, SCOPE, NOW)


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    eastern = NOW.astimezone(timezone(timedelta(hours=-5)))

    assert sign_v4(post(), KEY, SCOPE, eastern) == sign_v4(post(), KEY, SCOPE, NOW)


def test_what_version_4_says_is_read() -> None:
    request = sign_v4(post(), KEY, SCOPE, NOW)

    reading = read_signature(request, ())

    assert reading is not None
    assert (reading.version, reading.access_key_id, reading.signed_at) == ("v4", KEY.access_key_id, NOW)
    assert (reading.region, reading.service, reading.day) == ("us-east-1", "IngestionService", "20110620")
    assert reading.signed_headers == ("content-type", "host", "x-amz-date")


def _header(request: Request, name: str, change: Callable[[str], str]) -> Request:
    headers = tuple((key, change(value) if key == name else value) for key, value in request.headers)
    return replace(request, headers=headers)


TAMPERINGS: dict[str, Callable[[Request], Request]] = {
    "the body": lambda request: replace(request, body=b"a=c"),
    "the method": lambda request: replace(request, method="PUT"),
    "the path": lambda request: replace(request, url=f"https://{HOST}/x"),
    "the query": lambda request: replace(request, url=f"https://{HOST}/?x=1"),
    "the host": lambda request: replace(request, url="https://example.com/"),
    "the content type": lambda request: _header(request, "Content-Type", lambda _: "text/plain"),
    "the date": lambda request: _header(request, "X-Amz-Date", lambda _: "20110620T223100Z"),
    "the scope's day": lambda request: _header(request, "Authorization", lambda v: v.replace("20110620", "20110621")),
    "the scope's region": lambda request: _header(request, "Authorization", lambda v: v.replace("us-east", "eu-west")),
    "the scope's service": lambda request: _header(
        request, "Authorization", lambda v: v.replace("Ingestion", "Import")
    ),
    "the covered headers": lambda request: _header(request, "Authorization", lambda v: v.replace("content-type;", "")),
    "that the host is covered": lambda request: _header(request, "Authorization", lambda v: v.replace("host;", "")),
    "that the date is covered": lambda request: _header(
        request, "Authorization", lambda v: v.replace(";x-amz-date", "")
    ),
    "the signature": lambda request: _header(
        request, "Authorization", lambda v: v[:-1] + ("0" if v[-1] != "0" else "1")
    ),
    "the date away": lambda request: replace(
        request, headers=tuple(pair for pair in request.headers if pair[0] != "X-Amz-Date")
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_version_4_notices_a_change_of(tampering: str) -> None:
    request = sign_v4(post(), KEY, SCOPE, NOW)

    assert genuine(request)
    assert not genuine(TAMPERINGS[tampering](request))


def test_another_secret_makes_no_genuine_signature() -> None:
    assert not genuine(sign_v4(post(), KEY, SCOPE, NOW), "another secret")


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic dXNlcjpwYXNz",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=A/20110620/r/s/aws4_request, SignedHeaders=host, Signature=short",
        "AWS4-HMAC-SHA256 Credential=A/today/r/s/aws4_request, SignedHeaders=host, Signature=" + "0" * 64,
        "\ud800",
    ],
)
def test_an_authorization_header_that_is_none_of_version_4_is_no_signature(authorization: str) -> None:
    assert read_signature(post(headers=(("Authorization", authorization),)), ()) is None


@given(name=st.text(), value=st.text(), query=st.text(st.characters(codec="ascii")))
def test_no_header_and_no_query_breaks_the_verification(name: str, value: str, query: str) -> None:
    """A signature of somebody else's over anything is simply not genuine."""
    headers = (*sign_v4(post(), KEY, SCOPE, NOW).headers, (name, value))
    signed = f"host;x-amz-date;{name.lower()}"
    named = tuple((key, v.replace("host;x-amz-date", signed) if key == "Authorization" else v) for key, v in headers)
    request = replace(post(), headers=named, url=f"https://{HOST}/?{query}")

    reading = read_signature(request, ())

    assert reading is None or not is_genuine(request, (), reading, KEY.secret_access_key)


VECTOR = (
    "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Action=UpdateJob&JobId=53TX4&JobType=Import"
    "&Manifest=manifestVersion%3A%202.0%0Abucket%3A%20b%0A&SignatureMethod=HmacSHA256&SignatureVersion=2"
    "&Timestamp=2011-06-20T22%3A30%3A59Z&ValidateOnly=true&Version=2010-06-01"
)


def test_version_2_gives_the_test_vector() -> None:
    signed = sign_v2(PAIRS, KEY, NOW, method="POST", host=HOST)

    assert dict(signed)["Signature"] == "u7DFBABv1oIy83PLyu5mm4M3BvQcHckZkwahS7I4agQ="
    assert urlencode(sorted(signed[:-1])).replace("+", "%20") == VECTOR


@given(pairs=some_pairs, verb=st.sampled_from(["GET", "POST"]))
def test_version_2_is_what_botocore_signs(pairs: list[tuple[str, str]], verb: str) -> None:
    own = tuple(pair for pair in pairs if pair[0] not in AUTHENTICATION_KEYS)
    signed = sign_v2(own, KEY, NOW, method=verb, host=HOST, path="/x")
    made = AWSRequest(verb, f"https://{HOST}/x")
    signer: Any = auth.SigV2Auth(Credentials(KEY.access_key_id, KEY.secret_access_key))
    _, wanted = signer.calc_signature(made, dict(signed))

    assert signed[-1] == ("Signature", wanted)


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_version_2_stands_in_the_query_string_or_in_the_body(verb: str) -> None:
    form = write_form(sign_v2(PAIRS, KEY, NOW, method=verb, host=HOST), plus=False)
    url = f"https://{HOST}/"
    request = Request("GET", f"{url}?{form.decode()}", (), b"") if verb == "GET" else Request("POST", url, FORM, form)

    assert genuine(request)
    assert not genuine(request, "another secret")


@pytest.mark.parametrize("key", [key for key, _ in PAIRS] + ["Timestamp", "AWSAccessKeyId", "SignatureMethod"])
def test_version_2_notices_a_change_of_any_member(key: str) -> None:
    signed = sign_v2(PAIRS, KEY, NOW, method="POST", host=HOST)
    changed = tuple((name, value + "x" if name == key else value) for name, value in signed)

    assert not genuine(post(write_form(changed)))


def test_version_2_covers_repeated_keys() -> None:
    repeated = (*PAIRS, ("JobType", "Export"))
    signed = sign_v2(repeated, KEY, NOW, method="POST", host=HOST)

    assert genuine(post(write_form(signed)))
    assert not genuine(post(write_form(tuple(pair for pair in signed if pair != ("JobType", "Export")))))


@pytest.mark.parametrize(
    ("timestamp", "instant"),
    [
        ("2011-06-20T23:53:37Z", datetime(2011, 6, 20, 23, 53, 37, tzinfo=UTC)),
        ("2011-06-20T23:53:37.232Z", datetime(2011, 6, 20, 23, 53, 37, 232000, tzinfo=UTC)),
        ("20 June 2011", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_the_timestamp_of_version_2_is_read(timestamp: str, instant: datetime | None) -> None:
    pairs = (("AWSAccessKeyId", "A"), ("Signature", "S"), ("SignatureVersion", "2"), ("Timestamp", timestamp))

    reading = read_signature(post(headers=()), pairs)

    assert reading is not None
    assert (reading.version, reading.access_key_id, reading.signed_at) == ("v2", "A", instant)


@pytest.mark.parametrize("missing", ["AWSAccessKeyId", "Signature", "SignatureVersion"])
def test_version_2_needs_key_signature_and_version(missing: str) -> None:
    signed = sign_v2(PAIRS, KEY, NOW, method="POST", host=HOST)

    assert read_signature(post(), tuple(pair for pair in signed if pair[0] != missing)) is None


def test_the_secret_stays_out_of_a_credentials_repr() -> None:
    assert re.fullmatch(r"Credential\('AKIAIOSFODNN7EXAMPLE', \.\.\.\)", repr(KEY))
