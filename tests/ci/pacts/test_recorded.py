"""A call as an interaction: what is made of what was sent and came, and what is no interaction at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botoproof.cassettes.sensitive import STANDARD
from botoproof.ci.attempts import Attempt
from botoproof.ci.pacts.pact import Interaction
from botoproof.ci.pacts.recorded import Subject, record
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.codec.form import read_form, write_form
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential, sign_v4
from botoproof.contract.interaction import Reply, Request

from .conftest import SPECIFICATION

SUBJECT = Subject("importexport", SPECIFICATION)
FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
KEY = Credential("AKIA" + "B2C3D4E5F6G7H2J3", EXAMPLE_KEY.secret_access_key)
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def attempt(
    name: str, pairs: dict[str, str], reply: Reply, *, service: str = "importexport", method: str = "POST"
) -> Attempt:
    operation = read_operation(service, name)
    body = write_form([("Action", name), ("Version", operation.api_version), *pairs.items()])
    request = sign_v4(Request(method, "http://x/", FORM, body), KEY, SPECIFICATION.scope, NOW)
    return Attempt(operation, request, reply)


def success(name: str, value: dict[str, object], service: str = "importexport") -> Reply:
    return write_result(read_operation(service, name), value, request_id="of-this-run")


def made(
    one: Attempt, before: dict[str, str] | None = None, after: dict[str, str] | None = None, subject: Subject = SUBJECT
) -> Interaction:
    found = record(one, subject, before or {}, after or before or {}, STANDARD)
    assert isinstance(found, Interaction), found
    return found


def test_ids_become_those_of_their_states_in_request_and_reply() -> None:
    reply = success("GetStatus", {"JobId": "QQ1", "JobType": "Import", "CreationDate": NOW})

    one = made(attempt("GetStatus", {"JobId": "QQ1"}, reply), {"QQ1": "pending", "QQ2": "expired"})

    assert [(state.name, state.parameters) for state in one.states] == [("a pending job", {"id": "PND1A"})]
    assert dict(read_form((one.request.body or "").encode()).pairs)["JobId"] == "PND1A"
    assert "<JobId>PND1A</JobId>" in (one.reply.body or "")
    assert "2026" not in (one.reply.body or "")
    assert "of-this-run" not in (one.reply.body or "")


def test_two_resources_in_one_state_keep_apart() -> None:
    reply = success("ListJobs", {"Jobs": [{"JobId": "QQ1"}, {"JobId": "QQ2"}], "IsTruncated": False})

    one = made(attempt("ListJobs", {}, reply), {"QQ1": "pending", "QQ2": "pending"})

    assert [state.parameters["id"] for state in one.states] == ["PND1A", "PND2A"]
    assert one.description == "ListJobs given a pending job and a pending job succeeds"


def test_what_the_call_has_made_is_renamed_and_was_no_state_before() -> None:
    reply = success("CreateJob", {"JobId": "QQ1"})

    one = made(attempt("CreateJob", {"JobType": "Import"}, reply), {}, {"QQ1": "pending"})

    assert one.states == ()
    assert "<JobId>PND1A</JobId>" in (one.reply.body or "")


def test_a_success_holds_what_is_promised_and_texts_are_free() -> None:
    reply = success("UpdateJob", {"Success": True, "WarningMessage": "watch out"})
    sent = {"JobId": "QQ1", "Manifest": "m", "JobType": "Import", "ValidateOnly": "true"}

    one = made(attempt("UpdateJob", sent, reply), {"QQ1": "pending"})

    assert "watch out" not in (one.reply.body or "")
    assert [rule.path for rule in one.request.rules] == ["$.JobId", "$.Manifest"]
    assert one.description == "UpdateJob with JobType=Import and ValidateOnly=true given a pending job succeeds"


def test_a_refusal_is_met_by_what_was_sent_alone() -> None:
    refused = write_error("InvalidJobIdException", "no", request_id="r", namespace=None)

    one = made(attempt("GetStatus", {"JobId": "QQ1"}, refused))

    assert (one.request.rules, one.references["AWS"]["Error"]) == ((), "InvalidJobIdException")


def test_the_key_that_signed_becomes_the_published_example_and_other_secrets_go() -> None:
    text = f"accessKeyId: {KEY.access_key_id}\npinCode: 12345678\n"

    one = made(attempt("UpdateJob", {"JobId": "1", "Manifest": text}, success("UpdateJob", {"Success": True})))

    manifest = dict(read_form((one.request.body or "").encode()).pairs)["Manifest"]
    assert manifest == f"accessKeyId: {EXAMPLE_KEY.access_key_id}\npinCode: <pin-code:1>\n"
    assert [name for name, _ in one.request.headers] == ["Content-Type"]


def test_a_token_that_the_sdk_draws_is_the_same_every_time() -> None:
    name, service = "DetectStackSetDrift", "cloudformation"
    reply = success(name, {"OperationId": "o"}, service)
    subject = Subject(service, None)

    drawn = [
        made(attempt(name, {"StackSetName": "x", "OperationId": token}, reply, service=service), subject=subject)
        for token in ("4f9a21f5-2c1d-4b1e", "0b7b1c3e-8f4e-4a6b")
    ]

    assert drawn[0] == drawn[1]
    assert "StackSetName=x" in (drawn[0].request.body or "")


NOT = {
    "answered by a server error, which no provider promises": Reply(503, (), b""),
    "answered by what is no reply of the protocol": Reply(200, (("Content-Type", "text/html"),), b"<html/>"),
    "answered by what cannot be read as text": Reply(200, (("Content-Encoding", "br"),), b"\xff\xfe"),
}


@pytest.mark.parametrize("why", NOT)
def test_what_says_nothing_of_a_contract_is_no_interaction(why: str) -> None:
    assert record(attempt("ListJobs", {}, NOT[why]), SUBJECT, {}, {}, STANDARD) == why


def test_what_a_secret_would_be_left_in_is_no_interaction() -> None:
    reply = success("GetStatus", {"JobId": "1", "CurrentManifest": "<password>x</password>"})

    found = record(attempt("GetStatus", {"JobId": "1"}, reply), SUBJECT, {}, {}, STANDARD)

    assert found == "holding what looks like a secret that cannot be taken out (password)"


def test_a_request_by_get_is_no_interaction() -> None:
    found = record(attempt("ListJobs", {}, success("ListJobs", {}), method="GET"), SUBJECT, {}, {}, STANDARD)

    assert found == "not sent as a form"


def test_a_reply_with_members_that_nobody_knows_is_recorded_as_it_came() -> None:
    reply = success("GetStatus", {"JobId": "QQ1"})
    stray = Reply(200, reply.headers, reply.body.replace(b"</GetStatusResult>", b"<Stray>1</Stray></GetStatusResult>"))

    assert "<Stray>1</Stray>" in (made(attempt("GetStatus", {"JobId": "QQ1"}, stray)).reply.body or "")
