"""A small service of nobody's, in wheels made for a test: models that differ in one place."""

from __future__ import annotations

import copy
import gzip
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botoproof.ci.upgrade.answer import Gap, Looked, Scope
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.models import look
from botoproof.ci.upgrade.rule import Depth, Side
from botoproof.ci.upgrade.sdk import Sdk

Files = dict[str, Any]
"""What lies in a release: JSON by its path below ``botoproof/data``, and its METADATA as text."""

SERVICE = "planted/2020-01-01/service-2.json"
PAGINATORS = "planted/2020-01-01/paginators-1.json"
WAITERS = "planted/2020-01-01/waiters-2.json"
RULESET = "planted/2020-01-01/endpoint-rule-set-1.json"
METADATA = "METADATA"

_MODEL: Mapping[str, Any] = {
    "version": "2.0",
    "metadata": {
        "apiVersion": "2020-01-01",
        "endpointPrefix": "planted",
        "protocol": "query",
        "protocols": ["query"],
        "serviceFullName": "Planted",
        "serviceId": "Planted",
        "signatureVersion": "v4",
        "targetPrefix": "Planted_2020",
        "jsonVersion": "1.0",
    },
    "documentation": "A service.",
    "operations": {
        "Plant": {
            "name": "Plant",
            "http": {"method": "POST", "requestUri": "/", "responseCode": 200},
            "input": {"shape": "PlantInput"},
            "output": {"shape": "PlantOutput", "resultWrapper": "PlantResult"},
            "errors": [{"shape": "Withered"}],
            "documentation": "Plants.",
        },
        "Water": {
            "name": "Water",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "WaterInput"},
        },
    },
    "shapes": {
        "PlantInput": {
            "type": "structure",
            "required": ["Name"],
            "members": {
                "Name": {"shape": "Name", "documentation": "Of the plant."},
                "Kind": {"shape": "Kind"},
                "Beds": {"shape": "Beds"},
                "Depth": {"shape": "Depth"},
                "Since": {"shape": "Since"},
                "Where": {"shape": "Place"},
                "Seed": {"shape": "Seed"},
            },
        },
        "PlantOutput": {
            "type": "structure",
            "required": ["Id"],
            "members": {
                "Id": {"shape": "Name"},
                "Kind": {"shape": "Grown"},
                "Roots": {"shape": "Roots"},
                "Since": {"shape": "Since"},
                "Seed": {"shape": "Fruit"},
            },
        },
        "WaterInput": {"type": "structure", "members": {"Beds": {"shape": "Beds"}}},
        "Name": {"type": "string", "min": 1, "max": 64, "pattern": "[a-z]+"},
        "Kind": {"type": "string", "enum": ["TREE", "BUSH"]},
        "Bed": {"type": "structure", "members": {"Row": {"shape": "Row"}, "Next": {"shape": "Bed"}}},
        "Beds": {"type": "list", "member": {"shape": "Bed"}},
        "Grown": {"type": "string", "enum": ["TREE", "BUSH"]},
        "Depth": {"type": "integer", "min": 1, "max": 9},
        "Row": {"type": "integer"},
        "Length": {"type": "integer", "min": 1},
        "Place": {"type": "structure", "members": {"East": {"shape": "Row"}, "West": {"shape": "Row"}}},
        "Since": {"type": "timestamp"},
        "Seed": {"type": "blob"},
        "Fruit": {"type": "blob"},
        "Root": {"type": "structure", "members": {"Length": {"shape": "Length"}, "Below": {"shape": "Roots"}}},
        "Roots": {"type": "list", "member": {"shape": "Root"}},
        "Withered": {
            "type": "structure",
            "members": {"Cause": {"shape": "Name"}},
            "error": {"code": "Withered.Plant", "httpStatusCode": 400, "senderFault": True},
            "exception": True,
        },
    },
}


def files() -> Files:
    """Return the files of a release, for a test to change."""
    return {
        SERVICE: copy.deepcopy(dict(_MODEL)),
        PAGINATORS: {"pagination": {"Plant": {"input_token": "Marker", "result_key": "Roots"}}},
        WAITERS: {"version": 2, "waiters": {"PlantGrown": {"operation": "Plant", "delay": 5, "acceptors": []}}},
        RULESET: {"version": "1.0", "rules": []},
        "_retry.json": {"definitions": {}},
        "endpoints.json": {"partitions": []},
        "sdk-default-configuration.json": {"version": 1},
        METADATA: "Name: botocore\nVersion: VERSION\nRequires-Python: >=3.9\nRequires-Dist: urllib3 (<3,>=1.25)\n",
    }


Edit = Callable[[Files], None]
"""Makes the newer release of the older one."""


def changed(edit: Edit) -> Files:
    """Return the files of a release that differs from the older one."""
    made = files()
    edit(made)
    return made


def wheel(folder: Path, version: str, content: Files, *, packed: bool = False) -> Sdk:
    """Return a release whose wheel holds the files.

    Args:
        folder: Where the wheel is written.
        version: Of the release.
        content: The files.
        packed: Whether models are gzipped.
    """
    path = folder / f"botocore-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in content.items():
            if name == METADATA:
                archive.writestr(f"botocore-{version}.dist-info/METADATA", value.replace("VERSION", version))
            else:
                data = value if isinstance(value, bytes) else json.dumps(value).encode()
                squeezed = packed and name.count("/") == 2
                place = f"botocore/data/{name}" + (".gz" if squeezed else "")
                archive.writestr(place, gzip.compress(data, mtime=0) if squeezed else data)
    return Sdk(version, version, path)


def looked(folder: Path, old: Files, new: Files, scope: Scope | None = None) -> Looked:
    """Return what the depth ``models`` sees between two releases."""
    before, after = wheel(folder, "1.0.0", old), wheel(folder, "2.0.0", new)
    return look(before, after, scope or Scope(), lambda _: None)


def put(path: str, *keys: str, value: Any) -> Edit:
    """Return a change that sets a value, or takes it out where it is None."""

    def change(content: Files) -> None:
        place = content.setdefault(path, {})
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        if value is None:
            del place[keys[-1]]
        else:
            place[keys[-1]] = value

    return change


def shape(*keys: str, value: Any) -> Edit:
    """Return a change of a shape."""
    return put(SERVICE, "shapes", *keys, value=value)


def operation(*keys: str, value: Any) -> Edit:
    """Return a change of the operation ``Plant``."""
    return put(SERVICE, "operations", "Plant", *keys, value=value)


def of_metadata(key: str, value: Any) -> Edit:
    """Return a change of the service's metadata."""
    return put(SERVICE, "metadata", key, value=value)


def both(*changes: Edit) -> Edit:
    """Return a change that makes several."""

    def change(content: Files) -> None:
        for one in changes:
            one(content)

    return change


def a_change(rule: str, subject: str = "planted.Plant", **given: Any) -> Change:
    """Return a change of a rule, as a depth would tell it.

    Args:
        rule: The rule.
        subject: ``service.Operation``, ``service``, or nothing for all.
        given: The other attributes.
    """
    service, _, name = subject.partition(".")
    usual = {"path": "$.Name", "side": Side.INPUT, "old": "", "new": "x", "depth": Depth.MODELS}
    return Change(rule, service, name, **{**usual, **given})


def saw(*changes: Change, depth: Depth = Depth.MODELS, gaps: tuple[Gap, ...] = ()) -> Looked:
    """Return what a depth saw."""
    return Looked(depth, 2, tuple(changes), gaps)
