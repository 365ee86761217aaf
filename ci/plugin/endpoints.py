"""What a test session has opened: which endpoint a test gets, and what is tidied up at the end."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from ...contract.adapters.http import TIME_LIMIT
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration
from ...contract.services import find_specification
from ..campaign.budget import MAX_MADE
from ..choice import EMBEDDED, choose_target
from ..configuration import Configuration
from .at_url import AtUrl
from .embedded import Embedded


class LeftBehind(UserWarning):
    """Something that tests made at an endpoint could not be disposed of."""


class Endpoints:
    """What a test session has opened."""

    def __init__(self, allowed: int) -> None:
        """Take how many resources may be made at each URL."""
        self._allowed = allowed
        self._shared: list[tuple[tuple[object, ...], AtUrl]] = []

    @classmethod
    def for_session(cls, config: pytest.Config) -> Endpoints:
        """Return those of a session; the workers of pytest-xdist divide among them what may be made."""
        worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        if worker is None:
            return cls(MAX_MADE)
        number, count = int(str(worker["workerid"]).removeprefix("gw")), int(worker["workercount"])
        return cls(MAX_MADE // count + (number % count < MAX_MADE % count))

    def open(self, service: str, configuration: Configuration, place: str) -> Embedded | AtUrl:
        """Return an endpoint of its own for a test, or the shared one at a URL.

        Args:
            service: botocore's name of a service that has a specification.
            configuration: Describes its world.
            place: ``embedded`` or a URL.

        Raises:
            ToolkitError: It cannot be used; the text says why.
        """
        if configuration.service not in (None, service):
            raise BadConfiguration(
                f"the tests are about {service!r}, but the configuration is for {configuration.service!r}"
            )
        specification = find_specification(service)
        if place == EMBEDDED:
            credential = configuration.credential or EXAMPLE_KEY
            world = configuration.world_of(specification, credential)
            limit = configuration.time_limit or TIME_LIMIT
            return Embedded(specification, world=world, credential=credential, time_limit=limit)
        key = (service, configuration, place)
        for known, shared in self._shared:
            if known == key:
                return shared
        shared = AtUrl(specification, choose_target(specification, configuration, wish=place), self._allowed)
        self._shared.append((key, shared))
        return shared

    def close(self) -> None:
        """Dispose of what was made at URLs, and warn of what could not be."""
        left = [text for _, shared in self._shared for text in shared.dispose()]
        if left:
            warnings.warn(f"botoproof could not dispose of {'; '.join(left)}", LeftBehind, stacklevel=1)
