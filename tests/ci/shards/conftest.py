"""Shards for tests: run on the embedded endpoint, whose replies can be altered, and kept as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.choice import choose_target
from botoproof.ci.cli.sharding import begin_shard, identity_of
from botoproof.ci.configuration import Configuration
from botoproof.ci.report.json_report import json_report
from botoproof.ci.report.payload import Redaction
from botoproof.ci.report.scene import scene_of
from botoproof.ci.shards.result_file import ShardResult, read_result
from botoproof.ci.shards.work import Work
from botoproof.contract.services import find_specification

from ..campaign.runs import AlteredEndpoint, Answering, as_it_is, judge_of

NOTHING = Redaction(())
PLAN: dict[str, Any] = {
    "operations": ("UpdateJob", "CancelJob"),
    "phases": ("table", "random", "stateful", "replies"),
    "seed": 1,
    "max_examples": 12,
    "max_programs": 3,
    "max_replies": 200,
    "minimise_calls": 2,
}
Keep = Callable[..., Path]


def plan_of(shard: Shard, **changes: Any) -> Plan:
    return Plan("importexport", shard=shard, **{**PLAN, **changes})


def whole_report(answering: Answering = as_it_is, **changes: Any) -> dict[str, Any]:
    """Return the report of one run."""
    collector = Collector(plan_of(Shard()).evidence)
    judge = judge_of(AlteredEndpoint(answering))
    run_campaign(plan_of(Shard(), **changes), judge, collector)
    return json_report(collector.result(), _scene(judge, collector), NOTHING)


def _scene(judge: Judge, collector: Collector) -> Any:
    return scene_of(judge, Configuration(), states=collector.result().resources)


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Run a shard on an endpoint of its own, and return its file."""

    def kept(
        text: str = "1/1",
        answering: Answering = as_it_is,
        *,
        folder: str = "shards",
        stop: bool = False,
        **changes: Any,
    ) -> Path:
        number, of = text.split("/")
        plan = plan_of(Shard(int(number), int(of)), **changes)
        judge = judge_of(AlteredEndpoint(answering))
        identity = identity_of(plan, judge.target, Configuration(), max_jobs=None, allow_writes=False)
        keeping = begin_shard(tmp_path / folder, identity, plan, NOTHING)
        collector = Collector(plan.evidence)

        def emit(event: Any) -> None:
            collector(event)
            keeping.recorder(event)

        run_campaign(plan, judge, emit)
        keeping.finish(collector.result(), _scene(judge, collector), NOTHING)
        return keeping.file.path

    return kept


def result_of(path: Path) -> ShardResult:
    """Return what a whole file says."""
    found = read_result(path)
    assert isinstance(found, ShardResult)
    return found


def work_of(text: str, **changes: Any) -> Work:
    """Return a small shard as a piece of work."""
    number, of = text.split("/")
    plan = plan_of(Shard(int(number), int(of)), **{"operations": ("CancelJob",), "phases": ("table",), **changes})
    place = choose_target(find_specification("importexport"), Configuration(), wish=None, time_limit=None)
    # The command knows no such option, and takes the plan's own number.
    plan = replace(plan, minimise_calls=Plan("s", ()).minimise_calls)
    identity = identity_of(plan, place, Configuration(), max_jobs=None, allow_writes=False)
    numbers = {"examples": plan.max_examples, "programs": plan.max_programs, "replies": plan.max_replies}
    options = [word for name, value in numbers.items() for word in (f"--max-{name}", str(value))]
    subjects = [f"importexport.{operation}" for operation in plan.operations]
    return Work(
        plan.shard, identity.key, (*subjects, "--seed", str(plan.seed), "--phases", ",".join(plan.phases), *options)
    )
