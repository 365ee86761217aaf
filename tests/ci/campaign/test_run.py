"""A campaign: what it tells and in which order, when it stops, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from botoproof.ci.campaign import run as running
from botoproof.ci.campaign.events import (
    CaseJudged,
    CaseWithheld,
    Event,
    LeftBehind,
    Minimised,
    NotReached,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    RunStopped,
    StatePrepared,
)
from botoproof.ci.campaign.plan import MAX_SILENCE, MINIMISE_WAITING
from botoproof.ci.campaign.targets import Withholding
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.case import Call
from botoproof.contract.codec.wrong_replies import with_body
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure
from botoproof.contract.outcome import RejectedBySdk

from .runs import FEW, AlteredEndpoint, Failing, Run, action, answers, judge_of, refusal, run, through


def names(events: list[Event]) -> list[str]:
    """Return the types of events in order, runs of the same type once."""
    told: list[str] = []
    for event in events:
        if not told or told[-1] != type(event).__name__:
            told.append(type(event).__name__)
    return told


def is_update(request: Request) -> bool:
    return action(request) not in ("CreateJob", "CancelJob")


def updates(reply: Reply) -> AlteredEndpoint:
    """Return an endpoint that answers everything but the making of jobs with `reply`."""
    return AlteredEndpoint(lambda request, right: reply if is_update(request) else right)


def test_a_run_tells_everything_in_order() -> None:
    events = run(judge_of()).events

    assert names(events) == [
        "RunStarted",
        "StatePrepared",
        "PhaseStarted",
        "CaseJudged",
        "PhaseFinished",
        "PhaseStarted",
        "CaseJudged",
        "PhaseFinished",
        "RunFinished",
    ]
    assert [event.phase for event in events if isinstance(event, PhaseStarted)] == ["table", "random"]
    assert [event.number for event in events if isinstance(event, CaseJudged)] == [*range(5), *range(20)]


def test_a_run_begins_with_what_it_is_about() -> None:
    judge = judge_of()
    codes = tuple(error.code for error in judge.operations["UpdateJob"].errors)

    assert run(judge, phases=("table",)).events[0] == RunStarted(
        "importexport", ("UpdateJob",), "embedded", "", 1, {"UpdateJob": codes}
    )
    assert len(codes) == 18


def test_the_url_of_an_endpoint_is_told_and_the_embedded_one_has_none() -> None:
    (started,) = run(through(Failing("timeout", after=10**6)), phases=("table",)).of(RunStarted)

    assert isinstance(started, RunStarted)
    assert (started.target, started.endpoint) == ("url", "http://127.0.0.1:9")


def test_phases_finish_with_the_number_of_cases_that_were_sent() -> None:
    result = run(judge_of(), max_examples=12).result

    assert {phase: cases for phase, (cases, _) in result.phases.items()} == {"table": 5, "random": 12}


def test_only_the_phases_that_are_planned_are_carried_out() -> None:
    assert run(judge_of(), phases=("table",)).result.phases.keys() == {"table"}
    assert run(judge_of(), phases=("random",)).result.phases.keys() == {"random"}
    assert run(judge_of(), max_examples=0).result.phases.keys() == {"table"}


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    def cases(seed: int) -> list[str]:
        judged = run(judge_of(), seed=seed, phases=("random",)).judged
        return [repr(event.exchange.case) for event in judged]

    assert cases(5) == cases(5)
    assert cases(5) != cases(6)


def test_probes_are_sent_twice_and_one_in_ten_random_cases() -> None:
    judged = run(judge_of(), max_examples=21).judged
    repeated = {event.number for event in judged if event.phase == "random" and event.exchange.repeated is not None}

    assert all(event.exchange.repeated is not None for event in judged if event.phase == "table")
    assert repeated <= {0, 10, 20}


def test_an_endpoint_that_is_right_is_clean_and_everything_is_disposed_of() -> None:
    endpoint = AlteredEndpoint()

    made = run(judge_of(endpoint))

    assert (made.result.verdict, made.codes, made.raised) == ("clean", {}, None)
    assert set(endpoint.made.values()) == {"cancelled"}
    assert len(endpoint.made) == 2


def test_findings_do_not_stop_a_run() -> None:
    made = run(judge_of(updates(refusal("JobNotFound"))))

    assert made.result.verdict == "findings"
    assert made.codes["error-undocumented"] > 10
    assert made.result.stopped == ""
    assert len(made.judged) == 25


@pytest.mark.parametrize(("line", "verdict"), [(Evidence.DOCUMENTED, "clean"), (Evidence.OBSERVED, "findings")])
def test_what_is_founded_too_weakly_is_a_note_and_leaves_a_run_clean(line: Evidence, verdict: str) -> None:
    """That a success says true was only observed."""

    def answering(request: Request, reply: Reply) -> Reply:
        return with_body(reply, reply.body.replace(b"<Success>true", b"<Success>false"))

    made = run(judge_of(AlteredEndpoint(answering)), phases=("table",), evidence=line)

    assert made.codes == {"reply-promise": 1}
    assert made.result.verdict == verdict


def test_what_the_target_cannot_have_is_told_and_its_probes_are_not_sent() -> None:
    made = run(judge_of(resources={}), phases=("table",))

    unreached = [(event.what, event.why) for event in made.events if isinstance(event, NotReached)]
    assert ("job.complete", "it needs the state complete, which this target does not have") in unreached
    assert "job.complete" not in {event.probe for event in made.judged}
    assert made.result.verdict == "clean"


def test_to_a_host_where_writes_are_withheld_only_rehearsals_go_and_the_rest_is_counted() -> None:
    endpoint = AlteredEndpoint()
    transport = Withholding(EmbeddedTransport(endpoint.answer), FEW.is_harmless)

    made = run(judge_of(endpoint, transport=transport), max_examples=60)

    assert endpoint.asked
    assert all(FEW.is_harmless(request) for request in endpoint.asked)
    assert endpoint.made == {}
    assert made.result.withheld == len(made.of(CaseWithheld)) > 0
    assert made.result.withheld + len([event for event in made.judged if event.phase == "random"]) > 60
    assert sum(cases for cases, _ in made.result.phases.values()) == len(made.judged)


class Clock:
    """Time of which each look takes a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now


