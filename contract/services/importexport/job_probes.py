"""The tables of probes for the operations that take no manifest: CancelJob, GetStatus, ListJobs, GetShippingLabel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...case import Signing, reference
from ...codec.signature import Credential
from ...specification import Probe, Unreachable
from .manifests import ADDRESS
from .probe_table import Table, table_of
from .request_probes import (
    UNKNOWN_ID,
    UNKNOWN_IDS,
    client_versions,
    gathered,
    job_ids,
    job_states,
    signatures,
    unreachable,
    wires,
)
from .world import World

Probes = tuple[Probe | Unreachable, ...]

_CANCELLED, _EXPIRED = "CanceledJobIdException", "ExpiredJobIdException"
_INVALID, _ADDRESS = "InvalidParameterException", "InvalidAddressException"
_KEY = "InvalidAccessKeyIdException"
_ANOTHER_KEY = (
    "no source says when, as there is no manifest whose accessKeyId could differ; that a job made with another key of "
    "the account is refused is a guess, and the contract allows both answers"
)
_NO_KEY = "no source says when, as there is no manifest whose accessKeyId could differ"


def cancel_job_probes(world: World, credentials: tuple[Credential, ...]) -> Probes:
    """Return every probe for CancelJob. Those that succeed have jobs of their own; the others are refused."""
    table = table_of("CancelJob", world, credentials, provokes=_CANCELLED, JobId=reference("cancelled"))
    refused = {"cancelled": _CANCELLED, "expired": _EXPIRED, "complete": "UnableToCancelJobIdException"}
    return gathered(
        table,
        _cancellations,
        job_ids,
        job_states({**refused, "foreign": UNKNOWN_ID}),
        client_versions,
        unreachable({_KEY: _ANOTHER_KEY}),
        signatures,
        wires,
    )


def _cancellations(table: Table) -> Iterator[Probe | Unreachable]:
    spare = reference("spare")
    yield table.call("success", None, {"JobId": spare})
    yield table.form("success.form", None, JobId=spare, signing=Signing(version="v2"))
    version = min(table.world.api_versions or ("1.0",))
    yield table.call("success.version", None, {"JobId": spare, "APIVersion": version})
    yield Unreachable(
        "job.in-progress",
        "the guide lets such a job be cancelled, the model does not; to try it could cost the only job in that state",
    )


def get_status_probes(world: World, credentials: tuple[Credential, ...]) -> Probes:
    """Return every probe for GetStatus."""
    table = table_of("GetStatus", world, credentials, JobId=reference("pending"))
    shown = ("pending", "in-progress", "complete", "cancelled", "expired")
    contradiction = "the model documents it, {other} shows the state instead: the contract allows both answers"
    return gathered(
        table,
        job_ids,
        job_states({**dict.fromkeys(shown), "foreign": UNKNOWN_ID}),
        client_versions,
        unreachable(
            {
                _CANCELLED: contradiction.format(other="a live test of aws-sdk-js"),
                _EXPIRED: contradiction.format(other="the guide's status page"),
                _KEY: _ANOTHER_KEY,
            }
        ),
        signatures,
        wires,
    )


def list_jobs_probes(world: World, credentials: tuple[Credential, ...]) -> Probes:
    """Return every probe for ListJobs."""
    table = table_of("ListJobs", world, credentials)
    return gathered(table, _pages, client_versions, unreachable({_KEY: _NO_KEY}), signatures, wires)


def _pages(table: Table) -> Iterator[Probe | Unreachable]:
    yield table.call("success", None, {})
    for number in (0, 1, 1000):
        yield table.call(f"parameter.MaxJobs={number}", None, {"MaxJobs": number})
    for number in (-1, 1001, 2**31 - 1):
        yield table.call(f"parameter.MaxJobs={number}", _INVALID, {"MaxJobs": number})
    for text in ("ten", "1.5", "", "99999999999999999999"):
        yield table.form(f"parameter.MaxJobs={text}", _INVALID, MaxJobs=text)
    for state in ("pending", "cancelled"):
        yield table.call(f"parameter.Marker.{state}", None, {"Marker": reference(state)})
        yield table.call(f"parameter.Marker.{state}.one", None, {"Marker": reference(state), "MaxJobs": 1})
    for job_id in (*UNKNOWN_IDS, ""):
        yield table.call(f"parameter.Marker={job_id}", _INVALID, {"Marker": job_id})
    yield table.call("parameter.Marker.foreign", _INVALID, {"Marker": reference("foreign")})


def get_shipping_label_probes(world: World, credentials: tuple[Credential, ...]) -> Probes:
    """Return every probe for GetShippingLabel."""
    table = table_of("GetShippingLabel", world, credentials, jobIds=[reference("pending")])
    return gathered(table, _labelled_jobs, _addresses, client_versions, unreachable({_KEY: _NO_KEY}), signatures, wires)


def _labelled_jobs(table: Table) -> Iterator[Probe | Unreachable]:
    pending = reference("pending")
    yield table.call("success", None, {"jobIds": [pending]})
    yield table.call("success.twice-the-same", None, {"jobIds": [pending, pending]})
    yield table.call("label.none", UNKNOWN_ID, {"jobIds": []})
    yield table.form("label.missing", UNKNOWN_ID, **{"jobIds.member.1": None})
    for job_id in (*UNKNOWN_IDS, ""):
        yield table.call(f"job.id={job_id}", UNKNOWN_ID, {"jobIds": [job_id]})
    states: dict[str, str | None] = {"foreign": UNKNOWN_ID, "cancelled": _CANCELLED, "expired": _EXPIRED}
    for state, error in states.items():
        yield table.call(f"job.{state}", error, {"jobIds": [reference(state)]})
        yield table.call(f"job.{state}.second", error, {"jobIds": [pending, reference(state)]})
    for state in ("in-progress", "complete"):
        yield table.call(f"job.{state}", None, {"jobIds": [reference(state)]})


# The parameters of an address: those of a manifest's returnAddress, under the same names.
_PARTS = ("name", "street1", "city", "postalCode", "country", "phoneNumber")


def _addresses(table: Table) -> Iterator[Probe | Unreachable]:
    full: dict[str, Any] = {**table.base, **ADDRESS}
    yield table.call("success.address", None, full)
    yield table.call("success.utf-8", None, {**full, "name": "José Müller 漢字"})
    yield table.call("success.second-line", None, {**full, "street2": "Floor 2", "street3": ""})
    for name in _PARTS:
        yield table.call(f"label.{name}.empty", _INVALID, {**full, name: ""})
        rest = {key: value for key, value in full.items() if key != name}
        yield table.call(f"label.{name}.missing", None, rest)
    for street in ("PO Box 123", "P.O. Box 7"):
        yield table.call(f"label.street1={street}", _ADDRESS, {**full, "street1": street})
    yield table.call("label.country=Atlantis", _ADDRESS, {**full, "country": "Atlantis"})
    yield table.call("label.country.unknown", None, {**full, "country": "Freedonia"})
    yield table.call("label.state.missing", None, {k: v for k, v in full.items() if k != "stateOrProvince"})
