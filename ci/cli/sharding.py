"""What `botoproof run` does with the results of shards: it keeps them, and takes one that is there already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from ...contract.errors import BadConfiguration
from ..campaign.plan import Plan
from ..campaign.result import RunResult
from ..campaign.run_folder import without_secrets
from ..campaign.targets import Target
from ..configuration import Configuration
from ..report.json_report import json_report
from ..report.payload import Redaction
from ..report.scene import Scene
from ..shards.identity import VERSIONS, Identity
from ..shards.recorder import Recorder
from ..shards.result_file import PlacedFinding, ShardFile, ShardResult, read_result
from .keeping import Told

# Whoever puts the shards together says which reports are to be written, and what is known already.
_LATER = ("--report", "--baseline", "--update-baseline", "--next-baseline", "--history")


def require_keepable(folder: Path | None, given: Collection[str]) -> None:
    """Raise `BadConfiguration` unless the result of a shard can be kept as the options say.

    Args:
        folder: Where to, or None when none is kept.
        given: The options that were written.
    """
    if folder is None:
        return
    if "--seed" not in given:
        raise BadConfiguration("--shard-folder needs --seed: shards are of one run when all have the same seed")
    for option in _LATER:
        if option in given:
            raise BadConfiguration(
                f"--shard-folder keeps a part of a run, and {option} is for a whole one: put the shards together with "
                "`botoproof report merge` first"
            )
    if folder.exists() and not folder.is_dir():
        raise BadConfiguration(f"no shard can be kept in {folder}: it is a file")


def identity_of(
    plan: Plan, target: Target, configuration: Configuration, *, max_jobs: int | None, allow_writes: bool
) -> Identity:
    """Return what the result of a shard follows from.

    Args:
        plan: What the shard is to do.
        target: Where it is sent. Keys are no part of it: each machine may have its own.
        configuration: Describes the world.
        max_jobs: How many resources may be made, or None for the usual number.
        allow_writes: Whether writes to a host of Amazon's are allowed.
    """
    described: dict[str, Any] = {
        "service": plan.service,
        "operations": list(plan.operations),
        "phases": list(plan.phases),
        "seed": plan.seed,
        "max_examples": plan.max_examples,
        "max_replies": plan.max_replies,
        "max_programs": plan.max_programs,
        "max_steps": plan.max_steps,
        "max_time": plan.max_time,
        "max_jobs": max_jobs,
        "minimise_calls": plan.minimise_calls,
        "evidence": plan.evidence.value,
    }
    place: dict[str, Any] = {
        "kind": target.kind,
        "endpoint": target.url if target.kind == "url" else None,
        "region": target.scope.region,
        "time_limit": target.time_limit,
        "allow_writes": allow_writes,
        "accounts": sorted(target.accounts),
    }
    tool = {name: metadata.version(name) for name in VERSIONS}
    return Identity(described, tool, place, without_secrets(configuration.world), plan.shard)


def find_done(folder: Path, identity: Identity) -> ShardResult | None:
    """Return the result of a shard that is there already, or None when it must be run; both are told.

    A result that was cut short is no result: the shard is run again, as one is that breaks off.
    """
    path = folder / f"{identity.key}.jsonl"
    try:
        found = read_result(path) if path.exists() else None
    except BadConfiguration as wrong:
        click.echo(f"botoproof: {wrong}; the shard is run again", err=True)
        return None
    if isinstance(found, ShardResult) and found.report["stopped"] is None:
        return found
    parts = sorted(folder.glob(f"{identity.key}.*.part")) if folder.is_dir() else []
    half = path if found is not None else next(iter(parts), None)
    if half is not None:
        click.echo(f"botoproof: shard {identity.shard} was begun in {half} and not ended; it is run again", err=True)
    return None


@dataclass(frozen=True)
class Keeping:
    """The file of a shard under way.

    Attributes:
        file: The file.
        recorder: Listens for it.
        identity: What the shard is.
    """

    file: ShardFile
    recorder: Recorder
    identity: Identity

    def finish(self, result: RunResult, scene: Scene, redaction: Redaction) -> Told:
        """Write what the shard found out.

        Raises:
            Unwritten: The disk is full, or the folder has gone.
        """
        report = json_report(result, scene, redaction)
        seen, places = report.pop("findings"), self.recorder.places
        findings = tuple(
            PlacedFinding(found, places[found["fingerprint"]], self.recorder.around[found["fingerprint"]])
            for found in seen
        )
        self.file.finish(
            ShardResult(
                self.identity,
                report,
                findings,
                result.lacking,
                self.recorder.probes,
                self.recorder.withheld_programs,
            )
        )
        return "shard", f"{self.identity.shard} in {self.file.path}"


def begin_shard(folder: Path, identity: Identity, plan: Plan, redaction: Redaction) -> Keeping:
    """Begin the file of a shard.

    Args:
        folder: Where it is to lie.
        identity: What the shard is.
        plan: What it is to do.
        redaction: What must not stand in it.

    Raises:
        BadConfiguration: Nothing can be written there.
    """
    file = ShardFile(folder, identity)
    return Keeping(file, Recorder(plan, redaction, file.line), identity)
