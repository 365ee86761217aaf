"""Rules about customs: needed when the device crosses a border, and then complete and right."""

from __future__ import annotations

import re

from ...finding import Evidence
from ...rule import Rule
from . import options, sources
from .countries import is_evidently_none
from .facility import part
from .facts import Facts
from .operations import WRITES

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

_MISSING_CUSTOMS = "MissingCustomsException"
_INVALID_CUSTOMS = "InvalidCustomsException"
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")


def _has_customs(facts: Facts) -> bool:
    return bool(((facts.fields.fields if facts.fields else None) or {}).get("customs"))


def _customs_missing(facts: Facts) -> str | None:
    if not facts.facility.goes_abroad or _has_customs(facts):
        return None
    return f"the device goes abroad from {facts.facility.regions[0]}, and customs is missing"


def _unclear(facts: Facts) -> str | None:
    """Return why it cannot be told whether the device goes abroad, or None when it can or the address says nothing."""
    regions, country = facts.facility.regions, facts.facility.country
    if not regions or not country or is_evidently_none(country) or facts.facility.goes_abroad is not None:
        return None
    told = " or ".join(region[:60] for region in regions)
    return f"whether {country[:60]!r} is abroad for {told} is written nowhere"


def _customs_unclear(facts: Facts) -> str | None:
    unclear = _unclear(facts)
    return f"customs is missing, and {unclear}" if unclear and not _has_customs(facts) else None


def _customs_part_missing(facts: Facts) -> str | None:
    customs = facts.fields.group("customs") if facts.fields else None
    missing = [name for name in options.CUSTOMS_REQUIRED if customs and not part(customs, name)]
    return f"customs.{missing[0]} is missing or empty" if missing else None


def _customs_part(facts: Facts) -> str | None:
    return _customs_part_missing(facts) if facts.facility.goes_abroad else None


def _customs_part_unclear(facts: Facts) -> str | None:
    unclear, missing = _unclear(facts), _customs_part_missing(facts)
    return f"{missing}, and {unclear}" if unclear and missing else None


def _customs_wrong(facts: Facts) -> str | None:
    raw = (facts.fields.fields or {}).get("customs") if facts.fields else None
    if raw and not isinstance(raw, dict):
        return "customs is not a map"
    customs = facts.fields.group("customs") if facts.fields else None
    for name, values in options.CUSTOMS_ALLOWED.items():
        text = part(customs or {}, name)
        if text and text.casefold() not in (value.casefold() for value in values):
            return f"customs.{name} is {text[:60]!r}, not {' or '.join(values)}"
    amount = part(customs or {}, "deviceValue")
    if amount and not _AMOUNT.fullmatch(amount):
        return f"customs.deviceValue is {amount[:60]!r}, not an amount"
    return None


def _customs_invalid(facts: Facts) -> str | None:
    return _customs_wrong(facts) if facts.facility.goes_abroad else None


def _customs_invalid_at_home(facts: Facts) -> str | None:
    return None if facts.facility.goes_abroad else _customs_wrong(facts)


CUSTOMS_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "manifest.customs.missing",
        (_MISSING_CUSTOMS, options.MISSING),
        WRITES,
        "the return country lies outside the data-loading facility's (the EU counts as one), and customs is missing",
        D,
        f"{sources.CUSTOMS}; {sources.model(_MISSING_CUSTOMS)}",
        _customs_missing,
        reads_world=True,
    ),
    Rule(
        "manifest.customs.unclear",
        (_MISSING_CUSTOMS, options.MISSING),
        WRITES,
        "customs is missing, and it is written nowhere whether the country is abroad for the region, or which of the "
        "manifest's regions decides",
        I,
        sources.CUSTOMS,
        _customs_unclear,
        certain=False,
        reads_world=True,
    ),
    Rule(
        "manifest.customs.part-missing",
        (_MISSING_CUSTOMS,),
        WRITES,
        f"the device goes abroad, and one of {', '.join(options.CUSTOMS_REQUIRED)} is missing",
        I,
        f"{sources.CUSTOMS}; {sources.GENERATOR}",
        _customs_part,
        reads_world=True,
    ),
    Rule(
        "manifest.customs.part-unclear",
        (_MISSING_CUSTOMS,),
        WRITES,
        "a customs option is missing, and it is written nowhere whether the country is abroad",
        I,
        sources.CUSTOMS,
        _customs_part_unclear,
        certain=False,
        reads_world=True,
    ),
    Rule(
        "manifest.customs.invalid",
        (_INVALID_CUSTOMS,),
        WRITES,
        "the device goes abroad, and a customs option has none of its values",
        I,
        f"{sources.model(_INVALID_CUSTOMS)}; {sources.CUSTOMS}; {sources.GENERATOR}",
        _customs_invalid,
        reads_world=True,
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
        reads_world=True,
    ),
)
