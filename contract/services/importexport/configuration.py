"""The world as configuration describes it, held to what there is to say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from ...codec.signature import Credential
from ...errors import BadConfiguration, close_names
from ...specification import Settings
from .states import FOREIGN_ACCOUNT, STATES
from .world import JOB_ID, AccessKey, Bucket, Era, Job, JobState, World

# The name of the account, in configuration and in `Signing`, that has made all the jobs that it may make today.
QUOTA_EXHAUSTED = "quota-exhausted"
EXHAUSTED_ACCOUNT = "777788889999"

_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[1-9][0-9]?", re.ASCII)
_ACCESS = ("write", "denied")
_CONFIGURABLE = tuple(state.name for state in STATES if not state.used_up)
# Resources named in configuration have an age that nobody knows; any fixed instant will do.
UNKNOWN_AGE = datetime(2010, 6, 1, tzinfo=UTC)


def read_world(settings: Settings) -> World:
    """Return the world that the tables ``[world]``, ``[world.buckets]`` and ``[world.jobs]`` describe.

    Raises:
        BadConfiguration: A key or value is not understood; the text names it and what was expected.
    """
    table = settings.world
    _refuse_unknown("world", table, ("era", "api-versions", "buckets", "jobs", "strict-yaml"))
    keys = {credential.access_key_id: AccessKey(credential.secret_access_key) for credential in settings.credentials}
    account = next(iter(keys.values())).account if keys else ""
    keys |= other_keys(settings.accounts)
    return World(
        era=_era(table.get("era", Era.B.value)),
        access_keys=keys,
        buckets=_buckets(_table("world.buckets", table.get("buckets", {}))),
        jobs=_jobs(_table("world.jobs", table.get("jobs", {})), account),
        api_versions=_api_versions(table.get("api-versions")),
        strict_yaml=_boolean("world.strict-yaml", table.get("strict-yaml", False)),
    )


def other_keys(accounts: Mapping[str, Credential]) -> dict[str, AccessKey]:
    """Return the access keys of accounts beside the usual one, by id.

    Raises:
        BadConfiguration: Nothing is known of what an account is for; the text offers close names.
    """
    for name in accounts:
        if name != QUOTA_EXHAUSTED:
            raise BadConfiguration(f"[accounts] has no key {name!r}; {close_names(name, (QUOTA_EXHAUSTED,))}")
    return {
        key.access_key_id: AccessKey(key.secret_access_key, EXHAUSTED_ACCOUNT, is_exhausted=True)
        for key in accounts.values()
    }


def write_world(world: World, jobs: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the table ``[world]`` that `read_world` reads as `world`, with one job for each state in `jobs`."""
    table: dict[str, Any] = {"era": world.era.value}
    if world.api_versions is not None:
        table["api-versions"] = sorted(world.api_versions)
    if world.strict_yaml:
        table["strict-yaml"] = True
    table["buckets"] = {
        name: {"region": bucket.region, "access": bucket.access} for name, bucket in world.buckets.items()
    }
    table["jobs"] = {state: [job_id] for state, job_id in jobs.items()}
    return table


def _refuse_unknown(where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise BadConfiguration(f"[{where}] has no key {key!r}; {close_names(key, known)}")


def _wrong(where: str, expected: str, value: object) -> BadConfiguration:
    return BadConfiguration(f"{where} must be {expected}, got {value!r}")


def _table(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(where, "a table", value)
    return cast("Mapping[str, Any]", value)


def _boolean(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)
    return value


def _era(value: object) -> Era:
    known = [era.value for era in Era]
    if value not in known:
        raise _wrong("world.era", " or ".join(repr(era) for era in known), value)
    return Era(value)


def _texts(where: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise _wrong(where, "a list of strings", value)
    return cast("list[str]", value)


def _api_versions(value: object) -> frozenset[str] | None:
    return None if value is None else frozenset(_texts("world.api-versions", value))


def _buckets(table: Mapping[str, Any]) -> dict[str, Bucket]:
    buckets: dict[str, Bucket] = {}
    for name, value in table.items():
        where = f"world.buckets.{name}"
        entry = _table(where, value)
        _refuse_unknown(where, entry, ("region", "access"))
        region, access = entry.get("region", "us-east-1"), entry.get("access", "write")
        if not isinstance(region, str) or not _REGION.fullmatch(region):
            raise _wrong(f"{where}.region", "a region such as 'us-east-1'", region)
        if access not in _ACCESS:
            raise _wrong(f"{where}.access", " or ".join(repr(word) for word in _ACCESS), access)
        buckets[name] = Bucket(region, str(access))
    return buckets


def _jobs(table: Mapping[str, Any], account: str) -> dict[str, Job]:
    _refuse_unknown("world.jobs", table, _CONFIGURABLE)
    jobs: dict[str, Job] = {}
    stands: dict[str, str] = {}
    for state, value in table.items():
        for job_id in _texts(f"world.jobs.{state}", value):
            if not JOB_ID.fullmatch(job_id):
                raise _wrong(f"world.jobs.{state}", "job ids of five characters, 1-9 and A-Z without O", job_id)
            before = stands.setdefault(job_id.upper(), state)
            if before != state:
                raise BadConfiguration(
                    f"world.jobs names job {job_id!r} as {before} and as {state}; it can be only one"
                )
            if job_id.upper() in (known.upper() for known in jobs):
                raise BadConfiguration(f"world.jobs.{state} names job {job_id!r} twice; each id is one job")
            jobs[job_id] = configured_job(job_id, state, account, UNKNOWN_AGE)
    return jobs


def configured_job(job_id: str, state: str, account: str, created: datetime) -> Job:
    """Return a job as it is known from outside: its id and state."""
    if state == "foreign":
        return Job(job_id, FOREIGN_ACCOUNT, "Import", "", created, JobState.RECEIVED)
    standing = JobState.RECEIVED if state in ("pending", "spare") else JobState(state)
    return Job(job_id, account, "Import", "", created, standing)
