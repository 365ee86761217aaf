"""`botoproof serve`: the embedded endpoint on loopback, for any AWS SDK and any process."""

from __future__ import annotations

import signal
import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from ...contract.adapters.models import read_operations
from ...contract.adapters.server import Server
from ...contract.adapters.wire_behind import Embedded, Upstream
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration, close_names
from ...contract.services import find_specification, specified_services
from ..choice import endpoint_variables
from ..configuration import FILE, Configuration, find_configuration, read_configuration, write_configuration
from ..report.files import OutputFile
from .command import CLEAN
from .interrupts import handling
from .serving_faults import FaultOptions, Serving, fault_options, serving_faults

# Begins a configuration that is ours to replace.
_MARK = "# Written by botoproof serve"


@click.command(epilog="Ends with Ctrl-C or SIGTERM.")
@click.option("--service", metavar="SERVICE", help="Which service; the configured or the only one by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="A free one by default.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="A loopback address.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The world to hold; botoproof.toml or pyproject.toml here by default.",
)
@click.option(
    "--write-config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a configuration for `botoproof run` that names this endpoint and its world.",
)
@fault_options
def command(
    service: str | None,
    port: int,
    host: str,
    config: Path | None,
    write_config: Path | None,
    *,
    fault: str | None,
    fault_seed: int | None,
    fault_seconds: float | None,
    max_strikes: int | None,
    upstream: str | None,
    tls: bool,
    control: bool,
) -> int:
    """Serve an embedded endpoint on loopback, or faults before any endpoint."""
    options = FaultOptions(fault, fault_seed, fault_seconds, max_strikes, tls, control, upstream)
    options.check()
    configuration = read_configuration(config) if config is not None else find_configuration(Path())
    if upstream is not None:
        if write_config is not None:
            raise BadConfiguration("--write-config is about the embedded endpoint, and --upstream names another")
        return _before(Upstream(upstream), service or configuration.service or _only_service(), options, host, port)
    specification = find_specification(service or configuration.service or _only_service())
    credential = configuration.credential or EXAMPLE_KEY
    accounts = {**specification.accounts, **configuration.accounts}
    world = configuration.world_of(specification, credential, accounts)
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    endpoint = specification.endpoint(world, operations, datetime.now(UTC))
    file = None if write_config is None else OutputFile("configuration", write_config)
    if file is not None:
        file.require_writable()
        file.require_own(_MARK)
    stop = threading.Event()
    opened: AbstractContextManager[Server | Serving] = (
        serving_faults(
            operations.values(), Embedded(endpoint.answer, on_crash=_Crashes()), options, host=host, port=port
        )
        if options.wanted
        else Server(endpoint.answer, host=host, port=port, on_crash=_Crashes())
    )
    with handling((signal.SIGINT, signal.SIGTERM), lambda *_: stop.set()), opened as server:
        held = specification.with_resources(world, endpoint.resources, datetime.now(UTC))
        described = replace(
            configuration,
            service=specification.service,
            endpoint=server.url,
            # A secret stands where its owner put it, and nowhere else; the example key is everybody's.
            credential=EXAMPLE_KEY if credential == EXAMPLE_KEY else None,
            accounts={name: key for name, key in accounts.items() if key == specification.accounts.get(name)},
            world=specification.table(held),
        )
        text = write_configuration(described)
        if file is not None:
            file.write(f"{_MARK}; it is replaced when the endpoint is served again.\n\n{text}")
        click.echo(f"listening on {server.url}")
        if isinstance(server, Serving):
            click.echo(server.told)
        click.echo(_usage(described, specification.scope.region))
        secretive = "" if described.credential else configuration.path
        click.echo(_conformance(text, write_config, secretive=secretive))
        _wait(stop)
    return CLEAN


def _before(upstream: Upstream, service: str, options: FaultOptions, host: str, port: int) -> int:
    """Serve faults before an endpoint of which nothing is known but the model of its service."""
    stop = threading.Event()
    with (
        handling((signal.SIGINT, signal.SIGTERM), lambda *_: stop.set()),
        serving_faults(read_operations(service), upstream, options, host=host, port=port) as server,
    ):
        click.echo(f"listening on {server.url}")
        click.echo(server.told)
        variable, _ = endpoint_variables(service)
        click.echo(f"\nAny AWS SDK, and the AWS CLI, use it with:\n  export {variable}={server.url}\n")
        _wait(stop)
    return CLEAN


def _wait(stop: threading.Event) -> None:
    # Waits in short turns: on some systems an endless wait keeps signals from being handled.
    while not stop.wait(timeout=1):
        continue


def _only_service() -> str:
    services = specified_services()
    if len(services) != 1:
        raise BadConfiguration(f"say which service to serve by --service; {close_names('', services)}")
    return services[0]


class _Crashes:
    """Told when the endpoint crashes; each way of doing so is shown once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, trace: str) -> None:
        if trace not in self._seen:
            self._seen.add(trace)
            click.echo(trace, err=True)


def _usage(described: Configuration, region: str) -> str:
    variable, _ = endpoint_variables(described.service or "")
    lines = [
        "",
        "Any AWS SDK, and the AWS CLI, use it with:",
        f"  export {variable}={described.endpoint}",
        f"  export AWS_DEFAULT_REGION={described.region or region}",
    ]
    key = described.credential
    if key is not None:
        lines += [
            f"  export AWS_ACCESS_KEY_ID={key.access_key_id}",
            f"  export AWS_SECRET_ACCESS_KEY={key.secret_access_key}",
        ]
    else:
        lines.append("and with the configured credentials.")
    return "\n".join(lines)


def _conformance(text: str, written: Path | None, *, secretive: str) -> str:
    missing = f"; it needs the [credentials] of {secretive}" if secretive else ""
    if written is not None:
        return f"\nHold it to its contract: botoproof run --config {written}{missing}\n"
    shown = "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())
    return f"\nHold it to its contract: botoproof run, with this {FILE}{missing}\n\n{shown}"
