"""Where a test's recording lies: by default beside its module, under a name that any file system takes."""

from __future__ import annotations

import difflib
import re
from hashlib import blake2b
from pathlib import Path

import pytest

_UNSAFE = re.compile(r"[^\w.,=+@()\[\] -]|[. ]+$")
_UNSAFE_TO_OTHERS = re.compile(r"""[<>?%*:|"'/\\]""")
_LONGEST = 120
_SUFFIXES = (".yaml", ".yml")


def folder_of(item: pytest.Item) -> Path:
    """Return ``cassettes/<module>`` beside the module of a test, where pytest-recording has it, too."""
    return item.path.parent / "cassettes" / item.path.stem


def name_of(item: pytest.Item) -> str:
    """Return a name made of the test's id: readable, and another one for another test of the module.

    What file systems do not take is replaced, and what is too long is cut; a few digits then tell it from others.
    """
    whole = _whole_name(item)
    safe = _UNSAFE.sub("-", whole)
    if safe == whole and len(safe) <= _LONGEST:
        return safe
    return f"{safe[:_LONGEST]}-{blake2b(whole.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def _whole_name(item: pytest.Item) -> str:
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return ".".join((*classes, item.name))


def place_of(folder: Path, name: str) -> Path:
    """Return the file of a name.

    Raises:
        ValueError: The name leaves the folder, or is none.
    """
    path = Path(name)
    if not path.name or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise ValueError(f"a recording cannot be called {name!r}: expected a name within {folder}, without '..'")
    return folder / (path if path.suffix in _SUFFIXES else path.with_name(f"{path.name}.yaml"))


def found_place(folder: Path, item: pytest.Item) -> Path:
    """Return the file of a test without a name of its own; one that pytest-recording made, where there is no other."""
    ours = place_of(folder, name_of(item))
    theirs = folder / f"{_UNSAFE_TO_OTHERS.sub('-', _whole_name(item))}.yaml"
    return theirs if not ours.exists() and len(theirs.name) < 250 and theirs.exists() else ours


def near(path: Path) -> str:
    """Return which files of the same folder are called alike, ready to follow a name; empty when none is."""
    names = [file.name for file in path.parent.glob("*") if file.suffix in _SUFFIXES] if path.parent.is_dir() else []
    found = difflib.get_close_matches(path.name, sorted(names), n=3)
    return f" (there is {' and '.join(found)})" if found else ""
