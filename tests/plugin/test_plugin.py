from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world


@pytest.fixture
def at_url() -> Iterator[tuple[str, Endpoint]]:
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = Endpoint(default_world(), operations, now=datetime.now(UTC))
    with Server(endpoint.answer) as server:
        yield server.url, endpoint


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    # Hypothesis's own database would be made in the test folder; everything else is as a user has it.
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)


def test_a_test_gets_a_real_client_and_jobs_in_every_state(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        ERRORS = {
            "cancelled": "CanceledJobIdException",
            "expired": "ExpiredJobIdException",
            "in-progress": "UnableToUpdateJobIdException",
            "complete": "UnableToUpdateJobIdException",
            "foreign": "InvalidJobIdException",
        }

        @pytest.mark.parametrize("state", ERRORS)
        def test_a_job_that_cannot_be_updated(botoproof_endpoint, state):
            client = botoproof_endpoint.client()

            with pytest.raises(getattr(client.exceptions, ERRORS[state])):
                client.update_job(
                    JobId=botoproof_endpoint.job(state), JobType="Import", Manifest="x: y", ValidateOnly=True
                )

        def test_a_pending_job_is_listed(botoproof_endpoint, botoproof_client):
            job = botoproof_endpoint.job("pending")
            assert [found["JobId"] for found in botoproof_client.list_jobs()["Jobs"]] == [job]

        def test_the_world_is_there(botoproof_endpoint):
            assert botoproof_endpoint.world.buckets["my-import"].region == "us-east-1"
            assert botoproof_endpoint.world.buckets["not-mine"].access == "denied"
        """
    )

    run(pytester).assert_outcomes(passed=7)


def test_the_endpoint_is_fresh_for_each_test_and_after_reset(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(3))
        def test_it_begins_empty(botoproof_endpoint, turn):
            client = botoproof_endpoint.client()
            assert client.list_jobs()["Jobs"] == []
            botoproof_endpoint.job("pending")
            assert len(client.list_jobs()["Jobs"]) == 1
            botoproof_endpoint.reset()
            assert client.list_jobs()["Jobs"] == []
        """
    )

    run(pytester).assert_outcomes(passed=3)


def test_the_url_is_served_to_clients_that_the_code_makes_itself(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import boto3

        def test_it_answers(botoproof_url):
            session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            client = session.client("importexport", region_name="us-east-1", endpoint_url=botoproof_url)
            assert client.list_jobs()["Jobs"] == []
        """
    )

    run(pytester).assert_outcomes(passed=1)


def test_an_unknown_state_is_told_with_close_names(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(botoproof_endpoint):
            botoproof_endpoint.job("expird")
        """
    )

    result = run(pytester)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*no provider state 'expird'; did you mean expired?*"])


PROPERTY = """
    from botoproof.ci.conformance import assert_conforms
    from botoproof.strategies import cases
    from hypothesis import HealthCheck, given, settings

    @settings(max_examples=60, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(case=cases("importexport.UpdateJob"))
    def test_the_contract_is_kept(botoproof_endpoint, case):
        {spoil}
        assert_conforms(case, endpoint=botoproof_endpoint)
"""


def test_a_property_test_holds_the_embedded_endpoint_to_its_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PROPERTY.format(spoil=""))

    run(pytester, "--botoproof-seed=3").assert_outcomes(passed=1)


