"""How tests of the plugin run pytest."""

from __future__ import annotations

from typing import Protocol

import pytest


class Run(Protocol):
    def __call__(self, *arguments: str) -> pytest.RunResult: ...
