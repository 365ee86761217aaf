"""Captured requests without what differs from call to call or follows from something else that is compared."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from .leaves import Leaves, json_leaves

# Where a header follows from the body, the clock, chance or the signature, only that it is there is compared.
_PRESENCE = re.compile(
    r"content-length|content-md5|date|x-amz-date|authorization|user-agent|x-amz-user-agent|amz-sdk-invocation-id"
    r"|x-amz-checksum-(?!type|algorithm|mode).*|x-amz-decoded-content-length"
)
PRESENT = "present"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNSTEADY = re.compile(r"(; )?ttl=\w+")
_SIGNATURE = re.compile(r"(?<=Signature=)[^&]*")


@dataclass(frozen=True, slots=True)
class Captured:
    """A request as an SDK was about to send it, ready to be compared.

    Attributes:
        method: The verb.
        host: With its scheme.
        target: Path and query.
        headers: By lower-case name.
        form: How the body is written: ``none``, ``form``, ``JSON``, ``XML``, ``text`` or ``bytes``.
        body: What stands in it, by its path; a path that occurs again has a number.
        written: The body as it is, of which `body` may be a reading.
        signed: By which algorithm, and for what.
    """

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    form: str
    body: Leaves
    written: str
    signed: str


def read_request(answer: Mapping[str, Any]) -> Captured:
    """Return a request of the answer to ``wire``."""
    request: Mapping[str, Any] = answer["request"]
    url = urlsplit(str(request["url"]))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {name: _steady(name, value) for name, value in request["headers"].items()}
    algorithm, *scope = answer["signed"]
    written = str(request["text"] if "text" in request else request["base64"])
    form, body = read_body(request, headers.get("content-type", ""))
    return Captured(
        method=str(request["method"]),
        host=f"{url.scheme}://{url.netloc}",
        target=_SIGNATURE.sub("*", target),
        headers=headers,
        form=form,
        body=body,
        written=_SIGNATURE.sub("*", written),
        signed=" ".join((str(algorithm), "/".join(map(str, reversed(scope))))).strip(),
    )


def _steady(name: str, value: str) -> str:
    if _PRESENCE.fullmatch(name):
        return PRESENT
    if name == "x-amz-content-sha256":
        return _DIGEST.sub("a digest", value)
    return _UNSTEADY.sub("", value) if name == "amz-sdk-request" else value


def read_body(request: Mapping[str, Any], content_type: str) -> tuple[str, Leaves]:
    """Return how a body is written, and what stands in it.

    Args:
        request: With ``text``, or ``base64`` when it is none.
        content_type: The header; bodies are looked at all the same.
    """
    if "base64" in request:
        return "bytes", {"": f"{len(base64.b64decode(request['base64']))} bytes"}
    text = str(request["text"])
    if not text:
        return "none", {}
    if text.lstrip()[:1] in "{[":
        try:
            return "JSON", _numbered(json_leaves(json.loads(text)))
        except ValueError:
            return "text", {"": text}
    if text.lstrip()[:1] == "<":
        try:
            return "XML", _numbered(_xml_leaves(ElementTree.fromstring(text), ""))
        except (ElementTree.ParseError, DefusedXmlException):
            return "text", {"": text}
    if "form-urlencoded" in content_type:
        pairs = parse_qsl(text, keep_blank_values=True)
        return "form", _numbered((name, "*" if name == "Signature" else value) for name, value in pairs)
    return "text", {"": text}


def _numbered(pairs: Iterator[tuple[str, str]]) -> Leaves:
    found: dict[str, str] = {}
    for path, value in pairs:
        free, number = path, 1
        while free in found:
            number += 1
            free = f"{path}#{number}"
        found[free] = value
    return found


def _xml_leaves(element: Any, path: str) -> Iterator[tuple[str, str]]:
    here = f"{path}/{element.tag}"
    for name, value in element.attrib.items():
        yield f"{here}/@{name}", value
    if len(element):
        for child in element:
            yield from _xml_leaves(child, here)
    else:
        yield here, element.text or ""
