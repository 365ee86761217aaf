"""Manifests made from data: one valid manifest for each kind of job, and copies with one thing changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .options import EBS_REGIONS, GLACIER_REGIONS
from .world import Era, World

Fields = Mapping[str, Any]

# What YAML takes without quotes, in block style, as this text and nothing else.
_PLAIN = re.compile(r"[A-Za-z0-9/_.][A-Za-z0-9/_.@+ -]*(?<! )", re.ASCII)

ADDRESS: Fields = {
    "name": "Jane Roe",
    "company": "Example Corp.",
    "street1": "123 Any Street",
    "city": "Anytown",
    "stateOrProvince": "WA",
    "postalCode": "91011-1111",
    "phoneNumber": "206-555-1111",
    "country": "USA",
}
ADDRESS_ABROAD: Fields = {
    **ADDRESS,
    "city": "Vancouver",
    "stateOrProvince": "BC",
    "postalCode": "V5K 0A1",
    "country": "Canada",
}
ADDRESS_IN_EUROPE: Fields = {
    "name": "Jane Roe",
    "street1": "1 Rue Exemple",
    "city": "Paris",
    "postalCode": "75001",
    "phoneNumber": "33 1 55 55 11 11",
    "country": "France",
}
CUSTOMS: Fields = {
    "dataDescription": "Medical test results.",
    "encryptedData": "yes",
    "encryptionClassification": "5D992",
    "exportCertifierName": "John Doe",
    "requiresExportLicense": "yes",
    "deviceValue": "250.00",
    "deviceCountryOfOrigin": "China",
    "deviceType": "externalStorageDevice",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Buckets of a world by the part that they can play; None where the world has none for the part.

    Attributes:
        home: May be written.
        elsewhere: May be written, and is in another region than `home`.
        in_europe: May be written, and is in the EU.
        denied: May not be written.
        missing: A name that no bucket has.
    """

    home: str | None
    elsewhere: str | None
    in_europe: str | None
    denied: str | None
    missing: str


def places(world: World) -> Places:
    """Return which buckets of `world` can play which part; a bucket in the USA is preferred as home."""
    usable = sorted(
        (name for name, bucket in world.buckets.items() if bucket.access == "write"),
        key=lambda name: (not world.buckets[name].region.startswith("us-"), name),
    )
    home = usable[0] if usable else None
    away = [name for name in usable if home and world.buckets[name].region != world.buckets[home].region]
    europe = [name for name in usable if world.buckets[name].region.startswith("eu-")]
    denied = sorted(name for name, bucket in world.buckets.items() if bucket.access != "write")
    missing = "ck-no-such-bucket"
    while missing in world.buckets:
        missing += "-x"
    return Places(home, next(iter(away), None), next(iter(europe), None), next(iter(denied), None), missing)


def home_address(world: World) -> Fields:
    """Return an address to which a device from the home bucket's region goes without customs."""
    home = places(world).home
    region = world.buckets[home].region if home else "us-east-1"
    if region.startswith("eu-"):
        return ADDRESS_IN_EUROPE
    return {**ADDRESS, "country": "Singapore"} if region == "ap-southeast-1" else ADDRESS


def base_fields(world: World, kind: str) -> dict[str, Any]:
    """Return the options of a manifest that breaks no rule, as far as the world has buckets for one.

    Args:
        world: Whose era and buckets it suits. Without a usable bucket a name is used that does not exist.
        kind: ``import``, ``export``, ``ebs`` or ``glacier``.
    """
    spots = places(world)
    bucket = spots.home or spots.missing
    fields: dict[str, Any] = {"manifestVersion": "3.0" if kind in ("ebs", "glacier") else "2.0"}
    if world.era is Era.A:
        fields["accessKeyId"] = next(iter(world.access_keys), "AKIAIOSFODNN7EXAMPLE")
    fields |= {"generator": "contract-kit", "deviceId": "CK-0001"}
    if kind != "export":
        fields["eraseDevice"] = "yes"
    if world.era is Era.B:
        fields["notificationEmail"] = "john.doe@example.com"
    region = world.buckets[bucket].region if bucket in world.buckets else "us-east-1"
    if region not in (GLACIER_REGIONS if kind == "glacier" else EBS_REGIONS):
        region = "us-east-1"  # not that of the bucket, but one that there is
    match kind:
        case "import":
            fields["bucket"] = bucket
        case "export":
            fields |= {"fileSystem": "NTFS", "trueCryptPassword": "apassword", "logBucket": bucket}
            fields["operations"] = [{"exportBucket": bucket}]
        case "ebs":
            entry = {"source": "device", "destination": "ebs-snapshot", "region": region}
            fields |= {"logBucket": bucket, "operations": [{**entry, "deviceCapacityGreaterThan1TB": "no"}]}
        case "glacier":
            entry = {"source": "device", "destination": "glacier", "region": region}
            entry |= {"vaultName": "2012-07_archive", "archiveComment": "daily_2012-07-24"}
            fields |= {"logBucket": bucket, "operations": [entry]}
        case _:
            raise ValueError(f"kind must be import, export, ebs or glacier, got {kind!r}")
    fields["returnAddress"] = dict(home_address(world))
    return fields


def base_import(world: World) -> str:
    """Return the text of an S3 import manifest that breaks no rule."""
    return write_manifest(base_fields(world, "import"))


def with_change(fields: Fields, path: str, value: Any) -> dict[str, Any]:
    """Return a copy of `fields` with one option set, or removed when `value` is None.

    Args:
        fields: The options; not changed.
        path: Names and list indices joined by dots, e.g. ``operations.0.exportBucket``.
        value: A text, map or list; None removes the option.
    """
    head, _, rest = path.partition(".")
    copy = dict(fields)
    if not rest:
        if value is None:
            copy.pop(head, None)
        else:
            copy[head] = value
        return copy
    inner = copy.get(head, {})
    if isinstance(inner, list):
        entries: list[Any] = list(inner)
        index, _, deeper = rest.partition(".")
        entries[int(index)] = with_change(entries[int(index)], deeper, value)
        copy[head] = entries
    else:
        copy[head] = with_change(cast("Fields", inner), rest, value)
    return copy


def write_manifest(fields: Fields) -> str:
    """Return `fields` as the YAML that the guide describes, in block style, options in the order given."""
    return "".join(f"{line}\n" for line in _lines(fields, ""))


def _lines(fields: Fields, indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in fields.items():
        if isinstance(value, (Mapping, list, tuple)) and not value:
            lines.append(f"{indent}{_scalar(key)}: {'{}' if isinstance(value, Mapping) else '[]'}")
        elif isinstance(value, Mapping):
            lines.append(f"{indent}{_scalar(key)}:")
            lines.extend(_lines(cast("Fields", value), indent + "  "))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            lines.append(f"{indent}{_scalar(key)}:")
            for item in value:
                lines.extend(_item(item, indent + "  "))
        else:
            lines.append(f"{indent}{_scalar(key)}: {_scalar(value)}".rstrip())
    return lines


def _item(item: Any, indent: str) -> list[str]:
    if isinstance(item, Mapping) and item:
        lines = _lines(cast("Fields", item), indent + "  ")
        return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]
    return [f"{indent}- {_scalar(item) if isinstance(item, str) else '{}'}"]


def _scalar(value: Any) -> str:
    text = str(value)
    if not text or _PLAIN.fullmatch(text):
        return text
    # JSON's strings are YAML's double-quoted ones, but YAML takes no surrogate pairs, and not every character raw.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
