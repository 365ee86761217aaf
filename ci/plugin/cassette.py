"""The mark `cassette`, its fixtures and options: a test's calls are answered from a recording, or recorded.

Every decision is a fixture that a project can redefine. Nothing beyond the standard library and pytest is imported
before a test uses them, and projects that do not are not touched.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .cassette_ledger import Ledger
from .cassette_names import folder_of

if TYPE_CHECKING:
    from ...cassettes.matching import Match
    from ...cassettes.sensitive import ScrubRules
    from .cassette_opening import Session
    from .cassette_tape import Policy, Tape

MARK = "cassette"
FIXTURE = "botoproof_cassette"
RECORD, UNPLAYED = "botoproof_record", "botoproof_unplayed"

LEDGER = pytest.StashKey[Ledger]()
_TAPE = pytest.StashKey["Tape"]()
_FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("botoproof", "AWS calls held to their contract (botoproof)")
    group.addoption(
        "--botoproof-record",
        dest=RECORD,
        metavar="HOST",
        action="append",
        help="record the tests that are marked cassette, anew: their calls go to AWS or whatever they are pointed to, "
        "if its host is named here, e.g. '*.amazonaws.com'; may be repeated",
    )
    group.addoption(
        "--botoproof-unplayed",
        dest=UNPLAYED,
        choices=("warn", "fail", "ignore"),
        default="warn",
        help="what it means when recorded interactions are not played, or recordings not opened by any test "
        "(default: warn)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the ledger, and refuse to record in several processes."""
    config.stash[LEDGER] = Ledger()
    hosts: list[str] | None = config.getoption(RECORD)
    if hosts is None:
        return
    if not all(host.strip() for host in hosts):
        raise pytest.UsageError("--botoproof-record needs a host that may be recorded, e.g. '*.amazonaws.com'")
    if config.getoption("numprocesses", None) or getattr(config, "workerinput", None):
        raise pytest.UsageError("--botoproof-record writes files in one process only; leave out -n")


def is_ours(config: pytest.Config, name: str = MARK) -> bool:
    """Whether nobody else has registered a mark of that name."""
    lines: list[str] = config.getini("markers")
    return len([line for line in lines if line.partition(":")[0].partition("(")[0].strip() == name]) == 1


def _mark(item: pytest.Item) -> pytest.Mark | None:
    mark = item.get_closest_marker(MARK)
    return mark if mark is not None and is_ours(item.config) else None


