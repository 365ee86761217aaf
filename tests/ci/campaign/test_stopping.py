"""When a campaign ends early, with what words, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botoproof.ci.campaign.events import (
    CaseJudged,
    Event,
    LeftBehind,
    RunFinished,
    RunStopped,
)
from botoproof.ci.campaign.plan import MAX_SILENCE
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure
from botoproof.contract.outcome import RejectedBySdk

from .runs import (
    AlteredEndpoint,
    Clock,
    Failing,
    action,
    answers,
    is_update,
    judge_of,
    names,
    refusal,
    run,
    through,
)


def test_when_its_time_is_used_up_a_run_stops_and_says_so() -> None:
    endpoint = AlteredEndpoint()

    made = run(judge_of(endpoint), clock=Clock(), max_time=12.5, max_examples=10**6)

    assert made.result.stopped == "the time for the run, 12.5 s, was used up"
    assert 0 < len(made.judged) < 15
    assert made.result.verdict == "unknown"
    assert set(endpoint.made.values()) == {"cancelled"}
    assert names(made.events)[-3:] == ["PhaseFinished", "RunStopped", "RunFinished"]


def test_a_run_without_time_sends_no_case() -> None:

    made = run(judge_of(), clock=Clock(), max_time=0)

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
    fresh: list[Request] = []

    class EveryThird(Failing):
        """Answers every third request, and whatever is sent again."""

        def __call__(self, request: Request) -> Interaction:
            interaction = super().__call__(request)
            if not is_update(request) or request in fresh:
                return interaction
            fresh.append(request)
            if len(fresh) % 3 == 0:
                return interaction
            return replace(interaction, reply=None, failure=TransportFailure("timeout", "what happened"))

    made = run(through(EveryThird("timeout", after=10**6)), max_examples=30, minimise_calls=0)

    assert made.result.stopped == ""
    assert made.codes["reply-timeout"] > 10


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
    assert "state pending" in {event.what for event in made.result.unreachable}


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
    doubts = [event for event in made.events if isinstance(event, LeftBehind)]
    assert made.events[-2 - len(doubts)] == RunStopped("it was interrupted")
    assert isinstance(made.events[-1], RunFinished)
    assert made.result.verdict == "unknown"
    # The job whose making was interrupted is known to nobody but the endpoint; that there may be one is told.
    assert list(endpoint.made.values()).count("pending") == len(doubts) == (at < 2)
    why = "a request was interrupted before its reply came; it may have made something"
    assert {(event.resource_id, event.why) for event in doubts} <= {("(unknown)", why)}


def test_a_run_that_was_asked_to_end_does_so_though_the_exception_got_lost() -> None:
    asked = [False]

    def listener(event: Event) -> None:
        if isinstance(event, CaseJudged) and event.number == 3:
            asked[0] = True

    made = run(judge_of(), listener=listener, interrupted=lambda: asked[0])

    assert isinstance(made.raised, KeyboardInterrupt)
    assert len(made.judged) == 4
    assert made.result.stopped == "it was interrupted"
    assert made.result.left_behind == ()


def test_a_second_interrupt_ends_the_disposal_too_and_what_is_left_is_told() -> None:
    def answering(request: Request, reply: Reply) -> Reply:
        if action(request) != "CreateJob":
            raise KeyboardInterrupt
        return reply

    made = run(judge_of(AlteredEndpoint(answering), resources={"cancelled": "CNC1A"}))

    assert isinstance(made.raised, KeyboardInterrupt)
    assert names(made.events)[-3:] == ["RunStopped", "LeftBehind", "RunFinished"]
    assert made.result.left_behind == ((made.result.resources["pending"], "CancelJob was interrupted"),)


def test_after_an_interrupt_the_target_waits_less_for_replies() -> None:
    hurried: list[str] = []

    def answering(request: Request, reply: Reply) -> Reply:
        hurried.append(action(request))
        if action(request) == "UpdateJob":
            raise KeyboardInterrupt
        return reply

    run(judge_of(AlteredEndpoint(answering), hurry=lambda: hurried.append("hurry")))

    assert hurried[-3:] == ["UpdateJob", "hurry", "CancelJob"]


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
