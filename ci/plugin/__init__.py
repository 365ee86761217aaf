"""The pytest plugin.

It is imported in every project that has botoproof installed, so this module and the packages around it import nothing
beyond the standard library and pytest; everything else is loaded by the first fixture or option that needs it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import cassette as _cassette
from . import conforms as _conforms
from . import every_fault as _every_fault
from . import other_sdk as _other_sdk
from . import pact as _pact

if TYPE_CHECKING:
    from ..configuration import Configuration
    from ..conformance import Endpoint
    from .endpoints import Endpoints

TARGET, CONFIG, SEED = "botoproof_target", "botoproof_config", "botoproof_seed"

_CONFORMS = "conforms: hold the boto3 calls of the test to their contract (botoproof)"
_EVERY_FAULT = (
    "every_fault(*operations, survives=[...]): run the test once for each fault that its calls can meet (botoproof)"
)
_CASSETTE = "cassette(name): answer the test's calls from a recording (botoproof)"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options; the parts of the plugin about recordings, pacts, faults and conformance have their own."""
    pluginmanager.register(_cassette, "botoproof-cassette")
    pluginmanager.register(_conforms, "botoproof-conforms")
    pluginmanager.register(_every_fault, "botoproof-every-fault")
    pluginmanager.register(_pact, "botoproof-pact")
    pluginmanager.register(_other_sdk, "botoproof-sdk")
    group = parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)")
    group.addoption(
        "--botoproof-target",
        dest=TARGET,
        metavar="TARGET",
        help="what botoproof_endpoint is: 'embedded' or a URL (default: the configured endpoint, else embedded)",
    )
    group.addoption(
        "--botoproof-config",
        dest=CONFIG,
        metavar="FILE",
        help="the configuration (default: botoproof.toml, or [tool.botoproof] of pyproject.toml, in the rootdir)",
    )
    group.addoption(
        "--botoproof-seed",
        dest=SEED,
        metavar="N",
        type=_seed,
        help="from which the examples of @given tests follow, where they use a fixture of botoproof",
    )


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 0, got {text!r}")
    return int(text)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, and check what the options say before anything is collected."""
    config.addinivalue_line("markers", _CONFORMS)
    config.addinivalue_line("markers", _EVERY_FAULT)
    config.addinivalue_line("markers", _CASSETTE)
    if config.getoption(TARGET) is not None or config.getoption(CONFIG) is not None:
        from .choices import check_options

        check_options(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which options are in force, and to where a configuration sends the tests; nothing when there is neither."""
    wish: str | None = config.getoption(TARGET)
    target = _configured_target(config) if wish is None else wish
    told = {"target": target, "config": config.getoption(CONFIG), "seed": config.getoption(SEED)}
    given = [f"{name} {value}" for name, value in told.items() if value is not None]
    return [f"botoproof: {', '.join(given)}"] if given else []


def _configured_target(config: pytest.Config) -> str | None:
    """Return the endpoint of the configuration; None without one, and nothing is imported where none can be."""
    own, project = config.rootpath / "botoproof.toml", config.rootpath / "pyproject.toml"
    there = own.is_file() or (project.is_file() and b"tool.botoproof" in project.read_bytes())
    if config.getoption(CONFIG) is None and not there:
        return None
    from .choices import configured_endpoint

    return configured_endpoint(config)


@pytest.fixture(scope="session")
def botoproof_configuration(pytestconfig: pytest.Config) -> Configuration:
    """The configuration that the other fixtures obey. Redefine it to have another."""
    from .choices import configuration_of, plainly

    with plainly():
        return configuration_of(pytestconfig)


@pytest.fixture
def botoproof_service(botoproof_configuration: Configuration) -> str:
    """The service that the other fixtures are about. Redefine it to have another."""
    from .choices import plainly, service_of

    with plainly():
        return service_of(botoproof_configuration)


@pytest.fixture
def botoproof_target(pytestconfig: pytest.Config, botoproof_configuration: Configuration) -> str:
    """What the endpoint is: ``embedded`` or a URL. Redefine it to have another whatever the options say."""
    from .choices import target_of

    return target_of(pytestconfig, botoproof_configuration)


@pytest.fixture
def botoproof_seed(pytestconfig: pytest.Config) -> int | None:
    """From which the examples of @given tests follow; None leaves that to Hypothesis. Redefine it to have another."""
    seed: int | None = pytestconfig.getoption(SEED)
    return seed


@pytest.fixture(scope="session")
def _botoproof_endpoints(pytestconfig: pytest.Config) -> Iterator[Endpoints]:
    """What the session has opened; what it made at URLs is disposed of at the end."""
    from .endpoints import Endpoints

    endpoints = Endpoints.for_session(pytestconfig)
    yield endpoints
    endpoints.close()


@pytest.fixture
def botoproof_endpoint(
    request: pytest.FixtureRequest,
    _botoproof_endpoints: Endpoints,
    botoproof_service: str,
    botoproof_configuration: Configuration,
    botoproof_target: str,
    botoproof_seed: int | None,
) -> Iterator[Endpoint]:
    """An endpoint that answers as the contract says, fresh for each test; or the one that options name."""
    from .choices import plainly
    from .properties import prepared

    with plainly():
        endpoint = _botoproof_endpoints.open(botoproof_service, botoproof_configuration, botoproof_target)
    _pact.follow(request.config, endpoint)
    with prepared(request, endpoint, seed=botoproof_seed):
        yield endpoint
    endpoint.close()


@pytest.fixture
def botoproof_url(botoproof_endpoint: Endpoint) -> str:
    """The URL of `botoproof_endpoint`, for code that makes its own client."""
    return botoproof_endpoint.url


@pytest.fixture
def botoproof_client(botoproof_endpoint: Endpoint) -> Any:
    """A real boto3 client of `botoproof_endpoint`, with the SDK's own settings."""
    return botoproof_endpoint.client()
