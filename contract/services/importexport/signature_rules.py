"""Rules about who signs a request; they hold for every operation."""

from __future__ import annotations

from datetime import timedelta

from ...finding import Evidence
from ...rule import Rule
from . import sources
from .facts import Facts
from .operations import ALL

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

# How far a signature's date may be from the endpoint's clock.
DATE_WINDOW = timedelta(minutes=15)


def _unsigned(facts: Facts) -> str | None:
    if facts.signature is not None:
        return None
    header = facts.request.header("authorization")
    return "the request is not signed" if header is None else "the Authorization header is none of version 4"


def _unknown_key(facts: Facts) -> str | None:
    if facts.signature is None or facts.account is not None:
        return None
    return f"nobody issued the access key {facts.access_key_id!r}"


def _not_genuine(facts: Facts) -> str | None:
    if facts.signature is None or facts.account is None or facts.is_genuine:
        return None
    return "the signature does not belong to this request and key"


def _out_of_date(facts: Facts) -> str | None:
    if facts.signature is None or facts.account is None:
        return None
    signed_at = facts.signature.signed_at
    if signed_at is None:
        return "the signature bears no date that can be read"
    return "the signature's date is out of the window" if abs(facts.now - signed_at) > DATE_WINDOW else None


SIGNATURE_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "signature.unknown-key",
        ("InvalidClientTokenIdException",),
        ALL,
        "the access key that signs the request is unknown (HTTP 403)",
        D,
        sources.ERRORS,
        _unknown_key,
    ),
    Rule(
        "signature.missing",
        (
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "InvalidClientTokenIdException",
            "IncompleteSignature",
        ),
        ALL,
        "the request is not signed",
        D,
        sources.AUTHENTICATION,
        _unsigned,
        naming=I,
    ),
    Rule(
        "signature.wrong",
        ("SignatureDoesNotMatch", "SignatureDoesNotMatchException", "IncompleteSignature"),
        ALL,
        "the signature is not the one that key and request give",
        D,
        sources.AUTHENTICATION,
        _not_genuine,
        naming=I,
    ),
    Rule(
        "signature.out-of-date",
        ("RequestExpired", "SignatureDoesNotMatch", "RequestTimeTooSkewed"),
        ALL,
        "the signature's date is more than 15 minutes from the endpoint's clock",
        I,
        sources.QUERY_ERRORS,
        _out_of_date,
    ),
)
