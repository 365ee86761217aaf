"""The mark `every_fault`: a test becomes one item for each fault that its calls can meet.

Items are made when pytest collects, from the operations that the mark names and from the calls that earlier runs have
stored in pytest's cache, so that all that works for items works for them. Nothing beyond the standard library and
pytest is imported before a test bears the mark or an option is given, and projects that do without are not touched.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..faulted.injection import Faults
    from .every_fault_items import Run
    from .every_fault_session import Session

MARK = "every_fault"
FAULTS, FAULT, REPORT = "botoproof_faults", "botoproof_fault", "botoproof_faults_report"
RUN_FIXTURE = "_botoproof_fault_run"
"""Whose parameter is a run; it holds the invariants, too."""

_ATTRIBUTE = "botoproof_fault"
"""Under which a report bears what came of a run, also from one process to another."""


class Results:
    """What came of the runs of a session, in this process and in workers of pytest-xdist."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.complaints: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what came of a run."""
        result = getattr(report, _ATTRIBUTE, None)
        if result is not None:
            self.found.append(result)


RESULTS = pytest.StashKey[Results]()
SESSION = pytest.StashKey["Session"]()
RUN: pytest.StashKey[Run] = pytest.StashKey()
RESULT = pytest.StashKey[dict[str, Any]]()
HELD = pytest.StashKey[tuple[Any, ...]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)")
    group.addoption(
        "--faults",
        dest=FAULTS,
        choices=("smoke", "ci", "full"),
        help="how many faults the mark every_fault tries on each call: one of each family, every documented error and "
        "all that the caller can tell apart, or every variant (default: ci)",
    )
    group.addoption(
        "--fault",
        dest=FAULT,
        metavar="CALL:FAULT",
        help="the one fault that the mark every_fault tries, e.g. 'SendMessage#0:response_lost:once'; failures are "
        "then shown with their whole traceback",
    )
    group.addoption(
        "--faults-report",
        dest=REPORT,
        action="append",
        metavar="[KIND=]FILE",
        help="write what came of every fault: as JSON (botoproof/faults/1), or e.g. as a page by html=FILE; kinds are "
        "json, html, junit, sarif, markdown, jsonl, annotations and badge. May be given several times",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look at the options before anything is collected."""
    config.stash[RESULTS] = Results()
    config.pluginmanager.register(config.stash[RESULTS], "botoproof-every-fault-results")
    if config.getoption(FAULT) is not None or config.getoption(REPORT) is not None:
        _session(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which options are in force; nothing when there are none."""
    told = {"faults": config.getoption(FAULTS), "fault": config.getoption(FAULT)}
    given = [f"{name} {value}" for name, value in told.items() if value is not None]
    return [f"botoproof: {', '.join(given)}"] if given else []


def _session(config: pytest.Config) -> Session:
    """Return what the session knows of faults, loaded by the first who needs it."""
    known = config.stash.get(SESSION, None)
    if known is None:
        from .every_fault_session import open_session

        known = config.stash[SESSION] = open_session(config)
    return known


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item for each fault of a test that bears the mark; after its own parameters."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        from .every_fault_items import parametrise

        parametrise(metafunc, _session(metafunc.config))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pycollect_makeitem(collector: Any) -> Generator[None, Any, Any]:
    """Sort the items of a function that bears the mark: what strikes each, and which its tests do not have."""
    made = yield
    if not isinstance(made, list) or not any(
        isinstance(item, pytest.Item) and item.get_closest_marker(MARK) is not None for item in made
    ):
        return made
    from .every_fault_items import sorted_out

    return sorted_out(made, _session(collector.config))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Complain about a wish that is about no test; let one test stand for others that strike the same code."""
    if any(RUN in item.stash for item in items):
        from .every_fault_items import fold

        _session(config).check_wish()
        fold(config, items, _session(config))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose mark could not be honoured; skip the faults of one that fails without any."""
    if item.get_closest_marker(MARK) is None or item.get_closest_marker("skip") is not None:
        return
    run = item.stash.get(RUN, None)
    if run is None:
        pytest.fail(
            "botoproof: the mark 'every_fault' is for functions, methods, classes and modules whose tests pytest "
            "itself collects; on a parameter or a unittest.TestCase it is not honoured, and would prove nothing",
            pytrace=False,
        )
    if run.planned.strikes and run.test in _session(item.config).failing:
        pytest.skip("botoproof: the test fails without a fault")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let the fault of an item strike while its test runs, and judge what came of it."""
    __tracebackhide__ = True
    run = item.stash.get(RUN, None)
    if run is None:
        return (yield)
    from .every_fault_run import Running

    running = Running(item, run, _session(item.config))
    result = None
    with running.struck():
        try:
            result = yield
        except BaseException as error:  # noqa: BLE001 - judged below, where it is raised again unless it was declared
            running.error = error
    running.end()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hand what came of a run to its report, which may go to another process."""
    del call  # the report has all
    report = yield
    run = item.stash.get(RUN, None)
    if run is not None:
        if not run.planned.strikes and report.failed:
            _session(item.config).failing.add(run.test)
        if report.when == "call" and RESULT in item.stash:
            setattr(report, _ATTRIBUTE, item.stash[RESULT])
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what was seen for the next run, and write the report, which workers of pytest-xdist do not."""
    config = session.config
    found = config.stash[RESULTS].found
    if not hasattr(config, "workerinput") and (found or config.getoption(REPORT)):
        for complaint in _session(config).finish(found):
            config.stash[RESULTS].complaints.append(complaint)
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell what came of the faults."""
    results = config.stash[RESULTS]
    if results.found:
        from ..faulted.summary import summary

        terminalreporter.section("every fault (botoproof)")
        for line in summary(results.found, remembers=_session(config).remembers):
            terminalreporter.line(line)
    for complaint in results.complaints:
        terminalreporter.line(f"botoproof: {complaint}", red=True)


@pytest.fixture
def botoproof_invariants() -> tuple[Any, ...]:
    """What holds after every test that is marked every_fault, whatever was injected. Redefine it to have some.

    Functions that take what the fixture `faults` is, and raise AssertionError where something does not hold. They are
    called when the test has ended, with nothing struck any more.
    """
    return ()


@pytest.fixture
def _botoproof_fault_run(request: pytest.FixtureRequest, botoproof_invariants: Any) -> None:
    from .every_fault_items import checked_invariants

    request.node.stash[HELD] = checked_invariants(botoproof_invariants)


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Faults:
    """What a test under a fault can ask: `injected`, the fault of this run or None, and `journal`, the calls so far."""
    from ..faulted.calls import NO_FAULT
    from ..faulted.injection import Faults

    run = request.node.stash.get(RUN, None)
    return Faults(NO_FAULT) if run is None else run.faults
