"""Rules about shipping labels: several jobs at once, and an address in the request instead of the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...finding import Evidence
from ...rule import Rule
from . import sources
from .facts import Facts
from .operations import LABEL
from .world import JobState

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks


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


def is_post_box(street: str) -> bool:
    """Whether a street line names a post office box, to which the carrier does not deliver.

    >>> is_post_box("P.O. Box 12"), is_post_box("Po Boxwood Lane 3")
    (True, False)
    """
    return _POST_BOX.match(street) is not None


def _label_empty(facts: Facts) -> str | None:
    names = ("name", "street1", "city", "postalCode", "country", "phoneNumber")
    empty = [name for name in names if facts.text(name) == ""]
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
)
