"""Cases proposed for a corpus: new ones are recorded with what they need, the others are told with their reason."""

from __future__ import annotations

from datetime import date

from botoproof.cassettes.format import Provenance
from botoproof.ci.campaign.proposing import Proposed, propose
from botoproof.ci.campaign.recording import UNSIGNED
from botoproof.ci.campaign.run_folder_reading import KeptFinding
from botoproof.contract.case import Call, Case, Form, Parse, Signing
from botoproof.contract.interaction import Reply
from botoproof.contract.program import Program

from .runs import FEW, target_of

FROM = Provenance("embedded", "embedded.invalid", "importexport", "botocore 1", date(2026, 11, 26), "botoproof 0.1.0")
UPDATE = {"JobType": "Import", "Manifest": "m", "ValidateOnly": True}


def kept(fingerprint: str, case: Case | None, *, why: str = "", program: Program | None = None) -> KeptFinding:
    beside = frozenset[str]()
    return KeptFinding(fingerprint, "c", "t", "importexport.UpdateJob", False, beside, case, why, program)


def update(job: str) -> Case:
    return Case("UpdateJob", Call({**UPDATE, "JobId": job}))


def proposed(*findings: KeptFinding, corpus: frozenset[str] = frozenset()) -> Proposed:
    return propose(findings, FEW, target_of, corpus, FROM)


def test_a_new_case_is_recorded_with_what_it_needs_before_it() -> None:
    found = proposed(kept("a", update("~pending~")))

    assert [one.fingerprint for one in found.new] == ["a"]
    assert found.cassette is not None
    assert found.cassette.provenance == FROM
    bodies = [one.request.body for one in found.cassette.interactions]
    assert [b"Action=UpdateJob" in body for body in bodies].count(True) == 1
    assert any(b"Action=CreateJob" in body for body in bodies)
    assert not any(b"~pending~" in body for body in bodies)


def test_what_the_corpus_holds_is_not_proposed_again() -> None:
    first = proposed(kept("a", update("ZZZZZ")))
    assert first.cassette is not None
    keys = frozenset(one.key for one in first.cassette.interactions)

    again = proposed(kept("a", update("ZZZZZ")), kept("b", update("YYYYY")), corpus=keys)

    assert [one.fingerprint for one in again.known] == ["a"]
    assert [one.fingerprint for one in again.new] == ["b"]
    assert again.cassette is not None
    assert not any(b"ZZZZZ" in one.request.body for one in again.cassette.interactions)


def test_two_findings_of_one_request_are_one_case() -> None:
    found = proposed(kept("a", update("ZZZZZ")), kept("b", update("ZZZZZ")))

    assert ([one.fingerprint for one in found.new], [one.fingerprint for one in found.known]) == (["a"], ["b"])


def test_what_cannot_be_recorded_is_told_with_its_reason() -> None:
    found = proposed(
        kept("a", None, why="its case holds a secret"),
        kept("b", None, program=Program(())),
        kept("c", Case("UpdateJob", Parse(Reply(200, (), b"")))),
        kept("d", Case("UpdateJob", Form(()), signing=Signing(key="none"))),
        kept("e", Case("UpdateJob", Call({}), plan="reset")),
        kept("f", Case("UpdateJob", Call({}))),
    )

    assert {one.fingerprint: why for one, why in found.left_out} == {
        "a": "its case holds a secret",
        "b": "it takes several requests to show it",
        "c": "nothing is sent: it is about how botocore reads a reply",
        "d": UNSIGNED,
        "e": "it is about a fault that strikes the call",
        "f": "its request got no reply, or was not sent",
    }
    assert found.cassette is None
