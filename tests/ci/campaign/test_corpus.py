"""The recordings that are shipped: whole, readable by anybody, and held to the contract without an endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from botoproof.cassettes.format import Cassette, read_cassette
from botoproof.cassettes.key import request_key
from botoproof.cassettes.matching import without_fields
from botoproof.cassettes.writing import write_cassette
from botoproof.ci.campaign import corpus
from botoproof.ci.campaign.corpus import run_corpus
from botoproof.ci.campaign.events import CaseJudged, CorpusPlayed, Event
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.tapes import Player, case_of, cassette_target, open_tapes
from botoproof.ci.recordings import verify
from botoproof.contract.adapters.caller import Caller
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Call, Form, Signing
from botoproof.contract.codec.query_request import write_request
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.outcome import Refused
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Probe
from vcr.persisters.filesystem import FilesystemPersister  # type: ignore[import-untyped] # it has no types
from vcr.serializers import yamlserializer  # type: ignore[import-untyped] # as above

SPECIFICATION = find_specification("importexport")
DATA = Path(__file__).parents[3] / "cassettes" / "data" / "importexport"
FILES = sorted(DATA.rglob("*.yaml"))
# Rules that no probe breaks: their conditions are guesses, and the endpoint does not refuse for them.
OPEN = {rule.name for rule in SPECIFICATION.rules("UpdateJob") if not rule.certain}


NAMESPACE = "http://importexport.amazonaws.com/doc/2010-06-01/"
WITHOUT_JOB = without_fields("JobId")
CALLER = Caller(
    cast("Any", None), cast("Any", None), url="http://h.invalid", credential=EXAMPLE_KEY, scope=SPECIFICATION.scope
)


def key_of(request: Request) -> str:
    """Return the key of a request for any job."""
    return request_key(WITHOUT_JOB(request))


def request_of(probe: Probe) -> Request:
    """Return what a probe sends, whoever signs it."""
    case = replace(probe.case, signing=Signing())
    if isinstance(case.sent, Call):
        pairs = write_request(read_operation("importexport", case.operation), case.sent.parameters)
        case = replace(case, sent=Form(tuple(pairs)))
    return CALLER.build(case)


@cache
def played(operation: str, *files: Path) -> list[Event]:
    """Hold recordings to the contract, and return what was told; what is shipped is played once for all tests."""
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


def test_every_rule_of_update_job_that_can_be_recorded_is_broken_in_a_recording(of_update_job: list[Event]) -> None:
    expectations = [case.exchange.expectation for case in judged(of_update_job)]
    broken = {violation.rule for one in expectations if one is not None for violation in one.violations}
    rules = {rule.name for rule in SPECIFICATION.rules("UpdateJob")}
    unsigned = {name for name in rules if name.startswith("signature.")}

    assert len(unsigned) == 4
    assert rules - broken - OPEN == unsigned


def test_every_probe_of_update_job_has_its_interaction_but_those_of_authentication() -> None:
    world = SPECIFICATION.worlds((EXAMPLE_KEY,))["era 2014-12-18"]
    probes = [one for one in SPECIFICATION.probes("UpdateJob", world, (EXAMPLE_KEY,)) if isinstance(one, Probe)]
    recorded = {key_of(one.request) for one in read_cassette(DATA / "UpdateJob" / "table.yaml").interactions}

    lacking = {probe.name for probe in probes if key_of(request_of(probe)) not in recorded}

    # Requests that differ only in who signs and how have one key, so that those of authentication seem to be there.
    assert lacking == {"wire.one-megabyte"}
    assert len({key_of(request_of(probe)) for probe in probes} - recorded) == 1
    assert len(recorded) > 200


def test_every_success_of_the_table_is_a_success_in_the_recording() -> None:
    world = SPECIFICATION.worlds((EXAMPLE_KEY,))["era 2014-12-18"]
    probes = [one for one in SPECIFICATION.probes("UpdateJob", world, (EXAMPLE_KEY,)) if isinstance(one, Probe)]
    successes = {one.name: key_of(request_of(one)) for one in probes if one.name.startswith("success.")}
    recorded = read_cassette(DATA / "UpdateJob" / "table.yaml").interactions
    returned = {key_of(one.request) for one in recorded if one.reply.status == 200}

    assert [name for name, key in successes.items() if key not in returned] == []
    assert len(successes) >= 9


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_request_is_played_the_answer_to_another_signature(file: Path) -> None:
    statuses: dict[str, set[int]] = {}
    for one in read_cassette(file).interactions:
        if one.reply.status in (200, 403):
            statuses.setdefault(one.key, set()).add(one.reply.status)

    assert [key for key, found in statuses.items() if len(found) > 1] == []
    assert "# authentication: not recorded, as recordings hold no signatures\n" in file.read_text("utf-8")


def test_most_requests_go_through_the_sdk(of_update_job: list[Event]) -> None:
    sent = Counter(type(case.exchange.case.sent) for case in judged(of_update_job))

    assert sent[Call] > 0.8 * sent.total()


@pytest.mark.parametrize(
    ("code", "findings"),
    [
        ("InvalidClientTokenIdException", set[str]()),
        ("MissingAuthenticationToken", set[str]()),
        ("RequestExpired", set[str]()),
        ("SignatureDoesNotMatch", set[str]()),
        ("ExpiredJobIdException", {"error-http-status", "valid-request-refused"}),
    ],
)
def test_a_refusal_that_may_be_about_the_signature_is_undecided(tmp_path: Path, code: str, findings: set[str]) -> None:
    def refused(cassette: Cassette) -> Cassette:
        *before, one = cassette.interactions[:4]
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error><RequestId>r</RequestId>"
        body = f'<ErrorResponse xmlns="{NAMESPACE}">{error}</ErrorResponse>'.encode()
        return replace(cassette, interactions=(*before, replace(one, reply=Reply(403, one.reply.headers, body))))

    file = tmp_path / "refused.yaml"
    write_cassette(file, refused(read_cassette(DATA / "UpdateJob" / "table.yaml")))

    *_, last = judged(played("UpdateJob", file))

    why = "a recording holds no signature, so that it is open whether the refusal was about that"
    assert isinstance(last.exchange.outcome, Refused)
    assert last.exchange.expectation is not None
    assert (last.exchange.expectation.undecided == why) == (not findings)
    assert {finding.kind.code for finding in last.findings} == findings


Spoil = Callable[[Cassette], Cassette]


def with_reply(old: bytes, new: bytes) -> Spoil:
    def spoil(cassette: Cassette) -> Cassette:
        # The first ones make the world what it is; of the others, those that are spoilt are enough.
        first, rest = cassette.interactions[:4], cassette.interactions[4:]
        chosen = [*first, *[one for one in rest if old in one.reply.body][:10]]
        ones = [replace(one, reply=replace(one.reply, body=one.reply.body.replace(old, new))) for one in chosen]
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

    events = played.__wrapped__("CancelJob", DATA / "CancelJob" / "few.yaml")

    (tape,) = [event for event in events if isinstance(event, CorpusPlayed)]
    assert len(tape.misses) > 0
    assert "JobId: asked for 'NOTHERE', recorded " in tape.misses[0]
    assert len(tape.unplayed) > 0
    assert all(case.exchange.interaction is not None for case in judged(events))
