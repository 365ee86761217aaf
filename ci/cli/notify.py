"""`botoproof notify`: an issue for each finding, opened, updated and closed as the history says."""

from __future__ import annotations

from pathlib import Path

import click

from ...contract.errors import BadConfiguration
from ..history.adding import tell_issue
from ..history.hook import TIME_LIMIT, read_hook
from ..history.issues import CLEAN_NIGHTS, issues_of
from ..history.loading import load, load_told
from ..history.store import FILE, reading, writing
from ..report.files import OutputFile
from .command import CLEAN, FAILED
from .parameters import AboveZero


@click.command(epilog="Exit status: 0 told, or nothing to tell; 2 misused, or the hook failed.")
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the bodies are written."
)
@click.option(
    "--history", type=click.Path(path_type=Path), default=FILE, show_default=True, metavar="FILE", help="The history."
)
@click.option("--hook", metavar="COMMAND", help="Called for each issue, without a shell; see docs/history.md.")
@click.option(
    "--time-limit", type=AboveZero(), default=TIME_LIMIT, show_default=True, metavar="S", help="For a call of the hook."
)
@click.option(
    "--clean-nights",
    type=click.IntRange(min=1),
    default=CLEAN_NIGHTS,
    show_default=True,
    metavar="N",
    help="Nights without a finding, after which its issue is closed.",
)
def command(folder: Path, history: Path, hook: str | None, time_limit: float, clean_nights: int) -> int:
    """Write an issue for each finding that counts, and hand it to a command; nothing is told twice.

    The command finds BOTOPROOF_ISSUE_FILE (Markdown), BOTOPROOF_ISSUE_STATE (opened, updated, reopened, closed),
    BOTOPROOF_ISSUE_TITLE and BOTOPROOF_ISSUE_FINGERPRINT in its environment. An issue for which it fails is told again
    the next time.
    """
    called = None if hook is None else read_hook(hook, time_limit=time_limit)
    with reading(history) as connection:
        issues = issues_of(load(connection), load_told(connection), clean_nights=clean_nights)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise BadConfiguration(f"issues cannot be written to {folder}: {wrong.strerror}") from None
    failed = 0
    for issue in issues:
        file = OutputFile("issue", folder / f"{issue.fingerprint}.md")
        file.write(issue.body)
        why = called.call(issue, file.path) if called is not None else ""
        if why:
            failed += 1
            click.echo(f"botoproof: {issue.fingerprint} is told again the next time: {why}", err=True)
            continue
        with writing(history) as connection:
            tell_issue(connection, issue)
        click.echo(f"{issue.step.value:<9} {file.path}  {issue.title}")
    if not issues:
        click.echo("nothing to tell")
    return FAILED if failed else CLEAN
