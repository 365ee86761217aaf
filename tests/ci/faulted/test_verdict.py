"""What a run under a fault comes to, from journals written by hand."""

from __future__ import annotations

import botocore.exceptions
import botocore.parsers
import pytest
from botoproof.ci.faulted.calls import Call, Planned, Strike, read_injected
from botoproof.ci.faulted.marking import Marked, read_mark
from botoproof.ci.faulted.planning import Programme
from botoproof.ci.faulted.telling import fault_result
from botoproof.ci.faulted.verdict import Ended, Verdict, judge
from botoproof.contract.faults.journal import Attempt, CallRecord

CREATE = Call("importexport", "CreateJob")
LOST = Planned((Strike(CREATE, read_injected("response_lost")),))
USUAL = {("importexport", "CreateJob"): 1}


class Refused(Exception): ...


class Unsure(Exception): ...


MARK = read_mark((), {"survives": [Refused], "unknown": [Unsure]})


def attempt(number: int = 1, *served: int | None, struck: str = "x", inert: bool = False) -> Attempt:
    return Attempt(number, 0.0, struck, served, "ConnectionClosedError", inert=inert)


def call(*attempts: Attempt, outcome: str, operation: str = "CreateJob", number: int = 0) -> CallRecord:
    return CallRecord("importexport", operation, number, f"{operation}{number}", attempts, outcome)


def codes(verdict: Verdict) -> list[str]:
    return [one.kind.code for one in verdict.findings]


DONE_AND_LOST = call(attempt(1, 200), outcome="ConnectionClosedError")
NOT_DONE = call(attempt(1), outcome="EndpointConnectionError")
REFUSED = call(attempt(1), outcome="refused: NoSuchBucketException")
DONE_AND_REFUSED = call(attempt(1, 200), attempt(2, 400, struck=""), outcome="refused: X")
ABSORBED = call(attempt(1), attempt(2, 200, struck=""), outcome="returned")


@pytest.mark.parametrize(
    ("record", "error", "expected"),
    [
        (DONE_AND_LOST, Unsure(), []),
        (DONE_AND_LOST, Refused(), ["fault-unknown-as-failure"]),
        (DONE_AND_LOST, None, ["fault-unknown-as-success"]),
        (DONE_AND_LOST, ValueError(), ["fault-escaped"]),
        (NOT_DONE, Unsure(), []),
        (NOT_DONE, Refused(), []),
        (NOT_DONE, None, ["fault-swallowed"]),
        (REFUSED, Refused(), []),
        (REFUSED, None, ["fault-swallowed"]),
        (ABSORBED, None, []),
        (call(attempt(1, 200), attempt(2, 200, struck=""), outcome="returned"), None, ["fault-effect-duplicated"]),
        (DONE_AND_REFUSED, Refused(), ["fault-unknown-as-failure"]),
        (call(attempt(1, None), outcome="ReadTimeoutError"), Refused(), ["fault-unknown-as-failure"]),
    ],
)  # fmt: skip
def test_what_the_service_did_and_what_the_code_says_are_compared(
    record: CallRecord, error: Exception | None, expected: list[str]
) -> None:
    verdict = judge(LOST, [record], Ended(error), MARK, USUAL)

    assert codes(verdict) == expected
    assert verdict.word == ("not survived" if expected else "survived")


def test_a_later_success_of_the_same_operation_or_of_a_fallback_makes_it_good() -> None:
    again = call(attempt(1, 200, struck=""), outcome="returned", number=1)
    anyway = call(attempt(1, 200, struck=""), outcome="returned", operation="ListJobs")
    fallback = call(attempt(1, 200, struck=""), outcome="returned", operation="ListJobs", number=1)
    usual = {**USUAL, ("importexport", "ListJobs"): 1}

    def said(*calls: CallRecord, usual: dict[tuple[str, str], int] | None = usual) -> str:
        return judge(LOST, calls, Ended(), MARK, usual).word

    assert said(NOT_DONE, again) == "survived"
    assert said(NOT_DONE, fallback) == "survived"
    assert said(NOT_DONE, anyway) == "not survived"
    assert said(anyway, NOT_DONE) == "not survived"
    assert said(NOT_DONE, anyway, usual=None) == "undecided"


def test_a_test_that_asked_what_was_injected_judges_success_itself() -> None:
    assert judge(LOST, [NOT_DONE], Ended(looked=True), MARK, USUAL).word == "survived"
    assert judge(LOST, [DONE_AND_LOST], Ended(Refused(), looked=True), MARK, USUAL).word == "survived"
    assert judge(LOST, [DONE_AND_LOST], Ended(ValueError(), looked=True), MARK, USUAL).word == "not survived"


@pytest.mark.parametrize("twice", [False, True])
def test_effects_are_counted_over_all_calls_of_the_operation(twice: bool) -> None:
    again = call(attempt(1, 200, struck=""), outcome="returned", number=1)
    usual = {("importexport", "CreateJob"): 2 if twice else 1}

    verdict = judge(LOST, [DONE_AND_LOST, again], Ended(), MARK, usual)

    assert codes(verdict) == ([] if twice else ["fault-effect-duplicated"])


