"""Made-up operations by which each leniency is shown: one with a member of every type, one without output."""

from __future__ import annotations

from typing import Any

from botocore.model import ServiceModel

from ..interaction import Reply
from ..model import Operation, describe_operation

NAMESPACE = "urn:example"

_SHAPES: dict[str, Any] = {
    "Input": {"type": "structure", "members": {}},
    "Thing": {
        "type": "structure",
        "required": ["Name"],
        "members": {
            "Name": {"shape": "Text"},
            "Ready": {"shape": "Boolean"},
            "Count": {"shape": "Integer"},
            "Made": {"shape": "Timestamp"},
            "Data": {"shape": "Blob"},
            "Owner": {"shape": "Owner"},
            "Parts": {"shape": "Parts"},
            "Labels": {"shape": "Labels"},
            "Choice": {"shape": "Choice"},
        },
    },
    "Owner": {"type": "structure", "members": {"Id": {"shape": "Text"}}},
    "Parts": {"type": "list", "member": {"shape": "Owner"}},
    "Labels": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
    "Choice": {"type": "structure", "union": True, "members": {"Left": {"shape": "Text"}, "Right": {"shape": "Text"}}},
    "Text": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Integer": {"type": "integer"},
    "Timestamp": {"type": "timestamp"},
    "Blob": {"type": "blob"},
    "NoSuchThing": {"type": "structure", "members": {}, "exception": True},
}
_OPERATION = {
    "name": "GetThing",
    "http": {"method": "POST", "requestUri": "/"},
    "input": {"shape": "Input"},
    "output": {"shape": "Thing", "resultWrapper": "GetThingResult"},
    "errors": [{"shape": "NoSuchThing"}],
}
_METADATA = {
    "protocol": "query",
    "apiVersion": "2026-11-26",
    "serviceId": "Example",
    "endpointPrefix": "example",
    "xmlNamespace": NAMESPACE,
}

_OPERATIONS = {
    "GetThing": _OPERATION,
    "DeleteThing": {"name": "DeleteThing", "http": {"method": "POST", "requestUri": "/"}},
}
_MODEL = ServiceModel({"metadata": _METADATA, "operations": _OPERATIONS, "shapes": _SHAPES}, "example")

OPERATION: Operation = describe_operation(_MODEL, "example", "GetThing")
WITHOUT_OUTPUT: Operation = describe_operation(_MODEL, "example", "DeleteThing")

_METADATA_ELEMENT = "<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata>"


def result(
    members: str = "<Name>n</Name>",
    *,
    root: str = "GetThingResponse",
    attributes: str = f' xmlns="{NAMESPACE}"',
    wrapper: str = "GetThingResult",
    beside: str = _METADATA_ELEMENT,
    status: int = 200,
    before: str = "",
) -> Reply:
    """Return a result whose parts stand as given."""
    inner = f"<{wrapper}>{members}</{wrapper}>" if wrapper else members
    return document(f"{before}<{root}{attributes}>{inner}{beside}</{root}>", status=status)


def refusal(
    error: str = "<Error><Type>Sender</Type><Code>NoSuchThing</Code><Message>m</Message></Error>",
    *,
    beside: str = "<RequestId>r1</RequestId>",
    root: str = "ErrorResponse",
    status: int = 400,
) -> Reply:
    """Return an error whose parts stand as given."""
    return document(f'<{root} xmlns="{NAMESPACE}">{error}{beside}</{root}>', status=status)


def document(body: str | bytes, *, status: int = 200, content_type: str = "text/xml") -> Reply:
    """Return a reply with that body."""
    data = body.encode() if isinstance(body, str) else body
    return Reply(status, (("Content-Type", content_type),), data)
