from __future__ import annotations

import os
from typing import Any

import pytest
from botoproof.ci.conformance import assert_conforms
from botoproof.ci.plugin.embedded import Embedded
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.codec.wrong_replies import with_body, wrong_form
from botoproof.contract.errors import BadConfiguration, Conformance, UnknownOperation
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply
from botoproof.contract.outcome import Refused, Returned
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.specification import Probe

from .conftest import SPECIFICATION, WORLD, Run

CREATE = SPECIFICATION.preparation("CreateJob", WORLD, "")
UPDATE = {"Manifest": CREATE["Manifest"], "JobType": "Import", "ValidateOnly": True}
PROBES = [probe for probe in SPECIFICATION.probes("UpdateJob", WORLD, (EXAMPLE_KEY,)) if isinstance(probe, Probe)]


def spoil(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the endpoint spoil every reply to UpdateJob in the ways named."""
    right = Endpoint.answer

    def answer(self: Endpoint, request: Any, now: Any) -> Reply:
        reply = right(self, request, now)
        for name in names if b"UpdateJob" in request.body else ():
            reply = wrong_form(name).alter(reply)
        return reply

    patch.setattr(Endpoint, "answer", answer)


def code_of(outcome: object) -> str | None:
    return outcome.code if isinstance(outcome, Refused) else None


def test_the_embedded_endpoint_answers_every_probe_as_the_contract_says(embedded: Embedded) -> None:
    for probe in PROBES:
        assert_conforms(probe.case, endpoint=embedded)


def test_what_came_is_returned(embedded: Embedded) -> None:
    exchange = assert_conforms(Case("UpdateJob", Call({"JobId": "~pending~", **UPDATE})), endpoint=embedded)

    assert isinstance(exchange.outcome, Returned)
    assert exchange.outcome.value["Success"] is True


@pytest.mark.parametrize("operation", ["importexport.CancelJob", "CancelJob"])
def test_an_operation_can_be_given_with_parameters(embedded: Embedded, operation: str) -> None:
    job = embedded.job("expired")

    exchange = assert_conforms(operation=operation, parameters={"JobId": job}, endpoint=embedded)

    assert code_of(exchange.outcome) == "ExpiredJobIdException"


def test_each_call_is_judged_by_what_those_before_it_did(embedded: Embedded) -> None:
    def call(operation: str, **parameters: Any) -> Any:
        return assert_conforms(operation=operation, parameters=parameters, endpoint=embedded).outcome

    job = call("CreateJob", **CREATE).value["JobId"]
    assert call("GetStatus", JobId=job).value["ProgressCode"] == "Pending"
    assert call("UpdateJob", JobId=job, **UPDATE).value["Success"] is True
    assert call("CancelJob", JobId=job.lower()).value["Success"] is True
    assert code_of(call("CancelJob", JobId=job)) == "CanceledJobIdException"
    assert code_of(call("UpdateJob", JobId=job, **UPDATE)) == "CanceledJobIdException"
    embedded.reset()
    assert code_of(call("CancelJob", JobId=job)) == "InvalidJobIdException"


def test_the_quota_of_a_day_counts_the_jobs_that_cases_made(embedded: Embedded) -> None:
    outcomes = [assert_conforms(operation="CreateJob", parameters=CREATE, endpoint=embedded).outcome for _ in range(51)]

    assert [code_of(outcome) for outcome in outcomes] == [None] * 50 + ["CreateJobQuotaExceededException"]


def test_a_placeholder_stands_for_a_job_that_is_still_in_its_state(embedded: Embedded) -> None:
    cancel = Case("CancelJob", Call({"JobId": "~pending~"}))

    exchanges = [assert_conforms(cancel, endpoint=embedded) for _ in range(3)]

    assert {code_of(exchange.outcome) for exchange in exchanges} == {None}
    assert len({repr(exchange.case.sent) for exchange in exchanges}) == 3


def test_what_the_sdk_rejects_conforms_when_the_model_says_so(embedded: Embedded) -> None:
    exchange = assert_conforms(operation="UpdateJob", parameters={"JobId": 5}, endpoint=embedded)

    assert exchange.interaction is None


def test_the_error_lists_every_finding_and_what_was_sent_and_came(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "result.boolean-yes", "header.content-type-html")
    parameters = {"JobId": embedded.job("pending"), "Manifest": "manifestVersion: 2.0", "JobType": "Import"}

    with pytest.raises(Conformance) as caught:
        assert_conforms(
            operation="UpdateJob", parameters={**parameters, **UPDATE, "ValidateOnly": True}, endpoint=embedded
        )

    text = str(caught.value)
    assert text.startswith("importexport.UpdateJob departs from its contract in 2 points\n\nerror: ")
    assert "[reply-boolean] at /UpdateJobResponse/UpdateJobResult/Success\n  expected  " in text
    assert "\n  got       'yes'\n  source    " in text
    assert text.index("error: ") < text.index("warning: ") < text.index("  sent      UpdateJob with {")
    assert '"JobType": "Import"' in text
    assert "  came      HTTP 200, text/html\n            <UpdateJobResponse " in text
    assert "\n  allowed   success (documented; " in text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (Form((("Action", "UpdateJob"),)), 'sent      POST of the form (("Action", "UpdateJob"),)\n'),
        (
            Form((("JobId", "x"),), query=(("Action", "UpdateJob"),)),
            'POST of the form (("JobId", "x"),), and in the query string (("Action", "UpdateJob"),)\n',
        ),
        (Raw(b"Action=UpdateJob&%"), 'sent      POST of application/x-www-form-urlencoded; charset=utf-8: b"Action'),
    ],
)
def test_what_the_sdk_cannot_send_is_shown_too(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch, sent: Form | Raw, shown: str
) -> None:
    monkeypatch.setattr(Endpoint, "answer", lambda *_: Reply(500, (("Content-Type", "text/xml"),), b"<oops/>"))

    with pytest.raises(Conformance) as caught:
        assert_conforms(Case("UpdateJob", sent), endpoint=embedded)

    assert shown in str(caught.value)


def test_an_endpoint_that_crashes_departs_from_its_contract(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endpoint, "answer", lambda *_: os.environ["NO_SUCH_NAME"])

    with pytest.raises(Conformance, match=r"\[endpoint-crashed\][\s\S]*  came      no reply: KeyError: 'NO_SUCH_NAME'"):
        assert_conforms(operation="ListJobs", parameters={}, endpoint=embedded)


def test_secrets_and_control_characters_of_a_reply_are_not_shown(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = EXAMPLE_KEY.secret_access_key
    body = f"<oops>\x1b[31m{secret}</oops>".encode()
    monkeypatch.setattr(Endpoint, "answer", lambda *_: with_body(Reply(200, (), b""), body))

    with pytest.raises(Conformance) as caught:
        assert_conforms(operation="ListJobs", parameters={}, endpoint=embedded)

    assert secret not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert "[leak-secret]" in str(caught.value)


def test_a_long_reply_is_cut(embedded: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Endpoint, "answer", lambda *_: Reply(200, (), b"<a>" + b"x" * 10**6))

    with pytest.raises(Conformance) as caught:
        assert_conforms(operation="ListJobs", parameters={}, endpoint=embedded)

    assert "… (998003 more characters)" in str(caught.value)
    assert len(str(caught.value)) < 10_000


def test_findings_on_weaker_evidence_than_asked_for_do_not_count(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = (
        b"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidJobIdException</Code><Message>no</Message></Error>"
    )
    namespace = b'<ErrorResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/">'
    body = refused.replace(b"<ErrorResponse>", namespace) + b"<RequestId>r-1</RequestId></ErrorResponse>"
    monkeypatch.setattr(Endpoint, "answer", lambda *_: Reply(400, (("Content-Type", "text/xml"),), body))
    case = Case("GetShippingLabel", Call({"jobIds": ["53TX4"]}))

    def departs(evidence: Evidence | str) -> bool:
        try:
            assert_conforms(case, endpoint=embedded, evidence=evidence)
        except Conformance:
            return True
        return False

    assert [departs(evidence) for evidence in Evidence] == [departs(evidence.value) for evidence in Evidence]
    assert departs("inferred") >= departs("documented")


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"operation": "UpdateJobs", "parameters": {}}, UnknownOperation, "did you mean UpdateJob or CreateJob?"),
        ({"case": Case("Nothing", Call({}))}, UnknownOperation, "importexport has no operation 'Nothing'"),
        (
            {"operation": "sqs.SendMessage", "parameters": {}},
            ValueError,
            r"^the endpoint is one of importexport, but the operation is 'sqs\.SendMessage'$",
        ),
        ({"operation": "UpdateJob"}, TypeError, "^assert_conforms takes a case, or an operation with parameters$"),
        ({}, TypeError, "^assert_conforms takes a case, or an operation with parameters$"),
        (
            {"case": Case("ListJobs", Call({})), "parameters": {}},
            TypeError,
            "^assert_conforms takes a case, or an operation with parameters, not both$",
        ),
        (
            {"case": Case("ListJobs", Call({})), "evidence": "hearsay"},
            BadConfiguration,
            "^evidence must be one of documented, observed, inferred, got 'hearsay'$",
        ),
    ],
)
def test_a_mistake_of_the_caller_is_no_departure(
    embedded: Embedded, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        assert_conforms(endpoint=embedded, **given)


PROPERTY = """
    import pytest
    from botoproof.ci.conformance import assert_conforms
    from botoproof.contract.codec.wrong_replies import wrong_form
    from botoproof.contract.services.importexport.endpoint import Endpoint
    from botoproof.strategies import cases
    from hypothesis import given, settings

    RIGHT = Endpoint.answer
    NAMES = ("namespace.other", "result.boolean-yes")

    def spoiled(self, request, now):
        reply = RIGHT(self, request, now)
        for name in NAMES:
            reply = wrong_form(name).alter(reply)
        return reply

    @pytest.fixture(scope="module")
    def wrong():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Endpoint, "answer", spoiled)
            yield

    @settings(max_examples=60, database=None, deadline=None)
    @given(case=cases("importexport.UpdateJob"))
