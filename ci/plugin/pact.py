"""The option `--botoproof-pact`: the boto3 calls of tests, recorded as the pact of the project that makes them.

Calls are overheard from whatever client and thread, and left as they are; what tests that passed have made is written
when the session ends. Nothing beyond the standard library and pytest is imported before that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from .every_fault import RUN

if TYPE_CHECKING:
    from ..configuration import Configuration
    from ..pacts.case import PactCase
    from ..pacts.recording import Recorder, Source
    from .pact_session import Session

FILE, CONSUMER, PROVIDER = "botoproof_pact", "botoproof_pact_consumer", "botoproof_pact_provider"

_SESSION: pytest.StashKey[Session] = pytest.StashKey()
_FAILED = pytest.StashKey[bool]()
_LEFT_OUT = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)")
    group.addoption(
        "--botoproof-pact",
        dest=FILE,
        metavar="FILE",
        help="record the boto3 calls of the tests that pass as a pact, which says what this project relies on; a "
        "folder is for a file of each service that is called",
    )
    group.addoption(
        "--botoproof-pact-consumer",
        dest=CONSUMER,
        metavar="NAME",
        help="who relies on it (default: as the file has it, else the project's name in pyproject.toml, else its "
        "folder's)",
    )
    group.addoption(
        "--botoproof-pact-provider",
        dest=PROVIDER,
        metavar="NAME",
        help="who keeps it (default: as the file has it, else aws-SERVICE)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look at the file before anything runs."""
    given = [name for name in (CONSUMER, PROVIDER) if config.getoption(name) is not None]
    if config.getoption(FILE) is not None:
        from .pact_session import open_session

        config.stash[_SESSION] = open_session(config)
    elif given:
        raise pytest.UsageError(f"--{given[0].replace('_', '-')} goes with --botoproof-pact=FILE, which is not given")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that the option is in force; nothing when it is not."""
    file = config.getoption(FILE)
    return [f"botoproof: pact {file}"] if file is not None else []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Begin to listen, before any fixture could put faults in botocore."""
    if _SESSION in config.stash:
        config.stash[_SESSION].begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave botocore as it was."""
    if _SESSION in config.stash:
        config.stash[_SESSION].end()


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember that not all tests run."""
    for item in items[:1]:
        if _SESSION in item.config.stash:
            item.config.stash[_SESSION].partial.add("not all tests were chosen")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that says what cannot be of the calls that it makes."""
    __tracebackhide__ = True
    result = yield
    problems = item.config.stash[_SESSION].recorder.problems() if _SESSION in item.config.stash else []
    if problems:
        pytest.fail(f"botoproof: {'; '.join(problems)}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a test has made, when it has passed."""
    report = yield
    if _SESSION not in item.config.stash:
        return report
    if not report.passed:
        item.stash[_FAILED] = True
    session, run = item.config.stash[_SESSION], item.stash.get(RUN, None)
    struck = bool(run and run.planned.strikes)
    if report.skipped and not struck and not hasattr(report, "wasxfail"):
        session.partial.add("a test was skipped")
    if call.when == "teardown":
        reason = ""
        if struck:
            reason = "under a fault"
        elif item.stash.get(_FAILED, False):
            reason = "of a test that did not pass"
        elif item.stash.get(_LEFT_OUT, False):
            reason = "left out by the test"
        elif getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            reason = "of a test whose examples are generated"
        session.take(run.test if run else item.nodeid, reason)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take in what a worker of pytest-xdist did."""
    if _SESSION in node.config.stash:
        session = node.config.stash[_SESSION]
        data = getattr(node, "workeroutput", {}).get(FILE)
        if data:
            session.add(data)
        elif error or data is None:
            session.partial.add("a worker died")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what this process did, or write the file."""
    config = session.config
    if _SESSION not in config.stash:
        return
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[FILE] = config.stash[_SESSION].data()
    elif not config.stash[_SESSION].finish(session.exitstatus) and session.exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell what was recorded, and what was not."""
    if _SESSION in config.stash:
        terminalreporter.section("pact (botoproof)")
        for line in config.stash[_SESSION].lines:
            terminalreporter.line(line)


def follow(config: pytest.Config, source: Source) -> None:
    """Let the states of a test's endpoint be known of the calls that are recorded."""
    if _SESSION in config.stash:
        config.stash[_SESSION].recorder.follow(source)


class Recording:
    """What a test can say of its calls that are recorded; without `--botoproof-pact` it says it to nobody.

    Attributes:
        recording: Whether calls are recorded.
    """

    def __init__(self, item: pytest.Item, recorder: Recorder | None) -> None:
        self.recording = recorder is not None
        self._item = item
        self._recorder = recorder

    def given(self, state: str, id: str) -> None:  # noqa: A002 - as pacts name it
        """Say in which provider state a resource is, where no endpoint of botoproof's knows it.

        Args:
            state: The state's name, or its sentence, e.g. ``a pending job``; of another service any text.
            id: How calls name the resource.
        """
        if not all(isinstance(text, str) and text for text in (state, id)):
            raise TypeError(f"given takes a state and an id, got {state!r} and {id!r}")
        if self._recorder is not None:
            self._recorder.give(state, id)

    def leave_out(self) -> None:
        """Say that the calls of this test are not those of the project's own code."""
        self._item.stash[_LEFT_OUT] = True


@pytest.fixture
def botoproof_pact(request: pytest.FixtureRequest) -> Recording:
    """What a test can say of its calls that are recorded as a pact: `given(state, id)`, `leave_out()`."""
    session = request.config.stash.get(_SESSION, None)
    return Recording(request.node, None if session is None else session.recorder)


@pytest.fixture
def botoproof_pact_case(
    request: pytest.FixtureRequest, botoproof_configuration: Configuration
) -> Callable[..., PactCase]:
    """What makes a provider for one answer: call it with an operation and the name of an error, or none."""
    from ..pacts.case import pact_case, world_of
    from .choices import plainly

    run = request.node.stash.get(RUN, None)

    def made(subject: str, error: str | None = None) -> PactCase:
        with plainly():
            world = world_of(botoproof_configuration, subject)
            # A fault may strike before anything is sent.
            case = pact_case(subject, error, world=world, required=not (run and run.planned.strikes))
        follow(request.config, case)
        return case

    return made
