"""Provider states: made through public operations, at most so many, and disposed of whatever happens."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from botoproof.ci.campaign.budget import MAX_MADE
from botoproof.ci.campaign.events import LeftBehind, NotReached, SetUpFaulty, StatePrepared
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.states import NOBODY_THERE, States, told
from botoproof.ci.campaign.targets import url_target
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.codec.wrong_replies import wrong_form
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.outcome import Broken, Outcome, Refused, RejectedBySdk, Returned
from botoproof.contract.services.importexport.world import JobState
from botoproof.contract.specification import Settings

from .runs import FEW, OPERATIONS, AlteredEndpoint, Failing, action, answers, judge_of, refusal, through

UNREACHED = "no public operation brings about an expired job, and the configuration names none"


def prepared(judge: Judge, only: tuple[str, ...] | None = None) -> Mapping[str, StatePrepared | NotReached]:
    events = without_findings(States(judge).prepare(only))
    return {event.state if isinstance(event, StatePrepared) else event.what: event for event in events}


def without_findings(events: Iterator[StatePrepared | NotReached | SetUpFaulty]) -> list[StatePrepared | NotReached]:
    return [event for event in events if not isinstance(event, SetUpFaulty)]


def left_behind(events: Iterator[LeftBehind | SetUpFaulty]) -> list[LeftBehind]:
    return [event for event in events if isinstance(event, LeftBehind)]


def test_every_state_is_brought_about_and_known_to_judge_and_oracle() -> None:
    endpoint = AlteredEndpoint()
    judge = judge_of(endpoint)

    events = list(States(judge).prepare())

    assert [event.state for event in events if isinstance(event, StatePrepared)] == [
        state.name for state in FEW.states if not state.used_up
    ]
    assert {event.state for event in events if isinstance(event, StatePrepared) and event.made} == {
        "pending",
        "cancelled",
    }
    assert judge.ids == {event.state: event.resource_id for event in events if isinstance(event, StatePrepared)}
    assert judge.world.job(judge.ids["cancelled"]).state is JobState.CANCELLED
    assert sorted(endpoint.made) == sorted([judge.ids["pending"], judge.ids["cancelled"]])
    assert endpoint.made[judge.ids["cancelled"]] == "cancelled"


def test_only_the_states_that_are_wished_are_brought_about() -> None:
    endpoint = AlteredEndpoint()

    assert list(prepared(judge_of(endpoint), ("cancelled", "foreign"))) == ["cancelled", "foreign"]
    assert len(endpoint.made) == 1


def test_what_was_made_is_disposed_of_and_what_was_cancelled_on_the_way_is_left_alone() -> None:
    endpoint = AlteredEndpoint()
    states = States(judge_of(endpoint))
    list(states.prepare())
    endpoint.asked.clear()

    left = list(states.dispose())

    assert left == []
    assert set(endpoint.made.values()) == {"cancelled"}
    assert [action(request) for request in endpoint.asked] == ["CancelJob"]


def test_what_is_disposed_of_is_not_disposed_of_again() -> None:
    endpoint = AlteredEndpoint()
    states = States(judge_of(endpoint))
    list(states.prepare(["pending"]))
    list(states.dispose())
    endpoint.asked.clear()

    assert list(states.dispose()) == []
    assert endpoint.asked == []


@pytest.mark.parametrize("state", ["pending", "cancelled"])
def test_at_most_ten_are_made_also_when_they_are_disposed_of_on_the_way(state: str) -> None:
    endpoint = AlteredEndpoint()
    states = States(judge_of(endpoint, kind="url"))

    events = [event for _ in range(MAX_MADE + 2) for event in states.prepare([state])]

    assert [isinstance(event, StatePrepared) for event in events] == [True] * 10 + [False] * 2
    assert events[-1] == NotReached(f"state {state}", "a run makes at most 10 resources", failed=True)
    assert len(endpoint.made) == 10
    assert list(states.dispose()) == []
    assert set(endpoint.made.values()) == {"cancelled"}


def test_what_configuration_names_is_used_and_not_made() -> None:
    endpoint = AlteredEndpoint()
    named = {"pending": "PND1A", "cancelled": "CNC1A", "expired": "EXP1A"}
    states = States(judge_of(endpoint, resources=named))

    events = list(states.prepare(["pending", "cancelled", "expired"]))

    assert events == [StatePrepared(state, job_id, made=False) for state, job_id in named.items()]
    assert list(states.dispose()) == []
    assert endpoint.asked == []


def test_a_state_that_nobody_can_bring_about_is_told_with_the_reason() -> None:
    events = prepared(judge_of(resources={}), ("expired",))

    assert events["state expired"] == NotReached("state expired", UNREACHED)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (refusal("Nope", message="Not today"), "CreateJob was refused with Nope: Not today"),
        (
            write_result(OPERATIONS["CreateJob"], {"JobType": "Import"}, request_id="r"),
            "CreateJob returned no id",
        ),
        (
            Reply(200, (), b"<CreateJobResponse/>"),
            "CreateJob gave a reply that boto3 cannot read (KeyError: 'CreateJobResult')",
        ),
    ],
    ids=["refused", "no id", "no wrapper"],
)
def test_a_state_that_cannot_be_made_is_told_with_what_was_answered(reply: Reply, why: str) -> None:
    judge = judge_of(AlteredEndpoint(answers("CreateJob", reply)))

    events = prepared(judge, ("pending",))

    assert events == {"state pending": NotReached("state pending", why, failed=True)}
    assert "pending" not in judge.ids


class RefusesOnce(AlteredEndpoint):
    """Does not look at the first request to cancel a job."""

    refused = False

    def answer(self, request: Request, now: datetime) -> Reply:
        if action(request) == "CancelJob" and not self.refused:
            self.refused = True
            return refusal("Nope", message="Not yet")
        return super().answer(request, now)


def test_a_resource_whose_further_step_fails_is_no_state_but_is_still_disposed_of() -> None:
    endpoint = RefusesOnce()
    states = States(judge_of(endpoint))

    assert without_findings(states.prepare(["cancelled"])) == [
        NotReached("state cancelled", "CancelJob was refused with Nope: Not yet", failed=True)
    ]
    assert list(states.dispose()) == []
    assert list(endpoint.made.values()) == ["cancelled"]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (refusal("Nope", message="Not today"), "CancelJob was refused with Nope: Not today"),
        (Reply(200, (), b"no XML"), None),
    ],
    ids=["refused", "unreadable"],
)
def test_what_cannot_be_disposed_of_is_told(reply: Reply, why: str | None) -> None:
    judge = judge_of(AlteredEndpoint(answers("CancelJob", reply)))
    states = States(judge)
    list(states.prepare(["pending"]))

    (left,) = left_behind(states.dispose())

    assert left.resource_id == judge.ids["pending"]
    unread = "CancelJob gave a reply that boto3 cannot read (ResponseParserError: "
    assert left.why == why if why else left.why.startswith(unread)


def test_everything_is_tried_though_the_first_cannot_be_disposed_of() -> None:
    endpoint = AlteredEndpoint()
    transport = Failing("timeout", ("CancelJob",), endpoint=endpoint)
    states = States(through(transport))
    for _ in range(3):
        list(states.prepare(["pending"]))

    left = left_behind(states.dispose())

    assert sorted(event.resource_id for event in left) == sorted(endpoint.made)
    assert {event.why for event in left} == {"CancelJob broke: timeout: what happened"}
    assert all(isinstance(event, LeftBehind) for event in left)


def test_an_interrupt_while_disposing_leaves_the_rest_and_tells_all_of_it() -> None:
    def answering(request: Request, reply: Reply) -> Reply:
        if action(request) == "CancelJob":
            raise KeyboardInterrupt
        return reply

    endpoint = AlteredEndpoint(answering)
    states = States(judge_of(endpoint))
    for _ in range(3):
        list(states.prepare(["pending"]))
    left: list[LeftBehind] = []

    with pytest.raises(KeyboardInterrupt):
        left.extend(event for event in states.dispose() if isinstance(event, LeftBehind))

    assert sorted(event.resource_id for event in left) == sorted(endpoint.made)
    assert {event.why for event in left} == {"CancelJob was interrupted"}


@pytest.mark.parametrize("kind", NOBODY_THERE)
def test_an_endpoint_that_does_not_answer_the_first_request_cannot_be_used(kind: str) -> None:
    with pytest.raises(
        TargetUnusable,
        match=(
            r"^the endpoint http://127\.0\.0\.1:9 gave no reply to the first request \(what happened\); "
            r"is it running, and is the address right\?$"
        ),
    ):
        list(States(through(Failing(kind))).prepare())


@pytest.mark.parametrize("kind", ["too-large", "crash", "withheld"])
def test_an_endpoint_that_answers_too_much_or_breaks_is_there(kind: str) -> None:
    events = without_findings(States(through(Failing(kind))).prepare(["pending"]))

    assert isinstance(events[0], NotReached)


def test_an_endpoint_that_fell_silent_later_was_there() -> None:
    """A refusal is a reply too, though no state came of it."""
    transport = Failing("timeout", after=1, endpoint=AlteredEndpoint(answers("CreateJob", refusal("Nope"))))

    events = without_findings(States(through(transport)).prepare(["pending", "cancelled"]))

    assert events == [
        NotReached("state pending", "CreateJob was refused with Nope: No", failed=True),
        NotReached("state cancelled", "CreateJob broke: timeout: what happened", failed=True),
    ]


def test_nobody_at_an_address_is_told_with_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    world = FEW.world(Settings((EXAMPLE_KEY,), {"buckets": {"b": {}}}))
    target = url_target(FEW, world, EXAMPLE_KEY, url)

    with pytest.raises(TargetUnusable, match=rf"^the endpoint {re.escape(url)} gave no reply .*is it running"):
        list(States(open_judge(FEW, target)).prepare())
    target.close()


def test_replies_of_wrong_form_do_not_keep_states_from_being_made() -> None:
    def answering(_: Any, reply: Reply) -> Reply:
        return wrong_form("namespace.other").alter(reply)

    assert isinstance(prepared(judge_of(AlteredEndpoint(answering)), ("pending",))["pending"], StatePrepared)


REFUSED = Refused("Nope", "Not today", "Sender", 400, "ClientError", None)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Returned({}, 200, None), "succeeded"),
        (REFUSED, "was refused with Nope: Not today"),
        (replace(REFUSED, code=None, message=None), "was refused with None: None"),
        (RejectedBySdk(("one", "two")), "was rejected by the SDK: one; two"),
        (Broken("timeout", "too slow"), "broke: timeout: too slow"),
        (
            Broken("withheld", "x"),
            "was withheld: it changes something, and writes to this host need --allow-writes",
        ),
    ],
)
def test_an_outcome_ends_a_sentence(outcome: Outcome, words: str) -> None:
    assert told(outcome) == words
