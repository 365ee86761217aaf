"""What a test session did with recordings: what it played of each file, and which files no test opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast


@dataclass
class File:
    """What tests did with one file.

    Attributes:
        folder: In which it lies, as the fixture gave it.
        count: How many interactions it holds.
        named: Whether tests may share it, since a mark gives its name.
        played: Which interactions were played, by any test.
        whole: Whether all tests that opened it passed.
    """

    folder: str
    count: int
    named: bool
    played: set[int] = field(default_factory=set[int])
    whole: bool = True


@dataclass
class Ledger:
    """What a session did; the workers of pytest-xdist send theirs to the controller.

    Attributes:
        files: By path.
        modules: The modules whose tests opened files in a folder, and whether the folder is that module's own.
        partial: Modules of which not every test was run and passed.
        notes: Sentences for the end.
    """

    files: dict[str, File] = field(default_factory=dict[str, File])
    modules: dict[str, dict[str, bool]] = field(default_factory=dict[str, dict[str, bool]])
    partial: set[str] = field(default_factory=set[str])
    notes: list[str] = field(default_factory=list[str])

    def note(self, file: Path, state: File, *, module: str, own: bool) -> None:
        """Take down what a test did with a file."""
        self._add_file(str(file), state)
        self.modules.setdefault(state.folder, {})[module] = own

    def _add_file(self, path: str, state: File) -> None:
        known = self.files.setdefault(path, state)
        known.played |= state.played
        known.whole &= state.whole
        known.named |= state.named

    def data(self) -> dict[str, Any]:
        """Return all of it in types that can be sent to another process."""
        files = {
            path: [file.folder, file.count, file.named, sorted(file.played), file.whole]
            for path, file in self.files.items()
        }
        return {"files": files, "modules": self.modules, "partial": sorted(self.partial), "notes": self.notes}

    def add(self, data: dict[str, Any]) -> None:
        """Take in what another process did."""
        for path, (folder, count, named, played, whole) in cast("dict[str, list[Any]]", data["files"]).items():
            self._add_file(path, File(folder, count, named, set(played), whole))
        for folder, modules in data["modules"].items():
            self.modules.setdefault(folder, {}).update(modules)
        self.partial.update(data["partial"])
        self.notes += [note for note in data["notes"] if note not in self.notes]

    def unplayed(self, *, everything: bool) -> Iterator[str]:
        """Yield a sentence for each file of which interactions were never played.

        What a test that failed did not get to, or one that was not run might have played, is not told.

        Args:
            everything: Whether all tests of the project were chosen.
        """
        for path, file in sorted(self.files.items()):
            left = sorted(set(range(file.count)) - file.played)
            if left and file.whole and (not file.named or self._is_judged(file.folder, everything=everything)):
                numbers = ", ".join(str(index + 1) for index in left[:8]) + (", ..." if len(left) > 8 else "")
                yield f"{path}: {len(left)} of {file.count} interactions were not played (number {numbers})"

    def orphans(self, *, everything: bool, files: Callable[[str], Iterable[str]]) -> Iterator[str]:
        """Yield a sentence for each file that no test opened, in folders whose tests all ran.

        Args:
            everything: Whether all tests of the project were chosen.
            files: Lists the recordings in a folder.
        """
        for folder in sorted(self.modules):
            if self._is_judged(folder, everything=everything):
                yield from (f"{path}: no test opened it" for path in sorted(files(folder)) if path not in self.files)

    def users(self) -> set[str]:
        """Return the modules whose tests opened recordings."""
        return {module for users in self.modules.values() for module in users}

    def _is_judged(self, folder: str, *, everything: bool) -> bool:
        users = self.modules.get(folder, {})
        return not self.partial & users.keys() and (everything or all(users.values()))
