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

# Headers that botocore leaves unsigned, since proxies change them; and the one that holds the signature.
_UNSIGNED_HEADERS = frozenset(
    {
        "authorization",
        "baggage",
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amzn-trace-id",
    }
)


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key and its secret. The secret never appears in a repr."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return f"Credential({self.access_key_id!r}, ...)"


# AWS's published example key: the embedded endpoints know it, and it may be shown to everybody.
EXAMPLE_KEY = Credential("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


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
        day: Day of the scope (version 4), else empty.
    """

    version: str
    access_key_id: str
    signature: str
    signed_at: datetime | None
    region: str = ""
    service: str = ""
    signed_headers: tuple[str, ...] = ()
    day: str = ""


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
        key, day, region, service, headers, signature = match.groups()
        signed_at = _instant(request.header("x-amz-date") or "", _V4_DATE)
        return SignatureReading("v4", key, signature, signed_at, region, service, tuple(headers.split(";")), day)
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
        if date is None or date[:8] != reading.day or not {"host", "x-amz-date"} <= set(reading.signed_headers):
            return False
        covered = _covered(request, reading.signed_headers)
        wanted = signature_v4(request, covered, date, Scope(reading.region, reading.service), secret)
    return hmac.compare_digest(wanted.encode(), _utf8(reading.signature))


def _covered(request: Request, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers of those lower-case names, ``host`` among them, as a signature covers them, sorted."""
    values: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for key, value in request.headers:
        if key.lower() in values:
            values[key.lower()].append(" ".join(value.split()))
    values["host"] = [request.host.lower()]
    return tuple((name, ",".join(found)) for name, found in values.items())


def sign_v4(request: Request, credential: Credential, scope: Scope, now: datetime) -> Request:
    """Return `request` with ``X-Amz-Date`` and ``Authorization`` headers, as the SDK would sign it.

    All headers are covered but those that the SDK leaves out; an earlier signature is replaced.
    """
    date = now.astimezone(UTC).strftime(_V4_DATE)
    kept = tuple(pair for pair in request.headers if pair[0].lower() not in ("x-amz-date", "authorization"))
    request = replace(request, headers=(*kept, ("X-Amz-Date", date)))
    names = {"host", *(name.lower() for name, _ in request.headers)} - _UNSIGNED_HEADERS
    covered = _covered(request, names)
    signature = signature_v4(request, covered, date, scope, credential.secret_access_key)
    where = f"{credential.access_key_id}/{date[:8]}/{scope.region}/{scope.service}/aws4_request"
    signed = ";".join(name for name, _ in covered)
    authorization = f"AWS4-HMAC-SHA256 Credential={where}, SignedHeaders={signed}, Signature={signature}"
    return replace(request, headers=(*request.headers, ("Authorization", authorization)))


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
    """Return the hex signature of version 4 over method, path, query, the covered headers and the body.

    Args:
        request: What is signed.
        covered: Lower-case names and values of the headers covered, white space collapsed.
        date: The instant as ``X-Amz-Date`` spells it.
        scope: What the signature is bound to beside the day.
        secret: The secret access key.
    """
    covered = sorted(covered)
    canonical = "\n".join(
        (
            request.method,
            quote(_utf8(_without_dots(request.path)), safe="/~"),  # what is percent-encoded already, once more
            _canonical_query(request.query),
            *(f"{name}:{value}" for name, value in covered),
            "",
            ";".join(name for name, _ in covered),
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    day = date[:8]
    digest = hashlib.sha256(_utf8(canonical)).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{date}\n{day}/{scope.region}/{scope.service}/aws4_request\n{digest}"
    return hmac.new(_v4_key(secret, day, scope.region, scope.service), _utf8(text), hashlib.sha256).hexdigest()


def signature_v2(request: Request, pairs: Iterable[tuple[str, str]], secret: str) -> str:
    """Return the base64 signature of version 2 (HmacSHA256) over verb, host, path and the sorted pairs."""
    query = write_form(
        sorted(pairs, key=lambda pair: (pair[0].encode("utf-8", "surrogateescape"), pair[1])), plus=False
    )
    text = b"\n".join((_utf8(request.method), _utf8(request.host.lower()), _utf8(request.path), query))
    return b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode("ascii")


@lru_cache(maxsize=64)
def _v4_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, _utf8(part), hashlib.sha256).digest()
    return key


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # lone surrogates too: a header may hold anything


def _without_dots(path: str) -> str:
    """Return `path` without ``.`` and ``..`` segments and without empty ones, as both sides normalise it."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    normal = "/" + "/".join(segments)
    return normal + "/" if segments and path.endswith("/") else normal


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = read_form(_utf8(query)).pairs
    encoded = sorted((_escaped(key), _escaped(value)) for key, value in pairs)
    return "&".join(f"{key}={value}" for key, value in encoded)


def _escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe="~")


@lru_cache(maxsize=256)  # requests of the same second share their date
def _instant(text: str, *forms: str) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
