"""Strategies for Import/Export: manifests, and requests at three levels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from ...contract.case import Call, Case
from ...contract.codec.signature import Credential
from ...contract.model import Operation
from ...contract.services.importexport.world import World
from ..shapes import from_shape
from .manifests import malformed_manifests, manifests, near_miss_manifests
from .requests import (
    malformed_update_jobs,
    model_update_jobs,
    refused_update_job_calls,
    update_job_calls,
    update_jobs,
)

__all__ = [
    "STRATEGIES",
    "ImportExportStrategies",
    "malformed_manifests",
    "malformed_update_jobs",
    "manifests",
    "model_update_jobs",
    "near_miss_manifests",
    "refused_update_job_calls",
    "update_job_calls",
    "update_jobs",
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
        """Return a strategy for cases of `operation`; for others than UpdateJob, calls from the model alone.

        Args:
            operation: From the installed model.
            world: Its era and buckets.
            credential: The one that signs.
            states: Provider states that can be referred to.
        """
        if operation.name == "UpdateJob":
            return update_jobs(operation, world=world, states=states)
        if operation.input_shape is None:
            raise ValueError(f"{operation} takes no input to generate")
        values = from_shape(operation.input_shape)
        return values.map(lambda value: Case(operation.name, Call(value), "model: any value"))


STRATEGIES = ImportExportStrategies()
"""Found by the entry point ``importexport`` of the group ``botoproof.strategies``."""
