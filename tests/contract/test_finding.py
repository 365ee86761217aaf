"""Findings: fingerprints, severities, and how they print."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.finding import Evidence, Finding, FindingKind, Severity
from hypothesis import given
from hypothesis import strategies as st

KIND = FindingKind(
    code="reply-boolean",
    check="the_reply_decodes_strictly",
    title="a boolean is neither true nor false",
    severity=Severity.ERROR,
    meaning="It is another word.",
    harm="SDKs read it as false.",
    provoked="It is written as yes.",
    source="the query protocol",
    remedy="Write true or false.",
)
FINDING = Finding(
    kind=KIND,
    operation="importexport.UpdateJob",
    path="/UpdateJobResponse/UpdateJobResult/Success",
    expected="exactly true or false",
    observed="'yes'",
    key=("boolean",),
)


def test_the_fingerprint_does_not_change_between_releases() -> None:
    """Baselines hold it; whoever changes it makes every known finding new."""
    assert FINDING.fingerprint == "02dd6c439321"


@given(expected=st.text(), observed=st.text(), source=st.text(), title=st.text(), evidence=st.sampled_from(Evidence))
def test_no_wording_enters_the_fingerprint(
    expected: str, observed: str, source: str, title: str, evidence: Evidence
) -> None:
    reworded = replace(
        FINDING,
        kind=replace(KIND, title=title, meaning=title, harm=title, remedy=title, source=source),
        expected=expected,
        observed=observed,
        source=source,
        evidence=evidence,
    )

    assert reworded.fingerprint == FINDING.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, kind=replace(KIND, code="reply-root")),
        replace(FINDING, operation="importexport.CreateJob"),
        replace(FINDING, path="/UpdateJobResponse"),
        replace(FINDING, key=()),
        replace(FINDING, key=("boolean", "again")),
    ],
)
def test_what_and_where_enter_the_fingerprint(other: Finding) -> None:
    assert other.fingerprint != FINDING.fingerprint


@pytest.mark.parametrize("sentence", ["The job AB12C is unknown", "a\tb", "x" * 101])
def test_a_sentence_where_a_code_should_stand_does_not_enter_the_fingerprint(sentence: str) -> None:
    other = replace(FINDING, key=("Job ZZZZZ, at 12:00",))

    assert replace(FINDING, key=(sentence,)).fingerprint == other.fingerprint
    assert replace(FINDING, key=("JobUnknown",)).fingerprint != other.fingerprint


def test_a_code_that_is_no_unicode_has_a_fingerprint_too() -> None:
    assert len(replace(FINDING, key=("\ud800",), path="/\udcff").fingerprint) == 12


@pytest.mark.parametrize(
    ("evidence", "line", "severity"),
    [
        (Evidence.DOCUMENTED, Evidence.DOCUMENTED, Severity.ERROR),
        (Evidence.OBSERVED, Evidence.DOCUMENTED, Severity.NOTE),
        (Evidence.OBSERVED, Evidence.OBSERVED, Severity.ERROR),
        (Evidence.INFERRED, Evidence.OBSERVED, Severity.NOTE),
        (Evidence.INFERRED, Evidence.INFERRED, Severity.ERROR),
    ],
)
def test_evidence_below_the_line_makes_a_note(evidence: Evidence, line: Evidence, severity: Severity) -> None:
    assert replace(FINDING, evidence=evidence).severity(line) is severity


def test_evidence_is_ordered_from_the_strongest() -> None:
    assert [evidence.rank for evidence in (Evidence.DOCUMENTED, Evidence.OBSERVED, Evidence.INFERRED)] == [0, 1, 2]


def test_a_finding_prints_where_what_expected_and_observed() -> None:
    assert str(FINDING) == (
        "importexport.UpdateJob /UpdateJobResponse/UpdateJobResult/Success: "
        "a boolean is neither true nor false [reply-boolean] (expected exactly true or false; got 'yes')"
    )


def test_a_finding_about_the_whole_prints_no_path() -> None:
    assert str(replace(FINDING, path="")).startswith("importexport.UpdateJob: a boolean")
