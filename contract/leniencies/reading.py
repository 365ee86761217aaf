"""What botocore's query parser is known to make of a reply, right or wrong: the listed leniencies put together.

This is a description and not a parser to rely on: each departure from the strict reading is one listed leniency, taken
by its code, and gives exactly what botocore yields. Whatever botocore yields beyond it is a disagreement that nobody
has listed. Written from its observed behaviour; where a value is left to Python (`int`, `float`, `base64`), Python is
asked, and what a guess of dateutil gives is only known to be an instant, or one of two exceptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from ..interaction import Reply
from ..model import Operation
from ..outcome import Broken, Outcome, Refused, Returned
from .values import PARSER_ERROR, Raised, Reader, named


@dataclass(frozen=True, slots=True)
class Expected:
    """What botocore is known to make of a reply.

    Attributes:
        outcome: What it yields; a value may hold `Elements` and `Guess`.
        used: The codes of the leniencies by which it departs from the strict reading.
    """

    outcome: Outcome
    used: frozenset[str]


# What is never looked at, so that it is no event: in every reply that can be parsed, in results, in errors.
_OF_ANY = frozenset({"lenient-size", "lenient-document-type", "lenient-encoding", "lenient-namespace"})
_OF_RESULTS = frozenset({"lenient-root", "lenient-beside-result"})
_OF_ERRORS = frozenset({"lenient-error-envelope"})


def read_as_botocore(operation: Operation, reply: Reply, root: Element | None = None) -> Expected:
    """Return what botocore is known to make of `reply` as an answer to `operation`; never raises.

    Args:
        operation: Was called.
        reply: As an answer to it.
        root: The document in the reply, when it has been parsed already; it is parsed alike for every reader.
    """
    reader = Reader({"lenient-headers"})
    try:
        outcome = _outcome(operation, reply, root, reader)
    except Raised as raised:
        outcome = Broken(raised.exception, "")
    return Expected(outcome, frozenset(reader.used))


def _outcome(operation: Operation, reply: Reply, root: Element | None, reader: Reader) -> Outcome:
    body = reply.body.strip()
    if reply.status >= 500 and (not body or body.startswith(b"<html>")):
        reader.take("lenient-generic-error")
        phrase = next((known.phrase for known in HTTPStatus if known == reply.status), "")
        return Refused(str(reply.status), phrase, None, reply.status, "ClientError", None)
    root = _document(reply.body, reader) if root is None else root
    reader.used |= _OF_ANY
    if reply.status > 300:
        return _refused(operation, _error_tree(root, reader), reply.status, reader)
    value, request_id = _result(operation, root, reader)
    if reply.status == 300:  # parsed as a result, and then raised as an error
        reader.take("raised-result-as-error")
        return Refused(None, None, None, 300, "ClientError", request_id)
    if reply.status != 200:
        reader.take("lenient-status")
    return Returned(value, reply.status, request_id)


def _document(body: bytes, reader: Reader) -> Element:
    # As botocore parses it: document types included, which only replies of our own making hold.
    parser = XMLParser(encoding="utf-8")  # noqa: S314
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError:
        raise reader.raised("raised-parser-error", PARSER_ERROR) from None
    return root


def _result(operation: Operation, root: Element, reader: Reader) -> tuple[dict[str, Any], Any]:
    shape, wrapper = operation.output_shape, operation.result_wrapper
    reader.used |= _OF_RESULTS
    value: dict[str, Any] = {}
    children = named(root)
    reader.note_text(root)
    if shape is None:
        reader.take("lenient-without-output")
    else:
        start: Element | list[Element] = root
        if wrapper is not None:
            if wrapper not in children:
                raise reader.raised("raised-key-error", "builtins.KeyError")
            start = children[wrapper]
        value = reader.structure(shape, start)
    metadata = children.get("ResponseMetadata")
    if isinstance(metadata, list):
        reader.take("lenient-repeated-structure")
        metadata = metadata[0]
    parts: dict[str, Element | list[Element]] = {}
    if metadata is not None:
        reader.note_text(metadata)
        parts = named(metadata)
    if parts.keys() - {"RequestId"}:
        reader.take("lenient-metadata")
    if any(isinstance(part, list) for part in parts.values()):
        raise reader.raised("raised-attribute-error", "builtins.AttributeError")
    found = parts.get("RequestId")
    request_id = found.text if isinstance(found, Element) else None
    if not (request_id or "").strip() or len(found if isinstance(found, Element) else ()):
        reader.take("lenient-request-id")
    return value, request_id


def _error_tree(root: Element, reader: Reader) -> dict[str, Any]:
    reader.note_text(root)
    parsed = _texts(named(root), reader)
    if "Errors" in parsed:  # EC2's envelope
        inner = parsed.pop("Errors")
        if not isinstance(inner, dict):
            raise reader.raised("raised-error-tree", "builtins.TypeError" if inner is None else "builtins.ValueError")
        parsed.update(inner)
    if "RequestId" in parsed:
        parsed["ResponseMetadata"] = {"RequestId": parsed.pop("RequestId")}
    return parsed


def _texts(nodes: Mapping[str, Element | list[Element]], reader: Reader) -> dict[str, Any]:
    """Return texts by name, and maps where there are elements; of what is repeated, the first one's elements only."""
    parsed: dict[str, Any] = {}
    for name, node in nodes.items():
        if isinstance(node, list):
            reader.take("lenient-error-repeated")
            parsed[name] = _texts(named(node), reader)
        else:
            parsed[name] = node.text
            if len(node):
                reader.note_text(node)
                parsed[name] = _texts(named(node), reader)
    return parsed


def _refused(operation: Operation, parsed: dict[str, Any], status: int, reader: Reader) -> Outcome:
    error, metadata = parsed.get("Error", {}), parsed.get("ResponseMetadata", {})
    if not isinstance(metadata, dict):
        raise reader.raised("raised-error-tree", "builtins.TypeError")
    if not isinstance(error, dict):
        raise reader.raised("raised-error-tree", "builtins.AttributeError")
    code = error.get("QueryErrorCode") or error.get("Code")
    if isinstance(code, dict):
        raise reader.raised("raised-error-tree", "builtins.TypeError")
    known = {error.code: error.name for error in operation.service_errors}
    exception = known.get(code or "", "ClientError")
    if not parsed.get("Error"):
        reader.take("raised-result-as-error")
    elif not code:
        reader.take("lenient-no-code")
    elif code.split() != [code]:
        reader.take("lenient-code-spaces")
    for given, wanted, leniency in (
        (error.get("Type"), ("Sender", "Receiver"), "lenient-error-type"),
        (status, range(400, 600), "lenient-error-status"),
    ):
        if given not in wanted:
            reader.take(leniency)
    if not _is_said(error.get("Message")):
        reader.take("lenient-no-message")
    if not _is_said(metadata.get("RequestId")):
        reader.take("lenient-request-id")
    said = (error.get("Type"), error.get("Message"), metadata.get("RequestId"))
    if any(isinstance(part, dict) for part in said):
        reader.take("lenient-error-elements")
    reader.used |= _OF_ERRORS
    return Refused(
        error.get("Code"), error.get("Message"), error.get("Type"), status, exception, metadata.get("RequestId")
    )


def _is_said(text: Any) -> bool:
    return bool(text.strip() if isinstance(text, str) else text)
