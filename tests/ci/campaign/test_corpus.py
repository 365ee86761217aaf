"""The recordings that are shipped: whole, readable by anybody, and held to the contract without an endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botoproof.cassettes.format import Cassette, read_cassette
from botoproof.cassettes.writing import write_cassette
from botoproof.ci.campaign import corpus
from botoproof.ci.campaign.corpus import run_corpus
from botoproof.ci.campaign.events import CaseJudged, CorpusPlayed, Event
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.tapes import Player, case_of, cassette_target, open_tapes
from botoproof.ci.recordings import verify
from botoproof.contract.case import Call
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.outcome import Refused, Returned
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Probe
from vcr.persisters.filesystem import FilesystemPersister  # type: ignore[import-untyped] # it has no types
from vcr.serializers import yamlserializer  # type: ignore[import-untyped] # as above

SPECIFICATION = find_specification("importexport")
DATA = Path(__file__).parents[3] / "cassettes" / "data" / "importexport"
FILES = sorted(DATA.rglob("*.yaml"))
# Rules that no probe breaks: their conditions are guesses, and the endpoint does not refuse for them.
OPEN = {rule.name for rule in SPECIFICATION.rules("UpdateJob") if not rule.certain}


def played(operation: str, *files: Path) -> list[Event]:
    """Hold recordings to the contract, and return what was told."""
    tapes = open_tapes(SPECIFICATION, files, [operation])
    player = Player(EXAMPLE_KEY, SPECIFICATION.scope)
    judge = open_judge(SPECIFICATION, cassette_target(SPECIFICATION, player, tapes[0], time_limit=10))
    events: list[Event] = []
    run_corpus(Plan("importexport", (operation,), ("corpus",), 0), judge, player, tapes, events.append)
    return events


def judged(events: list[Event]) -> list[CaseJudged]:
    return [event for event in events if isinstance(event, CaseJudged)]


@pytest.fixture(scope="module")
def of_update_job() -> list[Event]:
    return played("UpdateJob", *sorted((DATA / "UpdateJob").iterdir()))


def test_every_operation_has_its_recordings() -> None:
    assert {file.parent.name for file in FILES} == set(SPECIFICATION.subjects)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_recording_is_whole_and_says_that_it_is_not_of_aws(file: Path) -> None:
    found = verify(file)

    assert (found.problems, found.unknown) == ((), ())
    assert found.played == found.interactions > 0
    assert "the embedded endpoint, not AWS" in found.provenance
    assert file.read_text("utf-8").startswith("# A recording by botoproof, made from its embedded endpoint: ")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_vcrpy_loads_a_recording(file: Path) -> None:
    loaded: Any = FilesystemPersister.load_cassette(file, yamlserializer)

    requests, responses, *_ = loaded
    assert len(requests) == len(responses) == len(read_cassette(file).interactions)
    assert file.read_text("utf-8").count("\n# key: ") == len(requests)


def test_the_recordings_are_small_enough_to_be_read() -> None:
    assert sum(file.stat().st_size for file in FILES) < 1_500_000


@pytest.mark.parametrize("operation", SPECIFICATION.subjects)
def test_the_recordings_of_an_operation_are_clean_all_played_and_none_is_missed(operation: str) -> None:
    files = sorted((DATA / operation).iterdir())

    events = played(operation, *files)

    tapes = [event for event in events if isinstance(event, CorpusPlayed)]
    assert [case.findings for case in judged(events) if case.findings] == []
    assert [(one.misses, one.unplayed) for one in tapes] == [((), ())] * len(files)
    assert len(judged(events)) == sum(one.interactions for one in tapes)


def test_every_rule_of_update_job_that_can_be_broken_is_broken_in_a_recording(of_update_job: list[Event]) -> None:
    expectations = [case.exchange.expectation for case in judged(of_update_job)]
    broken = {violation.rule for one in expectations if one is not None for violation in one.violations}
    # What was wrong with a signature cannot be seen; that the refusals are there can be.
    refused = {
        case.exchange.outcome.code for case in judged(of_update_job) if isinstance(case.exchange.outcome, Refused)
    }
    unsigned = {rule.name for rule in SPECIFICATION.rules("UpdateJob") if rule.name.startswith("signature.")}
    told = {rule.name for rule in SPECIFICATION.rules("UpdateJob") if rule.name in unsigned and refused & {*rule.codes}}

    assert told == unsigned
    assert {rule.name for rule in SPECIFICATION.rules("UpdateJob")} - broken - told - OPEN == set()


def test_every_success_of_the_table_is_recorded(of_update_job: list[Event]) -> None:
    world = SPECIFICATION.worlds((EXAMPLE_KEY,))["era 2014-12-18"]
    probes = SPECIFICATION.probes("UpdateJob", world, (EXAMPLE_KEY,))
    successes = [probe for probe in probes if isinstance(probe, Probe) and probe.provokes is None]
    returned = [case for case in judged(of_update_job) if isinstance(case.exchange.outcome, Returned)]
    sent = Counter(case.exchange.case.operation for case in returned)

    assert sum(probe.name.startswith("success.") for probe in successes) >= 9
    assert sent["UpdateJob"] >= sum(probe.name.startswith("success.") for probe in successes)


def test_most_requests_go_through_the_sdk(of_update_job: list[Event]) -> None:
    sent = Counter(type(case.exchange.case.sent) for case in judged(of_update_job))

    assert sent[Call] > 0.8 * sent.total()


def test_a_refusal_that_may_be_about_the_signature_is_undecided(of_update_job: list[Event]) -> None:
    found = {
        case.exchange.outcome.code: case.exchange.expectation.undecided
        for case in judged(of_update_job)
        if isinstance(case.exchange.outcome, Refused) and case.exchange.expectation is not None
    }

    open_ = "a recording holds no signature, so that it is open whether the refusal was about that"
    assert {code for code, why in found.items() if why == open_} == {
        "InvalidClientTokenIdException",
        "MissingAuthenticationToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
    }


Spoil = Callable[[Cassette], Cassette]


def with_reply(old: bytes, new: bytes) -> Spoil:
    def spoil(cassette: Cassette) -> Cassette:
        ones = [
            replace(one, reply=replace(one.reply, body=one.reply.body.replace(old, new)))
            for one in cassette.interactions
        ]
        return replace(cassette, interactions=tuple(ones))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (with_reply(b"<Success>true</Success>", b"<Success>yes</Success>"), {"reply-boolean"}),
        (with_reply(b"ExpiredJobIdException", b"CanceledJobIdException"), {"error-undeserved"}),
    ],
)
def test_a_wrong_reply_in_a_recording_is_found(tmp_path: Path, spoil: Spoil, codes: set[str]) -> None:
    file = tmp_path / "spoilt.yaml"
    write_cassette(file, spoil(read_cassette(DATA / "UpdateJob" / "table.yaml")))

    events = played("UpdateJob", file)

    found = {finding.kind.code for case in judged(events) for finding in case.findings}
    assert codes <= found


def test_what_is_asked_for_and_not_recorded_is_a_miss_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = case_of

    def other(recorded: Any, *rest: Any) -> Any:
        case = first(recorded, *rest)
        if isinstance(case.sent, Call) and case.operation == "CancelJob":
            return replace(case, sent=Call({**case.sent.parameters, "JobId": "NOTHERE"}))
        return case

    monkeypatch.setattr(corpus, "case_of", other)

    events = played("CancelJob", DATA / "CancelJob" / "few.yaml")

    (tape,) = [event for event in events if isinstance(event, CorpusPlayed)]
    assert len(tape.misses) > 0
    assert "JobId: asked for 'NOTHERE', recorded " in tape.misses[0]
    assert len(tape.unplayed) > 0
    assert all(case.exchange.interaction is not None for case in judged(events))
