"""The tables of probes, by operation: at least one for each rule, boundary and enum value, each one change away.

Every row of the dossier's truth table is here. A probe says what it is meant to provoke; what it deserves is computed
from the request like any other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...case import Form, Signing, reference
from ...codec.signature import Credential
from ...specification import Probe, Unreachable
from .configuration import QUOTA_EXHAUSTED
from .job_probes import cancel_job_probes, get_shipping_label_probes, get_status_probes, list_jobs_probes
from .manifest_probes import bucket_changes, customs_changes, manifest_changes, manifest_texts
from .manifests import base_fields, places, with_change, write_manifest
from .probe_table import KINDS, Table, manifest_table
from .request_probes import (
    UNKNOWN_ID,
    client_versions,
    gathered,
    job_ids,
    job_states,
    manifest_parameters,
    signatures,
    unreachable,
    wires,
)
from .world import World

_MANIFESTS = (manifest_parameters, manifest_texts, manifest_changes, customs_changes, bucket_changes)
_NOT_FOR_A_NEW_JOB = "CreateJob takes no JobId, and no source says when it is answered so"


def update_job_probes(world: World, credentials: tuple[Credential, ...]) -> tuple[Probe | Unreachable, ...]:
    """Return every probe for UpdateJob in `world`; what the world cannot offer is told as unreachable.

    Args:
        world: As configured: the probes use its buckets and era.
        credentials: The keys that sign; the first is the usual one.
    """
    return gathered(
        manifest_table("UpdateJob", world, credentials),
        _successes,
        _updates,
        job_ids,
        job_states(_REFUSED_UPDATES),
        _rehearsals,
        client_versions,
        *_MANIFESTS,
        signatures,
        wires,
    )


def create_job_probes(world: World, credentials: tuple[Credential, ...]) -> tuple[Probe | Unreachable, ...]:
    """Return every probe for CreateJob in `world`. All rehearse, but for a few: the service allows 50 jobs a day.

    Args:
        world: As configured: the probes use its buckets and era.
        credentials: The keys that sign; the first is the usual one.
    """
    return gathered(
        manifest_table("CreateJob", world, credentials),
        _successes,
        _creations,
        _quota,
        client_versions,
        unreachable({UNKNOWN_ID: _NOT_FOR_A_NEW_JOB}),
        *_MANIFESTS,
        signatures,
        wires,
    )


def _creations(table: Table) -> Iterator[Probe | Unreachable]:
    for kind in ("import", "export"):
        fields = base_fields(table.world, kind)
        yield table.call(f"success.{kind}.made", None, table.parameters(kind, fields, ValidateOnly=False))
    yield table.form("success.validate-only-absent", None, ValidateOnly=None)


def _quota(table: Table) -> Iterator[Probe | Unreachable]:
    error = "CreateJobQuotaExceededException"
    exhausted = next((name for name, key in table.world.access_keys.items() if key.is_exhausted), None)
    if exhausted is None:
        why = f"no account is known that has made its jobs of today; [accounts.{QUOTA_EXHAUSTED}] would name one"
        yield Unreachable("job.quota", why, error)
        return
    fields = base_fields(table.world, "import")
    if "accessKeyId" in fields:
        fields["accessKeyId"] = exhausted
    text, signing = write_manifest(fields), Signing(key=QUOTA_EXHAUSTED)
    yield table.form("job.quota", error, Manifest=text, ValidateOnly="false", signing=signing)
    yield table.form("job.quota.validate-only", None, Manifest=text, signing=signing)


def _successes(table: Table) -> Iterator[Probe | Unreachable]:
    if places(table.world).home is None:
        yield Unreachable("every success", "the world has no bucket with write access")
    for kind in KINDS:
        fields = base_fields(table.world, kind)
        yield table.call(f"success.{kind}", None, table.parameters(kind, fields))
    accented = with_change(base_fields(table.world, "import"), "returnAddress.name", "José Müller 漢字")
    yield table.call("success.utf-8", None, table.parameters("import", accented))
    spaceless = write_manifest(base_fields(table.world, "import")).replace(": ", ":")
    if not table.world.strict_yaml:
        yield table.call("success.spaceless-colons", None, table.parameters("import", spaceless))
        yield table.call(
            "success.semicolon",
            None,
            table.parameters(
                "import", write_manifest(base_fields(table.world, "import")).replace("2.0\n", "2.0;\n", 1)
            ),
        )


def _updates(table: Table) -> Iterator[Probe | Unreachable]:
    for kind in KINDS:
        fields = base_fields(table.world, kind)
        yield table.call(f"success.{kind}.validate-only", None, table.parameters(kind, fields, ValidateOnly=True))
    yield table.form("success.validate-only-absent", None, ValidateOnly=None)
    yield table.form("parameter.ValidateOnly=", None, ValidateOnly="")
    yield table.sent("wire.job-type-repeated", None, Form((*table.pairs(), ("JobType", "Export"))))


_REFUSED_UPDATES: Mapping[str, str | None] = {
    "foreign": UNKNOWN_ID,
    "cancelled": "CanceledJobIdException",
    "expired": "ExpiredJobIdException",
    "in-progress": "UnableToUpdateJobIdException",
    "complete": "UnableToUpdateJobIdException",
}


def _rehearsals(table: Table) -> Iterator[Probe | Unreachable]:
    for state, error in _REFUSED_UPDATES.items():
        rehearsal = table.changed(JobId=reference(state), ValidateOnly=True)
        yield table.call(f"job.{state}.validate-only", error, rehearsal)


# CancelJob comes last, so that whatever it does cannot cost the others their jobs.
PROBES: Mapping[str, Callable[[World, tuple[Credential, ...]], tuple[Probe | Unreachable, ...]]] = {
    "UpdateJob": update_job_probes,
    "CreateJob": create_job_probes,
    "GetStatus": get_status_probes,
    "ListJobs": list_jobs_probes,
    "GetShippingLabel": get_shipping_label_probes,
    "CancelJob": cancel_job_probes,
}
