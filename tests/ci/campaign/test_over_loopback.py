"""Whole tables over a socket: our endpoint behind a URL, somebody else's with a world of its own, and none at all."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.targets import Target, embedded_target, url_target
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.outcome import outcome_kind
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world
from botoproof.contract.services.importexport.states import jobs_in_every_state
from botoproof.contract.services.importexport.world import JobState, World
from botoproof.contract.specification import Settings

from .runs import OPERATIONS, Run, run

THEIR_KEY = Credential("AKIATHEIRS0000000000", "their secret, of more than sixteen characters")
# What they hold, and what they tell of it: the tables [world.buckets] and [world.jobs] of the configuration.
THEIR_TABLE = {
    "era": "2010-06-03",
    "buckets": {
        "their-import": {"region": "us-east-1"},
        "their-logs": {"region": "us-east-1"},
        "their-export": {"region": "eu-west-1"},
        "their-secret": {"region": "us-east-1", "access": "denied"},
    },
}
KEEPERS = ("expired", "in-progress", "complete", "foreign")


@contextlib.contextmanager
def serving(endpoint: Endpoint) -> Iterator[str]:
    """Serve an endpoint on loopback; gives the URL."""
    with Server(endpoint.answer) as server:
        yield server.url


def table_of(target: Target) -> Run:
    try:
        return run(open_judge(SPECIFICATION, target), phases=("table",))
    finally:
        target.close()


def told(made: Run) -> list[str]:
    return [str(group.finding) for group in made.result.findings]


def world_of(endpoint: Endpoint) -> World:
    """Return the world of an endpoint as its configuration, which `botoproof serve` writes, describes it."""
    held = SPECIFICATION.with_resources(default_world(), endpoint.resources, datetime.now(UTC))
    return SPECIFICATION.world(Settings((EXAMPLE_KEY,), SPECIFICATION.table(held)))


def test_the_whole_table_is_clean_over_loopback() -> None:
    endpoint = Endpoint(default_world(), OPERATIONS, now=datetime.now(UTC))

    with serving(endpoint) as url:
        made = table_of(url_target(SPECIFICATION, world_of(endpoint), EXAMPLE_KEY, url))

    assert told(made) == []
    assert made.result.verdict == "clean"
    assert made.result.unreachable == ()
    errors = made.result.operations["importexport.UpdateJob"].errors
    assert [code for code, coverage in errors.items() if not coverage.probes] == []
    assert len(errors) == 18
    assert endpoint.jobs[made.result.resources["pending"]].state is JobState.CANCELLED


def test_the_same_outcomes_come_over_loopback_as_in_process() -> None:
    now = datetime.now(UTC)
    over, within = (Endpoint(default_world(), OPERATIONS, now=now) for _ in range(2))
    world = world_of(within)

    with serving(over) as url:
        by_url = table_of(url_target(SPECIFICATION, world, EXAMPLE_KEY, url))
    embedded = table_of(embedded_target(SPECIFICATION, world, EXAMPLE_KEY, endpoint=within))

    assert {event.probe: outcome_kind(event.exchange.outcome) for event in by_url.judged} == {
        event.probe: outcome_kind(event.exchange.outcome) for event in embedded.judged
    }


def test_somebody_else_s_endpoint_with_a_world_of_its_own_is_clean() -> None:
    held = SPECIFICATION.world(Settings((THEIR_KEY,), {**THEIR_TABLE, "api-versions": ["1.0"]}))
    jobs = jobs_in_every_state(held, datetime.now(UTC))
    endpoint = Endpoint(held, OPERATIONS, jobs=(jobs[state] for state in KEEPERS))
    named = {state: [jobs[state].job_id] for state in KEEPERS}
    world = SPECIFICATION.world(Settings((THEIR_KEY,), {**THEIR_TABLE, "jobs": named}))

    with serving(endpoint) as url:
        made = table_of(url_target(SPECIFICATION, world, THEIR_KEY, url))

    assert told(made) == []
    assert made.result.verdict == "clean"
    why = "the world does not say which values of APIVersion it takes"
    assert {event.what: event.why for event in made.result.unreachable}["parameter.APIVersion.invalid"] == why
    errors = made.result.operations["importexport.UpdateJob"].errors
    assert errors["InvalidVersionException"].unreachable == why
    assert made.result.resources["complete"] == jobs["complete"].job_id
    probes = made.result.operations["importexport.UpdateJob"].probes
    assert probes["job.expired"] == "refused:ExpiredJobIdException"
    assert probes["success.export"] == "returned"
    own = [job for job in endpoint.jobs.values() if job.job_id not in {found.job_id for found in jobs.values()}]
    assert [job.state.value for job in own] == ["cancelled", "cancelled"]


def test_an_endpoint_that_holds_none_of_the_jobs_tells_which_states_it_lacks() -> None:
    world = SPECIFICATION.world(Settings((THEIR_KEY,), THEIR_TABLE))

    with serving(Endpoint(world, OPERATIONS)) as url:
        made = table_of(url_target(SPECIFICATION, world, THEIR_KEY, url))

    unreached = {event.what for event in made.result.unreachable}
    assert told(made) == []
    assert {f"state {state}" for state in KEEPERS} <= unreached
    assert {f"job.{state}" for state in KEEPERS} <= unreached


def test_where_not_even_a_job_can_be_made_the_run_is_not_clean_and_says_why() -> None:
    """The configured world is not the endpoint's: nothing that needs a job can be asked."""
    told_of = SPECIFICATION.world(Settings((THEIR_KEY,), {**THEIR_TABLE, "buckets": {"not-there": {}}}))
    endpoint = Endpoint(SPECIFICATION.world(Settings((THEIR_KEY,), THEIR_TABLE)), OPERATIONS)

    with serving(endpoint) as url:
        made = table_of(url_target(SPECIFICATION, told_of, THEIR_KEY, url))

    assert made.result.verdict == "findings"
    assert [(group.finding.kind.code, group.phase) for group in made.result.findings] == [
        ("valid-request-refused", "states")
    ]
    assert made.result.lacking == ("state pending", "state cancelled")
    assert {event.what: event.why for event in made.result.unreachable}["state pending"].startswith(
        "CreateJob was refused with NoSuchBucketException"
    )