def test_a_departure_fails_the_property_with_every_finding_listed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_it="""
        import pytest
        from botoproof.ci.conformance import assert_conforms
        from botoproof.contract.codec.wrong_replies import wrong_form
        from botoproof.contract.services.importexport.endpoint import Endpoint
        from botoproof.strategies import cases
        from hypothesis import HealthCheck, given, settings

        ROOT, NAMESPACE = wrong_form("result.root").alter, wrong_form("namespace.other").alter
        right = Endpoint.answer

        def spoiled(self, request, now):
            reply = right(self, request, now)
            return NAMESPACE(ROOT(reply)) if b"UpdateJob" in request.body else reply

        @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
        @given(case=cases("importexport.UpdateJob"))
        def test_the_contract_is_kept(botoproof_endpoint, monkeypatch, case):
            monkeypatch.setattr(Endpoint, "answer", spoiled)
            assert_conforms(case, endpoint=botoproof_endpoint)
        """
    )

    result = run(pytester)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*importexport.UpdateJob departs from its contract in 2 points*", "*reply-*", "*sent*", "*came*"]
    )
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_one_call_can_be_held_to_its_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from botoproof.ci.conformance import assert_conforms
        from botoproof.contract.errors import UnknownOperation

        def test_a_refusal_that_is_deserved_conforms(botoproof_endpoint):
            job = botoproof_endpoint.job("expired")
            parameters = {"JobId": job, "JobType": "Import", "Manifest": "INVALID", "ValidateOnly": True}
            exchange = assert_conforms(operation="UpdateJob", parameters=parameters, endpoint=botoproof_endpoint)
            assert exchange.outcome.code in ("ExpiredJobIdException", "MalformedManifestException")

        def test_an_unknown_operation_is_told(botoproof_endpoint):
            with pytest.raises(UnknownOperation, match="did you mean UpdateJob"):
                assert_conforms(operation="importexport.UpdateJobs", parameters={}, endpoint=botoproof_endpoint)
        """
    )

    run(pytester).assert_outcomes(passed=2)


def test_tests_can_be_pointed_at_a_url(pytester: pytest.Pytester, at_url: tuple[str, Endpoint]) -> None:
    url, endpoint = at_url
    before = set(endpoint.jobs)
    pytester.makepyfile(
        """
        from botoproof.ci.conformance import assert_conforms

        def test_a_pending_job_can_be_rehearsed(botoproof_endpoint):
            job = botoproof_endpoint.job("pending")
            client = botoproof_endpoint.client()
            assert client.get_status(JobId=job)["ProgressCode"] == "Pending"
            assert_conforms(operation="importexport.GetStatus", parameters={"JobId": job}, endpoint=botoproof_endpoint)
        """
    )
    pytester.makefile(
        ".toml",
        mine="""
        [credentials]
        access-key-id = "AKIAIOSFODNN7EXAMPLE"
        secret-access-key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        """,
    )

    result = run(pytester, f"--botoproof-target={url}", "--botoproof-config=mine.toml")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"botoproof: target {url}, config mine.toml"])
    assert {job.state.value for job_id, job in endpoint.jobs.items() if job_id not in before} == {"cancelled"}


def test_a_state_that_a_url_does_not_have_names_the_configuration_key(
    pytester: pytest.Pytester, at_url: tuple[str, Endpoint]
) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): botoproof_endpoint.job('complete')")
    pytester.makefile(
        ".toml",
        botoproof=f"""
        [target]
        endpoint = "{at_url[0]}"
        [credentials]
        access-key-id = "AKIAIOSFODNN7EXAMPLE"
        secret-access-key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        """,
    )

    result = run(pytester)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the state 'complete' cannot be had at http*: no public operation brings*"])


def test_the_plugin_works_on_several_workers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(6))
        def test_it(botoproof_endpoint, turn):
            assert botoproof_endpoint.client().cancel_job(JobId=botoproof_endpoint.job("pending"))["Success"]
        """
    )

    run(pytester, "-n2").assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--botoproof-config=none.toml"], "*botoproof: there is no configuration file *none.toml*"),
        (
            ["--botoproof-target=embeded"],
            "*botoproof: the target must be 'embedded' or an http*did you mean embedded?*",
        ),
        (["--botoproof-target=ftp://host"], "*botoproof: the endpoint must be an http*'ftp://host'*"),
        (["--botoproof-seed=-3"], "*must be a whole number of at least 0, got '-3'*"),
        (["--botoproof-seed=x"], "*must be a whole number of at least 0, got 'x'*"),
        (["--faults=ci"], "*--faults: this version of botoproof has no fault engine yet*"),
    ],
)
def test_a_bad_option_is_told_before_any_test_and_without_a_traceback(
    pytester: pytest.Pytester, arguments: list[str], message: str
) -> None:
    pytester.makepyfile("def test_it(): pass")

    result = run(pytester, *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_a_wrong_key_in_the_configuration_is_told_with_file_and_close_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): pass")
    pytester.makefile(".toml", botoproof="[world]\nerra = '2014-12-18'")

    result = run(pytester)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*botoproof.toml: *no key 'erra'; did you mean era?*"])


@pytest.mark.parametrize("mark", ["every_fault('importexport.UpdateJob')", "conforms", "cassette('name')"])
def test_a_mark_of_a_later_version_fails_its_test_instead_of_passing_it(pytester: pytest.Pytester, mark: str) -> None:
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.{mark}\ndef test_it(): pass")

    result = run(pytester, "--strict-markers")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*is not honoured: this version of botoproof cannot do it yet*"])


def test_the_plugin_is_silent_in_a_project_that_does_not_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")

    with_plugin = run(pytester, "-W", "error", "--strict-markers")
    without = run(pytester, "-W", "error", "--strict-markers", "-p", "no:botoproof")

    def said(result: pytest.RunResult) -> list[str]:
        # The list of loaded plugins names distributions, and the last line a duration.
        return [line for line in result.outlines if "plugins:" not in line and "passed" not in line]

    assert said(with_plugin) == said(without)
    with_plugin.assert_outcomes(passed=1)


def test_the_plugin_imports_nothing_but_pytest_until_it_is_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            loaded = {name.partition(".")[0] for name in sys.modules}
            assert not loaded & {"boto3", "botocore", "yaml", "rich", "click", "h11", "defusedxml"}
        """
    )

    run(pytester, "-p", "no:hypothesispytest").assert_outcomes(passed=1)
