"""What the random phase found, shown by smaller cases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from botoproof.ci.campaign.events import (
    CaseJudged,
    Event,
    Minimised,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
)
from botoproof.ci.campaign.plan import MINIMISE_WAITING
from botoproof.contract.case import Call
from botoproof.contract.codec.wrong_replies import with_body
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure

from .runs import (
    AlteredEndpoint,
    Clock,
    Failing,
    Run,
    is_update,
    judge_of,
    names,
    refusal,
    run,
    through,
    updates,
)


@dataclass
class Large:
    """Spoils the replies to requests with a manifest of some size."""

    size: int = 550

    def __call__(self, request: Request, reply: Reply) -> Reply:
        if reply.status == 200 and is_update(request) and len(request.body) > self.size:
            return with_body(reply, reply.body.replace(b"<Success>true", b"<Success>yes"))
        return reply


def size_of(event: CaseJudged | Minimised) -> int:
    sent = event.exchange.case.sent
    return len(str(sent.parameters["Manifest"])) if isinstance(sent, Call) else 10**6


def first_and_minimised(made: Run) -> tuple[CaseJudged, Minimised]:
    (minimised,) = made.minimised
    first = next(event for event in made.judged if minimised.finding.fingerprint in prints(event))
    return first, minimised


def prints(event: CaseJudged) -> set[str]:
    return {finding.fingerprint for finding in event.findings}


def test_a_finding_of_the_random_phase_is_shown_by_a_smaller_case_with_the_same_fingerprint() -> None:
    made = run(judge_of(AlteredEndpoint(Large())), phases=("random",), max_examples=60)
    first, minimised = first_and_minimised(made)

    assert minimised.finding.kind.code == "reply-boolean"
    assert size_of(minimised) <= size_of(first)
    (group,) = made.result.findings
    assert group.exchange is minimised.exchange
    assert group.count == sum(minimised.finding.fingerprint in prints(event) for event in made.judged)
    assert names(made.events)[-4:] == ["PhaseStarted", "Minimised", "Rechecked", "RunFinished"]


@pytest.mark.parametrize("calls", [1, 7])
def test_no_more_cases_than_planned_are_sent_to_make_one_smaller(calls: int) -> None:
    endpoint = AlteredEndpoint(Large())
    asked: list[int] = []

    def listener(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase == "minimise":
            asked.append(len(endpoint.asked))
            assert event.cases == calls
        if isinstance(event, Minimised):
            asked.append(len(endpoint.asked))

    run(judge_of(endpoint), listener=listener, phases=("random",), max_examples=60, minimise_calls=calls)

    before, after = asked
    assert after - before <= calls


def test_what_the_table_has_shown_is_not_made_smaller() -> None:
    made = run(judge_of(updates(refusal("JobNotFound"))))
    of_the_table = {found for event in made.judged if event.phase == "table" for found in prints(event)}

    assert of_the_table
    assert not of_the_table & {event.finding.fingerprint for event in made.minimised}


def test_what_waits_for_the_time_limit_is_made_smaller_with_few_cases() -> None:
    class Hanging(Failing):
        def __call__(self, request: Request) -> Interaction:
            interaction = super().__call__(request)
            if is_update(request) and len(request.body) > 700:
                return replace(interaction, reply=None, failure=TransportFailure("timeout", "what happened"))
            return interaction

    made = run(through(Hanging("timeout", after=10**6)), phases=("random",), max_examples=60, minimise_calls=100)
    started = [event for event in made.events if isinstance(event, PhaseStarted) and event.phase == "minimise"]

    assert "reply-timeout" in made.codes
    assert MINIMISE_WAITING in {event.cases for event in started}


def test_when_its_time_is_used_up_a_run_makes_nothing_smaller() -> None:
    clock = Clock()

    def listener(event: Event) -> None:
        if isinstance(event, PhaseFinished):
            clock.now += 10**6

    endpoint = AlteredEndpoint(Large())
    made = run(judge_of(endpoint), listener=listener, phases=("random",), max_examples=60, max_time=10**5, clock=clock)

    assert made.codes.keys() == {"reply-boolean"}
    assert made.minimised == []
    assert made.result.stopped == "the time for the run, 100000 s, was used up"
    assert made.result.verdict == "findings"


def test_when_its_time_is_used_up_in_the_midst_nothing_more_is_sent() -> None:
    clock, endpoint = Clock(), AlteredEndpoint(Large())
    asked: list[int] = []

    def listener(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase == "minimise":
            clock.now += 10**6
            asked.append(sum(is_update(request) for request in endpoint.asked))

    made = run(judge_of(endpoint), listener=listener, phases=("random",), max_examples=60, max_time=10**5, clock=clock)

    assert made.minimised == []
    assert asked == [sum(is_update(request) for request in endpoint.asked)]
    assert isinstance(made.events[-1], RunFinished)


def test_an_outcome_that_changes_is_made_smaller_by_asking_twice() -> None:
    seen: dict[bytes, int] = {}

    def answering(request: Request, reply: Reply) -> Reply:
        key = request.body + request.query.encode() + (request.header("x-amz-date") or "").encode()
        seen[key] = seen.get(key, 0) + 1
        return refusal("InvalidJobIdException") if is_update(request) and seen[key] % 2 == 0 else reply

    made = run(judge_of(AlteredEndpoint(answering)), phases=("random",), max_examples=30)

    assert "outcome-unstable" in made.codes
    assert "outcome-unstable" in {event.finding.kind.code for event in made.minimised}