def test_when_its_time_is_used_up_a_run_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "time", Clock())
    endpoint = AlteredEndpoint()

    made = run(judge_of(endpoint), max_time=12.5, max_examples=10**6)

    assert made.result.stopped == "the time for the run, 12.5 s, was used up"
    assert 0 < len(made.judged) < 15
    assert made.result.verdict == "unknown"
    assert set(endpoint.made.values()) == {"cancelled"}
    assert names(made.events)[-3:] == ["PhaseFinished", "RunStopped", "RunFinished"]


def test_a_run_without_time_sends_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "time", Clock())

    made = run(judge_of(), max_time=0)

    assert made.judged == []
    assert made.result.stopped == "the time for the run, 0 s, was used up"


@pytest.mark.parametrize("kind", ["timeout", "connect", "closed", "not-http"])
@pytest.mark.parametrize("phase", ["table", "random"])
def test_three_cases_in_a_row_without_a_reply_end_the_run(kind: str, phase: str) -> None:
    made = run(through(Failing(kind, ("UpdateJob",))), phases=(phase,), max_examples=200)

    assert made.result.stopped == "3 cases in a row got no reply; the last time what happened"
    assert sum(event.exchange.interaction is not None for event in made.judged[-3:]) <= MAX_SILENCE
    assert len(made.judged) < 30
    assert made.result.verdict == "findings"


