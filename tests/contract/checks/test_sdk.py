"""The SDK as part of the subject: what it rejects, which class it raises, what it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botoproof.ci.campaign import judge as judging
from botoproof.contract.adapters.sdk import ClientSettings, Sdk, make_client
from botoproof.contract.case import Call, Form
from botoproof.contract.checks import sdk
from botoproof.contract.codec.departure import shortened
from botoproof.contract.codec.wrong_replies import wrong_form
from botoproof.contract.exchange import Exchange
from botoproof.contract.finding import Finding
from botoproof.contract.outcome import Broken, Refused, RejectedBySdk, Returned
from botoproof.contract.validation import Complaint

from .stand import UNKNOWN_JOB, UPDATE, VALID, WITH_ARTIFACT, Stand, refusal, success, violation

CHECKS = (
    sdk.boto3_raises_the_class_of_the_code,
    sdk.boto3_reads_what_the_reply_says,
    sdk.sdk_rejects_what_the_model_forbids,
)


def find(exchange: Exchange) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(exchange)]


def codes(exchange: Exchange) -> list[str]:
    return [finding.kind.code for finding in find(exchange)]


@pytest.mark.parametrize("code", sorted(UPDATE.error_codes))
def test_boto3_raises_the_documented_class_of_every_documented_error(code: str, stand: Stand) -> None:
    exchange = stand.answered(refusal(code))

    assert codes(exchange) == []
    assert isinstance(exchange.outcome, Refused)
    assert exchange.outcome.exception == next(error.name for error in UPDATE.errors if error.code == code)


def test_boto3_has_a_class_for_an_error_that_is_modelled_but_not_for_this_operation(stand: Stand) -> None:
    error = next(error for error in UPDATE.service_errors if error.code not in UPDATE.error_codes)
    exchange = stand.answered(refusal(error.code))

    assert codes(exchange) == []
    assert isinstance(exchange.outcome, Refused)
    assert exchange.outcome.exception == error.name


def test_boto3_raises_a_bare_client_error_for_a_code_that_nobody_modelled(stand: Stand) -> None:
    exchange = stand.answered(refusal("JobNotFound"))

    assert codes(exchange) == []
    assert isinstance(exchange.outcome, Refused)
    assert exchange.outcome.exception == "ClientError"


def test_another_class_is_found_with_code_and_class(stand: Stand) -> None:
    exchange = stand.answered(refusal("InvalidJobIdException"))
    assert isinstance(exchange.outcome, Refused)

    (found,) = find(replace(exchange, outcome=replace(exchange.outcome, exception="ClientError")))

    assert found.kind is sdk.CLASS
    assert (found.expected, found.observed) == ("InvalidJobIdException for InvalidJobIdException", "ClientError")
    assert found.key == ("InvalidJobIdException", "ClientError")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"code": "Other"}, "Error.Code"),
        ({"message": None}, "Error.Message"),
        ({"fault": "Receiver"}, "Error.Type"),
        ({"status": 500}, "ResponseMetadata.HTTPStatusCode"),
        ({"request_id": None}, "ResponseMetadata.RequestId"),
    ],
)
def test_a_field_that_the_exception_lost_is_found_by_its_name(changes: dict[str, Any], path: str, stand: Stand) -> None:
    exchange = stand.answered(refusal("InvalidJobIdException"))
    assert isinstance(exchange.outcome, Refused)

    (found,) = find(replace(exchange, outcome=replace(exchange.outcome, **changes)))

    assert (found.kind, found.path, found.key) == (sdk.FIELDS, path, (path,))


@pytest.mark.parametrize(
    "form", ["error.code-spaces", "error.code-missing", "error.message-lower-case", "error.type-missing", "error.bare"]
)
def test_what_follows_from_a_reply_of_wrong_form_is_not_told_again(form: str, stand: Stand) -> None:
    assert codes(stand.sent(Call(UNKNOWN_JOB), alter=wrong_form(form).alter)) == []


def test_a_missing_wrapper_breaks_boto3_and_is_told_by_the_reply_alone(stand: Stand) -> None:
    exchange = stand.sent(Call(VALID), alter=wrong_form("result.wrapper-missing").alter)

    assert exchange.outcome == Broken("builtins.KeyError", "'UpdateJobResult'", sdk_error=False)
    assert codes(exchange) == []


def test_boto3_breaking_over_a_right_reply_is_found(stand: Stand) -> None:
    (found,) = find(replace(stand.answered(success()), outcome=Broken("builtins.KeyError", "'x'")))

    assert found.kind is sdk.BROKE
    assert found.observed == "builtins.KeyError: 'x'"
    assert found.key == ("builtins.KeyError",)


def test_each_member_that_boto3_reads_otherwise_is_found(stand: Stand) -> None:
    exchange = stand.answered(success(WarningMessage="careful"))

    found = find(replace(exchange, outcome=Returned({"Success": False, "Surprise": 1}, 200, "an-id")))

    assert [(finding.kind, finding.path, finding.expected, finding.observed) for finding in found] == [
        (sdk.VALUE, "/Success", "True", "False"),
        (sdk.VALUE, "/WarningMessage", "'careful'", "nothing"),
        (sdk.VALUE, "/Surprise", "nothing", "1"),
    ]
    assert [finding.key for finding in found] == [("Success",), ("WarningMessage",), ("Surprise",)]


def test_boto3_returning_a_value_for_a_refusal_is_found(stand: Stand) -> None:
    exchange = replace(stand.answered(refusal("InvalidJobIdException")), outcome=Returned({}, 400, "an-id"))

    (found,) = find(exchange)

    assert found.kind is sdk.VALUE
    assert (found.expected, found.observed) == ("a ClientError with InvalidJobIdException", "a value")


def test_boto3_raising_a_client_error_for_a_success_is_found(stand: Stand) -> None:
    outcome = Refused("InvalidJobIdException", None, None, 200, "InvalidJobIdException", None)

    (found,) = find(replace(stand.answered(success()), outcome=outcome))

    assert found.kind is sdk.VALUE
    assert (found.expected, found.observed) == ("a value", "InvalidJobIdException")


def test_what_the_sdk_must_reject_and_rejects_is_right(stand: Stand) -> None:
    exchange = stand.sent(Call({"JobId": 5, "Manifest": "m"}))

    assert isinstance(exchange.outcome, RejectedBySdk)
    assert len(exchange.complaints) == 3
    assert codes(exchange) == []


def test_the_sdk_rejecting_what_the_model_allows_is_found(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "sdk_rejects", lambda shape, value: ())

    (found,) = find(stand.sent(Call({**VALID, "JobId": 5})))

    assert found.kind is sdk.REJECTED
    assert "Invalid type for parameter JobId" in found.observed


def test_the_sdk_breaking_over_parameters_that_the_model_allows_is_found(stand: Stand) -> None:
    exchange = stand.sent(Call({**VALID, "JobId": "\ud800"}))

    (found,) = find(exchange)

    assert exchange.interaction is None
    assert found.kind is sdk.REJECTED
    assert found.key == ("builtins.UnicodeEncodeError",)


def test_the_sdk_breaking_over_parameters_that_it_must_reject_is_not_held_against_it(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "sdk_rejects", lambda shape, value: (Complaint("type", "$.JobId", "text", "5"),))

    assert codes(stand.sent(Call({**VALID, "JobId": "\ud800"}))) == []


def test_an_sdk_without_validation_sends_what_the_model_forbids_and_is_found(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = stand.judge.target
    options = {"parameter_validation": False}
    client = make_client(ClientSettings("importexport", target.url, target.region, target.credential, options))
    monkeypatch.setattr(stand.judge.caller, "sdk", Sdk(client, target.transport))

    (found,) = find(stand.sent(Call({key: value for key, value in VALID.items() if key != "JobType"})))

    assert found.kind is sdk.PASSED
    assert found.path == "$.JobType"
    assert found.expected == "ParamValidationError: a required member"
    assert found.key == ("required",)


@pytest.mark.parametrize(
    ("kind", "paths", "place"),
    [
        ("unknown", ["$.abc", "$.Tags[0].x.y"], "$"),
        ("type", ["$.Map['a'].Key", '$.Map["it\'s"].Key'], "$.Map[…].Key"),
        ("min", ["$.Map['a'](key)", "$.Map['b\\']['](key)"], "$.Map[…](key)"),
    ],
)
def test_names_that_a_case_made_up_do_not_tell_findings_apart(
    kind: str, paths: list[str], place: str, stand: Stand
) -> None:
    sent = stand.sent(Call(VALID))

    found = [find(replace(sent, complaints=(Complaint(kind, path, "else", "x"),)))[0] for path in paths]

    assert {finding.path for finding in found} == {place}
    assert len({finding.fingerprint for finding in found}) == 1
    assert all(shortened(path) in finding.observed for path, finding in zip(paths, found, strict=True))


def test_validation_is_not_looked_at_for_what_the_sdk_did_not_make(stand: Stand) -> None:
    exchange = stand.sent(Form((("Action", "UpdateJob"), ("Version", "2010-06-01"))))

    assert codes(replace(exchange, complaints=(Complaint("required", "$.JobId", "a member", "nothing"),))) == []


def test_a_transport_failure_is_nothing_that_the_sdk_rejected(stand: Stand) -> None:
    exchange = stand.sent(Call(VALID))

    assert codes(replace(exchange, outcome=Broken("timeout", "slow"), reading=None)) == []


@pytest.mark.parametrize("parameters", [VALID, UNKNOWN_JOB, WITH_ARTIFACT])
def test_the_sdk_is_right_about_right_replies(parameters: dict[str, Any], stand: Stand) -> None:
    assert codes(stand.sent(Call(parameters))) == []


def test_a_refusal_that_is_undeserved_is_not_the_sdk_s_doing(stand: Stand) -> None:
    assert codes(stand.answered(refusal("ExpiredJobIdException"), violation("InvalidJobIdException"))) == []
