"""Rules about shipping labels: several jobs at once, and an address in the request instead of the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...finding import Evidence
from ...rule import Rule
from . import geography, sources
from .countries import country_code, is_evidently_none
from .facts import Facts
from .operations import LABEL
from .world import JobState

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks


# The parts of an address that a manifest must have too.
_PARTS = ("name", "street1", "city", "postalCode", "country", "phoneNumber")
_POST_BOX = re.compile(r"\W*p(ost)?\W*o(ffice)?\W*box\b", re.IGNORECASE)


def _label_ids(facts: Facts) -> tuple[str, ...]:
    return tuple(facts.reading.parameters.get("jobIds", ()))


def _label_none(facts: Facts) -> str | None:
    return None if _label_ids(facts) else "jobIds names no job"


def _label_unknown(facts: Facts) -> str | None:
    strange = [job_id for job_id in _label_ids(facts) if facts.own_job(job_id) is None]
    return f"no job {strange[0][:60]!r} in the account" if strange and facts.account else None


def _label_in(*states: JobState) -> Callable[[Facts], str | None]:
    def broken(facts: Facts) -> str | None:
        for job_id in _label_ids(facts):
            job = facts.own_job(job_id)
            if job and job.state_at(facts.now) in states:
                return f"job {job.job_id!r} is {job.state_at(facts.now).value}"
        return None

    return broken


def _label_address(facts: Facts) -> str | None:
    street = facts.text("street1")
    if street is not None and is_post_box(street):
        return f"street1 is {street[:60]!r}, a post office box"
    return None


def _label_no_country(facts: Facts) -> str | None:
    country = (facts.text("country") or "").strip()
    return f"country is {country[:60]!r}, no country" if country and is_evidently_none(country) else None


def _label_country_unknown(facts: Facts) -> str | None:
    country = (facts.text("country") or "").strip()
    if not country or is_evidently_none(country) or country_code(country) is not None:
        return None
    return f"country is {country[:60]!r}, no country that we know"


def _label_state(facts: Facts) -> str | None:
    country = (facts.text("country") or "").strip()
    if not geography.has_provinces(country) or (facts.text("stateOrProvince") or "").strip():
        return None
    return f"stateOrProvince is missing for {country[:60]}"


def _label_incomplete(facts: Facts) -> str | None:
    absent = [name for name in _PARTS if facts.text(name) is None]
    return f"of the address {absent[0]} is missing" if absent and len(absent) < len(_PARTS) else None


def _label_spelling(facts: Facts) -> str | None:
    for job_id in _label_ids(facts):
        job = facts.own_job(job_id)
        if job and job.job_id != job_id:
            return f"jobIds names {job_id!r}; the job's id is {job.job_id!r}"
    return None


def _label_repeated(facts: Facts) -> str | None:
    ids = _label_ids(facts)
    return "jobIds names a job twice" if len(set(ids)) < len(ids) else None


def is_post_box(street: str) -> bool:
    """Whether a street line names a post office box, to which the carrier does not deliver.

    >>> is_post_box("P.O. Box 12"), is_post_box("Po Boxwood Lane 3")
    (True, False)
    """
    return _POST_BOX.match(street) is not None


def _label_empty(facts: Facts) -> str | None:
    empty = [name for name in _PARTS if facts.text(name) == ""]
    return f"{empty[0]} is empty" if empty else None


LABEL_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "label.job.none",
        ("InvalidJobIdException", "InvalidParameterException"),
        LABEL,
        "jobIds names no job",
        D,
        sources.model("InvalidJobIdException"),
        _label_none,
        naming=I,
    ),
    Rule(
        "label.job.unknown",
        ("InvalidJobIdException",),
        LABEL,
        "a job of jobIds does not exist, or is not the signer's",
        D,
        sources.model("InvalidJobIdException"),
        _label_unknown,
    ),
    Rule(
        "label.job.cancelled",
        ("CanceledJobIdException",),
        LABEL,
        "a job of jobIds has been cancelled",
        D,
        sources.model("CanceledJobIdException"),
        _label_in(JobState.CANCELLED),
    ),
    Rule(
        "label.job.expired",
        ("ExpiredJobIdException",),
        LABEL,
        "a job of jobIds has expired",
        D,
        sources.model("ExpiredJobIdException"),
        _label_in(JobState.EXPIRED),
    ),
    Rule(
        "label.address.post-box",
        ("InvalidAddressException",),
        LABEL,
        "street1 is a post office box",
        I,
        f"{sources.model('InvalidAddressException')}; {sources.LIMITS}",
        _label_address,
    ),
    Rule(
        "label.address.empty",
        ("InvalidParameterException", "InvalidAddressException"),
        LABEL,
        "a part of the address is empty",
        I,
        sources.model("InvalidParameterException"),
        _label_empty,
    ),
    Rule(
        "label.address.country",
        ("InvalidAddressException",),
        LABEL,
        "country is no country",
        I,
        sources.model("InvalidAddressException"),
        _label_no_country,
    ),
    Rule(
        "label.address.country-unknown",
        ("InvalidAddressException",),
        LABEL,
        "country is no country that we know; which spellings are taken is written nowhere",
        I,
        sources.model("InvalidAddressException"),
        _label_country_unknown,
        certain=False,
    ),
    Rule(
        "label.address.incomplete",
        ("InvalidAddressException", "InvalidParameterException"),
        LABEL,
        "some parts of the address are given and others are not; all are optional by the model",
        I,
        sources.model("GetShippingLabelInput"),
        _label_incomplete,
        certain=False,
    ),
    Rule(
        "label.address.state-missing",
        ("InvalidAddressException", "InvalidParameterException"),
        LABEL,
        "stateOrProvince is missing for the USA or Canada, where a manifest must have it; optional by the model",
        I,
        sources.TEMPLATES,
        _label_state,
        certain=False,
    ),
    Rule(
        "label.job.started",
        ("InvalidJobIdException", "InvalidParameterException"),
        LABEL,
        "the data transfer of a job of jobIds has started; whether there is still a label for it is written nowhere",
        I,
        sources.model("GetShippingLabel"),
        _label_in(JobState.IN_PROGRESS, JobState.COMPLETE, JobState.SUCCESS_WITH_ERRORS),
        certain=False,
    ),
    Rule(
        "label.job.case",
        ("InvalidJobIdException",),
        LABEL,
        "an id in jobIds differs from the job's id in case only",
        I,
        sources.JOB_IDS,
        _label_spelling,
        certain=False,
    ),
    Rule(
        "label.job.repeated",
        ("InvalidParameterException", "InvalidJobIdException"),
        LABEL,
        "jobIds names a job twice; whether the service minds is written nowhere",
        I,
        sources.model("GetShippingLabelInput"),
        _label_repeated,
        certain=False,
    ),
)
