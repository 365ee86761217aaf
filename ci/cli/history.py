"""`botoproof history`: what earlier runs found out, in one file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ...contract.errors import BadConfiguration, close_names
from ..history.adding import add_run
from ..history.loading import load
from ..history.past import History
from ..history.pruning import forget, prune
from ..history.questions import Life, changes_of, lives_of, news_of, trend_of
from ..history.reading import read_report
from ..history.store import FILE, reading, shrink, writing
from ..history.telling import (
    SCHEMA,
    changes_lines,
    life_data,
    life_line,
    life_lines,
    news_lines,
    point_data,
    run_data,
    stream_data,
    table,
    trend_lines,
)
from ..report.known import counted
from ..report.payload import printable
from .command import CLEAN, FAILED, FINDINGS, KNOWN
from .keeping import now
from .parameters import given_options
from .parts import Parts

_ASKED = "Exit status: 0 answered, 2 misused."
_ANY = (
    "Exit status: 0 answered or done, 2 misused or not done; of `since` also 1 regressions, "
    "2 nothing to compare with, 3 only known or flaky ones."
)
_file = click.option(
    "--file", type=click.Path(path_type=Path), default=FILE, show_default=True, metavar="FILE", help="The history."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON (botoproof/history/1).")


@click.group(cls=Parts, no_args_is_help=False, invoke_without_command=True, epilog=_ANY)
@_file
@_as_json
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Tell what earlier runs found out: the nights on each target, and what the last one changed."""
    if ctx.invoked_subcommand is not None:
        for option in sorted(given_options()):
            raise click.UsageError(
                f"{option} is written after the command: history {ctx.invoked_subcommand} {option}", ctx
            )
        return CLEAN
    history = _read(file)
    targets = [(stream, trend_of(history, stream), news_of(history, stream)) for stream in history.streams]
    if as_json:
        _print(
            "targets",
            [
                {
                    "target": stream_data(stream),
                    "nights": [point_data(point) for point in points],
                    "news": {
                        kind: [life.finding.fingerprint for life in getattr(news, kind)]
                        for kind in ("new", "back", "gone", "staying", "unknown")
                    },
                }
                for stream, points, news in targets
            ],
        )
        return CLEAN
    click.echo(f"{file}: {counted(len(history.runs), 'run')}, {counted(len(history.findings), 'finding')}")
    for stream, points, news in targets:
        click.echo(printable(str(stream)))
        _echo(trend_lines(points))
        _echo(news_lines(news))
    return CLEAN


@command.command("add", epilog="Exit status: 0 added, or there already; 2 misused or not added.")
@click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="REPORT...")
@_file
@click.option(
    "--at", metavar="TIME", help="When the run began, e.g. 2026-11-26T02:00Z; when the report was written, by default."
)
@click.option("--night", metavar="NAME", help="The night that it belongs to; the day on which it began, by default.")
def add_command(reports: tuple[Path, ...], file: Path, at: str | None, night: str | None) -> int:
    """Add JSON reports of `botoproof run`; the same report counts once, however often it is added."""
    moment, name = None if at is None else _moment(at), _night(night)
    kept = [(path, read_report(path, at=moment, night=name)) for path in reports]
    with writing(file) as connection:
        newest = load(connection).runs[-1:]
        added = [(path, one, add_run(connection, one)) for path, one in kept]
    for path, one, is_new in added:
        told = f"added to {file}, night {one.run.night}" if is_new else f"stands in {file} already"
        click.echo(printable(f"{path}: {told}"))
        if is_new and newest and one.run.at < newest[0].at:
            click.echo(printable(_goes_back(one.run.at, newest[0].at)), err=True)
    return CLEAN