def test_what_the_sdk_rejects_in_between_does_not_count_as_a_reply() -> None:
    made = run(through(Failing("timeout", ("UpdateJob",))), phases=("random",), max_examples=200)
    sent = [event for event in made.judged if not isinstance(event.exchange.outcome, RejectedBySdk)]
    answered = [event.exchange.interaction and event.exchange.interaction.reply for event in sent]

    assert made.result.stopped
    assert answered[-3:] == [None, None, None]
    assert all(answered[at : at + 3] != [None] * 3 for at in range(len(answered) - 3))


def test_a_reply_in_between_begins_the_count_anew() -> None:
    class Alternating(Failing):
        def __call__(self, request: Request) -> Interaction:
            interaction = super().__call__(request)
            if self.sent % 3 or not is_update(request):
                return interaction
            return replace(interaction, reply=None, failure=TransportFailure("timeout", "what happened"))

    made = run(through(Alternating("timeout", after=10**6)), max_examples=30)

    assert made.result.stopped == ""
    assert made.codes["reply-timeout"] > 1


@pytest.mark.parametrize("kind", ["too-large", "crash"])
def test_an_endpoint_that_answers_too_much_or_breaks_each_time_does_not_end_the_run(kind: str) -> None:
    made = run(through(Failing(kind, ("UpdateJob", ""))), max_examples=20)

    assert made.result.stopped == ""
    assert len(made.judged) == 25
    assert made.result.verdict == "findings"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(200, (("Content-Type", "text/html"),), b"<html><body>Welcome</body></html>"), "reply-root"),
        (Reply(502, (("Content-Type", "text/html"),), b"<html>Bad Gateway</html>"), "server-error"),
        (Reply(200, (), b"x" * 5_000_000), "reply-body-too-large"),
        (Reply(200, (), b""), "reply-body-empty"),
    ],
    ids=["html", "gateway", "megabytes", "empty"],
)
def test_an_endpoint_that_answers_something_else_altogether_is_told_by_findings(reply: Reply, code: str) -> None:
    made = run(judge_of(AlteredEndpoint(lambda request, right: reply)), max_examples=5)

    assert code in made.codes
    assert made.result.stopped == ""
    assert len(made.judged) == 5 + len(made.result.operations["importexport.UpdateJob"].probes)
    assert "state pending" in {what for what, _ in made.result.unreachable}


def test_an_endpoint_that_is_not_there_ends_the_run_with_the_reason_in_the_events_too() -> None:
    made = run(through(Failing("connect")))

    assert isinstance(made.raised, TargetUnusable)
    assert made.result.stopped == str(made.raised)
    assert names(made.events) == ["RunStarted", "RunStopped", "RunFinished"]
    assert made.result.verdict == "unknown"


def interrupting(error: BaseException, at: int) -> Iterator[None]:
    for _ in range(at):
        yield None
    raise error


@pytest.mark.parametrize("at", [0, 1, 3, 12, 20])
def test_an_interrupt_ends_the_run_at_once_and_what_was_made_is_disposed_of(at: int) -> None:
    """Wherever it strikes: while states are made, in the table, among the random cases."""
    strikes = interrupting(KeyboardInterrupt(), at)

    def answering(request: Request, reply: Reply) -> Reply:
        if action(request) != "CancelJob":
            next(strikes, None)
        return reply

    endpoint = AlteredEndpoint(answering)
    made = run(judge_of(endpoint), max_examples=10**6)

    assert isinstance(made.raised, KeyboardInterrupt)
    assert made.events[-2] == RunStopped("it was interrupted")
    assert isinstance(made.events[-1], RunFinished)
    assert made.result.verdict == "unknown"
    # The job whose making was interrupted is known to nobody but the endpoint.
    assert list(endpoint.made.values()).count("pending") <= (at < 2)


def test_the_cases_before_an_interrupt_are_in_the_result() -> None:
    def listener(event: Event) -> None:
        if isinstance(event, CaseJudged) and event.phase == "random" and event.number == 7:
            raise KeyboardInterrupt

    made = run(judge_of(), listener=listener, max_examples=10**6)

    assert {phase: cases for phase, (cases, _) in made.result.phases.items()} == {"table": 5, "random": 8}
    assert made.events[-2] == RunStopped("it was interrupted")