"""


def test_a_property_holds_of_the_embedded_endpoint(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        PROPERTY
        + """
    def test_it(botoproof_endpoint, case):
        assert_conforms(case, endpoint=botoproof_endpoint)
    """
    )

    run().assert_outcomes(passed=1)


def test_a_property_that_fails_shows_a_small_case_and_every_finding(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        PROPERTY
        + """
    def test_it(botoproof_endpoint, wrong, case):
        exchange = botoproof_endpoint.exchange(case)
        if exchange.reading is not None and exchange.reading.value is not None:
            assert_conforms(case, endpoint=botoproof_endpoint)
    """
    )

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">           assert_conforms(case, endpoint=botoproof_endpoint)",
            "E * importexport.UpdateJob departs from its contract in 2 points",
            "E * error: * [[]reply-namespace] at *",
            "E * error: * [[]reply-boolean] at *",
            "E *   sent      *",
            "E *   came      HTTP 200, text/xml",
            "E *   allowed   *",
            "E *test_it(",
            "E *botoproof_endpoint=<the embedded endpoint of importexport>,",
        ]
    )
    text = result.stdout.str()
    assert "Flaky" not in text
    (line,) = (line for line in result.outlines if line.startswith("E  ") and "case=Case(" in line)
    assert len(line) < 800  # the smallest manifest has some 300 characters


def test_each_example_finds_the_endpoint_as_the_fixtures_left_it(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest
        from hypothesis import given, settings, strategies as st

        @pytest.fixture(scope="module")
        def seen():
            return []

        class TestIt:
            @pytest.mark.parametrize("turn", range(2))
            @settings(max_examples=10, database=None)
            @given(number=st.integers())
            def test_it(self, botoproof_endpoint, turn, number):
                assert botoproof_endpoint.client().list_jobs()["Jobs"] == []
                botoproof_endpoint.job("pending")

        @pytest.fixture
        def job(botoproof_endpoint):
            return botoproof_endpoint.job("pending")

        @settings(max_examples=10, database=None, suppress_health_check=["function_scoped_fixture"])
        @given(number=st.integers())
        def test_with_a_job(botoproof_client, job, number):
            assert botoproof_client.cancel_job(JobId=job)["Success"]
        """.replace('["function_scoped_fixture"]', "list(__import__('hypothesis').HealthCheck)")
    )

    run().assert_outcomes(passed=3)


