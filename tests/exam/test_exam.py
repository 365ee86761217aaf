"""The exam: is every seeded defect found by a run within its default budget, and a right endpoint never accused?"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import CaseJudged, Event
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import MAX_EXAMPLES, MAX_PROGRAMS, MAX_STEPS, Plan
from botoproof.ci.campaign.result import RunResult
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import Target, embedded_target, url_target
from botoproof.contract.adapters import server as server_module
from botoproof.contract.adapters.http import TIME_LIMIT
from botoproof.contract.adapters.server import Server
from botoproof.contract.checks import KINDS
from botoproof.contract.codec import reply_bytes
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.finding import Evidence, Severity
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.specification import default_world

from .defects import DEFECTS
from .flawed import Defect, Flawed, flawed_endpoint
from .innocents import ODDITIES, Odd, in_chunks, in_old_http

SEEDS = range(1, 21)
FEW = 100
Record = Callable[[str, object], None]


FORMS = frozenset(code for code in KINDS if code.startswith("reply-")) - {"reply-timeout", "reply-slow"}
# What a defect of each family is found by; another finding beside it is no proof that it was seen.
EXPECTED: Mapping[str, frozenset[str]] = {
    "wrong documented code": frozenset({"error-undeserved"}),
    "undocumented code": frozenset({"error-undocumented"}),
    "accepted in silence": frozenset({"accepted-in-silence"}),
    "valid request refused": frozenset({"valid-request-refused"}),
    "reply shape": FORMS,
    "envelope": FORMS,
    "status": frozenset({"error-http-status", "error-fault-side", "server-error"}),
    "crash": frozenset({"server-error", "endpoint-crashed"}),
    "hang": frozenset({"reply-timeout"}),
    "leak": frozenset({"leak-trace", "leak-path", "leak-secret"}),
    "unstable": frozenset({"outcome-unstable"}),
}


def examine(
    target: Target,
    *,
    seed: int = 1,
    phases: tuple[str, ...] = ("table", "random"),
    enough: frozenset[str] = frozenset(),
    max_examples: int = MAX_EXAMPLES,
    evidence: Evidence = Evidence.OBSERVED,
    max_programs: int = MAX_PROGRAMS,
    max_steps: int = MAX_STEPS,
) -> RunResult:
    """Return what a run finds out; no case is sent after the first finding of a kind in `enough` that counts."""
    specification = find_specification("importexport")
    collector = Collector(evidence)

    def emit(event: Event) -> None:
        collector(event)
        if isinstance(event, CaseJudged) and any(
            finding.kind.code in enough and finding.severity(evidence) is not Severity.NOTE
            for finding in event.findings
        ):
            raise _Enough

    plan = Plan(
        "importexport",
        ("UpdateJob",),
        phases=phases,
        seed=seed,
        max_examples=max_examples,
        max_programs=max_programs,
        max_steps=max_steps,
    )
    with contextlib.suppress(_Enough):
        run_campaign(plan, open_judge(specification, target), emit)
    target.close()
    return collector.result()


def counted(result: RunResult) -> set[str]:
    """Return the kinds of the findings that are no notes."""
    return {
        group.finding.kind.code
        for group in result.findings
        if group.finding.severity(Evidence.OBSERVED) is not Severity.NOTE
    }


class _Enough(Exception):
    """The defect has been found."""


def embedded(endpoint: Flawed | Odd | None = None) -> Target:
    world = default_world() if endpoint is None else endpoint.world
    return embedded_target(find_specification("importexport"), world, EXAMPLE_KEY, endpoint=endpoint)


@pytest.mark.parametrize("defect", [d for d in DEFECTS if d.hangs is None], ids=lambda defect: defect.name)
def test_a_seeded_defect_is_found(defect: Defect, record_property: Record) -> None:
    record_property("exam", ("defect", defect.family, defect.name))

    # What a run of default budget finds early need not wait for the rest.
    result = examine(embedded(flawed_endpoint(defect)), enough=EXPECTED[defect.family])

    assert counted(result) & EXPECTED[defect.family]
    record_property("found", sorted(counted(result)))


HANGS = [defect for defect in DEFECTS if defect.hangs is not None]


def examined_over_loopback(defect: Defect, time_limit: float) -> RunResult:
    """Return what a run of default budget finds out before, and with, the first request that is never answered."""
    endpoint, over = flawed_endpoint(defect), threading.Event()

    def answer(request: Request, now: datetime) -> Reply:
        if defect.hangs is not None and defect.hangs(request):
            over.wait(timeout=60)
        return endpoint.answer(request, now)

    with Server(answer, one_at_a_time=False) as server:
        target = url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url, time_limit=time_limit)
        try:
            return examine(target, enough=EXPECTED["hang"])
        finally:
            over.set()


@pytest.mark.parametrize("defect", HANGS, ids=lambda defect: defect.name)
def test_a_seeded_hang_is_found_over_loopback(defect: Defect, record_property: Record) -> None:
    record_property("exam", ("defect", defect.family, defect.name))

    result = examined_over_loopback(defect, time_limit=0.5)

    assert counted(result) == {"reply-timeout"}
    record_property("found", ["reply-timeout"])


@pytest.mark.slow
def test_a_seeded_hang_is_found_with_every_default() -> None:
    """The time limit, too: it waits for ten seconds, once."""
    assert counted(examined_over_loopback(HANGS[0], time_limit=TIME_LIMIT)) == {"reply-timeout"}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_endpoint_without_defect_gives_no_finding(seed: int, record_property: Record) -> None:
    record_property("exam", ("innocence", "seed", str(seed)))

    # The table does not depend on the seed, so one of the runs is enough for it; the nightly run draws all requests.
    phases = ("table", "random") if seed == SEEDS[0] else ("random",)
    result = examine(embedded(), seed=seed, phases=phases, max_examples=FEW)

    record_property("found", sorted({group.finding.kind.code for group in result.findings}))
    assert [str(group.finding) for group in result.findings] == []
    assert (result.verdict, result.phases["random"][0]) == ("clean", FEW)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_an_endpoint_without_defect_gives_no_finding_in_a_whole_run(seed: int) -> None:
    result = examine(embedded(), seed=seed)

    assert [str(group.finding) for group in result.findings] == []
    assert (result.verdict, result.phases["random"][0]) == ("clean", MAX_EXAMPLES)


@pytest.mark.parametrize("examples", [FEW, pytest.param(MAX_EXAMPLES, marks=pytest.mark.slow)])
def test_a_right_endpoint_that_is_odd_gives_no_finding(examples: int, record_property: Record) -> None:
    """Its replies are written in every way that XML and HTTP allow, and of several errors it answers the last."""
    record_property("exam", ("innocence", "oddities", ", ".join(ODDITIES)))

    result = examine(embedded(Odd()), max_examples=examples)

    record_property("found", sorted({group.finding.kind.code for group in result.findings}))
    assert [str(group.finding) for group in result.findings] == []
    assert result.verdict == "clean"


def test_a_right_endpoint_that_speaks_odd_http_gives_no_finding(
    record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_property("exam", ("innocence", "oddities", "HTTP/1.0 and chunks"))
    ways, written = itertools.cycle((in_old_http, in_chunks)), reply_bytes.write_reply
    monkeypatch.setattr(server_module, "write_reply", lambda reply, **how: next(ways)(written(reply, **how)))

    with Server(Odd().answer) as server:
        target = url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url)
        result = examine(target, phases=("table",))

    record_property("found", sorted({group.finding.kind.code for group in result.findings}))
    assert [str(group.finding) for group in result.findings] == []
    assert result.verdict == "clean"


def test_the_exam_has_enough_defects_in_each_family() -> None:
    families = {defect.family for defect in DEFECTS}

    assert len(DEFECTS) >= 40
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert families == EXPECTED.keys()
    assert frozenset().union(*EXPECTED.values()) <= KINDS.keys()
