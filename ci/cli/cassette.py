"""`botoproof cassette`: recordings verified, compared, searched for secrets, pruned, and held to an age."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ...cassettes.drift import Drift, compare
from ...cassettes.format import Cassette, read_cassette, read_file
from ...cassettes.prune import Dead, dead_interactions, without
from ...cassettes.writing import write_cassette
from ..recordings import Problem, files_of, operations_of, provenance_of, read_couples, scan, too_old, verify
from ..report.payload import printable
from .command import CLEAN, EXIT_STATUS, FINDINGS
from .keeping import now
from .parts import Parts
from .proposing import propose_command

_SHOWN = 200  # characters of a value

_paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")


@click.group(cls=Parts, no_args_is_help=False, invoke_without_command=True, epilog=EXIT_STATUS)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Look after recordings: files, or folders with all recordings in them."""
    if ctx.invoked_subcommand is None:
        raise click.UsageError(f"say what to do with the recordings: {', '.join(command.commands)}", ctx)
    return CLEAN


@command.command("verify", epilog=EXIT_STATUS)
@_paths
@_as_json
def verify_command(paths: tuple[Path, ...], as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Read each PATH strictly, play all of it, and search it for secrets."""
    found = [verify(file) for file in files_of(paths)]
    problems = [problem for one in found for problem in one.problems]
    if as_json:
        _print_json({"files": [asdict(one) for one in found]})
        return FINDINGS if problems else CLEAN
    for one in found:
        click.echo(_line(f"{one.path}: {one.played} of {one.interactions} played; {one.provenance}"))
        for text in one.unknown:
            click.echo(_line(f"  unknown: {text}"))
        _tell(one.problems, indent="  ")
    played, interactions = sum(one.played for one in found), sum(one.interactions for one in found)
    click.echo(f"{_number(len(found), 'file')}, {played} of {interactions} interactions played, {_problems(problems)}")
    return FINDINGS if problems else CLEAN


@command.command("drift", epilog=EXIT_STATUS)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@_as_json
def drift_command(old: Path, new: Path, as_json: bool) -> int:  # noqa: FBT001 - as above
    """Compare the shapes of the replies in OLD and NEW to the same requests."""
    couples = read_couples(old, new)
    found = compare(*couples)
    sources = {"old": _sources(one for one, _ in couples), "new": _sources(one for _, one in couples)}
    if as_json:
        _print_json({"provenance": sources, **asdict(found)})
        return FINDINGS if found.drifts else CLEAN
    for which, source in sources.items():
        click.echo(_line(f"{which}: {source}"))
    for drift in found.drifts:
        click.echo(_line(_told(drift)))
    drifts = _number(len(found.drifts), "drift")
    click.echo(
        f"{drifts} in {_number(found.compared, 'pair')} of replies; not compared: {found.only_old} that are only in "
        f"{old}, {found.only_new} only in {new}"
    )
    return FINDINGS if found.drifts else CLEAN


@command.command("scan", epilog=EXIT_STATUS)
@_paths
@_as_json
def scan_command(paths: tuple[Path, ...], as_json: bool) -> int:  # noqa: FBT001 - as above
    """Search each PATH for secrets, whatever they are encoded in."""
    files = files_of(paths)
    return _finish([problem for file in files for problem in scan(str(file), read_file(file))], len(files), as_json)


@command.command("age", epilog=EXIT_STATUS)
@_paths
@click.option("--max-days", type=click.IntRange(min=0), required=True, metavar="N", help="The oldest that is allowed.")
@_as_json
def age_command(paths: tuple[Path, ...], max_days: int, as_json: bool) -> int:  # noqa: FBT001 - as above
    """Fail when a PATH was recorded too long ago; nothing is recorded anew."""
    files, today = files_of(paths), now().date()
    found = (too_old(str(file), read_cassette(file), today=today, most=max_days) for file in files)
    return _finish([problem for problem in found if problem is not None], len(files), as_json)


@command.command("prune", epilog="Exit status: 0 also when there is something to go, 2 misused or not saved.")
@_paths
@click.option("--dry-run/--write", "dry", default=True, help="Only say what would go, as by default, or do it.")
@_as_json
def prune_command(paths: tuple[Path, ...], dry: bool, as_json: bool) -> int:  # noqa: FBT001 - as above
    """Take out of each PATH what replays the same without it, and calls of operations that do not exist."""
    read = [(file, read_cassette(file)) for file in files_of(paths)]
    found: list[tuple[Path, tuple[Dead, ...]]] = []
    unknown, strange = list[str](), list[str]()
    for file, cassette in read:
        if cassette.provenance is None or cassette.key_version is None:
            # To write it anew would take out more than what is dead.
            strange.append(str(file))
            continue
        operations = operations_of(cassette)
        unknown += [str(file)] if operations is None else []
        dead = dead_interactions(cassette, operations)
        found += [(file, dead)] if dead else []
        if dead and not dry:
            write_cassette(file, without(cassette, dead), rules=cassette.rules)
    if as_json:
        files = [{"path": str(file), "dead": [asdict(one) for one in dead]} for file, dead in found]
        _print_json({"written": not dry, "files": files, "left_alone": strange, "orphans_unknown": unknown})
        return CLEAN
    for file, dead in found:
        for one in dead:
            click.echo(_line(f"{file}: number {one.number} ({one.operation or 'no operation'}): {one.why}"))
    for path in strange:
        click.echo(_line(f"{path}: left alone, as botoproof did not write it"))
    for path in unknown:
        click.echo(_line(f"{path}: whether it holds orphans is unknown, as botocore does not know its service"))
    count = sum(len(dead) for _, dead in found)
    done = "would go; --write takes them out" if dry else "taken out"
    click.echo(f"{_number(count, 'interaction')} of {_number(len(found), 'file')} {done}")
    return CLEAN


def _finish(problems: Sequence[Problem], files: int, as_json: bool) -> int:  # noqa: FBT001 - handed on
    if as_json:
        _print_json({"files": files, "problems": [asdict(problem) for problem in problems]})
    else:
        _tell(problems)
        click.echo(f"{_number(files, 'file')}, {_problems(problems)}")
    return FINDINGS if problems else CLEAN


def _tell(problems: Iterable[Problem], indent: str = "") -> None:
    for problem in problems:
        where = "" if indent else f"{problem.path}: "
        number = "" if problem.number is None else f"number {problem.number}: "
        click.echo(_line(f"{indent}{where}{problem.what}: {number}{problem.text}"))


def _sources(cassettes: Iterable[Cassette]) -> str:
    return " and ".join(dict.fromkeys(provenance_of(one) for one in cassettes if one.interactions))


def _told(drift: Drift) -> str:
    where = f"{drift.operation or '(no operation)'} {drift.status}"
    path = f" {drift.path}" if drift.path else ""
    change = f"{drift.before[:_SHOWN] or 'nothing'} -> {drift.after[:_SHOWN] or 'nothing'}"
    return f"{where}: {drift.what}{path}: {change} ({_number(drift.count, 'reply', 'replies')})"


def _problems(problems: Sequence[Problem]) -> str:
    return _number(len(problems), "problem") if problems else "no problems"


def _number(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def _line(text: str) -> str:
    return printable(text)


def _print_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=True, indent=2))


command.add_command(propose_command)
