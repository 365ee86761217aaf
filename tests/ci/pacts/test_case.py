"""One case of a consumer's test: it answers whatever request deserves its answer, and complains about any other."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from botoproof.ci.configuration import Configuration
from botoproof.ci.pacts.case import MISMATCH, PactMismatch, pact_case, world_of
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.errors import BadConfiguration, NoSpecification, UnknownOperation

UPDATE = "importexport.UpdateJob"
UPDATE_JOB = read_operation("importexport", "UpdateJob")


def test_each_documented_error_is_met_by_its_name() -> None:
    met: list[str] = []

    for error in UPDATE_JOB.errors:
        with pact_case(UPDATE, error.name) as case:
            client = case.client(parameter_validation=False)  # one of them is about a parameter that is missing
            with pytest.raises(getattr(client.exceptions, error.name)) as raised:
                client.update_job(**case.parameters)
        met.append(raised.value.response["Error"]["Code"])

    assert sorted(met) == sorted(error.code for error in UPDATE_JOB.errors)
    assert len(met) == 18


def test_any_request_that_deserves_the_answer_gets_it() -> None:
    with pact_case(UPDATE, "ExpiredJobIdException") as case:
        client = case.client()
        other = {**case.parameters, "Manifest": case.parameters["Manifest"] + "serviceLevel: standard\n"}
        with pytest.raises(client.exceptions.ExpiredJobIdException):
            client.update_job(**{**other, "ValidateOnly": not case.parameters["ValidateOnly"]})

    assert case.requests == 1


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "the request deserves InvalidJobIdException (no job 'PND1A' exists)": ("update_job", {"JobId": "PND1A"}),
    "the request was one of ListJobs": ("list_jobs", {}),
}


@pytest.mark.parametrize("words", WRONG)
def test_another_request_fails_the_test_also_where_its_code_swallows_the_refusal(words: str) -> None:
    method, changed = WRONG[words]
    case = pact_case(UPDATE, "ExpiredJobIdException")
    client = case.client()

    with pytest.raises(client.exceptions.ClientError) as refusal:
        getattr(client, method)(**({**case.parameters, **changed} if changed else {}))
    with pytest.raises(PactMismatch) as mismatch:
        case.__exit__(None, None, None)

    assert refusal.value.response["Error"]["Code"] == MISMATCH
    assert str(mismatch.value) == (
        f"botoproof: the case is for a request {UPDATE} that fails with ExpiredJobIdException, given an expired job\n"
        f"  {words}"
    )


def test_a_mismatch_stands_before_what_the_test_makes_of_it() -> None:
    with pytest.raises(PactMismatch) as mismatch, pact_case(UPDATE) as case:
        case.client().list_jobs()

    assert "PactMismatch" in str(mismatch.value.__context__)


def test_a_failure_of_the_test_itself_is_left_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), pact_case(UPDATE):
        raise ZeroDivisionError


def test_a_case_to_which_no_request_comes_is_a_mismatch_unless_none_is_required() -> None:
    with pytest.raises(PactMismatch, match="no request came"), pact_case(UPDATE):
        pass
    with pact_case(UPDATE, required=False) as case:
        pass

    assert case.requests == 0


def test_a_request_that_nobody_signed_is_a_mismatch() -> None:
    case = pact_case(UPDATE)
    body = (case.interaction.request.body or "").encode()

    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(case.url, body)  # noqa: S310 - it is ours, on loopback
    with pytest.raises(PactMismatch, match="the request deserves"):
        case.__exit__(None, None, None)


def test_a_world_of_the_configuration_is_the_providers() -> None:
    configuration = Configuration(world={"buckets": {"mine": {"region": "us-east-1", "access": "write"}}})

    with pact_case(UPDATE, world=world_of(configuration, UPDATE)) as case:
        assert case.client().update_job(**case.parameters)["Success"] is True
        assert "bucket: mine" in case.parameters["Manifest"]
    assert world_of(Configuration(), UPDATE) is None


MISTAKES = {
    ("importexport", None): (BadConfiguration, "names no operation; did you mean importexport"),
    ("importexport.UpdateJobs", None): (UnknownOperation, "did you mean UpdateJob"),
    ("sqs.SendMessage", None): (NoSpecification, "no specification for the service 'sqs'"),
    (UPDATE, "ExpiredJobId"): (BadConfiguration, "no documented error 'ExpiredJobId'; did you mean ExpiredJobIdExc"),
    ("importexport.ListJobs", "InvalidAccessKeyIdException"): (BadConfiguration, "no source says when"),
}


@pytest.mark.parametrize("asked", MISTAKES)
def test_what_there_is_no_case_of_is_told(asked: tuple[str, str | None]) -> None:
    kind, words = MISTAKES[asked]

    with pytest.raises(kind, match=words):
        pact_case(*asked)
