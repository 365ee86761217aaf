from __future__ import annotations

from textwrap import dedent

import pytest
from botoproof.ci.plugin.embedded import Embedded

from .conftest import Run


def test_each_test_has_a_fresh_endpoint(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(3))
        def test_it_begins_empty(botoproof_endpoint, turn):
            assert botoproof_endpoint.client().list_jobs()["Jobs"] == []
            botoproof_endpoint.job("pending")
        """
    )

    run().assert_outcomes(passed=3)


def test_the_order_of_tests_does_not_matter(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(8))
        def test_it(botoproof_endpoint, botoproof_client, turn):
            assert botoproof_client.cancel_job(JobId=botoproof_endpoint.job("pending"))["Success"]
            assert len(botoproof_client.list_jobs()["Jobs"]) == 1
        """
    )

    for seed in (1, 2):
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", f"--randomly-seed={seed}")
        result.assert_outcomes(passed=8)


def test_the_url_the_client_and_the_endpoint_are_one(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import boto3

        def test_it(botoproof_endpoint, botoproof_url, botoproof_client):
            session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            own = session.client("importexport", region_name="us-east-1", endpoint_url=botoproof_url)
            job = botoproof_endpoint.job("pending")
            assert own.cancel_job(JobId=job)["Success"]
            assert botoproof_client.get_status(JobId=job)["ProgressCode"] == "Canceled"
            assert botoproof_endpoint.url == botoproof_url
        """
    )

    run().assert_outcomes(passed=1)


def test_the_url_answers_no_more_after_the_test(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import socket
        import urllib.parse
        import pytest

        URLS = []

        def test_it(botoproof_url):
            URLS.append(urllib.parse.urlsplit(botoproof_url).port)

        def test_later():
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", URLS[0]))
        """
    )

    run().assert_outcomes(passed=2)


def test_the_client_tries_again_as_the_sdk_does(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import botocore.endpoint
        import pytest
        from botoproof.contract.interaction import Reply
        from botoproof.contract.services.importexport.endpoint import Endpoint

        RIGHT = Endpoint.answer

        @pytest.fixture
        def attempts(monkeypatch):
            seen = []

            def answer(self, request, now):
                seen.append(request)
                return Reply(503, (), b"") if len(seen) < 3 else RIGHT(self, request, now)

            monkeypatch.setattr(Endpoint, "answer", answer)
            monkeypatch.setattr(botocore.endpoint.time, "sleep", lambda seconds: None)
            return seen

        @pytest.mark.parametrize("mode", ["legacy", "standard"])
        def test_as_often_as_it_is_told(botoproof_endpoint, attempts, mode):
            client = botoproof_endpoint.client(retries={"total_max_attempts": 3, "mode": mode})
            assert client.list_jobs()["Jobs"] == []
            assert len(attempts) == 3

        def test_by_itself(botoproof_client, attempts):
            assert botoproof_client.list_jobs()["Jobs"] == []

        def test_not_when_it_must_not(botoproof_endpoint, attempts):
            client = botoproof_endpoint.client(retries={"total_max_attempts": 1})
            with pytest.raises(client.exceptions.ClientError):
                client.list_jobs()
            assert len(attempts) == 1
        """
    )

    run().assert_outcomes(passed=4)


FIXTURES = {
    "configuration": """
        @pytest.fixture{scope}
        def botoproof_configuration(botoproof_configuration):
            return dataclasses.replace(botoproof_configuration, world={{"buckets": {{"ours": {{}}}}}})
    """,
    "target": """
        @pytest.fixture{scope}
        def botoproof_target():
            return "embedded"
    """,
    "service": """
        @pytest.fixture{scope}
        def botoproof_service():
            return "importexport"
    """,
    "seed": """
        @pytest.fixture{scope}
        def botoproof_seed():
            return 5
    """,
}


@pytest.mark.parametrize("scope", ["", "(scope='module')", "(scope='session')"])
@pytest.mark.parametrize("decision", FIXTURES)
def test_a_project_can_redefine_each_decision_in_any_scope(
    pytester: pytest.Pytester, run: Run, decision: str, scope: str
) -> None:
    pytester.makeconftest("import dataclasses\nimport pytest\n" + dedent(FIXTURES[decision]).format(scope=scope))
    pytester.makepyfile(
        f"""
        def test_it(botoproof_endpoint):
            assert ("ours" in botoproof_endpoint.world.buckets) is {decision == "configuration"}
        """
    )

    run().assert_outcomes(passed=1)


def test_a_service_of_which_nothing_is_known_is_told_in_one_paragraph(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def botoproof_service():
            return "importexprot"

        def test_it(botoproof_endpoint): pass
        """
    )

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["botoproof: botoproof has no specification for *'importexprot'*; *importexport*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_service_other_than_the_configured_one_is_told(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makefile(".toml", botoproof="[target]\nservice = 'sqs'")
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def botoproof_service():
            return "importexport"

        def test_it(botoproof_endpoint): pass
        """
    )

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["botoproof: the tests are about 'importexport', but the configuration is for 'sqs'"])


ERRORS = {
    "cancelled": "CanceledJobIdException",
    "expired": "ExpiredJobIdException",
    "in-progress": "UnableToUpdateJobIdException",
    "complete": "UnableToUpdateJobIdException",
    "foreign": "InvalidJobIdException",
}


@pytest.mark.parametrize("state", ERRORS)
def test_there_is_a_job_in_each_state(embedded: Embedded, state: str) -> None:
    client = embedded.client()

    with pytest.raises(getattr(client.exceptions, ERRORS[state])):
        client.update_job(JobId=embedded.job(state), JobType="Import", Manifest="x: y", ValidateOnly=True)


def test_two_pending_jobs_are_not_the_same(embedded: Embedded) -> None:
    assert embedded.job("pending") != embedded.job("pending")


def test_an_unknown_state_is_told_with_close_names(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): botoproof_endpoint.job('expird')")

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * importexport has no provider state 'expird'; did you mean expired?"])


def test_the_world_is_that_of_the_specification(embedded: Embedded) -> None:
    assert embedded.world.buckets["my-import"].region == "us-east-1"
    assert embedded.world.buckets["not-mine"].access == "denied"


def test_reset_leaves_url_and_clients_good(embedded: Embedded) -> None:
    client, url = embedded.client(), embedded.url
    embedded.job("pending")

    embedded.reset()

    assert client.list_jobs()["Jobs"] == []
    assert embedded.url == url


def test_what_was_kept_comes_back_as_often_as_it_is_asked_for(embedded: Embedded) -> None:
    client = embedded.client()
    job = embedded.job("pending")
    put_back = embedded.keep()

    for _ in range(2):
        client.cancel_job(JobId=job)
        embedded.job("pending")
        put_back()

        assert [found["IsCanceled"] for found in client.list_jobs()["Jobs"]] == [False]


def test_a_mistake_in_a_test_is_shown_there_and_not_in_our_code(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint):\n    botoproof_endpoint.job('expird')")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*no provider state 'expird'; did you mean expired?", "test_*.py:2: UnknownState"])
    result.stdout.no_fnmatch_line("*embedded.py*UnknownState*")
