"""A project whose tests are recorded as its pact."""

from __future__ import annotations

from collections.abc import Iterator

# Loaded here, since a run in this process throws away what it was the first to import.
import botoproof.ci.faulted.summary
import botoproof.ci.pacts.case
import botoproof.ci.plugin.every_fault_run
import botoproof.ci.plugin.pact_session
import botoproof.ci.plugin.properties  # noqa: F401
import pytest
from botoproof.ci.pacts.pact import Interaction
from botoproof.ci.pacts.reading import read_pact
from botoproof.contract.adapters.server import Server

from .run import Run
from .topics import CLIENT, answer

PROJECT = """
import pytest

def test_gone(botoproof_endpoint):
    client = botoproof_endpoint.client()
    with pytest.raises(client.exceptions.InvalidJobIdException):
        client.get_status(JobId="GONE1")

def test_status(botoproof_endpoint):
    botoproof_endpoint.client().get_status(JobId=botoproof_endpoint.job("cancelled"))

def test_cancel(botoproof_endpoint):
    job = botoproof_endpoint.job("pending")
    botoproof_endpoint.client().cancel_job(JobId=job)
    botoproof_endpoint.client().get_status(JobId=job)
"""
GONE = "GetStatus fails with InvalidJobIdException"
STATUS = "GetStatus given a cancelled job succeeds"
CANCEL = "CancelJob given a pending job succeeds"


class Recorded:
    """A project whose tests are recorded in `pact.json`."""

    def __init__(self, pytester: pytest.Pytester, run: Run) -> None:
        self.path = pytester.path / "pact.json"
        self._pytester, self._run = pytester, run
        pytester.makepyprojecttoml('[project]\nname = "shop"\n[tool.pytest.ini_options]\ntestpaths = ["."]\n')

    def __call__(self, text: str, *arguments: str, file: str = "pact.json") -> pytest.RunResult:
        self._pytester.makepyfile(test_shop=text)
        return self._run(f"--botoproof-pact={file}", "-W", "default", *arguments)

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        return read_pact(self.path).interactions

    @property
    def descriptions(self) -> list[str]:
        return [one.description for one in self.interactions]


@pytest.fixture
def recorded(pytester: pytest.Pytester, run: Run) -> Recorded:
    return Recorded(pytester, run)


@pytest.fixture
def topics() -> Iterator[str]:
    with Server(answer) as server:
        yield CLIENT.format(url=server.url)


TOPIC = "\ndef test_topic(botoproof_pact):\n    {given}assert name_of('arn-{n}') == 'arn-{n}'\n"
TOPIC_SUCCEEDS = "GetTopicAttributes succeeds"
