"""The same failures happen to two SDKs, and what a caller would feel is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.faults import Try, compare_tries, look
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.scripts import Script, failure_scripts, telling_scripts, written_out
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk
from botoproof.contract.adapters.models import read_operation

UPDATE_JOB = Scope(("importexport",), frozenset({"importexport.UpdateJob"}))
FIRST, RECOVERS = telling_scripts()[:2]
QUOTA = failure_scripts(read_operation("importexport", "UpdateJob"))[len(telling_scripts())]

Seen = tuple[str, str, str, str]


def mode(name: str) -> str:
    return f"import os; os.environ['AWS_RETRY_MODE'] = {name!r}"


def ended(
    attempts: int = 3, waits: tuple[float, ...] = (0.05, 0.1), raised: str = "", code: str = ""
) -> dict[str, Any]:
    end: dict[str, Any] = {"attempts": attempts, "waits": list(waits)}
    if not raised:
        return {**end, "returned": {}}
    return {**end, "raised": raised, "fields": {"Error": {"Code": code}}}


def differences(script: Script, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Seen]:
    found = compare_tries("x", "Op", [Try(script, before, after)])
    return [(change.rule, change.path, change.old, change.new) for change in found]


@pytest.mark.slow
def test_what_recovers_in_one_retry_mode_and_not_in_the_other_is_told(plant: Callable[[str], Sdk]) -> None:
    old, new = plant(mode("legacy")), plant(mode("standard"))

    seen = look(old, new, UPDATE_JOB, lambda _: None)

    told = {(change.rule, change.path, change.old, change.new) for change in seen.changes}
    assert seen.gaps == ()
    assert ("retry-default-changed", "status(503)", "5 attempts", "3 attempts") in told
    assert ("recovery-lost", "3*status(503)->ok", "returned", "ClientError(the status)") in told
    assert any(rule == "retry-quota-changed" and old == "5 x60" and new.endswith("1 x42") for rule, _, old, new in told)


@pytest.mark.slow
def test_the_installed_sdk_fails_as_it_does_itself() -> None:
    sdk = find_sdk(INSTALLED)

    seen = look(sdk, sdk, UPDATE_JOB, lambda _: None)

    assert (seen.looked, seen.changes, seen.gaps) == (1, (), ())


@pytest.mark.parametrize(
    ("before", "after", "there", "back"),
    [
        (
            ended(5, (1, 2, 4, 8), "ClientError", "503"),
            ended(3, (0.9, 1.8), "ClientError", "503"),
            ("retry-default-changed", "5 attempts", "3 attempts"),
            ("retry-default-changed", "3 attempts", "5 attempts"),
        ),
        (
            ended(3, (1, 2)),
            ended(3, (1, 2), "ClientError", "503"),
            ("recovery-lost", "returned", "ClientError(the status)"),
            ("recovery-gained", "ClientError(the status)", "returned"),
        ),
        (
            ended(3, (1, 2), "KeyError"),
            ended(3, (1, 2), "ResponseParserError"),
            ("exception-class-changed", "KeyError", "ResponseParserError"),
            ("exception-class-changed", "ResponseParserError", "KeyError"),
        ),
        (
            ended(3, (1, 2)),
            ended(3, (0.05, 2)),
            ("retry-delay-changed", *(f"up to {wait} s before the second attempt" for wait in ("1", "0.05"))),
            ("retry-delay-changed", *(f"up to {wait} s before the second attempt" for wait in ("0.05", "1"))),
        ),
    ],
)
def test_each_difference_is_one_change_and_its_mirror(
    before: dict[str, Any], after: dict[str, Any], there: tuple[str, str, str], back: tuple[str, str, str]
) -> None:
    found = differences(RECOVERS, [before], [after]), differences(RECOVERS, [after], [before])

    (rule, *values), (mirror, *mirrored) = there, back
    assert found == ([(rule, RECOVERS.name, *values)], [(mirror, RECOVERS.name, *mirrored)])
    assert RULES[rule].mirror in (mirror, "symmetric")


def test_what_is_read_without_the_service_recovering_is_a_matter_of_reading() -> None:
    found = differences(FIRST, [ended(1, (), "ConnectionClosedError")], [ended(1, ())])

    assert found == [("reply-accepted", FIRST.name, "ConnectionClosedError", "returned")]


def test_a_quota_that_is_used_up_is_told_and_fewer_attempts_of_every_call_are_not() -> None:
    steady, fewer = [ended(5)] * 60, [ended(3)] * 60
    used_up = [ended(3)] * 17 + [ended(2)] + [ended(1)] * 42

    assert differences(QUOTA, steady, used_up) == [("retry-quota-changed", QUOTA.name, "5 x60", "3 x17, 2, 1 x42")]
    assert differences(QUOTA, steady, fewer) == []


def test_failures_that_differ_alike_are_one_change_with_their_names() -> None:
    tries = [Try(one, [ended(5)], [ended(3)]) for one in (FIRST, RECOVERS)]

    (change,) = compare_tries("x", "Op", tries)

    assert change.path == "status(503)"
    assert change.evidence == "the failures status(503); 3*status(503)->ok"


@pytest.mark.parametrize(("service", "operation"), [("importexport", "UpdateJob"), ("sqs", "SendMessage")])
def test_failures_are_written_in_the_protocol_of_the_release(service: str, operation: str) -> None:
    subject = read_operation(service, operation)

    written = {one.name: written_out(one, subject) for one in failure_scripts(subject)}

    steps = [step for one in written.values() if one is not None for step in one["steps"]]
    assert {name for step in steps for name in step} == {"reply", "raise", "bytes"}
    assert written["3*status(503)->ok"] is not None
    assert [step["reply"][0] for step in written["3*status(503)->ok"]["steps"]] == [503, 503, 503, 200]
