"""Files that a command writes: refused beforehand when they could not be written, and replaced in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import BadConfiguration, ToolkitError, close_names

KINDS = ("json", "html", "junit", "sarif", "markdown", "jsonl", "annotations", "badge")


class Unwritten(ToolkitError):
    """A file could not be written, although it seemed so before."""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file that was asked for.

    Attributes:
        what: What is to stand in it, for messages.
        path: Where it is to be written. A device or pipe is written to; anything else is replaced.
    """

    what: str
    path: Path

    def require_writable(self) -> None:
        """Raise `BadConfiguration` if the file could not be written; nothing is left behind."""
        try:
            if self._is_special():
                return
            place = self.path.resolve()
            if place.is_dir():
                raise self._unwritable("it is a folder")
            if not place.parent.is_dir():
                raise self._unwritable(f"there is no folder {str(place.parent)!r}")
            trial = _beside(place)
            trial.touch(exist_ok=False)
            trial.unlink()
        except (OSError, ValueError) as wrong:
            raise self._unwritable(_reason(wrong)) from None

    def require_own(self, mark: str) -> None:
        """Refuse to replace a file that does not begin with `mark`, by which we know what we wrote ourselves.

        Raises:
            BadConfiguration: The file is there, and somebody else's.
        """
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            if file.read(len(mark.encode())) != mark.encode():
                raise self._unwritable("it is there already and was not written by this command; name another file")

    def write(self, text: str) -> None:
        """Write the file; a reader sees the old file or the whole new one.

        Raises:
            Unwritten: The disk is full, or the folder has gone.
        """
        data = text.encode("utf-8", "backslashreplace")
        try:
            if self._is_special():
                with self.path.open("wb") as place:
                    place.write(data)
            else:
                _replace(self.path.resolve(), data)
        except OSError as wrong:
            raise Unwritten(f"the {self.what} could not be written to {self.path}: {_reason(wrong)}") from None

    def _is_special(self) -> bool:
        return self.path.exists() and not self.path.is_file() and not self.path.is_dir()

    def _unwritable(self, why: str) -> BadConfiguration:
        return BadConfiguration(f"the {self.what} cannot be written to {self.path}: {why}")


def read_report_option(text: str) -> tuple[str, OutputFile]:
    """Return the kind of report that ``KIND=PATH`` asks for, and its file.

    Raises:
        BadConfiguration: It is not of that form, or the kind is not known; the text offers close names.
    """
    kind, equals, path = text.partition("=")
    if kind not in KINDS:
        raise BadConfiguration(f"there is no report kind {kind!r}; {close_names(kind, KINDS)}")
    if not equals or not path:
        raise BadConfiguration(f"a report is written as KIND=PATH, e.g. json=report.json, got {text!r}")
    if path == "-":
        raise BadConfiguration(
            f"a report is written to a file, since standard output holds the summary: name one, e.g. {kind}=report.json"
        )
    return kind, OutputFile(f"{kind} report", Path(path))


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}")


def _replace(place: Path, data: bytes) -> None:
    new = _beside(place)
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _reason(wrong: Exception) -> str:
    return getattr(wrong, "strerror", None) or str(wrong)
