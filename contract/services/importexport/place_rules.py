"""Rules about places: the return address, customs between countries, and the buckets with their regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...finding import Evidence
from ...rule import Rule
from . import geography, options, sources
from .facts import Facts
from .label_rules import is_post_box
from .manifest import Kind
from .operations import WRITES

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

_ADDRESS = "InvalidAddressException"
_MISSING_CUSTOMS = "MissingCustomsException"
_INVALID_CUSTOMS = "InvalidCustomsException"
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")


def _part(group: Mapping[str, Any], name: str) -> str:
    value = group.get(name)
    return value.strip() if isinstance(value, str) else ""


# The return address


def _address(facts: Facts) -> Mapping[str, Any] | None:
    return facts.fields.group("returnAddress") if facts.fields else None


def _address_form(facts: Facts) -> str | None:
    value = facts.fields.fields.get("returnAddress") if facts.fields and facts.fields.fields else None
    return "returnAddress is not a map" if value and not isinstance(value, dict) else None


def _address_part(facts: Facts) -> str | None:
    address = _address(facts)
    if not address:
        return None
    missing = [name for name in options.ADDRESS_REQUIRED if not _part(address, name)]
    return f"returnAddress.{missing[0]} is missing or empty" if missing else None


def _state(facts: Facts) -> str | None:
    address = _address(facts)
    if not address or _part(address, "stateOrProvince"):
        return None
    country = _part(address, "country")
    if country.casefold() in geography.USA | geography.CANADA:
        return f"returnAddress.stateOrProvince is missing for {country}"
    return None


def _post_box(facts: Facts) -> str | None:
    street = _part(_address(facts) or {}, "street1")
    return f"returnAddress.street1 is {street[:60]!r}, a post office box" if is_post_box(street) else None


def _outside_europe(facts: Facts) -> str | None:
    region = _facility_region(facts) or ""
    if not region.startswith("eu-") or not _abroad(facts):
        return None
    return f"the device goes from {region} to {_part(_address(facts) or {}, 'country')[:60]!r}, outside the EU"


def _expedited_abroad(facts: Facts) -> str | None:
    level = facts.fields.text("serviceLevel") if facts.fields else None
    if (level or "").casefold() != "expeditedshipping":
        return None
    region, country = _facility_region(facts), _part(_address(facts) or {}, "country")
    if not region or not country or (region.startswith("us-") and country.casefold() in geography.USA):
        return None
    return f"serviceLevel is {level!r} from {region[:60]} to {country[:60]!r}"


def _country(facts: Facts) -> str | None:
    country = _part(_address(facts) or {}, "country")
    if not country or country.casefold() in geography.KNOWN:
        return None
    return f"returnAddress.country is {country[:60]!r}, no country that we know"


# Customs


def _abroad(facts: Facts) -> bool | None:
    """Whether the device goes abroad; None when that cannot be told."""
    region, other = _facility_region(facts), _operation_region(facts)
    country = _part(_address(facts) or {}, "country")
    if not region or not country:
        return None
    abroad = geography.is_abroad(country, region)
    return abroad if other is None or abroad is geography.is_abroad(country, other) else None


def _operation_region(facts: Facts) -> str | None:
    """Return the region that an EBS or Glacier job names, which need not be that of its bucket."""
    if facts.fields is None or facts.kind not in options.IN_OPERATIONS:
        return None
    regions = (_part(entry, "region") for entry in facts.fields.operations)
    return next((region.casefold() for region in regions if region), None)


def _facility_region(facts: Facts) -> str | None:
    for _, name in facts.bucket_names:
        if bucket := facts.world.buckets.get(name):
            return bucket.region
    return None


def _has_customs(facts: Facts) -> bool:
    return bool(((facts.fields.fields if facts.fields else None) or {}).get("customs"))


def _customs_missing(facts: Facts) -> str | None:
    if not _abroad(facts) or _has_customs(facts):
        return None
    return f"the device goes abroad from {_facility_region(facts)}, and customs is missing"


def _customs_unclear(facts: Facts) -> str | None:
    region, country = _facility_region(facts), _part(_address(facts) or {}, "country")
    if not region or country.casefold() not in geography.KNOWN or _abroad(facts) is not None or _has_customs(facts):
        return None
    return f"customs is missing, and whether {country} is abroad for {region[:60]} is written nowhere"


def _customs_part(facts: Facts) -> str | None:
    customs = facts.fields.group("customs") if facts.fields else None
    if not customs or not _abroad(facts):
        return None
    missing = [name for name in options.CUSTOMS_REQUIRED if not _part(customs, name)]
    return f"customs.{missing[0]} is missing or empty" if missing else None


def _customs_wrong(facts: Facts) -> str | None:
    raw = (facts.fields.fields or {}).get("customs") if facts.fields else None
    if raw and not isinstance(raw, dict):
        return "customs is not a map"
    customs = facts.fields.group("customs") if facts.fields else None
    for name, values in options.CUSTOMS_ALLOWED.items():
        text = _part(customs or {}, name)
        if text and text.casefold() not in (value.casefold() for value in values):
            return f"customs.{name} is {text[:60]!r}, not {' or '.join(values)}"
    amount = _part(customs or {}, "deviceValue")
    if amount and not _AMOUNT.fullmatch(amount):
        return f"customs.deviceValue is {amount[:60]!r}, not an amount"
    return None


def _customs_invalid(facts: Facts) -> str | None:
    return _customs_wrong(facts) if _abroad(facts) else None


def _customs_invalid_at_home(facts: Facts) -> str | None:
    return None if _abroad(facts) else _customs_wrong(facts)


# Buckets


def _no_such_bucket(facts: Facts) -> str | None:
    for path, name in facts.bucket_names:
        if name not in facts.world.buckets:
            return f"{path} names {name[:80]!r}, which does not exist"
    return None


def _denied(facts: Facts) -> str | None:
    for path, name in facts.bucket_names:
        bucket = facts.world.buckets.get(name)
        if bucket and bucket.access != "write":
            need = "read" if facts.kind is Kind.S3_EXPORT and "exportBucket" in path else "write"
            return f"{path} names {name!r}, which the account may not {need}"
    return None


def _operation_elsewhere(facts: Facts) -> str | None:
    region, other = _facility_region(facts), _operation_region(facts)
    if region is None or other is None or region == other:
        return None
    return f"logBucket is in {region}, and the operation in {other[:60]}"


def _several_regions(facts: Facts) -> str | None:
    known = [(name, facts.world.buckets[name].region) for _, name in facts.bucket_names if name in facts.world.buckets]
    regions = sorted({region for _, region in known})
    return f"the buckets are in {' and '.join(regions)}" if len(regions) > 1 else None


PLACE_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "manifest.returnAddress.structure",
        (_ADDRESS, options.INVALID, options.MISSING),
        WRITES,
        "returnAddress is not a map",
        I,
        sources.COMMON,
        _address_form,
    ),
    Rule(
        "manifest.returnAddress.part-missing",
        (_ADDRESS, options.MISSING),
        WRITES,
        "name, street1, city, postalCode, phoneNumber or country is missing; which of two errors answers is open",
        D,
        f"{sources.TEMPLATES}; {sources.model(_ADDRESS)}",
        _address_part,
        naming=I,
    ),
    Rule(
        "manifest.returnAddress.state-missing",
        (_ADDRESS, options.MISSING),
        WRITES,
        "stateOrProvince is missing for the USA or Canada",
        I,
        sources.TEMPLATES,
        _state,
    ),
    Rule(
        "manifest.returnAddress.post-box",
        (_ADDRESS,),
        WRITES,
        "street1 is a post office box; no page says that this is seen at request time",
        I,
        f"{sources.TEMPLATES}; {sources.LIMITS}",
        _post_box,
    ),
    Rule(
        "manifest.returnAddress.country",
        (_ADDRESS,),
        WRITES,
        "country is no country",
        I,
        sources.model(_ADDRESS),
        _country,
    ),
    Rule(
        "manifest.returnAddress.outside-europe",
        (_ADDRESS, options.INVALID),
        WRITES,
        "the facility is in the EU and the country is not, though devices for the EU come from and go to the EU",
        D,
        sources.CUSTOMS,
        _outside_europe,
        naming=I,
        certain=False,
    ),
    Rule(
        "manifest.serviceLevel.abroad",
        (options.INVALID, _ADDRESS),
        WRITES,
        "expedited shipping, but not from a facility in the USA to an address there",
        D,
        f"{sources.EXPORT_EXAMPLES}; {sources.LIMITS}",
        _expedited_abroad,
        naming=I,
        certain=False,
    ),
    Rule(
        "manifest.customs.missing",
        (_MISSING_CUSTOMS, options.MISSING),
        WRITES,
        "the return country lies outside the data-loading facility's (the EU counts as one), and customs is missing",
        D,
        f"{sources.CUSTOMS}; {sources.model(_MISSING_CUSTOMS)}",
        _customs_missing,
    ),
    Rule(
        "manifest.customs.unclear",
        (_MISSING_CUSTOMS, options.MISSING),
        WRITES,
        "customs is missing, and it is written nowhere whether the country is abroad for the region",
        I,
        sources.CUSTOMS,
        _customs_unclear,
        certain=False,
    ),
    Rule(
        "manifest.customs.part-missing",
        (_MISSING_CUSTOMS,),
        WRITES,
        f"the device goes abroad, and one of {', '.join(options.CUSTOMS_REQUIRED)} is missing",
        I,
        f"{sources.CUSTOMS}; {sources.GENERATOR}",
        _customs_part,
    ),
    Rule(
        "manifest.customs.invalid",
        (_INVALID_CUSTOMS,),
        WRITES,
        "the device goes abroad, and a customs option has none of its values",
        I,
        f"{sources.model(_INVALID_CUSTOMS)}; {sources.CUSTOMS}; {sources.GENERATOR}",
        _customs_invalid,
    ),
    Rule(
        "manifest.customs.invalid-at-home",
        (_INVALID_CUSTOMS,),
        WRITES,
        "customs is not needed, but given with a value that it does not have",
        I,
        sources.model(_INVALID_CUSTOMS),
        _customs_invalid_at_home,
        certain=False,
    ),
    Rule(
        "bucket.unknown",
        ("NoSuchBucketException",),
        WRITES,
        "bucket, logBucket or exportBucket names no bucket",
        D,
        sources.model("NoSuchBucketException"),
        _no_such_bucket,
    ),
    Rule(
        "bucket.denied",
        ("BucketPermissionException",),
        WRITES,
        "the account lacks permission on a bucket, or the bucket is somebody else's",
        D,
        f"{sources.model('BucketPermissionException')}; {sources.S3_IMPORT}",
        _denied,
    ),
    Rule(
        "bucket.regions",
        ("MultipleRegionsException",),
        WRITES,
        "the buckets of a manifest are in several regions",
        D,
        f"{sources.model('MultipleRegionsException')}; {sources.guide('createanimportjobusingtool')}",
        _several_regions,
    ),
    Rule(
        "bucket.regions.operation",
        ("MultipleRegionsException", options.INVALID),
        WRITES,
        "EBS and Glacier: the operation is in another region than logBucket",
        I,
        sources.model("MultipleRegionsException"),
        _operation_elsewhere,
        certain=False,
    ),
)