def _goes_back(at: datetime, newest: datetime) -> str:
    return (
        f"botoproof: this run began {at:%Y-%m-%d %H:%M:%S} UTC, before the newest in the history "
        f"({newest:%Y-%m-%d %H:%M:%S}), and is filed in its place; if a clock was wrong, give the time by --at"
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadConfiguration(f"--at must be a time such as 2026-11-26T02:00Z, got {text!r}") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _night(text: str | None) -> str:
    if text is not None and (not text.strip() or not text.isprintable() or len(text) > 100):
        raise BadConfiguration(f"--night must be a short name such as 2026-11-26, got {text!r}")
    return text or ""


@command.command("runs", epilog=_ASKED)
@_file
@_as_json
def runs_command(file: Path, as_json: bool) -> int:  # noqa: FBT001 - as above
    """List every run."""
    history = _read(file)
    if as_json:
        _print("runs", [run_data(run) for run in history.runs])
        return CLEAN
    rows = [("began", "night", "target", "botocore", "seed", "shard", "verdict", "cases", "findings")]
    rows += [
        (
            f"{run.at:%Y-%m-%d %H:%M:%S}",
            printable(run.night),
            printable(str(run.stream)),
            run.botocore,
            str(run.seed),
            run.shard,
            run.verdict,
            str(run.cases),
            str(sum(one.weighs for one in run.sightings)),
        )
        for run in history.runs
    ]
    _echo(table(rows))
    return CLEAN


@command.command("findings", epilog=_ASKED)
@_file
@_as_json
def findings_command(file: Path, as_json: bool) -> int:  # noqa: FBT001 - as above
    """List every finding that was ever seen, with its life."""
    lives = _lives(_read(file))
    if as_json:
        _print("findings", [life_data(life) for life in lives])
        return CLEAN
    if not lives:
        click.echo(f"no finding was ever seen in the runs of {file}")
    for life in lives:
        state = "there" if life.was_there else "gone"
        click.echo(f"  {state:<8} {life_line(life)}")
    return CLEAN


@command.command("finding", epilog=_ASKED)
@click.argument("fingerprint")
@_file
@_as_json
def finding_command(fingerprint: str, file: Path, as_json: bool) -> int:  # noqa: FBT001 - as above
    """Tell the life of one finding; the beginning of its FINGERPRINT will do."""
    history = _read(file)
    known = {life.finding.fingerprint: life for life in _lives(history)}
    meant = sorted(one for one in known if one.startswith(fingerprint)) if fingerprint else []
    if not meant:
        raise BadConfiguration(f"{file} knows no finding {fingerprint!r}; {close_names(fingerprint, known)}")
    if len(meant) > 1:
        raise BadConfiguration(f"{fingerprint} can mean {' or '.join(meant[:5])}; write more of it")
    lives = [life for life in _lives(history) if life.finding.fingerprint == meant[0]]
    if as_json:
        _print("findings", [life_data(life) for life in lives])
        return CLEAN
    for life in lives:
        _echo(life_lines(life, history.runs))
    return CLEAN


@command.command(
    "since",
    epilog="Exit status: 0 no regression, 1 regressions, 2 nothing to compare with or misused, "
    "3 only known or flaky ones.",
)
@click.argument("day", metavar="DATE")
@_file
@_as_json
def since_command(day: str, file: Path, as_json: bool) -> int:  # noqa: FBT001 - as above
    """Tell regressions and recoveries since a day: the last night compared with the last one before DATE."""
    try:
        since = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadConfiguration(f"a date is written as 2026-11-26, got {day!r}") from None
    history = _read(file)
    changes = [changes_of(history, stream, since) for stream in history.streams]
    if as_json:
        _print(
            "targets",
            [
                {
                    "target": stream_data(one.stream),
                    "before": one.before or None,
                    "now": one.now or None,
                    "regressions": [life_data(life) for life in one.regressions],
                    "recoveries": [life_data(life) for life in one.recoveries],
                }
                for one in changes
            ],
        )
    else:
        for one in changes:
            click.echo(printable(str(one.stream)))
            _echo(changes_lines(one, day))
    regressions = [life.sighting for one in changes for life in one.regressions if life.sighting.weighs]
    if any(one.counts for one in regressions):
        return FINDINGS
    if regressions:
        return KNOWN
    return CLEAN if any(one.before and one.now for one in changes) else FAILED


@command.command("prune", epilog="Exit status: 0 done, 2 misused or not done.")
@click.option(
    "--keep-days", type=click.IntRange(min=1), required=True, metavar="N", help="How many days before the newest run."
)
@_file
def prune_command(keep_days: int, file: Path) -> int:
    """Take out nights that are older; when findings were first seen, and how often they flipped, stays."""
    _read(file)
    with writing(file) as connection:
        gone = prune(connection, keep_days=keep_days, now=now())
    if gone:
        shrink(file)
    click.echo(f"{counted(gone, 'run')} taken out of {file}")
    return CLEAN


@command.command("forget", epilog="Exit status: 0 done, 2 misused or not done.")
@click.argument("night")
@_file
def forget_command(night: str, file: Path) -> int:
    """Take out NIGHT as if it had not been, e.g. one that was filed under a wrong date."""
    known = {run.night for run in _read(file).runs}
    if night not in known:
        raise BadConfiguration(f"{file} has no night {night!r}; {close_names(night, known)}")
    with writing(file) as connection:
        gone = forget(connection, night)
    click.echo(printable(f"{counted(gone, 'run')} of {night} taken out of {file}"))
    return CLEAN


def _read(file: Path) -> History:
    with reading(file) as connection:
        return load(connection)


def _lives(history: History) -> list[Life]:
    return [life for stream in history.streams for life in lives_of(history, stream)]


def _echo(lines: Any) -> None:
    for line in lines:
        click.echo(line)


def _print(key: str, value: Any) -> None:
    click.echo(json.dumps({"schema": SCHEMA, key: value}, ensure_ascii=False, indent=2))