def test_an_asynchronous_property_waits_for_each_example(embedded: Embedded) -> None:
    import asyncio

    from botoproof.ci.plugin.properties import _each_from_the_start

    async def example() -> int:
        embedded.job("pending")
        return len(embedded.client().list_jobs()["Jobs"])

    each = _each_from_the_start(example, embedded)

    assert [asyncio.run(each()) for _ in range(2)] == [1, 1]


def test_a_fixture_of_the_project_that_lives_for_the_whole_test_is_still_objected_to(
    pytester: pytest.Pytester, run: Run
) -> None:
    pytester.makepyfile(
        """
        from hypothesis import given, strategies as st

        @given(number=st.integers())
        def test_it(botoproof_endpoint, tmp_path, number): pass
        """
    )

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FailedHealthCheck: *uses a function-scoped fixture*"])


def test_what_was_changed_for_a_property_is_put_back_afterwards(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=2)
        @given(number=st.integers())
        def test_it(botoproof_endpoint, number): pass

        def told():
            names = ("_hypothesis_internal_use_seed", "_hypothesis_internal_use_settings")
            return [getattr(test_it, name, None) for name in names], test_it.hypothesis.inner_test

        BEFORE = told()

        def test_later():
            assert told() == BEFORE
        """
    )

    run("--botoproof-seed=1").assert_outcomes(passed=2)
