"""`botoproof faults`: what can go wrong with a call, and what the installed SDK makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

from ...contract.errors import BadConfiguration
from ...contract.faults.fault import find_kind
from ...contract.faults.kind import FaultKind
from ...contract.faults.kinds import KINDS
from ...contract.faults.values import expected
from ...contract.services import find_specification, specified_services
from ..choice import choose_subjects
from ..faults.comparing import compare, release_note
from ..faults.measuring import measure
from ..faults.observation import ENGINES, MODES
from ..faults.showing import sum_lines, table_lines
from ..faults.table import Table, read_table_file, shipped_table, write_table
from ..report.files import OutputFile
from .command import CLEAN, FINDINGS
from .parameters import Words

SHIPPED = "shipped"


@click.command(epilog="Exit status: 0, or 1 when --compare finds differences; 2 misused.")
@click.argument("kind", required=False)
@click.option("--measure", "measures", is_flag=True, help="Try every fault with the installed botocore.")
@click.option("--operation", metavar="SERVICE.OPERATION", help="What to call; the first that can be, by default.")
@click.option("--engines", type=Words(ENGINES), default=("hook",), metavar="ENGINE,...", help="hook (default), wire.")
@click.option(
    "--modes", type=Words(MODES), default=("default",), metavar="MODE,...", help="default, legacy, standard: retries."
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write what was measured as JSON.")
@click.option("--compare", "other", metavar="FILE", help="Say what differs from a table: a file, or 'shipped'.")
def command(
    kind: str | None,
    measures: bool,  # noqa: FBT001 - click passes options by name
    operation: str | None,
    engines: tuple[str, ...],
    modes: tuple[str, ...],
    output: Path | None,
    other: str | None,
) -> int:
    """List the kinds of faults, tell of one KIND, or measure what the installed SDK makes of each.

    For example: botoproof faults --measure --compare shipped
    """
    if not (measures or other is not None or output is not None):
        if operation is not None:
            raise BadConfiguration("--operation goes with --measure, --compare and --output only")
        for line in _listed() if kind is None else _page(find_kind(kind)):
            click.echo(line)
        return CLEAN
    if kind is not None:
        raise BadConfiguration(f"{kind!r} and --measure ask for different things; every fault is measured")
    file = None if output is None else OutputFile("table", output)
    if file is not None:
        file.require_writable()
    known = None if other in (None, SHIPPED) else read_table_file(Path(str(other)))
    specification, operations = choose_subjects((operation or _first(),), None)
    if len(operations) != 1:
        raise BadConfiguration(f"--operation takes one of {specification.service}: {', '.join(operations)}")
    table = measure(specification.service, *operations, engines=engines, modes=modes)
    if file is not None:
        file.write(write_table(table))
    if other is not None:
        before = known or shipped_table(table.botocore)
        for line in release_note(before, table):
            click.echo(line)
        return FINDINGS if compare(before, table) else CLEAN
    for line in _measured(table):
        click.echo(line)
    return CLEAN


def _first() -> str:
    """Return the operation to call when nobody says which: any will do, as the faults are the subject."""
    service = specified_services()[0]
    return f"{service}.{find_specification(service).subjects[0]}"


def _measured(table: Table) -> Iterator[str]:
    for engine, mode in dict.fromkeys((row.engine, row.mode) for row in table.rows):
        seen = [row.seen for row in table.rows if (row.engine, row.mode) == (engine, mode)]
        yield f"botocore {table.botocore}, {table.operation}, by the {engine}, retry mode {mode}"
        yield ""
        yield from table_lines(seen)
        yield ""
        yield from sum_lines(seen)
        yield ""


def _listed() -> Iterator[str]:
    width = max(map(len, KINDS))
    for kind in KINDS.values():
        yield f"{kind.name:<{width}}  {kind.place:<4}  {kind.summary}"


_EXECUTED = {
    "no": "is not executed",
    "yes": "is executed by the service",
    "either": "is executed by the service with :post, and not with :pre",
}


def _page(kind: FaultKind) -> Iterator[str]:
    yield kind.name
    yield f"  {kind.summary}"
    places = "the hook, and the wire" if kind.place == "both" else f"the {kind.place} only"
    usual = f"; {kind.usual} unless a plan says otherwise" if kind.executed == "either" else ""
    yield f"  engines    {places}"
    yield f"  request    {_EXECUTED[kind.executed]}{usual}"
    for parameter in kind.parameters:
        default = " (required)" if parameter.required else ""
        if parameter.default is not None:
            default = f" ({parameter.default} by default)"
        yield f"  {parameter.name:<9}  {expected(parameter)}{default}"
    yield f"  botocore   {kind.observed} (1.44.5; botoproof faults --measure tells of {metadata.version('botocore')})"
