"""What the oracle's world is after a request, by what the endpoint said: never by what it should have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ...codec.form import FormReading
from ...codec.signature import read_signature
from ...interaction import Request
from ...model import Operation
from ...outcome import Outcome, Returned
from .facts import Facts
from .oracle import read_facts, read_pairs
from .world import JOB_ID, Job, JobState, World

_CHANGE = frozenset({"CreateJob", "UpdateJob", "CancelJob"})


def after(
    world: World, request: Request, outcome: Outcome, *, now: datetime, operations: Mapping[str, Operation]
) -> World:
    """Return the world after a request.

    A refusal changes nothing. Neither does a reply that says nothing: what became of such a request is not known, and
    the job is taken to stand where it stood.

    Args:
        world: Before the request; not changed.
        request: As sent.
        outcome: What came of it.
        now: When it was sent.
        operations: The operations of the installed model, by name.
    """
    if not isinstance(outcome, Returned):
        return world
    form = read_pairs(request)
    named = dict(reversed(form.pairs))
    if named.get("Action") == "ListJobs":
        return _with_listed(world, request, form, outcome, now)
    if named.get("Action", named.get("Operation")) not in _CHANGE:
        return world
    facts = read_facts(request, form, world=world, now=now, operations=operations)
    job = None if facts is None else _changed_job(facts, outcome)
    return world if job is None else replace(world, jobs={**world.jobs, job.job_id: job})


def _with_listed(world: World, request: Request, form: FormReading, outcome: Returned, now: datetime) -> World:
    """Return `world` with the jobs of a list of which it did not know: the account has them, whoever made them."""
    signature = read_signature(request, form.pairs)
    account = world.account_of(signature.access_key_id if signature else None)
    listed: list[Mapping[str, Any]] = outcome.value.get("Jobs") or []
    found: dict[str, Job] = {}
    for entry in listed:
        job_id = entry.get("JobId")
        if account is not None and isinstance(job_id, str) and JOB_ID.fullmatch(job_id) and world.job(job_id) is None:
            state = JobState.CANCELLED if entry.get("IsCanceled") is True else JobState.RECEIVED
            found[job_id] = Job(job_id, account, str(entry.get("JobType")), "", entry.get("CreationDate") or now, state)
    return replace(world, jobs={**world.jobs, **found}) if found else world


def _changed_job(facts: Facts, outcome: Returned) -> Job | None:
    """Return the job that a successful request made or changed, as it is now, or None."""
    text, job = facts.text("Manifest") or "", facts.job
    job_type = "Export" if (facts.text("JobType") or "").casefold() == "export" else "Import"
    match facts.operation.name:
        case "CreateJob":
            # An id is a job, also where only a rehearsal was asked for: somebody must cancel it.
            made = outcome.value.get("JobId")
            if not isinstance(made, str) or not made:
                return None
            return Job(
                made, facts.account or "", job_type, text, facts.now, JobState.PENDING, facts.access_key_id or ""
            )
        case "UpdateJob" if job is not None and not facts.is_rehearsal:
            return replace(job, job_type=job_type, manifest=text)
        case "CancelJob" if job is not None:
            return replace(job, state=JobState.CANCELLED)
        case _:
            return None
