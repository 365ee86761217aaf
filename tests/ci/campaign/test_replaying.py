"""What has become of a finding whose case is sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.ci.campaign.replaying import Standing, replay_finding
from botoproof.ci.campaign.run_folder_reading import KeptFinding
from botoproof.ci.replay import Replay
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.checks import find
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.program import Program, Step
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.specification import default_world

from .runs import AlteredEndpoint, action, judge_of, refusal

CANCEL = Case("CancelJob", Call({"JobId": reference("pending")}))
UNKNOWN = Case("CancelJob", Call({"JobId": "ZZZZZ"}))
CREATE = Case("CreateJob", Call({"JobType": "Import", "Manifest": base_import(default_world()), "ValidateOnly": False}))
STATUS = Case("GetStatus", Call({"JobId": reference("job-1")}))
Answer = Callable[[Request, Reply], Reply]


def as_it_is(_: Request, right: Reply) -> Reply:
    return right


def one_wrong(_: Request, right: Reply) -> Reply:
    """Tell of an unknown job by a code that no page knows."""
    return refusal("NoSuchJob") if b">InvalidJobId" in right.body else right


def two_wrong(request: Request, right: Reply) -> Reply:
    """Do so, and with a status of its own."""
    return replace(one_wrong(request, right), status=500) if b">InvalidJobId" in right.body else right


def said_otherwise(_: Request, right: Reply) -> Reply:
    """Say in a success what is none of the model's."""
    return replace(right, body=right.body.replace(b"<Success>true", b"<Success>yes"))


def replay_of(answer: Answer) -> tuple[Replay, AlteredEndpoint]:
    endpoint = AlteredEndpoint(answer)
    return Replay(judge_of(endpoint), Evidence.OBSERVED), endpoint


def kept(answer: Answer, case: Case, code: str, *, beside: bool = True) -> KeptFinding:
    """Return the finding of a code that a case shows, as a run folder keeps it."""
    found = find(replay_of(answer)[0].exchange(case))
    (wanted,) = [finding for finding in found if finding.kind.code == code]
    others = frozenset(finding.fingerprint for finding in found if finding is not wanted)
    return KeptFinding(
        wanted.fingerprint, code, "title", wanted.operation, False, others if beside else frozenset(), case
    )


@pytest.mark.parametrize(
    ("before", "after", "code", "standing"),
    [
        (one_wrong, one_wrong, "error-undocumented", Standing.STILL_THERE),
        (one_wrong, as_it_is, "error-undocumented", Standing.FIXED),
        (one_wrong, two_wrong, "error-undocumented", Standing.CHANGED),
        (two_wrong, one_wrong, "server-error", Standing.CHANGED),
        (said_otherwise, as_it_is, "reply-boolean", Standing.FIXED),
    ],
)
def test_a_finding_is_fixed_still_there_or_changed(
    before: Answer, after: Answer, code: str, standing: Standing
) -> None:
    case = CANCEL if before is said_otherwise else UNKNOWN

    assert replay_finding(kept(before, case, code), replay_of(after)[0], Evidence.OBSERVED).standing is standing


@pytest.mark.parametrize(("beside", "standing"), [(True, Standing.FIXED), (False, Standing.CHANGED)])
def test_what_was_there_beside_it_before_is_no_change(beside: bool, standing: Standing) -> None:
    """The reply had no request id before either: only the code was mended."""

    def nameless(_: Request, right: Reply) -> Reply:
        return replace(right, body=right.body.replace(b"RequestId", b"Id"))

    def wrong_too(request: Request, right: Reply) -> Reply:
        return nameless(request, one_wrong(request, right))

    finding = kept(wrong_too, UNKNOWN, "error-undocumented", beside=beside)

    assert replay_finding(finding, replay_of(nameless)[0], Evidence.OBSERVED).standing is standing


@pytest.mark.parametrize(
    ("evidence", "standing"), [(Evidence.DOCUMENTED, Standing.FIXED), (Evidence.OBSERVED, Standing.CHANGED)]
)
def test_a_note_makes_no_change(evidence: Evidence, standing: Standing) -> None:
    """The promise that a success says so is observed: below the line of documented evidence it is a note."""
    finding = kept(said_otherwise, CANCEL, "reply-boolean")

    def silent(_: Request, right: Reply) -> Reply:
        return replace(right, body=right.body.replace(b"<Success>true</Success>", b""))

    assert replay_finding(finding, replay_of(silent)[0], evidence).standing is standing


def test_each_finding_has_a_fresh_resource_where_the_one_before_has_used_it_up() -> None:
    """Otherwise the second cancels a job that is cancelled, and its finding seems fixed."""
    finding = kept(said_otherwise, CANCEL, "reply-boolean")
    replay, endpoint = replay_of(said_otherwise)

    standings = [replay_finding(finding, replay, Evidence.OBSERVED).standing for _ in range(3)]

    assert standings == [Standing.STILL_THERE] * 3
    assert len(endpoint.made) == 3


def test_a_resource_that_is_left_as_it_was_serves_the_next_finding_too() -> None:
    """At a URL few may be made."""
    status = Case("GetStatus", Call({"JobId": reference("pending")}))
    finding = replace(kept(said_otherwise, CANCEL, "reply-boolean"), case=status)
    replay, endpoint = replay_of(as_it_is)

    for _ in range(3):
        replay_finding(finding, replay, Evidence.OBSERVED)

    assert sum(action(request) == "CreateJob" for request in endpoint.asked) == 1


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"case": None, "why": "its case holds a secret"}, "its case holds a secret"),
        ({"case": Case("CancelJob", Call({"JobId": "x"}))}, "the endpoint asked to come again: Throttling"),
        (
            {"program": Program((Step((CREATE, STATUS), makes="job-1"), Step((UNKNOWN,)))), "case": None},
            "job-1, on which the program works, could not be made",
        ),
    ],
)
def test_what_cannot_be_found_out_is_unknown_and_says_why(changes: dict[str, object], detail: str) -> None:
    finding = replace(kept(one_wrong, UNKNOWN, "error-undocumented"), **changes)  # type: ignore[arg-type]

    done = replay_finding(finding, replay_of(lambda _, __: refusal("Throttling"))[0], Evidence.OBSERVED)

    assert (done.standing, done.detail) == (Standing.UNKNOWN, detail)


@pytest.mark.parametrize(
    ("after", "standing"),
    [(one_wrong, Standing.STILL_THERE), (as_it_is, Standing.FIXED), (two_wrong, Standing.CHANGED)],
)
def test_a_program_is_carried_out_again(after: Answer, standing: Standing) -> None:
    program = Program((Step((CREATE, STATUS), makes="job-1"), Step((UNKNOWN,))))
    finding = replace(kept(one_wrong, UNKNOWN, "error-undocumented"), case=None, program=program)
    replay, endpoint = replay_of(after)

    assert replay_finding(finding, replay, Evidence.OBSERVED).standing is standing
    assert [action(request) for request in endpoint.asked] == ["CreateJob", "GetStatus", "CancelJob"]
    assert endpoint.made == {}
