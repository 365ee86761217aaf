"""`botoproof pact`: contracts in Pact's form, written, verified and searched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from ...contract.adapters.models import read_operations
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration, close_names
from ...contract.services import find_specification, specified_services
from ...contract.specification import Specification, Unreachable
from ..campaign.judge import open_judge
from ..choice import choose_subjects, choose_target
from ..configuration import Configuration, find_configuration, read_configuration
from ..pacts.lint import lint
from ..pacts.pact import Interaction, Pact
from ..pacts.promised import promised_interactions
from ..pacts.reading import read_pact
from ..pacts.results import as_json, as_junit, counting, line
from ..pacts.verify import TIME_LIMIT, verify
from ..pacts.writing import VERSIONS, write_pact
from ..report.files import OutputFile
from ..report.payload import printable
from .command import CLEAN, EXIT_STATUS, FINDINGS
from .parameters import AboveZero
from .parts import Parts

_REPORTS = ("json", "junit")

_file = click.argument("file", type=click.Path(path_type=Path))
_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Credentials and world; botoproof.toml or pyproject.toml here by default.",
)
_service = click.option("--service", metavar="SERVICE", help="Which service; the one that the pact names by default.")


@click.group(cls=Parts, no_args_is_help=False, invoke_without_command=True, epilog=EXIT_STATUS)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Write, verify and search contracts in Pact's form."""
    if ctx.invoked_subcommand is None:
        raise click.UsageError(f"say what to do with pacts: {', '.join(command.commands)}", ctx)
    return CLEAN


@command.command("write", epilog="Exit status: 0 written, 2 misused or not written.")
@click.argument("subjects", nargs=-1, required=True, metavar="SERVICE[.Operation]...")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Standard output by default.")
@click.option("--consumer", metavar="NAME", help="Who relies on it; SERVICE-client by default.")
@click.option("--provider", metavar="NAME", help="Who keeps it; aws-SERVICE by default.")
@click.option(
    "--pact-version",
    "version",
    type=click.Choice([str(version) for version in VERSIONS]),
    default="4",
    show_default=True,
    help="Of Pact's format.",
)
@_config
def write_command(
    subjects: tuple[str, ...],
    output: Path | None,
    consumer: str | None,
    provider: str | None,
    version: str,
    config: Path | None,
) -> int:
    """Write what the specification promises: one success of each operation, and each documented error.

    Such a file tells a stand-in what to do. It says nothing of a consumer: what that relies on is only what its own
    tests call.
    """
    configuration = _configuration(config)
    specification, names = choose_subjects(subjects, configuration.service, to="write")
    # A pact holds no key but the published example, so the described world is one that knows that key.
    world = configuration.world_of(specification, EXAMPLE_KEY, specification.accounts)
    file = None if output is None else OutputFile("pact", output)
    if file is not None:
        file.require_writable()
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    interactions: list[Interaction] = []
    for name in names:
        promised = promised_interactions(specification, name, operations, world)
        interactions += promised.interactions
        for one in promised.left_out:
            click.echo(_left_out(f"{specification.service}.{name}", one), err=True)
    service = specification.service
    pact = Pact(consumer or f"{service}-client", provider or f"aws-{service}", tuple(interactions), int(version))
    text = write_pact(pact)
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write(text)
        click.echo(f"{_number(len(interactions), 'interaction')} written to {output}")
    return CLEAN


