"""Replies of the query protocol written out: results and errors as XML bytes in their documented envelopes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ..interaction import Reply
from ..model import Operation
from .scalars import write_scalar

CONTENT_TYPE = "text/xml"
_UNSTORABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = {"\r": "&#13;"}  # a bare carriage return would be read back as a line feed


def write_result(
    operation: Operation, value: Mapping[str, Any], *, request_id: str, namespace: str | None = None
) -> Reply:
    """Return the reply for a success.

    Args:
        operation: The operation that succeeded.
        value: The output members; absent and None members are left out.
        request_id: For ``ResponseMetadata``, and for the header that AWS sends beside it.
        namespace: The XML namespace; the model's when None.
    """
    inner = "" if operation.output_shape is None else write_members(operation.output_shape, value)
    if operation.result_wrapper:
        inner = f"<{operation.result_wrapper}>{inner}</{operation.result_wrapper}>"
    metadata = f"<ResponseMetadata><RequestId>{_text(request_id)}</RequestId></ResponseMetadata>"
    root = f"{operation.name}Response"
    body = f"<{root}{_xmlns(namespace or operation.namespace)}>{inner}{metadata}</{root}>"
    return _reply(200, body, request_id)


def write_error(
    code: str,
    message: str,
    *,
    request_id: str,
    status: int = 400,
    fault: str = "Sender",
    namespace: str | None = None,
) -> Reply:
    """Return the reply for a refusal, in the envelope of the query protocol."""
    error = f"<Error><Type>{_text(fault)}</Type><Code>{_text(code)}</Code><Message>{_text(message)}</Message></Error>"
    body = f"<ErrorResponse{_xmlns(namespace)}>{error}<RequestId>{_text(request_id)}</RequestId></ErrorResponse>"
    return _reply(status, body, request_id)


def _reply(status: int, body: str, request_id: str) -> Reply:
    data = body.encode("utf-8")
    headers = (("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(data))), ("x-amzn-RequestId", request_id))
    return Reply(status, headers, data)


def _xmlns(namespace: str | None) -> str:
    return f" xmlns={quoteattr(namespace)}" if namespace else ""


def _text(text: str) -> str:
    return escape(_storable(text), _LINE_ENDS)


def _storable(text: str) -> str:
    """Return `text` with what XML 1.0 cannot hold replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def write_members(shape: StructureShape, value: Mapping[str, Any]) -> str:
    """Return the members of a structure as elements, in the order of the model.

    Args:
        shape: The structure.
        value: Its members; absent and None members are left out.
    """
    return "".join(
        _element(member, value[name], str(member.serialization.get("name", name)))
        for name, member in shape.members.items()
        if value.get(name) is not None
    )


def _element(shape: Shape, value: Any, name: str) -> str:
    match shape:
        case StructureShape():
            return f"<{name}>{write_members(shape, value)}</{name}>"
        case ListShape():
            return _list(shape, value, name)
        case MapShape():
            key = str(shape.key.serialization.get("name", "key"))
            item = str(shape.value.serialization.get("name", "value"))
            pairs = [f"{_element(shape.key, k, key)}{_element(shape.value, v, item)}" for k, v in value.items()]
            if shape.serialization.get("flattened"):
                return "".join(f"<{name}>{pair}</{name}>" for pair in pairs)
            return f"<{name}>{''.join(f'<entry>{pair}</entry>' for pair in pairs)}</{name}>"
        case _:
            return f"<{name}>{_text(write_scalar(shape, value))}</{name}>"


def _list(shape: ListShape, value: Any, name: str) -> str:
    if shape.serialization.get("flattened"):
        label = str(shape.member.serialization.get("name", name))
        return "".join(_element(shape.member, item, label) for item in value)
    label = str(shape.member.serialization.get("name", "member"))
    return f"<{name}>{''.join(_element(shape.member, item, label) for item in value)}</{name}>"
