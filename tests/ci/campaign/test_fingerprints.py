"""The same departures have the same fingerprints, whatever the ids, the wording and the seed of a run."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.contract.codec.wrong_replies import with_body
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.effects import next_job_id
from botoproof.contract.services.importexport.specification import default_world
from hypothesis import given, settings
from hypothesis import strategies as st

from .runs import AlteredEndpoint, Run, is_update, judge_of, refusal, run

Words = Callable[[], str]


def words_of(seed: int) -> Words:
    """Return what makes up messages: a sentence with an id, a number and a path, never the same twice."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def words() -> str:
        name = "".join(chance.choices(string.ascii_uppercase + string.digits, k=5))
        return f"Job {name} at {chance.randrange(10**6)} ({chance.random()})"

    return words


def wrong_in_many_ways(words: Words) -> Callable[[Request, Reply], Reply]:
    """Return an endpoint that departs in most of the ways there are, by what the request is."""

    def answer(request: Request, right: Reply) -> Reply:
        if not is_update(request):
            return right
        said = words()
        body = right.body
        if right.status == 200:
            strange = f"<Success>{said}</Success><Extra>{said}</Extra>".encode()
            return with_body(right, body.replace(b"<Success>true</Success>", strange))
        if b">InvalidJobIdException<" in body:
            return with_body(refusal(said), refusal(said, message=said).body)
        if b">CanceledJobIdException<" in body:
            return refusal("CanceledJobIdException", 418, said)
        if b">MissingParameterException<" in body:
            return refusal("InternalFailure", 503, f'Traceback (most recent call last): File "/srv/{said}"')
        return replace(right, headers=(("Content-Type", f"text/{said}"),))

    return answer


def endpoint_of(seed: int) -> AlteredEndpoint:
    """Return an endpoint that gives other ids to the jobs of a run, since it has made some before."""
    endpoint = AlteredEndpoint(wrong_in_many_ways(words_of(seed)), default_world())
    old = next(iter(endpoint.jobs.values()))
    for _ in range(seed % 7):
        job_id = next_job_id(endpoint.jobs)
        endpoint.jobs[job_id] = replace(old, job_id=job_id)
    return endpoint


def run_with(seed: int, *, phases: tuple[str, ...] = ("table",)) -> Run:
    return run(judge_of(endpoint_of(seed)), phases=phases, seed=seed, max_examples=30)


def prints(made: Run) -> set[tuple[str, str]]:
    return {(group.finding.kind.code, group.finding.fingerprint) for group in made.result.findings}


@pytest.fixture(scope="module")
def first() -> set[tuple[str, str]]:
    found = prints(run_with(0))
    assert len(found) >= 8
    return found


@given(seed=st.integers(1, 10**9))
@settings(max_examples=5)
def test_two_runs_with_other_ids_messages_and_seeds_have_the_same_fingerprints(
    seed: int, first: set[tuple[str, str]]
) -> None:
    assert prints(run_with(seed)) == first


def test_ids_and_words_differ_between_the_runs_that_are_compared() -> None:
    """Otherwise the comparison above would say nothing of them."""
    one, other = run_with(0).result, run_with(3).result

    assert one.resources["pending"] != other.resources["pending"]
    assert {group.finding.observed for group in one.findings} != {group.finding.observed for group in other.findings}


def test_random_cases_show_what_the_table_shows_by_the_same_fingerprints(first: set[tuple[str, str]]) -> None:
    """A departure that both phases show is one entry of a baseline."""
    drawn = prints(run_with(3, phases=("random",)))

    codes = {code for code, _ in drawn} & {code for code, _ in first}
    assert len(codes) >= 3
    for code in codes - {"error-undeserved", "accepted-in-silence", "valid-request-refused", "server-error"}:
        assert {found for found in drawn if found[0] == code} & {found for found in first if found[0] == code}
