"""What looks like a secret in the body of a message."""

from __future__ import annotations

import re

from ...cassettes.scan import secrets_in
from ...cassettes.sensitive import TOKEN, kind_of
from ...contract.codec.form import read_form
from .pact import FORM, Message

_KEY = re.compile(r"\bA[KS]IA[A-Z0-9]{16}\b")


def secret_kinds(message: Message) -> frozenset[str]:
    """Return the kinds of secrets that a body seems to hold; AWS's published example keys are none.

    >>> message = Message((("Content-Type", FORM),), "Key=AKIAIOSFODNN7EXAMPLE&MasterUserPassword=abc")
    >>> sorted(secret_kinds(message))
    ['password']
    """
    if not message.body:
        return frozenset()
    kind = next((value for name, value in message.headers if name.lower() == "content-type"), "")
    if not kind.startswith(FORM):
        return _kinds(message.body)
    # Value by value, as a scan of the text does not know that a plus is a space.
    pairs = read_form(message.body.encode("utf-8", "surrogateescape")).pairs
    named = ((kind_of(key), value.strip()) for key, value in pairs)
    beside = (kind for kind, value in named if kind and value and not TOKEN.fullmatch(value))
    return frozenset(beside).union(*(_kinds(text) for pair in pairs for text in pair))


def _kinds(text: str) -> frozenset[str]:
    keys = [key for key in _KEY.findall(text) if not key.endswith("EXAMPLE")]
    return frozenset(hit.kind for hit in secrets_in(text)) - (frozenset() if keys else {"access-key"})
