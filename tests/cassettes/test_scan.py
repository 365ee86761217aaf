"""The scan finds a secret in the text of a recording in whatever it is wrapped, and says where."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from botoproof.cassettes.scan import secrets_in

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def b64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


WRAPPED = b64(b"y" * 40 + KEY.encode())


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        (f"a: b\nc: {KEY}", "line 2: access-key"),
        (f"a: b # {KEY}", "line 1: access-key"),
        (f"# {KEY}\na: b", "line 1: access-key"),
        (f"{KEY}: b", "line 1: access-key"),
        (f'a: "{KEY[:9]}\\\n  {KEY[9:]}"', "line 1: access-key"),
        (f"a: 'x%20{KEY.replace('A', '%41')}'", "line 1: access-key (percent-encoded)"),
        (f"a: '{quote(KEY.replace('A', '%41'))}'", "line 1: access-key (percent-encoded)"),
        (f"a: 'x&#65;{KEY[1:]}'", "line 1: access-key (as XML entities)"),
        (f"a: '\\u0041{KEY[1:]}'", "line 1: access-key (as JSON escapes)"),
        (f"a: '\\n{KEY}'", "line 1: access-key"),
        (f"a: {b64(f'x{KEY}'.encode())}", "line 1: access-key (base64)"),
        (f"a: {urlsafe_b64encode(b'???>>>' + KEY.encode()).decode()}", "line 1: access-key (base64)"),
        (
            f"a: |\n  {b64(b'y' * 40 + KEY.encode())[:60]}\n  {b64(b'y' * 40 + KEY.encode())[60:]}",
            "line 1: access-key (base64)",
        ),
        (f"a: {b64(b64(KEY.encode()).encode())}", "line 1: access-key (base64)"),
        (f"a: !!binary '{b64(b'pinCode:1')}'", "line 1: pin-code (pinCode)"),
        (f"a: {SECRET}", "line 1: secret-key"),
        ("a:\n- Password:\n    - x", "line 3: password (Password)"),
        ("headers:\n  Authorization:\n  - Basic x", "line 3: authorization (Authorization)"),
        ("a: AWS4-HMAC-SHA256 Credential=x", "line 1: authorization"),
        ("a: <SessionToken>x</SessionToken>", "line 1: token (SessionToken)"),
        (f"broken: [\n{KEY}", "line 2: access-key"),
    ],
)
def test_a_wrapped_secret_is_found_and_located(text: str, hit: str) -> None:
    assert hit in [str(found) for found in secrets_in(text)]


@pytest.mark.parametrize("spelled", [SECRET.encode().hex(), SECRET[5:30], SECRET.lower(), quote(SECRET, safe="")])
def test_what_is_known_is_found_in_parts_and_spellings_too(spelled: str) -> None:
    assert "line 1: known secret (a)" in [str(hit) for hit in secrets_in(f"a: x{spelled}y", [SECRET])]


@pytest.mark.parametrize(
    "text",
    [
        "accessKeyId: <access-key:1>",
        "a: ?Signature=%3Csignature:1%3E&Expires=1",
        "a: <AccessKeyId>&lt;access-key:2&gt;</AccessKeyId>",
        "Password: ''",
        "a: Password",
        "a: 'password: |'",
        "# key: 0123456789abcdef0123456789abcdef",
        f"a: {'0123456789abcdef' * 4}",
        "NextToken: x",
        "a: prefix/AKIA/with/a/path",
    ],
)
def test_tokens_and_lookalikes_are_none(text: str) -> None:
    assert secrets_in(text) == ()
