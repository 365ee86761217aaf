"""A night from its first step to its last; its summary is written after each, so that it is there whatever happens."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...contract.errors import BadConfiguration, ToolkitError
from ..report.files import OutputFile
from . import running, telling
from .outcome import Outcome, State, StepDone, as_data, as_markdown, read_steps
from .plan import FILE as PLAN
from .tonight import Tonight, failure

SUMMARY = "summary.json"
Step = Callable[[Tonight], Outcome]

STEPS: Mapping[str, Step] = {
    "plan": running.plan,
    "conformance": running.conformance,
    "faults": running.faults,
    "cassettes": running.cassettes,
    "drift": running.drift,
    "upgrade": running.upgrade,
    "merge": telling.merge,
    "history": telling.history,
    "report": telling.report,
    "notify": telling.notify,
}
# By which step each gets what it works on.
_MAKERS: Mapping[str, str] = {
    **dict.fromkeys(("conformance", "faults", "cassettes", "drift", "upgrade", "merge"), "plan"),
    "history": "merge",
    "report": "merge",
    "notify": "history",
}
INTERRUPTED = "the night was interrupted"


@dataclass
class Night:
    """A night under way.

    Attributes:
        tonight: What its steps work on.
        wanted: The steps that are to be taken.
        tell: Told of each step as it ends.
        clock: Gives seconds, from any beginning; never the time of day, which may go back.
        done: The steps that are over, by name.
        unwritten: Why the summary could not be written the last time, or empty.
        every: The steps that there are, in their order.
    """

    tonight: Tonight
    wanted: Sequence[str]
    tell: Callable[[StepDone], None]
    clock: Callable[[], float] = time.monotonic
    done: dict[str, StepDone] = field(default_factory=dict[str, StepDone])
    unwritten: str = ""
    every: Mapping[str, Step] = field(default_factory=lambda: STEPS)

    def carry_out(self) -> tuple[StepDone, ...]:
        """Take the steps that are wanted, in their order; return what came of them."""
        self._read_earlier()
        for name in (name for name in self.every if name in self.wanted):
            begun = self.clock()
            outcome = self._take(name)
            step = StepDone(name, outcome, max(0.0, self.clock() - begun))
            self.done[name] = step
            self.tell(step)
            self._write_summary()
        return tuple(self.done[name] for name in self.every if name in self.wanted)

    @property
    def steps(self) -> tuple[StepDone, ...]:
        """What came of the steps of this night, whenever they were taken."""
        return tuple(self.done[name] for name in self.every if name in self.done)

    def _take(self, name: str) -> Outcome:
        if not self.tonight.is_wanted():
            return Outcome(State.UNKNOWN, INTERRUPTED)
        lacking = self._lacks(name)
        if lacking is not None:
            return lacking
        try:
            outcome = self.every[name](self.tonight)
        except (ToolkitError, OSError) as wrong:
            outcome = failure(wrong)
        except KeyboardInterrupt:
            outcome = Outcome(State.FAILED, INTERRUPTED)
        except Exception as wrong:  # noqa: BLE001 - the other steps are taken all the same
            outcome = self._bug(name, wrong)
        return outcome if self.tonight.is_wanted() else Outcome(State.FAILED, INTERRUPTED)

    def _lacks(self, name: str) -> Outcome | None:
        """Return what keeps a step from being taken: what an earlier one should have made.

        That is no step which the configuration leaves out: it came to nothing, and the night is not green.
        """
        maker = _MAKERS.get(name, "")
        made = {
            "": True,
            "plan": (self.tonight.folder / PLAN).exists(),
            "merge": bool(self.tonight.reports),
            "history": Path(self.tonight.settings.history).exists(),
        }
        if made[maker]:
            return None
        if maker in self.done:
            while (above := _MAKERS.get(maker, "")) in self.done and not made[above]:
                maker = above
            # A step of this call has just been told with its reason.
            why = "" if maker in self.wanted else f": {self.done[maker].outcome.detail}"
            return Outcome(State.UNKNOWN, f"because of {maker}{why}")
        return Outcome(State.FAILED, f"the step {maker} has not been taken this night; --step {maker} takes it")

    def _bug(self, name: str, wrong: Exception) -> Outcome:
        log = self.tonight.folder / "logs" / f"{name}-bug.txt"
        told = f"this is a bug in botoproof: {type(wrong).__name__}: {wrong}"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text("".join(traceback.format_exception(wrong)), "utf-8", "backslashreplace")
        except OSError:
            return Outcome(State.FAILED, told)
        return Outcome(State.FAILED, f"{told} (see {log})")

    def _read_earlier(self) -> None:
        """Take in what earlier calls for the same night have done: each step may be taken by a call of its own."""
        path = self.tonight.folder / SUMMARY
        if not path.exists() or set(self.wanted) == set(self.every):
            return
        try:
            steps = read_steps(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            raise BadConfiguration(f"{path} is no summary of a night; remove it, or name another night") from None
        self.done = {step.name: step for step in steps if step.name in self.every}

    def _write_summary(self) -> None:
        folder, steps = self.tonight.folder, self.steps
        try:
            folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(as_data(self.tonight.night, steps, {}), indent=2, ensure_ascii=False)
            OutputFile("summary", folder / SUMMARY).write(text + "\n")
            OutputFile("summary", folder / "summary.md").write(as_markdown(self.tonight.night, steps))
            self.unwritten = ""
        except (ToolkitError, OSError) as wrong:
            self.unwritten = failure(wrong).detail


def night_folder(folder: Path, night: str) -> str:
    """Return the name of a night, if it can be one.

    Raises:
        BadConfiguration: It cannot.
    """
    if not night or night.startswith(".") or Path(night).name != night or not night.isprintable():
        raise BadConfiguration(f"--night must be the name of a folder in {folder}, such as 2026-11-26, got {night!r}")
    return night
