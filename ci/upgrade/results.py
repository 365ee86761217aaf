"""Results as bytes in every protocol whose body is text: right ones, and ones in which something is odd.

This is what both SDKs are given to parse; it need not be what the service would say in every detail.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ...contract.codec.query_reply import write_members, write_result
from ...contract.codec.wrong_replies import with_body
from ...contract.interaction import Headers, Reply
from ...contract.model import Operation
from .inside.calls import FULL, NoCall, make_value
from .subjects import REQUEST_ID

_JSON, _XML = ("json", "rest-json"), ("rest-xml", "ec2")
_TYPES = {
    "json": "application/x-amz-json-1.1",
    "rest-json": "application/json",
    "rest-xml": "application/xml",
    "ec2": "text/xml",
}
# How values of a type are spelt by `make_value` in XML and in JSON, and what is no value of the type.
_ODD = (
    ("timestamp", r">2026-01-02T03:04:05Z<", r"(?<=: )1767323045\.0", "half past nine"),
    ("boolean", r">true<", r"(?<=: )true", "perhaps"),
    ("integer", r">1<", r"(?<=: )1(?=[,}])", "many"),
    ("number", r">1\.5<", r"(?<=: )1\.5", "much"),
    ("blob", r">Ym90b3Byb29m<", r'"Ym90b3Byb29m"', "%"),
)
_WRONG_HEADERS = {"timestamp": "half past nine", "boolean": "perhaps", "integer": "many", "long": "many"}


def written_results(operation: Operation) -> Iterator[tuple[str, Reply]]:
    """Yield results of an operation with what is odd in each: one with every member first.

    Nothing is yielded where the protocol has no text for a body, or the result is a stream of events.

    Args:
        operation: With the protocol in which it is answered.
    """
    shape = operation.output_shape
    try:
        value = make_value(shape, FULL, operation.service)
    except NoCall:
        return
    right = _reply(operation, shape, value)
    if right is None:
        return
    yield "a result with every member", right
    for name, xml, text, odd in _ODD:
        is_json = operation.protocol in _JSON
        instead = json.dumps(odd) if is_json else f">{odd}<"
        body = re.sub((text if is_json else xml).encode(), instead.encode(), right.body)
        if body != right.body:
            yield f"a result in which each {name} is odd", with_body(right, body)
    for name, member in shape.members.items() if shape is not None else ():
        wrong = _WRONG_HEADERS.get(member.type_name)
        if wrong is not None and _place(operation, member) == "header":
            header = str(member.serialization["name"])
            headers = tuple((key, wrong if key == header else one) for key, one in right.headers)
            yield f"a result whose header for {name} is odd", Reply(right.status, headers, right.body)


def result_reply(operation: Operation, value: Mapping[str, Any]) -> Reply | None:
    """Return the reply with which an operation succeeds; None where the protocol has no text for a body.

    Args:
        operation: With the protocol in which it is answered.
        value: Of its output.
    """
    return _reply(operation, operation.output_shape, value)


def _place(operation: Operation, member: Shape) -> str:
    """Return where a member of the output stands; only the protocols of REST have a place beside the body."""
    if not operation.protocol.startswith("rest-"):
        return "body"
    return str(member.serialization.get("location", "body"))


def _reply(operation: Operation, shape: StructureShape | None, value: Mapping[str, Any]) -> Reply | None:
    if operation.protocol == "query":
        return write_result(operation, value, request_id=REQUEST_ID)
    if operation.protocol not in _TYPES:
        return None
    headers: Headers = (("Content-Type", _TYPES[operation.protocol]), ("x-amzn-RequestId", REQUEST_ID))
    inside = dict(value)
    for name, member in shape.members.items() if shape is not None else ():
        place = _place(operation, member)
        if place == "body" or name not in value:
            continue
        item = inside.pop(name)
        if place == "header" and member.serialization["name"].lower() == "content-length":
            continue  # the reply has its own
        if place == "header":
            headers += ((str(member.serialization["name"]), _header(member, item)),)
        elif place == "headers":
            prefix = str(member.serialization.get("name", ""))
            headers += tuple((f"{prefix}{key}", str(one)) for key, one in item.items())
    body = _body(operation, shape, inside)
    return Reply(200, (*headers, ("Content-Length", str(len(body)))), body)


def _header(shape: Shape, value: Any) -> str:
    match value:
        case datetime() if "timestampFormat" not in shape.serialization:
            return format_datetime(value, usegmt=True)
        case bool():
            return str(value).lower()
        case list():
            return ",".join(map(str, value))
        case _:
            return str(json.loads(_json(shape, value)))


def _body(operation: Operation, shape: StructureShape | None, value: Mapping[str, Any]) -> bytes:
    payload = shape.serialization.get("payload") if shape is not None else None
    if shape is not None and payload is not None and operation.protocol.startswith("rest-"):
        inner, item = shape.members[payload], value.get(payload)
        if not isinstance(inner, StructureShape):
            return item if isinstance(item, bytes) else str(item or "").encode("utf-8")
        root, shape, value = str(inner.serialization.get("name", inner.name)), inner, item or {}
    else:
        root = f"{operation.name}{'Response' if operation.protocol == 'ec2' else 'Result'}"
    if operation.protocol in _JSON:
        return ("{}" if shape is None else _object(shape, value)).encode("utf-8")
    extra = f"<requestId>{REQUEST_ID}</requestId>" if operation.protocol == "ec2" else ""
    return f"<{root}>{'' if shape is None else write_members(shape, value)}{extra}</{root}>".encode()


def _object(shape: StructureShape, value: Mapping[str, Any]) -> str:
    named = ((str(shape.members[name].serialization.get("name", name)), name) for name in value)
    parts = (f"{json.dumps(wire)}: {_json(shape.members[name], value[name])}" for wire, name in named)
    return f"{{{', '.join(parts)}}}"


def _json(shape: Shape, value: Any) -> str:
    match shape:
        case StructureShape() if not shape.is_document_type:
            return _object(shape, value)
        case ListShape():
            return f"[{', '.join(_json(shape.member, item) for item in value)}]"
        case MapShape():
            return f"{{{', '.join(f'{json.dumps(key)}: {_json(shape.value, one)}' for key, one in value.items())}}}"
    if not isinstance(value, datetime):
        return json.dumps(base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value)
    match shape.serialization.get("timestampFormat", "unixTimestamp"):
        case "rfc822":
            return json.dumps(format_datetime(value, usegmt=True))
        case "unixTimestamp":
            return json.dumps(value.timestamp())
        case _:
            return json.dumps(value.strftime("%Y-%m-%dT%H:%M:%SZ"))
