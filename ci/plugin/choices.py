"""What the options and the configuration of a test session come to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from ...contract.errors import BadConfiguration, ToolkitError
from ...contract.services import find_specification, specified_services
from ..campaign.targets import usable_host
from ..choice import EMBEDDED, choose_target
from ..configuration import Configuration, find_configuration, read_configuration
from . import CONFIG, TARGET


@contextmanager
def plainly() -> Iterator[None]:
    """Turn a mistake in what we were given into a failure that is one paragraph, without a traceback."""
    try:
        yield
    except ToolkitError as wrong:
        # As pytest.fail does, but without telling of the mistake twice.
        raise pytest.fail.Exception(f"botoproof: {wrong}", pytrace=False) from None


def check_options(config: pytest.Config) -> None:
    """Look at the target and the configuration that options name, before any test.

    Raises:
        pytest.UsageError: They cannot be used.
    """
    try:
        configuration = configuration_of(config)
        wish = target_of(config, configuration)
        if not wish:
            raise BadConfiguration("--botoproof-target must be 'embedded' or a URL, got an empty text")
        service = configuration.service or _only_service()
        if service is not None:  # otherwise the project's own botoproof_service decides, and then it is looked at
            choose_target(find_specification(service), configuration, wish=wish).close()
    except ToolkitError as wrong:
        raise pytest.UsageError(f"botoproof: {wrong}") from None


def configuration_of(config: pytest.Config) -> Configuration:
    """Return the configuration that an option names, else that of the rootdir, else an empty one.

    Raises:
        BadConfiguration: It cannot be used.
    """
    named: str | None = config.getoption(CONFIG)
    if named is None:
        return find_configuration(config.rootpath)
    return read_configuration(config.invocation_params.dir / Path(named).expanduser())


def configured_endpoint(config: pytest.Config) -> str | None:
    """Return the URL to which the configuration sends the tests.

    None when it names none, and when it cannot be used: the first fixture that needs it says why, and what does not
    need it goes on.
    """
    try:
        endpoint = configuration_of(config).endpoint
        if endpoint is not None and endpoint != EMBEDDED:
            usable_host(endpoint)  # a password in a URL must not get into the header
            return endpoint
    except ToolkitError:
        pass
    return None


def service_of(configuration: Configuration) -> str:
    """Return the service that is configured, else the only one of which anything is known.

    Raises:
        BadConfiguration: There are several.
    """
    service = configuration.service or _only_service()
    if service is None:
        raise BadConfiguration(
            f"tests can be about {', '.join(specified_services()) or 'no service at all'}: say which by target.service "
            "in the configuration, or by a fixture botoproof_service of your own"
        )
    return service


@cache
def _only_service() -> str | None:
    services = specified_services()
    return services[0] if len(services) == 1 else None


def target_of(config: pytest.Config, configuration: Configuration) -> str:
    """Return what the endpoint is: the option's wish, else the configured endpoint, else the embedded one."""
    wish: str | None = config.getoption(TARGET)
    return configuration.endpoint or EMBEDDED if wish is None else wish
