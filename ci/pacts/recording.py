"""The calls of a consumer's tests, taken down as interactions of its pact while the tests run."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ...cassettes.sensitive import ScrubRules
from ...contract.adapters.overhearing import Overheard
from ...contract.errors import close_names
from ...contract.services import find_specification, specified_services
from ..attempts import Attempts
from ..faulted.sites import call_site
from .pact import Interaction
from .recorded import Subject, record
from .states import known_states, recipe_of

States = Mapping[str, Mapping[str, str]]
"""The provider state of each resource that is known, by its id, by service."""


class Source(Protocol):
    """Something that knows in which states resources are: the endpoint of a test."""

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        ...

    def states(self) -> Mapping[str, str]:
        """Return the provider state of each resource that is known at present, by its id."""
        ...


@dataclass(slots=True)
class Heard:
    """What was taken down since the last time.

    Attributes:
        interactions: By service, in the order of the calls.
        left: How many attempts are no interactions, by why.
        problems: What is wrong with the states that the test gave.
    """

    interactions: list[tuple[str, Interaction]] = field(default_factory=list[tuple[str, Interaction]])
    left: Counter[str] = field(default_factory=Counter[str])
    problems: list[str] = field(default_factory=list[str])


class Recorder:
    """Takes down what it hears, until somebody asks for it. Safe for several threads."""

    def __init__(self, root: Path, rules: ScrubRules) -> None:
        """Take the folder of the project, and what is secret."""
        self._root = root
        self._rules = rules
        self._attempts = Attempts()
        self._subjects: dict[str, Subject] = {}
        self._sources: list[Source] = []
        self._given: dict[str, str] = {}
        self._named: set[str] = set()
        self._heard = Heard()
        self._lock = threading.Lock()

    def follow(self, source: Source) -> None:
        """Ask an endpoint for the states of its resources, until the test ends."""
        self._sources.append(source)

    def give(self, state: str, resource_id: str) -> None:
        """Take a resource to be in a state, until the test ends or gives another."""
        self._given[resource_id] = state

    def before(self) -> States:
        """Return what is known of resources at this moment."""
        found: dict[str, Mapping[str, str]] = {}
        for source in tuple(self._sources):
            found[source.service] = {**found.get(source.service, {}), **source.states()}
        return found

    def __call__(self, heard: Overheard) -> None:
        """Take down an attempt; what botoproof itself calls to prepare something is none of the test's."""
        if call_site(self._root) is None:
            return
        with self._lock:
            try:
                self._take(heard)
            except Exception as wrong:  # noqa: BLE001 - raised here, it would be an answer to the consumer's call
                self._heard.problems.append(f"a bug in botoproof: {type(wrong).__name__}: {wrong}")

    def _take(self, heard: Overheard) -> None:
        attempt = self._attempts.read(heard)
        if isinstance(attempt, str):
            self._heard.left[attempt] += 1
            return
        service = attempt.operation.service
        subject = self._subject(service)
        known: Any = heard.before or {}
        words = (attempt.request.body + attempt.reply.body).decode("utf-8", "replace")
        self._named.update(resource_id for resource_id in self._given if resource_id in words)
        given = self._given_for(subject)
        if given is None:
            self._heard.left["given a state that is unknown"] += 1
            return
        before = {**known.get(service, {}), **given}
        after = {**self.before().get(service, {}), **given}
        made = record(attempt, subject, before, after, self._rules)
        if isinstance(made, str):
            self._heard.left[made] += 1
        else:
            self._heard.interactions.append((service, made))

    def _subject(self, service: str) -> Subject:
        if service not in self._subjects:
            specification = find_specification(service) if service in specified_services() else None
            self._subjects[service] = Subject(service, specification)
        return self._subjects[service]

    def _given_for(self, subject: Subject) -> dict[str, str] | None:
        """Return what the test gave, under the specification's names where there is one; None if it lacks one."""
        specification = subject.specification
        if specification is None:
            return dict(self._given)
        found: dict[str, str] = {}
        for resource_id, state in self._given.items():
            recipe = recipe_of(specification, state)
            if recipe is None:
                known = close_names(state, known_states(specification))
                problem = f"{specification.service} has no provider state {state!r}; {known}"
                self._heard.problems += [problem] if problem not in self._heard.problems else []
            else:
                found[resource_id] = recipe.name
        return found if len(found) == len(self._given) else None

    def problems(self) -> list[str]:
        """Return what is wrong with the states that the test gave so far."""
        with self._lock:
            unnamed = [
                f"the state {state!r} was given of {resource_id!r}, which no recorded call names"
                for resource_id, state in self._given.items()
                if resource_id not in self._named
            ]
            return [*self._heard.problems, *unnamed]

    def taken(self) -> Heard:
        """Return what was taken down since the last time, and forget what the test has said."""
        with self._lock:
            heard, self._heard = self._heard, Heard()
            self._sources.clear()
            self._given.clear()
            self._named.clear()
            return heard
