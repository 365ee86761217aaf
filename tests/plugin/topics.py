"""A project whose tests call a service, and a server that they can be recorded from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

# Loaded here, since a run in this process throws away what it was the first to import.
import boto3  # noqa: F401
import botoproof.ci.plugin.cassette_opening  # noqa: F401
import pytest
import vcr.serializers.yamlserializer  # type: ignore[import-untyped] # noqa: F401 # it has no types
from botoproof.cassettes.format import read_cassette
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.form import read_form
from botoproof.contract.interaction import Reply, Request

from .run import Run

CLIENT = """
import boto3, pytest

def make():
    return boto3.client(
        "sns", region_name="us-east-1", endpoint_url="{url}", aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )

client = make()

def name_of(topic, client=client):
    return client.get_topic_attributes(TopicArn=topic)["Attributes"]["Name"]
"""


RECORD = "--botoproof-record=127.0.0.1"


def answer(request: Request, _: datetime) -> Reply:
    name = dict(read_form(request.body).pairs)["TopicArn"]
    value = f"<Attributes><entry><key>Name</key><value>{name}</value></entry></Attributes>"
    result = f"<GetTopicAttributesResult>{value}</GetTopicAttributesResult>"
    space = "http://sns.amazonaws.com/doc/2010-03-31/"
    rest = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
    body = f'<GetTopicAttributesResponse xmlns="{space}">{result}{rest}</GetTopicAttributesResponse>'
    return Reply(200, (("Content-Type", "text/xml"),), body.encode())


class Project:
    """A project with tests of one module, `test_topics.py`."""

    def __init__(self, pytester: pytest.Pytester, run: Run, url: str) -> None:
        self.pytester, self.run, self._url = pytester, run, url
        self.folder = pytester.path / "cassettes" / "test_topics"

    def write(self, body: str, *, fixtures: str = "") -> None:
        self.pytester.makepyfile(test_topics=CLIENT.format(url=self._url) + body)
        if fixtures:
            self.pytester.makeconftest(f"import pytest\n\n{fixtures}")

    def files(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.yaml"))

    def topics(self, name: str) -> list[str]:
        """Return of which topics a file tells, in its order."""
        interactions = read_cassette(self.folder / name).interactions
        return [dict(read_form(one.request.body).pairs)["TopicArn"] for one in interactions]


@pytest.fixture
def project(pytester: pytest.Pytester, run: Run) -> Iterator[Project]:
    """A project, and a server that it can record."""
    with Server(answer) as server:
        yield Project(pytester, run, server.url)


@pytest.fixture
def away(pytester: pytest.Pytester, run: Run) -> Project:
    """The same project, after the server has gone."""
    with Server(answer) as server:
        return Project(pytester, run, server.url)


def recorded(project: Project, body: str, *, fixtures: str = "", number: int = 1) -> None:
    """Record the tests in `body`, with a server that is gone afterwards."""
    with Server(answer) as server:
        project._url = server.url
        project.write(body, fixtures=fixtures)
        project.run(RECORD).assert_outcomes(passed=number)


MARKED = """
@pytest.mark.cassette
def test_name():
    assert name_of("one") == "one"
    assert name_of("two", make()) == "two"
"""
