"""Verbs that have parts: `botoproof cassette scan`, `botoproof pact write`."""

from __future__ import annotations

import click

from ...contract.errors import close_names


class Parts(click.Group):
    """The parts of the verb, in the order in which they are written; an unknown one is told with close names."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the parts."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the part that `args` begin with."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise click.UsageError(
                f"there is no command '{ctx.info_name} {name}'; {close_names(name, self.commands)}", ctx
            )
        return super().resolve_command(ctx, args)
