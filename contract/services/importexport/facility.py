"""Where the device is and where it goes: the return address, the buckets, and the facility's region between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import geography, options
from .manifest import Kind, Manifest


@dataclass(frozen=True, slots=True)
class Facility:
    """What a manifest and the world tell about the place where the device is read or written.

    Attributes:
        address: The return address, or None when there is none or it is no map.
        country: Its country, or an empty text.
        bucket_regions: The regions of the manifest's buckets, in its order, each once.
        operation_region: The region that an EBS or Glacier job names, which need not be that of its bucket.
        regions: Where the facility may be; no page says which of several in a manifest decides.
        goes_abroad: Whether the device goes abroad, whichever of the regions it is; None when that cannot be told.
    """

    address: Mapping[str, Any] | None
    country: str
    bucket_regions: tuple[str, ...]
    operation_region: str | None
    regions: tuple[str, ...]
    goes_abroad: bool | None


def part(group: Mapping[str, Any], name: str) -> str:
    """Return a text of a group, or an empty one."""
    value = group.get(name)
    return value.strip() if isinstance(value, str) else ""


def find_facility(manifest: Manifest | None, kind: Kind | None, bucket_regions: Iterable[str]) -> Facility:
    """Return the facility of a manifest.

    Args:
        manifest: When it is well-formed, else None.
        kind: Of the job that it describes.
        bucket_regions: The regions of its buckets, in its order.
    """
    address = manifest.group("returnAddress") if manifest else None
    country = part(address or {}, "country")
    regions = buckets = tuple(dict.fromkeys(bucket_regions))
    other = _operation_region(manifest) if manifest and kind in options.IN_OPERATIONS else None
    if buckets and other is not None and other not in buckets:
        regions = (*buckets, other)
    answers = {geography.is_abroad(country, region) for region in regions}
    abroad = answers.pop() if country and len(answers) == 1 else None
    return Facility(address, country, buckets, other, regions, abroad)


def _operation_region(manifest: Manifest) -> str | None:
    regions = (part(entry, "region") for entry in manifest.operations)
    return next((region.casefold() for region in regions if region), None)
