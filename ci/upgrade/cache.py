"""botoproof's cache folder: what was fetched or installed once is there whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ...contract.errors import BadConfiguration

VARIABLE = "BOTOPROOF_CACHE"
"""The environment variable that names the folder."""

_STALE = 24 * 3600.0  # seconds after which a folder that somebody began is taken for given up


def cache_folder() -> Path:
    """Return where things are kept: `VARIABLE`, else ``botoproof`` in the user's folder for caches."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    home = os.environ.get("XDG_CACHE_HOME", "")  # the standard wants a relative one ignored
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / "botoproof"


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return `folder`, made if it is not there yet.

    It is made beside its place and moved there when it is whole, so that neither an interrupted process leaves half a
    folder nor two processes at once spoil each other's.

    Args:
        folder: The folder that is wanted.
        make: Fills an empty folder.

    Raises:
        BadConfiguration: It cannot be written.
    """
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        begun = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=folder.parent))
    except OSError as wrong:
        raise BadConfiguration(
            f"the cache folder {folder.parent} cannot be written: {wrong.strerror}; {VARIABLE} names another one"
        ) from None
    try:
        make(begun)
        begun.chmod(0o755)
        begun.rename(folder)
    except BaseException as wrong:
        shutil.rmtree(begun, ignore_errors=True)
        if isinstance(wrong, OSError) and folder.is_dir():
            return folder  # another process was quicker
        raise
    return folder


_BEGUN = ".begun-"


def _sweep(parent: Path) -> None:
    """Remove what was begun long ago by a process that was killed."""
    for begun in parent.glob(f"{_BEGUN}*"):
        if time.time() - begun.stat().st_mtime > _STALE:
            shutil.rmtree(begun, ignore_errors=True)
