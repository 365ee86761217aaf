"""What the endpoint holds that a request refers to: credentials, buckets, jobs, and the era of the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

# A job without a device expires after 30 days (DG/createanimportjob.html).
LIFETIME = timedelta(days=30)
# "up to 50 jobs per day" (newest crawl of DG/CHAP_GuideAndLimit.html).
JOBS_PER_DAY = 50
# Five characters, digits 1-9 and letters without O (2009 signature page); compared without case.
JOB_ID = re.compile(r"[1-9A-NP-Z]{5}", re.IGNORECASE | re.ASCII)


class Era(Enum):
    """The two eras of the developer guide, whose rules contradict each other."""

    # Members are asked for in sets for every rule of every request; Enum's own hash is a Python function.
    __hash__ = object.__hash__

    A = "2010-06-03"
    B = "2014-12-18"


class JobState(Enum):
    """Where a job stands, under the names that configuration, pacts and faults use too."""

    PENDING = "pending"
    RECEIVED = "received"
    IN_PROGRESS = "in-progress"
    COMPLETE = "complete"
    SUCCESS_WITH_ERRORS = "success-with-errors"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# Location and progress codes of DG/Status.html.
STATUS_CODES: Mapping[JobState, tuple[str, str]] = {
    JobState.PENDING: ("NotReceived", "Pending"),
    JobState.RECEIVED: ("AtAWS", "Pending"),
    JobState.IN_PROGRESS: ("AtAWS", "InProgress"),
    JobState.COMPLETE: ("Returned", "Complete"),
    JobState.SUCCESS_WITH_ERRORS: ("Returned", "SuccessWithErrors"),
    JobState.CANCELLED: ("NotReceived", "Canceled"),
    JobState.EXPIRED: ("NotReceived", "Expired"),
}


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key that the endpoint knows. The secret never appears in a repr.

    Attributes:
        secret: The secret access key.
        account: The account that it belongs to.
        is_exhausted: Whether the account has made all the jobs that it may make today.
    """

    secret: str = field(repr=False)
    account: str = "111122223333"
    is_exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket as the account of the tests sees it.

    Attributes:
        region: Where it is.
        access: ``write`` or ``denied``; a bucket of somebody else is denied.
    """

    region: str = "us-east-1"
    access: str = "write"


@dataclass(frozen=True, slots=True)
class Job:
    """A job.

    Attributes:
        job_id: Five characters.
        account: The owner.
        job_type: ``Import`` or ``Export``.
        manifest: The text as submitted, byte for byte.
        created: When, with time zone.
        state: As last set; see `state_at` for expiry.
        access_key_id: The key with which it was made.
    """

    job_id: str
    account: str
    job_type: str
    manifest: str
    created: datetime
    state: JobState = JobState.PENDING
    access_key_id: str = ""

    def state_at(self, now: datetime) -> JobState:
        """Return the state at `now`: a pending job whose device never came expires after 30 days."""
        if self.state is JobState.PENDING and now - self.created > LIFETIME:
            return JobState.EXPIRED
        return self.state


@dataclass(frozen=True)
class World:
    """What the rules need to know beside the request.

    Attributes:
        era: Which guide holds.
        access_keys: By access key id.
        buckets: By name.
        jobs: By job id; the embedded endpoint puts its own, changing, table here.
        api_versions: Values of ``APIVersion`` that the endpoint takes; None when that is unknown.
        strict_yaml: Whether manifests must be YAML to the letter; AWS's own templates are not.
        jobs_per_day: How many jobs an account may make in a day.
    """

    era: Era = Era.B
    access_keys: Mapping[str, AccessKey] = field(default_factory=dict[str, AccessKey])
    buckets: Mapping[str, Bucket] = field(default_factory=dict[str, Bucket])
    jobs: Mapping[str, Job] = field(default_factory=dict[str, Job])
    api_versions: frozenset[str] | None = None
    strict_yaml: bool = False
    jobs_per_day: int = JOBS_PER_DAY

    def account_of(self, access_key_id: str | None) -> str | None:
        """Return the account of an access key, or None when the endpoint does not know the key."""
        key = self.access_keys.get(access_key_id or "")
        return key.account if key else None

    def job(self, job_id: str) -> Job | None:
        """Return the job of that id, compared without case, or None."""
        return self.jobs.get(job_id) or self.jobs.get(job_id.upper())
