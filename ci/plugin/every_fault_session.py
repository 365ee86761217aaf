"""What a session knows of faults: its options, what earlier sessions have seen, and what is kept for the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ...contract.errors import ToolkitError
from ..faulted.calls import Call
from ..faulted.levels import Level
from ..faulted.planning import Programme, Wish, read_wish, unmet
from ..faulted.stored import Known, read_known
from ..faulted.summary import kept, report_data
from ..report.files import OutputFile, read_report_option

_CACHE = "botoproof/faults"
_KIND = re.compile(r"[A-Za-z]+=")


class Session:
    """What a session knows of faults.

    Attributes:
        level: How many faults are tried.
        wish: The one that was asked for, or None.
        failing: The tests that fail without a fault, as far as this process has run them.
        usual: How many calls of each operation tests make without a fault, likewise.
    """

    def __init__(self, level: Level, wish: Wish | None, cache: Any, reports: Iterable[tuple[str, OutputFile]]) -> None:
        """Take the options, and pytest's cache, which may be None."""
        self.level: Level = level
        self.wish = wish
        self.failing: set[str] = set()
        self.usual: dict[str, dict[tuple[str, str], int]] = {}
        self._cache = cache
        self._reports = tuple(reports)
        self._stored: dict[str, Any] = cache.get(_CACHE, None) or {} if cache is not None else {}
        self._calls: set[Call] = set()
        self._granted = False

    @property
    def remembers(self) -> bool:
        """Whether what is seen is kept for the next session."""
        return self._cache is not None

    def tests_of(self, function: str) -> list[str]:
        """Return the tests of a function of which anything is known, beside the one without parameters."""
        return [test for test in self._stored if test.startswith(f"{function}[")]

    def known(self, test: str, digest: str) -> Known | None:
        """Return what earlier sessions have seen of a test with that code, or None."""
        return read_known(self._stored.get(test), digest)

    def note(self, planned: Programme) -> None:
        """Take note of the runs of a test."""
        self._calls.update(planned.calls)
        self._granted |= len(planned.runs) > 1

    def check_wish(self) -> None:
        """Complain where a fault was asked for, and no test makes such a call."""
        if self.wish is not None and not self._granted:
            raise pytest.UsageError(f"--fault {self.wish.text}: {unmet(self.wish, self._calls)}")

    def finish(self, results: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Keep what was seen, write the reports, and yield what could not be written."""
        results = list(results)
        if self._cache is not None and results:
            self._cache.set(_CACHE, kept(self._stored, results))
        if self._reports:
            from ..report.kinds import write_reports
            from ..report.reading import Report

            report = Report("this session", report_data(results, level=self.level))
            for kind, file in self._reports:
                try:
                    file.write(write_reports(kind, [report]))
                except ToolkitError as wrong:
                    yield str(wrong)


def open_session(config: pytest.Config) -> Session:
    """Return what a session with these options knows.

    Raises:
        pytest.UsageError: An option is of no use.
    """
    from .every_fault import FAULT, FAULTS, REPORT

    text: str | None = config.getoption(FAULT)
    try:
        wish = None if text is None else read_wish(text)
    except ToolkitError as wrong:
        raise pytest.UsageError(f"--fault {text}: {wrong}") from None
    named: list[str] = config.getoption(REPORT) or []
    try:
        reports = [_read_report(one, config.invocation_params.dir) for one in named]
        for _, file in reports:
            file.require_writable()
    except ToolkitError as wrong:
        raise pytest.UsageError(f"--faults-report: {wrong}") from None
    return Session(config.getoption(FAULTS) or "ci", wish, getattr(config, "cache", None), reports)


def _read_report(text: str, folder: Path) -> tuple[str, OutputFile]:
    """Return kind and file of a report; without a kind it is JSON."""
    kind, file = read_report_option(text if _KIND.match(text) else f"json={text}")
    return kind, replace(file, path=folder / file.path.expanduser())