@pytest.mark.parametrize(("operation", "harmless"), [("GetStatus", True), ("ListJobs", True), ("CancelJob", False)])
def test_operations_that_change_nothing_may_take_effect_several_times(operation: str, harmless: bool) -> None:
    target = Planned((Strike(Call("importexport", operation), read_injected("response_lost")),))
    record = call(attempt(1, 200), attempt(2, 200, struck=""), outcome="returned", operation=operation)

    assert (codes(judge(target, [record], Ended(), MARK, None)) == []) is harmless
    assert codes(judge(target, [record], Ended(), read_mark((), {"idempotent": operation}), None)) == []


def test_a_token_makes_the_attempts_of_a_call_one_but_not_two_calls() -> None:
    target = Planned((Strike(Call("ec2", "RunInstances"), read_injected("response_lost")),))
    record = CallRecord("ec2", "RunInstances", 0, "i", (attempt(1, 200), attempt(2, 200, struck="")), "returned")
    again = CallRecord("ec2", "RunInstances", 1, "j", (attempt(1, 200, struck=""),), "returned")
    usual = {("ec2", "RunInstances"): 1}

    assert codes(judge(target, [record], Ended(), MARK, usual)) == []
    assert codes(judge(target, [record, again], Ended(), MARK, usual)) == ["fault-effect-duplicated"]


@pytest.mark.parametrize(
    ("error", "is_unsure"),
    [
        (botocore.exceptions.ReadTimeoutError(endpoint_url="u"), True),
        (botocore.exceptions.ConnectionClosedError(endpoint_url="u"), True),
        (botocore.parsers.ResponseParserError(), True),
        (botocore.exceptions.EndpointConnectionError(endpoint_url="u"), False),
        (botocore.exceptions.ClientError({}, "o"), False),
    ],
)
def test_botocore_s_own_errors_say_whether_the_outcome_is_known(error: Exception, is_unsure: bool) -> None:
    mark = read_mark((), {"survives": Exception})

    assert codes(judge(LOST, [DONE_AND_LOST], Ended(error), mark, USUAL)) == (
        [] if is_unsure else ["fault-unknown-as-failure"]
    )


def test_an_exception_that_is_called_unknown_says_so() -> None:
    class OutcomeUnknown(Exception): ...

    assert read_mark((), {"survives": [Refused, OutcomeUnknown]}).unknown == (OutcomeUnknown,)
    assert read_mark((), {"survives": [OutcomeUnknown], "unknown": []}).unknown == ()


@pytest.mark.parametrize(
    ("error", "raised_by", "told"),
    [
        (botocore.exceptions.ClientError({}, "o"), "botocore", "a plain ClientError"),
        (botocore.exceptions.EndpointConnectionError(endpoint_url="u"), "botocore", "a BotoCoreError"),
        (botocore.parsers.ResponseParserError(), "botocore", "no BotoCoreError"),
        (KeyError("UpdateJobResult"), "botocore", "a bare one out of botocore"),
        (KeyError("Success"), "shipping", "the code's own"),
    ],
)
def test_sorts_of_exceptions_that_escape_are_told_apart(error: Exception, raised_by: str, told: str) -> None:
    [found] = judge(LOST, [DONE_AND_LOST], Ended(error, raised_by=raised_by), MARK, USUAL).findings

    assert told in found.observed


def test_budgets_hold() -> None:
    record = call(attempt(1), attempt(2), attempt(3), outcome="EndpointConnectionError")

    def found(ended: Ended, **options: float) -> list[str]:
        return codes(judge(LOST, [record], ended, read_mark((), {"survives": Exception, **options}), USUAL))

    assert found(Ended(Refused()), attempts=3) == []
    assert found(Ended(Refused()), attempts=2) == ["fault-attempts"]
    assert found(Ended(Refused(), seconds=10.0), deadline=10) == []
    assert found(Ended(Refused(), seconds=10.5), deadline=10) == ["fault-deadline"]
    assert found(Ended(BaseException(), runaway=True)) == ["fault-attempts"]


def test_a_fault_that_did_not_strike_or_changed_nothing_proves_nothing() -> None:
    untouched = call(attempt(1, 200, struck=""), outcome="returned")
    inert = call(attempt(1, 200, inert=True), outcome="returned")

    assert judge(LOST, [untouched], Ended(), Marked()).word == "not struck"
    assert judge(LOST, [], Ended(), Marked()).word == "not struck"
    assert judge(LOST, [inert], Ended(), Marked()).word == "nothing changed"
    assert codes(judge(LOST, [], Ended(), Marked((CREATE,)))) == ["fault-unstruck"]


def test_a_finding_is_recognised_by_call_and_fault_whatever_the_journal_says() -> None:
    [one] = judge(LOST, [NOT_DONE], Ended(), MARK, USUAL).findings
    [same] = judge(LOST, [NOT_DONE], Ended(lines=("a.py:3 in f",)), MARK, USUAL).findings
    other = Planned((Strike(CREATE, read_injected("dns")),))
    [another] = judge(other, [NOT_DONE], Ended(), MARK, USUAL).findings

    assert one.fingerprint == same.fingerprint != another.fingerprint


def test_a_call_that_was_struck_as_made_again_is_no_fallback() -> None:
    again = call(attempt(1), outcome="EndpointConnectionError", number=1)
    fallback = call(attempt(1, 200, struck=""), outcome="returned", operation="ListJobs")
    verdict = judge(LOST, [NOT_DONE, again, fallback], Ended(), MARK, USUAL)

    result = fault_result("t", "t[x]", LOST, verdict, (NOT_DONE, again, fallback), Ended(), Programme())

    assert [seen[1] for seen in result["seen"]] == ["ListJobs"]
