"""What a seeded defect is, and the embedded endpoint with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botoproof.contract.adapters.models import read_operations
from botoproof.contract.expectation import Violation
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.oracle import read_pairs
from botoproof.contract.services.importexport.specification import default_world
from botoproof.contract.services.importexport.world import World

Broken = tuple[Violation, ...]
Judgement = Callable[[Facts, Broken], Broken]
Answering = Callable[[Request, Reply], Reply]


@dataclass(frozen=True)
class Defect:
    """One thing that an endpoint does wrong.

    Attributes:
        name: For the table.
        family: As the issue names them.
        judgement: Changes which rules count as broken.
        answering: Changes the reply.
        hangs: Tells the requests that are never answered.
        world: The world in which the defect shows.
    """

    name: str
    family: str
    judgement: Judgement | None = None
    answering: Answering | None = None
    hangs: Callable[[Request], bool] | None = None
    world: World = field(default_factory=default_world)


class Flawed(Endpoint):
    """The embedded endpoint with one defect."""

    def __init__(self, defect: Defect, operations: Mapping[str, object], now: datetime) -> None:
        super().__init__(defect.world, operations, now=now)  # type: ignore[arg-type]
        self._defect = defect

    def answer(self, request: Request, now: datetime) -> Reply:
        reply = super().answer(request, now)
        return self._defect.answering(request, reply) if self._defect.answering and is_update(request) else reply

    def broken_rules(self, facts: Facts) -> Broken:
        broken = tuple(super().broken_rules(facts))
        if self._defect.judgement is None or facts.operation.name != "UpdateJob":
            return broken
        return self._defect.judgement(facts, broken)

    def apply(self, facts: Facts) -> Mapping[str, Any]:
        # What lets a request for somebody else's job, or for none, pass says that it was done.
        if facts.operation.name == "UpdateJob" and facts.job is None:
            return {"Success": True}
        return super().apply(facts)


def flawed_endpoint(defect: Defect) -> Flawed:
    operations = {operation.name: operation for operation in read_operations("importexport")}
    return Flawed(defect, operations, datetime.now(UTC))


def is_update(request: Request) -> bool:
    actions = [value for key, value in read_pairs(request).pairs if key == "Action"]
    return not {"CreateJob", "CancelJob"} & set(actions)
