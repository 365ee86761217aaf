"""The specification of Import/Export, as campaigns and the plugin see it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from typing import Any

from ...codec.signature import EXAMPLE_KEY, Credential, Scope
from ...expectation import Expectation
from ...finding import FindingKind
from ...interaction import Request
from ...model import Operation
from ...outcome import Outcome
from ...program import Life
from ...rule import Rule
from ...specification import Probe, Settings, StateRecipe, Unreachable
from . import aftermath, oracle
from .configuration import QUOTA_EXHAUSTED, UNKNOWN_AGE, configured_job, other_keys, read_world, write_world
from .endpoint import NAMESPACE, Endpoint
from .facts import Facts
from .life import JobLife
from .life_kinds import LIFE_KINDS
from .manifests import base_import
from .operations import ALL
from .probes import PROBES
from .rehearsal import is_rehearsal
from .rules import rules_of
from .states import STATES
from .world import AccessKey, Bucket, Era, Job, JobState, World

# What botocore signs with, whatever the model's metadata say (measured with 1.44.5).
_SCOPE = Scope("us-east-1", "IngestionService")

_BUCKETS = {
    "my-import": Bucket("us-east-1"),
    "my-logs": Bucket("us-east-1"),
    "my-export-eu": Bucket("eu-west-1"),
    "not-mine": Bucket("us-east-1", "denied"),
}
# DG/Errors.html gives these a status; for the other documented errors of the model no page was reached in full.
_STATUS_400 = frozenset(
    {
        "BucketPermissionException",
        "CanceledJobIdException",
        "ExpiredJobIdException",
        "InvalidAccessIdException",
        "InvalidAddressException",
        "InvalidCustomsException",
        "InvalidFileSystemException",
        "InvalidJobIdException",
        "InvalidManifestFieldException",
        "InvalidParameterException",
        "MalformedManifestException",
        "MissingCustomsException",
        "MissingManifestFieldException",
        "MissingParameterException",
        "MultipleRegionsException",
    }
)


# An access key for the embedded endpoint alone, with the secret of AWS's published example.
_EXHAUSTED_KEY = Credential("AKIAQUOTAUSEDEXAMPLE", EXAMPLE_KEY.secret_access_key)


def default_world(
    credentials: tuple[Credential, ...] = (EXAMPLE_KEY,), accounts: Mapping[str, Credential] | None = None
) -> World:
    """Return the world of the embedded endpoint when configuration names none."""
    keys = {key.access_key_id: AccessKey(key.secret_access_key) for key in credentials} | other_keys(accounts or {})
    return World(Era.B, keys, dict(_BUCKETS), {}, frozenset({"1.0"}))


@dataclass(frozen=True, slots=True)
class ImportExport:
    """Everything that the toolkit knows about Import/Export."""

    service: str = "importexport"
    scope: Scope = _SCOPE
    # The model's, and the one in the guide's samples.
    namespaces: frozenset[str] = frozenset({NAMESPACE, "http://importexport.amazonaws.com/"})
    operations: tuple[str, ...] = tuple(sorted(ALL))
    subjects: tuple[str, ...] = tuple(PROBES)
    states: tuple[StateRecipe, ...] = tuple(StateRecipe(*astuple(state)) for state in STATES)
    accounts: Mapping[str, Credential] = field(default_factory=lambda: {QUOTA_EXHAUSTED: _EXHAUSTED_KEY})
    kinds: tuple[FindingKind, ...] = LIFE_KINDS
    life: Life | None = field(default_factory=JobLife)

    def world(self, settings: Settings) -> World:
        """Return the configured world; the embedded endpoint's own when nothing is said of it."""
        return read_world(settings) if settings.world else default_world(settings.credentials, settings.accounts)

    def without_quotas(self, world: World) -> World:
        """Return `world` as one that has no quota of jobs but for the account that has used it up."""
        return replace(world, jobs_per_day=sys.maxsize)

    def worlds(self, credentials: tuple[Credential, ...]) -> Mapping[str, World]:
        """Return the world of the embedded endpoint in each era, the later one first."""
        usual = default_world(credentials, self.accounts)
        return {f"era {era.value}": replace(usual, era=era) for era in (Era.B, Era.A)}

    def with_resources(self, world: World, ids: Mapping[str, str], now: datetime) -> World:
        """Return `world` with a job in each state of `ids`."""
        account = next(iter(world.access_keys.values())).account if world.access_keys else ""
        by_keeper = {state.name for state in self.states if not state.calls}
        made: dict[str, Job] = {}
        for state, job_id in ids.items():
            known = world.jobs.get(job_id)
            # A job that somebody else has made was hardly made today, and does not count for the day's quota.
            created = known.created if known is not None else UNKNOWN_AGE if state in by_keeper else now
            made[job_id] = configured_job(job_id, state, account, created)
        return replace(world, jobs={**world.jobs, **made})

    def configured_ids(self, world: World) -> Mapping[str, str]:
        """Return the first job of each state that configuration names."""
        ids: dict[str, str] = {}
        account = next(iter(world.access_keys.values())).account if world.access_keys else ""
        for job in world.jobs.values():
            ids.setdefault(_state_name(job, account), job.job_id)
        return ids

    def endpoint(self, world: World, operations: Mapping[str, Operation], now: datetime | None) -> Endpoint:
        """Return an embedded endpoint that holds `world`, and with `now` a job in every provider state as well."""
        return Endpoint(world, operations, now=now)

    def table(self, world: World) -> Mapping[str, Any]:
        """Return the table ``[world]`` that describes `world`."""
        public = {state.name for state in self.states if state.calls}
        jobs = {state: job_id for state, job_id in self.configured_ids(world).items() if state not in public}
        return write_world(world, jobs)

    def expect(
        self, request: Request, *, world: World, now: datetime, operations: Mapping[str, Operation]
    ) -> tuple[Operation | None, Expectation]:
        """Return the operation that a request names and what the contract allows for it."""
        return oracle.expect(request, world=world, now=now, operations=operations)

    def after(
        self, world: World, request: Request, outcome: Outcome, *, now: datetime, operations: Mapping[str, Operation]
    ) -> World:
        """Return the world after a request: its jobs as the reply says that they are now."""
        return aftermath.after(world, request, outcome, now=now, operations=operations)

    def probes(
        self, operation: str, world: World, credentials: tuple[Credential, ...]
    ) -> tuple[Probe | Unreachable, ...]:
        """Return the table of probes for an operation; empty for one that is not a subject."""
        return PROBES[operation](world, credentials) if operation in PROBES else ()

    def preparation(self, call: str, world: World, resource_id: str) -> Mapping[str, Any]:
        """Return the parameters of a call that brings a state about."""
        if call == "CreateJob":
            return {"JobType": "Import", "Manifest": base_import(world), "ValidateOnly": False}
        return {"JobId": resource_id}

    def resource_id(self, call: str, value: Mapping[str, Any]) -> str | None:
        """Return the id of the job that CreateJob made."""
        return value.get("JobId") if call == "CreateJob" else None

    def is_disposed_of(self, world: World, resource_id: str) -> bool:
        """Return whether a job is known to be cancelled; nothing else can be done away with."""
        job = world.job(resource_id)
        return job is not None and job.state is JobState.CANCELLED

    def clean_up(self, resource_id: str) -> tuple[str, Mapping[str, Any]]:
        """Return the call that cancels a job."""
        return "CancelJob", {"JobId": resource_id}

    def is_harmless(self, request: Request) -> bool:
        """Return whether every reading of the request is a rehearsal of CreateJob or UpdateJob."""
        return is_rehearsal(request)

    def may_rehearse(self, request: Request) -> bool:
        """Return whether somebody may read ``ValidateOnly`` as true."""
        said = {value.strip().casefold() for key, value in oracle.read_pairs(request).pairs if key == "ValidateOnly"}
        return bool(said & {"true", "1"})

    def may_make(self, request: Request) -> bool:
        """Return whether somebody may read the request as CreateJob."""
        form = oracle.read_pairs(request)
        named = {value.strip().casefold() for key, value in form.pairs if key in ("Action", "Operation")}
        return "createjob" in named

    def other_codes(self, world: World) -> Mapping[str, int]:
        """Return codes that the guide's error page documents beside the model's, with their status."""
        codes = {"InvalidClientTokenIdException": 403}
        return {**codes, "InvalidAccessIdException": 400} if world.era is Era.A else codes

    def status_of(self, code: str) -> int | None:
        """Return the HTTP status that the guide's error page gives for a code, or None."""
        if code == "InvalidClientTokenIdException":
            return 403
        return 400 if code in _STATUS_400 else None

    def rules(self, operation: str) -> tuple[Rule[Facts], ...]:
        """Return the rules for an operation."""
        return rules_of(operation)


def _state_name(job: Job, account: str) -> str:
    if job.account != account:
        return "foreign"
    return "pending" if job.state is JobState.RECEIVED else job.state.value


SPECIFICATION = ImportExport()
"""Found by the entry point ``importexport`` of the group ``botoproof.specifications``."""
