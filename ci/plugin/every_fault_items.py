"""The items of a test that is marked `every_fault`: one for each of its runs, by pytest's own parametrisation.

pytest parametrises functions, while what is known belongs to each of a function's tests, which may be parametrised
already. So a function gets the runs of all its tests, and those that a test does not have are left out afterwards.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import pytest

from ...contract.errors import ToolkitError
from ..faulted.calls import Planned
from ..faulted.folding import SAME_CODE, sameness, superfluous
from ..faulted.injection import Faults
from ..faulted.marking import Marked, read_mark
from ..faulted.planning import Programme, programme
from ..faulted.sites import code_digest
from ..faulted.stored import Known
from .choices import plainly
from .every_fault import MARK, RUN, RUN_FIXTURE
from .every_fault_session import Session

_ASYNC = (
    "botoproof: every_fault runs no async tests, since boto3 is not async and others' clients are not watched; call "
    "the code from a plain test, by asyncio.run"
)
_GIVEN = (
    "botoproof: every_fault runs no @given tests, whose calls are others for each example; write the example that is "
    "to be struck as a plain test"
)


@dataclass(slots=True)
class Run:
    """One item: a test, and what strikes it.

    Attributes:
        test: The id that the test would have without the mark.
        code: Of the test's function; None where it has none.
        digest: Of that code.
        marked: What the mark says.
        planned: What strikes.
        programme: All runs of the test.
        known: What earlier runs have seen.
        faults: What the fixture `faults` is.
    """

    test: str
    code: CodeType | None
    digest: str
    marked: Marked
    planned: Planned
    programme: Programme
    known: Known | None
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.faults = Faults(self.planned)


def parametrise(metafunc: pytest.Metafunc, session: Session) -> None:
    """Give a function the runs of all its tests.

    Raises:
        pytest.Collector.CollectError: The mark cannot be honoured; the text says why.
    """
    definition = metafunc.definition
    if _unfit(metafunc.function) or definition.get_closest_marker("skip") is not None:
        return
    code = _code(metafunc.function)
    name = definition.nodeid
    tests = session.tests_of(name)
    runs = dict.fromkeys(run for test in (name, *tests) for run in _programme(definition, test, code, session)[1].runs)
    metafunc.fixturenames.append(RUN_FIXTURE)
    names = [run.name for run in runs]
    metafunc.parametrize(RUN_FIXTURE, names, ids=names, indirect=True, scope="function")


def sorted_out(items: Iterable[Any], session: Session) -> list[Any]:
    """Return the items of a function, without the runs that its tests do not have."""
    kept: list[Any] = []
    found: dict[str, tuple[Marked, Programme, Known | None]] = {}
    for item in items:
        if not isinstance(item, pytest.Function) or item.get_closest_marker(MARK) is None:
            kept.append(item)
            continue
        if unfit := _unfit(item.function):
            item.add_marker(pytest.mark.skip(reason=unfit))
        name: Any = item.callspec.params.get(RUN_FIXTURE) if hasattr(item, "callspec") else None
        if name is None:  # skipped, or the mark is on a parameter, of which the set-up of the test will tell
            kept.append(item)
            continue
        test = item.nodeid.removesuffix(f"[{name}]").removesuffix(f"-{name}]")
        test += "]" if "[" in test else ""
        code = _code(item.function)
        if test not in found:
            found[test] = _programme(item, test, code, session)
            session.note(found[test][1])
        marked, planned, known = found[test]
        run = next((one for one in planned.runs if one.name == name), None)
        if run is not None:
            digest = code_digest(code) if code else ""
            item.stash[RUN] = Run(test, code, digest, marked, run, planned, known)
            item.fixturenames = [*(one for one in item.fixturenames if one != RUN_FIXTURE), RUN_FIXTURE]
            kept.append(item)
    return kept


def fold(config: pytest.Config, items: list[pytest.Item], session: Session) -> None:
    """Take away the items for which an item of another test stands, among those that are chosen."""
    if session.level == "full" or session.wish is not None:
        return
    runs = [(item, run) for item in items if (run := item.stash.get(RUN, None)) is not None]
    left_out = superfluous((run.test, sameness(run.planned, run.marked, run.known)) for _, run in runs)
    if left_out:
        gone = [runs[number][0] for number in left_out]
        for number in left_out:
            runs[number][1].programme.fold(SAME_CODE)
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in set(gone)]


def _programme(
    item: pytest.Function, test: str, code: CodeType | None, session: Session
) -> tuple[Marked, Programme, Known | None]:
    mark = item.get_closest_marker(MARK)
    try:
        marked = read_mark(mark.args, mark.kwargs) if mark else Marked()
        known = session.known(test, code_digest(code) if code else "")
        return marked, programme(marked, known, session.level, session.wish), known
    except ToolkitError as wrong:
        raise pytest.Collector.CollectError(f"botoproof: {test}: {wrong}") from None


def _unfit(function: Any) -> str:
    """Return why a test cannot be run under faults; empty when it can."""
    if hasattr(function, "hypothesis"):
        return _GIVEN
    function = inspect.unwrap(function)
    return _ASYNC if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function) else ""


def _code(function: Any) -> CodeType | None:
    return getattr(inspect.unwrap(function), "__code__", None)


def checked_invariants(given: Any) -> tuple[Any, ...]:
    """Return the invariants of a project, or fail the test where they are none."""
    found = (given,) if callable(given) else given
    if isinstance(found, (tuple, list)) and all(callable(one) for one in found):
        return tuple(found)
    with plainly():
        raise ToolkitError(f"botoproof_invariants must return functions, in a tuple or a list, got {given!r}")
