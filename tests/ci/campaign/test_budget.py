"""What a run may make: ten at a URL, rehearsals too when they make something; each case that needs one has its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botoproof.ci.campaign.budget import MAX_MADE, UNAFFORDABLE, Budget, Made
from botoproof.ci.campaign.events import LeftBehind, NotReached, StatePrepared
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.interaction import Interaction, Reply, Request
from botoproof.contract.outcome import Refused, Returned
from botoproof.contract.services.importexport import SPECIFICATION, default_world
from botoproof.contract.services.importexport.effects import next_job_id
from botoproof.contract.services.importexport.endpoint import NAMESPACE
from botoproof.contract.services.importexport.oracle import read_pairs
from botoproof.contract.services.importexport.world import Job

from .runs import OPERATIONS, AlteredEndpoint, Run, action, judge_of, run

URL = "http://127.0.0.1/"
MAKES = Request("POST", URL, (), b"makes")
REHEARSES = Request("POST", URL, (), b"makes harmless")
ASKS = Request("POST", URL, (), b"asks")


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
        budget.made.append(Made(f"{number}"))

    assert sent == [True, True, False, False]


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
