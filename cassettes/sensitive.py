"""What must not stand in a recording: by the name beside it, or by its own shape.

The scrubber and the scan that comes after it share these facts and nothing else, so that an oversight in the one is
noticed by the other.
"""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

# Query or form fields of AWS signatures; version 2 signs by form fields, version 4 by a header or `X-Amz-` parameters.
# Source: the pages on signing requests of the AWS General Reference.
SIGNATURE_MARKS = frozenset({"AWSAccessKeyId", "Signature", "SignatureVersion"})
SIGNATURE_FIELDS = SIGNATURE_MARKS | {"SignatureMethod", "SecurityToken", "Timestamp", "Expires"}

ACCESS_KEY = "access-key"

SHORTEST_SECRET = 12
"""Known secrets that are shorter are only taken out beside a telling name: emulators take "test"."""

# Names as `_plain` leaves them.
_KINDS = {
    "accesskey": ACCESS_KEY,
    "accesskeyid": ACCESS_KEY,
    "awsaccesskey": ACCESS_KEY,
    "awsaccesskeyid": ACCESS_KEY,
    "apikey": "api-key",
    "authorization": "authorization",
    "authtoken": "token",
    "clientsecret": "secret-key",
    "idtoken": "token",
    "accesstoken": "token",
    "refreshtoken": "token",
    "pincode": "pin-code",
    "privatekey": "private-key",
    "secretstring": "secret-key",
    "securitytoken": "token",
    "sessiontoken": "token",
    "signature": "signature",
    "webidentitytoken": "token",
    "xamzcredential": "credential",
    "xamzsecuritytoken": "token",
    "xamzsignature": "signature",
    "xapikey": "api-key",
}
_ENDINGS = {
    "passphrase": "password",
    "password": "password",
    "secretaccesskey": "secret-key",
    "secretkey": "secret-key",
}
_PEOPLE = {
    "address": "address",
    "city": "city",
    "company": "company",
    "contactname": "name",
    "email": "e-mail",
    "emailaddress": "e-mail",
    "firstname": "name",
    "lastname": "name",
    "name": "name",
    "phone": "phone",
    "phonenumber": "phone",
    "postalcode": "postal-code",
    "street": "street",
    "street1": "street",
    "street2": "street",
    "street3": "street",
    "zip": "postal-code",
}

ACCESS_KEYS = re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")
# Forty characters of base64 that stand alone: the form of a secret access key.
SECRET_KEYS = re.compile(r"(?<![A-Za-z0-9/+=_-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])")
SIGNED_HEADERS = re.compile(r"AWS4-HMAC-SHA256\s+Credential=[^\s,]*[^\n]*|\bAWS [A-Z0-9]{16,}:[A-Za-z0-9+/=]{20,}")
E_MAILS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TOKEN = re.compile(r"(?:<|&lt;|%3C)([a-z-]+)(?::|%3A)(\d+)(?:>|&gt;|%3E)", re.IGNORECASE)

# Longer names are looked at anew each time rather than kept.
_LONGEST_KEPT = 80

_SEPARATORS = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class ScrubRules:
    """What is taken out of recordings, beyond what always is.

    Attributes:
        people: Take out names, addresses, telephone numbers and e-mail addresses as well. Rules that look at these
            then judge the placeholders.
        secrets: Values that are known to be secret, wherever they stand; a recorder knows its client's.
        request_headers: The headers of requests that are kept, in lower case.
        reply_headers: The headers of replies that are kept, in lower case.
    """

    people: bool = False
    secrets: frozenset[str] = frozenset()
    request_headers: frozenset[str] = frozenset({"content-type", "x-amz-target"})
    reply_headers: frozenset[str] = frozenset(
        {
            "content-length",
            "content-type",
            "date",
            "location",
            "retry-after",
            "x-amz-request-id",
            "x-amzn-errortype",
            "x-amzn-requestid",
        }
    )

    def __repr__(self) -> str:
        return f"ScrubRules(people={self.people}, secrets=<{len(self.secrets)}>, ...)"


STANDARD = ScrubRules()


def kind_of(name: str, *, people: bool = False) -> str | None:
    """Return what kind of secret a value beside `name` is, or None.

    >>> kind_of("MasterUserPassword"), kind_of("secret_access_key"), kind_of("NextToken")
    ('password', 'secret-key', None)
    """
    return (_kind_of if len(name) <= _LONGEST_KEPT else _kind_of.__wrapped__)(name, people)


@lru_cache(maxsize=4096)
def _kind_of(name: str, people: bool) -> str | None:  # noqa: FBT001 - what is kept is found by position
    plain = _SEPARATORS.sub("", name.casefold())
    found = _KINDS.get(plain)
    if found is None:
        found = next((kind for ending, kind in _ENDINGS.items() if plain.endswith(ending)), None)
    return found or (_PEOPLE.get(plain) if people else None)


def decode_base64(word: str) -> str | None:
    """Return the text of which `word` is the base64; None when it is not, or not of text."""
    bare = "".join(word.split()).rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        text = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8")
    except ValueError:
        return None
    return text if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else None


def is_random(text: str) -> bool:
    """Return whether `text` looks drawn at random, as secret keys are and paths are not.

    >>> is_random("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), is_random("Logs/Reports/2014/December/Weekly/Import")
    (True, False)
    """
    if text.islower() or text.isupper() or text.isdigit() or decode_base64(text) is not None:
        return False
    whole = len(text)
    return -sum(n / whole * math.log2(n / whole) for n in Counter(text).values()) > 4.3
