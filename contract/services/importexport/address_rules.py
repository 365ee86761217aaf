"""Rules about the return address."""

from __future__ import annotations

from ...finding import Evidence
from ...rule import Rule
from . import geography, options, sources
from .countries import country_code, is_evidently_none
from .facility import part
from .facts import Facts
from .label_rules import is_post_box
from .operations import WRITES

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

_ADDRESS = "InvalidAddressException"


def _address_form(facts: Facts) -> str | None:
    value = facts.fields.fields.get("returnAddress") if facts.fields and facts.fields.fields else None
    return "returnAddress is not a map" if value and not isinstance(value, dict) else None


def _address_part(facts: Facts) -> str | None:
    address = facts.facility.address
    if not address:
        return None
    missing = [name for name in options.ADDRESS_REQUIRED if not part(address, name)]
    return f"returnAddress.{missing[0]} is missing or empty" if missing else None


def _state(facts: Facts) -> str | None:
    address = facts.facility.address
    if not address or part(address, "stateOrProvince"):
        return None
    country = part(address, "country")
    return f"returnAddress.stateOrProvince is missing for {country}" if geography.has_provinces(country) else None


def _post_box(facts: Facts) -> str | None:
    street = part(facts.facility.address or {}, "street1")
    return f"returnAddress.street1 is {street[:60]!r}, a post office box" if is_post_box(street) else None


def _outside_europe(facts: Facts) -> str | None:
    country = facts.facility.country
    for region in facts.facility.regions:
        if region.startswith("eu-") and geography.is_abroad(country, region):
            return f"the device goes from {region[:60]} to {country[:60]!r}, outside the EU"
    return None


def _expedited_abroad(facts: Facts) -> str | None:
    level = facts.fields.text("serviceLevel") if facts.fields else None
    country = facts.facility.country
    if (level or "").casefold() != "expeditedshipping" or not country:
        return None
    for region in facts.facility.regions:
        if not region.startswith("us-") or not geography.is_in_the_usa(country):
            return f"serviceLevel is {level!r} from {region[:60]} to {country[:60]!r}"
    return None


def _no_country(facts: Facts) -> str | None:
    country = facts.facility.country
    return f"returnAddress.country is {country[:60]!r}, no country" if country and is_evidently_none(country) else None


def _country_unknown(facts: Facts) -> str | None:
    country = facts.facility.country
    if not country or is_evidently_none(country) or country_code(country) is not None:
        return None
    return f"returnAddress.country is {country[:60]!r}, no country that we know"


ADDRESS_RULES: tuple[Rule[Facts], ...] = (
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
        "country is a byword for none, e.g. Atlantis, or has no letter",
        I,
        sources.model(_ADDRESS),
        _no_country,
    ),
    Rule(
        "manifest.returnAddress.country-unknown",
        (_ADDRESS,),
        WRITES,
        "country is neither in ISO 3166-1 nor another usual name; no page says which spellings are taken",
        I,
        sources.model(_ADDRESS),
        _country_unknown,
        certain=False,
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
        reads_world=True,
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
        reads_world=True,
    ),
)
