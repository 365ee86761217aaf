from __future__ import annotations

import re
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from botoproof.ci.configuration import Configuration
from botoproof.ci.conformance import assert_conforms
from botoproof.ci.plugin.endpoints import Endpoints, LeftBehind
from botoproof.contract.case import Call, Case
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.interaction import Reply

from .conftest import CREDENTIALS, SPECIFICATION, WORLD, Kept, OpenAt, Run

AMAZON = "https://importexport.amazonaws.com"
CREATE = SPECIFICATION.preparation("CreateJob", WORLD, "")


def test_the_same_tests_run_against_a_url(pytester: pytest.Pytester, run: Run, kept: Kept) -> None:
    pytester.makepyfile(
        """
        import boto3
        from botoproof.ci.conformance import assert_conforms

        def test_with_a_client(botoproof_endpoint, botoproof_client):
            assert botoproof_client.get_status(JobId=botoproof_endpoint.job("pending"))["ProgressCode"] == "Pending"

        def test_with_a_check(botoproof_endpoint):
            job = botoproof_endpoint.job("cancelled")
            assert_conforms(operation="importexport.CancelJob", parameters={"JobId": job}, endpoint=botoproof_endpoint)
        """
    )
    pytester.makefile(".toml", mine=CREDENTIALS)

    result = run(f"--botoproof-target={kept.url}", "--botoproof-config=mine.toml")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([f"botoproof: target {kept.url}, config mine.toml"])
    assert kept.made() == ["cancelled", "cancelled"]


def test_what_was_made_is_disposed_of_also_when_a_test_fails(pytester: pytest.Pytester, run: Run, at_url: Kept) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): assert not botoproof_endpoint.job('pending')")

    run().assert_outcomes(failed=1)

    assert at_url.made() == ["cancelled"]


def test_a_pending_job_serves_later_tests_as_long_as_it_is_pending(
    pytester: pytest.Pytester, run: Run, at_url: Kept
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(15))
        def test_two_jobs(botoproof_endpoint, botoproof_client, turn):
            jobs = {botoproof_endpoint.job("pending") for _ in range(2)}
            assert len(jobs) == 2
            if turn % 5 == 4:
                botoproof_client.cancel_job(JobId=jobs.pop())
        """
    )

    run().assert_outcomes(passed=15)

    assert at_url.made() == ["cancelled"] * 4


def test_no_more_than_ten_jobs_are_made(pytester: pytest.Pytester, run: Run, at_url: Kept) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): [botoproof_endpoint.job('pending') for _ in range(11)]")

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *the state 'pending' cannot be had at http://*: tests make at most 10 in a session, *"
            "the configuration can name one that is there: [[]world.jobs] pending = *"
        ]
    )
    assert at_url.made() == ["cancelled"] * 10


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_workers_divide_among_them_what_may_be_made(count: int) -> None:
    workers = [SimpleNamespace(workerinput={"workerid": f"gw{n}", "workercount": count}) for n in range(count)]

    shares = [Endpoints.for_session(worker)._allowed for worker in workers]  # type: ignore[arg-type]

    assert sum(shares) == 10
    assert max(shares) - min(shares) <= 1


@pytest.mark.slow
def test_several_workers_share_a_url_and_have_embedded_endpoints_of_their_own(
    pytester: pytest.Pytester, at_url: Kept
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(6))
        def test_at_url(botoproof_endpoint, botoproof_client, turn):
            assert botoproof_client.get_status(JobId=botoproof_endpoint.job("pending"))["ProgressCode"] == "Pending"

        class TestEmbedded:
            @pytest.fixture
            def botoproof_target(self):
                return "embedded"

            @pytest.mark.parametrize("turn", range(6))
            def test_it(self, botoproof_endpoint, botoproof_client, turn):
                assert botoproof_client.cancel_job(JobId=botoproof_endpoint.job("pending"))["Success"]
                assert len(botoproof_client.list_jobs()["Jobs"]) == 1
        """
    )

    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n2").assert_outcomes(passed=12)

    assert set(at_url.made()) == {"cancelled"}
    assert len(at_url.made()) <= 2