@command.command("verify", epilog=EXIT_STATUS)
@_file
@click.option("--target", metavar="TARGET", help="'embedded' or a URL; the configured endpoint by default.")
@_config
@_service
@click.option("--consumer", metavar="NAME", help="Whose pact it must be; anybody's by default.")
@click.option("--report", "reports", multiple=True, metavar="KIND=PATH", help="Write a report: json or junit.")
@click.option("--max-time", type=AboveZero(), default=TIME_LIMIT, show_default=True, metavar="S", help="For it all.")
@click.option("--time-limit", type=AboveZero(), metavar="S", help="Seconds for a whole reply; 10 by default.")
@click.option("--rate", type=AboveZero(), metavar="N", help="Requests a second at most, to a URL.")
@click.option("--allow-writes", is_flag=True, help="Send what could change something to a host of Amazon's, too.")
def verify_command(
    file: Path,
    target: str | None,
    config: Path | None,
    service: str | None,
    consumer: str | None,
    reports: tuple[str, ...],
    max_time: float,
    time_limit: float | None,
    rate: float | None,
    allow_writes: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Hold a provider to the pact in FILE, by Pact's own verifier; requests are signed afresh."""
    files = [_report(text) for text in reports]
    pact = read_pact(file)
    if consumer not in (None, pact.consumer):
        raise BadConfiguration(f"{file} is the pact of {pact.consumer!r}, and --consumer says {consumer!r}")
    configuration = _configuration(config)
    specification = _specification(pact, service, configuration)
    place = choose_target(
        specification,
        configuration,
        wish=target,
        time_limit=time_limit,
        rate=rate,
        allow_writes=allow_writes,
    )
    try:
        judge = open_judge(specification, place)
        found = verify(file, pact, judge, time_limit=max_time)
    finally:
        place.close()
    for one in found.interactions:
        click.echo(printable(f"{one.verdict:<7}  {one.description}"))
        for finding in one.findings:
            click.echo(f"         {line(finding)}")
    for text in found.left_behind:
        click.echo(printable(f"left behind at the provider: {text}"))
    counts = Counter(one.verdict for one in found.interactions)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("kept", "broken", "unknown") if counts[verdict])
    where = place.url if place.kind == "url" else "the embedded endpoint"
    click.echo(printable(f"{pact.consumer} and {where}: {verdicts}; {found.seconds:.1f} s"))
    if pact.other:
        click.echo(f"not looked at: {_number(pact.other, 'message')}")
    interactions = [{"description": one.description, "verdict": one.verdict} for one in found.interactions]
    for kind, report in files:
        name = f"{pact.consumer} - {pact.provider}"
        more = {"target": place.url, "interactions": interactions, "left_behind": list(found.left_behind)}
        text = as_junit(found, name) if kind == "junit" else as_json("verify", str(file), found.findings, **more)
        report.write(text)
    return FINDINGS if counting(found.findings) else CLEAN


@command.command("lint", epilog=EXIT_STATUS)
@_file
@_service
@click.option("--json", "as_json_", is_flag=True, help="Print JSON instead of lines.")
def lint_command(file: Path, service: str | None, as_json_: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Search the pact in FILE for mistakes: what Pact does not tell, and what the contract forbids."""
    pact = read_pact(file)
    specification = _specification(pact, service, find_configuration(Path()))
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    found = lint(specification, pact, operations)
    if as_json_:
        click.echo(as_json("lint", str(file), found, other=pact.other), nl=False)
        return FINDINGS if counting(found) else CLEAN
    for finding in found:
        note = "" if counting([finding]) else " (a note)"
        click.echo(f"{line(finding)}{note}")
    if pact.other:
        click.echo(f"not looked at: {_number(pact.other, 'message')}")
    counts = _number(len(counting(found)), "finding")
    notes = _number(len(found) - len(counting(found)), "note")
    click.echo(f"{_number(len(pact.interactions), 'interaction')}, {counts}, {notes}")
    return FINDINGS if counting(found) else CLEAN


def _configuration(config: Path | None) -> Configuration:
    return read_configuration(config) if config is not None else find_configuration(Path())


def _report(text: str) -> tuple[str, OutputFile]:
    kind, equals, path = text.partition("=")
    if kind not in _REPORTS:
        raise BadConfiguration(f"there is no report kind {kind!r} for pacts; {close_names(kind, _REPORTS)}")
    if not equals or path in ("", "-"):
        raise BadConfiguration(f"a report is written as KIND=PATH to a file, e.g. {kind}=report, got {text!r}")
    file = OutputFile(f"{kind} report", Path(path))
    file.require_writable()
    return kind, file


def _specification(pact: Pact, named: str | None, configuration: Configuration) -> Specification:
    if named or configuration.service:
        return find_specification(named or configuration.service or "")
    operations = {where.get("Operation", "") for one in pact.interactions for where in one.references.values()}
    services = sorted({name.partition(":")[0] for name in operations if ":" in name}) or list(specified_services())
    if len(services) != 1:
        raise BadConfiguration(f"say which service the pact is about by --service; {close_names('', services)}")
    return find_specification(services[0])


def _left_out(operation: str, one: Unreachable) -> str:
    what = f"fails with {one.error}" if one.error else "succeeds"
    return printable(f"left out: {operation} {what}: {one.why}")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
