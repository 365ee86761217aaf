"""Countries and regions, as far as customs rules need them."""

from __future__ import annotations

from .countries import country_code

# Alpha-2 codes, with blanks between them.
_EUROPEAN_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
# Parts of the customs union or of a member state, of which no page says how the service takes them. The guide is from
# a time when the United Kingdom was a member.
_NEAR_THE_UNION = "AD AX BL GB GF GG GP IM JE MC MF MQ PM RE SJ SM YT"
_NEAR_THE_USA = "AS GU MP PR UM VI"
_NOT_IN_THE_UNION = frozenset({"eu-west-2", "eu-central-2"})  # London and Zurich


def has_provinces(country: str) -> bool:
    """Return whether an address there needs a state or province: in the USA and Canada, as the templates say."""
    return country_code(country) in ("US", "CA")


def is_in_the_usa(country: str) -> bool:
    """Return whether `country` names the USA."""
    return country_code(country) == "US"


def is_abroad(country: str, region: str) -> bool | None:
    """Return whether a return address in `country` lies outside the country that handles buckets of `region`.

    Goods that stay within the European Union count as staying at home. None when that cannot be told.
    """
    home = country_code(country)
    if home is None:
        return None
    if region.startswith("us-"):
        return None if home in _NEAR_THE_USA else home != "US"
    if region.startswith("eu-"):
        return None if home in _NEAR_THE_UNION or region in _NOT_IN_THE_UNION else home not in _EUROPEAN_UNION
    if region == "ap-southeast-1":
        return home != "SG"
    return None
