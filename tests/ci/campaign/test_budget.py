"""What a run may make: ten at a URL, rehearsals too when they make something; each case that needs one has its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

import pytest
from botoproof.ci.campaign.budget import MAX_MADE, UNAFFORDABLE, Budget, Doubt, Made
from botoproof.ci.campaign.events import LeftBehind, NotReached, StatePrepared
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.case import Call, Case, Form, reference
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.query_request import write_request
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.interaction import Interaction, Reply, Request
from botoproof.contract.outcome import Broken, Refused, Returned
from botoproof.contract.services.importexport import SPECIFICATION, default_world
from botoproof.contract.services.importexport.effects import next_job_id
from botoproof.contract.services.importexport.endpoint import NAMESPACE
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.oracle import read_pairs
from botoproof.contract.services.importexport.world import Job

from .runs import OPERATIONS, AlteredEndpoint, Failing, Run, action, answers, judge_of, refusal, run, through

URL = "http://127.0.0.1/"
MAKES = Request("POST", URL, (), b"makes")
REHEARSES = Request("POST", URL, (), b"makes harmless")
BROKEN = Broken("timeout", "too slow", sdk_error=True)
ASKS = Request("POST", URL, (), b"asks")


NEW = {"JobType": "Import", "Manifest": base_import(default_world()), "ValidateOnly": False}


@pytest.fixture
def budget() -> Budget:
    """A budget of two, before a transport that answers everything."""

    def answer(request: Request) -> Interaction:
        return Interaction(request, Reply(200, (), b""), None, datetime.now(UTC), 0.0)

    return Budget(answer, lambda request: b"makes" in request.body, lambda request: b"harmless" in request.body, 2)


def kept_back(budget: Budget, request: Request) -> bool:
    failure = budget(request).failure
    return failure is not None and failure.kind == UNAFFORDABLE


def test_what_may_make_something_is_sent_until_the_budget_is_used_up(budget: Budget) -> None:
    sent = []
    for number in range(4):
        sent.append(not kept_back(budget, MAKES))
        budget.note(MAKES, f"{number}")

    assert sent == [True, True, False, False]


def test_what_may_have_made_something_counts_from_the_moment_it_is_sent(budget: Budget) -> None:
    assert [kept_back(budget, MAKES) for _ in range(3)] == [False, False, True]
    assert [doubt.outcome for doubt in budget.doubts] == [None, None]


def test_what_has_made_nothing_counts_no_more(budget: Budget) -> None:
    for _ in range(3):
        assert not kept_back(budget, MAKES)
        budget.settle(MAKES)

    assert (budget.made, budget.doubts) == ([], [])


def test_a_doubt_that_stands_stays_though_the_same_request_is_sent_again(budget: Budget) -> None:
    budget(MAKES)
    budget.settle(MAKES, "CreateJob", BROKEN)
    budget(MAKES)
    budget.note(MAKES, "1")

    assert budget.doubts == [Doubt(MAKES, "CreateJob", BROKEN)]
    assert budget.made == [Made("1")]
    assert budget.is_used_up


def test_rehearsals_and_other_requests_are_sent_as_before(budget: Budget) -> None:
    budget.made += [Made("1"), Made("2")]

    assert [kept_back(budget, request) for request in (MAKES, REHEARSES, ASKS)] == [True, False, False]


def test_rehearsals_that_make_something_are_kept_back_too(budget: Budget) -> None:
    budget.note(REHEARSES, "1")
    budget.note(MAKES, "2")

    assert [kept_back(budget, request) for request in (MAKES, REHEARSES, ASKS)] == [True, True, False]


def test_without_a_limit_nothing_is_kept_back(budget: Budget) -> None:
    budget.limit = None
    budget.made += [Made(f"{number}") for number in range(100)]

    assert not kept_back(budget, MAKES)


def rehearsals_make_jobs(endpoint: AlteredEndpoint) -> Callable[[Request, Reply], Reply]:
    """Answer each successful rehearsal of CreateJob with a job that is really made."""

    def answering(request: Request, reply: Reply) -> Reply:
        if action(request) != "CreateJob" or reply.status != 200 or b"<JobId>" in reply.body:
            return reply
        job = Job(next_job_id(endpoint.jobs), "111122223333", "Import", "", datetime.now(UTC))
        endpoint.jobs[job.job_id] = job
        value = {"JobId": job.job_id, "JobType": "Import"}
        return write_result(OPERATIONS["CreateJob"], value, request_id="an-id", namespace=NAMESPACE)

    return answering


def test_an_endpoint_that_makes_jobs_for_rehearsals_makes_ten_and_all_are_cancelled() -> None:
    endpoint = AlteredEndpoint()
    endpoint.answering = rehearsals_make_jobs(endpoint)
    judge = open_judge(SPECIFICATION, judge_of(endpoint, kind="url").target)

    made = run(judge, operations=("CreateJob",), max_examples=30)

    assert len(endpoint.made) == MAX_MADE == len(judge.budget.made)
    assert set(endpoint.made.values()) == {"cancelled"}
    assert not [event for event in made.events if isinstance(event, LeftBehind)]
    unsent = [event for event in made.result.unreachable if event.why == "a run makes at most 10 resources"]
    assert [event for event in unsent if event.cases and event.operation == "CreateJob"]
    assert "bucket.bucket.unknown:import" in {event.what for event in unsent if not event.cases}


def test_a_right_endpoint_at_a_url_is_sent_every_probe() -> None:
    endpoint = AlteredEndpoint()
    judge = open_judge(SPECIFICATION, judge_of(endpoint, kind="url").target)

    made = run(judge, operations=SPECIFICATION.subjects, phases=("table",))

    assert {event.what for event in made.result.unreachable} == {"job.quota", "job.in-progress"}
    assert len(endpoint.made) <= MAX_MADE
    assert set(endpoint.made.values()) == {"cancelled"}
    assert made.result.verdict == "clean"


def of_its_own(made: Run, probe: str) -> str:
    (event,) = (event for event in made.judged if event.probe == probe)
    assert isinstance(event.exchange.outcome, Returned)
    return event.exchange.used["spare"]


def test_each_cancellation_that_succeeds_has_a_job_of_its_own() -> None:
    endpoint = AlteredEndpoint()
    judge = open_judge(SPECIFICATION, judge_of(endpoint).target)

    made = run(judge, operations=("CancelJob",), phases=("table",))

    jobs = {of_its_own(made, probe) for probe in ("success", "success.form", "success.version")}
    assert len(jobs) == 3
    assert "spare" not in judge.ids
    asked = [
        dict(read_pairs(request).pairs).get("JobId") for request in endpoint.asked if action(request) == "CancelJob"
    ]
    assert {job: asked.count(job) for job in jobs} == dict.fromkeys(jobs, 1)
    assert asked.count(judge.ids["pending"]) == 1  # at the end of the run


def test_what_a_case_needs_for_itself_and_cannot_have_is_told() -> None:
    judge = open_judge(SPECIFICATION, judge_of(AlteredEndpoint(), kind="url").target)
    judge.budget.limit = 2

    made = run(judge, operations=("CancelJob",), phases=("table",))

    told = {event.what: (event.operation, event.why) for event in made.result.unreachable}
    why = ("CancelJob", "a run makes at most 2 resources")
    assert [told.get(name) for name in ("success", "success.form", "success.version")] == [why] * 3
    assert made.result.verdict == "clean"


def test_a_state_that_is_used_up_is_made_anew_for_each_case_and_not_beforehand() -> None:
    judge = judge_of()
    states, case = States(judge), Case("CancelJob", Call({"JobId": reference("spare")}))
    before = {event.state for event in states.prepare() if isinstance(event, StatePrepared)}

    ids = []
    for _ in range(2):
        ids += [event.resource_id for event in states.needed_by(case) if isinstance(event, StatePrepared)]
        states.forget(case)

    assert "spare" not in before
    assert len(set(ids)) == 2
    assert not [event for event in states.needed_by(Case("ListJobs", Call({}))) if isinstance(event, NotReached)]


def test_a_job_made_with_another_key_is_cancelled_with_that_key() -> None:
    """The endpoint forgets the quota of the account that has used it up."""
    world = default_world((EXAMPLE_KEY,), SPECIFICATION.accounts)
    endpoint = AlteredEndpoint(world=world)
    generous = {name: replace(key, is_exhausted=False) for name, key in world.access_keys.items()}
    endpoint.world = replace(endpoint.world, access_keys=generous)
    judge = open_judge(SPECIFICATION, embedded_target(SPECIFICATION, world, EXAMPLE_KEY, endpoint=endpoint))

    made = run(judge, operations=("CreateJob",), phases=("table",))

    assert made.result.verdict == "findings"
    (other,) = (made for made in judge.budget.made if made.key == "quota-exhausted")
    assert endpoint.jobs[other.resource_id].account == "777788889999"
    assert endpoint.made[other.resource_id] == "cancelled"
    assert not made.result.left_behind


def test_the_quota_is_provoked_by_the_account_that_has_used_it_up() -> None:
    world = default_world((EXAMPLE_KEY,), SPECIFICATION.accounts)
    judge = open_judge(SPECIFICATION, embedded_target(SPECIFICATION, world, EXAMPLE_KEY))

    made = run(judge, operations=("CreateJob",), phases=("table",))

    (event,) = (event for event in made.judged if event.probe == "job.quota")
    assert isinstance(event.exchange.outcome, Refused)
    assert event.exchange.outcome.code == "CreateJobQuotaExceededException"
    coverage = made.result.operations["importexport.CreateJob"].errors["CreateJobQuotaExceededException"]
    assert (coverage.probes, coverage.unreachable) == (("job.quota",), "")


def without_an_id(body: bytes) -> bytes:
    return re.sub(rb"<JobId>.*?</JobId>", b"", body)


def cut_short(body: bytes) -> bytes:
    return body[:-30]


def in_another_wrapper(body: bytes) -> bytes:
    return body.replace(b"CreateJobResult", b"CreateJobOutput")


def spoiling(spoil: Callable[[bytes], bytes]) -> Callable[[Request, Reply], Reply]:
    """Spoil each reply that tells of a new job."""

    def answering(request: Request, reply: Reply) -> Reply:
        is_told = action(request) == "CreateJob" and b"<JobId>" in reply.body
        return replace(reply, body=spoil(reply.body)) if is_told else reply

    return answering


@pytest.mark.parametrize("spoil", [without_an_id, cut_short, in_another_wrapper])
@pytest.mark.parametrize("operation", ["UpdateJob", "CreateJob"])
def test_jobs_behind_replies_that_nobody_can_read_are_counted_and_told(
    spoil: Callable[[bytes], bytes], operation: str
) -> None:
    endpoint = AlteredEndpoint(spoiling(spoil))
    judge = open_judge(SPECIFICATION, judge_of(endpoint, kind="url").target)

    made = run(judge, operations=(operation,), phases=("table",))

    pending = [job_id for job_id, state in endpoint.made.items() if state == "pending"]
    assert 1 < len(pending) <= MAX_MADE
    assert len(made.result.left_behind) == len(pending)
    for resource_id, why in made.result.left_behind:
        assert resource_id == "(unknown)"
        came = "returned no id|gave a reply that boto3 cannot read .*"
        assert re.match(f"CreateJob ({came}); it may have made some", why, re.DOTALL)
    assert made.result.verdict == "findings"
    assert "states" in {group.phase for group in made.result.findings}


def test_an_id_that_only_the_strict_codec_can_read_is_taken_and_the_job_cancelled() -> None:
    endpoint = AlteredEndpoint()
    judge = judge_of(endpoint)
    sdk = judge.caller.sdk
    broken = Broken("builtins.KeyError", "'ResponseMetadata'", sdk_error=False)
    with mock.patch.object(type(sdk), "parse", return_value=broken):
        exchange = judge.exchange(Case("CreateJob", Form(write_request(OPERATIONS["CreateJob"], NEW))))

    left = list(States(judge).dispose())

    assert exchange.outcome == broken
    assert left == []
    assert list(endpoint.made.values()) == ["cancelled"]


@pytest.mark.parametrize(
    ("kind", "doubtful"),
    [("timeout", True), ("closed", True), ("not-http", True), ("too-large", True), ("connect", False)],
)
def test_a_request_to_make_something_that_got_no_reply_may_have_made_it(kind: str, doubtful: bool) -> None:
    judge = through(Failing(kind, ("CreateJob",)))

    judge.exchange(Case("CreateJob", Call(NEW)))
    left = list(States(judge).dispose())

    why = f"CreateJob broke: {kind}: what happened; it may have made something"
    assert left == ([LeftBehind("(unknown)", why)] if doubtful else [])


@pytest.mark.parametrize("reply", [refusal("Nope"), Reply(403, (), b"<html>no</html>"), Reply(404, (), b"")])
def test_what_was_refused_has_made_nothing(reply: Reply) -> None:
    judge = judge_of(AlteredEndpoint(answers("CreateJob", reply)))

    judge.exchange(Case("CreateJob", Call(NEW)), repeat=True)

    assert list(States(judge).dispose()) == []


@pytest.mark.parametrize("spelling", ["true", "True", "1", " true "])
def test_what_may_be_a_rehearsal_need_not_have_made_anything(spelling: str) -> None:
    rehearsed = (*write_request(OPERATIONS["CreateJob"], {**NEW, "ValidateOnly": None}), ("ValidateOnly", spelling))
    reply = write_result(OPERATIONS["CreateJob"], {"JobType": "Import"}, request_id="r", namespace=NAMESPACE)
    judge = judge_of(AlteredEndpoint(answers("CreateJob", reply)))

    judge.exchange(Case("CreateJob", Form(rehearsed)), repeat=True)

    assert list(States(judge).dispose()) == []


def test_what_is_told_of_once_is_not_told_again() -> None:
    states = States(judge := through(Failing("timeout", ("CreateJob",))))
    judge.exchange(Case("CreateJob", Call(NEW)))

    assert len(list(states.dispose())) == 1
    assert list(states.dispose()) == []