def test_a_key_that_the_endpoint_does_not_know_is_told_with_what_it_answered() -> None:
    world = default_world((THEIR_KEY,))

    with serving(Endpoint(default_world(), OPERATIONS)) as url:
        made = table_of(url_target(SPECIFICATION, world, THEIR_KEY, url))

    reasons = {event.what: event.why for event in made.result.unreachable}
    assert reasons["state pending"].startswith("CreateJob was refused with InvalidClientTokenIdException: ")
    assert made.result.verdict == "findings"


def test_a_crash_behind_the_url_is_a_server_error_and_nothing_of_it_is_leaked() -> None:
    endpoint = Endpoint(default_world(), OPERATIONS, now=datetime.now(UTC))

    def answer(request: Request, now: datetime) -> Reply:
        if b"ZZZZZ" in request.body:
            raise KeyError("/srv/jobs")
        return endpoint.answer(request, now)

    with Server(answer) as server:
        made = table_of(url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url))

    assert "server-error" in made.codes
    assert not {"leak-trace", "leak-path"} & made.codes.keys()


def test_an_endpoint_that_goes_away_in_the_midst_ends_the_run_with_what_was_learned() -> None:
    endpoint = Endpoint(default_world(), OPERATIONS, now=datetime.now(UTC))

    with Server(endpoint.answer) as server:
        target = url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url)
        judge = open_judge(SPECIFICATION, target)

        def answer(request: Request, now: datetime) -> Reply:
            if endpoint.requests > 20:
                server.close()
            return endpoint.answer(request, now)

        server._answer = answer
        made = run(judge, phases=("table",))
        target.close()

    assert made.result.stopped.startswith("3 cases in a row got no reply; the last time ")
    assert len(made.judged) > 5
    assert made.result.verdict == "findings"
    assert made.result.left_behind
    assert made.result.left_behind[0][1].startswith("CancelJob broke: connect: no connection to 127.0.0.1 port ")


def test_a_port_where_nobody_listens_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

    made = table_of(url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, url))

    assert isinstance(made.raised, TargetUnusable)
    assert str(made.raised).startswith(f"the endpoint {url} gave no reply to the first request (no connection to ")
