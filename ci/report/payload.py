"""Requests, replies and values as a report may show them: as plain data, shortened, and without secrets."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...contract.codec.signature import EXAMPLE_KEY, Credential
from ...contract.interaction import Headers, Reply, Request
from ...contract.masking import is_secret, mask, mask_bytes

LIMIT = 10 * 1024
REDACTED = "(redacted)"

# What a signature adds to a form: secrets of a moment, and different in every run.
_SIGNED = re.compile(
    rb"(?<![^&?])(Signature|SecurityToken|Timestamp|X-Amz-Signature|X-Amz-Security-Token|X-Amz-Date)=[^&\s]*"
)
# The other headers of a request are of the SDK's own making, and differ from run to run.
_SHOWN_HEADERS = ("content-type", "content-encoding", "content-length", "transfer-encoding")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What must not stand in a report.

    Attributes:
        secrets: Hidden in every spelling, whole or in part. Never shown in a repr.
    """

    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Redaction(<{len(self.secrets)} secrets>)"

    def text(self, text: str) -> str:
        """Return `text` without secrets; to be asked before anything is cut off."""
        return mask(text, self.secrets)

    def data(self, data: bytes) -> bytes:
        """Return `data` without secrets; to be asked before anything is cut off."""
        return mask_bytes(data, self.secrets)


def redaction_of(*credentials: Credential) -> Redaction:
    """Return what must be hidden when these sign; AWS's published example key may be shown to everybody."""
    secrets = dict.fromkeys(credential.secret_access_key for credential in credentials)
    return Redaction(tuple(key for key in secrets if is_secret(key) and key != EXAMPLE_KEY.secret_access_key))


def plain(value: Any, redaction: Redaction) -> Any:
    """Return a value of Python as JSON has it; what JSON has no word for becomes ``{"base64"|"python": text}``."""
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case str():
            return _plain_text(redaction.text(value))
        case bytes() | bytearray():
            return _base64(redaction.data(bytes(value)))
        case Mapping():
            pairs = value
            return {str(plain(key, redaction)): plain(item, redaction) for key, item in pairs.items()}
        case list() | tuple():
            return [plain(item, redaction) for item in value]
        case _:
            return {"python": redaction.text(repr(value))}


def _plain_text(text: str) -> Any:
    if len(text) > LIMIT:
        return {"shortened": _encodable(text[:LIMIT]), "characters": len(text)}
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # lone surrogates: bytes that are not UTF-8, kept as PEP 383 says
        return _base64(text.encode("utf-8", "surrogatepass"))
    return text


def words(text: str, redaction: Redaction) -> str:
    """Return a text for readers, in part of the endpoint's making: shortened, without secrets, and always encodable."""
    text = redaction.text(text)
    return _encodable(text if len(text) <= LIMIT else f"{text[:LIMIT]}…")


def _base64(data: bytes) -> dict[str, Any]:
    return {"base64": base64.b64encode(data[:LIMIT]).decode("ascii"), "bytes": len(data)}


def printable(text: str) -> str:
    r"""Return `text` for a terminal: every control character is escaped, line ends too.

    >>> print(printable("a\x1b[31mb"))
    a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def body_data(body: bytes, redaction: Redaction) -> dict[str, Any]:
    """Return a body as ``{"text"|"base64": …, "bytes": its full length, "shortened": whether it was cut}``."""
    shown = _without_signatures(redaction.data(body))
    cut = shown[:LIMIT]
    try:
        content = {"text": cut.decode("utf-8")}
    except UnicodeDecodeError as wrong:
        if len(shown) > LIMIT and wrong.start > LIMIT - 4:  # a character was cut through
            content = {"text": cut[: wrong.start].decode("utf-8")}
        else:
            content = {"base64": base64.b64encode(cut).decode("ascii")}
    return {**content, "bytes": len(body), "shortened": len(shown) > LIMIT}


def _without_signatures(body: bytes) -> bytes:
    return _SIGNED.sub(rb"\1=" + REDACTED.encode(), body)


def request_data(request: Request, redaction: Redaction) -> dict[str, Any]:
    """Return a request as sent, without signatures and without headers that differ from run to run."""
    url = _without_signatures(request.url.encode("utf-8", "surrogatepass")).decode("utf-8", "backslashreplace")
    headers = [[name, redaction.text(value)] for name, value in _shown_headers(request.headers)]
    return {
        "method": request.method,
        "url": redaction.text(url),
        "headers": headers,
        "body": body_data(request.body, redaction),
    }


def _shown_headers(headers: Headers) -> Headers:
    shown = [(name, value) for name, value in headers if name.lower() in _SHOWN_HEADERS]
    if any(name.lower() == "authorization" for name, _ in headers):
        shown.append(("Authorization", REDACTED))
    return tuple(shown)


def reply_data(reply: Reply, redaction: Redaction) -> dict[str, Any]:
    """Return a reply as it came."""
    return {
        "status": reply.status,
        "headers": [[_encodable(name), _encodable(redaction.text(value))] for name, value in reply.headers],
        "body": body_data(reply.body, redaction),
    }
