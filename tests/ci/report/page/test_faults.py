"""The page of tests under faults: every run stands in its cell, and what was left out says what stands for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botoproof.ci.report.page.faults import Faults, faults_of

from ..made import faulted, struck

LIST = {"call": "ListJobs#0", "operation": "importexport.ListJobs", "site": "it.py:9 in g"}


def words(page: Faults) -> dict[str, list[str]]:
    """Return the words of each row's cells, with their figures; the page is about one test."""
    (test,) = page.tests
    return {
        row.fault: [f"{one.state.word} {one.figure}".strip() if one else "" for one in row.cells] for row in test.rows
    }


def opened(page: Faults, fault: str, place: int = 0) -> tuple[dict[str, str], list[str]]:
    """Return the facts and the links of what a cell opens."""
    data = json.loads(page.island)
    cell = next(row for row in page.tests[0].rows if row.fault == fault).cells[place]
    assert cell is not None
    told = data["cells"][cell.anchor]
    texts = [data["texts"][number] for number in told["f"]]
    return dict(zip(texts[::2], texts[1::2], strict=True)), [data["texts"][number] for number in told.get("l", [])]


def test_a_fault_stands_in_a_row_and_a_call_in_a_column_documented_errors_first() -> None:
    runs = [
        struck("dns:once", "not survived", "fault-escaped"),
        struck("error(X):always"),
        struck("dns:once", "nothing changed", **LIST),
    ]

    page = faults_of([faulted(*runs)])

    assert page.tests[0].calls == (("ListJobs#0", "it.py:9 in g"), ("UpdateJob#0", "it.py:3 in f"))
    assert words(page) == {
        "error(X):always": ["", "survived"],
        "dns:once": ["nothing changed", "not survived fault-escaped"],
    }


def test_of_several_runs_at_one_call_the_worst_is_shown_and_all_are_told() -> None:
    runs = [
        struck("dns:once", name="A#0:x:once+UpdateJob#0:dns:once"),
        struck("dns:once", "not survived", "fault-escaped", name="B#0:x:once+UpdateJob#0:dns:once"),
    ]

    page = faults_of([faulted(*runs)])

    assert words(page) == {"dns:once": ["not survived fault-escaped"]}
    facts, links = opened(page, "dns:once")
    assert facts["run"] == "B#0:x:once+UpdateJob#0:dns:once"
    assert links == ["f-0"]


def test_a_folded_fault_names_the_one_that_stands_for_it_and_leads_to_what_is_wrong_with_that() -> None:
    lost = struck("dns:once", "not survived", "fault-escaped")
    into = {
        "UpdateJob#0:tls.refused:once": "UpdateJob#0:dns:once",
        "UpdateJob#0:other:once": "UpdateJob#0:not.chosen:once",
    }

    page = faults_of([faulted(struck("zzz:always"), lost, folded={"alike": 2}, folded_into=into)])

    assert list(words(page)) == ["dns:once", "zzz:always", "tls.refused:once"], "what was tried comes first"
    assert words(page)["tls.refused:once"] == ["folded into dns:once"]
    assert opened(page, "tls.refused:once") == ({"stands for it": "dns:once, which was not survived"}, ["f-0"])
    assert dict(page.figures)["folded into others"] == "2"


def test_a_survived_cell_tells_where_and_what_the_service_did_but_no_replay() -> None:
    facts, links = opened(faults_of([faulted(struck(seconds=1.5, attempts=3, effects="several"))]), "dns:once")

    assert facts == {
        "attempts": "3, and the service did it several times",
        "virtual time": "1.50 s",
        "line": "it.py:4 in f: call()",
    }
    assert links == []


def test_tests_that_failed_come_first_and_sessions_are_told_apart_by_their_files() -> None:
    good = faulted(struck(), name="monday.json")
    bad = faulted(struck("dns:once", "not survived", "fault-escaped"), name="tuesday.json")

    page = faults_of([good, bad])

    assert [test.name for test in page.tests] == ["test_it.py::test (tuesday.json)", "test_it.py::test (monday.json)"]


@pytest.mark.parametrize(
    ("report", "verdict", "because"),
    [
        (faulted(struck()), "survived", "1 of 1 run under a fault, and no failure."),
        (
            faulted(struck(), struck("a:once", "not survived", "x"), struck("b:once", "not survived", "x", "y")),
            "not survived",
            "2 of 3 runs under a fault: x 2 times, y.",
        ),
        (faulted(), "unknown", "No test was run under a fault."),
        (
            faulted(struck("dns:once", "undecided")),
            "unknown",
            "Of no run under a fault is it known that the code survived it.",
        ),
    ],
    ids=["survived", "not survived", "nothing", "undecided"],
)
def test_the_verdict_is_never_better_than_what_is_known(report: Any, verdict: str, because: str) -> None:
    page = faults_of([report])

    assert (page.verdict, page.because) == (verdict, because)


def test_what_the_session_left_out_is_told() -> None:
    (test,) = faults_of(
        [
            faulted(
                **{"no-fault": "not run"},
                calls=None,
                discovered=["importexport.ListJobs#0"],
                threads=True,
                folded={"alike": 3},
                inapplicable={"form": "no XML", "xml": "no XML"},
            )
        ]
    ).tests

    assert test.remarks == (
        "the run without a fault was not among those of the session",
        "discovered: importexport.ListJobs#0; their faults are tried from the next run on",
        "calls came from several threads, so that their numbers may differ from run to run",
        "folded 3: alike",
        "cannot strike: form, xml: no XML",
    )