def test_a_state_that_cannot_be_had_names_itself_and_the_configuration_key(
    pytester: pytest.Pytester, run: Run, at_url: Kept
) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): botoproof_endpoint.job('complete')")

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"E *the state 'complete' cannot be had at {at_url.url}: no public operation brings about a job that is "
            'complete; the configuration can name one that is there: [[]world.jobs] complete = [[]"..."]'
        ]
    )


PROPERTY = """
    from botoproof.ci.conformance import assert_conforms
    from botoproof.strategies import cases
    from hypothesis import given, settings

    @settings(max_examples=30)
    @given(case=cases("importexport.UpdateJob"))
    def test_it(botoproof_endpoint, case):
        assert_conforms(case, endpoint=botoproof_endpoint)
"""


def test_a_property_of_the_embedded_endpoint_runs_against_a_url_as_it_stands(
    pytester: pytest.Pytester, run: Run, kept: Kept
) -> None:
    ids = "\n".join(f'{state} = ["{found}"]' for state, found in kept.endpoint.resources.items())
    buckets = "\n".join(
        f'{name} = {{ region = "{bucket.region}", access = "{bucket.access}" }}'
        for name, bucket in WORLD.buckets.items()
    )
    world = f'[world]\napi-versions = ["1.0"]\n[world.buckets]\n{buckets}\n[world.jobs]\n{ids}\n'
    pytester.makefile(".toml", botoproof=f'[target]\nendpoint = "{kept.url}"\n{CREDENTIALS}{world}')
    pytester.makepyfile(PROPERTY)

    run().assert_outcomes(passed=1)


def test_a_case_says_what_to_do_about_a_state_that_cannot_be_had(kept: Kept, open_at: OpenAt) -> None:
    advice = r"or leave the state out of the cases: cases\(\.\.\., states=\[\.\.\.\]\)$"

    with pytest.raises(TargetUnusable, match=rf"^the state 'expired' cannot be had at .*; {advice}"):
        assert_conforms(Case("CancelJob", Call({"JobId": "~expired~"})), endpoint=open_at(kept.url))


def test_a_configured_job_stands_for_its_state(kept: Kept, open_at: OpenAt) -> None:
    world = {"buckets": {"my-import": {}}, "jobs": {"expired": ["EXP1A"], "pending": ["PND1A"]}}
    endpoint = open_at(kept.url, configuration=Configuration(credential=EXAMPLE_KEY, world=world))

    assert [endpoint.job("expired"), endpoint.job("expired"), endpoint.job("pending")] == ["EXP1A", "EXP1A", "PND1A"]
    assert endpoint.job("pending") not in ("EXP1A", "PND1A")
    exchange = assert_conforms(Case("CancelJob", Call({"JobId": "~expired~"})), endpoint=endpoint)
    assert exchange.case.sent == Call({"JobId": "EXP1A"})


def test_an_endpoint_that_refuses_to_make_a_job_is_quoted(kept: Kept, open_at: OpenAt) -> None:
    kept.refused.add("CreateJob")
    endpoint = open_at(kept.url)

    with pytest.raises(
        TargetUnusable, match=r"^the state 'pending' cannot be had at http://\S+: CreateJob was refused "
    ):
        endpoint.job("pending")


def test_a_dead_endpoint_is_told(kept: Kept, open_at: OpenAt) -> None:
    endpoint = open_at("http://127.0.0.1:1")

    with pytest.raises(TargetUnusable, match=r"CreateJob broke: connect: no connection to 127\.0\.0\.1 port 1"):
        endpoint.job("pending")


def test_what_could_not_be_disposed_of_is_warned_of(pytester: pytest.Pytester, run: Run, at_url: Kept) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): print('made', botoproof_endpoint.job('pending'))")
    at_url.refused.add("CancelJob")

    result = run("-s", "-W", "default")

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        ["*LeftBehind: botoproof could not dispose of ????? at http://* (CancelJob was refused*"]
    )


def test_the_warning_counts_all_that_was_left(kept: Kept, open_at: OpenAt, opened: Endpoints) -> None:
    endpoint = open_at(kept.url)
    jobs = [endpoint.job("pending") for _ in range(2)]
    kept.refused.add("CancelJob")

    with pytest.warns(LeftBehind) as caught:
        opened.close()

    assert all(job in str(caught[0].message) for job in jobs)


