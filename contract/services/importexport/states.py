"""Provider states: where a job stands before a request, and how each state can be brought about.

The names serve configuration (`[world.jobs]`), fixtures, pacts and faults alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .manifests import base_import
from .world import LIFETIME, Job, JobState, World

FOREIGN_ACCOUNT = "444455556666"


@dataclass(frozen=True, slots=True)
class State:
    """A provider state.

    Attributes:
        name: As configuration writes it.
        sentence: As a reader or a pact writes it.
        made_by: The public operations that bring it about, in order; empty when only the endpoint's keeper can.
        used_up: Whether the job is for one case alone.
    """

    name: str
    sentence: str
    made_by: tuple[str, ...] = ()
    used_up: bool = False


STATES: tuple[State, ...] = (
    State("pending", "a pending job", ("CreateJob",)),
    State("cancelled", "a cancelled job", ("CreateJob", "CancelJob")),
    State("expired", "an expired job"),
    State("in-progress", "a job whose data transfer has started"),
    State("complete", "a job that is complete"),
    State("foreign", "a job of another account"),
    State("spare", "a pending job that may be used up", ("CreateJob",), used_up=True),
)

# The embedded endpoint begins with a job in each state; these ids are easy to tell apart in a report.
_EMBEDDED_IDS = {
    "pending": "PND1A",
    "cancelled": "CNC1A",
    "expired": "EXP1A",
    "in-progress": "RUN1A",
    "complete": "DNE1A",
    "foreign": "FRN1A",
}


def jobs_in_every_state(world: World, now: datetime) -> Mapping[str, Job]:
    """Return a job for each provider state, for an endpoint that can be given jobs."""
    key, owner = next(iter(world.access_keys.items()), ("", None))
    account = owner.account if owner else ""
    manifest = base_import(world)
    jobs: dict[str, Job] = {}
    for name, job_id in _EMBEDDED_IDS.items():
        jobs[name] = _job(name, job_id, account, manifest, now, key)
    return jobs


def _job(name: str, job_id: str, account: str, manifest: str, now: datetime, key: str) -> Job:
    state = JobState.PENDING
    created = now - timedelta(days=1)
    if name == "expired":
        created = now - LIFETIME - timedelta(days=1)
    elif name == "foreign":
        account, key = FOREIGN_ACCOUNT, ""
    elif name != "pending":
        state = JobState(name)
    return Job(job_id, account, "Import", manifest, created, state, key)
