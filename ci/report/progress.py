"""What the person who waits sees meanwhile: a progress bar on a terminal, plain stable lines elsewhere."""

from __future__ import annotations

import os
import sys
from importlib import metadata

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from ..campaign.events import (
    CaseJudged,
    Event,
    FaultTried,
    PhaseFinished,
    PhaseStarted,
    RepliesCompared,
    RunStarted,
    SetUpFaulty,
)
from .known import counted
from .payload import printable

_NARROW = 80  # columns: below them there is no room for a bar


class _Output(Console):
    """A console that falls silent when its reader goes away; rich itself would end the process, and the run with it."""

    def on_broken_pipe(self) -> None:
        """Print nothing from now on."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # or the interpreter would complain when it flushes at exit
        os.close(nowhere)


def open_console() -> Console:
    """Return standard output as a console; without colours and control codes when it is no terminal."""
    return _Output(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)


class ProgressReport:
    """Listens to a run: a bar for each phase on a terminal, one line for each phase elsewhere."""

    def __init__(self, console: Console) -> None:
        """Take where to print."""
        self._console = console
        self._live = console.is_terminal and not console.is_dumb_terminal and console.file.isatty()
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._service = ""
        self._findings: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case RunStarted(service=service, operations=names, seed=seed):
                self._service = service
                place = place_of(event.target, event.endpoint)
                subjects = ", ".join(f"{service}.{name}" for name in names)
                chance = "" if event.target == "cassette" else f", seed {seed}"  # of recordings nothing is drawn
                self._print(f"botoproof {metadata.version('botoproof')}: {subjects} on {place}{chance}")
            case PhaseStarted():
                self._begin(event)
            case CaseJudged(findings=findings):
                self._findings.update(finding.fingerprint for finding in findings)
                if self._progress is not None:
                    found = counted(len(self._findings), "finding")
                    # A phase of programs counts programs: those before this one are done.
                    one, done = (1, None) if event.program is None else (None, event.number)
                    self._progress.update(self._task, advance=one, completed=done, findings=found)
            case SetUpFaulty(findings=findings):
                self._findings.update(finding.fingerprint for finding in findings)
            case RepliesCompared(replies=replies):
                if self._progress is not None:
                    self._progress.update(self._task, advance=replies)
            case FaultTried(findings=findings):
                self._findings.update(finding.fingerprint for finding in findings)
                if self._progress is not None:
                    self._progress.update(self._task, advance=1)
            case PhaseFinished(cases=cases, seconds=seconds, programs=programs):
                if not self._live:
                    found = counted(len(self._findings), "finding")
                    sent = f"{sent_in(cases, programs)} in {seconds:.1f} s"
                    self._print(f"{self._named(event)}: {sent}, {found} so far")
            case _:
                return

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _begin(self, event: PhaseStarted) -> None:
        if not self._live:
            return
        if self._progress is None:
            self._progress = Progress(*self._columns(), console=self._console, transient=True)
            self._progress.start()
        else:
            self._progress.remove_task(self._task)
        # How many cases it takes to make a finding smaller is not known beforehand.
        total = None if event.phase == "minimise" else event.cases
        found = counted(len(self._findings), "finding")
        self._task = self._progress.add_task(self._named(event), total=total, findings=found)

    def _named(self, event: PhaseStarted | PhaseFinished) -> str:
        if event.recording:
            return f"{event.phase} {printable(event.recording)}"
        return f"{event.phase} {self._service}{f'.{event.operation}' if event.operation else ''}"

    def _columns(self) -> list[ProgressColumn]:
        if self._console.width < _NARROW:  # what shows that it moves must not be cut off
            return [MofNCompleteColumn(), TextColumn("{task.description}")]
        found = TextColumn("{task.fields[findings]}")
        return [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), found, TimeElapsedColumn()]

    def _print(self, line: str) -> None:
        self._console.print(Text(line))


def sent_in(cases: int, programs: int) -> str:
    """Return how many cases were sent, and in how many programs, as the end of a sentence."""
    told = counted(cases, "case")
    return f"{told} in {counted(programs, 'program')}" if programs else told


def place_of(target: str, endpoint: str) -> str:
    """Return a target as the end of a sentence."""
    return endpoint or ("recordings" if target == "cassette" else f"the {target} endpoint")
