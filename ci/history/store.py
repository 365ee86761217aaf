"""A history as a file: opened, added to and rid of what is old; whatever SQLite says is told in our words.

One transaction holds a whole run, so that a process that is killed leaves a run or nothing of it. The file is in WAL
mode: readers and one writer do not wait for each other, and a second writer waits for the first.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ...contract.errors import BadConfiguration, ToolkitError
from .schema import STEPS, bring_up_to_date, is_ours, version_of

FILE = Path(".botoproof") / "history.sqlite"
# A writer holds the file for milliseconds; who holds it longer is stuck.
PATIENCE = 30.0


class HistoryUnusable(ToolkitError):
    """A history cannot be read or written now; what it holds is as it was."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection for questions; it sees one state of the file throughout.

    Raises:
        BadConfiguration: There is no history there, or none that this version can read.
        HistoryUnusable: It is locked or damaged.
    """
    if not path.exists():
        raise BadConfiguration(
            f"there is no history {str(path)!r}; `botoproof run --history FILE` and `botoproof history add` make one"
        )
    _require_file(path, "read")
    with _told(path, "read"):
        try:
            opened = _connect(path, "rw")
            _require_ours(path, opened)
        except sqlite3.OperationalError:
            # Such as one in a folder that may not be written, where SQLite cannot make its lock.
            opened = _connect(path, "ro", immutable=not _beside(path, "-wal").exists())
            _require_ours(path, opened)
        with closing(opened) as connection:
            if version_of(connection) < len(STEPS):
                bring_up_to_date(connection)
            connection.execute("BEGIN")
            yield connection


@contextmanager
def writing(path: Path, *, patience: float = PATIENCE) -> Iterator[sqlite3.Connection]:
    """Yield a connection in a transaction, which is committed at the end and undone when something is raised.

    Args:
        path: The file; made when there is none.
        patience: Seconds to wait for another writer.

    Raises:
        BadConfiguration: The file is somebody else's, a newer version's, or cannot be made.
        HistoryUnusable: It is locked or damaged, or the disk is full.
    """
    require_possible(path)
    with _told(path, "written"), closing(_connect(path, "rwc", patience=patience)) as connection:
        _require_ours(path, connection)
        bring_up_to_date(connection)
        # Two that begin at the same time may not both get it; it stays with the file, and without it all is as safe.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def require_possible(path: Path) -> None:
    """Raise `BadConfiguration` when there can be no history at `path`; the default one's folder is made."""
    if path == FILE:
        with contextlib.suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            path.parent.joinpath(".gitignore").write_text("*\n", "ascii")
    _require_file(path, "written")
    if not path.resolve().parent.is_dir():
        folder = str(path.resolve().parent)
        raise BadConfiguration(f"the history {path} cannot be written: there is no folder {folder!r}")


def _require_file(path: Path, done: str) -> None:
    if path.exists() and not path.is_file():
        what = "it is a folder" if path.is_dir() else "it is no regular file"
        raise BadConfiguration(f"the history {path} cannot be {done}: {what}")


def require_usable(path: Path) -> None:
    """Raise what `writing` would raise, before anything has been done that would be lost."""
    with writing(path):
        pass


def shrink(path: Path) -> None:
    """Give room that is not used any more back to the disk.

    The file is written anew for that. When there is no room for it, or somebody else has the file open, what is added
    later takes the place.
    """
    with _told(path, "written"), closing(_connect(path, "rw")) as connection:
        try:
            connection.execute("VACUUM")
        except sqlite3.OperationalError:
            return


def _connect(path: Path, mode: str, *, patience: float = PATIENCE, immutable: bool = False) -> sqlite3.Connection:
    more = "&immutable=1" if immutable else ""
    # Autocommit: what belongs together is said by BEGIN and COMMIT, and not by Python's guesses.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}{more}", uri=True, timeout=patience, isolation_level=None
    )


def _require_ours(path: Path, connection: sqlite3.Connection) -> None:
    if not is_ours(connection):
        raise BadConfiguration(f"{path} is an SQLite database, but no history of botoproof; name another file")
    version = version_of(connection)
    if version > len(STEPS):
        raise BadConfiguration(
            f"{path} is a history of a newer botoproof (version {version} of its tables, and this one knows "
            f"{len(STEPS)}): install that one, or name another file; nothing was changed"
        )


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


_FULL = "the disk may be full; what the history held is as it was"
_WORDS: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "another process has been writing to it for too long; try again",
    sqlite3.SQLITE_LOCKED: "another process has been writing to it for too long; try again",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FULL,
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; its folder must be one that may be written",
    sqlite3.SQLITE_CORRUPT: "it is damaged; keep a copy, and see what `sqlite3 FILE .recover` saves",
}


@contextmanager
def _told(path: Path, done: str) -> Iterator[None]:
    """Raise what SQLite says in our words."""
    try:
        yield
    except sqlite3.Error as wrong:
        code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF  # the rest tells which call it was
        if code == sqlite3.SQLITE_NOTADB:
            raise BadConfiguration(f"{path} is no history: it is not an SQLite database") from None
        words = "the disk fails" if (code, done) == (sqlite3.SQLITE_IOERR, "read") else _WORDS.get(code)
        if words is None:  # a mistake of ours
            raise
        raise HistoryUnusable(f"the history {path} could not be {done}: {wrong}: {words}") from None
