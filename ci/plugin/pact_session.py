"""What a test session records as pacts: read before it begins, written when it ends."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ...contract.adapters.overhearing import Overhearing
from ...contract.errors import BadConfiguration, ToolkitError
from ..pacts.merging import Made, Merged, merge
from ..pacts.pact import Pact
from ..pacts.reading import parse_pact, read_pact
from ..pacts.recording import Recorder
from ..pacts.writing import write_pact
from ..report.files import OutputFile
from .cassette_making import standard_rules
from .pact import CONSUMER, FILE, PROVIDER

_SUFFIX = ".json"


def open_session(config: pytest.Config) -> Session:
    """Return what a session begins with.

    Raises:
        pytest.UsageError: The option names what cannot be written, or what somebody else has written.
    """
    try:
        return Session(config)
    except ToolkitError as wrong:
        raise pytest.UsageError(f"--botoproof-pact: {wrong}") from None


class Session:
    """What a session records.

    Attributes:
        recorder: Takes down the calls of the test that runs.
        partial: Why these were not all tests.
        lines: What is told at the end.
    """

    def __init__(self, config: pytest.Config) -> None:
        """Look at the file.

        Raises:
            BadConfiguration: It cannot be used.
        """
        self.recorder = Recorder(config.rootpath, standard_rules())
        self.partial: set[str] = set()
        self.lines: list[str] = []
        self._config = config
        self._path = _place(config)
        self._made: dict[str, list[Made]] = {}
        self._left: Counter[str] = Counter()
        self._overhearing = Overhearing(self.recorder, self.recorder.before)
        for path in [self._path] if self._path.suffix == _SUFFIX else sorted(self._path.glob(f"*-aws-*{_SUFFIX}")):
            self._old(path, "")

    def begin(self) -> None:
        """Begin to listen."""
        self._overhearing.begin()

    def end(self) -> None:
        """Listen no more."""
        self._overhearing.end()

    def take(self, test: str, reason: str) -> None:
        """Keep what a test has made.

        Args:
            test: Its node id.
            reason: Why its calls are none of the project's, or empty.
        """
        heard = self.recorder.taken()
        if reason:
            self._left[reason] += len(heard.interactions) + heard.left.total()
            return
        self._left.update(heard.left)
        for number, (service, interaction) in enumerate(heard.interactions):
            self._made.setdefault(service, []).append(Made(test, number, interaction))

    def data(self) -> dict[str, Any]:
        """Return what was made, in types that can be sent to another process."""
        made = {
            service: [[one.test, one.number, write_pact(Pact("c", "p", (one.interaction,)))] for one in several]
            for service, several in self._made.items()
        }
        return {"made": made, "left": dict(self._left), "partial": sorted(self.partial)}

    def add(self, data: dict[str, Any]) -> None:
        """Take in what another process has made."""
        for service, several in data["made"].items():
            for test, number, text in several:
                made = Made(test, number, parse_pact(text, test).interactions[0])
                self._made.setdefault(service, []).append(made)
        self._left.update(data["left"])
        self.partial.update(data["partial"])

    def finish(self, status: int) -> bool:
        """Write what was made, and return whether that could be done.

        Args:
            status: With which the session ends.
        """
        try:
            self.lines += self._written(status)
        except ToolkitError as wrong:
            self.lines.append(str(wrong))
            return False
        finally:
            left = {why: count for why, count in self._left.items() if count}
            if left:
                told = ", ".join(f"{count} {why}" for why, count in sorted(left.items()))
                self.lines.append(f"not recorded: {told}")
        return True

    def _written(self, status: int) -> Iterator[str]:
        services = sorted(self._made)
        if not services:
            yield f"nothing was recorded, and {self._path} is as it was"
            return
        single = self._path.suffix == _SUFFIX
        if single and len(services) > 1:
            raise BadConfiguration(
                f"nothing is written to {self._path}: tests called {' and '.join(services)}, and a pact is about one; "
                "name a folder, for a file of each"
            )
        partial = sorted(self.partial | set(self._why_partial(status)))
        for service in services:
            path = self._path if single else self._file_of(service)
            old = self._old(path, service)
            made = self._made[service]
            merged = merge(old, made, whole=not partial)
            _make_folder(path.parent)
            OutputFile("pact", path).write(write_pact(merged.pact))
            yield from _told(path, merged, len({one.test for one in made}), partial)

    def _why_partial(self, status: int) -> Iterator[str]:
        if status not in (0, 1):
            yield "the session was cut short"
        elif status == 1:
            yield "not all tests passed"
        if any(self._config.getoption(name, None) for name in ("lf", "stepwise")):
            yield "not all tests were chosen"
        if self._config.args_source is pytest.Config.ArgsSource.ARGS:
            yield "the command names what to run"

    def _file_of(self, service: str) -> Path:
        consumer = self._config.getoption(CONSUMER) or _project(self._config)
        return self._path / f"{consumer}-aws-{service}{_SUFFIX}".replace("/", "-")

    def _old(self, path: Path, service: str) -> Pact:
        """Return what stands in a file, under the names that it shall have."""
        names = (self._config.getoption(CONSUMER), self._config.getoption(PROVIDER))
        if not path.exists():
            return Pact(names[0] or _project(self._config), names[1] or f"aws-{service}", ())
        OutputFile("pact", path).require_writable()
        pact = read_pact(path)
        if json.loads(write_pact(pact)) != json.loads(path.read_text("utf-8")):
            raise BadConfiguration(
                f"{path} holds what no recording writes, and would lose it; name another file, or delete this one"
            )
        return Pact(names[0] or pact.consumer, names[1] or pact.provider, pact.interactions, pact.version)


def _place(config: pytest.Config) -> Path:
    named = str(config.getoption(FILE))
    path = config.invocation_params.dir / Path(named).expanduser()
    if not named.strip():
        raise BadConfiguration("a file or a folder is needed, got an empty text")
    if path.is_dir() or path.suffix != _SUFFIX:
        if path.exists() and not path.is_dir():
            raise BadConfiguration(f"{path} is neither a folder nor a file whose name ends in {_SUFFIX}")
        if not path.parent.is_dir():
            raise BadConfiguration(f"there is no folder {str(path.parent)!r} for {path}")
        return path
    OutputFile("pact", path).require_writable()
    return path


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as wrong:
        raise BadConfiguration(f"the folder {folder} cannot be made: {wrong.strerror or wrong}") from None


def _project(config: pytest.Config) -> str:
    """Return the name of the project: as its pyproject.toml has it, else that of its folder."""
    try:
        table: Any = tomllib.loads((config.rootpath / "pyproject.toml").read_text("utf-8"))
        name = table["project"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        name = None
    return name if isinstance(name, str) and name else config.rootpath.name or "consumer"


def _told(path: Path, merged: Merged, tests: int, partial: list[str]) -> Iterator[str]:
    count = len(merged.pact.interactions)
    parts = [f"{_number(count, 'interaction')} of {merged.pact.consumer} and {merged.pact.provider}"]
    parts += [f"{len(merged.new)} new"] if merged.new else []
    parts += [f"{len(merged.removed)} removed"] if merged.removed else []
    yield f"{path}: {', '.join(parts)}; {_number(tests, 'test')} made calls"
    yield from (f"  removed, as no test makes it any more: {one}" for one in merged.removed)
    yield from (f"  kept, though no test made it ({'; '.join(partial)}): {one}" for one in merged.kept)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
