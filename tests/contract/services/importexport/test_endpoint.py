"""The executable endpoint, as it takes requests apart and numbers what it holds; `test_life_cycle` has what it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from botoproof.contract.codec.form import write_form
from botoproof.contract.codec.signature import sign_v4
from botoproof.contract.interaction import Request
from botoproof.contract.services.importexport.effects import EFFECTS, next_job_id
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.oracle import MAX_REQUEST, read_facts, read_pairs
from botoproof.contract.services.importexport.states import STATES
from botoproof.contract.services.importexport.world import JobState, World
from hypothesis import given
from hypothesis import strategies as st

from .bench import FORM_TYPE, NOW, OPERATIONS, OWN, SCOPE, STRANGER, URL, Bench, Wire, the_world
from .dossier import BASE_IMPORT, edited
from .samples import CLI_GET_STATUS

ECHOED = (
    CLI_GET_STATUS.replace("bucket:myBucket", "bucket:ck-import-use1"),
    BASE_IMPORT.replace("\n", "\r\n"),
    f"\n\n  # one\n{BASE_IMPORT}\n\n\n",
    f"{BASE_IMPORT}generator2: '<&>\"]]> \u00a0 Ünïcödé 漢字 \U0001f600'\n",
    f"{BASE_IMPORT}cacheControl: 'a&amp;b &#13; %0A +'\n",
    BASE_IMPORT.replace(": ", ":").replace("yes", "yes;"),
    f"{BASE_IMPORT}x: a\x85",
)


@pytest.mark.parametrize("manifest", ECHOED)
def test_the_manifest_is_echoed_byte_for_byte(bench: Bench, manifest: str) -> None:
    bench.call("UpdateJob", JobId="53TX4", JobType="Import", Manifest=manifest, ValidateOnly=False)

    assert bench.call("GetStatus", JobId="53TX4")["CurrentManifest"] == manifest


@given(comment=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_whatever_manifest_is_accepted_is_echoed(comment: str) -> None:
    bench = Bench(Endpoint(the_world(), OPERATIONS), None)
    manifest = f"{BASE_IMPORT}# {comment}"

    if bench.code(bench.update(manifest)) is None:
        status = bench.read(bench.ask("GetStatus", JobId="53TX4"), "GetStatus").value

        assert status is not None
        assert status["CurrentManifest"] == manifest


def test_requests_are_numbered_by_ids_that_repeat_from_run_to_run(bench: Bench, world: World) -> None:
    again = Bench(Endpoint(world, OPERATIONS), None)
    requests = [bench.update(), bench.update("INVALID MANIFEST"), bench.update(JobId="ZZZZZ")]

    replies = [bench.answer(request) for request in requests]

    assert [again.answer(request) for request in requests] == replies
    assert len({reply.header("x-amzn-RequestId") for reply in replies}) == 3
    assert bench.endpoint.requests == 3


def test_job_ids_repeat_from_run_to_run_and_never_within_one(world: World) -> None:
    def made() -> list[str]:
        bench = Bench(Endpoint(world, OPERATIONS), None)
        parameters = {"JobType": "Import", "Manifest": BASE_IMPORT, "ValidateOnly": "false"}
        values = [bench.read(bench.ask("CreateJob", **parameters), "CreateJob").value or {} for _ in range(40)]
        return [str(value["JobId"]) for value in values]

    assert made() == made()
    assert len(set(made())) == 40


@pytest.mark.parametrize(
    ("method", "query", "body", "status", "code"),
    [
        ("PUT", "", b"", 405, "InvalidAction"),
        ("POST", "", b"x" * (MAX_REQUEST + 1), 413, "ValidationError"),
        ("POST", "", b"Action=%zz", 400, "MalformedQueryString"),
        ("POST", "?Action=%ff", b"", 400, "MalformedQueryString"),
        ("POST", "", b"", 400, "MissingAction"),
        ("GET", "", b"Action=ListJobs", 400, "MissingAction"),
        ("POST", "", b"Action=UpdateJobs", 400, "InvalidAction"),
        ("POST", "", b"Action=&Operation=ListJobs", 400, "InvalidAction"),
        ("POST", "", b"Action=ListJobs", 400, "NoSuchVersion"),
        ("POST", "", b"Action=ListJobs&Version=2009-05-20", 400, "NoSuchVersion"),
    ],
)
def test_a_request_that_is_none_is_refused_in_the_documented_envelope(
    bench: Bench, method: str, query: str, body: bytes, status: int, code: str
) -> None:
    request = Request(method, URL + query, (FORM_TYPE,), body)

    assert bench.code(request) == code
    assert bench.exchanges[-1][1].status == status
    expectation = bench.expect(request)
    assert expectation.undecided or code in expectation.codes


@pytest.mark.parametrize("where", ["body", "query", "operation", "get"])
def test_the_operation_is_named_in_the_body_or_in_the_query_string(bench: Bench, where: str) -> None:
    rest = (("Version", "2010-06-01"), ("JobId", "53TX4"))
    form = write_form(rest, plus=False)
    action = b"Action=GetStatus&"
    unsigned = {
        "body": Request("POST", URL, (FORM_TYPE,), action + form),
        "query": Request("POST", f"{URL}?Action=GetStatus", (FORM_TYPE,), form),
        "operation": Request("POST", f"{URL}?Operation=GetStatus", (FORM_TYPE,), form),
        "get": Request("GET", f"{URL}?{(action + form).decode()}", (), b""),
    }[where]
    request = sign_v4(unsigned, OWN, SCOPE, NOW)

    assert bench.expect(request).must_succeed
    assert bench.read(request, "GetStatus").value is not None


def test_an_endpoint_holds_a_job_in_every_state_when_asked_to(world: World) -> None:
    endpoint = Endpoint(world, OPERATIONS, now=NOW)
    spare = Endpoint(world, OPERATIONS)

    assert set(endpoint.resources) == {state.name for state in STATES if not state.used_up}
    assert spare.resources == {}
    for state in STATES:
        job_id = spare.provide(state.name, NOW)
        like = endpoint.resources["pending" if state.used_up else state.name]
        assert (spare.provide(state.name, NOW) == job_id) is not state.used_up
        assert spare.jobs[job_id].state_at(NOW) is endpoint.jobs[like].state_at(NOW)


def test_a_state_is_provided_under_another_id_when_its_own_is_taken(world: World) -> None:
    taken = replace(world.jobs["53TX4"], job_id="EXP1A")
    endpoint = Endpoint(world, OPERATIONS, jobs=[taken])

    job_id = endpoint.provide("expired", NOW)

    assert job_id != "EXP1A"
    assert endpoint.jobs["EXP1A"] is taken
    assert endpoint.jobs[job_id].job_id == job_id
    assert endpoint.jobs[job_id].state_at(NOW) is JobState.EXPIRED


def test_a_job_of_the_world_is_not_pushed_aside(world: World) -> None:
    taken = replace(world.jobs["53TX4"], job_id="EXP1A")

    endpoint = Endpoint(world, OPERATIONS, jobs=[taken], now=NOW)

    assert endpoint.jobs["EXP1A"] is taken
    assert "expired" not in endpoint.resources


def test_a_new_id_is_one_that_is_not_taken(world: World) -> None:
    first = next_job_id(world.jobs)
    taken = {f"{number}": job for number, job in enumerate(world.jobs.values(), 1)}

    assert len(taken) == len(world.jobs)
    assert next_job_id({**dict(list(taken.items())[1:]), first: world.jobs["53TX4"]}) != first


@pytest.mark.parametrize("operation", ["UpdateJob", "CancelJob", "GetStatus"])
def test_what_no_rule_should_permit_is_not_done(bench: Bench, operation: str) -> None:
    """Should a rule ever be lost, the endpoint crashes rather than invent a job."""
    request = bench.ask(operation, JobId="ZZZZZ")
    facts = read_facts(request, read_pairs(request), world=bench.world, now=NOW, operations=OPERATIONS)
    assert facts is not None

    with pytest.raises(LookupError, match=rf"^{operation} was permitted without a job of the signer's$"):
        EFFECTS[operation](facts)


def test_nobodys_signature_is_not_genuine(bench: Bench) -> None:
    for request in (
        bench.post((("Action", "ListJobs"),), credential=STRANGER),
        Request("GET", f"{URL}?Action=ListJobs", (), b""),
    ):
        facts = read_facts(request, read_pairs(request), world=bench.world, now=NOW, operations=OPERATIONS)

        assert facts is not None
        assert not facts.is_genuine


def test_endpoints_do_not_share_their_jobs(world: World, wire: Wire) -> None:
    one, other = Bench(Endpoint(world, OPERATIONS), None), Bench(Endpoint(world, OPERATIONS), None)

    one.code(one.update(edited(BASE_IMPORT, ("CK-0001", "CK-0002"))))

    assert other.endpoint.jobs["53TX4"].manifest == world.jobs["53TX4"].manifest == BASE_IMPORT
    assert one.endpoint.jobs["53TX4"].created == NOW - timedelta(days=1)
