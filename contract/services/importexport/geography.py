"""Countries and regions, as far as customs rules need them.

No list of country values was found in the guide; all samples write ``USA``. Names are compared without case.
"""

from __future__ import annotations

USA = frozenset({"usa", "us", "united states", "united states of america", "u.s.a."})
CANADA = frozenset({"canada", "ca"})

_EUROPEAN_UNION = """
austria, belgium, bulgaria, croatia, cyprus, czech republic, czechia, denmark, estonia, finland, france, germany,
greece, hungary, ireland, italy, latvia, lithuania, luxembourg, malta, netherlands, poland, portugal, romania,
slovakia, slovenia, spain, sweden
"""
_OTHERS = """
argentina, australia, brazil, chile, china, colombia, egypt, hong kong, iceland, india, indonesia, israel, japan,
kenya, malaysia, mexico, morocco, new zealand, nigeria, norway, peru, philippines, singapore, south africa,
south korea, switzerland, taiwan, thailand, turkey, ukraine, united arab emirates, united kingdom, vietnam
"""
EUROPEAN_UNION = frozenset(name.strip() for name in _EUROPEAN_UNION.split(","))
OTHERS = frozenset(name.strip() for name in _OTHERS.split(","))
_NOT_IN_THE_UNION = frozenset({"eu-west-2", "eu-central-2"})  # London and Zurich
KNOWN = USA | CANADA | EUROPEAN_UNION | OTHERS


def is_abroad(country: str, region: str) -> bool | None:
    """Return whether a return address in `country` lies outside the country that handles buckets of `region`.

    Goods that stay within the European Union count as staying at home. None when that cannot be told.
    """
    home = country.casefold().strip()
    if home not in KNOWN:
        return None
    if region.startswith("us-"):
        return home not in USA
    if region.startswith("eu-"):
        # The guide is from a time when the United Kingdom was a member.
        return None if home == "united kingdom" or region in _NOT_IN_THE_UNION else home not in EUROPEAN_UNION
    if region == "ap-southeast-1":
        return home != "singapore"
    return None
