"""Releases of the SDK that differ from the installed one in what a test plants, and in nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk

Plant = Callable[[str], Sdk]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return what makes a release of which `source` is executed as the last lines of its ``botocore/__init__.py``."""
    count = 0

    def planted(source: str) -> Sdk:
        nonlocal count
        count += 1
        installed = find_sdk(INSTALLED)
        real = installed.place / "botocore"
        folder = tmp_path / f"planted{count}"
        (folder / "botocore").mkdir(parents=True)
        init = str(real / "__init__.py")
        text = f"__path__[:] = [{str(real)!r}]\n__file__ = {init!r}\nexec(open(__file__).read())\n{source}\n"
        (folder / "botocore" / "__init__.py").write_text(text, "utf-8")
        return Sdk(f"planted {count}", installed.version, folder, Path(sys.executable))

    return planted
