"""Requests of CreateJob and UpdateJob, which take a manifest, valid and malformed: parameters, form pairs, bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from hypothesis import strategies as st

from ...contract.case import Call, Case, reference
from ...contract.model import Operation
from ...contract.services.importexport.manifests import base_import
from ...contract.services.importexport.world import JOBS_PER_DAY, World
from ..operations import evenly, malformed_requests, model_calls
from .manifests import KINDS, malformed_manifests, manifests, near_miss_manifests

_JOB_TYPES = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}
_WRONG_JOB_TYPES = ("InvalidJobType", "import", "EXPORT", "Importt", " Import", "0", "")
WRONG_JOB_IDS = ("fake_job", "ZZZZZ", "OOOOO", "53TX4X", "~", "53tx", "é")
# Of the calls of CreateJob, one in so many makes a job, and only where the account has no quota to use up.
_REHEARSALS = 30


def manifest_calls(operation: str, *, world: World, states: Collection[str] = ("pending",)) -> st.SearchStrategy[Case]:
    """Return a strategy for calls through the SDK that break no rule.

    Args:
        operation: ``CreateJob``, which is rehearsed but where the world has no quota of jobs, or ``UpdateJob``.
        world: Whose buckets and era the manifests suit.
        states: Provider states that can be referred to; without ``pending`` the calls name a job that is not there.
    """
    return st.one_of(*(_calls(operation, kind, manifests(kind, world=world), world, states) for kind in KINDS))


def refused_manifest_calls(
    operation: str, *, world: World, states: Collection[str] = ("pending",)
) -> st.SearchStrategy[Case]:
    """Return a strategy for calls through the SDK that mostly break a rule: in the manifest, in a parameter, or both.

    Args:
        operation: ``CreateJob`` or ``UpdateJob``.
        world: Whose buckets and era the manifests would suit.
        states: Provider states that can be referred to.
    """
    near = st.one_of(
        *(_calls(operation, kind, near_miss_manifests(kind, world=world), world, states) for kind in KINDS)
    )
    malformed = _calls(operation, "import", malformed_manifests(world=world), world, states)
    return st.one_of(near, malformed, _wrong_parameters(operation, world, states))


def malformed_manifest_requests(operation: Operation, *, world: World) -> st.SearchStrategy[Case]:
    """Return a strategy for requests that the SDK cannot send, as form pairs or as bytes; one departure each.

    Args:
        operation: CreateJob or UpdateJob of the installed model.
        world: Whose buckets and era the manifest suits.
    """
    job: dict[str, Any] = _job(operation.name, ("pending",))
    rehearses = operation.name == "CreateJob"
    manifest = {"Manifest": base_import(world), "JobType": "Import", "ValidateOnly": rehearses}
    return malformed_requests(operation, {**job, **manifest})


def manifest_requests(operation: Operation, *, world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    """Return a strategy for all of the above, and for calls from the model alone.

    Args:
        operation: CreateJob or UpdateJob of the installed model.
        world: Whose buckets and era the manifests suit.
        states: Provider states that can be referred to.
    """
    return evenly(
        manifest_calls(operation.name, world=world, states=states),
        refused_manifest_calls(operation.name, world=world, states=states),
        malformed_manifest_requests(operation, world=world),
        model_calls(operation),
    )


def _job(operation: str, states: Collection[str]) -> dict[str, Any]:
    if operation == "CreateJob":
        return {}
    return {"JobId": reference("pending") if "pending" in states else "ZZZZZ"}


def _calls(
    operation: str, kind: str, texts: st.SearchStrategy[str], world: World, states: Collection[str]
) -> st.SearchStrategy[Case]:
    job = _job(operation, states)
    # Drawn together: each draw costs, and a few combinations are soon tried.
    rehearsed = [{"ValidateOnly": True}]
    if operation == "CreateJob":
        rehearsed *= _REHEARSALS
    real = [{"ValidateOnly": False}] if operation == "UpdateJob" or world.jobs_per_day > JOBS_PER_DAY else []
    extras: list[dict[str, Any]] = [*rehearsed, *real]
    extras += [{"ValidateOnly": True, "APIVersion": version} for version in sorted(world.api_versions or ())]

    def case(text: str, extra: dict[str, Any]) -> Case:
        parameters = {**job, "Manifest": text, "JobType": _JOB_TYPES[kind], **extra}
        return Case(operation, Call(parameters), f"call: {kind}")

    return st.builds(case, texts, st.sampled_from(extras))


def _wrong_parameters(operation: str, world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    manifest = st.one_of(manifests("import", world=world), near_miss_manifests("import", world=world))
    changes = st.sampled_from(tuple(_changes(operation, world, states)))

    def case(text: str, change: dict[str, Any]) -> Case:
        base = {**_job(operation, ("pending",)), "Manifest": text, "JobType": "Import", "ValidateOnly": True}
        return Case(operation, Call({**base, **change}), f"call: {next(iter(change))} changed")

    return st.builds(case, manifest, changes)


def _changes(operation: str, world: World, states: Collection[str]) -> Iterator[dict[str, Any]]:
    for job_type in _WRONG_JOB_TYPES:
        yield {"JobType": job_type}
    if operation == "UpdateJob":
        for job_id in WRONG_JOB_IDS:
            yield {"JobId": job_id}
        for state in states:
            if state not in ("pending", "spare"):
                yield {"JobId": reference(state)}
    else:
        yield {"ManifestAddendum": "x"}
    for version in ("0.0.1-bogus", "", *(world.api_versions or ())):
        yield {"APIVersion": version}
    yield {"JobType": "Export"}
