"""What a reply must not give away, and what only looks like it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote_plus

import pytest
from botoproof.contract.case import Call
from botoproof.contract.checks import hygiene
from botoproof.contract.checks.hygiene import reply_gives_nothing_away
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.codec.wrong_replies import with_header
from botoproof.contract.exchange import Exchange
from botoproof.contract.interaction import Reply
from hypothesis import given, settings
from hypothesis import strategies as st

from .stand import VALID, Stand, open_stand, refusal, success

STAND = open_stand()
TRACES = (
    "Traceback (most recent call last): oops",
    'File "/a/b.py", line 17',
    "at com.example.Jobs.update(Jobs.java:42)",
    "at Object.<anonymous> (/x/y.js:10:5)",
    "at handler index.js:3:14",
    "java.lang.NullPointerException",
    "wrapped: com.amazon.coral.InternalError: no",
    "KeyError: 'JobId'",
    "TypeError(no)",
    "panic: runtime error",
    "goroutine 1 [running]",
    "SQLSTATE 42",
    "ORA-00942",
    "You have an error in your SQL syntax near",
)
PATHS = (
    "open /home/jobs/db failed",
    "/var/lib/x",
    "see /etc/passwd",
    r"C:\inetpub\wwwroot",
    "host 10.0.12.7",
    "192.168.1.1",
    "172.16.0.9",
    "172.31.255.1",
)
HARMLESS = (
    "No such job ZZZZZ for your account",
    "Invalid S3 bucket name: a/var/b",
    "https://s3.amazonaws.com/home/packing-slip.pdf",
    "http://example.com/var/log/x",
    "JobTypeError is no word",
    "your computer. Error",
    "172.32.0.1 and 11.0.0.1",
    "at noon: 10:15",
    "Your panic is not ours",
    "a/b and C: nothing",
    "ratio 1/etc",
)


def kinds(exchange: Exchange) -> list[str]:
    return [finding.kind.code for finding in reply_gives_nothing_away(exchange)]


@pytest.mark.parametrize("text", TRACES)
def test_a_trace_is_found(text: str, stand: Stand) -> None:
    (found,) = [
        finding
        for finding in reply_gives_nothing_away(stand.answered(refusal("X", text)))
        if finding.kind is hygiene.TRACE
    ]

    assert found.path == "/ErrorResponse/Error/Message"
    assert found.expected == "nothing of the endpoint's inside"


@pytest.mark.parametrize("text", PATHS)
def test_a_path_or_address_is_found(text: str, stand: Stand) -> None:
    assert kinds(stand.answered(refusal("X", text))) == ["leak-path"]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_leak_is_not_one(text: str, stand: Stand) -> None:
    assert kinds(stand.answered(refusal("X", text))) == []
    assert kinds(stand.answered(success(WarningMessage=text))) == []


def test_a_leak_in_a_page_is_found_in_the_body_as_a_reader_of_the_page_sees_it(stand: Stand) -> None:
    page = Reply(500, (), b"<html><pre>File &quot;/a/b.py&quot;, line 17</pre></html>")

    (found,) = reply_gives_nothing_away(stand.answered(page))

    assert (found.kind, found.path) == (hygiene.TRACE, "body")
    assert found.observed == repr('File "/a/b.py", line 17')


@pytest.mark.parametrize("text", [*TRACES, *PATHS])
@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("where", ["body", "query"])
def test_what_the_request_itself_said_is_no_leak(text: str, encoded: bool, where: str, stand: Stand) -> None:
    said = f"Manifest={quote_plus(text) if encoded else text}"
    body, query = (said.encode(), "") if where == "body" else (b"", said)

    assert kinds(stand.answered(refusal("X", text), body=body, query=query)) == []


def test_letters_outside_ascii_are_recognised_though_the_request_sent_them_encoded(stand: Stand) -> None:
    text = r"C:\Jürgen\Übung"

    assert kinds(stand.answered(refusal("X", text), body=f"Manifest={quote_plus(text)}".encode())) == []
    assert kinds(stand.answered(refusal("X", text))) == ["leak-path"]


def test_control_characters_that_a_message_writes_out_are_recognised(stand: Stand) -> None:
    told = refusal("X", f"APIVersion is {'A:' + chr(31)!r}")

    assert kinds(stand.answered(told, body=b"APIVersion=A%3A%1F")) == []
    assert kinds(stand.answered(told)) == ["leak-path"]


def test_a_leak_beside_what_the_request_said_is_found(stand: Stand) -> None:
    (found,) = reply_gives_nothing_away(
        stand.answered(refusal("X", "/home/me is not in /srv/jobs.db"), body=b"Manifest=%2Fhome%2Fme")
    )

    assert found.observed == "'/srv/jobs.db'"


def test_the_secret_key_is_found_in_the_body_and_in_a_header_and_is_not_repeated(stand: Stand) -> None:
    secret = EXAMPLE_KEY.secret_access_key
    in_body = stand.answered(refusal("X", f"you sent {secret}"), body=secret.encode())
    in_header = stand.answered(with_header(success(), "x-debug", f"key={secret}"))

    found = [*reply_gives_nothing_away(in_body), *reply_gives_nothing_away(in_header)]

    assert [finding.kind.code for finding in found] == ["leak-secret", "leak-secret"]
    assert all(secret not in str(finding) for finding in found)


def test_without_secrets_there_is_nothing_to_find(stand: Stand) -> None:
    exchange = stand.answered(success())
    allowance = replace(exchange.allowance, secrets=("",))

    assert kinds(replace(exchange, allowance=allowance)) == []


def test_where_there_is_no_reply_nothing_is_given_away(stand: Stand) -> None:
    exchange = stand.answered(success())
    assert exchange.interaction is not None

    assert kinds(replace(exchange, interaction=replace(exchange.interaction, reply=None))) == []
    assert kinds(stand.sent(Call({}))) == []


def test_what_is_shown_of_a_leak_is_short(stand: Stand) -> None:
    (found,) = reply_gives_nothing_away(stand.answered(refusal("X", "/home/" + "a" * 5000)))

    assert len(found.observed) < 100


@pytest.mark.parametrize(
    ("piece", "leaks"),
    [
        ("com.", []),
        ("at x ", []),
        ("/home", ["leak-path"]),
        ("10.", ["leak-path"]),
        ('File "', []),
        ("at a(", []),
        (":1", []),
        ("at a ::1", []),
        ("C:\\", []),
        ("java.x", []),
        (" /var/", []),
    ],
)
def test_a_megabyte_of_almost_leaks_is_looked_at_and_none_is_made_up(
    piece: str, leaks: list[str], stand: Stand
) -> None:
    """What is quadratic takes minutes for this; ci/bench/hostile says how much longer than harmless text it takes."""
    exchange = stand.answered(success())
    assert exchange.interaction is not None
    reply = Reply(200, (), (piece * (1_000_000 // len(piece))).encode())

    found = kinds(replace(exchange, interaction=replace(exchange.interaction, reply=reply)))

    assert found == leaks


@settings(max_examples=50)
@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_an_echo_is_never_a_leak(text: str) -> None:
    exchange = STAND.answered(refusal("X", text), body=f"Manifest={quote_plus(text)}".encode())

    assert kinds(exchange) == []


def test_a_right_exchange_gives_nothing_away(stand: Stand) -> None:
    assert kinds(stand.sent(Call(VALID))) == []
