"""The parts of `botoproof report` that show JSON reports in another form: `botoproof report html`."""

from __future__ import annotations

from pathlib import Path

import click

from ..report.files import KINDS, OutputFile
from ..report.kinds import write_reports
from ..report.reading import read_reports
from .command import CLEAN

_ABOUT = {
    "html": "Write a page of JSON reports: one file, which needs no network.",
    "junit": "Write JUnit XML of JSON reports: a case for each probe and finding.",
    "sarif": "Write SARIF 2.1.0 of JSON reports: known findings are suppressed and not left out.",
    "markdown": "Write a summary of JSON reports in Markdown, as for the page of a pipeline's job.",
    "jsonl": "Write JSON lines of JSON reports: each probe, error, finding and run is one.",
    "annotations": "Write GitHub's workflow commands: print them in a job, and findings are marks in the change.",
    "badge": "Write the verdict of JSON reports as a small SVG picture.",
}
PARTS = tuple(kind for kind in KINDS if kind != "json")


def rendering_command(kind: str) -> click.Command:
    """Return the part that writes one kind of report.

    Args:
        kind: One of `PARTS`.
    """

    @click.command(kind, help=_ABOUT[kind], epilog="Exit status: 0 written, 2 misused or not written.")
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.json...")
    @click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Standard output by default.")
    @click.option("--title", default="", metavar="TEXT", help="Of the page; made from what it is about by default.")
    def render(files: tuple[Path, ...], output: Path | None, title: str) -> int:
        file = None if output is None else OutputFile(f"{kind} report", output)
        if file is not None:
            file.require_writable()
        text = write_reports(kind, read_reports(files), title=title)
        if file is None:
            click.echo(text, nl=False)
        else:
            file.write(text)
            click.echo(f"{kind} report in {output}")
        return CLEAN

    return render