def test_a_mistake_of_ours_in_the_midst_is_raised_and_the_events_say_that_the_run_is_not_whole() -> None:
    def listener(event: Event) -> None:
        if isinstance(event, CaseJudged) and event.number == 3:
            raise ZeroDivisionError("mine")

    endpoint = AlteredEndpoint()
    for phase in ("table", "random"):
        made = run(judge_of(endpoint), listener=listener, phases=(phase,))

        assert isinstance(made.raised, ZeroDivisionError)
        assert made.events[-2] == RunStopped("it failed: ZeroDivisionError: mine")
        assert len(made.judged) == 4
        assert made.result.verdict == "unknown"
        assert set(endpoint.made.values()) == {"cancelled"}


def test_what_could_not_be_disposed_of_is_told_before_the_end() -> None:
    made = run(judge_of(AlteredEndpoint(answers("CancelJob", refusal("Nope")))), phases=("table",))

    assert names(made.events)[-2:] == ["LeftBehind", "RunFinished"]
    assert len(made.of(LeftBehind)) == 2
    assert {why for _, why in made.result.left_behind} == {"CancelJob was refused with Nope: No"}


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
    assert names(made.events)[-3:] == ["PhaseStarted", "Minimised", "RunFinished"]


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


def test_when_its_time_is_used_up_a_run_makes_nothing_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(running, "time", clock)

    def listener(event: Event) -> None:
        if isinstance(event, PhaseFinished):
            clock.now += 10**6

    endpoint = AlteredEndpoint(Large())
    made = run(judge_of(endpoint), listener=listener, phases=("random",), max_examples=60, max_time=10**5)

    assert made.codes.keys() == {"reply-boolean"}
    assert made.minimised == []
    assert made.result.stopped == "the time for the run, 100000 s, was used up"
    assert made.result.verdict == "findings"


def test_an_outcome_that_changes_is_made_smaller_by_asking_twice() -> None:
    seen: dict[bytes, int] = {}

    def answering(request: Request, reply: Reply) -> Reply:
        key = request.body + request.query.encode() + (request.header("x-amz-date") or "").encode()
        seen[key] = seen.get(key, 0) + 1
        return refusal("InvalidJobIdException") if is_update(request) and seen[key] % 2 == 0 else reply

    made = run(judge_of(AlteredEndpoint(answering)), phases=("random",), max_examples=30)

    assert "outcome-unstable" in made.codes
    assert "outcome-unstable" in {event.finding.kind.code for event in made.minimised}


def test_documented_errors_that_the_table_provoked_are_counted_with_their_probes() -> None:
    result = run(judge_of(), phases=("table",)).result
    errors = result.operations["importexport.UpdateJob"].errors

    assert errors["CanceledJobIdException"].probes == ("job.cancelled",)
    assert errors["UnableToUpdateJobIdException"].probes == ("job.complete",)
    assert errors["InvalidJobIdException"].provoked == 1
    assert errors["NoSuchBucketException"].provoked == 0
    assert set(result.resources) == {"pending", "cancelled", "expired", "in-progress", "complete", "foreign"}


def test_the_clock_of_the_oracle_is_the_time_at_which_a_request_was_sent() -> None:
    times: list[datetime] = []

    class Listening(AlteredEndpoint):
        def answer(self, request: Request, now: datetime) -> Reply:
            times.append(now)
            return super().answer(request, now)

    made = run(judge_of(Listening()), phases=("table",))

    sent = [event.exchange.interaction.sent_at for event in made.judged if event.exchange.interaction]
    assert set(sent) <= set(times)


def test_states_are_prepared_before_anything_is_judged() -> None:
    events = run(judge_of(), phases=("table",)).events
    kinds = [type(event) for event in events]

    assert kinds.index(CaseJudged) > max(at for at, kind in enumerate(kinds) if kind is StatePrepared)
