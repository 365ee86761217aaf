"""What the specification promises: one success, each documented error, in the words of the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import pytest
from botoproof.ci.embedded import open_embedded
from botoproof.ci.pacts.pact import Interaction
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.ci.pacts.rules import form_path
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.interaction import Reply
from botoproof.contract.model import Operation

from .conftest import SPECIFICATION

NAMESPACE = "http://importexport.amazonaws.com/doc/2010-06-01/"


def said(operation: Operation, interaction: Interaction) -> str | None:
    headers = interaction.reply.headers
    error = read_reply(operation, Reply(interaction.status, headers, (interaction.reply.body or "").encode())).error
    return None if error is None else error.code


def test_updatejob_succeeds_once_and_fails_once_with_each_documented_error(
    operations: Mapping[str, Operation], update_job: tuple[Interaction, ...]
) -> None:
    operation = operations["UpdateJob"]

    codes = [said(operation, one) for one in update_job]

    assert len(operation.errors) == 18
    assert codes == [None, *sorted(error.code for error in operation.errors)]
    assert [one.description for one in update_job[:2]] == [
        "UpdateJob succeeds",
        "UpdateJob fails with BucketPermissionException",
    ]


@pytest.mark.parametrize("name", SPECIFICATION.subjects)
def test_every_documented_error_is_written_or_told_as_left_out(name: str, operations: Mapping[str, Operation]) -> None:
    promised = promised_interactions(SPECIFICATION, name, operations)

    written = {one.references["AWS"].get("Error") for one in promised.interactions}
    left_out = {one.error for one in promised.left_out}
    assert written | left_out == {None, *(error.name for error in operations[name].errors)}
    assert not written & left_out
    assert all(one.why for one in promised.left_out)
    assert len({one.description for one in promised.interactions}) == len(promised.interactions)


def test_states_are_ours_and_name_the_id_that_the_request_uses(update_job: tuple[Interaction, ...]) -> None:
    sentences = {state.sentence for state in SPECIFICATION.states}

    for one in update_job:
        sent = dict(parse_qsl(one.request.body or ""))
        assert {state.name for state in one.states} <= sentences
        assert all(state.parameters == {"id": sent["JobId"]} for state in one.states)
    states = {one.description: [state.name for state in one.states] for one in update_job}
    assert states["UpdateJob fails with ExpiredJobIdException"] == ["an expired job"]
    assert states["UpdateJob fails with InvalidJobIdException"] == []


def test_the_request_is_what_the_sdk_sends(update_job: tuple[Interaction, ...]) -> None:
    success = dict(parse_qsl(update_job[0].request.body or ""))
    parameters = {name: success[name] for name in ("JobId", "Manifest", "JobType")}
    sent: list[str] = []
    with open_embedded("importexport") as endpoint:
        client = endpoint.client()
        client.meta.events.register_first("before-send", lambda request, **_: sent.append(request.body))

        with pytest.raises(client.exceptions.InvalidJobIdException):  # the job of the pact is not there
            client.update_job(**parameters, ValidateOnly=False)

    assert sent == [update_job[0].request.body]


def test_nothing_that_authenticates_is_in_an_interaction(update_job: tuple[Interaction, ...]) -> None:
    for one in update_job:
        assert [name for name, _ in one.request.headers] == ["Content-Type"]
        assert "Signature" not in (one.request.body or "")


def test_what_differs_from_the_success_must_be_met_literally(update_job: tuple[Interaction, ...]) -> None:
    rules = {one.description: [rule.path for rule in one.request.rules] for one in update_job}

    assert rules["UpdateJob succeeds"] == ["$.JobId", "$.JobType", "$.Manifest", "$.ValidateOnly"]
    assert rules["UpdateJob fails with InvalidParameterException"] == ["$.JobId", "$.Manifest", "$.ValidateOnly"]
    assert rules["UpdateJob fails with CanceledJobIdException"] == ["$.JobType", "$.Manifest", "$.ValidateOnly"]


def test_xml_rules_name_elements_with_their_namespace(update_job: tuple[Interaction, ...]) -> None:
    success, refused = update_job[0], update_job[1]

    assert [rule.path for rule in refused.reply.rules] == [
        f"$['{NAMESPACE}:ErrorResponse']['{NAMESPACE}:Error']['{NAMESPACE}:Message']['#text']",
        f"$['{NAMESPACE}:ErrorResponse']['{NAMESPACE}:RequestId']['#text']",
    ]
    # Success is promised to be true, and the warning is not promised at all.
    assert not any("Success" in rule.path for rule in success.reply.rules)
    assert "<Success>true</Success>" in (success.reply.body or "")
    assert "WarningMessage" not in (success.reply.body or "")


def test_a_numbered_key_of_a_form_is_one_step_of_a_path() -> None:
    assert form_path("jobIds.member.1") == "$['jobIds.member.1']"
