"""SARIF: what is accepted stays there and is suppressed, and an unfinished run does not look like a clean one."""

from __future__ import annotations

import json
from typing import Any

from botoproof.ci.report.kinds import write_reports

from ..made import UPDATE, faulted, finding, run, struck

BASELINE: dict[str, Any] = {"file": "b.toml", "unexpected_passes": [], "not_seen": []}


def runs(*reports: Any) -> Any:
    log = json.loads(write_reports("sarif", reports))
    assert log["version"] == "2.1.0"
    return log["runs"]


def test_a_finding_refers_to_its_rule_by_name_and_number() -> None:
    (told,) = runs(run(finding(1, code="b", severity="warning"), finding(2, code="a")))

    rules = told["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["a", "b"]
    assert [(one["ruleId"], rules[one["ruleIndex"]]["id"], one["level"]) for one in told["results"]] == [
        ("b", "b", "warning"),
        ("a", "a", "error"),
    ]


def test_a_known_finding_is_told_again_suppressed_with_its_reason_and_unchanged() -> None:
    (told,) = runs(run(finding(status="known", reason="bug 7"), verdict="known", baseline=BASELINE))

    (result,) = told["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "bug 7"}]
    assert result["baselineState"] == "unchanged"
    assert result["partialFingerprints"] == {"botoproof/v1": "000000000001"}


def test_a_flaky_finding_is_under_review_and_an_expired_one_is_suppressed_no_more() -> None:
    flaky, expired = finding(1, status="flaky", reason="1 of 3"), finding(2, status="expired", reason="bug 7")

    (told,) = runs(run(flaky, expired, baseline=BASELINE))

    by_end = {one["partialFingerprints"]["botoproof/v1"][-1]: one for one in told["results"]}
    assert [one["status"] for one in by_end["1"]["suppressions"]] == ["underReview"]
    assert (by_end["2"]["suppressions"], by_end["2"]["baselineState"]) == ([], "unchanged")


def test_without_a_baseline_no_result_says_how_it_stands_to_one() -> None:
    (told,) = runs(run(finding()))

    (result,) = told["results"]
    assert "baselineState" not in result
    assert result["suppressions"] == []


def test_a_run_that_was_cut_short_was_not_executed_successfully() -> None:
    whole, part = runs(run(), run(stopped="interrupted", verdict="unknown", name="p.json"))

    assert whole["invocations"] == [{"executionSuccessful": True}]
    (invocation,) = part["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "interrupted"


def test_an_operation_is_a_logical_place_and_a_line_of_code_is_a_physical_one() -> None:
    (of_run,) = runs(run(finding()))
    (of_test,) = runs(faulted(struck("dns:once", "not survived", "fault-escaped", line="a b.py:14 in f: x()")))

    (place,) = of_run["results"][0]["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": UPDATE, "kind": "function"}]
    assert "region" not in place["physicalLocation"]
    (place,) = of_test["results"][0]["locations"]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "a%20b.py"}, "region": {"startLine": 14}}


def test_two_sessions_under_faults_keep_their_own_results() -> None:
    lost = struck("dns:once", "not survived", "fault-escaped")

    first, second = runs(faulted(lost, name="a.json"), faulted(lost, lost, name="b.json"))

    assert [len(told["results"]) for told in (first, second)] == [1, 2]


def test_runs_on_two_targets_are_kept_apart() -> None:
    first, second = runs(run(), run(endpoint="http://e"))

    assert first["automationDetails"] != second["automationDetails"]
