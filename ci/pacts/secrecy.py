"""What looks like a secret in the body of a message."""

from __future__ import annotations

import re

from ...cassettes.scan import secrets_in

_KEY = re.compile(r"\bA[KS]IA[A-Z0-9]{16}\b")


def secret_kinds(body: str | None) -> frozenset[str]:
    """Return the kinds of secrets that a body seems to hold; AWS's published example keys are none.

    >>> secret_kinds("Key=AKIAIOSFODNN7EXAMPLE"), sorted(secret_kinds("MasterUserPassword=abc"))
    (frozenset(), ['password'])
    """
    if not body:
        return frozenset()
    keys = [key for key in _KEY.findall(body) if not key.endswith("EXAMPLE")]
    return frozenset(hit.kind for hit in secrets_in(body)) - (frozenset() if keys else {"access-key"})
