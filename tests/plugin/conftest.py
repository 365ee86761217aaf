"""Runs of pytest within pytest, and an endpoint that somebody else keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

# Loaded here, since a run in this process throws away what it was the first to import.
import botoproof.ci.plugin.properties
import botoproof.strategies  # noqa: F401
import pytest
from botoproof.ci.configuration import Configuration
from botoproof.ci.plugin.embedded import Embedded
from botoproof.ci.plugin.endpoints import Endpoints
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world

from .faulty import faulty
from .run import Run
from .shop import recorded, topics
from .topics import away, project

__all__ = ["Run", "away", "faulty", "project", "recorded", "topics"]

SPECIFICATION = find_specification("importexport")
WORLD = default_world()
SIGNED = Configuration(credential=EXAMPLE_KEY)
CREDENTIALS = f"""
[credentials]
access-key-id = "{EXAMPLE_KEY.access_key_id}"
secret-access-key = "{EXAMPLE_KEY.secret_access_key}"
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run the tests that were made, as in a project that has botoproof installed."""

    def inner(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)

    return inner


@dataclass
class Kept:
    """Somebody else's endpoint.

    Attributes:
        url: Where it listens.
        endpoint: What answers there.
        refused: Names of operations that it refuses from now on.
    """

    url: str
    endpoint: Endpoint
    refused: set[str] = field(default_factory=set[str])

    def made(self) -> list[str]:
        """Return the states of the jobs that it did not begin with."""
        begun = self.endpoint.resources.values()
        return [job.state.value for job_id, job in self.endpoint.jobs.items() if job_id not in begun]


@pytest.fixture
def kept() -> Iterator[Kept]:
    operations = {operation.name: operation for operation in read_operations("importexport")}
    found = Kept("", Endpoint(WORLD, operations, now=datetime.now(UTC)))

    def answer(request: Request, now: datetime) -> Reply:
        if any(f"Action={name}&".encode() in request.body for name in found.refused):
            return Reply(503, (), b"")
        return found.endpoint.answer(request, now)

    with Server(answer) as server:
        found.url = server.url
        yield found


@pytest.fixture
def at_url(pytester: pytest.Pytester, kept: Kept) -> Kept:
    """The same, with a configuration that points to it."""
    pytester.makefile(".toml", botoproof=f'[target]\nendpoint = "{kept.url}"\n{CREDENTIALS}')
    return kept


@pytest.fixture
def embedded() -> Iterator[Embedded]:
    """What `botoproof_endpoint` is in a test."""
    endpoint: Any = Endpoints(0).open("importexport", Configuration(), "embedded")
    yield endpoint
    endpoint.close()


class OpenAt(Protocol):
    def __call__(self, url: str, *, configuration: Configuration = ...) -> Any: ...


@pytest.fixture
def opened() -> Iterator[Endpoints]:
    """What a test session has opened."""
    endpoints = Endpoints(10)
    yield endpoints
    endpoints.close()


@pytest.fixture
def open_at(opened: Endpoints) -> OpenAt:
    """Open what `botoproof_endpoint` is in a test that is pointed at a URL."""

    def inner(url: str, *, configuration: Configuration = SIGNED) -> Any:
        return opened.open("importexport", configuration, url)

    return inner
