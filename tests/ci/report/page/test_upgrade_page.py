"""The page of upgrades: a cell for each service and depth, and what was not looked at is not the same as equal."""

from __future__ import annotations

from typing import Any

from botoproof.ci.report.kinds import write_reports
from botoproof.ci.report.page.upgrade import upgrade_of

from ..made import change, looked, upgrade, upgrade_finding
from .test_page import HOSTILE, Read

ACCEPTED = {"fingerprint": "a" * 12, "reason": "nobody gives it", "expires": None}


def cells(*reports: Any) -> dict[str, list[str]]:
    return {
        row.service: [f"{cell.state.word} {cell.figure}".strip() for cell in row.cells]
        for row in upgrade_of(reports).rows
    }


def test_a_cell_tells_the_worst_of_what_its_depth_says_of_its_service() -> None:
    depths = {
        "models": looked(),
        "wire": looked(("lost", "", "it hangs")),
        "faults": looked(("", "", "it does not start")),
    }
    findings = (
        upgrade_finding(1, change("A"), change("B", service="other")),
        upgrade_finding(2, change(depth="wire", service="known"), accepted=ACCEPTED),
        upgrade_finding(3, change(depth="wire"), severity="note"),
    )

    found = cells(upgrade(*findings, depths=depths, services=None))

    assert found == {
        "known": ["same", "accepted 1", "unknown"],
        "lost": ["same", "unknown", "unknown"],
        "other": ["breaks 1", "same", "unknown"],
        "planted": ["breaks 1", "differs 1", "unknown"],
    }


def test_what_holds_for_all_services_has_a_row_of_its_own() -> None:
    report = upgrade(
        upgrade_finding(1, change("", service=""), severity="note"), depths={"models": looked(), "wire": looked()}
    )

    assert cells(report) == {"*": ["differs 1", "not looked at"], "planted": ["same", "same"]}


def test_several_upgrades_stand_beside_each_other() -> None:
    page = upgrade_of([upgrade(upgrade_finding()), upgrade(verdict="safe", name="v.json")])

    assert [title for title, _ in page.columns] == ["1.0.0 to 2.0.0 (u.json)", "1.0.0 to 2.0.0 (v.json)"]
    assert [cell.state.word for row in page.rows for cell in row.cells] == ["breaks", "same"]


def test_a_finding_tells_whom_it_hurts_and_what_to_do() -> None:
    page = upgrade_of([upgrade(upgrade_finding())])

    facts = dict(page.findings[0].facts)
    assert facts["hurts"] == "caller"
    assert facts["what to do"]
    assert page.findings[0].again == "botoproof upgrade 1.0.0 2.0.0 --models --service planted"


def test_what_there_is_no_room_for_is_counted() -> None:
    findings = [upgrade_finding(number, change(old="x" * 300), severity="note") for number in range(3000)]

    page = upgrade_of([upgrade(*findings)])

    assert page.left_out > 0
    assert page.left_out + len(page.findings) == 3000


def test_what_a_model_or_a_process_says_stays_text() -> None:
    hostile = change(HOSTILE, path=HOSTILE, old=HOSTILE, new=HOSTILE, service=HOSTILE, evidence=HOSTILE)
    unknown = {"models": looked((HOSTILE, HOSTILE, HOSTILE))}

    page = Read(write_reports("html", [upgrade(upgrade_finding(1, hostile, title=HOSTILE), depths=unknown)]))

    assert [tag for tag, _ in page.elements].count("script") == 2
    assert "img" not in {tag for tag, _ in page.elements}
    assert HOSTILE in page.text


def test_each_link_of_the_page_leads_to_a_place_on_it() -> None:
    course = {
        "depth": "models", "rule": "operation-added", "service": "planted", "operation": "Prune", "path": "",
        "fingerprint": "a" * 12, "searched": False, "stays": False,
        "spans": [{"first": "1.5.0", "after": "1.0.0", "gone": "2.0.0"}],
    }  # fmt: skip
    walk = {"releases": ["1.0.0", "1.5.0", "2.0.0"], "courses": [course], "untraced": 0, "unknown": []}
    report = upgrade(upgrade_finding(), depths={"models": looked(("lost", "", "why"))}, walk=walk)

    page = Read(write_reports("html", [report]))

    places = {*page.attributes("id"), *page.data["cells"]}
    assert {str(href).removeprefix("#") for href in page.attributes("href")} <= places
    assert "planted.Prune" in page.text
    assert "with 1.5.0 until 2.0.0" in page.text
