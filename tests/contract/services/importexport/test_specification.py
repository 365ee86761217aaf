"""The specification as campaigns and the plugin see it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport import SPECIFICATION, World, default_world
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.oracle import MAX_REQUEST
from botoproof.contract.services.importexport.states import STATES

from .bench import COLLEAGUE, FORM_TYPE, NOW, OPERATIONS, OWN, URL, Bench

UPDATE = (("Action", "UpdateJob"), ("Version", "2010-06-01"))
REHEARSED = (*UPDATE, ("ValidateOnly", "true"))


def post(*pairs: tuple[str, str], query: str = "") -> Request:
    return Request("POST", URL + query, (FORM_TYPE,), write_form(pairs))


def test_it_is_found_by_its_entry_point() -> None:
    assert find_specification("importexport") is SPECIFICATION


def test_every_operation_of_the_model_is_a_subject() -> None:
    assert set(SPECIFICATION.operations) == set(SPECIFICATION.subjects) == set(OPERATIONS)
    assert SPECIFICATION.probes("DeleteJob", default_world(), (OWN,)) == ()


def test_the_operation_that_uses_jobs_up_comes_last() -> None:
    assert SPECIFICATION.subjects[-1] == "CancelJob"


@pytest.mark.parametrize(
    ("request_", "makes"),
    [
        (post(("Action", "CreateJob")), True),
        (post(("Action", "CreateJob"), ("ValidateOnly", "true")), True),
        (
            post(
                ("Action", " createjob"),
            ),
            True,
        ),
        (
            post(
                ("Operation", "CreateJob"),
            ),
            True,
        ),
        (post(query="?Action=CreateJob"), True),
        (post(*UPDATE), False),
        (post(("CreateJob", "Action")), False),
    ],
)
def test_whatever_may_be_read_as_create_job_may_make_a_job(request_: Request, makes: bool) -> None:
    assert SPECIFICATION.may_make(request_) is makes


def test_without_quotas_only_the_account_that_has_used_up_its_own_is_refused(bench: Bench, world: World) -> None:
    free = SPECIFICATION.without_quotas(replace(world, jobs_per_day=0))
    text = base_import(world)
    request = bench.ask("CreateJob", JobType="Import", Manifest=text, ValidateOnly="false")
    pairs = (("Action", "CreateJob"), ("Version", "2010-06-01"), ("JobType", "Import"), ("Manifest", text))
    by_the_other = bench.post(pairs, credential=SPECIFICATION.accounts["quota-exhausted"])

    def codes(request: Request, world: World) -> tuple[str, ...]:
        return SPECIFICATION.expect(request, world=world, now=NOW, operations=OPERATIONS)[1].codes

    assert codes(request, replace(world, jobs_per_day=0)) == ("CreateJobQuotaExceededException",)
    assert codes(request, free) == ()
    assert "CreateJobQuotaExceededException" in codes(by_the_other, free)


@pytest.mark.parametrize(
    "request_",
    [
        post(*REHEARSED),
        post(("ValidateOnly", "true"), query="?Action=UpdateJob"),
        post(("Operation", "CreateJob"), ("ValidateOnly", "true")),
        Request("GET", f"{URL}?Action=UpdateJob&ValidateOnly=true", (), b""),
        post(*REHEARSED, ("Manifest", "manifestVersion: 2.0; a=b&c é\n"), ("JobId", "53TX4"), ("Tag.member.1", "a b")),
        replace(post(*REHEARSED), headers=(("content-type", "application/x-www-form-urlencoded"),)),
        replace(post(*REHEARSED), headers=(("Content-Type", 'application/x-www-form-urlencoded; charset="UTF-8" ;'),)),
    ],
)
def test_a_rehearsal_is_harmless(request_: Request) -> None:
    assert SPECIFICATION.is_harmless(request_)


@pytest.mark.parametrize(
    "request_",
    [
        post(*UPDATE),
        post(*UPDATE, ("ValidateOnly", "false")),
        post(*UPDATE, ("ValidateOnly", "True")),
        post(*UPDATE, ("validateonly", "true")),
        post(*REHEARSED, ("ValidateOnly", "false")),
        post(*REHEARSED, ("Action", "CancelJob")),
        post(*REHEARSED, ("Operation", "CancelJob")),
        post(*REHEARSED, query="?Action=CancelJob"),
        post(("Action", "CancelJob"), ("JobId", "53TX4"), ("ValidateOnly", "true")),
        post(("ValidateOnly", "true")),
        replace(post(*REHEARSED), method="PUT"),
        replace(post(*REHEARSED), headers=(("Content-Type", "application/json"),)),
        replace(post(*REHEARSED), body=write_form(REHEARSED) + b"&%zz"),
        Request("GET", f"{URL}?Action=UpdateJob&ValidateOnly=true", (), write_form(UPDATE)),
        Request("POST", f"{URL}?Action=UpdateJob&ValidateOnly=true", (FORM_TYPE,), b"x" * (MAX_REQUEST + 1)),
        *[
            post((key, "false"), *REHEARSED)
            for key in (
                "validateonly",
                "VALIDATEONLY",
                "ValidateOnly ",
                " ValidateOnly",
                "ValidateOnly\t",
                "ValidateOnly[]",
                "ValidateOnly.1",
                "Validate-Only",
                "%56alidateOnly",
                "\uff36alidateOnly",
                "a;ValidateOnly",
            )
        ],
        post(("action", "CancelJob"), *REHEARSED),
        post(("oPERATION", "CancelJob"), *REHEARSED),
        post(*REHEARSED, query="?action=CancelJob"),
        post(*REHEARSED, query="other"),
        replace(post(*REHEARSED), body=b"Other=1;ValidateOnly=false&" + write_form(REHEARSED)),
        replace(post(*REHEARSED), body=b"Other=1\nAction=CancelJob&" + write_form(REHEARSED)),
        *[
            replace(post(*REHEARSED), headers=headers)
            for headers in (
                (FORM_TYPE, ("content-type", "application/x-www-form-urlencoded")),
                (("Content-Type", "application/x-www-form-urlencoded; charset=utf-16"),),
                (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8; charset=utf-16"),),
                (("Content-Type", "application/x-www-form-urlencoded; charset=utf-7"),),
                (FORM_TYPE, ("Content-Encoding", "gzip")),
                (FORM_TYPE, ("X-Amz-Target", "IngestionService.CancelJob")),
                (FORM_TYPE, ("X-HTTP-Method-Override", "DELETE")),
            )
        ],
    ],
)
def test_whatever_may_be_read_as_more_than_a_rehearsal_is_not_harmless(request_: Request) -> None:
    assert not SPECIFICATION.is_harmless(request_)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InvalidClientTokenIdException", 403),
        ("InvalidJobIdException", 400),
        ("MultipleRegionsException", 400),
        ("NoSuchBucketException", None),
        ("UnableToUpdateJobIdException", None),
        ("SignatureDoesNotMatch", None),
    ],
)
def test_statuses_are_those_that_the_guide_gives(code: str, status: int | None) -> None:
    assert SPECIFICATION.status_of(code) == status


def test_states_are_brought_about_by_public_operations_where_there_are_any(bench: Bench) -> None:
    recipes = {state.name: state.calls for state in SPECIFICATION.states}

    assert recipes == {
        "pending": ("CreateJob",),
        "cancelled": ("CreateJob", "CancelJob"),
        "expired": (),
        "in-progress": (),
        "complete": (),
        "foreign": (),
        "spare": ("CreateJob",),
    }
    assert [state.name for state in SPECIFICATION.states if state.used_up] == ["spare"]
    assert {state.name: state.sentence for state in SPECIFICATION.states} == {s.name: s.sentence for s in STATES}


def test_a_recipe_followed_brings_its_state_about(bench: Bench) -> None:
    made = bench.call("CreateJob", **SPECIFICATION.preparation("CreateJob", bench.world, ""))
    job_id = SPECIFICATION.resource_id("CreateJob", made)
    assert job_id is not None
    cancelled = bench.call("CancelJob", **SPECIFICATION.preparation("CancelJob", bench.world, job_id))

    assert SPECIFICATION.resource_id("CancelJob", cancelled) is None
    assert bench.refusal("UpdateJob", JobId=job_id, JobType="Import", Manifest="x", ValidateOnly=True) == (
        "CanceledJobIdException"
    )


def test_what_a_run_made_is_disposed_of_by_cancelling_it() -> None:
    assert SPECIFICATION.clean_up("53TX4") == ("CancelJob", {"JobId": "53TX4"})


def test_rules_are_offered_for_readers() -> None:
    names = {rule.name for rule in SPECIFICATION.rules("UpdateJob")}

    assert {"job.id.unknown", "manifest.bucket.missing", "bucket.regions"} <= names
    assert "job.quota" not in names
    assert SPECIFICATION.rules("DeleteJob") == ()


def test_an_endpoint_is_made_with_a_job_in_every_state_or_without(world: World) -> None:
    full = SPECIFICATION.endpoint(world, OPERATIONS, NOW)
    bare = SPECIFICATION.endpoint(world, OPERATIONS, None)

    assert set(full.resources) == {state.name for state in STATES if not state.used_up}
    assert bare.resources == {}
    assert set(bare.jobs) == set(world.jobs)
    assert COLLEAGUE.access_key_id in bare.world.access_keys
