"""What is to be told of reports, alike for runs and for tests under faults: each departure, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...campaign.baseline import UNEXPECTED_PASS
from ..columns import columns_of
from ..messages import visible
from ..reading import FAULTS, UPGRADE, Report
from ..states import NOT_SURVIVED, counts
from ..upgrades import again_with, is_heavy, status_of, subjects_told

_LINE = re.compile(r"(?P<file>.+?):(?P<line>[1-9][0-9]*) in ")


@dataclass(frozen=True, slots=True)
class Issue:
    """One departure in one report; every text has all its characters visible.

    Attributes:
        report: Of which report, from 0.
        code: Of its kind.
        title: What that kind means.
        level: ``error``, ``warning`` or ``note``.
        counts: Whether it turns the run red.
        status: ``new``, ``known``, ``flaky`` or ``expired``.
        reason: Why it has that status; empty for new ones.
        fingerprint: Equal for the same departure across runs.
        place: The operation, or the test.
        seen: On which target and with which SDK, or at which call under which fault.
        path: Where in the reply or request.
        expected: What the contract says.
        observed: What came.
        source: Where the broken rule stands.
        times: In how many cases it was seen.
        probe: The probe whose case shows it; empty when none does.
        again: A command that shows it again; empty when there is none in a line.
        file: The file of the consumer's line, relative to its project; empty when there is none.
        line: Its number; 0 when there is none.
        words: What stands before `expected` and `observed` in a sentence.
    """

    report: int
    code: str
    title: str
    level: str
    counts: bool
    status: str
    reason: str
    fingerprint: str
    place: str
    seen: str
    path: str
    expected: str
    observed: str
    source: str
    times: int = 1
    probe: str = ""
    again: str = ""
    file: str = ""
    line: int = 0
    words: tuple[str, str] = ("expected", "got")

    @property
    def told(self) -> str:
        """All of it in a sentence."""
        where = f" at {self.path}" if self.path else ""
        times = f", {self.times} times" if self.times > 1 else ""
        first, second = self.words
        return f"{self.title}{where}: {first} {self.expected}, {second} {self.observed} ({self.seen}{times})"


def issues_of(reports: Sequence[Report]) -> tuple[Issue, ...]:
    """Return what is to be told, report by report; those that count come first in each.

    Args:
        reports: All of one kind.
    """
    if reports and reports[0].schema == UPGRADE:
        return tuple(issue for number, report in enumerate(reports) for issue in _of_upgrade(number, report.data))
    if reports and reports[0].schema == FAULTS:
        return tuple(issue for number, report in enumerate(reports) for issue in _of_faults(number, report.data))
    return tuple(
        issue
        for number, column in enumerate(columns_of(reports))
        for issue in sorted(_of_run(number, column.report.data, column.title), key=lambda one: not one.counts)
    )


def _of_run(number: int, report: Mapping[str, Any], seen: str) -> Iterator[Issue]:
    for one in report["findings"]:
        yield Issue(
            number,
            one["code"],
            one["title"],
            one["severity"],
            counts(one),
            one["status"],
            visible(one["reason"] or ""),
            one["fingerprint"],
            one["operation"],
            seen,
            visible(one["path"]),
            visible(one["expected"]),
            visible(one["observed"]),
            visible(one["source"]),
            one["count"],
            visible(one["case"]["probe"] or ""),
        )
    for entry in report["baseline"]["unexpected_passes"] if report["baseline"] else ():
        yield Issue(
            number,
            UNEXPECTED_PASS.code,
            UNEXPECTED_PASS.title,
            "error",
            counts=True,
            status="new",
            reason="",
            fingerprint=entry["fingerprint"],
            place=entry["operation"],
            seen=seen,
            path="",
            expected=f"{entry['code']}, which the baseline knows",
            observed="its case was sent, and it did not occur",
            source=UNEXPECTED_PASS.source,
        )


def _of_faults(number: int, report: Mapping[str, Any]) -> Iterator[Issue]:
    for test in report["tests"]:
        for run in test["faults"]:
            if run["verdict"] == NOT_SURVIVED.word:
                yield from (_lost(number, test["test"], run, finding) for finding in run["findings"])


def _lost(number: int, test: str, run: Mapping[str, Any], finding: Mapping[str, Any]) -> Issue:
    at = _LINE.match(run["line"] or "") or _LINE.match(run["site"] or "")
    return Issue(
        number,
        finding["code"],
        finding["title"],
        "error",
        counts=True,
        status="new",
        reason="",
        fingerprint=finding["fingerprint"],
        place=visible(test),
        seen=visible(f"{run['fault']} at {run['call']}"),
        path="",
        expected=visible(finding["expected"]),
        observed=visible(finding["observed"]),
        source="the mark every_fault of the test",
        probe=visible(run["name"]),
        again=visible(run["replay"]),
        file=visible(at["file"]) if at else "",
        line=int(at["line"]) if at else 0,
    )


def _of_upgrade(number: int, report: Mapping[str, Any]) -> Iterator[Issue]:
    for finding in report["findings"]:
        first = finding["changes"][0]
        status = status_of(report, finding)
        yield Issue(
            number,
            finding["rule"],
            visible(finding["title"]),
            finding["severity"],
            counts=status != "known" and is_heavy(report, finding),
            status=status,
            reason=visible(finding["accepted"]["reason"] if finding["accepted"] else finding["reason"]),
            fingerprint=finding["fingerprint"],
            place=visible(subjects_told(finding)),
            seen=visible(f"{report['old']['version']} to {report['new']['version']}, {first['depth']}"),
            path=visible(first["path"]),
            expected=visible(first["old"] or "nothing"),
            observed=visible(first["new"] or "nothing"),
            source="",
            times=finding["count"],
            again=visible(again_with(report, first)),
            words=("before", "after"),
        )
