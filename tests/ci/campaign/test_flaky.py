"""Each finding's case is sent once more at the end; one that does not show it again is flaky, and does not count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.ci.campaign import flaky
from botoproof.ci.campaign.events import Event, Rechecked
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import Status
from botoproof.ci.campaign.running import Running
from botoproof.ci.campaign.states import States
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.manifests import base_fields, write_manifest
from botoproof.contract.services.importexport.specification import default_world

from .runs import OPERATIONS, AlteredEndpoint, Failing, Run, is_update, judge_of, refusal, run, through

BAD = refusal("NoSuchThing")


class WhenAsked:
    """Answers the n-th request that is no preparation wrongly, where `wrongly` says so."""

    def __init__(self, wrongly: Callable[[int], bool]) -> None:
        self.count = -1
        self.wrongly = wrongly

    def __call__(self, request: Request, right: Reply) -> Reply:
        if not is_update(request):
            return right
        self.count += 1
        return BAD if self.wrongly(self.count) else right


def table(wrongly: Callable[[int], bool]) -> Run:
    return run(judge_of(AlteredEndpoint(WhenAsked(wrongly))), phases=("table",))


def statuses(made: Run) -> dict[str, Status]:
    return {group.finding.kind.code: group.status for group in made.result.findings}


def test_a_finding_that_its_case_shows_again_is_new() -> None:
    made = table(lambda _: True)

    assert set(statuses(made).values()) == {Status.NEW}
    assert {group.seen_again for group in made.result.findings} == {True}
    assert made.result.verdict == "findings"


def test_a_finding_that_its_case_does_not_show_again_is_flaky_and_does_not_count() -> None:
    made = table(lambda number: number in (0, 1))  # each probe is sent twice

    assert len(made.result.findings) >= 1
    for group in made.result.findings:
        assert (group.status, group.seen_again) == (Status.FLAKY, False)
        assert group.reason == "its case, sent again, did not show it"
    assert made.result.verdict == "known"


def test_one_that_counts_beside_a_flaky_one_still_counts() -> None:
    """The first probe fails by chance, and all others stay wrong in another way."""
    once = WhenAsked(lambda number: number in (0, 1))

    def answer(request: Request, right: Reply) -> Reply:
        reply = once(request, right)
        return reply if reply is BAD or not is_update(request) or right.status == 200 else refusal("NeverHeardOf")

    made = run(judge_of(AlteredEndpoint(answer)), phases=("table",))

    flaky_ones = [group for group in made.result.findings if group.status is Status.FLAKY]
    assert 0 < len(flaky_ones) < len(made.result.findings)
    assert made.result.verdict == "findings"
    assert list(made.result.findings[-len(flaky_ones) :]) == flaky_ones


def test_an_unstable_outcome_stays_what_it_is() -> None:
    """It says already that chance is at work; sending its case again would prove nothing."""
    made = table(lambda number: number == 1)

    assert statuses(made) == {"outcome-unstable": Status.NEW}
    assert [group.seen_again for group in made.result.findings] == [None]


def test_not_more_cases_are_sent_again_than_a_run_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flaky, "MAX_RECHECKED", 1)

    def answer(request: Request, right: Reply) -> Reply:
        return refusal(f"Undocumented{'EF'[len(request.body) % 2]}") if is_update(request) else right

    made = run(judge_of(AlteredEndpoint(answer)), phases=("table",))

    assert len(made.result.findings) >= 2
    assert len(made.of(Rechecked)) == 1
    assert {group.status for group in made.result.findings} == {Status.NEW}


def test_where_nobody_answers_any_more_nothing_is_called_flaky() -> None:
    endpoint = AlteredEndpoint(lambda request, right: BAD if is_update(request) else right)
    # Preparation, and each of the few probes twice; then nobody is there.
    asked = run(judge_of(endpoint), phases=("table",)).judged
    alive = Failing("connect", after=10**6, endpoint=AlteredEndpoint(endpoint.answering))
    run(through(alive), phases=("table",))
    total = alive.sent

    silent = Failing("connect", after=total - 3, endpoint=AlteredEndpoint(endpoint.answering))
    made = run(through(silent), phases=("table",))

    assert len(asked) > 1
    assert Status.FLAKY not in statuses(made).values()


def running(judge: Judge, *cases: Case, late: bool = False) -> tuple[Running, list[Rechecked]]:
    """Return a run in which cases have shown findings, and what is told about them from now on."""
    told: list[Rechecked] = []

    def emit(event: Event) -> None:
        if isinstance(event, Rechecked):
            told.append(event)

    deadline = 0.0 if late else None
    plan = Plan("importexport", tuple(OPERATIONS))
    made = Running(plan, judge, States(judge), emit, deadline=None, clock=lambda: 1.0)
    for number, case in enumerate(cases):
        made.one("table", number, case, repeat=False)
    made.deadline = deadline
    return made, told


def made_wrongly(request: Request, right: Reply) -> Reply:
    """Make a job, and say so in a namespace of one's own."""
    return replace(right, body=right.body.replace(b"<RequestId>", b"<RequestId/><X>").replace(b"</RequestId>", b"</X>"))


