"""Runs to report on: of the embedded endpoint, right or with replies changed, in process or by URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import Event
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import RunResult
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import embedded_target, url_target
from botoproof.ci.configuration import Configuration
from botoproof.ci.report.scene import Scene, scene_of
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings

SPECIFICATION = find_specification("importexport")
OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
Change = Callable[[Request, Reply], Reply]


def as_it_is(_: Request, reply: Reply) -> Reply:
    return reply


def with_body(reply: Reply, old: bytes, new: bytes) -> Reply:
    headers = tuple((name, value) for name, value in reply.headers if name.lower() != "content-length")
    return replace(reply, headers=headers, body=reply.body.replace(old, new))


def renames_an_error(_: Request, reply: Reply) -> Reply:
    return with_body(reply, b"InvalidJobIdException", b"JobNotFoundException")


class Changed:
    """The embedded endpoint with its replies changed."""

    def __init__(self, world: Any, change: Change) -> None:
        self._endpoint = SPECIFICATION.endpoint(world, OPERATIONS, datetime.now(UTC))
        self._change = change
        self.resources: Mapping[str, str] = self._endpoint.resources

    def answer(self, request: Request, now: datetime) -> Reply:
        return self._change(request, self._endpoint.answer(request, now))

    def provide(self, state: str, now: datetime) -> str:
        return self._endpoint.provide(state, now)

    def bookmark(self) -> Callable[[], None]:
        return self._endpoint.bookmark()


@dataclass(frozen=True)
class Ran:
    """A run, and where it took place."""

    result: RunResult
    scene: Scene
    events: tuple[Event, ...]


def world_of(table: Mapping[str, Any], credential: Credential) -> Any:
    return SPECIFICATION.world(Settings((credential,), table))


@contextmanager
def judge_of(
    *,
    change: Change = as_it_is,
    by_url: bool = False,
    credential: Credential = EXAMPLE_KEY,
    table: Mapping[str, Any] | None = None,
) -> Iterator[Judge]:
    """Yield a judge of the embedded endpoint, with its replies changed."""
    world = world_of(table or {}, credential)
    endpoint = Changed(world, change)
    if not by_url:
        yield open_judge(SPECIFICATION, embedded_target(SPECIFICATION, world, credential, endpoint=endpoint))
        return
    with Server(endpoint.answer) as server:
        target = url_target(SPECIFICATION, world, credential, server.url)
        try:
            yield open_judge(SPECIFICATION, target)
        finally:
            target.close()


def prepared_scene(judge: Judge, table: Mapping[str, Any] | None = None) -> Scene:
    """Bring every state about and return the scene."""
    for _ in States(judge).prepare():
        continue
    return scene_of(judge, Configuration(world=table or {}), states=dict(judge.ids))


def run_of(plan: Plan, *, change: Change = as_it_is, by_url: bool = False, credential: Credential = EXAMPLE_KEY) -> Ran:
    """Carry out a plan on the embedded endpoint, with its replies changed."""
    collector = Collector(plan.evidence)
    events: list[Event] = []

    def emit(event: Event) -> None:
        collector(event)
        events.append(event)

    with judge_of(change=change, by_url=by_url, credential=credential) as judge:
        run_campaign(plan, judge, emit)
    result = collector.result()
    scene = scene_of(judge, Configuration(), states=result.resources, evidence=plan.evidence)
    return Ran(result, scene, tuple(events))


def plan_of(*phases: str, seed: int = 1, examples: int = 100, evidence: Evidence = Evidence.OBSERVED) -> Plan:
    return Plan("importexport", ("UpdateJob",), phases=phases, seed=seed, max_examples=examples, evidence=evidence)


@pytest.fixture(scope="session")
def flawed() -> Ran:
    """A run that has findings."""
    return run_of(plan_of("table"), change=renames_an_error)
