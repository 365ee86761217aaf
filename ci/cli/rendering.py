"""The parts of `botoproof report` that show JSON reports in another form: `botoproof report html`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from ...contract.errors import BadConfiguration
from ..history.past import History
from ..report.files import KINDS, OutputFile
from ..report.kinds import write_reports
from ..report.reading import CONFORMANCE, FAULTS, UPGRADE, Report, read_reports
from .command import CLEAN

_ABOUT = {
    "html": "Write a page: one file, which needs no network.",
    "junit": "Write JUnit XML: a case for each probe and finding.",
    "sarif": "Write SARIF 2.1.0, with known findings suppressed.",
    "markdown": "Write a summary in Markdown, as for a pipeline's job.",
    "jsonl": "Write JSON lines: runs, probes, errors and findings.",
    "annotations": "Write GitHub's workflow commands, for a job to print.",
    "badge": "Write the verdict as a small SVG picture.",
}
_OF = {FAULTS: "tests under faults", UPGRADE: "an upgrade"}
_WITH_PAST = ("html", "markdown")
PARTS = tuple(kind for kind in KINDS if kind != "json")


def rendering_command(kind: str) -> click.Command:
    """Return the part that writes one kind of report.

    Args:
        kind: One of `PARTS`.
    """

    @click.command(
        kind,
        short_help=_ABOUT[kind],
        help=f"{_ABOUT[kind]} It is made of JSON reports of one kind.",
        epilog="Exit status: 0 written, 2 misused or not written.",
    )
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.json...")
    @click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Standard output by default.")
    @_only(kind == "html", "--title", default="", metavar="TEXT", help="Of the page; what it is about by default.")
    @_only(
        kind in _WITH_PAST,
        "--since",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="An earlier report: tell what is new since then.",
    )
    @_only(
        kind in _WITH_PAST,
        "--history",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A history: tell what is new since the night before, and the trend.",
    )
    def render(
        files: tuple[Path, ...],
        output: Path | None,
        title: str = "",
        since: tuple[Path, ...] = (),
        history: Path | None = None,
    ) -> int:
        if since and history is not None:
            raise BadConfiguration("--since and --history both say what came before: give one of them")
        file = None if output is None else OutputFile(f"{kind} report", output)
        if file is not None:
            file.require_writable()
        reports = read_reports(files)
        text = write_reports(kind, reports, title=title, past=_past(reports, since, history))
        if file is None:
            click.echo(text, nl=False)
        else:
            file.write(text)
            click.echo(f"{kind} report in {output}")
        return CLEAN

    return render


def _only(wished: bool, name: str, **settings: Any) -> Callable[[Any], Any]:  # noqa: FBT001 - read at its call
    """Return an option where it is wished for."""
    return click.option(name, **settings) if wished else lambda command: command


def _past(reports: Sequence[Report], earlier: Sequence[Path], history: Path | None) -> History | None:
    if not earlier and history is None:
        return None
    if reports[0].schema != CONFORMANCE:
        raise BadConfiguration(f"{reports[0].name} is about {_OF[reports[0].schema]}, of which no history is kept")
    from ..report.past import of_reports

    if history is not None:
        return past_in(history, reports)
    before = read_reports(earlier)
    if before[0].schema != CONFORMANCE:
        raise BadConfiguration(f"{before[0].name} is about {_OF[before[0].schema]}, and {reports[0].name} is not")
    return of_reports(before, reports)


def past_in(path: Path, reports: Sequence[Report]) -> History:
    """Return what a history holds up to these reports, which need not stand there yet.

    Raises:
        ToolkitError: It cannot be read.
    """
    from ..history.loading import load
    from ..history.store import reading
    from ..report.past import with_reports

    with reading(path) as connection:
        return with_reports(load(connection), reports)
