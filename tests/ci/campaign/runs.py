"""Runs for tests: an endpoint whose replies can be altered, targets with a transport of one's own, and few probes."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from unittest import mock

from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import CaseJudged, Event, Listener, Minimised
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import RunResult
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import Target, embedded_target
from botoproof.contract.adapters import sdk
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.sdk import Transport
from botoproof.contract.codec.query_reply import write_error
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.finding import Evidence, FindingKind, Severity
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure
from botoproof.contract.services.importexport.endpoint import NAMESPACE, Endpoint
from botoproof.contract.services.importexport.oracle import read_pairs
from botoproof.contract.services.importexport.specification import ImportExport, default_world
from botoproof.contract.services.importexport.world import World
from botoproof.contract.specification import Probe, Unreachable

OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
UPDATE = OPERATIONS["UpdateJob"]


def kind_of(code: str, severity: Severity = Severity.ERROR) -> FindingKind:
    """A kind of finding that no check of ours reports."""
    return FindingKind(code, "a_check", "title", severity, meaning="m", harm="h", provoked="p", source="s", remedy="r")


class FewProbes(ImportExport):
    """The specification with some of its probes, so that a run takes no time."""

    def probes(
        self, operation: str, world: World, credentials: tuple[Credential, ...]
    ) -> tuple[Probe | Unreachable, ...]:
        probes = ImportExport.probes(self, operation, world, credentials)
        wanted = ("success.import", "job.id=ZZZZZ", "job.cancelled", "job.complete", "parameter.Manifest.missing")
        return tuple(probe for probe in probes if isinstance(probe, Unreachable) or probe.name in wanted)


FEW = FewProbes()
Answering = Callable[[Request, Reply], Reply]


def as_it_is(_: Request, reply: Reply) -> Reply:
    return reply


class AlteredEndpoint(Endpoint):
    """The embedded endpoint, whose replies are altered as the test wishes; it remembers what it was asked."""

    def __init__(self, answering: Answering = as_it_is, world: World | None = None) -> None:
        super().__init__(world or default_world(), OPERATIONS, now=datetime.now(UTC))
        self.at_first = frozenset(self.jobs)
        self.asked: list[Request] = []
        self.answering = answering

    def answer(self, request: Request, now: datetime) -> Reply:
        self.asked.append(request)
        return self.answering(request, super().answer(request, now))

    @property
    def made(self) -> dict[str, str]:
        """The jobs that were made since, and their states."""
        return {job.job_id: job.state.value for job in self.jobs.values() if job.job_id not in self.at_first}


def action(request: Request) -> str:
    """Return the operation that a request names."""
    return dict(read_pairs(request).pairs).get("Action", "")


def refusal(code: str, status: int = 400, message: str = "No") -> Reply:
    return write_error(code, message, request_id="an-id", status=status, namespace=NAMESPACE)


def answers(operation: str, reply: Reply) -> Answering:
    """Answer every request of one operation with `reply`."""
    return lambda request, right: reply if action(request) == operation else right


def target_of(endpoint: AlteredEndpoint | None = None, **changes: object) -> Target:
    """Return an embedded target, with some attributes changed."""
    endpoint = endpoint or AlteredEndpoint()
    world = replace(endpoint.world, jobs={})
    made = embedded_target(FEW, world, EXAMPLE_KEY, endpoint=endpoint)
    return replace(made, **changes)  # type: ignore[arg-type]


_one_session = functools.cache(sdk.make_session)


def judge_of(endpoint: AlteredEndpoint | None = None, **changes: object) -> Judge:
    """Return a judge for an embedded target; all share a session, since each would read the SDK's data anew."""
    with mock.patch.object(sdk, "make_session", _one_session):
        return open_judge(FEW, target_of(endpoint, **changes))


@dataclass
class Failing:
    """A transport that fails: each time, or when the request is one of some operation.

    Attributes:
        kind: Of the failures.
        operations: The operations whose requests fail; all of them when empty.
        after: So many requests are answered first.
    """

    kind: str
    operations: Sequence[str] = ()
    after: int = 0
    endpoint: AlteredEndpoint = field(default_factory=AlteredEndpoint)
    sent: int = 0

    def __call__(self, request: Request) -> Interaction:
        now = datetime.now(UTC)
        self.sent += 1
        if self.sent > self.after and (not self.operations or action(request) in self.operations):
            return Interaction(request, None, TransportFailure(self.kind, "what happened"), now, 0.0)
        return Interaction(request, self.endpoint.answer(request, now), None, now, 0.0)


@dataclass
class Run:
    """A run that was made.

    Attributes:
        events: In order.
        result: What a collector made of them.
        raised: What `run_campaign` raised, or None.
    """

    events: list[Event]
    result: RunResult
    raised: BaseException | None

    def of(self, kind: type) -> list[Event]:
        """Return the events of a type."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def judged(self) -> list[CaseJudged]:
        return [event for event in self.events if isinstance(event, CaseJudged)]

    @property
    def minimised(self) -> list[Minimised]:
        return [event for event in self.events if isinstance(event, Minimised)]

    @property
    def codes(self) -> Mapping[str, int]:
        """How often each kind of finding was found."""
        told: Counter[str] = Counter()
        for group in self.result.findings:
            told[group.finding.kind.code] += group.count
        return told


def run(
    judge: Judge,
    *,
    listener: Listener | None = None,
    evidence: Evidence = Evidence.OBSERVED,
    clock: Callable[[], float] = time.monotonic,
    interrupted: Callable[[], bool] = lambda: False,
    **plan: object,
) -> Run:
    """Carry out a small plan."""
    events: list[Event] = []
    collector = Collector(evidence)

    def emit(event: Event) -> None:
        events.append(event)
        collector(event)
        if listener is not None:
            listener(event)

    # Replies and programs have tests of their own.
    counts = {"max_examples": 20, "max_replies": 0, "max_programs": 0}
    wanted: dict[str, object] = {**counts, "seed": 1, "operations": ("UpdateJob",), **plan}
    raised: BaseException | None = None
    try:
        run_campaign(Plan("importexport", **wanted), judge, emit, clock=clock, interrupted=interrupted)  # type: ignore[arg-type]
    except BaseException as wrong:  # noqa: BLE001 - also an interrupt is what came of the run
        raised = wrong
    return Run(events, collector.result(), raised)


def through(transport: Transport) -> Judge:
    """Return a judge whose requests go through `transport` to a URL where nobody is."""
    return judge_of(kind="url", url="http://127.0.0.1:9", transport=transport)


def names(events: list[Event]) -> list[str]:
    """Return the types of events in order, runs of the same type once."""
    told: list[str] = []
    for event in events:
        if not told or told[-1] != type(event).__name__:
            told.append(type(event).__name__)
    return told


def is_update(request: Request) -> bool:
    return action(request) not in ("CreateJob", "CancelJob")


def updates(reply: Reply) -> AlteredEndpoint:
    """Return an endpoint that answers everything but the making of jobs with `reply`."""
    return AlteredEndpoint(lambda request, right: reply if is_update(request) else right)


class Clock:
    """Time of which each look takes a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now
