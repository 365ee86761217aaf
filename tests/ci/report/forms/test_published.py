"""SARIF and JUnit, held to the schemas that others published, which ci/borrowed fetches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from botoproof.ci.report.kinds import write_reports
from jsonschema import validators

from ..made import (
    PASSED,
    UPDATE,
    change,
    error,
    faulted,
    finding,
    looked,
    operation,
    run,
    struck,
    upgrade,
    upgrade_finding,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

BORROWED = Path(__file__).parents[4] / "build" / "borrowed"
BASELINE = {"file": "b.toml", "unexpected_passes": [PASSED], "not_seen": []}
REPORTS: dict[str, Any] = {
    "clean": [run()],
    "everything": [
        run(
            finding(1, observed="\x00<&", path="/a"),
            finding(2, status="known", reason="bug 7"),
            finding(3, status="flaky", reason="1 of 3", severity="warning"),
            finding(4, status="expired", reason="over", case={"probe": None}),
            finding(5, severity="note", case={"probe": "probe.0"}),
            baseline=BASELINE,
            operations={UPDATE: operation(A=error(0, why="no job"))},
            unreachable=[{"phase": "stateful", "why": "no job"}, {"state": "expired", "why": "none"}],
            endpoint="http://e f",
        ),
        run(stopped="interrupted", verdict="unknown"),
    ],
    "faults": [
        faulted(
            struck(),
            struck("dns:always", "not survived", "fault-escaped", "fault-swallowed", line="a b.py:3 in f"),
            struck("status(500):once", "undecided"),
        ),
        faulted(struck("dns:once", "not survived", "fault-escaped", line=None, site=None)),
    ],
    "nothing": [faulted()],
    "upgrade": [
        upgrade(
            upgrade_finding(1, change("A", old="\x00<&")),
            upgrade_finding(2, accepted={"fingerprint": "a" * 12, "reason": "known", "expires": None}),
            upgrade_finding(3, severity="note"),
            depths={"models": looked(("lost", "", "why"))},
        ),
        upgrade(verdict="safe"),
    ],
}


def borrowed(name: str) -> Path:
    path = BORROWED / name
    if not path.is_file():
        pytest.fail(f"there is no {name} for this test; ci/borrowed fetches it", pytrace=False)
    return path


@pytest.mark.parametrize("name", REPORTS)
def test_sarif_is_what_its_schema_says(name: str) -> None:
    schema = json.loads(borrowed("sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(write_reports("sarif", REPORTS[name]))
    validator = validators.validator_for(schema)(schema)

    assert [(list(wrong.path), wrong.message) for wrong in validator.iter_errors(log)] == []
    log["runs"][0]["tool"] = None
    assert not validator.is_valid(log), "the schema refuses something"


@pytest.mark.parametrize("name", REPORTS)
def test_junit_is_what_jenkins_reads(name: str, tmp_path: Path) -> None:
    schema = xmlschema.XMLSchema(borrowed("junit-10.xsd"))
    file = tmp_path / "r.xml"
    text = write_reports("junit", REPORTS[name])
    file.write_text(text, encoding="utf-8")

    schema.validate(file)

    file.write_text(text.replace("<testsuite ", "<suite ").replace("</testsuite>", "</suite>"), encoding="utf-8")
    assert not schema.is_valid(file), "the schema refuses something"
