"""JUnit: what fails there is what counts here, and nothing that is unknown passes."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.report.kinds import write_reports
from defusedxml import ElementTree

from ..made import UPDATE, faulted, finding, operation, run, struck

HOSTILE = 'a\x00\x1b\ud800\ufffe]]><b attr="1">&'


def suites(*reports: Any) -> list[Any]:
    root = ElementTree.fromstring(write_reports("junit", reports).encode("utf-8"))
    assert root.tag == "testsuites"
    return list(root)


def came(suite: Any) -> dict[str, list[str]]:
    """Return the names of the elements in each case that has any."""
    return {case.get("name"): [one.tag for one in case] for case in suite if len(case)}


def test_a_probe_is_a_case_and_its_finding_is_a_failure_of_it() -> None:
    (suite,) = suites(run(finding(case={"probe": "probe.1"})))

    assert [case.get("name") for case in suite] == ["probe.0", "probe.1", "probe.2"]
    assert came(suite) == {"probe.1": ["failure"]}
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "3", "failures": "1", "errors": "0", "skipped": "0", "time": "0.100",
    }  # fmt: skip


def test_a_finding_that_no_probe_shows_is_a_case_of_its_own() -> None:
    (suite,) = suites(run(finding(case={"probe": None})))

    assert came(suite) == {"error-undocumented 000000000001": ["failure"]}
    assert suite.get("tests") == "4"


def test_known_and_flaky_findings_are_skipped_with_their_reason_and_a_note_passes() -> None:
    found = [
        finding(1, status="known", reason="bug 7", case={"probe": "probe.0"}),
        finding(2, status="flaky", reason="1 of 3", case={"probe": "probe.1"}),
        finding(3, severity="note", case={"probe": "probe.2"}),
    ]

    (suite,) = suites(run(*found, verdict="known"))

    assert came(suite) == {"probe.0": ["skipped"], "probe.1": ["skipped"], "probe.2": ["system-out"]}
    assert [one.get("message") for one in suite.iter("skipped")] == ["known, bug 7", "flaky, 1 of 3"]


def test_a_case_that_shows_two_things_is_what_the_heavier_one_makes_it() -> None:
    both = [finding(1, status="known", reason="r", case={"probe": "probe.0"}), finding(2, case={"probe": "probe.0"})]

    (suite,) = suites(run(*both))

    assert came(suite) == {"probe.0": ["failure", "system-out"]}
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "0")


@pytest.mark.parametrize(
    "changes",
    [
        {"stopped": "--max-time was over", "verdict": "unknown"},
        {"verdict": "unknown"},
        {"unreachable": [{"phase": "stateful", "why": "no job could be made"}], "verdict": "unknown"},
    ],
    ids=["cut short", "nothing judged", "a phase is lacking"],
)
def test_a_run_of_which_nothing_is_known_has_an_error(changes: dict[str, Any]) -> None:
    (suite,) = suites(run(**changes))

    assert suite.get("errors") == "1"
    assert list(came(suite).values()) == [["error"]]


def test_what_could_not_be_reached_is_skipped_with_its_reason() -> None:
    (suite,) = suites(run(unreachable=[{"probe": "job.expired", "operation": UPDATE, "why": "no such job"}]))

    (skipped,) = suite.iter("skipped")
    assert (skipped.get("type"), skipped.text) == ("not reached", "no such job")


def test_whatever_an_endpoint_says_the_file_is_xml_and_says_it() -> None:
    told = {**operation(), "probes": {HOSTILE: "returned"}}

    (suite,) = suites(run(finding(observed=HOSTILE, case={"probe": HOSTILE}), operations={UPDATE: told}))

    (failure,) = suite.iter("failure")
    assert 'a\\x00\\x1b\\ud800\\ufffe]]><b attr="1">&' in failure.text


def test_a_run_under_a_fault_is_a_case_and_only_one_that_was_survived_passes() -> None:
    runs = [
        struck("dns:once"),
        struck("dns:always", "not survived", "fault-escaped", "fault-swallowed"),
        struck("status(500):once", "nothing changed"),
        struck("status(501):once", "undecided"),
    ]

    (suite,) = suites(faulted(*runs))

    assert came(suite) == {
        "UpdateJob#0:dns:always": ["failure", "failure"],
        "UpdateJob#0:status(500):once": ["skipped"],
        "UpdateJob#0:status(501):once": ["skipped"],
    }
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "2")


def test_two_sessions_of_the_same_test_do_not_share_their_failures() -> None:
    lost = faulted(struck("dns:once", "not survived", "fault-escaped"))

    first, second = suites(lost, faulted(struck("dns:once")))

    assert (first.get("failures"), second.get("failures")) == ("1", "0")
