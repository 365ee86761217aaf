"""Nights for tests: in a folder of their own, with as little to do as there can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.configuration import Configuration
from botoproof.ci.night.settings import Settings
from botoproof.ci.night.tonight import Tonight

Make = Callable[..., Tonight]


@pytest.fixture
def tonight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """What the steps of a night work on, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def make(
        night: str = "2026-11-26",
        *,
        is_wanted: Callable[[], bool] = lambda: True,
        service: str = "importexport",
        **settings: Any,
    ) -> Tonight:
        usual = {"folder": "nights", "history": "history.sqlite", "phases": ("table",)}
        return Tonight(night, Settings(**{**usual, **settings}), Configuration(service="importexport"), is_wanted)

    return make
