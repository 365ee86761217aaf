"""What `botoproof run` keeps beside its reports: the baseline, and the run folder."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import click

from ...contract.errors import BadConfiguration
from ..campaign.baseline import Baseline, Place
from ..campaign.baseline_file import read_baseline
from ..campaign.baseline_update import Update, update_baseline
from ..campaign.comparing import compare
from ..campaign.plan import Plan
from ..campaign.result import RunResult
from ..campaign.run_folder import (
    RUNS,
    Circumstances,
    Unkept,
    new_folder,
    remove_old,
    require_free,
    write_run_folder,
)
from ..campaign.shard import WHOLE
from ..history.adding import add_run
from ..history.reading import keep_report
from ..history.store import require_usable, writing
from ..report.files import OutputFile
from ..report.json_report import json_report
from ..report.payload import Redaction
from ..report.scene import Scene

Told = tuple[str, str]
"""A label and a line for the end of the summary."""


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """The baseline of a run.

    Attributes:
        path: The file, or None when there is none.
        before: What it says; None when it is to be written for the first time, or there is none.
        updates: Whether it is to be brought up to date.
    """

    path: Path | None
    before: Baseline | None
    updates: bool

    def compare(self, result: RunResult, plan: Plan, today: datetime) -> tuple[RunResult, list[Told]]:
        """Return `result` held against the baseline, which is brought up to date if that was asked for.

        Raises:
            Unwritten: The file could not be written.
        """
        if self.path is None:
            return result, []
        place = Place(result.target, result.endpoint, metadata.version("botocore"), _drawn_by())
        day = today.date()
        held = result
        if self.before is not None:
            held = compare(result, self.before, plan=plan, place=place, today=day)
        if not self.updates:
            return held, []
        if result.stopped:
            return held, [("baseline", f"{self.path} was not brought up to date, since the run was cut short")]
        update = update_baseline(self.path, held, plan=plan, place=place, today=day)
        OutputFile("baseline", self.path).write(update.text)
        held = compare(result, update.baseline, plan=plan, place=place, today=day)
        return held, [("baseline", f"{self.path}: {_done(update)}")]


def _drawn_by() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in ("botoproof", "hypothesis"))


def _done(update: Update) -> str:
    added, removed = len(update.added), len(update.removed)
    done = f"{added} added, {removed} removed, {update.kept} left as they stood"
    return f"{done}; write a reason for each that was added" if added else done


def read_known_findings(path: Path | None, *, updates: bool, service: str, plan: Plan) -> KnownFindings:
    """Return the baseline that the options name; whatever is wrong with it is told before anything is sent.

    Args:
        path: The file, or None.
        updates: Whether it is to be brought up to date.
        service: The service that the run is about.
        plan: What the run is to do.

    Raises:
        BadConfiguration: The file cannot be used, or the options contradict each other.
    """
    if path is None:
        if updates:
            raise BadConfiguration("--update-baseline needs --baseline FILE, which it brings up to date")
        return KnownFindings(None, None, updates=False)
    if not updates:
        return KnownFindings(path, read_baseline(path, service), updates=False)
    if plan.shard != WHOLE:
        raise BadConfiguration(f"a baseline is brought up to date by a whole run, and --shard {plan.shard} is a part")
    OutputFile("baseline", path).require_writable()
    return KnownFindings(path, read_baseline(path, service) if path.exists() else None, updates=True)


def require_run_folder(wish: Path | None, *, none: bool) -> None:
    """Raise `BadConfiguration` unless a run folder can be kept as the options say."""
    if wish is not None and none:
        raise BadConfiguration("--run-folder and --no-run-folder contradict each other")
    if wish is not None:
        require_free(wish)


def keep_run(
    result: RunResult, *, plan: Plan, scene: Scene, redaction: Redaction, wish: Path | None, started: datetime
) -> list[Told]:
    """Write the run folder of a run with findings, and remove the oldest of those in `.botoproof/runs`.

    Args:
        result: What the run found out.
        plan: What it was to do.
        scene: Where it took place.
        redaction: What must not stand in it.
        wish: Where to; a new folder in `.botoproof/runs` when None.
        started: When the run began.
    """
    if not result.findings:
        return []
    folder = wish or new_folder(started, secrets.token_hex(3))
    tool = {name: metadata.version(name) for name in ("botoproof", "botocore", "hypothesis")}
    try:
        write_run_folder(folder, result, Circumstances(plan, scene, tool, started), redaction)
    except Unkept as wrong:
        # The findings are told all the same; only replaying them is not possible.
        click.echo(f"botoproof: {wrong}", err=True)
        return []
    if wish is None:
        remove_old(RUNS)
    return [("run folder", f"{folder}, whose cases `botoproof replay {folder}` sends again")]


def require_history(path: Path | None) -> None:
    """Raise what would keep a run from being added to a history, before anything is sent."""
    if path is not None:
        require_usable(path)


def keep_in_history(
    path: Path | None, result: RunResult, *, scene: Scene, redaction: Redaction, started: datetime
) -> list[Told]:
    """Add a run to a history.

    Args:
        path: The file; None when no history was asked for.
        result: What the run found out.
        scene: Where it took place.
        redaction: What must not stand in it.
        started: When the run began.

    Raises:
        ToolkitError: It could not be added; the text says why.
    """
    if path is None:
        return []
    kept = keep_report(json_report(result, scene, redaction), at=started)
    with writing(path) as connection:
        add_run(connection, kept)
    return [("history", f"{path}, as `botoproof history --file {path}` tells")]


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
