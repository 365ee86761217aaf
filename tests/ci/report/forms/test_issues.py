"""What is to be told of reports: the same for every form."""

from __future__ import annotations

from botoproof.ci.report.forms.issues import issues_of

from ..made import PASSED, faulted, finding, run, struck


def test_what_counts_comes_first_and_known_findings_keep_their_reason() -> None:
    known = finding(1, status="known", reason="bug 7")
    news = finding(2)

    issues = issues_of([run(known, news)])

    assert [(one.fingerprint[-1], one.counts, one.reason) for one in issues] == [("2", True, ""), ("1", False, "bug 7")]


def test_a_note_and_a_flaky_finding_do_not_count_and_an_expired_one_does() -> None:
    found = [finding(1, severity="note"), finding(2, status="flaky"), finding(3, status="expired")]

    issues = issues_of([run(*found)])

    assert {one.fingerprint[-1]: one.counts for one in issues} == {"1": False, "2": False, "3": True}


def test_an_unexpected_pass_is_an_error_though_no_finding_stands_for_it() -> None:
    baseline = {"file": "b.toml", "unexpected_passes": [PASSED], "not_seen": []}

    (issue,) = issues_of([run(baseline=baseline, verdict="findings")])

    assert (issue.code, issue.counts, issue.fingerprint) == ("baseline-unexpected-pass", True, PASSED["fingerprint"])


def test_a_fault_that_was_not_survived_is_told_at_the_line_of_the_code() -> None:
    lost = struck("dns:once", "not survived", "fault-escaped", "fault-effect-duplicated", line="a b/it.py:14 in f: x()")

    issues = issues_of([faulted(struck("dns:always"), lost)])

    assert [one.code for one in issues] == ["fault-escaped", "fault-effect-duplicated"]
    assert {(one.file, one.line) for one in issues} == {("a b/it.py", 14)}


def test_where_no_exception_came_through_a_line_the_call_site_stands_for_it() -> None:
    (issue,) = issues_of([faulted(struck("dns:once", "not survived", "fault-swallowed", line=None))])

    assert (issue.file, issue.line) == ("it.py", 3)


def test_a_line_that_is_none_is_no_place() -> None:
    (issue,) = issues_of([faulted(struck("dns:once", "not survived", "fault-escaped", line="somewhere", site=None))])

    assert (issue.file, issue.line) == ("", 0)
