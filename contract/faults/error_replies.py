"""A refusal in the envelope of each wire protocol, as botocore's parsers read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.sax.saxutils import escape

from ..codec.query_reply import write_error
from ..interaction import Headers, Reply
from ..model import Operation

_MESSAGE = "botoproof injected this refusal"


def write_refusal(operation: Operation, code: str, *, status: int, request_id: str, extra: Headers = ()) -> Reply:
    """Return the reply by which a service of that protocol refuses.

    Args:
        operation: Whose service refuses, for its protocol.
        code: What stands on the wire; of a documented error it is the code, not the shape's name.
        status: The HTTP status.
        request_id: In the place that the protocol has for it.
        extra: Further headers.
    """
    reply = _WRITERS[operation.protocol](operation, code, status, request_id)
    return Reply(reply.status, (*reply.headers, *extra), reply.body)


def _query(operation: Operation, code: str, status: int, request_id: str) -> Reply:
    return write_error(
        code,
        _MESSAGE,
        request_id=request_id,
        status=status,
        fault="Receiver" if status >= 500 else "Sender",
        namespace=operation.namespace,
    )


def _ec2(_: Operation, code: str, status: int, request_id: str) -> Reply:
    body = (
        f"<Response><Errors><Error><Code>{escape(code)}</Code><Message>{_MESSAGE}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )
    return _reply(status, "text/xml", body.encode("utf-8"), (("x-amzn-RequestId", request_id),))


def _rest_xml(_: Operation, code: str, status: int, request_id: str) -> Reply:
    body = (
        f"<ErrorResponse><Error><Code>{escape(code)}</Code><Message>{_MESSAGE}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return _reply(status, "application/xml", body.encode("utf-8"), (("x-amz-request-id", request_id),))


def _json(operation: Operation, code: str, status: int, request_id: str) -> Reply:
    body = json.dumps({"__type": _json_type(operation, code), "message": _MESSAGE})
    headers = (("x-amzn-RequestId", request_id), *_query_error(operation, code, status))
    return _reply(status, "application/x-amz-json-1.1", body.encode("utf-8"), headers)


def _rest_json(operation: Operation, code: str, status: int, request_id: str) -> Reply:
    body = json.dumps({"message": _MESSAGE})
    headers = (
        ("x-amzn-RequestId", request_id),
        ("x-amzn-errortype", code),
        *_query_error(operation, code, status),
    )
    return _reply(status, "application/json", body.encode("utf-8"), headers)


def _cbor(operation: Operation, code: str, status: int, request_id: str) -> Reply:
    pairs = (("__type", _json_type(operation, code)), ("message", _MESSAGE))
    body = bytes([0xA0 + len(pairs)]) + b"".join(_cbor_text(text) for pair in pairs for text in pair)
    headers = (
        ("smithy-protocol", "rpc-v2-cbor"),
        ("x-amzn-RequestId", request_id),
        *_query_error(operation, code, status),
    )
    return _reply(status, "application/cbor", body, headers)


def _cbor_text(text: str) -> bytes:
    data = text.encode("utf-8")
    # RFC 8949: major type 3, with the length in the head below 24, else in two bytes after it.
    head = bytes([0x60 + len(data)]) if len(data) < 24 else b"\x79" + len(data).to_bytes(2, "big")
    return head + data


def _json_type(operation: Operation, code: str) -> str:
    """Return the name of the shape: where a service once spoke the query protocol, its code stands in a header."""
    named = next((error.name for error in operation.service_errors if error.code == code), code)
    return named if _was_query(operation) else code


def _query_error(operation: Operation, code: str, status: int) -> Headers:
    side = "Receiver" if status >= 500 else "Sender"
    return (("x-amzn-query-error", f"{code};{side}"),) if _was_query(operation) else ()


def _was_query(operation: Operation) -> bool:
    return "awsQueryCompatible" in operation.declared.service_model.metadata


def _reply(status: int, kind: str, body: bytes, headers: Headers) -> Reply:
    return Reply(status, (("Content-Type", kind), ("Content-Length", str(len(body))), *headers), body)


_WRITERS: dict[str, Callable[[Operation, str, int, str], Reply]] = {
    "query": _query,
    "ec2": _ec2,
    "json": _json,
    "rest-json": _rest_json,
    "rest-xml": _rest_xml,
    "smithy-rpc-v2-cbor": _cbor,
}

PROTOCOLS = frozenset(_WRITERS)
"""The protocols in which a refusal can be written."""
