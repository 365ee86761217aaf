"""Reports as JUnit XML: a suite for each run, a case for each probe and for each finding that no probe shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET  # written only

from ..columns import columns_of
from ..messages import visible
from ..reading import FAULTS, UPGRADE, Report
from ..states import NOT_SURVIVED, SURVIVED, is_whole
from ..upgrades import gaps_of
from ..verdicts import titles_of
from .issues import Issue, issues_of

_NAMED = ("failure", "error", "skipped")


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case; what came of it are pairs of an element's name and an issue or a text."""

    group: str
    name: str
    came: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def add(self, issue: Issue) -> None:
        """Add what an issue makes of it: the known and flaky ones are skipped, and notes are told beside a pass."""
        if issue.counts:
            self.came.append(("failure", issue.code, _body(issue)))
        elif issue.level == "note":
            self.came.append(("system-out", issue.code, f"note {issue.code}: {issue.told}"))
        else:
            self.came.append(("skipped", issue.status, f"{issue.status}, {issue.reason}\n{_body(issue)}"))

    @property
    def comes_to(self) -> str:
        """The heaviest of what came of it; empty for a pass."""
        return next((name for name in _NAMED if any(name == one for one, _, _ in self.came)), "")


def _body(issue: Issue) -> str:
    source = f"\nsource: {issue.source}" if issue.source else ""
    again = f"\nagain: {issue.again}" if issue.again else ""
    return f"{issue.told} [{issue.code}, {issue.fingerprint}]{source}{again}"


def junit_report(reports: Sequence[Report]) -> str:
    """Return reports as JUnit XML.

    Args:
        reports: All of one kind, at least one.
    """
    issues = issues_of(reports)
    root = ET.Element("testsuites", name="botoproof")
    if reports[0].schema == UPGRADE:
        for number, (report, title) in enumerate(zip(reports, titles_of(reports), strict=True)):
            found = [issue for issue in issues if issue.report == number]
            _suite(root, f"botoproof upgrade {title}", list(_upgrade_cases(report.data, found)))
    elif reports[0].schema == FAULTS:
        for number, report in enumerate(reports):
            own: dict[tuple[str, str], list[Issue]] = {}
            for issue in issues:
                if issue.report == number:
                    own.setdefault((issue.place, issue.probe), []).append(issue)
            for test in report.data["tests"]:
                _suite(root, visible(test["test"]), list(_fault_cases(test, own)))
    else:
        for number, column in enumerate(columns_of(reports)):
            found = [issue for issue in issues if issue.report == number]
            seconds = sum(phase["seconds"] for phase in column.report.data["phases"].values())
            _suite(root, f"botoproof {visible(column.title)}", list(_run_cases(column.report.data, found)), seconds)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return f"{data.decode('utf-8')}\n"


def _run_cases(report: Mapping[str, Any], issues: Sequence[Issue]) -> Iterator[_Case]:
    cases = {
        (name, visible(probe)): _Case(name, visible(probe))
        for name, told in report["operations"].items()
        for probe in told["probes"]
    }
    for issue in issues:
        key = (issue.place, issue.probe or f"{issue.code} {issue.fingerprint}")
        cases.setdefault(key, _Case(*key)).add(issue)
    for one in report["unreachable"]:
        what = next(name for name in ("state", "probe", "cases", "phase") if name in one)
        key = (one.get("operation") or report["target"]["service"], visible(f"{what} {one[what]}"))
        # A phase that was cut off is no choice of anybody's, and is no skipped test.
        tag = "error" if what == "phase" else "skipped"
        cases.setdefault(key, _Case(*key)).came.append((tag, "not reached", visible(one["why"])))
    if not is_whole(report) and not any(case.comes_to == "error" for case in cases.values()):
        why = visible(report["stopped"] or "the run lacks a part, or judged nothing")
        yield _Case(report["target"]["service"], "the whole run", [("error", "unknown", why)])
    yield from cases.values()


def _upgrade_cases(report: Mapping[str, Any], issues: Sequence[Issue]) -> Iterator[_Case]:
    # What was looked at is a case too: an upgrade in which nothing differs was tested.
    gaps = list(gaps_of(report))
    parts = {depth: depth for depth in report["depths"]}
    if report["operations"] is not None:
        parts["usage"] = "what is in use"
    if report["walk"] is not None:
        parts["walk"] = "the way"
    for part, told in parts.items():
        own = [("error", "unknown", visible(f"{what}: {why}")) for what, why in gaps if what.partition(":")[0] == part]
        yield _Case("botoproof upgrade", f"all is known of {told}", own)
    if not report["depths"]:
        yield _Case("botoproof upgrade", "something was looked at", [("error", "unknown", visible(report["told"]))])
    for issue in issues:
        case = _Case(issue.place, f"{issue.code} {issue.fingerprint}")
        if issue.level == "warning" and issue.status == "new" and not issue.counts:
            case.came.append(("system-out", issue.code, f"warning {_body(issue)}"))
        else:
            case.add(issue)
        yield case


def _fault_cases(test: Mapping[str, Any], issues: Mapping[tuple[str, str], Sequence[Issue]]) -> Iterator[_Case]:
    for run in test["faults"]:
        case = _Case(visible(test["test"]), visible(run["name"]))
        if run["verdict"] == NOT_SURVIVED.word:
            for issue in issues[case.group, case.name]:
                case.add(issue)
        elif run["verdict"] != SURVIVED.word:
            case.came.append(("skipped", run["verdict"], run["verdict"]))
        yield case


def _suite(root: ET.Element, name: str, cases: Sequence[_Case], seconds: float | None = None) -> None:
    words = [case.comes_to for case in cases]
    suite = ET.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(words.count("failure")),
        errors=str(words.count("error")),
        skipped=str(words.count("skipped")),
    )
    if seconds is not None:
        suite.set("time", f"{seconds:.3f}")
    for case in cases:
        element = ET.SubElement(suite, "testcase", classname=case.group, name=case.name)
        heaviest = case.comes_to
        for tag, kind, text in case.came:
            # Readers count a case as what its elements say, so that only the heaviest kind of them is one.
            if tag == heaviest:
                ET.SubElement(element, tag, type=kind, message=text.partition("\n")[0]).text = text
            else:
                ET.SubElement(element, "system-out").text = text
