"""What every step of a night works on, and how it calls the commands of botoproof."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...contract.errors import ToolkitError
from ..campaign.shard import Shard
from ..configuration import Configuration
from ..shards.process import run_command
from ..upgrade.packages import installed_client
from ..upgrade.versions import INSTALLED
from .outcome import Outcome, State
from .plan import NightPlan, PlannedRun, PlannedSdk, nights_before, read_plan
from .settings import Settings

_SHOWN = 300
_VERDICTS = {0: "clean", 1: "findings", 3: "known"}


@dataclass(frozen=True, slots=True)
class Called:
    """A command that ended.

    Attributes:
        status: Its exit status.
        last: The last line of its complaints, else of what it said.
        log: Where all of it stands.
    """

    status: int
    last: str
    log: Path

    def judged(self, detail: str = "") -> Outcome:
        """Return its exit status as the outcome of a step that judges."""
        if self.status in _VERDICTS:
            return Outcome(State.DONE, detail, _VERDICTS[self.status])
        return self.failed()

    def told(self, detail: str = "") -> Outcome:
        """Return its exit status as the outcome of a step that judges nothing."""
        return Outcome(State.DONE, detail) if self.status == 0 else self.failed()

    def failed(self) -> Outcome:
        """Return that it failed."""
        return Outcome(State.FAILED, f"{self.last or f'it ended with {self.status}'} (see {self.log})")


@dataclass(frozen=True)
class Tonight:
    """What the steps of a night work on.

    Attributes:
        night: The name of the night.
        settings: What it is to do.
        configuration: The whole configuration.
        is_wanted: Whether anybody still waits for it.
        at_once: How many processes may run at once.
        shard: The only shard that is to be run, or None for all.
    """

    night: str
    settings: Settings
    configuration: Configuration
    is_wanted: Callable[[], bool] = lambda: True
    at_once: int = 1
    shard: Shard | None = None

    @property
    def nights(self) -> Path:
        """Where all nights lie."""
        return Path(self.settings.folder)

    @property
    def folder(self) -> Path:
        """Where this one lies."""
        return self.nights / self.night

    @property
    def reports(self) -> tuple[Path, ...]:
        """The JSON reports of this night."""
        return tuple(sorted((self.folder / "reports").glob("*.json")))

    @cached_property
    def plan(self) -> NightPlan:
        """What the step `plan` wrote.

        Raises:
            BadConfiguration: There is none, or it cannot be read.
        """
        return read_plan(self.folder)

    @property
    def before(self) -> Path | None:
        """The folder of the night before, or None."""
        names = nights_before(self.nights, self.night)
        return self.nights / names[0] if names else None

    def shards_of(self, run: PlannedRun) -> Path:
        """Return the folder for the shards of a run."""
        return self.folder / "shards" / run.name

    def call(self, name: str, arguments: Sequence[str], *, sdk: PlannedSdk | None = None) -> Called:
        """Run a command of botoproof, with what it says in a file.

        Args:
            name: Of the file.
            arguments: Of `botoproof`.
            sdk: With which release; that with which botoproof is installed when None.

        Raises:
            SdkUnavailable: The release cannot be installed.
            OSError: The file cannot be written.
        """
        log = self.folder / "logs" / f"{name}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ)
        if sdk is not None and sdk.given != INSTALLED:
            # Before everything that is installed, so that botoproof itself is the same for each release.
            paths = (str(installed_client(sdk.version)), environment.get("PYTHONPATH", ""))
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        with log.open("wb") as out:
            out.write(f"$ botoproof {' '.join(arguments)}\n".encode())
            out.flush()
            begun = out.tell()
            status = run_command(
                arguments, folder=Path(), out=out, errors=out, environment=environment, is_wanted=self.is_wanted
            )
        lines = log.read_bytes()[begun:].decode("utf-8", "backslashreplace").strip().splitlines()
        told = [line.removeprefix("botoproof: ") for line in lines if line.startswith("botoproof: ")] or lines
        return Called(status, told[-1][:_SHOWN] if told else "", log)

    @property
    def config(self) -> tuple[str, ...]:
        """The option that names the configuration, for commands that take it."""
        return ("--config", self.configuration.path) if self.configuration.path else ()


def failure(wrong: ToolkitError | OSError) -> Outcome:
    """Return an error as the outcome of a step."""
    text = str(wrong) if isinstance(wrong, ToolkitError) else f"{wrong.filename}: {wrong.strerror}"
    return Outcome(State.FAILED, text)
