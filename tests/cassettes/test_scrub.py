"""What scrubbing does beside taking secrets out: compressed replies, known secrets in spellings, orders of fields."""

from __future__ import annotations

import gzip
from base64 import b64decode, encodebytes
from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.cassettes.key import request_key
from botoproof.cassettes.scrub import Unsearchable, decoded, scrub
from botoproof.cassettes.sensitive import ScrubRules
from botoproof.contract.codec.form import read_form
from botoproof.contract.interaction import Reply, Request

Asked = Callable[..., Request]

BODY = b"<a><SessionToken>not to be seen</SessionToken></a>"
ZIPPED = gzip.compress(BODY, mtime=0)
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def zipped(body: bytes, coding: str = "gzip") -> Reply:
    return Reply(200, (("Content-Encoding", coding), ("Content-Length", str(len(body)))), body)


def test_a_compressed_reply_is_unpacked_and_scrubbed(asked: Asked) -> None:
    _, reply = scrub(asked(("A", "1")), zipped(ZIPPED))

    assert reply.body == b"<a><SessionToken>&lt;token:1&gt;</SessionToken></a>"
    assert reply.headers == (("Content-Length", str(len(reply.body))),)


def test_what_vcrpy_unpacked_and_says_is_compressed_stays() -> None:
    assert decoded(zipped(BODY)) == Reply(200, (("Content-Length", str(len(BODY))),), BODY)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (zipped(ZIPPED[:-9]), "is cut short, or grows beyond 64 MiB"),
        (zipped(ZIPPED[:4] + b"\xff" * 30), "cannot be decoded"),
        (zipped(b"\x8b\x02\x80\xff", "br"), "'br' cannot be decoded (expected gzip, or none)"),
        (zipped(gzip.compress(bytes(65 * 1024 * 1024), 1, mtime=0)), "is cut short, or grows beyond 64 MiB"),
    ],
    ids=["cut", "broken", "br", "bomb"],
)
def test_what_cannot_be_unpacked_is_not_written(asked: Asked, reply: Reply, told: str) -> None:
    with pytest.raises(Unsearchable) as refusal:
        scrub(asked(("A", "1")), reply)

    assert told in str(refusal.value)


@pytest.mark.parametrize("spelled", [SECRET.encode().hex(), SECRET[3:25], SECRET.lower()])
def test_a_known_secret_is_masked_where_no_token_can_stand_for_it(asked: Asked, reply: Reply, spelled: str) -> None:
    told = Reply(403, (("Location", f"/{spelled}"),), f"<a>it is {spelled}, he said</a>".encode())

    _, clean = scrub(asked(("A", "1")), told, ScrubRules(secrets=frozenset({SECRET})))

    assert clean.body == f"<a>it is {'*' * len(spelled)}, he said</a>".encode()
    assert clean.headers == (("Location", f"/{'*' * len(spelled)}"),)


def test_what_the_request_bears_is_masked_in_any_spelling(asked: Asked) -> None:
    token = "FwoGZXIvYXdzEXAMPLETOKEN/9876543210"
    request = replace(asked(("A", "1")), headers=(("X-Amz-Security-Token", token),))

    _, clean = scrub(request, Reply(403, (), f"<a>{token} {token.encode().hex()}</a>".encode()))

    assert clean.body == f"<a>&lt;token:1&gt; {'*' * 2 * len(token)}</a>".encode()


def test_a_secret_that_base64_wraps_over_lines_is_taken_out_whole(asked: Asked, reply: Reply) -> None:
    text = f"{'y' * 30}\nSessionToken: {'Ab3/' * 30}\n"

    request, _ = scrub(asked(("A", encodebytes(text.encode()).decode())), reply)

    [(_, value)] = read_form(request.body).pairs
    assert b64decode(value).decode() == f"{'y' * 30}\nSessionToken: <token:1>\n"


def test_the_order_of_fields_does_not_change_the_tokens(asked: Asked, reply: Reply) -> None:
    one, two = ("B", "AKIAI44QH8DHBEXAMPLE"), ("A", "ASIAIOSFODNN7EXAMPLE")
    forth, back = asked(one, two), asked(two, one)

    assert scrub(forth, reply)[0].body == b"B=%3Caccess-key%3A3%3E&A=%3Caccess-key%3A2%3E"
    assert scrub(back, reply)[0].body == b"A=%3Caccess-key%3A2%3E&B=%3Caccess-key%3A3%3E"
    assert request_key(forth) == request_key(back) == request_key(scrub(forth, reply)[0])


def test_a_token_in_the_request_is_not_given_to_another_key(asked: Asked, reply: Reply) -> None:
    request, _ = scrub(asked(("A", "AKIAI44QH8DHBEXAMPLE"), ("B", "<access-key:2>")), reply)

    assert request.body == b"A=%3Caccess-key%3A3%3E&B=%3Caccess-key%3A2%3E"


def test_headers_that_were_not_asked_for_are_dropped(asked: Asked, reply: Reply) -> None:
    told = replace(reply, headers=(("content-type", "text/xml"), ("Server", "x"), ("X-Amzn-RequestId", "r-1")))
    rules = ScrubRules(reply_headers=frozenset({"server"}))

    assert scrub(asked(("A", "1")), told)[1].headers == (("content-type", "text/xml"), ("X-Amzn-RequestId", "r-1"))
    assert scrub(asked(("A", "1")), told, rules)[1].headers == (("Server", "x"),)
    assert scrub(asked(("A", "1")), told)[0].headers == (
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    )
