"""Refusals and acceptances, judged by what the request deserves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from botoproof.contract.case import Call
from botoproof.contract.checks import errors
from botoproof.contract.common_errors import COMMON_ERRORS, SERVER_ERRORS, THROTTLING_ERRORS
from botoproof.contract.exchange import Exchange
from botoproof.contract.expectation import Violation
from botoproof.contract.finding import Evidence, Finding
from botoproof.contract.interaction import Reply
from hypothesis import given
from hypothesis import strategies as st

from .stand import UPDATE, VALID, Stand, open_stand, refusal, success, violation

D, O, I = Evidence  # noqa: E741 - documented, observed, inferred
CHECKS = (
    errors.error_is_documented,
    errors.error_is_deserved,
    errors.undeserving_request_is_refused,
    errors.valid_request_is_accepted,
    errors.request_does_not_break_the_service,
    errors.status_and_fault_fit_the_error,
)
INVALID, EXPIRED, CANCELED = "InvalidJobIdException", "ExpiredJobIdException", "CanceledJobIdException"
STAND = open_stand()


def find(exchange: Exchange) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(exchange)]


def codes(exchange: Exchange) -> list[str]:
    return [finding.kind.code for finding in find(exchange)]


def only(findings: Iterable[Finding], code: str) -> Finding:
    (found,) = [finding for finding in findings if finding.kind.code == code]
    return found


def test_an_undeserved_error_carries_the_evidence_of_the_name_and_the_source_of_the_rule(stand: Stand) -> None:
    broken = violation(INVALID, rule="job.unknown", evidence=D, naming=O)

    (found,) = find(stand.answered(refusal(EXPIRED), broken))

    assert found.kind is errors.UNDESERVED
    assert found.evidence is O
    assert found.key == (EXPIRED, "job.unknown")
    assert found.source == "where job.unknown stands"
    assert found.expected == "InvalidJobIdException: the reason"
    assert found.observed == EXPIRED


def test_silent_acceptance_carries_the_evidence_of_the_refusal_not_of_the_name(stand: Stand) -> None:
    broken = violation(INVALID, rule="job.unknown", evidence=O, naming=I)

    (found,) = find(stand.answered(success(), broken))

    assert found.kind is errors.ACCEPTED
    assert found.evidence is O
    assert found.key == ("job.unknown",)
    assert found.source == "where job.unknown stands"


def test_a_refusal_of_a_valid_request_carries_the_evidence_of_success_and_the_message(stand: Stand) -> None:
    (found,) = find(stand.answered(refusal(INVALID, "No such job"), evidence=I))

    assert found.kind is errors.REFUSED
    assert found.evidence is I
    assert found.source == "where success is promised"
    assert found.observed == "InvalidJobIdException: No such job"
    assert found.key == (INVALID,)


@pytest.mark.parametrize("code", [INVALID, EXPIRED, CANCELED])
def test_of_several_broken_rules_each_one_s_error_is_right(code: str, stand: Stand) -> None:
    """No order of precedence is documented."""
    broken = (violation(INVALID, rule="one"), violation(EXPIRED, CANCELED, rule="two"))

    assert codes(stand.answered(refusal(code), *broken)) == []


def test_of_several_broken_rules_the_best_founded_certain_one_is_told(stand: Stand) -> None:
    broken = (
        violation(INVALID, rule="weak", evidence=I),
        violation(INVALID, rule="open", evidence=D, certain=False),
        violation(INVALID, rule="strong", evidence=O),
    )

    assert only(find(stand.answered(refusal(EXPIRED), *broken)), "error-undeserved").key == (EXPIRED, "strong")
    assert only(find(stand.answered(success(), *broken)), "accepted-in-silence").key == ("strong",)


def test_where_it_is_open_whether_a_request_is_refused_both_answers_are_right(stand: Stand) -> None:
    broken = violation(INVALID, certain=False)

    assert codes(stand.answered(success(), broken)) == []
    assert codes(stand.answered(refusal(INVALID), broken)) == []


def test_where_it_is_open_whether_a_request_is_refused_another_error_is_only_a_note(stand: Stand) -> None:
    (found,) = find(stand.answered(refusal(EXPIRED), violation(INVALID, evidence=D, certain=False)))

    assert found.kind is errors.UNDESERVED
    assert found.evidence is I


@pytest.mark.parametrize("reply", [success(), refusal(INVALID), refusal("ValidationError"), refusal("NoSuchVersion")])
def test_an_undecided_request_may_succeed_or_be_refused_with_documented_and_common_errors(
    reply: Reply, stand: Stand
) -> None:
    assert codes(stand.answered(reply, undecided="nobody knows")) == []
    assert codes(stand.answered(reply, violation(EXPIRED), undecided="nobody knows")) == []


def test_an_undecided_request_must_still_not_get_an_error_from_nowhere(stand: Stand) -> None:
    (found,) = find(stand.answered(refusal("JobNotFound"), undecided="nobody knows"))

    assert found.kind is errors.UNDOCUMENTED
    assert found.key == ("JobNotFound",)
    assert found.expected == "one of the operation's documented errors"


def test_a_common_error_without_cause_is_undocumented(stand: Stand) -> None:
    assert codes(stand.answered(refusal("ValidationError"), violation(INVALID))) == ["error-undocumented"]
    assert codes(stand.answered(refusal("ValidationError"))) == ["error-undocumented", "valid-request-refused"]


UNSIGNED = violation("MissingAuthenticationToken", rule="unsigned", evidence=D, naming=I)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidSignatureException"])
def test_where_the_expected_name_is_recollected_another_name_from_outside_the_list_is_a_note(
    code: str, stand: Stand
) -> None:
    """No page of the service says how it calls a request that is not signed, or that names no operation."""
    (found,) = find(stand.answered(refusal(code), UNSIGNED))

    assert found.kind is errors.UNDOCUMENTED
    assert found.evidence is I
    assert found.key == (code, "unsigned")
    assert found.source == "where unsigned stands"


def test_a_name_that_may_answer_the_worst_founded_of_several_rules_is_a_note(stand: Stand) -> None:
    broken = (violation(INVALID, rule="job.unknown", evidence=D), UNSIGNED)

    assert only(find(stand.answered(refusal("AccessDenied"), *broken)), "error-undocumented").evidence is I


def test_the_operations_list_excludes_a_name_of_the_endpoints_own_however_the_rule_is_founded(stand: Stand) -> None:
    (found,) = find(stand.answered(refusal("JobNotFound"), violation(INVALID, evidence=I)))

    assert found.kind is errors.UNDOCUMENTED
    assert found.evidence is D
    assert found.key == ("JobNotFound",)


def test_a_common_error_for_an_ill_made_request_is_a_note_where_no_page_names_another(stand: Stand) -> None:
    reply = refusal("ValidationError")

    assert only(find(stand.answered(reply, violation(INVALID, naming=I))), "error-undocumented").evidence is I
    assert only(find(stand.answered(reply, violation(INVALID, naming=O))), "error-undocumented").evidence is D


def test_a_common_error_that_a_rule_names_is_right(stand: Stand) -> None:
    assert codes(stand.answered(refusal("RequestExpired"), violation("RequestExpired"))) == []


def test_the_error_of_another_operation_is_undocumented_though_the_model_has_it(stand: Stand) -> None:
    code = next(error.code for error in UPDATE.service_errors if error.code not in UPDATE.error_codes)

    assert codes(stand.answered(refusal(code), violation(INVALID))) == ["error-undocumented"]


def test_a_code_that_is_documented_beside_the_model_is_documented(stand: Stand) -> None:
    reply = refusal("InvalidClientTokenIdException", status=403)

    assert codes(stand.answered(reply, violation(INVALID))) == ["error-undeserved"]
    assert codes(stand.answered(reply, violation("InvalidClientTokenIdException"))) == []


@pytest.mark.parametrize("code", sorted(THROTTLING_ERRORS))
@pytest.mark.parametrize("status", [400, 429, 503])
def test_nothing_is_concluded_from_throttling(code: str, status: int, stand: Stand) -> None:
    reply = refusal(code, status=status, fault="Sender" if status < 500 else "Receiver")

    assert codes(stand.answered(reply)) == []
    assert codes(stand.answered(reply, violation(INVALID))) == []


@pytest.mark.parametrize("code", sorted(SERVER_ERRORS))
def test_a_server_s_own_error_is_found_whatever_its_status(code: str, stand: Stand) -> None:
    found = only(find(stand.answered(refusal(code, status=400), violation(INVALID))), "server-error")

    assert found.observed == f"HTTP 400, {code}"
    assert found.expected == INVALID
    assert found.key == ("400",)


def test_a_status_of_the_5xx_is_a_server_error_whatever_the_code(stand: Stand) -> None:
    findings = find(stand.answered(refusal(INVALID, status=502, fault="Receiver"), violation(INVALID)))

    assert [finding.kind.code for finding in findings] == ["server-error", "error-http-status"]
    assert only(findings, "server-error").observed == "HTTP 502, InvalidJobIdException"


@pytest.mark.parametrize(
    ("undecided", "violations", "expected"),
    [
        ("", (), "a success"),
        ("", (violation(INVALID), violation(EXPIRED)), "InvalidJobIdException or ExpiredJobIdException"),
        ("nobody knows", (violation(INVALID),), "a success, or a refusal with 4xx"),
    ],
)
def test_a_server_error_is_told_with_what_would_have_been_right(
    undecided: str, violations: tuple[Violation, ...], expected: str, stand: Stand
) -> None:
    reply = Reply(500, (), b"<html>sorry</html>")

    found = only(find(stand.answered(reply, *violations, undecided=undecided)), "server-error")

    assert (found.expected, found.observed) == (expected, "HTTP 500")


def test_a_reply_of_departing_form_with_the_right_code_is_right_for_these_checks(stand: Stand) -> None:
    reply = refusal(f" {INVALID}\n")

    assert codes(stand.answered(reply, violation(INVALID))) == []


def test_an_error_without_code_says_nothing(stand: Stand) -> None:
    assert codes(stand.answered(refusal(""), violation(INVALID))) == []


@pytest.mark.parametrize("status", [401, 404, 409])
def test_the_documented_status_of_an_error_is_asked_for(status: int, stand: Stand) -> None:
    (found,) = find(stand.answered(refusal(INVALID, status=status), violation(INVALID)))

    assert found.kind is errors.STATUS
    assert (found.expected, found.observed) == ("400 with InvalidJobIdException", str(status))
    assert found.evidence is D
    assert found.key == (INVALID,)


@pytest.mark.parametrize("status", [400, 409, 499])
def test_an_error_whose_status_no_page_gives_may_have_any_of_the_4xx(status: int, stand: Stand) -> None:
    code = next(code for code in sorted(UPDATE.error_codes) if stand.judge.allowance.statuses(code) is None)

    assert codes(stand.answered(refusal(code, status=status), violation(code))) == []


def test_an_error_whose_status_no_page_gives_with_5xx_is_inferred_to_be_wrong(stand: Stand) -> None:
    code = next(code for code in sorted(UPDATE.error_codes) if stand.judge.allowance.statuses(code) is None)

    found = only(
        find(stand.answered(refusal(code, status=500, fault="Receiver"), violation(code))), "error-http-status"
    )

    assert found.evidence is I
    assert found.expected == f"4xx with {code}"


@pytest.mark.parametrize(("status", "fault", "wanted"), [(400, "Receiver", "Sender"), (500, "Sender", "Receiver")])
def test_the_side_at_fault_follows_the_status(status: int, fault: str, wanted: str, stand: Stand) -> None:
    found = only(find(stand.answered(refusal("X", status=status, fault=fault))), "error-fault-side")

    assert found.path == "/ErrorResponse/Error/Type"
    assert found.expected == f"{wanted} with HTTP {status}"
    assert found.observed == fault
    assert found.key == (wanted,)


def test_a_type_that_is_neither_side_is_left_to_the_form(stand: Stand) -> None:
    assert codes(stand.answered(refusal(INVALID, fault="Client"), violation(INVALID))) == []


def test_an_error_with_status_200_is_left_to_the_form_but_still_judged_by_its_code(stand: Stand) -> None:
    assert codes(stand.answered(refusal(EXPIRED, status=200), violation(INVALID))) == ["error-undeserved"]


def test_a_request_that_was_not_sent_is_not_judged(stand: Stand) -> None:
    assert codes(stand.sent(Call({}))) == []


@pytest.mark.parametrize("reply", [Reply(200, (), b""), Reply(200, (), b"<a/>"), Reply(404, (), b"<html/>")])
def test_a_reply_that_says_nothing_is_neither_accepted_nor_refused(reply: Reply, stand: Stand) -> None:
    assert codes(stand.answered(reply, violation(INVALID))) == []
    assert codes(stand.answered(reply)) == []


def test_a_success_of_a_valid_request_is_right(stand: Stand) -> None:
    assert codes(stand.sent(Call(VALID))) == []


# Where nobody said what the endpoint holds


def on_assumed_world(exchange: Exchange, *codes: str) -> list[Finding]:
    assert exchange.expectation is not None
    return find(replace(exchange, expectation=exchange.expectation.on_assumed_world(frozenset(codes))))


NO_BUCKET = replace(violation("NoSuchBucketException", rule="bucket.unknown"), reads_world=True)


def test_what_an_assumed_world_deserves_is_inferred_and_says_so(stand: Stand) -> None:
    for reply in (success(), refusal(INVALID)):
        (found,) = on_assumed_world(stand.answered(reply, NO_BUCKET))

        assert found.evidence is I
        assert found.source == "assumed world; where bucket.unknown stands"
        assert found.expected.endswith("the reason (the world is assumed, as no [world] is configured)")
        assert find(stand.answered(reply, NO_BUCKET))[0].evidence is D


def test_a_rule_that_does_not_read_the_world_is_as_well_founded_on_an_assumed_one(stand: Stand) -> None:
    (found,) = on_assumed_world(stand.answered(success(), violation(INVALID), NO_BUCKET))

    assert (found.evidence, found.source) == (D, "where a.rule stands")


@pytest.mark.parametrize(("codes", "evidence"), [(["NoSuchBucketException"], I), ([EXPIRED], D)])
def test_a_refusal_by_which_an_endpoint_says_that_it_lacks_what_was_assumed_is_inferred(
    stand: Stand, codes: list[str], evidence: Evidence
) -> None:
    valid = stand.answered(refusal("NoSuchBucketException"))
    otherwise_wrong = stand.answered(refusal("NoSuchBucketException"), violation(INVALID))

    for exchange in (valid, otherwise_wrong):
        (found,) = on_assumed_world(exchange, *codes)

        assert found.evidence is evidence
        assert ("the world is assumed" in found.expected) is (evidence is I)
        assert found.source.startswith("assumed world; ") is (evidence is I)


ANY_CODE = st.sampled_from(sorted(UPDATE.error_codes | COMMON_ERRORS | {"JobNotFound"}))
VIOLATIONS = st.lists(
    st.builds(
        lambda codes, certain, evidence, naming: violation(*codes, certain=certain, evidence=evidence, naming=naming),
        st.lists(ANY_CODE, min_size=1, max_size=2),
        st.booleans(),
        st.sampled_from(Evidence),
        st.sampled_from(Evidence),
    ),
    max_size=3,
)


@given(violations=VIOLATIONS, code=ANY_CODE, undecided=st.sampled_from(["", "nobody knows"]))
def test_a_deserved_code_is_never_a_finding(violations: list[Violation], code: str, undecided: str) -> None:
    exchange = STAND.answered(refusal(code), violation(code), *violations, undecided=undecided)

    assert not {"error-undocumented", "error-undeserved", "valid-request-refused"} & set(codes(exchange))


@given(violations=VIOLATIONS, code=ANY_CODE)
def test_every_refusal_has_at_most_one_finding_about_its_code_unless_the_request_was_valid(
    violations: list[Violation], code: str
) -> None:
    found = codes(STAND.answered(refusal(code), *violations))

    about_code = {"error-undocumented", "error-undeserved", "server-error"} & set(found)
    assert len(about_code) <= 1
    assert ("valid-request-refused" in found) <= (not violations)


@given(violations=VIOLATIONS)
def test_a_success_is_a_finding_exactly_where_a_rule_is_certainly_broken(violations: list[Violation]) -> None:
    found = codes(STAND.answered(success(), *violations))

    assert found == (["accepted-in-silence"] if any(broken.certain for broken in violations) else [])
