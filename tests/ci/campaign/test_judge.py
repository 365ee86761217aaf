"""One case sent, and all that the checks look at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.states import States
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.checks import find
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import BadConfiguration, UnsupportedProtocol
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.outcome import Broken, Refused, RejectedBySdk, Returned
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.specification import ImportExport, default_world
from botoproof.contract.services.importexport.world import JobState

from .runs import FEW, OPERATIONS, AlteredEndpoint, action, judge_of, refusal, target_of

VALID = {"JobId": "~pending~", "Manifest": base_import(default_world()), "JobType": "Import", "ValidateOnly": True}
NEW = {name: value for name, value in VALID.items() if name != "JobId"}
PAIRS = (("Version", "2010-06-01"), *((name, str(value).replace("True", "true")) for name, value in VALID.items()))


def test_placeholders_become_the_ids_of_the_run_in_case_and_request() -> None:
    judge = judge_of()
    list(States(judge).prepare())

    for sent in (Call(VALID), Form((("Action", "UpdateJob"), *PAIRS))):
        exchange = judge.exchange(Case("UpdateJob", sent))

        assert isinstance(exchange.outcome, Returned)
        assert exchange.interaction is not None
        assert judge.ids["pending"].encode() in exchange.interaction.request.body
        assert exchange.case.references() == frozenset()


def test_the_expectation_comes_from_the_request_as_sent_and_not_from_the_label() -> None:
    judge = judge_of()
    list(States(judge).prepare())

    exchange = judge.exchange(Case("UpdateJob", Call(VALID), label="call: JobId changed"))

    assert exchange.expectation is not None
    assert exchange.expectation.must_succeed


def test_what_the_sdk_rejects_has_complaints_and_nothing_else() -> None:
    exchange = judge_of().exchange(Case("UpdateJob", Call({"JobId": 5})), repeat=True)

    assert isinstance(exchange.outcome, RejectedBySdk)
    assert {complaint.path for complaint in exchange.complaints} == {
        "$.JobId",
        "$.Manifest",
        "$.JobType",
        "$.ValidateOnly",
    }
    assert (exchange.interaction, exchange.reading, exchange.expectation, exchange.repeated) == (None,) * 4


def test_a_form_that_names_another_operation_is_judged_as_that_one() -> None:
    exchange = judge_of().exchange(Case("UpdateJob", Form((("Action", "ListJobs"), ("Version", "2010-06-01")))))

    assert str(exchange.operation) == "importexport.ListJobs"
    assert exchange.reading is not None
    assert exchange.reading.departures == ()
    assert isinstance(exchange.outcome, Returned)
    assert exchange.outcome.value["IsTruncated"] is False


def test_a_request_that_names_no_operation_is_judged_as_the_one_it_was_made_for() -> None:
    exchange = judge_of().exchange(Case("UpdateJob", Raw(b"")))

    assert str(exchange.operation) == "importexport.UpdateJob"
    assert exchange.expectation is not None
    assert "MissingAction" in exchange.expectation.codes


def test_a_request_without_reply_has_an_expectation_but_no_reading_and_is_not_repeated() -> None:
    def answering(request: Request, reply: Reply) -> Reply:
        raise KeyError("inside")

    endpoint = AlteredEndpoint(answering)
    exchange = judge_of(endpoint).exchange(Case("UpdateJob", Form(PAIRS)), repeat=True)

    assert exchange.outcome == Broken("crash", "KeyError: 'inside'", sdk_error=True)
    assert exchange.reading is None
    assert exchange.expectation is not None
    assert exchange.repeated is None
    assert len(endpoint.asked) == 1


def test_a_repeated_request_is_the_same_and_its_outcome_is_kept() -> None:
    endpoint = AlteredEndpoint()
    exchange = judge_of(endpoint).exchange(Case("UpdateJob", Call({**VALID, "JobId": "ZZZZZ"})), repeat=True)

    assert endpoint.asked[0] is endpoint.asked[1]
    assert isinstance(exchange.repeated, Refused)
    assert exchange.repeated.code == "InvalidJobIdException"


def test_a_call_is_seen_by_the_endpoint_as_the_sdk_sent_it() -> None:
    endpoint = AlteredEndpoint()
    exchange = judge_of(endpoint).exchange(Case("UpdateJob", Call(VALID)))

    assert exchange.interaction is not None
    assert exchange.interaction.request is endpoint.asked[0]
    assert action(endpoint.asked[0]) == "UpdateJob"


def test_what_the_specification_allows_in_every_reply_is_handed_to_the_checks() -> None:
    allowance = judge_of().allowance

    assert allowance.namespaces == FEW.namespaces
    assert allowance.other_codes == {"InvalidClientTokenIdException": 403}
    assert allowance.statuses("InvalidJobIdException") == 400
    assert allowance.secrets == (EXAMPLE_KEY.secret_access_key,)
    assert EXAMPLE_KEY.secret_access_key not in repr(allowance)


@pytest.mark.parametrize(("length", "looked_for"), [(0, False), (4, False), (15, False), (16, True), (40, True)])
def test_a_secret_that_may_stand_anywhere_by_chance_is_not_looked_for(length: int, looked_for: bool) -> None:
    """Emulators take "test" for a secret."""
    secret = "s" * length

    assert judge_of(credential=Credential("AKIATEST", secret)).allowance.secrets == ((secret,) if looked_for else ())


def test_bytes_that_come_between_a_request_and_the_same_again_are_told_with_it() -> None:
    sent = Case("UpdateJob", Raw(b"Action=UpdateJob"))
    stray = iter([b"", b"\r\n"])
    target = target_of()
    judge = judge_of(transport=lambda request: replace(target.transport(request), stray=next(stray)))

    found = find(judge.exchange(sent, repeat=True))

    assert [finding.observed for finding in found if finding.kind.code == "reply-stray-bytes"] == [r"b'\r\n'"]


@pytest.mark.parametrize("case", [Case("UpdateJob", Call(VALID)), Case("UpdateJob", Raw(b"Action=UpdateJob"))])
def test_of_a_secret_in_a_reply_only_the_mark_is_left(case: Case) -> None:
    secret = "Xr7/+eal0ne-40-characters-long+secret/ke"
    reply = refusal("InvalidJobIdException", message=f"{'x' * 100}{secret}")
    judge = judge_of(AlteredEndpoint(lambda *_: reply), credential=Credential("AKIAMINE", secret))

    exchange = judge.exchange(case)

    assert "leak-secret" in [finding.kind.code for finding in find(exchange)]
    assert secret[:12] not in repr(exchange)
    assert secret[:12] not in repr(find(exchange))


def test_a_region_that_is_none_is_told_in_words() -> None:
    with pytest.raises(
        BadConfiguration,
        match=r"^the SDK makes no client for http://embedded\.invalid in 'no region!': .*no region!",
    ):
        open_judge(FEW, target_of(region="no region!"))


class OtherProtocol(ImportExport):
    """A service that does not speak the query protocol."""

    @property
    def service(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] - a field there, fixed here
        return "dynamodb"


def test_a_service_of_another_protocol_is_refused_in_words() -> None:
    with pytest.raises(
        UnsupportedProtocol,
        match=(
            r"^dynamodb speaks json with the installed botocore; "
            r"botoproof can so far hold only query-protocol services to their contract$"
        ),
    ):
        open_judge(object.__new__(OtherProtocol), target_of())


def test_the_time_limit_of_the_target_goes_with_each_exchange() -> None:
    judge = judge_of(AlteredEndpoint(lambda request, reply: refusal("X")), time_limit=2.5)

    assert judge.exchange(Case("UpdateJob", Raw(b""))).time_limit == 2.5


def test_the_judge_knows_every_operation_of_the_model() -> None:
    assert judge_of().operations == OPERATIONS


def test_what_a_reply_says_was_made_is_known_and_not_made_again() -> None:
    endpoint = AlteredEndpoint()
    judge = judge_of(endpoint)

    exchange = judge.exchange(Case("CreateJob", Call({**NEW, "ValidateOnly": False})), repeat=True)

    assert isinstance(exchange.outcome, Returned)
    assert [made.resource_id for made in judge.budget.made] == [exchange.outcome.value["JobId"]] == list(endpoint.made)
    assert judge.world.job(judge.budget.made[0].resource_id).state is JobState.PENDING
    assert exchange.repeated is None


def test_a_request_that_deserves_something_else_the_second_time_is_not_repeated() -> None:
    judge = judge_of()
    list(States(judge).prepare(["pending"]))
    cancel = Case("CancelJob", Call({"JobId": "~pending~"}))

    first, second = judge.exchange(cancel, repeat=True), judge.exchange(cancel, repeat=True)

    assert (first.repeated, isinstance(first.outcome, Returned)) == (None, True)
    assert isinstance(second.repeated, Refused)
    assert second.expectation is not None
    assert second.expectation.codes == ("CanceledJobIdException",)


def test_what_was_cancelled_in_the_run_is_not_cancelled_again_at_its_end() -> None:
    endpoint = AlteredEndpoint()
    judge = judge_of(endpoint)
    states = States(judge)
    list(states.prepare(["pending"]))
    judge.exchange(Case("CreateJob", Call({**NEW, "ValidateOnly": False})))
    judge.exchange(Case("CancelJob", Call({"JobId": "~pending~"})))
    endpoint.asked.clear()

    assert list(states.dispose()) == []
    assert [action(request) for request in endpoint.asked] == ["CancelJob"]
    assert set(endpoint.made.values()) == {"cancelled"}
