"""The option `--botoproof-sdk`: the boto3 calls of tests, made again under another release when all have run.

Calls and replies are taken down in whichever process runs a test, and compared in the one that gathers. Nothing beyond
the standard library and pytest is imported before the option is given.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..upgrade.accepting import Accepted
    from ..upgrade.calls_of_tests import Listening
    from ..upgrade.sdk import Sdk
    from ..upgrade.verdict import Answer

OPTION, ACCEPT, REPORT = "botoproof_sdk", "botoproof_sdk_accept", "botoproof_sdk_report"
_ATTRIBUTE = "botoproof_sdk_calls"
"""Under which a report bears the calls of a test, also from one process to another."""

_LISTENING: pytest.StashKey[Listening] = pytest.StashKey()
_GATHERING = pytest.StashKey["Gathering"]()


class Gathering:
    """What was taken down in a session, in this process and in workers of pytest-xdist."""

    def __init__(self, sdk: Sdk, accepted: Accepted) -> None:
        self.sdk = sdk
        self.accepted = accepted
        self.calls: dict[str, dict[str, Any]] = {}
        self.answer: Answer | None = None
        self.wrong = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in the calls of a test; the same call of several counts once."""
        for told in getattr(report, _ATTRIBUTE, ()):
            self.calls.setdefault(told, json.loads(told))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)")
    group.addoption(
        "--botoproof-sdk",
        dest=OPTION,
        metavar="VERSION",
        help="make the boto3 calls of the tests again under another release of botocore (a number, a wheel, the python "
        "of an environment, latest), and tell what it sends or reads otherwise; what is not safe fails the run",
    )
    group.addoption(
        "--botoproof-sdk-accept",
        dest=ACCEPT,
        metavar="FILE",
        help="what is known of that upgrade: TOML, as for `upgrade`",
    )
    group.addoption("--botoproof-sdk-report", dest=REPORT, metavar="FILE", help="where it is written as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Find the other release before anything is collected, in the process that gathers."""
    text = config.getoption(OPTION)
    if text is None:
        for option, name in ((ACCEPT, "--botoproof-sdk-accept"), (REPORT, "--botoproof-sdk-report")):
            if config.getoption(option) is not None:
                raise pytest.UsageError(f"{name} says something about --botoproof-sdk=VERSION, which is not given")
        return
    if hasattr(config, "workerinput"):
        return
    from ...contract.errors import ToolkitError
    from ..report.files import OutputFile
    from ..upgrade.accepting import Accepted, read_accepted
    from ..upgrade.versions import find_sdk

    try:
        accept, report = config.getoption(ACCEPT), config.getoption(REPORT)
        today = datetime.now(UTC).date()
        accepted = Accepted() if accept is None else read_accepted(Path(accept), today)
        if report is not None:
            OutputFile("json report", Path(report)).require_writable()
        config.stash[_GATHERING] = Gathering(find_sdk(text), accepted)
    except ToolkitError as wrong:
        raise pytest.UsageError(f"--botoproof-sdk: {wrong}") from None
    config.pluginmanager.register(config.stash[_GATHERING], "botoproof-sdk-gathering")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that the option is in force; nothing when it is not."""
    gathering = config.stash.get(_GATHERING, None)
    return [f"botoproof: calls again under {gathering.sdk}"] if gathering else []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Begin to listen, before any fixture could put faults in botocore."""
    if config.getoption(OPTION) is None or _LISTENING in config.stash:
        return
    from ..upgrade.calls_of_tests import Listening

    config.stash[_LISTENING] = Listening()
    config.stash[_LISTENING].begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave botocore as it was."""
    if _LISTENING in config.stash:
        config.stash[_LISTENING].end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hand the calls of a test to its report, which may go to another process."""
    report = yield
    listening = item.config.stash.get(_LISTENING, None)
    calls = listening.taken() if listening is not None else []
    if calls:
        setattr(report, _ATTRIBUTE, [json.dumps(call, sort_keys=True) for call in calls])
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Make the calls again, and fail the run where that is not safe."""
    gathering = session.config.stash.get(_GATHERING, None)
    if (
        gathering is None
        or session.config.getoption("collectonly")
        or session.exitstatus == pytest.ExitCode.INTERRUPTED
    ):
        return
    from ...contract.errors import ToolkitError
    from ..report.files import OutputFile
    from ..upgrade.data import answer_json
    from ..upgrade.suite import compare_suite
    from ..upgrade.verdict import Verdict
    from ..upgrade.versions import INSTALLED, find_sdk

    try:
        calls = [call for _, call in sorted(gathering.calls.items())]
        gathering.answer = compare_suite(find_sdk(INSTALLED), gathering.sdk, calls, gathering.accepted, lambda _: None)
        report = session.config.getoption(REPORT)
        if report is not None:
            OutputFile("json report", Path(report)).write(answer_json(gathering.answer))
    except ToolkitError as wrong:
        gathering.wrong = str(wrong)
    safe = gathering.answer is not None and gathering.answer.verdict is Verdict.SAFE and not gathering.wrong
    if not safe and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell what the other release does otherwise."""
    gathering = config.stash.get(_GATHERING, None)
    if gathering is None or not (gathering.answer or gathering.wrong):
        return
    terminalreporter.section("upgrade (botoproof)")
    if gathering.answer is not None:
        from ..upgrade.showing import answer_lines

        calls = len(gathering.calls)
        terminalreporter.line(f"{calls} call{'s' if calls != 1 else ''} of the tests, made again")
        for line in answer_lines(gathering.answer):
            terminalreporter.line(line)
    if gathering.wrong:
        terminalreporter.line(gathering.wrong)
