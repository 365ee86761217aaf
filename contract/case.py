"""A case: one request to make, before it is sent.

Jobs and the like get their ids only when a target has brought about the provider states, so a case may hold the
placeholder `reference("pending")` wherever text stands. It is made of unreserved characters only and therefore
reads the same in parameters, in form pairs and in encoded bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .interaction import Reply

_REFERENCE = re.compile(r"~([a-z0-9-]+)~")


def reference(state: str) -> str:
    """Return the placeholder for the id of a resource in provider state `state`.

    >>> reference("pending")
    '~pending~'
    """
    return f"~{state}~"


@dataclass(frozen=True, slots=True)
class Call:
    """Parameters for the SDK, which may reject them before anything is sent."""

    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """Form pairs, which need not be ones that the SDK could send.

    Attributes:
        pairs: Keys and values in order; keys may repeat.
        method: ``POST`` (pairs in the body) or ``GET`` (pairs in the query string).
        query: Pairs for the query string of a POST.
    """

    pairs: tuple[tuple[str, str], ...]
    method: str = "POST"
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """A body of bytes, which need not be a form at all."""

    body: bytes
    content_type: str = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Parse:
    """A reply for the SDK's parser. Nothing is sent, and no endpoint takes part."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Signing:
    """How the request is signed; the default is what the installed SDK does.

    Attributes:
        version: ``v4`` or ``v2``. A `Call` is always signed by the SDK itself.
        key: ``own``, ``unknown`` (an access key that nobody issued), ``none`` (unsigned), or what another account is
            for, as the specification and the configuration name it.
        tampered: Change the signature after signing.
        age_seconds: Pretend that the request was made that long ago.
    """

    version: str = "v4"
    key: str = "own"
    tampered: bool = False
    age_seconds: int = 0


SIGNED_AS_THE_SDK_DOES = Signing()


@dataclass(frozen=True, slots=True)
class Case:
    """One request to make.

    Attributes:
        operation: Name of the operation, e.g. ``UpdateJob``.
        sent: What to send: `Call`, `Form` or `Raw`; or `Parse`, which is not sent.
        label: Why it was made, for readers only: no verdict looks at it.
        signing: How it is signed.
        plan: The faults that strike it, as text; empty for none.
    """

    operation: str
    sent: Call | Form | Raw | Parse
    label: str = ""
    signing: Signing = SIGNED_AS_THE_SDK_DOES
    plan: str = ""

    def references(self) -> frozenset[str]:
        """Return the provider states whose ids the case needs."""
        return frozenset(_REFERENCE.findall(_texts(self.sent)))

    def resolve(self, ids: Mapping[str, str]) -> Case:
        """Return the case with each placeholder replaced by the id in `ids`; unknown placeholders stay."""
        if not self.references() & ids.keys():
            return self
        match self.sent:
            case Call(parameters=parameters):
                sent: Call | Form | Raw | Parse = Call(_substitute(parameters, ids))
            case Form(pairs=pairs, query=query):
                sent = replace(self.sent, pairs=_substitute(pairs, ids), query=_substitute(query, ids))
            case Raw(body=body):
                sent = replace(self.sent, body=_fill(body.decode("latin-1"), ids).encode("latin-1"))
            case Parse():
                return self
        return replace(self, sent=sent)


def _texts(sent: Call | Form | Raw | Parse) -> str:
    match sent:
        case Call(parameters=parameters):
            return repr(parameters) if parameters else ""
        case Form(pairs=pairs, query=query):
            return "\n".join(value for _, value in (*pairs, *query))
        case Raw(body=body):
            return body.decode("latin-1") if b"~" in body else ""
        case Parse():
            return ""


def _fill(text: str, ids: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: ids.get(match[1], match[0]), text) if "~" in text else text


def _substitute(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _fill(value, ids)
        case Mapping():
            return {key: _substitute(item, ids) for key, item in value.items()}
        case tuple():
            return tuple(_substitute(item, ids) for item in value)
        case list():
            return [_substitute(item, ids) for item in value]
        case _:
            return value
