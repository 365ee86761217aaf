"""The mark `conforms` and the option `--botoproof-conforms`: boto3 calls of tests, held to their contract.

Nothing is injected. Calls are overheard while a test is set up, runs and is torn down, from whatever client and thread,
and judged when the test has run. Nothing beyond the standard library and pytest is imported before that is asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from .every_fault import RUN

if TYPE_CHECKING:
    from ...contract.adapters.overhearing import Overhearing
    from ..conforming import Ear, Tally

MARK = "conforms"
OPTION = "botoproof_conforms"
LEVELS = ("warn", "fail")
_ATTRIBUTE = "botoproof_conforms"
"""Under which a report bears what came of a test, also from one process to another."""

_EAR: pytest.StashKey[Ear] = pytest.StashKey()
_OVERHEARING: pytest.StashKey[Overhearing] = pytest.StashKey()
_TALLY = pytest.StashKey[dict[str, Any]]()
_RESULTS = pytest.StashKey["Results"]()


class ContractWarning(pytest.PytestWarning):
    """A call does not keep its contract, or could not be held to it."""

    __module__ = "botoproof"


class Results:
    """What came of the tests of a session, in this process and in workers of pytest-xdist."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what came of a test."""
        result = getattr(report, _ATTRIBUTE, None)
        if result is not None:
            self.found.append(result)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)").addoption(
        "--botoproof-conforms",
        dest=OPTION,
        nargs="?",
        const="fail",
        type=_level,
        metavar="warn|fail",
        help="hold the boto3 calls of all tests to their contract, with nothing injected; findings fail the test "
        "(default), or are warnings",
    )


def _level(text: str) -> str:
    if text not in LEVELS:
        raise argparse.ArgumentTypeError(
            f"must be warn or fail, got {text!r} (before other arguments, write --botoproof-conforms=fail)"
        )
    return text


def pytest_configure(config: pytest.Config) -> None:
    """Prepare to take in what came of tests."""
    config.stash[_RESULTS] = Results()
    config.pluginmanager.register(config.stash[_RESULTS], "botoproof-conforms-results")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that the option is in force; nothing when it is not."""
    level = config.getoption(OPTION)
    return [f"botoproof: conforms {level}"] if level else []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin to listen, before any fixture could put faults in botocore."""
    if _OVERHEARING in config.stash or not any(_wanted(item) for item in items):
        return
    from ...contract.adapters.overhearing import Overhearing
    from ..conforming import Ear

    ear = config.stash[_EAR] = Ear(config.rootpath)
    config.stash[_OVERHEARING] = Overhearing(ear)
    config.stash[_OVERHEARING].begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave botocore as it was."""
    if _OVERHEARING in config.stash:
        config.stash[_OVERHEARING].end()


def is_of_the_project(config: pytest.Config, name: str) -> bool:
    """Whether someone else has registered a mark of that name."""
    lines: list[str] = config.getini("markers")
    named = [line for line in lines if line.partition(":")[0].partition("(")[0].strip() == name]
    return len(named) > 1


def _marked(item: pytest.Item) -> bool:
    return item.get_closest_marker(MARK) is not None and not is_of_the_project(item.config, MARK)


def _wanted(item: pytest.Item) -> bool:
    return _marked(item) or item.config.getoption(OPTION) is not None


def _strict(item: pytest.Item) -> bool:
    return _marked(item) or item.config.getoption(OPTION) == "fail"


@pytest.hookimpl(tryfirst=True)  # no wrapper: one that fails keeps pytest's own from setting up what they take down
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what was heard of tests that are not judged, and check the mark."""
    if _wanted(item):
        if item.config.getoption(OPTION) is None:
            item.config.stash[_EAR].taken()
        mark = item.get_closest_marker(MARK)
        if _marked(item) and mark is not None and (mark.args or mark.kwargs):
            pytest.fail("botoproof: the mark 'conforms' takes no arguments", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge what was heard while the test was set up and ran."""
    __tracebackhide__ = True
    if not _wanted(item):
        return (yield)
    failed = True
    try:
        result = yield
        failed = False
    finally:
        tally = _taken(item)
        if failed and tally.told:  # the test's own failure stands, and this beside it
            item.add_report_section("call", "botoproof conforms", _text(tally))
    run = item.stash.get(RUN, None)
    shows = _marked(item) and not (run and run.planned.strikes)  # what a fault strikes is judged by every_fault
    if shows and not tally.heard:
        pytest.fail("botoproof: conforms: the test made no call by boto3, so that nothing is shown", pytrace=False)
    if shows and not tally.judged:
        item.warn(ContractWarning(f"conforms: no call was held to its contract: {_reasons(tally)}"))
    _tell(item, tally)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Judge what was heard while the test was torn down."""
    yield
    if _wanted(item):
        _tell(item, _taken(item))


def _taken(item: pytest.Item) -> Tally:
    tally = item.config.stash[_EAR].taken()
    if tally.heard:
        item.stash[_TALLY] = tally.data()
    return tally


def _tell(item: pytest.Item, tally: Tally) -> None:
    """Fail the test, or warn, where calls do not keep their contract."""
    __tracebackhide__ = True
    if tally.told and _strict(item):
        pytest.fail(_text(tally), pytrace=False)
    for one in tally.told:
        item.warn(ContractWarning(str(one)))


def _text(tally: Tally) -> str:
    said = [f"  {line}" for one in tally.told for line in str(one).splitlines()]
    return "\n".join(
        ["botoproof: calls do not keep their contract:", *said, "  more: botoproof explain CODE"],
    )


def _reasons(tally: Tally) -> str:
    return ", ".join(f"{count} {why}" for why, count in sorted(tally.unjudged.items()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hand what came of a test to its report, which may go to another process."""
    del call  # the report has all
    report = yield
    tally = item.stash.get(_TALLY, None)
    if tally is not None:
        del item.stash[_TALLY]
        setattr(report, _ATTRIBUTE, {"test": item.nodeid, **tally})
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell how much was held to the contract, and what was not."""
    found = config.stash[_RESULTS].found
    if not found and not config.getoption(OPTION):
        return
    from ..conforming import summary

    terminalreporter.section("conforms (botoproof)")
    for line in summary(found):
        terminalreporter.line(line)
