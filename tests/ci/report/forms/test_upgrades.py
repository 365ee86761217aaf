"""Upgrades in the forms that other programs read: what counts fails, what is accepted stays, what is unknown shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botoproof.ci.report.kinds import write_reports
from defusedxml import ElementTree
from markdown_it import MarkdownIt

from ..made import change, looked, upgrade, upgrade_finding

ACCEPTED = {"fingerprint": "a" * 12, "reason": "nobody gives it", "expires": "2027-01-31"}
HOSTILE = "</details><script>alert(1)</script> | `` [a](http://b) @f\r\n# g\n::error::h"
UNKNOWN = {"models": looked(("planted", "", "its file is damaged"))}
READER = MarkdownIt("commonmark").enable("table")


def came(*reports: Any) -> dict[str, list[str]]:
    """Return the elements of each JUnit case, by its name."""
    root = ElementTree.fromstring(write_reports("junit", reports).encode("utf-8"))
    return {str(case.get("name")): [one.tag for one in case] for suite in root for case in suite}


def test_junit_fails_what_counts_and_skips_what_is_accepted() -> None:
    counting, known = upgrade_finding(1), upgrade_finding(2, accepted=ACCEPTED)
    warning, note = upgrade_finding(3, severity="warning"), upgrade_finding(4, severity="note")

    assert came(upgrade(counting, known, warning, note)) == {
        "all is known of models": [],
        "input-member-removed 000000000001": ["failure"],
        "input-member-removed 000000000002": ["skipped"],
        "input-member-removed 000000000003": ["system-out"],
        "input-member-removed 000000000004": ["system-out"],
    }


def test_junit_fails_a_warning_where_warnings_count() -> None:
    report = upgrade(upgrade_finding(severity="warning"), counts_from="warning")

    assert came(report)["input-member-removed 000000000001"] == ["failure"]


def test_an_upgrade_in_which_nothing_differs_has_a_case_that_passes() -> None:
    assert came(upgrade(verdict="safe")) == {"all is known of models": []}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"depths": UNKNOWN}, "all is known of models"),
        ({"depths": {}}, "something was looked at"),
        (
            {
                "operations": [],
                "usage": {"doubts": ["a.py:3 makes a client of a service that is not written there"], "notes": []},
            },
            "all is known of what is in use",
        ),
        (
            {
                "walk": {
                    "releases": ["1", "2"],
                    "courses": [],
                    "untraced": 0,
                    "unknown": [{"release": "1.5", "depth": None, "reason": "no wheel"}],
                }
            },
            "all is known of the way",
        ),
    ],
)
def test_what_is_unknown_is_an_error_for_junit_and_no_success_for_sarif(changes: dict[str, Any], name: str) -> None:
    report = upgrade(verdict="unknown", **changes)

    (run,) = json.loads(write_reports("sarif", [report]))["runs"]
    assert came(report)[name] == ["error"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_sarif_tells_what_is_accepted_again_as_suppressed_and_unchanged() -> None:
    (run,) = json.loads(write_reports("sarif", [upgrade(upgrade_finding(1, accepted=ACCEPTED), upgrade_finding(2))]))[
        "runs"
    ]

    known, new = run["results"]
    assert known["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "nobody gives it"}]
    assert (known["baselineState"], new["baselineState"], new["suppressions"]) == ("unchanged", "new", [])
    assert known["partialFingerprints"] == {"botoproof/v1": "000000000001"}


def test_sarif_tells_what_was_accepted_until_a_day_that_has_passed_as_unchanged_and_open() -> None:
    (run,) = json.loads(write_reports("sarif", [upgrade(upgrade_finding(), expired=["a" * 12])]))["runs"]

    (result,) = run["results"]
    assert (result["baselineState"], result["suppressions"]) == ("unchanged", [])


def test_annotations_mark_what_counts_with_the_command_that_shows_it_again() -> None:
    finding = upgrade_finding(1, change("A", depth="wire"), change("B", depth="wire"))

    first, last = write_reports("annotations", [upgrade(finding, upgrade_finding(2, accepted=ACCEPTED))]).splitlines()

    assert first.startswith("::error title=input-member-removed::planted.A and 1 more: ")
    assert "%0Aagain: botoproof upgrade 1.0.0 2.0.0 --wire --service planted%0A" in first
    assert last.endswith("1 accepted or lighter findings are not marked.")


def test_an_unknown_upgrade_is_a_warning_for_annotations() -> None:
    (line,) = write_reports("annotations", [upgrade(verdict="unknown", depths=UNKNOWN)]).splitlines()

    assert line.startswith("::warning title=botoproof%3A unknown::")


def test_the_changelog_tells_what_breaks_what_to_do_and_since_when() -> None:
    place = {"depth": "models", "rule": "input-member-removed", "service": "planted", "operation": "Plant"}
    course = {
        **place, "path": "$.Kind", "fingerprint": "a" * 12, "searched": False, "stays": True,
        "spans": [{"first": "1.7.0", "after": "1.6.0", "gone": None}],
    }  # fmt: skip
    walk = {"releases": ["1.0.0", "1.6.0", "1.7.0", "2.0.0"], "courses": [course], "untraced": 0, "unknown": []}

    text = write_reports("markdown", [upgrade(upgrade_finding(), walk=walk)])

    assert "`input-member-removed`: a parameter is no longer known\n\nWho breaks: " in text
    assert "\nWhat to do: " in text
    assert "- `planted.Plant`: `$.Kind` `Kind` is gone (models, since 1.7.0, 000000000001)" in text


def test_the_changelog_counts_what_does_not_count_by_service() -> None:
    note = upgrade_finding(1, change("A"), change("B"), change("C", service="other"), severity="note")

    text = write_reports("markdown", [upgrade(note, verdict="safe")])

    assert "<summary>does not count: 3 changes</summary>" in text
    assert "| `planted` | `2 input-member-removed` |" in text
    assert "| `other` | `1 input-member-removed` |" in text


def test_what_a_model_says_becomes_no_markup_of_a_changelog() -> None:
    hostile = change(HOSTILE, path=HOSTILE, old=HOSTILE, new=HOSTILE, service=HOSTILE)
    findings = (
        upgrade_finding(1, hostile, title=HOSTILE),
        upgrade_finding(2, hostile, accepted={**ACCEPTED, "reason": HOSTILE}),
        upgrade_finding(3, hostile, severity="note"),
    )

    source = write_reports("markdown", [upgrade(*findings, depths={"models": looked((HOSTILE, HOSTILE, HOSTILE))})])

    tokens = [one for token in READER.parse(source) for one in (token, *(token.children or ()))]
    assert {one.type for one in tokens} & {"image", "link_open", "html_inline"} == set()
    assert all("script" not in one.content for one in tokens if one.type == "html_block")


def test_json_lines_tell_each_change_and_the_finding_that_it_belongs_to() -> None:
    report = upgrade(upgrade_finding(1, change("A"), change("B")), depths=UNKNOWN)

    lines = [json.loads(line) for line in write_reports("jsonl", [report]).splitlines()]

    assert [one["tells"] for one in lines] == ["upgrade", "depth", "unknown", "finding", "change", "change"]
    assert [(one["finding"], one["operation"]) for one in lines[-2:]] == [("000000000001", "A"), ("000000000001", "B")]


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (upgrade(verdict="safe"), "safe"),
        (upgrade(verdict="unknown", depths=UNKNOWN), "unknown"),
        (upgrade(upgrade_finding()), "not safe"),
    ],
)
def test_the_badge_bears_the_verdict(report: Any, word: str) -> None:
    assert f'aria-label="botoproof: {word}"' in write_reports("badge", [report])


def test_of_several_upgrades_the_worst_gives_the_verdict() -> None:
    reports = [upgrade(verdict="safe"), upgrade(upgrade_finding(), name="v.json"), upgrade(verdict="unknown")]

    assert 'aria-label="botoproof: not safe"' in write_reports("badge", reports)
