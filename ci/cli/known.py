"""The baseline of `botoproof run`: read before anything is sent, held against what came, and brought up to date."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from ...contract.errors import BadConfiguration
from ..campaign.baseline import Baseline, Place
from ..campaign.baseline_file import read_baseline
from ..campaign.baseline_update import Update, update_baseline
from ..campaign.comparing import compare
from ..campaign.plan import Plan
from ..campaign.result import RunResult
from ..campaign.shard import WHOLE
from ..report.files import OutputFile
from .keeping import Told


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """The baseline of a run.

    Attributes:
        path: The file, or None when there is none.
        before: What it says; None when it is to be written for the first time, or there is none.
        written: Where the baseline that the run leads to is written; `path` when that is brought up to date, or None.
    """

    path: Path | None = None
    before: Baseline | None = None
    written: Path | None = None

    def compare(
        self, result: RunResult, plan: Plan, today: datetime, world: Mapping[str, Any]
    ) -> tuple[RunResult, list[Told]]:
        """Return `result` held against the baseline; the one that it leads to is written if that was asked for.

        Args:
            result: What the run found out.
            plan: What it was to do.
            today: When it began.
            world: The table ``[world]`` as configured.

        Raises:
            Unwritten: The file could not be written.
        """
        place = place_of(result.target, result.endpoint, world)
        day = today.date()
        held = result
        if self.before is not None:
            held = compare(result, self.before, plan=plan, place=place, today=day)
        if self.written is None:
            return held, []
        replaces = self.written == self.path
        if why := _why_not(held):
            done = "brought up to date" if replaces else "written"
            return held, [("baseline", f"{self.written} was not {done}, since {why}")]
        update = update_baseline(self.path or self.written, held, plan=plan, place=place, today=day)
        OutputFile("baseline", self.written).write(update.text)
        if replaces:
            held = compare(result, update.baseline, plan=plan, place=place, today=day)
        return held, [("baseline" if replaces else "next", f"{self.written}: {_done(update)}")]


def place_of(target: str, endpoint: str, world: Mapping[str, Any]) -> Place:
    """Return where a run takes place that this process makes, or has made by processes of the same versions.

    Args:
        target: ``embedded``, ``url`` or ``cassette``.
        endpoint: The URL, or empty.
        world: The table ``[world]`` as configured.
    """
    return Place(
        kind=target,
        endpoint=endpoint,
        botocore=metadata.version("botocore"),
        drawn_by=", ".join(f"{name} {metadata.version(name)}" for name in ("botoproof", "hypothesis")),
        python=platform.python_version(),
        platform=sys.platform,
        world=world,
    )


def _why_not(result: RunResult) -> str:
    """Return why no baseline may follow from a run, or an empty text."""
    if result.stopped:
        return "the run was cut short"
    if result.lacking:
        return f"the run lacks the {' and the '.join(result.lacking)}, which could not be made"
    return "the run judged nothing" if result.verdict == "unknown" else ""


def _done(update: Update) -> str:
    added, removed = len(update.added), len(update.removed)
    done = f"{added} added, {removed} removed, {update.kept} left as they stood"
    return f"{done}; write a reason for each that was added" if added else done


def read_known_findings(
    path: Path | None, *, updates: bool, following: Path | None, service: str, plan: Plan
) -> KnownFindings:
    """Return the baseline that the options name; whatever is wrong with it is told before anything is sent.

    Args:
        path: The file, or None.
        updates: Whether it is to be brought up to date.
        following: Where the baseline that the run leads to is to be written instead, or None.
        service: The service that the run is about.
        plan: What the run is to do.

    Raises:
        BadConfiguration: The file cannot be used, or the options contradict each other.
    """
    if updates and path is None:
        raise BadConfiguration("--update-baseline needs --baseline FILE, which it brings up to date")
    if updates and following is not None:
        raise BadConfiguration("--update-baseline and --next-baseline contradict each other")
    if following is not None and path is not None and following.resolve() == path.resolve():
        raise BadConfiguration("--next-baseline must name another file than --baseline; --update-baseline replaces it")
    written = path if updates else following
    if written is not None:
        if plan.shard != WHOLE:
            raise BadConfiguration(f"a baseline comes of a whole run, and --shard {plan.shard} is a part")
        OutputFile("baseline", written).require_writable()
    before = None if path is None or (updates and not path.exists()) else read_baseline(path, service)
    return KnownFindings(path, before, written)
