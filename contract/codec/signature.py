"""AWS signatures, versions 4 and 2, made and verified, sans I/O.

Making them here, rather than by botocore, lets a case be signed whose body the SDK could not have made (repeated keys,
broken percent escapes). Sources: the service's authentication page for version 2 (``DG/HMACAuth.html``), AWS's
description of the version 4 signing process, and botocore's signers, against which the tests hold this module.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from ..interaction import Request
from .form import Pairs, read_form, write_form

_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request\s*,"
    r"\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})\s*"
)
_V4_DATE = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key and its secret. The secret never appears in a repr."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return f"Credential({self.access_key_id!r}, ...)"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a version 4 signature is bound to, beside the day."""

    region: str
    service: str


@dataclass(frozen=True, slots=True)
class SignatureReading:
    """The signature that a request carries.

    Attributes:
        version: ``v4`` or ``v2``.
        access_key_id: Whose it claims to be.
        signature: As sent: 64 hex digits, or base64.
        signed_at: When it was made, or None when that cannot be read.
        region: Region of the scope (version 4), else empty.
        service: Signing name of the scope (version 4), else empty.
        signed_headers: Names of the headers covered (version 4).
    """

    version: str
    access_key_id: str
    signature: str
    signed_at: datetime | None
    region: str = ""
    service: str = ""
    signed_headers: tuple[str, ...] = ()


def read_signature(request: Request, pairs: Pairs) -> SignatureReading | None:
    """Return the signature that `request` carries, or None when it carries none that can be read.

    Args:
        request: As received.
        pairs: Its form pairs, from the body or the query string; version 2 stands among them.
    """
    header = request.header("authorization")
    if header is not None:
        match = _CREDENTIAL.fullmatch(header.strip())
        if match is None:
            return None
        key, _, region, service, headers, signature = match.groups()
        signed_at = _instant(request.header("x-amz-date") or "", _V4_DATE)
        return SignatureReading("v4", key, signature, signed_at, region, service, tuple(headers.split(";")))
    found = dict(reversed(pairs))
    if "AWSAccessKeyId" in found and "Signature" in found and found.get("SignatureVersion") == "2":
        signed_at = _instant(found.get("Timestamp", ""), "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
        return SignatureReading("v2", found["AWSAccessKeyId"], found["Signature"], signed_at)
    return None


def is_genuine(request: Request, pairs: Pairs, reading: SignatureReading, secret: str) -> bool:
    """Return whether the signature in `request` was made with `secret` over what arrived."""
    if reading.version == "v2":
        wanted = signature_v2(request, [pair for pair in pairs if pair[0] != "Signature"], secret)
    else:
        date = request.header("x-amz-date")
        if date is None or not {"host", "x-amz-date"} <= set(reading.signed_headers):
            return False
        covered = [(name, _covered_header(request, name)) for name in reading.signed_headers]
        wanted = signature_v4(request, covered, date, Scope(reading.region, reading.service), secret)
    return hmac.compare_digest(wanted.encode(), reading.signature.encode("utf-8", "surrogatepass"))


def _covered_header(request: Request, name: str) -> str:
    if name == "host":
        return request.host
    return ",".join(value for key, value in request.headers if key.lower() == name)


def sign_v4(request: Request, credential: Credential, scope: Scope, now: datetime) -> Request:
    """Return `request` with ``X-Amz-Date`` and ``Authorization`` headers, as the SDK would sign it."""
    date = now.astimezone(UTC).strftime(_V4_DATE)
    covered = [("host", request.host), ("x-amz-date", date)]
    if content_type := request.header("content-type"):
        covered.insert(0, ("content-type", content_type))
    signature = signature_v4(request, covered, date, scope, credential.secret_access_key)
    where = f"{credential.access_key_id}/{date[:8]}/{scope.region}/{scope.service}/aws4_request"
    names = ";".join(name for name, _ in covered)
    authorization = f"AWS4-HMAC-SHA256 Credential={where}, SignedHeaders={names}, Signature={signature}"
    return replace(request, headers=(*request.headers, ("X-Amz-Date", date), ("Authorization", authorization)))


def sign_v2(pairs: Pairs, credential: Credential, now: datetime, *, method: str, host: str, path: str = "/") -> Pairs:
    """Return `pairs` with the members of signature version 2 added; repeated keys are signed as they stand."""
    added = (
        ("AWSAccessKeyId", credential.access_key_id),
        ("SignatureVersion", "2"),
        ("SignatureMethod", "HmacSHA256"),
        ("Timestamp", now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
    )
    unsigned = Request(method, f"http://{host}{path}", (("Host", host),), b"")
    signature = signature_v2(unsigned, (*pairs, *added), credential.secret_access_key)
    return (*pairs, *added, ("Signature", signature))


def signature_v4(request: Request, covered: Iterable[tuple[str, str]], date: str, scope: Scope, secret: str) -> str:
    """Return the hex signature of version 4 over method, path, query, the covered headers and the body."""
    covered = sorted(covered)
    canonical = "\n".join(
        (
            request.method,
            quote(request.path, safe="/-_.~%") if "%" in request.path else quote(request.path, safe="/-_.~"),
            _canonical_query(request.query),
            *(f"{name}:{' '.join(value.split())}" for name, value in covered),
            "",
            ";".join(name for name, _ in covered),
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    day = date[:8]
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{date}\n{day}/{scope.region}/{scope.service}/aws4_request\n{digest}"
    return hmac.new(_v4_key(secret, day, scope.region, scope.service), text.encode(), hashlib.sha256).hexdigest()


def signature_v2(request: Request, pairs: Iterable[tuple[str, str]], secret: str) -> str:
    """Return the base64 signature of version 2 (HmacSHA256) over verb, host, path and the sorted pairs."""
    query = write_form(
        sorted(pairs, key=lambda pair: (pair[0].encode("utf-8", "surrogateescape"), pair[1])), plus=False
    )
    text = b"\n".join((request.method.encode(), request.host.lower().encode(), request.path.encode(), query))
    return b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode("ascii")


@lru_cache(maxsize=64)
def _v4_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = read_form(query.encode("utf-8", "surrogateescape")).pairs
    encoded = sorted(write_form([pair], plus=False).decode() for pair in pairs)
    return "&".join(encoded)


def _instant(text: str, *forms: str) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
