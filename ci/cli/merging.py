"""`botoproof report merge`: the shards of a run put together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from ...contract.finding import Severity
from ..campaign.baseline_file import read_baseline
from ..report.files import OutputFile
from ..report.payload import printable
from ..shards.gathering import find_files, gather
from ..shards.identity import Identity
from ..shards.knowing import hold
from ..shards.merging import Known, merge_results
from .command import FAILED, STATUSES
from .keeping import now
from .known import place_of


@click.command(
    "merge",
    epilog="Exit status: as the whole run would have had it; 2 also when a shard is missing, which is then told.",
)
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|FOLDER...")
@click.option("--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The JSON report.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Known findings, which do not count.")
def merge_command(places: tuple[Path, ...], output: Path, baseline: Path | None) -> int:
    """Put the shards of one run together to the report of the whole.

    With a shard missing, the report holds what the others found out, and says that it is a part.
    """
    file = OutputFile("json report", output)
    file.require_writable()
    gathered = gather(find_files(places))
    for told in gathered.doubles:
        click.echo(f"botoproof: {printable(told)}", err=True)
    identity = gathered.results[0].identity
    known = None if baseline is None else _known(identity, baseline)
    report = merge_results(gathered.results, gathered.missing, known)
    file.write(json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    for line in summary(report):
        click.echo(printable(line))
    click.echo(f"report      json in {output}")
    lacking = dict.fromkeys(what for result in gathered.results for what in result.lacking)
    if lacking:
        click.echo(printable(f"botoproof: part of the run could not be had: {', '.join(lacking)}"), err=True)
    for number, why in gathered.missing.items():
        of = gathered.results[0].identity.shard.of
        click.echo(f"botoproof: shard {number}/{of} is missing: {printable(why)}", err=True)
    return FAILED if gathered.missing else STATUSES[report["verdict"]]


def _known(identity: Identity, path: Path) -> Known:
    """Return what holds the run against a baseline."""
    target, tool = identity.target, identity.tool
    place = replace(
        place_of(target["kind"], target["endpoint"] or "", identity.world),
        botocore=tool["botocore"],
        drawn_by=", ".join(f"{name} {tool[name]}" for name in ("botoproof", "hypothesis")),
    )
    baseline = read_baseline(path, identity.plan["service"])
    return partial(hold, identity=identity, baseline=baseline, place=place, today=now().date())


def summary(report: Mapping[str, Any]) -> list[str]:
    """Return the report of a merged run as lines for the console."""
    cases = ", ".join(f"{name} {phase['cases']}" for name, phase in report["phases"].items())
    lines = [f"verdict     {report['verdict']}", f"cases       {cases or 'none'}"]
    if report["stopped"]:
        lines.append(f"stopped     {report['stopped']}")
    notes = 0
    for found in report["findings"]:
        if found["severity"] == Severity.NOTE.value:
            notes += 1
            continue
        status = "" if found["status"] == "new" else f", {found['status']}"
        lines.append(
            f"{found['severity']:<11} {found['operation']}: {found['title']} [{found['code']}] "
            f"({found['count']} times{status}; {found['fingerprint']})"
        )
    if notes:
        lines.append(f"notes       {notes}, which do not count")
    return lines
