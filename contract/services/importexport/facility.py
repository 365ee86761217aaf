"""Where the device is and where it goes: the return address, the buckets, and the facility's region between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import geography, options
from .facts import Facts


def part(group: Mapping[str, Any], name: str) -> str:
    """Return a text of a group, or an empty one."""
    value = group.get(name)
    return value.strip() if isinstance(value, str) else ""


def return_address(facts: Facts) -> Mapping[str, Any] | None:
    """Return the return address, or None when there is none or it is no map."""
    return facts.fields.group("returnAddress") if facts.fields else None


def return_country(facts: Facts) -> str:
    """Return the country of the return address, or an empty text."""
    return part(return_address(facts) or {}, "country")


def goes_abroad(facts: Facts) -> bool | None:
    """Whether the device goes abroad, whichever of its regions the facility is in; None when that cannot be told."""
    country = return_country(facts)
    answers = {geography.is_abroad(country, region) for region in facility_regions(facts)}
    return answers.pop() if country and len(answers) == 1 else None


def operation_region(facts: Facts) -> str | None:
    """Return the region that an EBS or Glacier job names, which need not be that of its bucket."""
    if facts.fields is None or facts.kind not in options.IN_OPERATIONS:
        return None
    regions = (part(entry, "region") for entry in facts.fields.operations)
    return next((region.casefold() for region in regions if region), None)


def bucket_regions(facts: Facts) -> tuple[str, ...]:
    """Return the regions of the manifest's buckets, in its order, each once."""
    buckets = (facts.world.buckets.get(name) for _, name in facts.bucket_names)
    return tuple(dict.fromkeys(bucket.region for bucket in buckets if bucket))


def facility_regions(facts: Facts) -> tuple[str, ...]:
    """Return the regions in which the facility may be; no page says which of several in a manifest decides."""
    regions, other = bucket_regions(facts), operation_region(facts)
    return regions if not regions or other is None or other in regions else (*regions, other)
