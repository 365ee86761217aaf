"""`botoproof serve`: the embedded endpoint on loopback, for any AWS SDK and any process."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from ...contract.adapters.models import read_model, read_operations
from ...contract.adapters.server import Server
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration, close_names
from ...contract.services import find_specification, specified_services
from ..configuration import Configuration, find_configuration, read_configuration, write_configuration
from ..report.files import ReportFile
from .command import CLEAN


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
def command(service: str | None, port: int, host: str, config: Path | None, write_config: Path | None) -> int:
    """Serve an embedded endpoint on loopback."""
    configuration = read_configuration(config) if config is not None else find_configuration(Path.cwd())
    specification = find_specification(service or configuration.service or _only_service())
    credential = configuration.credential or EXAMPLE_KEY
    world = configuration.world_of(specification, credential)
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    endpoint = specification.endpoint(world, operations, datetime.now(UTC))
    file = None if write_config is None else ReportFile("configuration", write_config)
    if file is not None:
        file.require_writable()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Server(endpoint.answer, host=host, port=port, on_crash=lambda trace: click.echo(trace, err=True)) as server:
        held = specification.with_resources(world, endpoint.resources, datetime.now(UTC))
        described = replace(
            configuration,
            service=specification.service,
            endpoint=server.url,
            credential=credential,
            world=specification.table(held),
        )
        if file is not None:
            file.write(write_configuration(described))
        click.echo(f"listening on {server.url}")
        for line in _advice(specification.service, server.url, described, write_config):
            click.echo(line)
        # Waits in short turns: on some systems an endless wait keeps signals from being handled.
        while not stop.wait(timeout=1):
            continue
    return CLEAN


def _only_service() -> str:
    services = specified_services()
    if len(services) != 1:
        raise BadConfiguration(f"say which service to serve by --service; {close_names('', services)}")
    return services[0]


def _advice(service: str, url: str, described: Configuration, written: Path | None) -> list[str]:
    key = described.credential or EXAMPLE_KEY
    variable = "AWS_ENDPOINT_URL_" + str(read_model(service).service_id).replace(" ", "_").upper()
    lines = [
        "",
        "use it with any AWS SDK or the AWS CLI:",
        f"  export {variable}={url}",
        "  export AWS_REGION=us-east-1",
    ]
    if key == EXAMPLE_KEY:
        lines += [
            f"  export AWS_ACCESS_KEY_ID={key.access_key_id}",
            f"  export AWS_SECRET_ACCESS_KEY={key.secret_access_key}",
        ]
    else:
        lines.append("  and the credentials of the configuration")
    if written is not None:
        return [*lines, "", "hold it to its contract:", f"  botoproof run --config {written}"]
    lines += ["", "hold it to its contract (--write-config FILE writes a configuration of its world):"]
    return [*lines, f"  botoproof run {service} --target {url}"]
