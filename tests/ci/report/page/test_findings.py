"""Findings on a page: each once, the heaviest first, and in full only as far as a page stays one."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.report.columns import columns_of
from botoproof.ci.report.kinds import write_reports
from botoproof.ci.report.page.coverage import coverage_of
from botoproof.ci.report.page.findings import ROOM, Shown, shown_findings

from ..made import UPDATE, body, error, finding, operation, run


def shown(*reports: Any) -> tuple[Shown, ...]:
    return shown_findings(columns_of(reports))


def test_a_finding_of_several_runs_stands_once_with_the_run_in_which_it_weighs_most() -> None:
    known = run(finding(status="known", reason="bug 7", observed="then"), verdict="known", botocore="1.40.76")
    news = run(finding(observed="now", count=3))

    (one,) = shown(known, news)

    assert (one.state.word, one.finding["observed"]) == ("fail", "now")
    assert [(place.count, place.status, place.observed) for place in one.places] == [
        (2, "known: bug 7", "then"),
        (3, "new", ""),
    ]


def test_what_counts_comes_first_and_errors_before_warnings() -> None:
    found = [
        finding(1, severity="note"),
        finding(2, status="known"),
        finding(3, severity="warning"),
        finding(4),
        finding(5, status="flaky"),
    ]

    assert [one.finding["fingerprint"][-1] for one in shown(run(*found))] == ["4", "3", "5", "2", "1"]


def test_where_there_is_no_room_the_finding_stands_and_says_what_is_left_out() -> None:
    huge = {"boto3": "x" * (ROOM // 2), "curl": "", "pytest": ""}

    first, second, third = shown(run(*(finding(number, reproduce=huge) for number in (1, 2, 3))))

    assert first.reproducers[0][1] == huge["boto3"]
    assert (second.reproducers, third.reproducers) == ((), ())
    assert "the JSON report has them" in second.left_out
    page = write_reports("html", [run(*(finding(number, reproduce=huge) for number in (1, 2, 3)))])
    assert len(page) < ROOM
    assert page.count("are left out, as the page would grow too large") == 2


@pytest.mark.parametrize(
    ("case", "request_text", "reply_text"),
    [
        (
            {"request": None, "reply": None},
            "No request left the SDK.",
            "No reply.",
        ),
        (
            {"kind": "reply", "request": None, "reply": {"status": 200, "headers": [], "body": body("")}},
            "Nothing was sent: the reply was handed to the SDK's parser.",
            "HTTP status 200\n\n(no body)",
        ),
        (
            {"reply": None, "failure": {"kind": "timeout", "detail": "10 s\x00"}},
            "POST http://e/\nA: b\n\nAction=UpdateJob",
            "No reply: timeout: 10 s\\x00",
        ),
        (
            {"reply": {"status": 200, "headers": [], "body": {"base64": "/w==", "bytes": 20000, "shortened": True}}},
            "POST http://e/\nA: b\n\nAction=UpdateJob",
            "HTTP status 200\n\n(bytes, in base64)\n/w==\n(shortened: the whole is 20000 bytes)",
        ),
    ],
    ids=["rejected by the SDK", "the parser", "no reply", "bytes"],
)
def test_request_and_reply_are_told_whatever_became_of_them(
    case: dict[str, Any], request_text: str, reply_text: str
) -> None:
    (one,) = shown(run(finding(case=case)))

    assert (one.request, one.reply) == (request_text, reply_text)


def test_a_program_is_told_step_by_step() -> None:
    def step(name: str, parameters: Any, **changes: Any) -> dict[str, Any]:
        case = {"operation": name, "label": "why", "parameters": parameters}
        return {"makes": None, "together": False, "paged": False, "cases": [case], **changes}

    steps = [
        step("CreateJob", {"JobType": "Import"}, makes="job-1"),
        step("CancelJob", {"JobId": "~job-1~"}, together=True),
        step("ListJobs", None, paged=True),
    ]

    (one,) = shown(run(finding(program=steps)))

    assert one.program.splitlines() == [
        "1. CreateJob(JobType='Import')  (makes job-1)",
        "2. CancelJob(JobId='~job-1~')  (by several clients at the same time)",
        "3. ListJobs(why: what the SDK cannot send)  (every page)",
    ]


def test_coverage_tells_of_each_exception_in_each_run_how_it_was_met_or_why_not() -> None:
    one = run(operations={UPDATE: operation(Met=error(3), Never=error(0), Barred=error(0, why="it needs a job"))})
    other = run(operations={UPDATE: operation(Met=error(1))}, botocore="1.40.76")
    third = run(operations={}, botocore="1.39.0")

    (coverage,) = coverage_of(columns_of([one, other, third]))

    words = {code: [met.word for met in row] for code, row in coverage.rows}
    assert words == {
        "Met": ["provoked", "provoked", "not run"],
        "Never": ["never", "not documented", "not run"],
        "Barred": ["unreachable", "not documented", "not run"],
    }
    (_, (met, *_)), _, (_, (barred, *_)) = coverage.rows
    assert (met.times, met.probes, met.evidence, barred.why) == (3, ("p",), "documented", "it needs a job")
    assert coverage.provoked == ("1 of 3", "1 of 1", "none documented")
