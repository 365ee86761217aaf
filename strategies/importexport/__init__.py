"""Strategies for Import/Export: manifests, and requests at three levels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from ...contract.case import Case
from ...contract.codec.signature import Credential
from ...contract.model import Operation
from ...contract.program import Program
from ...contract.services.importexport.operations import WRITES
from ...contract.services.importexport.world import World
from ..service import Lifecycle
from .job_requests import job_requests
from .lifecycle import lifecycle, plainer, variants
from .manifests import malformed_manifests, manifests, near_miss_manifests
from .requests import malformed_manifest_requests, manifest_calls, manifest_requests, refused_manifest_calls

__all__ = [
    "STRATEGIES",
    "ImportExportStrategies",
    "job_requests",
    "lifecycle",
    "malformed_manifest_requests",
    "malformed_manifests",
    "manifest_calls",
    "manifest_requests",
    "manifests",
    "near_miss_manifests",
    "refused_manifest_calls",
]


@dataclass(frozen=True, slots=True)
class ImportExportStrategies:
    """What Import/Export offers to random phases."""

    def cases(
        self,
        operation: Operation,
        *,
        world: World,
        credential: Credential,  # noqa: ARG002 - the interface has it; the manifests of era A take the world's key
        states: Collection[str],
    ) -> SearchStrategy[Case]:
        """Return a strategy for cases of `operation`.

        Args:
            operation: From the installed model.
            world: Its era and buckets.
            credential: The one that signs.
            states: Provider states that can be referred to.

        Raises:
            ValueError: It is no operation of Import/Export.
        """
        if operation.name in WRITES:
            return manifest_requests(operation, world=world, states=states)
        return job_requests(operation, world=world, states=states)

    def programs(self, *, world: World, states: Collection[str]) -> Lifecycle:
        """Return what draws programs over the six operations.

        Args:
            world: Its era and buckets.
            states: Provider states that can be referred to.
        """
        return lambda take: lifecycle(world=world, states=states, take=take)

    def plainer(self, smallest: Callable[[], Program], *, world: World) -> Iterator[Program]:
        """Yield programs in which one request submits the plainest that there is.

        Args:
            smallest: Gives the smallest program so far; asked for each attempt.
            world: Its era and buckets.
        """
        return plainer(smallest, world=world)

    def variants(self, program: Program, *, world: World) -> SearchStrategy[Program]:
        """Return a strategy for programs of the same steps with other manifests, the simplest first.

        Args:
            program: Over the six operations.
            world: Its era and buckets.
        """
        return variants(program, world=world)


STRATEGIES = ImportExportStrategies()
"""Found by the entry point ``importexport`` of the group ``botoproof.strategies``."""
