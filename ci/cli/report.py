"""`botoproof report`: what is made of runs that are over."""

from __future__ import annotations

import click

from .command import CLEAN
from .merging import merge_command
from .parts import Parts
from .rendering import PARTS, rendering_command


@click.group(cls=Parts, no_args_is_help=False, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Make something of runs that are over."""
    if ctx.invoked_subcommand is None:
        raise click.UsageError(f"say what to do: {', '.join(command.commands)}", ctx)
    return CLEAN


for part in PARTS:
    command.add_command(rendering_command(part))
command.add_command(merge_command)
