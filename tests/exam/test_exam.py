"""The exam: is every seeded defect found by a run within its default budget, and a right endpoint never accused?"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from botoproof.ci.campaign.events import CaseJudged, Event
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import Collector, RunResult
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import Target, embedded_target, url_target
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport.specification import default_world

from .defects import DEFECTS, Defect, Flawed, flawed_endpoint

SEEDS = range(1, 21)
Record = Callable[[str, object], None]


def examine(
    target: Target, *, seed: int = 1, phases: tuple[str, ...] = ("table", "random"), to_the_end: bool = True
) -> RunResult:
    """Return what a run finds out; unless it is to go on to the end, no case is sent after the first that counts."""
    specification = find_specification("importexport")
    collector = Collector(Evidence.OBSERVED)

    def emit(event: Event) -> None:
        collector(event)
        if not to_the_end and isinstance(event, CaseJudged) and collector.result().verdict == "findings":
            raise _Enough

    plan = Plan("importexport", ("UpdateJob",), phases=phases, seed=seed)
    with contextlib.suppress(_Enough):
        run_campaign(plan, open_judge(specification, target), emit)
    target.close()
    return collector.result()


class _Enough(Exception):
    """The defect has been found."""


def embedded(endpoint: Flawed | None = None) -> Target:
    world = default_world() if endpoint is None else endpoint.world
    return embedded_target(find_specification("importexport"), world, EXAMPLE_KEY, endpoint=endpoint)


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.hangs is None], ids=lambda defect: defect.name)
def test_a_seeded_defect_is_found(defect: Defect, record_property: Record) -> None:
    record_property("exam", ("defect", defect.family, defect.name))

    # What a run of default budget finds early need not wait for the rest.
    result = examine(embedded(flawed_endpoint(defect)), to_the_end=False)

    assert result.verdict == "findings"
    record_property("found", sorted({group.finding.kind.code for group in result.findings}))


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.hangs is not None], ids=lambda defect: defect.name)
def test_a_seeded_hang_is_found_over_loopback(defect: Defect, record_property: Record) -> None:
    record_property("exam", ("defect", defect.family, defect.name))
    endpoint, over = flawed_endpoint(defect), threading.Event()

    def answer(request: Request, now: datetime) -> Reply:
        if defect.hangs is not None and defect.hangs(request):
            over.wait(timeout=60)
        return endpoint.answer(request, now)

    with Server(answer, one_at_a_time=False) as server:
        specification, world = find_specification("importexport"), default_world()
        target = url_target(specification, world, EXAMPLE_KEY, server.url, time_limit=0.5)
        try:
            result = examine(target, phases=("table",))
        finally:
            over.set()

    assert "reply-timeout" in {group.finding.kind.code for group in result.findings}
    record_property("found", ["reply-timeout"])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_endpoint_without_defect_gives_no_finding(seed: int, record_property: Record) -> None:
    record_property("exam", ("innocence", "seed", str(seed)))

    # The table does not depend on the seed, so one of the runs is enough for it.
    result = examine(embedded(), seed=seed, phases=("table", "random") if seed == SEEDS[0] else ("random",))

    record_property("found", sorted({group.finding.kind.code for group in result.findings}))
    assert [str(group.finding) for group in result.findings] == []
    assert result.verdict == "clean"


def test_the_exam_has_enough_defects_in_each_family() -> None:
    families = {defect.family for defect in DEFECTS}

    assert len(DEFECTS) >= 40
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert families == {
        "wrong documented code",
        "undocumented code",
        "accepted in silence",
        "valid request refused",
        "reply shape",
        "envelope",
        "status",
        "crash",
        "hang",
        "leak",
        "unstable",
    }
