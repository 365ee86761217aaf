"""The verdict of runs taken together, in a word and a sentence, as every form of a report tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .columns import Column, columns_of
from .known import counted
from .messages import visible
from .reading import FAULTS, UPGRADE, Report
from .states import FAIL, NOT_SURVIVED, SURVIVED, counts, passes_of, state_of

_WORDS = {"findings": "bad", "unknown": "broken", "known": "known", "clean": "good"}
"""The worst comes first, each with how it is drawn."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What runs come to.

    Attributes:
        word: In a word.
        tone: How it is drawn.
        because: Why, as a sentence.
    """

    word: str
    tone: str
    because: str


def verdict_of(reports: Sequence[Report]) -> Verdict:
    """Return the verdict of reports, all of one kind and at least one."""
    schema = reports[0].schema
    if schema == FAULTS:
        return faults_verdict(reports)
    if schema == UPGRADE:
        return upgrade_verdict(reports)
    return conformance_verdict(columns_of(reports))


def operations_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the operations of all runs."""
    return tuple(dict.fromkeys(name for column in columns for name in column.report.data["operations"]))


def conformance_verdict(columns: Sequence[Column]) -> Verdict:
    """Return the verdict of runs, which is that of the worst one."""
    word = min((str(column.report.data["verdict"]) for column in columns), key=list(_WORDS).index)
    return Verdict(word, _WORDS[word], _because(word, columns))


def _because(word: str, columns: Sequence[Column]) -> str:
    match word:
        case "clean":
            return "Every reply was one that the contract allows."
        case "known":
            return "Nothing but known or flaky findings."
        case "unknown":
            stopped = next((str(one.report.data["stopped"]) for one in columns if one.report.data["stopped"]), "")
            if not stopped:
                return "A run lacks a part, or judged nothing."
            return f"A run was cut short: {visible(stopped)}{'' if stopped.endswith(('.', '?', '!')) else '.'}"
        case _:
            return _findings(columns)


def _findings(columns: Sequence[Column]) -> str:
    """Tell what counts, each fingerprint once, and where."""
    names = operations_of(columns)
    reports = [column.report.data for column in columns]
    found = {one["fingerprint"]: one["severity"] for report in reports for one in report["findings"] if counts(one)}
    weights = Counter(found.values())
    parts = [counted(weights[weight], weight) for weight in ("error", "warning") if weights[weight]]
    passes = {one["fingerprint"] for report in reports for name in names for one in passes_of(report, name)}
    if passes:
        parts.append("1 unexpected pass" if len(passes) == 1 else f"{len(passes)} unexpected passes")
    failing = sum(any(state_of(report, name) is FAIL for report in reports) for name in names)
    runs = sum(report["verdict"] == "findings" for report in reports)
    told = f", in {runs} of {len(reports)} runs" if len(reports) > 1 else ""
    return f"{' and '.join(parts) or 'Findings'} in {failing} of {counted(len(names), 'operation')}{told}."


def faults_verdict(reports: Sequence[Report]) -> Verdict:
    """Return the verdict of tests that were run under faults."""
    runs = [run for report in reports for test in report.data["tests"] for run in test["faults"]]
    lost = [run for run in runs if run["verdict"] == NOT_SURVIVED.word]
    good = sum(run["verdict"] == SURVIVED.word for run in runs)
    if lost:
        codes = Counter(finding["code"] for run in lost for finding in run["findings"])
        told = ", ".join(f"{code} {count} times" if count > 1 else code for code, count in codes.most_common())
        return Verdict(NOT_SURVIVED.word, "bad", f"{len(lost)} of {counted(len(runs), 'run')} under a fault: {told}.")
    if not runs:
        return Verdict("unknown", "broken", "No test was run under a fault.")
    if not good:
        return Verdict("unknown", "broken", "Of no run under a fault is it known that the code survived it.")
    return Verdict(SURVIVED.word, "good", f"{good} of {counted(len(runs), 'run')} under a fault, and no failure.")


def upgrade_verdict(reports: Sequence[Report]) -> Verdict:
    """Return the verdict of upgrades, which is that of the worst one."""
    tones = {"not safe": "bad", "unknown": "broken", "accepted": "known", "safe": "good"}
    words = [
        "accepted" if one.data["verdict"] == "safe" and one.data["accepted"] else str(one.data["verdict"])
        for one in reports
    ]
    word = min(words, key=list(tones).index)
    told = "; ".join(
        f"{title}: {visible(one.data['told'])}" for title, one in zip(titles_of(reports), reports, strict=True)
    )
    return Verdict("safe" if word == "accepted" else word, tones[word], f"{told}.")


def titles_of(reports: Sequence[Report]) -> tuple[str, ...]:
    """Return by what upgrades are told from each other: the releases, and the file where those are the same."""
    titles = [f"{visible(one.data['old']['version'])} to {visible(one.data['new']['version'])}" for one in reports]
    return tuple(
        f"{title} ({visible(one.name)})" if titles.count(title) > 1 else title
        for title, one in zip(titles, reports, strict=True)
    )
