"""What users import, as the type checkers see it: read by mypy and basedpyright, never run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, assert_type

import pytest
from botoproof.ci.configuration import Configuration
from botoproof.ci.conformance import Endpoint, assert_conforms
from botoproof.ci.embedded import EmbeddedService, open_embedded
from botoproof.ci.pacts.case import PactCase, PactMismatch, pact_case
from botoproof.ci.plugin.at_url import AtUrl
from botoproof.ci.plugin.embedded import Embedded
from botoproof.ci.plugin.pact import Recording
from botoproof.contract.adapters.hook import inject, inject_everywhere
from botoproof.contract.case import Call, Case, Form, Raw, reference
from botoproof.contract.errors import Conformance, ToolkitError
from botoproof.contract.exchange import Exchange
from botoproof.contract.faults.fault import fault
from botoproof.contract.faults.journal import CallRecord
from botoproof.contract.faults.plan import Plan, Step, on, times
from botoproof.contract.finding import Evidence
from botoproof.contract.outcome import Refused, Returned
from botoproof.strategies import cases
from hypothesis import given
from hypothesis.strategies import SearchStrategy


def holds_a_case_to_its_contract(botoproof_endpoint: Endpoint) -> None:
    case = Case("UpdateJob", Call({"JobId": reference("pending")}))
    exchange = assert_conforms(case, endpoint=botoproof_endpoint, evidence="documented")
    assert_type(exchange, Exchange)
    match exchange.outcome:
        case Returned(value=value):
            assert_type(value["Success"], Any)
        case Refused(code=code):
            assert_type(code, str | None)
        case _:
            pass


def holds_a_call_to_its_contract(botoproof_endpoint: Endpoint) -> Exchange:
    parameters = {"JobId": botoproof_endpoint.job("pending")}
    return assert_conforms(
        operation="importexport.CancelJob",
        parameters=parameters,
        endpoint=botoproof_endpoint,
        evidence=Evidence.INFERRED,
    )


def takes_a_case_or_an_operation_and_not_half_of_either(botoproof_endpoint: Endpoint) -> None:
    assert_conforms(endpoint=botoproof_endpoint)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    assert_conforms(operation="ListJobs", endpoint=botoproof_endpoint)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    assert_conforms(Case("ListJobs", Raw(b"")))  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


@given(case=cases("importexport.UpdateJob"))
def draws_cases(botoproof_endpoint: Endpoint, case: Case) -> None:
    assert_conforms(case, endpoint=botoproof_endpoint)


def has_what_a_test_needs(botoproof_endpoint: Endpoint) -> None:
    assert_type(botoproof_endpoint.url, str)
    assert_type(botoproof_endpoint.job("expired"), str)
    assert_type(botoproof_endpoint.service, str)
    client = botoproof_endpoint.client(retries={"total_max_attempts": 1})
    assert_type(client, Any)
    botoproof_endpoint.reset()


def reads_findings(endpoint: Endpoint) -> None:
    with pytest.raises(Conformance) as caught:
        assert_conforms(Case("UpdateJob", Form((("Action", "UpdateJob"),))), endpoint=endpoint)
    assert_type(caught.value, Conformance)


def is_what_the_fixture_gives(embedded: Embedded, at_url: AtUrl) -> tuple[Endpoint, Endpoint]:
    return embedded, at_url


@pytest.fixture
def botoproof_configuration(botoproof_configuration: Configuration) -> Configuration:
    return botoproof_configuration


def opens_an_endpoint_without_pytest() -> None:
    try:
        with open_embedded("importexport") as endpoint:
            assert_type(endpoint, EmbeddedService)
            assert_type(endpoint.job("pending"), str)
    except ToolkitError as wrong:
        assert_type(wrong, ToolkitError)


def makes_cases_of_a_pact(
    botoproof_pact: Recording, botoproof_pact_case: Callable[..., PactCase], endpoint: Embedded
) -> None:
    botoproof_pact.given("a pending job", id=endpoint.job("pending"))
    assert_type(botoproof_pact.recording, bool)
    with botoproof_pact_case("importexport.UpdateJob", "ExpiredJobIdException") as case:
        assert_type(case, PactCase)
    assert_type(PactMismatch("no request came"), PactMismatch)
    with pact_case("importexport.UpdateJob") as case:
        assert_type(case.url, str)
        assert_type(case.client(retries={"total_max_attempts": 1}), Any)
        assert_type(case.parameters, Mapping[str, Any])


def strikes_a_client(client: Any) -> None:
    plan = Plan((on("UpdateJob", times(2, fault("status", code=503, body="html")), Step(), call=0),))
    with inject(client, plan) as injection:
        client.update_job()
    [call] = injection.calls()
    assert_type(call, CallRecord)
    assert_type(call.effects, Literal["none", "once", "several", "unknown"])
    with inject_everywhere("*=latency(50ms)", clock=time):
        client.list_jobs()


assert_type(cases("importexport.UpdateJob"), SearchStrategy[Case])
