"""What a run found out, gathered from its events alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import (
    CaseJudged,
    CaseWithheld,
    Event,
    LeftBehind,
    Minimised,
    NotReached,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    RunStopped,
    StatePrepared,
)
from botoproof.ci.campaign.result import ErrorCoverage, FindingGroup, RunResult
from botoproof.contract.case import Call, Case
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.common_errors import THROTTLING_ERRORS
from botoproof.contract.exchange import Allowance, Exchange
from botoproof.contract.expectation import Expectation, Violation
from botoproof.contract.finding import Evidence, Finding, Severity
from botoproof.contract.interaction import Interaction, Request
from botoproof.contract.outcome import Outcome, Refused, RejectedBySdk, Returned

from .runs import OPERATIONS, UPDATE, kind_of, refusal

D, O, I = Evidence  # noqa: E741 - documented, observed, inferred
INVALID, EXPIRED = "InvalidJobIdException", "ExpiredJobIdException"
STARTED = RunStarted("importexport", ("UpdateJob",), "embedded", "", 7, {"UpdateJob": (INVALID, EXPIRED)})
RETURNED = Returned({"Success": True}, 200, "r")
FULL = "importexport.UpdateJob"


def violation(*codes: str, naming: Evidence = D) -> Violation:
    return Violation("a.rule", codes, "why", D, naming, "source")


def exchange(
    outcome: Outcome = RETURNED, *violations: Violation, undecided: str = "", code: str | None = None, size: int = 0
) -> Exchange:
    """Return what of an exchange a result looks at."""
    reading = None if code is None else read_reply(UPDATE, refusal(code))
    return Exchange(
        operation=UPDATE,
        case=Case("UpdateJob", Call({"Manifest": "x" * size})),
        interaction=Interaction(Request("POST", "http://h/", (), b""), None, None, datetime.now(UTC), 0.0),
        outcome=outcome,
        reading=reading,
        expectation=Expectation(violations, D, undecided),
        complaints=(),
        allowance=Allowance(),
    )


def refused(code: str, *violations: Violation, undecided: str = "") -> Exchange:
    return exchange(Refused(code, "m", "Sender", 400, code, "r"), *violations, undecided=undecided, code=code)


def finding(
    code: str = "some-kind",
    *,
    evidence: Evidence = D,
    severity: Severity = Severity.ERROR,
    key: tuple[str, ...] = (),
) -> Finding:
    kind = kind_of(code, severity)
    return Finding(kind, FULL, "", "expected", "observed", evidence, key)


def judged(of: Exchange, *findings: Finding, probe: str = "", phase: str = "random") -> CaseJudged:
    return CaseJudged(phase, 0, probe, of, findings)


def collect(*events: Event, evidence: Evidence = O) -> RunResult:
    collector = Collector(evidence)
    for event in (STARTED, *events):
        collector(event)
    return collector.result()


def test_before_a_run_there_is_no_result() -> None:
    with pytest.raises(RuntimeError, match=r"^no run has started$"):
        Collector(O).result()


def test_what_a_run_is_about_is_kept() -> None:
    result = collect()

    assert (result.service, result.target, result.endpoint, result.seed) == ("importexport", "embedded", "", 7)
    assert result.operations[FULL].errors == {INVALID: ErrorCoverage(), EXPIRED: ErrorCoverage()}


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ([judged(exchange())], "clean"),
        ([judged(exchange(), finding())], "findings"),
        ([judged(exchange(), finding(severity=Severity.WARNING))], "findings"),
        ([judged(exchange(), finding(severity=Severity.NOTE))], "clean"),
        ([judged(exchange(), finding(evidence=O))], "findings"),
        ([judged(exchange(), finding(evidence=I))], "clean"),
        ([judged(exchange()), RunStopped("why")], "unknown"),
        ([judged(exchange(), finding()), RunStopped("why")], "findings"),
        ([judged(exchange(), finding(evidence=I)), RunStopped("why")], "unknown"),
        ([], "unknown"),
        ([NotReached("state x", "why")], "unknown"),
        ([judged(exchange()), NotReached("state expired", "nobody makes it")], "clean"),
        ([judged(exchange()), NotReached("state pending", "CreateJob was refused", failed=True)], "unknown"),
        ([judged(exchange(), finding()), NotReached("state pending", "why", failed=True)], "findings"),
        ([CaseWithheld("table", "a.probe")], "unknown"),
        ([judged(exchange(RejectedBySdk(("no",))))], "unknown"),
        ([judged(refused("Throttling", undecided="x"))], "unknown"),
        (
            [judged(refused("Throttling")), judged(refused("SlowDown")), judged(exchange(RejectedBySdk(("no",))))],
            "unknown",
        ),
        ([judged(refused("Throttling")), judged(exchange())], "clean"),
    ],
)
def test_the_verdict_is_findings_else_unknown_else_clean(events: list[Event], verdict: str) -> None:
    """A run that judged nothing, or only a part, is not clean."""
    assert collect(*events).verdict == verdict


@pytest.mark.parametrize(("line", "verdict"), [(D, "clean"), (O, "findings"), (I, "findings")])
def test_the_line_of_evidence_is_the_run_s(line: Evidence, verdict: str) -> None:
    assert collect(judged(exchange(), finding(evidence=O)), evidence=line).verdict == verdict


def test_cases_with_the_same_finding_are_a_group_shown_by_the_first() -> None:
    first, second = exchange(size=9), exchange(size=1)

    result = collect(
        judged(first, finding(), probe="a.probe", phase="table"), judged(second, replace(finding(), observed="else"))
    )

    assert result.findings == (FindingGroup(finding(), first, 2, "table", "a.probe"),)


def test_the_smaller_case_is_shown_and_the_count_stays() -> None:
    smaller = replace(finding(), observed="smaller")

    (group,) = collect(
        judged(exchange(size=9), finding()), judged(exchange(size=5), finding()), Minimised(smaller, exchange(size=1))
    ).findings

    assert (group.finding.observed, group.count) == ("smaller", 2)
    assert group.exchange.case.sent == Call({"Manifest": "x"})


def test_a_note_that_came_first_does_not_hide_an_error_of_the_same_fingerprint() -> None:
    weak, strong = finding(evidence=I), finding(evidence=D)
    proof = exchange(size=9)

    result = collect(
        judged(exchange(size=1), weak),
        judged(proof, strong, probe="p"),
        judged(exchange(), weak),
        Minimised(weak, exchange()),
    )

    (group,) = result.findings
    assert (group.finding, group.exchange, group.probe, group.count) == (strong, proof, "p", 3)
    assert result.verdict == "findings"


def test_findings_are_sorted_by_weight_then_evidence_then_code() -> None:
    found = (
        finding("b-note", evidence=I),
        finding("b-warning", severity=Severity.WARNING),
        finding("b-error"),
        finding("a-observed", evidence=O),
        finding("a-error"),
    )

    result = collect(judged(exchange(), *found))

    assert [group.finding.kind.code for group in result.findings] == [
        "a-error",
        "b-error",
        "a-observed",
        "b-warning",
        "b-note",
    ]


def test_an_error_is_provoked_by_a_request_that_deserves_it_and_gets_it() -> None:
    result = collect(
        judged(refused(INVALID, violation(INVALID, EXPIRED)), probe="one", phase="table"),
        judged(refused(INVALID, violation(EXPIRED)), probe="undeserved", phase="table"),
        judged(refused(INVALID), probe="on a valid request", phase="table"),
        judged(refused(INVALID, violation(INVALID))),
        judged(refused(INVALID, violation(INVALID)), probe="two", phase="table"),
    )

    assert result.operations[FULL].errors == {
        INVALID: ErrorCoverage(3, ("one", "two"), D),
        EXPIRED: ErrorCoverage(),
    }


@pytest.mark.parametrize(
    ("namings", "best"),
    [([I], I), ([I, O], O), ([O, I], O), ([D, I, O], D)],
)
def test_the_best_evidence_for_an_error_is_told(namings: list[Evidence], best: Evidence) -> None:
    one_by_one = collect(*(judged(refused(INVALID, violation(INVALID, naming=naming))) for naming in namings))
    at_once = collect(judged(refused(INVALID, *(violation(INVALID, naming=naming) for naming in namings))))

    assert one_by_one.operations[FULL].errors[INVALID].evidence is best
    assert at_once.operations[FULL].errors[INVALID].evidence is best


def test_an_undocumented_error_has_no_coverage() -> None:
    result = collect(judged(refused("MissingAction", violation("MissingAction"))))

    assert result.operations[FULL].errors.keys() == {INVALID, EXPIRED}


def test_outcomes_are_counted_and_probes_told_with_theirs() -> None:
    operation = collect(
        judged(exchange(), probe="good", phase="table"),
        judged(refused(INVALID), probe="bad", phase="table"),
        judged(exchange()),
        judged(exchange(RejectedBySdk(("no",)))),
    ).operations[FULL]

    assert operation.cases == 4
    assert operation.outcomes == {f"refused:{INVALID}": 1, "rejected by the SDK": 1, "returned": 2}
    assert operation.probes == {"good": "returned", "bad": f"refused:{INVALID}"}


def test_a_case_counts_for_the_operation_that_it_was_made_for() -> None:
    other = replace(exchange(), operation=OPERATIONS["ListJobs"])

    assert collect(judged(other)).operations.keys() == {FULL}
    assert collect(judged(other)).operations[FULL].cases == 1


@pytest.mark.parametrize("code", sorted(THROTTLING_ERRORS))
def test_what_could_not_be_judged_is_counted(code: str) -> None:
    result = collect(
        judged(exchange(undecided="nobody knows")),
        judged(refused(INVALID, undecided="nobody knows")),
        judged(refused(code)),
        CaseWithheld("table", "a.probe"),
        CaseWithheld("random", ""),
        CaseWithheld("random", ""),
    )

    assert (result.undecided, result.throttled, result.withheld) == (2, 1, 3)


def test_phases_of_the_same_name_add_up() -> None:
    result = collect(
        PhaseStarted("table", "UpdateJob", 5),
        PhaseFinished("table", "UpdateJob", 3, 1.5),
        PhaseFinished("table", "CreateJob", 4, 0.5),
        PhaseFinished("random", "UpdateJob", 1, 0.25),
        RunFinished(9.0),
    )

    assert result.phases == {"table": (7, 2.0), "random": (1, 0.25)}
    assert result.seconds == 9.0


def test_states_what_was_not_reached_and_what_was_left_are_kept() -> None:
    result = collect(
        StatePrepared("pending", "AAAA1", made=True),
        NotReached("state expired", "why"),
        NotReached("a.probe", "why not"),
        LeftBehind("AAAA1", "CancelJob broke"),
        RunStopped("it was interrupted"),
    )

    assert result.resources == {"pending": "AAAA1"}
    assert [(event.what, event.why) for event in result.unreachable] == [
        ("state expired", "why"),
        ("a.probe", "why not"),
    ]
    assert result.left_behind == (("AAAA1", "CancelJob broke"),)
    assert result.stopped == "it was interrupted"


def test_a_result_may_be_asked_for_in_the_midst_of_a_run() -> None:
    collector = Collector(O)
    collector(STARTED)
    collector(judged(exchange()))
    before = collector.result()
    collector(judged(exchange(), finding()))

    assert (before.operations[FULL].cases, before.findings) == (1, ())
    assert collector.result().operations[FULL].cases == 2
