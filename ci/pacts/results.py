"""What came of a verification or a search, as lines, JSON and JUnit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET  # written only

from ...contract.finding import Finding, Severity
from ..report.payload import printable
from .verify import BROKE, KEPT, Verification

SCHEMA = "botoproof/pact/1"


def as_json(what: str, path: str, findings: Iterable[Finding], **more: Any) -> str:
    """Return the findings, and more, as the text of a JSON file."""
    data = {"schema": SCHEMA, "what": what, "pact": path, **more, "findings": [finding_data(one) for one in findings]}
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON has it."""
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.kind.code,
        "check": finding.kind.check,
        "title": finding.kind.title,
        "severity": finding.kind.severity.value,
        "operation": finding.operation,
        "interaction": finding.path,
        "expected": finding.expected,
        "observed": finding.observed,
    }


def as_junit(verification: Verification, name: str) -> str:
    """Return a verification as a JUnit file: one test case for each interaction, an error where nothing is known."""
    cases = verification.interactions
    suite = ET.Element(
        "testsuite",
        name=printable(name),
        tests=str(len(cases)),
        failures=str(sum(case.verdict == BROKE for case in cases)),
        errors=str(sum(case.verdict not in (BROKE, KEPT) for case in cases)),
    )
    for case in cases:
        element = ET.SubElement(suite, "testcase", classname=printable(name), name=printable(case.description))
        if case.verdict != KEPT:
            told = "\n".join(line(finding) for finding in case.findings)
            code = case.findings[0].kind.code if case.findings else case.verdict
            tag = "failure" if case.verdict == BROKE else "error"
            ET.SubElement(element, tag, type=code, message=told.partition("\n")[0]).text = told
    data: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return f"{data.decode('utf-8')}\n"


def line(finding: Finding) -> str:
    """Return a finding as a line for a terminal."""
    where = f"{finding.path}: " if finding.path else ""
    told = f"expected {finding.expected}, got {finding.observed}"
    return printable(f"{finding.kind.code}: {where}{finding.kind.title} ({told})")


def counting(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that turn a run red: all but notes."""
    return [finding for finding in findings if finding.kind.severity is not Severity.NOTE]
