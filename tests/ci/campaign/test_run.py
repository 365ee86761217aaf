"""A campaign: what it tells and in which order, and what becomes of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from botoproof.ci.campaign.events import (
    CaseJudged,
    CaseWithheld,
    NotReached,
    PhaseStarted,
    RunStarted,
    StatePrepared,
)
from botoproof.ci.campaign.targets import Withholding
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.codec.wrong_replies import with_body
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request

from .runs import (
    FEW,
    AlteredEndpoint,
    Failing,
    judge_of,
    names,
    refusal,
    run,
    through,
    updates,
)


def test_a_run_tells_everything_in_order() -> None:
    events = run(judge_of()).events

    assert names(events) == [
        "RunStarted",
        "StatePrepared",
        "PhaseStarted",
        "CaseJudged",
        "PhaseFinished",
        "PhaseStarted",
        "CaseJudged",
        "PhaseFinished",
        "RunFinished",
    ]
    assert [event.phase for event in events if isinstance(event, PhaseStarted)] == ["table", "random"]
    assert [event.number for event in events if isinstance(event, CaseJudged)] == [*range(5), *range(20)]


def test_a_run_begins_with_what_it_is_about() -> None:
    judge = judge_of()
    codes = tuple(error.code for error in judge.operations["UpdateJob"].errors)

    assert run(judge, phases=("table",)).events[0] == RunStarted(
        "importexport", ("UpdateJob",), "embedded", "", 1, {"UpdateJob": codes}
    )
    assert len(codes) == 18


def test_the_url_of_an_endpoint_is_told_and_the_embedded_one_has_none() -> None:
    (started,) = run(through(Failing("timeout", after=10**6)), phases=("table",)).of(RunStarted)

    assert isinstance(started, RunStarted)
    assert (started.target, started.endpoint) == ("url", "http://127.0.0.1:9")


def test_phases_finish_with_the_number_of_cases_that_were_sent() -> None:
    result = run(judge_of(), max_examples=12).result

    assert {phase: cases for phase, (cases, _) in result.phases.items()} == {"table": 5, "random": 12}


def test_only_the_phases_that_are_planned_are_carried_out() -> None:
    assert run(judge_of(), phases=("table",)).result.phases.keys() == {"table"}
    assert run(judge_of(), phases=("random",)).result.phases.keys() == {"random"}
    assert run(judge_of(), max_examples=0).result.phases.keys() == {"table"}
    assert run(judge_of(), max_examples=1, phases=("random",)).result.phases["random"][0] == 1


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    def cases(seed: int) -> list[str]:
        judged = run(judge_of(), seed=seed, phases=("random",)).judged
        return [repr(event.exchange.case) for event in judged]

    assert cases(5) == cases(5)
    assert cases(5) != cases(6)


def test_probes_are_sent_twice_and_one_in_ten_random_cases() -> None:
    judged = run(judge_of(), max_examples=21).judged
    repeated = {event.number for event in judged if event.phase == "random" and event.exchange.repeated is not None}

    assert all(event.exchange.repeated is not None for event in judged if event.phase == "table")
    assert repeated <= {0, 10, 20}


def test_an_endpoint_that_is_right_is_clean_and_everything_is_disposed_of() -> None:
    endpoint = AlteredEndpoint()

    made = run(judge_of(endpoint))

    assert (made.result.verdict, made.codes, made.raised) == ("clean", {}, None)
    assert set(endpoint.made.values()) == {"cancelled"}
    assert len(endpoint.made) == 2


def test_findings_do_not_stop_a_run() -> None:
    made = run(judge_of(updates(refusal("JobNotFound"))))

    assert made.result.verdict == "findings"
    assert made.codes["error-undocumented"] > 10
    assert made.result.stopped == ""
    assert len(made.judged) == 25


@pytest.mark.parametrize(("line", "verdict"), [(Evidence.DOCUMENTED, "clean"), (Evidence.OBSERVED, "findings")])
def test_what_is_founded_too_weakly_is_a_note_and_leaves_a_run_clean(line: Evidence, verdict: str) -> None:
    """That a success says true was only observed."""

    def answering(request: Request, reply: Reply) -> Reply:
        return with_body(reply, reply.body.replace(b"<Success>true", b"<Success>false"))

    made = run(judge_of(AlteredEndpoint(answering)), phases=("table",), evidence=line)

    assert {group.finding.operation: group.finding.kind.code for group in made.result.findings} == dict.fromkeys(
        ("importexport.UpdateJob", "importexport.CancelJob"), "reply-promise"
    )
    assert made.result.verdict == verdict


def test_what_the_target_cannot_have_is_told_and_its_probes_are_not_sent() -> None:
    made = run(judge_of(resources={}), phases=("table",))

    unreached = [(event.what, event.why) for event in made.events if isinstance(event, NotReached)]
    assert ("job.complete", "it needs the state complete, which this target does not have") in unreached
    assert "job.complete" not in {event.probe for event in made.judged}
    assert made.result.verdict == "clean"


def test_to_a_host_where_writes_are_withheld_only_rehearsals_go_and_the_rest_is_counted() -> None:
    endpoint = AlteredEndpoint()
    transport = Withholding(EmbeddedTransport(endpoint.answer), FEW.is_harmless)

    made = run(judge_of(endpoint, transport=transport), max_examples=60)

    withheld = [event for event in made.events if isinstance(event, CaseWithheld)]
    assert endpoint.asked
    assert all(FEW.is_harmless(request) for request in endpoint.asked)
    assert endpoint.made == {}
    assert made.result.withheld == len(withheld) > 0
    assert "job.id=ZZZZZ" in {event.name for event in withheld if event.phase == "table"}
    assert all(event.name for event in withheld)
    assert made.result.withheld + len([event for event in made.judged if event.phase == "random"]) > 60
    assert sum(cases for cases, _ in made.result.phases.values()) == len(made.judged)


def test_documented_errors_that_the_table_provoked_are_counted_with_their_probes() -> None:
    result = run(judge_of(), phases=("table",)).result
    errors = result.operations["importexport.UpdateJob"].errors

    assert errors["CanceledJobIdException"].probes == ("job.cancelled",)
    assert errors["UnableToUpdateJobIdException"].probes == ("job.complete",)
    assert errors["InvalidJobIdException"].provoked == 1
    assert errors["NoSuchBucketException"].provoked == 0
    assert set(result.resources) == {"pending", "cancelled", "expired", "in-progress", "complete", "foreign"}


def test_the_clock_of_the_oracle_is_the_time_at_which_a_request_was_sent() -> None:
    times: list[datetime] = []

    class Listening(AlteredEndpoint):
        def answer(self, request: Request, now: datetime) -> Reply:
            times.append(now)
            return super().answer(request, now)

    made = run(judge_of(Listening()), phases=("table",))

    sent = [event.exchange.interaction.sent_at for event in made.judged if event.exchange.interaction]
    assert set(sent) <= set(times)


def test_states_are_prepared_before_anything_is_judged() -> None:
    events = run(judge_of(), phases=("table",)).events
    kinds = [type(event) for event in events]

    assert kinds.index(CaseJudged) > max(at for at, kind in enumerate(kinds) if kind is StatePrepared)
