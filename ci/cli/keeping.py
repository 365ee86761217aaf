"""What `botoproof run` keeps beside its reports: the run folder, and the run in a history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from ...contract.errors import BadConfiguration
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
from ..history.adding import add_run
from ..history.reading import keep_report
from ..history.store import require_usable, writing
from ..report.json_report import json_report
from ..report.payload import Redaction
from ..report.scene import Scene

Told = tuple[str, str]
"""A label and a line for the end of the summary."""


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
    return [] if path is None else [keep_in_file(path, json_report(result, scene, redaction), started)]


def keep_in_file(path: Path, report: Mapping[str, Any], started: datetime) -> Told:
    """Add the report of a run to a history.

    Args:
        path: The file.
        report: As JSON has it.
        started: When the run began.

    Raises:
        ToolkitError: It could not be added; the text says why.
    """
    kept = keep_report(report, at=started)
    with writing(path) as connection:
        add_run(connection, kept)
    return "history", f"{path}, as `botoproof history --file {path}` tells"


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
