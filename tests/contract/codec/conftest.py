"""An operation with every construct of the query protocol, many of which no installed service uses."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.model import Operation, describe_operation

RECORD: dict[str, Any] = {
    "Name": {"shape": "Text"},
    "Enabled": {"shape": "Boolean"},
    "Count": {"shape": "Integer"},
    "Size": {"shape": "Long"},
    "Weight": {"shape": "Float"},
    "Ratio": {"shape": "Double"},
    "Data": {"shape": "Blob"},
    "When": {"shape": "Timestamp"},
    "WhenInSeconds": {"shape": "Timestamp", "timestampFormat": "unixTimestamp"},
    "WhenInHttp": {"shape": "Timestamp", "timestampFormat": "rfc822"},
    "Renamed": {"shape": "Text", "locationName": "OtherName"},
    "Owner": {"shape": "Owner"},
    "Words": {"shape": "Words"},
    "Parts": {"shape": "Parts"},
    "Labelled": {"shape": "Labelled"},
    "Flat": {"shape": "Flat"},
    "FlatLabelled": {"shape": "FlatLabelled"},
    "Map": {"shape": "Map"},
    "FlatMap": {"shape": "FlatMap"},
    "Tree": {"shape": "Tree"},
}
SHAPES: dict[str, Any] = {
    "Record": {"type": "structure", "required": ["Name"], "members": RECORD},
    "Text": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Integer": {"type": "integer"},
    "Long": {"type": "long"},
    "Float": {"type": "float"},
    "Double": {"type": "double"},
    "Blob": {"type": "blob"},
    "Timestamp": {"type": "timestamp"},
    "Owner": {
        "type": "structure",
        "required": ["Id"],
        "members": {"Id": {"shape": "Text", "locationName": "OwnerId"}, "Active": {"shape": "Boolean"}},
    },
    "Words": {"type": "list", "member": {"shape": "Text"}},
    "Parts": {"type": "list", "member": {"shape": "Owner"}},
    "Labelled": {"type": "list", "member": {"shape": "Boolean", "locationName": "Entry"}},
    "Flat": {"type": "list", "flattened": True, "member": {"shape": "Integer"}},
    "FlatLabelled": {"type": "list", "flattened": True, "member": {"shape": "Text", "locationName": "Item"}},
    "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Integer"}},
    "FlatMap": {
        "type": "map",
        "flattened": True,
        "key": {"shape": "Text", "locationName": "Attribute"},
        "value": {"shape": "Text", "locationName": "Content"},
    },
    "Tree": {"type": "structure", "members": {"Leaf": {"shape": "Text"}, "Branch": {"shape": "Tree"}}},
}
METADATA = {
    "protocol": "query",
    "apiVersion": "2026-11-23",
    "serviceId": "Shop",
    "endpointPrefix": "shop",
    "xmlNamespace": "urn:shop",
}


@pytest.fixture(scope="session")
def put_record() -> Operation:
    """An operation that takes and gives a record with every construct."""
    operations = {
        "PutRecord": {
            "name": "PutRecord",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Record"},
            "output": {"shape": "Record", "resultWrapper": "PutRecordResult"},
        }
    }
    model = ServiceModel({"metadata": METADATA, "operations": operations, "shapes": SHAPES}, "shop")
    return describe_operation(model, "shop", "PutRecord")


@pytest.fixture(scope="session")
def update_job() -> Operation:
    """ImportExport's UpdateJob, whose members are three strings and two booleans, and a list of structures."""
    return read_operation("importexport", "UpdateJob")


@pytest.fixture(scope="session")
def delete_user() -> Operation:
    """IAM's DeleteUser, which returns no members and so has no result wrapper."""
    return read_operation("iam", "DeleteUser")