def test_reset_disposes_of_what_the_test_was_given_and_of_nothing_else(kept: Kept, open_at: OpenAt) -> None:
    endpoint = open_at(kept.url)
    earlier = endpoint.job("pending")
    endpoint.close()
    endpoint.client().create_job(**CREATE)
    endpoint.close()
    assert endpoint.job("pending") == earlier

    endpoint.reset()

    assert kept.endpoint.jobs[earlier].state.value == "cancelled"
    assert sorted(kept.made()) == ["cancelled", "pending"]


def test_jobs_that_the_code_under_test_makes_are_known_and_left_to_it(
    kept: Kept, open_at: OpenAt, opened: Endpoints
) -> None:
    endpoint = open_at(kept.url)
    client = endpoint.client()
    left, job = (client.create_job(**CREATE)["JobId"] for _ in range(2))
    client.cancel_job(JobId=job.lower())

    exchange = assert_conforms(operation="CancelJob", parameters={"JobId": job}, endpoint=endpoint)

    assert exchange.outcome.code == "CanceledJobIdException"  # type: ignore[union-attr]
    opened.close()
    assert kept.endpoint.jobs[left].state.value == "pending"


def test_jobs_that_cases_make_are_disposed_of(kept: Kept, open_at: OpenAt, opened: Endpoints) -> None:
    endpoint = open_at(kept.url)
    assert_conforms(operation="CreateJob", parameters=CREATE, endpoint=endpoint)

    opened.close()

    assert kept.made() == ["cancelled"]


def test_jobs_whose_ids_no_reply_tells_count_and_are_warned_of(
    kept: Kept, open_at: OpenAt, opened: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = kept.endpoint.answer
    monkeypatch.setattr(kept.endpoint, "answer", lambda *asked: without_an_id(answer(*asked)))
    endpoint = open_at(kept.url)

    for _ in range(10):
        with pytest.raises(TargetUnusable, match="CreateJob returned no id"):
            endpoint.job("pending")
    with pytest.raises(TargetUnusable, match="tests make at most 10 in a session"):
        endpoint.job("pending")
    with pytest.warns(LeftBehind) as caught:
        opened.close()

    assert kept.made() == ["pending"] * 10
    told = f"what has no known id at {kept.url} (CreateJob returned no id; it may have made something)"
    assert str(caught[0].message).count(told) == 10


def without_an_id(reply: Reply) -> Reply:
    body = re.sub(rb"<JobId>.*?</JobId>", b"", reply.body)
    return replace(reply, headers=(("Content-Type", "text/xml"),), body=body)


def test_the_client_tries_again_over_the_network_too(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, open_at: OpenAt
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: kept.refused.clear())
    kept.refused.add("ListJobs")
    endpoint = open_at(kept.url)

    assert "Jobs" in endpoint.client(retries={"total_max_attempts": 2, "mode": "standard"}).list_jobs()


def test_two_configurations_have_two_endpoints_and_one_has_one(kept: Kept, open_at: OpenAt) -> None:
    first = open_at(kept.url)
    other = Configuration(credential=EXAMPLE_KEY, world={"buckets": {}})

    assert open_at(kept.url) is first
    assert open_at(kept.url, configuration=other) is not first


class TestAtAmazon:
    """Nothing here reaches the network: it would be refused."""

    def test_a_client_sends_nothing_that_could_change_something(self, open_at: OpenAt) -> None:
        endpoint = open_at(AMAZON)

        with pytest.raises(
            TargetUnusable, match=r"^the request was not sent to https://importexport\.amazonaws\.com: "
        ):
            endpoint.client().cancel_job(JobId="53TX4")

    def test_no_job_is_made(self, open_at: OpenAt) -> None:
        endpoint = open_at(AMAZON)

        with pytest.raises(
            TargetUnusable, match=r"^the state 'pending' cannot be had at \S+: CreateJob was withheld: "
        ):
            endpoint.job("pending")

    def test_a_case_that_could_change_something_is_not_sent_and_does_not_pass(self, open_at: OpenAt) -> None:
        endpoint = open_at(AMAZON)

        with pytest.raises(TargetUnusable, match=r"^importexport\.CancelJob was not sent to \S+: it could change "):
            assert_conforms(operation="CancelJob", parameters={"JobId": "53TX4"}, endpoint=endpoint)
