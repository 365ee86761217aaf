"""The oracle's world keeps up with what the endpoint says that it did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.interaction import Request
from botoproof.contract.outcome import Broken, Outcome, Refused, Returned
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.world import JobState, World

from .bench import NOW, OPERATIONS, OWN, Bench
from .dossier import BASE_EXPORT, BASE_IMPORT


def after(world: World, request: Request, outcome: Outcome) -> World:
    found: World = SPECIFICATION.after(world, request, outcome, now=NOW, operations=OPERATIONS)
    return found


def done(**value: object) -> Returned:
    return Returned(value, 200, "an-id")


def test_a_job_that_was_made_is_the_signers_and_pending(bench: Bench, world: World) -> None:
    request = bench.ask("CreateJob", JobType="export", Manifest=BASE_EXPORT, ValidateOnly="false")

    job = after(world, request, done(JobId="NEW11")).jobs["NEW11"]

    assert (job.account, job.job_type, job.manifest) == ("111122223333", "Export", BASE_EXPORT)
    assert (job.created, job.state, job.access_key_id) == (NOW, JobState.PENDING, OWN.access_key_id)


def test_an_id_in_the_reply_to_a_rehearsal_is_a_job_too(bench: Bench, world: World) -> None:
    request = bench.ask("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly="true")

    assert "NEW11" in after(world, request, done(JobId="NEW11")).jobs


def test_an_updated_job_has_the_new_manifest_and_type(bench: Bench, world: World) -> None:
    changed = after(world, bench.update(BASE_EXPORT, JobType="Export"), done(Success=True))

    assert changed.jobs["53TX4"] == replace(world.jobs["53TX4"], manifest=BASE_EXPORT, job_type="Export")


def test_a_cancelled_job_is_cancelled_and_known_to_be_disposed_of(bench: Bench, world: World) -> None:
    changed = after(world, bench.ask("CancelJob", JobId="53TX4"), done(Success=True))

    assert changed.jobs["53TX4"].state is JobState.CANCELLED
    assert SPECIFICATION.is_disposed_of(changed, "53TX4")
    assert not SPECIFICATION.is_disposed_of(world, "53TX4")
    assert not SPECIFICATION.is_disposed_of(world, "NEW11")


@pytest.mark.parametrize(
    ("operation", "parameters", "outcome"),
    [
        ("CancelJob", {"JobId": "53TX4"}, Refused("X", "no", "Sender", 400, "X", None)),
        ("CancelJob", {"JobId": "53TX4"}, Broken("timeout", "no reply")),
        ("CancelJob", {"JobId": "FRN11"}, done(Success=True)),
        ("CancelJob", {"JobId": "ZZZZZ"}, done(Success=True)),
        ("UpdateJob", {"JobId": "53TX4", "Manifest": "new", "ValidateOnly": "true"}, done(Success=True)),
        ("GetStatus", {"JobId": "53TX4"}, done(JobId="NEW11")),
        ("CreateJob", {"Manifest": BASE_IMPORT, "ValidateOnly": "true"}, done(JobType="Import")),
        ("Nothing", {}, done()),
    ],
)
def test_everything_else_leaves_the_world_as_it_was(
    bench: Bench, world: World, operation: str, parameters: dict[str, str], outcome: Outcome
) -> None:
    assert after(world, bench.ask(operation, **parameters), outcome) is world


def test_the_world_before_is_not_changed(bench: Bench, world: World) -> None:
    before = dict(world.jobs)

    after(world, bench.ask("CancelJob", JobId="53TX4"), done(Success=True))

    assert world.jobs == before
