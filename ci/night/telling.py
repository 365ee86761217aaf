"""The steps of a night that make something of what was found: merge, history, report, notify."""

from __future__ import annotations

from pathlib import Path

from ..report.known import counted
from .outcome import Outcome, State, worst
from .tonight import Tonight

_ENDINGS = {"markdown": "md", "junit": "xml", "badge": "svg", "annotations": "txt"}
_WITH_PAST = ("html", "markdown")


def merge(tonight: Tonight) -> Outcome:
    """Put the shards of each run together."""
    (tonight.folder / "reports").mkdir(parents=True, exist_ok=True)
    outcomes: list[Outcome] = []
    for run in tonight.plan.runs:
        output = tonight.folder / "reports" / f"{run.name}.json"
        known = ("--baseline", tonight.settings.baseline) if tonight.settings.baseline else ()
        arguments = ("report", "merge", str(tonight.shards_of(run)), "--output", str(output), *known)
        called = tonight.call(f"merge-{run.name}", arguments)
        outcome = called.judged(run.name)
        if called.status == 2 and output.exists() and "missing" not in called.last:
            outcome = Outcome(State.UNKNOWN, f"{run.name} is unknown: {called.last} (see {called.log})")
        outcomes.append(outcome)
    return worst(outcomes, nothing="the plan has no runs")


def history(tonight: Tonight) -> Outcome:
    """Add the reports of this night to the history."""
    reports = map(str, tonight.reports)
    arguments = ("history", "add", *reports, "--file", tonight.settings.history, "--night", tonight.night)
    return tonight.call("history", arguments).told(
        f"{counted(len(tonight.reports), 'report')} in {tonight.settings.history}"
    )


def report(tonight: Tonight) -> Outcome:
    """Show the reports of this night in the forms that are asked for."""
    outcomes: list[Outcome] = []
    for kind in tonight.settings.reports:
        if kind == "json":
            continue
        output = tonight.folder / f"night.{_ENDINGS.get(kind, kind)}"
        past = kind in _WITH_PAST and Path(tonight.settings.history).exists()
        extra = ("--history", tonight.settings.history) if past else ()
        arguments = ("report", kind, *map(str, tonight.reports), "--output", str(output), *extra)
        outcomes.append(tonight.call(f"report-{kind}", arguments).told(output.name))
    return worst(outcomes, nothing="nightly.reports names none")


def notify(tonight: Tonight) -> Outcome:
    """Tell of each finding once, when it comes, changes and is gone."""
    hook = ("--hook", tonight.settings.hook) if tonight.settings.hook else ()
    folder = tonight.folder / "issues"
    arguments = ("notify", "--folder", str(folder), "--history", tonight.settings.history, *hook)
    return tonight.call("notify", arguments).told(f"issues in {folder}")
