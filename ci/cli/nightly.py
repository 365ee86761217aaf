"""`botoproof nightly`: a whole night, or single steps of it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..campaign.shard import read_shard
from ..configuration import find_configuration, read_configuration
from ..night.checking import require_usable
from ..night.night import STEPS, Night, night_folder
from ..night.outcome import StepDone, as_lines, verdict_of_night
from ..night.settings import read_settings
from ..night.tonight import Tonight
from ..report.payload import printable
from .command import FAILED, FINDINGS, STATUSES
from .interrupts import interruptible
from .keeping import now


@click.command(
    epilog="Exit status: 0 clean, 1 findings, 2 a step failed, came to nothing or was misused, 3 known findings only."
)
@click.option(
    "--step",
    "steps",
    type=click.Choice(tuple(STEPS)),
    multiple=True,
    metavar="STEP",
    help="This step only; may be repeated.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; botoproof.toml or pyproject.toml here by default.",
)
@click.option("--night", metavar="NAME", help="The night; today's date (UTC) by default.")
@click.option("--shard", metavar="K/N", help="Plan N shards for each run, and run only the K-th.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes at once; one for each processor.")
def command(steps: tuple[str, ...], config: Path | None, night: str | None, shard: str | None, jobs: int | None) -> int:
    """Run a night: plan, conformance, faults, cassettes, drift, upgrade, merge, history, report, notify.

    What it does is configured by [nightly]; see docs/nightly.md. A step that fails leaves no night clean, and the
    others are taken all the same.
    """
    configuration = read_configuration(config) if config is not None else find_configuration(Path())
    settings = read_settings(configuration.nightly, configuration.path)
    require_usable(settings, configuration, now().date())
    name = night_folder(Path(settings.folder), f"{now():%Y-%m-%d}" if night is None else night)
    part = None if shard is None else read_shard(shard)
    with interruptible() as interrupt:
        tonight = Tonight(
            name, settings, configuration, lambda: not interrupt.is_wished(), jobs or os.cpu_count() or 1, part
        )
        under_way = Night(tonight, steps or tuple(STEPS), _tell)
        taken = under_way.carry_out()
    verdict = verdict_of_night(under_way.steps)
    click.echo(f"night       {name}: {verdict}; {tonight.folder}")
    if under_way.unwritten:
        click.echo(f"botoproof: {printable(under_way.unwritten)}", err=True)
        return FAILED
    return _status(taken, whole=not steps, verdict=verdict)


def _tell(step: StepDone) -> None:
    for line in as_lines([step]):
        click.echo(printable(line))


def _status(taken: tuple[StepDone, ...], *, whole: bool, verdict: str) -> int:
    if whole:
        return STATUSES[verdict]
    # A single step need not judge anything, and the others say nothing of it.
    if any(step.outcome.verdict == "findings" for step in taken):
        return FINDINGS
    if any(step.outcome.state.value in ("failed", "unknown") for step in taken):
        return FAILED
    return STATUSES["known" if any(step.outcome.verdict == "known" for step in taken) else "clean"]
