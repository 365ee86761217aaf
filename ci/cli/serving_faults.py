"""What `botoproof serve` does with faults: its options, the server, its control channel, and what is printed."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import click

from ...contract.adapters.tls import Authority
from ...contract.adapters.wire import WireServer
from ...contract.adapters.wire_behind import Behind, Upstream
from ...contract.adapters.wire_control import Control
from ...contract.errors import BadConfiguration
from ...contract.model import Operation
from ..report.payload import printable


@dataclass(frozen=True, slots=True)
class FaultOptions:
    """What was asked for.

    Attributes:
        fault: A plan as text, or None.
        seed: Of the plan.
        seconds: After which the plan ends.
        max_strikes: After which the plan ends.
        tls: Whether the endpoint speaks TLS.
        control: Whether the control channel is opened though no fault is asked for.
        upstream: What stands behind, or None for the embedded endpoint.
    """

    fault: str | None
    seed: int | None
    seconds: float | None
    max_strikes: int | None
    tls: bool
    control: bool
    upstream: str | None

    @property
    def wanted(self) -> bool:
        """Whether a server of faults is asked for."""
        return self.fault is not None or self.upstream is not None or self.tls or self.control

    def check(self) -> None:
        """Check that the options fit together.

        Raises:
            BadConfiguration: They do not.
        """
        if self.fault is None:
            for given, option in (
                (self.seed, "--fault-seed"),
                (self.seconds, "--fault-seconds"),
                (self.max_strikes, "--max-strikes"),
            ):
                if given is not None:
                    raise BadConfiguration(f"{option} is about a plan, and there is none: add --fault PLAN")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server of faults at work.

    Attributes:
        url: Where it listens.
        told: What to print of it.
    """

    url: str
    told: str


def fault_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of faults to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--fault", metavar="PLAN", help="What strikes, e.g. '*=1*response_lost->ok'."),
    click.option("--fault-seed", type=int, metavar="N", help="For chances and latencies of the plan."),
    click.option("--fault-seconds", type=float, metavar="S", help="The plan ends after so many seconds."),
    click.option("--max-strikes", type=click.IntRange(1), metavar="N", help="The plan ends after so many strikes."),
    click.option("--upstream", metavar="URL", help="Serve what this endpoint answers, of any service."),
    click.option("--tls", is_flag=True, help="Speak TLS, with a certificate authority of its own."),
    click.option("--control", is_flag=True, help="Open the control channel though there is no --fault or --upstream."),
)


@contextlib.contextmanager
def serving_faults(
    operations: Iterable[Operation], behind: Behind, options: FaultOptions, *, host: str, port: int
) -> Iterator[Serving]:
    """Serve with faults, for the duration.

    Args:
        operations: All of the service.
        behind: What requests are passed on to.
        options: What was asked for.
        host: A loopback address.
        port: The port, or 0 for any free one.

    Raises:
        BadPlan: The plan is none, or cannot strike here.
        TargetUnusable: The port is taken, or the upstream is not there.
        TlsUnavailable: TLS is asked for, and what makes certificates is not installed.
    """
    authority = Authority(host) if options.tls else None
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(
            WireServer(operations, behind, host=host, port=port, authority=authority, told=_told_once())
        )
        if isinstance(behind, Upstream):
            server.do(behind.check())
        if options.fault is not None:
            server.set_plan(options.fault, seed=options.seed, ttl=options.seconds, max_strikes=options.max_strikes)
        control = stack.enter_context(Control(server, host=host))
        lines = [f"before {behind.name}"] if isinstance(behind, Upstream) else []
        if options.fault is not None:
            plan = server.plans.in_force()[0]
            lines.append(f"faults: {plan.plan}")
        if authority is not None:
            file = stack.enter_context(tempfile.NamedTemporaryFile(prefix="botoproof-ca-", suffix=".pem"))
            file.write(authority.certificate)
            file.flush()
            lines += ["", "Its certificate is trusted with:", f"  export AWS_CA_BUNDLE={file.name}"]
        lines += [
            "",
            "Plans and the journal, while it runs (docs/faults-control.md):",
            f"  export BOTOPROOF_CONTROL={control.url}",
            f"  export BOTOPROOF_TOKEN={control.token}",
            '  curl -H "Authorization: Bearer $BOTOPROOF_TOKEN" "$BOTOPROOF_CONTROL/journal?format=text"',
        ]
        yield Serving(server.url, "\n".join(lines))


def _told_once() -> Callable[[str], None]:
    """Return what prints each trouble once: an upstream that is gone is asked again and again."""
    seen: set[str] = set()

    def told(text: str) -> None:
        if text not in seen:
            seen.add(text)
            click.echo(f"botoproof: {printable(text)}", err=True)

    return told