CREATE = Call({"JobType": "Import", "Manifest": write_manifest(base_fields(default_world(), "import"))})


def test_what_has_no_time_is_left_open() -> None:
    unknown = Case("UpdateJob", Call({"JobId": "ZZZZZ", "JobType": "Import", "Manifest": "", "ValidateOnly": True}))
    late, told_late = running(judge_of(AlteredEndpoint(made_wrongly)), unknown, late=True)
    early, told_early = running(judge_of(AlteredEndpoint(made_wrongly)), unknown)

    flaky.recheck(late)
    flaky.recheck(early)

    assert told_late == []
    assert told_early


def test_a_case_that_is_part_of_a_program_is_not_sent_on_its_own() -> None:
    """What came before it is gone; that it does not show its finding alone says nothing."""
    unknown = Case("UpdateJob", Call({"JobId": "ZZZZZ", "JobType": "Import", "Manifest": "", "ValidateOnly": True}))
    run_so_far, told = running(judge_of(AlteredEndpoint(made_wrongly)), unknown)
    run_so_far.shown = {name: replace(one, phase="stateful") for name, one in run_so_far.shown.items()}

    flaky.recheck(run_so_far)

    assert run_so_far.shown
    assert told == []


@pytest.mark.parametrize(("limit", "times"), [(1, 1), (0, 0)])
def test_a_case_that_might_make_more_than_the_run_may_is_left_open(limit: int, times: int) -> None:
    judge = judge_of(AlteredEndpoint(lambda request, right: BAD))
    create = Case("CreateJob", Call({**CREATE.parameters, "ValidateOnly": False}))
    run_so_far, told = running(judge, create)
    judge.budget.limit = limit

    flaky.recheck(run_so_far)

    assert run_so_far.shown
    assert [event.shows for event in told] == [True] * times * len(run_so_far.shown)


@pytest.mark.parametrize(("rehearsal", "jobs"), [(True, 0), (False, 1)])
def test_a_case_that_made_something_is_not_sent_again(rehearsal: bool, jobs: int) -> None:
    """A wrong reply to CreateJob would otherwise cost a job for each finding in it."""
    endpoint = AlteredEndpoint(made_wrongly)
    run_so_far, told = running(
        judge_of(endpoint), Case("CreateJob", Call({**CREATE.parameters, "ValidateOnly": rehearsal}))
    )
    assert run_so_far.shown

    flaky.recheck(run_so_far)

    assert len(endpoint.made) == jobs
    assert bool(told) is rehearsal


def test_a_finding_in_a_request_that_deserves_something_else_by_now_is_left_open() -> None:
    """The first call has cancelled the job: that the second is refused says nothing of the first's reply."""
    judge = judge_of(
        AlteredEndpoint(lambda request, right: made_wrongly(request, right) if right.status == 200 else right)
    )
    for _ in States(judge).prepare():
        continue
    run_so_far, told = running(judge, Case("CancelJob", Call({"JobId": reference("pending")})))
    assert run_so_far.shown

    flaky.recheck(run_so_far)

    assert told == []
