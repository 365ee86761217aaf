"""A release of the SDK that was asked for, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sdk:
    """One release of botocore.

    Attributes:
        given: As its user wrote it: a version, a wheel, a python, ``installed``, ``latest``.
        version: Of botocore, e.g. ``1.44.0``.
        place: A wheel, or the folder that holds the package ``botocore``.
        python: The interpreter in whose environment it is installed; None when it is installed nowhere yet.
    """

    given: str
    version: str
    place: Path
    python: Path | None = None

    def __str__(self) -> str:
        return f"botocore {self.version}"
