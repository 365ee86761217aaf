"""A pact searched for mistakes: what we write has none, and each planted one is told by its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from botoproof.ci.pacts.lint import lint
from botoproof.ci.pacts.pact import FORM, GivenState, Interaction, Message, Pact, Rule
from botoproof.ci.pacts.paths import points_at_something
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.contract.model import Operation

from .conftest import SPECIFICATION

Plant = Callable[[Interaction], Interaction]


@pytest.mark.parametrize("name", SPECIFICATION.subjects)
def test_what_is_written_has_nothing_but_notes_of_what_could_not_be(
    name: str, operations: Mapping[str, Operation]
) -> None:
    promised = promised_interactions(SPECIFICATION, name, operations)

    found = lint(SPECIFICATION, Pact("c", "p", promised.interactions), operations)

    assert {finding.kind.code for finding in found} <= {"pact-error-unused"}
    assert [finding.key[0] for finding in found] == sorted(one.error or "" for one in promised.left_out)


def in_request(old: str, new: str) -> Plant:
    return lambda one: replace(one, request=replace(one.request, body=(one.request.body or "").replace(old, new)))


def in_reply(old: str, new: str) -> Plant:
    return lambda one: replace(one, reply=replace(one.reply, body=(one.reply.body or "").replace(old, new)))


def with_rule(path: str) -> Plant:
    return lambda one: replace(one, reply=replace(one.reply, rules=(Rule(path, ({"match": "type"},)),)))


def with_header(name: str) -> Plant:
    return lambda one: replace(one, request=replace(one.request, headers=(*one.request.headers, (name, "x"))))


SUCCESS, CANCELLED = "UpdateJob succeeds", "UpdateJob fails with CanceledJobIdException"
PLANTED: Mapping[str, tuple[str, Plant, str]] = {
    "a state that nobody knows": (
        SUCCESS,
        lambda one: replace(one, states=(GivenState("a pending jib"),)),
        "pact-state-unknown",
    ),
    "no state": (SUCCESS, lambda one: replace(one, states=()), "pact-state-missing"),
    "a rule without namespace": (SUCCESS, with_rule("$.UpdateJobResponse['#text']"), "pact-rule-unused"),
    "a rule that is no path": (SUCCESS, with_rule("UpdateJobResponse"), "pact-rule-unused"),
    "a signature": (SUCCESS, with_header("Authorization"), "pact-secret"),
    "a token": (SUCCESS, with_header("x-amz-security-token"), "pact-secret"),
    "a key in a body": (SUCCESS, in_request("CK-0001", "AKIA" + "B2C3D4E5F6G7H2J3"), "pact-secret"),
    "an unknown member": (SUCCESS, in_request("ValidateOnly", "ValidateOnyl"), "pact-request-forbidden"),
    "an unknown operation": (SUCCESS, in_request("Action=UpdateJob", "Action=UpdateJobs"), "pact-request-forbidden"),
    "a wrong type": (SUCCESS, in_request("ValidateOnly=false", "ValidateOnly=no"), "pact-request-forbidden"),
    "an undocumented error": (CANCELLED, in_reply("CanceledJobId", "CancelledJobId"), "pact-error-undocumented"),
    "a reply without wrapper": (SUCCESS, in_reply("UpdateJobResult>", "UpdateResult>"), "pact-reply-wrong"),
    "an error of another request": (CANCELLED, in_reply("CanceledJobId", "ExpiredJobId"), "pact-reply-undeserved"),
    "a success that is refused": (SUCCESS, in_request("my-import", "not-mine"), "pact-reply-undeserved"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_mistake_is_told(planted: str, pact: Pact, operations: Mapping[str, Operation]) -> None:
    description, plant, code = PLANTED[planted]
    changed = tuple(plant(one) if one.description == description else one for one in pact.interactions)

    found = [one for one in lint(SPECIFICATION, replace(pact, interactions=changed), operations) if one.path]

    assert changed != pact.interactions
    told = [one for one in found if one.kind.code == code]
    assert told
    assert {one.path for one in told} == {description}


def test_a_repeated_description_is_told_once(pact: Pact, operations: Mapping[str, Operation]) -> None:
    twice = replace(pact, interactions=(*pact.interactions, pact.interactions[0]))

    [found] = lint(SPECIFICATION, twice, operations)

    assert (found.kind.code, found.path, found.observed) == ("pact-description-repeated", SUCCESS, "2 interactions")


def test_an_error_that_the_consumer_never_meets_is_a_note(pact: Pact, operations: Mapping[str, Operation]) -> None:
    rest = tuple(one for one in pact.interactions if one.description != CANCELLED)

    [found] = lint(SPECIFICATION, replace(pact, interactions=rest), operations)

    assert (found.kind.code, found.key) == ("pact-error-unused", ("CanceledJobIdException",))


BODIES = {
    FORM: "JobId=1&jobIds.member.1=2",
    "text/xml": '<A xmlns="urn:x"><B a="1">t</B></A>',
}


@pytest.mark.parametrize(
    ("kind", "path", "there"),
    [
        (FORM, "$", True),
        (FORM, "$.JobId", True),
        (FORM, "$['jobIds.member.1']", True),
        (FORM, "$.JobId[0]", True),
        (FORM, "$.*", True),
        (FORM, "$.jobId", False),
        (FORM, "$.jobIds.member.1", False),
        ("text/xml", "$['urn:x:A']['urn:x:B']['#text']", True),
        ("text/xml", "$['urn:x:A']['urn:x:B']['@a']", True),
        ("text/xml", "$.*.*['#text']", True),
        ("text/xml", "$.A.B['#text']", False),
        ("text/xml", "$['urn:x:A']['urn:x:C']", False),
        ("text/xml", "$['urn:x:A']['urn:x:B']['@b']", False),
        ("text/xml", "A", False),
        ("application/json", "$.a", None),
    ],
)
def test_a_path_points_at_something_or_not(kind: str, path: str, there: bool | None) -> None:
    message = Message((("Content-Type", kind),), BODIES.get(kind, "{}"))

    assert points_at_something(path, message) is there
