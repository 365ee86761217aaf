"""Programs on their way: what is sent in which order and under which names, and what is left when one ends early."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.campaign.performance import Performance, Performer, Unaffordable, Withheld, judged
from botoproof.ci.campaign.targets import Withholding
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.exchange import Exchange
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.outcome import Refused
from botoproof.contract.program import Program, Step, Trace
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.life import JobLife
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.specification import default_world

from .runs import AlteredEndpoint, action, judge_of, refusal

LIFE = JobLife()
MANIFEST = base_import(default_world())
CREATE = Case("CreateJob", Call({"JobType": "Import", "Manifest": MANIFEST, "ValidateOnly": False}))
LISTING = Case("ListJobs", Call({"MaxJobs": 1}))


def make(name: str, *more: Case) -> Step:
    return Step((CREATE, *more), makes=name)


def about(operation: str, name: str, **more: object) -> Case:
    return Case(operation, Call({"JobId": reference(name), **more}))


def update(name: str, manifest: str = MANIFEST) -> Case:
    return about("UpdateJob", name, JobType="Import", Manifest=manifest, ValidateOnly=False)


LOOK = about("GetStatus", "job-1")
PROGRAM = Program((make("job-1", LOOK), Step((update("job-1"), LOOK)), Step((about("CancelJob", "job-1"),))))


def carried_out(
    judge: Judge, program: Program, *, each: Callable[[Exchange], None] = lambda _: None, max_pages: int = 60
) -> Trace:
    with Performer(judge, LIFE, max_pages).begin(program) as performance:
        performance.carry_out(each)
        return performance.trace()


def by_url(endpoint: AlteredEndpoint, **changes: object) -> Judge:
    return judge_of(endpoint, kind="url", bookmark=None, **changes)


def asked(endpoint: AlteredEndpoint) -> list[str]:
    return [action(request) for request in endpoint.asked]


def test_cases_are_sent_in_order_and_later_ones_name_what_earlier_ones_made() -> None:
    endpoint = AlteredEndpoint()
    seen: list[Exchange] = []

    trace = carried_out(judge_of(endpoint), PROGRAM, each=seen.append)

    assert asked(endpoint) == ["CreateJob", "GetStatus", "UpdateJob", "GetStatus", "CancelJob"]
    assert [taken.exchange for taken in trace.taken] == seen
    assert [(taken.step, taken.number) for taken in trace.taken] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]
    job = trace.ids["job-1"]
    assert all(f"JobId={job}".encode() in request.body for request in endpoint.asked[1:])
    assert [taken.case for taken in trace.taken][1] == LOOK  # the trace holds the program's own cases, without ids


def test_an_endpoint_that_can_be_put_back_is_as_it_was_and_names_are_forgotten() -> None:
    endpoint = AlteredEndpoint()
    judge = judge_of(endpoint)
    jobs, world = dict(endpoint.jobs), judge.world

    carried_out(judge, PROGRAM)

    assert endpoint.jobs == jobs
    assert (judge.world, judge.ids, judge.budget.made) == (world, {}, [])


def test_at_a_url_what_was_made_and_not_cancelled_is_cancelled() -> None:
    endpoint = AlteredEndpoint()

    carried_out(by_url(endpoint), Program((make("job-1"), make("job-2"), Step((about("CancelJob", "job-1"),)))))

    assert asked(endpoint) == ["CreateJob", "CreateJob", "CancelJob", "CancelJob"]
    assert set(endpoint.made.values()) == {"cancelled"}


def test_what_is_raised_ends_the_program_and_leaves_cleaning_up_to_the_end_of_the_run() -> None:
    endpoint = AlteredEndpoint()
    judge = by_url(endpoint)
    performances: list[Performance] = []

    def carry_out() -> None:
        with Performer(judge, LIFE).begin(PROGRAM) as performance:
            performances.append(performance)
            performance.carry_out(interrupt)

    def interrupt(exchange: Exchange) -> None:
        if exchange.operation.name == "GetStatus":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out()

    assert asked(endpoint) == ["CreateJob", "GetStatus"]
    assert [len(performance.taken) for performance in performances] == [2]
    assert len(judge.budget.made) == 1
    assert judge.ids == {}


def test_a_program_ends_where_what_it_works_on_was_not_made() -> None:
    endpoint = AlteredEndpoint(lambda request, right: refusal("Busy") if action(request) == "CreateJob" else right)

    trace = carried_out(judge_of(endpoint), PROGRAM)

    assert trace.unmade == "job-1"
    assert asked(endpoint) == ["CreateJob"]
    assert len(trace.taken) == 1


def test_a_refusal_of_what_makes_nothing_ends_nothing() -> None:
    program = Program((make("job-1"), Step((update("job-1", "no: manifest"), LOOK))))

    trace = carried_out(judge_of(), program)

    outcomes = [type(taken.exchange.outcome) for taken in trace.taken]
    assert outcomes[1] is Refused
    assert (len(outcomes), trace.unmade) == (3, "")


def test_a_list_is_read_page_by_page_to_its_end() -> None:
    endpoint = AlteredEndpoint()

    trace = carried_out(judge_of(endpoint), Program((make("job-1"), make("job-2"), Step((LISTING,), paged=True))))

    jobs = sum(job.account == endpoint.jobs["EXP1A"].account for job in endpoint.jobs.values())
    pages = [taken for taken in trace.taken if taken.case.operation == "ListJobs"]
    assert len(pages) == jobs + 2
    assert {(taken.step, taken.number) for taken in pages} == {(2, 0)}
    markers = [taken.case.sent.parameters.get("Marker") for taken in pages if isinstance(taken.case.sent, Call)]
    assert markers[0] is None
    assert len({*markers}) == len(markers)
    assert trace.unread == ()


def test_a_list_that_is_not_paged_is_asked_for_once() -> None:
    trace = carried_out(judge_of(), Program((make("job-1"), make("job-2"), Step((LISTING,)))))

    assert len(trace.taken) == 3


def test_a_list_that_goes_on_after_the_last_page_allowed_is_told() -> None:
    program = Program((make("job-1"), make("job-2"), make("job-3"), Step((LISTING,), paged=True)))

    trace = carried_out(judge_of(), program, max_pages=2)

    assert trace.unread == (3,)
    assert len(trace.taken) == 3 + 2


def test_what_is_sent_together_is_sent_by_as_many_threads_at_the_same_time() -> None:
    """Each waits for the other: one after the other, they would wait in vain."""
    meeting, threads = threading.Barrier(2, timeout=20), set[int]()

    def answering(request: Request, right: Reply) -> Reply:
        if action(request) == "UpdateJob":
            threads.add(threading.get_ident())
            meeting.wait()
        return right

    endpoint = AlteredEndpoint(answering)
    judge = judge_of(endpoint, transport=EmbeddedTransport(endpoint.answer))
    program = Program((make("job-1"), Step((update("job-1"), update("job-1", f"{MANIFEST}# 2")), together=True)))

    trace = carried_out(judge, program)

    assert len(threads) == 2
    assert [(taken.step, taken.number) for taken in trace.taken] == [(0, 0), (1, 0), (1, 1)]
    assert [taken.case for taken in trace.taken[1:]] == list(program.steps[1].cases)


def test_callers_are_made_once() -> None:
    performer = Performer(judge_of(), LIFE)

    first, second = performer.callers(2), performer.callers(2)

    assert first[0] is performer.judge.caller
    assert all(one is other for one, other in zip(first, second, strict=True))
    assert first[0] is not first[1]


def test_what_may_not_be_sent_ends_the_program_and_is_not_taken() -> None:
    endpoint = AlteredEndpoint()
    held = Withholding(EmbeddedTransport(endpoint.answer), SPECIFICATION.is_harmless)
    judge = by_url(endpoint, transport=held)

    with Performer(judge, LIFE).begin(PROGRAM) as performance, pytest.raises(Withheld):
        performance.carry_out(lambda _: None)

    assert performance.taken == []
    assert endpoint.asked == []


def test_what_would_make_more_than_a_run_may_ends_the_program() -> None:
    endpoint = AlteredEndpoint()
    judge = by_url(endpoint)
    judge.budget.limit = 1

    with (
        Performer(judge, LIFE).begin(Program((make("job-1"), make("job-2")))) as performance,
        pytest.raises(Unaffordable),
    ):
        performance.carry_out(lambda _: None)

    assert len(performance.taken) == 1
    assert set(endpoint.made.values()) == {"cancelled"}


def test_each_exchange_is_judged_by_itself_and_with_those_before_it() -> None:
    def wrong(request: Request, right: Reply) -> Reply:
        if action(request) != "GetStatus":
            return right
        return replace(right, status=203, body=right.body.replace(b"deviceId", b"deviceIx"))

    trace = carried_out(judge_of(AlteredEndpoint(wrong)), PROGRAM)

    told = [(program, {finding.kind.code for finding in findings}) for _, findings, program in judged(trace, LIFE)]
    assert [len(codes) > 0 for _, codes in told] == [False, True, False, True, False]
    assert "manifest-not-stored" in told[1][1]
    assert len(told[1][1]) == 2  # and the status
    assert told[1][0] == Program(PROGRAM.steps[:1])
    assert told[4][0] == PROGRAM