def _uses(item: pytest.Item) -> bool:
    return FIXTURE in getattr(item, "fixturenames", ()) or _mark(item) is not None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give the fixture to tests that bear the mark, before their own fixtures of the same scope."""
    if _mark(item) is None:
        return
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is None:
        pytest.fail("botoproof: the mark 'cassette' is for functions that pytest runs as tests", pytrace=False)
    if FIXTURE not in names:
        # The list is shared by all tests of a function, of which only some may bear the mark.
        place = next((index for index, name in enumerate(names) if _lives_for_one_test(item, name)), len(names))
        item.fixturenames = [*names[:place], FIXTURE, *names[place:]]  # type: ignore[attr-defined] # a Function's


def _lives_for_one_test(item: pytest.Item, name: str) -> bool:
    known: dict[str, Any] = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return name in known and known[name][-1].scope == "function"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that swallowed what was not recorded."""
    __tracebackhide__ = True
    result = yield
    tape = item.stash.get(_TAPE, None)
    if tape is not None:
        tape.check()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which tests did not pass, as they need not have played what is recorded."""
    del call  # the report has all
    report = yield
    if not report.passed and _uses(item):
        item.stash[_FAILED] = True
        item.config.stash[LEDGER].partial.add(item.nodeid.partition("::")[0])
    return report


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember modules of which not every test runs."""
    for item in items:
        item.config.stash[LEDGER].partial.add(item.nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take in what a worker of pytest-xdist did."""
    del error  # a worker that died is pytest-xdist's to tell
    data = getattr(node, "workeroutput", {}).get(FIXTURE)
    if data:
        node.config.stash[LEDGER].add(data)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what this process did; fail a session for what was not played, where that was asked for."""
    config = session.config
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[FIXTURE] = config.stash[LEDGER].data()
        return
    clean = session.exitstatus == pytest.ExitCode.OK
    if clean and config.getoption(UNPLAYED) == "fail" and _left(config, session.exitstatus):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Tell what was recorded, and what was not played."""
    ledger = config.stash[LEDGER]
    wish = config.getoption(UNPLAYED)
    left = [] if wish == "ignore" else _left(config, exitstatus)
    if wish == "fail" and ledger.partial & ledger.users():
        left.append("not all tests that use recordings ran and passed, so what was left over is not told of all files")
    if not left and not ledger.notes:
        return
    terminalreporter.section("recordings (botoproof)")
    for line in (*ledger.notes, *left):
        terminalreporter.line(line)


def _left(config: pytest.Config, exitstatus: int) -> list[str]:
    """Return what was left over; nothing after a session that was cut short."""
    ledger = config.stash[LEDGER]
    if exitstatus not in (0, 1) or not ledger.files or config.getoption(RECORD):
        return []
    for argument in config.args:
        path, colons, _ = argument.partition("::")
        if colons:
            ledger.partial.add(_as_in_node_ids(config, path))
    options = ("lf", "stepwise", "maxfail") if exitstatus else ("lf", "stepwise")
    if any(config.getoption(name, None) for name in options):
        ledger.partial |= ledger.users()
    everything = config.args_source is not pytest.Config.ArgsSource.ARGS and not ledger.partial
    return [
        *ledger.unplayed(everything=everything),
        *ledger.orphans(everything=everything, files=_recordings),
    ]


def _as_in_node_ids(config: pytest.Config, path: str) -> str:
    place = (config.invocation_params.dir / path).resolve()
    return place.relative_to(config.rootpath).as_posix() if place.is_relative_to(config.rootpath) else path


def _recordings(folder: str) -> list[str]:
    return [str(path) for path in Path(folder).rglob("*") if path.suffix in (".yaml", ".yml")]


@pytest.fixture
def botoproof_cassette_folder(request: pytest.FixtureRequest) -> Path:
    """Where recordings lie: ``cassettes/<module>`` beside the module, as with pytest-recording. Redefine it."""
    return folder_of(request.node)


@pytest.fixture
def botoproof_cassette_name(request: pytest.FixtureRequest) -> str | None:
    """How the recording is called: as the mark says; None for a name made of the test's id. Redefine it."""
    from .choices import plainly

    mark = _mark(request.node)
    if mark is None or not (mark.args or mark.kwargs):
        return None
    with plainly():
        return _name(*mark.args, **mark.kwargs)


def _name(*names: Any, **options: Any) -> str:
    from ...contract.errors import BadConfiguration

    if options.keys() == {"name"} and not names:
        names = (options["name"],)
    elif options or len(names) != 1:
        raise BadConfiguration(f"the mark cassette takes one name, got {', '.join(map(repr, (*names, *options)))}")
    if not isinstance(names[0], str):
        raise BadConfiguration(f"the mark cassette takes a name, got {names[0]!r}")
    return names[0]


@pytest.fixture
def botoproof_cassette_match() -> Match | None:
    """What does not matter when a request is looked up, e.g. ``without_fields("ClientToken")``. Redefine it."""
    return None


@pytest.fixture
def botoproof_cassette_scrub() -> ScrubRules:
    """What is taken out of recordings, beside what always is. Redefine it."""
    from .cassette_making import standard_rules

    return standard_rules()


@pytest.fixture
def botoproof_cassette_repeats() -> bool:
    """Whether the last of several answers to one request is given again and again. Redefine it."""
    return True


@pytest.fixture
def botoproof_cassette_in_order() -> bool:
    """Whether calls must come in the order in which they were recorded. Redefine it."""
    return False


@pytest.fixture
def botoproof_cassette_miss() -> Policy:
    """What a call that is not recorded means.

    ``fail``: an exception, and the test fails even if its code swallows that; ``raise``: the exception only; ``skip``;
    or a function from request to reply, which answers instead. Redefine it.
    """
    return "fail"


@pytest.fixture
def botoproof_cassette_hosts() -> tuple[str, ...]:
    """Hosts that tests may reach while they are answered from recordings, e.g. of a database. Redefine it."""
    return ()


@pytest.fixture
def botoproof_cassette_contract() -> bool:
    """Whether the recording itself is held to the contract: requests and replies as the model has them. Redefine it."""
    return False


@pytest.fixture(scope="session")
def _botoproof_cassettes(pytestconfig: pytest.Config) -> Session:
    from .cassette_making import Making
    from .cassette_opening import Session

    return Session(pytestconfig.stash[LEDGER], Making())


@pytest.fixture
def botoproof_cassette(
    request: pytest.FixtureRequest,
    _botoproof_cassettes: Session,
    botoproof_cassette_folder: Path,
    botoproof_cassette_name: str | None,
    botoproof_cassette_match: Match | None,
    botoproof_cassette_scrub: ScrubRules,
    botoproof_cassette_repeats: bool,  # noqa: FBT001 - a fixture's value
    botoproof_cassette_in_order: bool,  # noqa: FBT001 - a fixture's value
    botoproof_cassette_miss: Policy,
    botoproof_cassette_hosts: tuple[str, ...],
    botoproof_cassette_contract: bool,  # noqa: FBT001 - a fixture's value
) -> Iterator[Tape]:
    """The recording that the test's calls are answered from; the mark `cassette` asks for it, too."""
    from .cassette_opening import Plan, opened

    item: pytest.Item = request.node
    plan = Plan(
        folder=botoproof_cassette_folder,
        name=botoproof_cassette_name,
        repeats=botoproof_cassette_repeats,
        in_order=botoproof_cassette_in_order,
        match=botoproof_cassette_match,
        miss=botoproof_cassette_miss,
        hosts=tuple(botoproof_cassette_hosts),
        scrub=botoproof_cassette_scrub,
        to_record=tuple(request.config.getoption(RECORD) or ()),
        held=botoproof_cassette_contract,
    )
    item.stash[_FAILED] = False
    with opened(item, plan, _botoproof_cassettes, lambda: not item.stash[_FAILED]) as tape:
        item.stash[_TAPE] = tape
        yield tape
        del item.stash[_TAPE]


@pytest.fixture
def cassette(botoproof_cassette: Tape) -> Tape:
    """The recording that the test's calls are answered from: `path`, `hits`, `misses`, `unplayed()`, `recording`."""
    return botoproof_cassette
