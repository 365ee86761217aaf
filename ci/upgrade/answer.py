"""What came of looking at two releases: of each depth, and of all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .change import Change
from .rule import Depth
from .sdk import Sdk


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at.

    Attributes:
        services: botocore's names, sorted; None for every service.
        operations: ``service.Operation`` of those that matter, where that is known; None for every operation of the
            services.
        recordings: Files with recorded replies, each with a service that it holds some of.
    """

    services: tuple[str, ...] | None = None
    operations: frozenset[str] | None = None
    recordings: tuple[tuple[str, Path], ...] = ()

    def has_service(self, service: str) -> bool:
        """Whether a service is looked at."""
        return self.services is None or service in self.services

    def has(self, service: str, operation: str) -> bool:
        """Whether an operation is looked at; an empty name stands for what holds for the whole service."""
        if not self.has_service(service):
            return False
        return self.operations is None or not operation or f"{service}.{operation}" in self.operations

    def names(self, service: str) -> list[str] | None:
        """Return the operations of a service that are looked at, sorted; None for all of them."""
        if self.operations is None:
            return None
        return sorted(name.partition(".")[2] for name in self.operations if name.startswith(f"{service}."))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of which nothing is known, since it could not be looked at.

    Attributes:
        service: botocore's name; empty for all that the depth looks at.
        operation: Its name in the model; empty for the whole service.
        reason: Why not, in a sentence without a full stop.
    """

    service: str
    operation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What one depth saw.

    Attributes:
        depth: Which.
        looked: How many things were compared.
        changes: What differs.
        gaps: What could not be compared, and why. A depth that came to nothing has one without a service.
        notes: What else a reader should know, each a sentence.
        unit: What was counted.
    """

    depth: Depth
    looked: int
    changes: tuple[Change, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = "operations"

    @property
    def failed(self) -> str:
        """Why the whole depth is unknown; empty when it is not."""
        return next((gap.reason for gap in self.gaps if not gap.service), "")


Tell = Callable[[str], None]
"""Is told, now and then, what long work is at."""

Look = Callable[[Sdk, Sdk, Scope, Tell], Looked]
"""One depth: looks at the older and the newer release. What can't be looked at becomes a `Gap`, never an exception."""
