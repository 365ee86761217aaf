"""The command `botoproof`: finds the verb, and turns every mistake into one paragraph and an exit status.

A verb is a module of this package with a click command called `command`, which returns the exit status. It is loaded
when it is called; `botoproof --help` and `--version` load none.
"""

from __future__ import annotations

import errno
import importlib
import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import click

from ...contract.errors import ToolkitError, close_names
from ..report.payload import printable

PROGRAM = "botoproof"
CLEAN, FINDINGS, FAILED, KNOWN = 0, 1, 2, 3
STATUSES: Mapping[str, int] = {"clean": CLEAN, "findings": FINDINGS, "known": KNOWN, "unknown": FAILED}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
EXIT_STATUS = (
    "Exit status: 0 clean, 1 findings (also when cut short), 2 the run failed, was cut short or misused, "
    "3 only known or flaky findings."
)

VERBS: Mapping[str, str] = {
    "run": "Hold an endpoint to the contract of its operations.",
    "replay": "Send the cases of an earlier run's findings again.",
    "serve": "Serve an embedded endpoint on loopback.",
    "record": "Record a live endpoint's replies to the table of probes.",
    "cassette": "Look after recordings: verify, drift, scan, prune, age.",
    "faults": "List what can go wrong with a call, and measure what the SDK makes of it.",
    "report": "Show JSON reports in another form, or put shards together to one.",
    "pact": "Write, verify and search contracts in Pact's form.",
    "history": "Tell what earlier runs found out: nights, findings, regressions.",
    "notify": "Write an issue for each finding: opened, updated, closed.",
    "upgrade": "Tell what changes between two releases of the SDK, and whether it is safe.",
    "nightly": "Run a whole night: runs, recordings, upgrades, reports, history.",
    "explain": "Tell what a code in a report means.",
}


class Verbs(click.Group):
    """A group whose commands are modules, loaded on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Return a verb's command, or None when there is none of that name."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f".{cmd_name}", __package__)
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that `args` begin with; an unknown one is told with close names."""
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            raise click.UsageError(f"there is no command {name!r}; {close_names(name, VERBS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value or ctx.resilient_parsing:
        return
    names = ("botoproof", "botocore")
    ours, sdk = (f"{name} {metadata.version(name)}" for name in names)
    click.echo(f"{ours} ({sdk}, Python {platform.python_version()})")
    ctx.exit()


@click.command(
    cls=Verbs,
    no_args_is_help=False,
    invoke_without_command=True,
    epilog=EXIT_STATUS,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
@click.pass_context
def group(ctx: click.Context) -> int:
    """Hold AWS SDK calls, and the endpoints that answer them, to their written contract."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        return FAILED
    return CLEAN


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Args:
        arguments: Those of the command line by default.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # an endpoint's words may not fit the terminal's encoding
    if sys.stdout is None:  # closed by whoever started us; the next file opened would get its number, and our words
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = group.main(words, prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as wrong:
        return _refuse(_told(wrong, words))
    except ToolkitError as wrong:
        return _refuse(str(wrong))
    except (KeyboardInterrupt, click.Abort):
        return _refuse("interrupted")
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone: click then exits with 1, which would say that there are findings.
        _say_no_more()
        return FAILED
    except OSError as wrong:
        if wrong.errno not in _FULL or wrong.filename is not None:
            return _refuse(_bug(wrong))
        _say_no_more()
        return _refuse(f"standard output cannot be written: {wrong.strerror}")
    except Exception as wrong:  # noqa: BLE001 - nobody is to see a traceback of ours without a word to it
        return _refuse(_bug(wrong))
    return status if isinstance(status, int) else CLEAN


def _say_no_more() -> None:
    """Send what is left of our output nowhere; the interpreter would complain when it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _refuse(text: str) -> int:
    # An endpoint's words may be among them.
    lines = map(printable, text.split("\n"))
    click.echo(f"{PROGRAM}: " + "\n".join(lines), err=True)
    return FAILED


def _told(wrong: click.ClickException, words: Sequence[str]) -> str:
    """Return click's complaint in our words: where, what, and the close names."""
    ctx = wrong.ctx if isinstance(wrong, click.UsageError) else None
    where = ctx.command_path if ctx is not None else " ".join((PROGRAM, *words[:1]))
    if isinstance(wrong, click.NoSuchOption) and ctx is not None:
        known = ["--help"]
        for option in ctx.command.params:
            known += option.opts if isinstance(option, click.Option) else []
        verb = where.removeprefix(PROGRAM).strip()
        return f"{verb or 'it'} has no option {wrong.option_name}; {close_names(wrong.option_name, known)}"
    text = " ".join(wrong.format_message().split()).rstrip(".")
    text = re.sub(r"^[A-Z](?=[a-z])", lambda match: match[0].lower(), text)
    return f"{text} (see {where} --help)"


def _bug(wrong: Exception) -> str:
    text = "".join(traceback.format_exception(wrong))
    told = f"this is a bug in botoproof, not in what you gave it: {type(wrong).__name__}: {wrong}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="botoproof-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(text)
    except OSError:
        return f"{told}\n{text}"
    return f"{told}; the traceback stands in {file.name}"
