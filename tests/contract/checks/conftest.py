"""The stand on which exchanges are made; a client of its own is worth making once."""

from __future__ import annotations

import pytest

from .stand import Stand, open_stand


@pytest.fixture(scope="session")
def stand() -> Stand:
    """Makes exchanges; every one leaves it as it was."""
    return open_stand()
