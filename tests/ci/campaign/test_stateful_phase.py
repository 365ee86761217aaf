"""The phase of programs: what it sends, finds, makes smaller and leaves behind, on an embedded endpoint and at URLs."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

import pytest
from botoproof.ci.campaign.budget import MAX_MADE
from botoproof.ci.campaign.events import CaseWithheld, NotReached, PhaseFinished, RunStopped
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.campaign.performance import Performer
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.campaign.targets import Withholding
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.expectation import Violation
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.program import Program
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.world import JobState

from .runs import AlteredEndpoint, Clock, Failing, Run, action, judge_of, refusal, run

PHASE = ("stateful",)


class Careless(AlteredEndpoint):
    """An endpoint that stores the manifest of a refused update of a pending job."""

    def refusal(self, facts: Facts, broken: Violation, request_id: str) -> Reply:
        if facts.operation.name == "UpdateJob" and facts.job is not None and facts.job_state is JobState.PENDING:
            self.jobs[facts.job.job_id] = replace(facts.job, manifest=facts.text("Manifest") or "")
        return super().refusal(facts, broken, request_id)


def programs(judge: Judge, count: int = 3, **plan: object) -> Run:
    return run(judge, phases=PHASE, max_programs=count, **{"max_steps": 6, "seed": 7, **plan})  # type: ignore[arg-type]


def by_url(endpoint: AlteredEndpoint, *, limit: int = MAX_MADE) -> Judge:
    """Return a judge that takes `endpoint` for one at a URL: nobody can put it back."""
    judge = judge_of(endpoint, kind="url", bookmark=None)
    judge.budget.limit = limit
    return judge


@pytest.fixture(scope="module")
def careless() -> tuple[Run, Careless]:
    """A run that finds something, and the endpoint that it found it in."""
    endpoint = Careless()
    return programs(judge_of(endpoint)), endpoint


def minimised(made: Run) -> Program:
    [event] = made.minimised
    assert event.program is not None
    return event.program


def sent(program: Program) -> list[list[str]]:
    """Return the operations of each step."""
    return [[case.operation for case in step.cases] for step in program.steps]


def why_not_reached(made: Run) -> list[tuple[str, str]]:
    return [(event.what, event.why) for event in made.events if isinstance(event, NotReached)]


# On an embedded endpoint


def test_a_right_endpoint_is_clean_and_stands_as_it_stood() -> None:
    endpoint = AlteredEndpoint()
    made = programs(judge_of(endpoint))

    assert (made.result.verdict, made.result.programs, made.result.findings) == ("clean", 3, ())
    assert len(made.judged) == made.result.phases["stateful"][0] > 3 * 6
    assert set(endpoint.made.values()) == {"cancelled"}
    assert len(endpoint.made) == 2  # the two states of the run itself
    assert [event.programs for event in made.events if isinstance(event, PhaseFinished)] == [3]


def test_each_case_is_told_with_the_program_up_to_it() -> None:
    for event in programs(judge_of(), 3).judged:
        assert event.program is not None
        last = event.program.steps[-1]
        assert event.exchange.case.operation in {case.operation for case in last.cases}
        assert event.phase == "stateful"


@pytest.mark.parametrize(
    ("operations", "carried_out"),
    [(("GetStatus", "ListJobs"), False), (("UpdateJob",), True), (("GetStatus", "CancelJob"), True)],
)
def test_the_phase_is_there_when_a_subject_changes_something(operations: tuple[str, ...], carried_out: bool) -> None:
    made = programs(judge_of(), 1, operations=operations)

    assert ("stateful" in made.result.phases) is carried_out


def test_a_run_without_programs_has_no_such_phase() -> None:
    assert programs(judge_of(), 0).result.phases == {}


def test_a_finding_does_not_stop_the_phase_and_is_made_smaller_to_what_it_takes(
    careless: tuple[Run, Careless],
) -> None:
    made, endpoint = careless

    assert made.codes.keys() == {"refused-left-trace"}
    assert made.result.programs == 3
    assert sent(minimised(made)) == [["CreateJob"], ["UpdateJob", "GetStatus"]]
    [group] = made.result.findings
    assert group.program == minimised(made)
    assert len(endpoint.made) == 2


def test_the_same_seed_gives_the_same_programs_and_the_same_smallest_one(careless: tuple[Run, Careless]) -> None:
    one, other = careless[0], programs(judge_of(Careless()))

    assert [event.program for event in one.judged] == [event.program for event in other.judged]
    assert minimised(one) == minimised(other)
    other_seed = programs(judge_of(), seed=4)
    assert [event.program for event in one.judged] != [event.program for event in other_seed.judged]


def test_shards_carry_out_every_program_once() -> None:
    def numbers(shard: Shard) -> list[int]:
        return sorted({event.number for event in programs(judge_of(), 3, shard=shard).judged})

    assert [numbers(Shard(number, 2)) for number in (1, 2)] == [[0, 2], [1]]
    whole = [event.program for event in programs(judge_of(), 3).judged if event.number == 1]
    part = [event.program for event in programs(judge_of(), 3, shard=Shard(2, 2)).judged]
    assert whole == part


def test_a_program_whose_job_could_not_be_made_leaves_the_verdict_unknown() -> None:
    asked: list[Request] = []

    def busy(request: Request, right: Reply) -> Reply:
        asked.append(request)
        makes = action(request) == "CreateJob" and b"ValidateOnly=false" in request.body
        return refusal("Throttling") if makes and len(asked) > 10 else right

    made = programs(judge_of(AlteredEndpoint(busy)), 4)

    assert made.result.verdict == "unknown"
    assert made.result.lacking == ("phase stateful",)
    [(_, why)] = why_not_reached(made)
    assert why.endswith("of 4 programs ended early, as what they were to work on could not be made")


def test_a_list_that_never_ends_is_given_up_and_told() -> None:
    hasty = functools.partial(Performer, max_pages=1)
    with mock.patch("botoproof.ci.campaign.stateful_phase.Performer", hasty):
        made = programs(judge_of(), 6)

    [(what, why)] = why_not_reached(made)
    assert what == "phase stateful"
    assert "lists were not read to their end, after 1 pages" in why
    assert made.result.verdict == "clean"


# At a URL


def test_at_a_url_a_run_makes_ten_jobs_at_most_cancels_them_all_and_says_where_it_ended() -> None:
    endpoint = AlteredEndpoint()
    made = programs(by_url(endpoint), 50)

    assert 0 < made.result.programs < 10
    assert 5 < len(endpoint.made) <= MAX_MADE
    assert set(endpoint.made.values()) == {"cancelled"}
    assert made.result.left_behind == ()
    [(what, why)] = why_not_reached(made)
    done = f"after {made.result.programs} of 50 programs"
    assert what == "phase stateful"
    assert why == f"a run makes at most 10 resources, and {done} too few were left; --max-jobs allows more"
    assert made.result.verdict == "clean"


def test_more_jobs_allow_more_programs() -> None:
    few, more = (programs(by_url(AlteredEndpoint(), limit=limit), 6).result.programs for limit in (5, 12))

    assert few < more


def test_after_a_finding_half_of_the_jobs_are_kept_and_make_the_program_smaller() -> None:
    endpoint = Careless()
    made = programs(by_url(endpoint), 50)

    assert made.codes.keys() == {"refused-left-trace"}
    assert sent(minimised(made)) == [["CreateJob"], ["UpdateJob", "GetStatus"]]
    assert len(endpoint.made) <= MAX_MADE
    assert set(endpoint.made.values()) == {"cancelled"}


def test_what_the_account_made_before_counts_for_the_quota_of_the_day() -> None:
    """Otherwise the refusal of the fiftieth job would look like a defect."""
    endpoint = AlteredEndpoint()
    old = replace(endpoint.jobs["PND1A"], created=datetime.now(UTC))
    for number in range(6, 51):
        job_id = f"PRE{number:02}".replace("0", "Z")
        endpoint.jobs[job_id] = replace(old, job_id=job_id)

    made = programs(by_url(endpoint, limit=12), 12)

    assert [str(group.finding) for group in made.result.findings] == []
    assert made.result.lacking == ("phase stateful",)


def test_writes_that_are_not_allowed_are_told_once_and_nothing_is_made() -> None:
    endpoint = AlteredEndpoint()
    held = Withholding(EmbeddedTransport(endpoint.answer), SPECIFICATION.is_harmless)
    made = programs(judge_of(endpoint, transport=held, bookmark=None, kind="url"), 50)

    assert made.of(CaseWithheld) == [CaseWithheld("stateful", "programs that make and change resources")]
    assert endpoint.made == {}
    assert made.result.phases["stateful"][0] == 0


@pytest.mark.parametrize("at", [30, 60])
def test_an_interrupt_in_a_program_ends_the_run_and_nothing_is_left_behind(at: int) -> None:
    asked: list[str] = []

    def interrupting(request: Request, right: Reply) -> Reply:
        asked.append(action(request))
        if len(asked) == at:
            raise KeyboardInterrupt
        return right

    endpoint = AlteredEndpoint(interrupting)
    made = programs(by_url(endpoint), 50)

    assert isinstance(made.raised, KeyboardInterrupt)
    assert made.of(RunStopped) == [RunStopped("it was interrupted")]
    assert set(endpoint.made.values()) == {"cancelled"}
    assert len(made.judged) > 10
    assert set(asked[at:]) <= {"CancelJob"}


def test_time_that_is_used_up_ends_a_program() -> None:
    clock = Clock()
    made = programs(judge_of(), 50, max_time=40.0, clock=clock)

    assert made.of(RunStopped) == [RunStopped("the time for the run, 40 s, was used up")]
    assert 0 < len(made.judged) < 60
    assert made.result.verdict == "unknown"


def test_an_endpoint_that_falls_silent_in_a_program_ends_the_run() -> None:
    made = programs(judge_of(transport=Failing("connect", after=40), bookmark=None), 50)

    [why] = [event.why for event in made.events if isinstance(event, RunStopped)]
    assert "3 cases in a row got no reply" in why
    assert made.codes["connection-refused"] >= 3


def test_a_finding_in_a_single_reply_is_found_in_programs_too() -> None:
    def wrong(request: Request, right: Reply) -> Reply:
        return replace(right, status=201) if action(request) == "ListJobs" else right

    made = programs(judge_of(AlteredEndpoint(wrong)), 2)

    assert made.result.verdict == "findings"
    assert sent(minimised(made)) == [["ListJobs"]]
