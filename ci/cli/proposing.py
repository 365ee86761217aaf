"""`botoproof cassette propose`: the smallest cases of a night's findings as a recording, to be reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ... import cassettes
from ...cassettes.format import read_cassette
from ...cassettes.writing import write_cassette
from ...contract.errors import BadConfiguration
from ...contract.services import find_specification
from ..campaign.proposing import Proposed, propose
from ..campaign.run_folder_reading import KeptRun, read_run_folder
from ..campaign.targets import Target
from ..choice import EMBEDDED, choose_target
from ..recordings import files_of
from ..report.files import OutputFile
from ..report.known import counted
from ..report.payload import printable
from .command import CLEAN
from .record import where_from
from .replay import configuration_of

# The recordings that are shipped.
CORPUS = Path(cassettes.__file__).parent / "data"


@click.command("propose", epilog="Exit status: 0 proposed, or nothing new; 2 misused or not written.")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN_FOLDER...")
@click.option("--output", type=click.Path(path_type=Path), required=True, metavar="FILE.yaml", help="The recording.")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Recordings that are there already; those that are shipped, by default.",
)
def propose_command(folders: tuple[Path, ...], output: Path, corpus: Path | None) -> int:
    """Record the smallest cases of earlier runs' findings that no recording of the corpus holds.

    The embedded endpoint answers them, in the world of the runs: the recording holds what is right, and not what the
    runs' target said. Read it, and put it into the corpus.
    """
    runs = [read_run_folder(folder) for folder in folders]
    _require_alike(runs)
    OutputFile("recording", output).require_writable()
    first = runs[0]
    specification = find_specification(first.service)
    configuration = configuration_of(first, specification, None)

    def open_target() -> Target:
        return choose_target(specification, configuration, wish=EMBEDDED)

    findings = {kept.fingerprint: kept for run in runs for kept in run.findings}
    place = open_target()
    provenance = where_from(specification, place, configuration, kind="embedded", allow_writes=True)
    place.close()
    proposed = propose(tuple(findings.values()), specification, open_target, _keys(corpus or CORPUS), provenance)
    _tell(proposed)
    if proposed.cassette is None:
        click.echo("nothing to propose")
        return CLEAN
    write_cassette(output, proposed.cassette)
    requests = counted(len(proposed.cassette.interactions), "interaction")
    click.echo(f"{counted(len(proposed.new), 'case')} in {output}, {requests} with what they need before them")
    return CLEAN


def _require_alike(runs: Sequence[KeptRun]) -> None:
    for run in runs[1:]:
        for what in ("service", "world", "region"):
            if getattr(run, what) != getattr(runs[0], what):
                raise BadConfiguration(
                    f"{run.folder} and {runs[0].folder} are runs with another {what}: propose their cases one by one"
                )


def _keys(corpus: Path) -> frozenset[str]:
    return frozenset(one.key for file in files_of([corpus]) for one in read_cassette(file).interactions)


def _tell(proposed: Proposed) -> None:
    for word, findings in (("new", proposed.new), ("there", proposed.known)):
        for kept in findings:
            click.echo(printable(f"{word:<9} {kept.fingerprint}  {kept.code}, {kept.operation}"))
    for kept, why in proposed.left_out:
        click.echo(printable(f"left out  {kept.fingerprint}  {kept.code}, {kept.operation}: {why}"))
