"""Run folders: what a run with findings leaves behind, so that `botoproof replay` can send its cases again.

A folder holds `run.json` and one file for each finding, with the finding's case or program as data
(`contract/case_data.py`, `contract/program_data.py`). No secret stands in one. Folders lie in `.botoproof/runs`, where
the newest `KEPT` stay; `run_folder_reading.py` reads them.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from ...contract.case_data import NotData, write_case
from ...contract.checks import find
from ...contract.errors import BadConfiguration, ToolkitError
from ...contract.program_data import write_program
from ..report.payload import REDACTED, Redaction, words
from ..report.scene import Scene, unresolved
from .plan import Plan
from .result import FindingGroup, RunResult

SCHEMA = "botoproof/run/1"
RUNS = Path(".botoproof") / "runs"
RUN_FILE = "run.json"
KEPT = 20
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
_FILE = re.compile(r"run\.json|[0-9a-f]{12}\.json")


class Unkept(ToolkitError):
    """A run folder could not be written."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run folder tells of a run, beside its result.

    Attributes:
        plan: What it was to do.
        scene: Where it took place.
        tool: Versions by name.
        started: When it began.
    """

    plan: Plan
    scene: Scene
    tool: Mapping[str, str]
    started: datetime


def new_folder(started: datetime, short_id: str) -> Path:
    """Return where the folder of a run is to be, below the current one.

    >>> from datetime import UTC
    >>> new_folder(datetime(2026, 11, 26, 4, 30, tzinfo=UTC), "00ff00").name
    '20261126T043000Z-00ff00'
    """
    return RUNS / f"{started:%Y%m%dT%H%M%SZ}-{short_id}"


def require_free(folder: Path) -> None:
    """Raise `BadConfiguration` unless a run folder can be made there: in an empty folder, or where nothing is."""
    try:
        if folder.is_dir() and not any(folder.iterdir()):
            return
        if folder.exists() or folder.is_symlink():
            what = "it is not empty" if folder.is_dir() else "it is a file"
            raise BadConfiguration(f"the run folder cannot be written to {folder}: {what}")
        parent = next(place for place in folder.absolute().parents if place.exists())
        if not parent.is_dir():
            raise BadConfiguration(f"the run folder cannot be written to {folder}: {parent} is a file")
    except (OSError, ValueError) as wrong:
        told = getattr(wrong, "strerror", None) or wrong
        raise BadConfiguration(f"the run folder cannot be written to {folder}: {told}") from None


def write_run_folder(folder: Path, result: RunResult, about: Circumstances, redaction: Redaction) -> None:
    """Write the folder of a run.

    Raises:
        Unkept: The disk is full, or the folder may not be written; the text says so.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.parent.name == RUNS.name and folder.parent.parent.name == RUNS.parent.name:
            # What lies in here is nobody's source; git leaves out a folder whose own file says so.
            folder.parents[1].joinpath(".gitignore").write_text("*\n", "ascii")
        for group in result.findings:
            _write(folder / f"{group.finding.fingerprint}.json", _finding(group, result, about.scene, redaction))
        # The last: a folder without it is that of a run that was not written to the end.
        _write(folder / RUN_FILE, _run(result, about))
    except OSError as wrong:
        raise Unkept(f"the run folder {folder} could not be written: {wrong.strerror or wrong}") from None


def _write(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=True, indent=2, allow_nan=False)
    path.write_text(f"{text}\n", "utf-8", newline="\n")


def _run(result: RunResult, about: Circumstances) -> dict[str, Any]:
    plan, scene = about.plan, about.scene
    return {
        "schema": SCHEMA,
        "tool": dict(about.tool),
        "started": about.started.isoformat(timespec="seconds"),
        "service": result.service,
        "operations": list(plan.operations),
        "target": {"kind": result.target, "endpoint": result.endpoint or None, "region": scene.scope.region},
        "published_key": scene.published,
        "time_limit": scene.time_limit,
        "seed": result.seed,
        "phases": list(plan.phases),
        "max_examples": plan.max_examples,
        "max_programs": plan.max_programs,
        "max_steps": plan.max_steps,
        "programs": result.programs,
        "shard": str(result.shard),
        "evidence": result.evidence.value,
        "world": without_secrets(scene.table),
        "verdict": result.verdict,
        "findings": [group.finding.fingerprint for group in result.findings],
    }


def without_secrets(value: Any) -> Any:
    """Return a configured value, with a placeholder for whatever is called a secret."""
    match value:
        case Mapping():
            table = cast("Mapping[str, Any]", value)
            return {key: REDACTED if "secret" in key else without_secrets(item) for key, item in table.items()}
        case list():
            return [without_secrets(item) for item in value]
        case _:
            return value


def _finding(group: FindingGroup, result: RunResult, scene: Scene, redaction: Redaction) -> dict[str, Any]:
    finding, exchange = group.finding, group.exchange
    beside = {other.fingerprint for other in find(exchange)} - {finding.fingerprint}
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.kind.code,
        "title": finding.kind.title,
        "operation": finding.operation,
        "path": words(finding.path, redaction),
        "expected": words(finding.expected, redaction),
        "observed": words(finding.observed, redaction),
        "severity": finding.severity(result.evidence).value,
        "status": group.status.value,
        "phase": group.phase,
        "probe": group.probe or None,
        "beside": sorted(beside),
        **_case(group, scene, redaction),
    }


def _case(group: FindingGroup, scene: Scene, redaction: Redaction) -> dict[str, Any]:
    """Return the case, with placeholders in place of this run's ids; or why it cannot be kept."""
    sent, program = group.exchange.case, group.program
    told = f"{sent!r}\n{program!r}"
    if redaction.text(told) != told:
        return {"kind": None, "why": "its case holds a secret"}
    try:
        if program is not None:
            return {"kind": "program", "program": write_program(program)}
        return {"kind": "case", "case": write_case(unresolved(sent, scene.of(group.exchange).used(sent)))}
    except NotData as wrong:
        return {"kind": None, "why": str(wrong)}


def remove_old(runs: Path, *, keep: int = KEPT) -> tuple[Path, ...]:
    """Remove all but the newest run folders; return those that went.

    Only folders that bear our kind of name, and hold nothing but files of ours, are looked at.

    Args:
        runs: Where they lie.
        keep: How many stay.
    """
    names = [place for place in runs.iterdir() if _NAME.fullmatch(place.name)] if runs.is_dir() else []
    old = [place for place in sorted(names, reverse=True) if _is_ours(place)][keep:]
    for place in old:
        # Somebody else may tidy up at the same time; what stays behind is met again by the next run.
        with contextlib.suppress(OSError):
            for file in place.iterdir():
                file.unlink()
            place.rmdir()
    return tuple(place for place in old if not place.exists())


def _is_ours(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    files = list(folder.iterdir())
    return any(file.name == RUN_FILE for file in files) and all(
        _FILE.fullmatch(file.name) and file.is_file() and not file.is_symlink() for file in files
    )
