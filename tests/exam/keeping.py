"""An endpoint that keeps jobs like ours but for one thing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botoproof.contract.adapters.models import read_operations
from botoproof.contract.expectation import Violation
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.specification import default_world
from botoproof.contract.services.importexport.world import Job, JobState

Value = dict[str, Any]
# Far longer than two threads take to meet.
_PATIENCE = 20


@dataclass(frozen=True)
class StateDefect:
    """One thing that an endpoint does wrong with its jobs.

    Attributes:
        name: For the table.
        family: ``update``, ``other jobs``, ``cancel``, ``list``, ``identity`` or ``concurrency``.
        shown_by: The codes of findings by which it is found; another finding beside them is no proof that it was seen.
        storing: Gives the job to keep, from the one before and the one that should be kept.
        beside: Changes jobs after a successful request.
        refused: Changes jobs after a refused request.
        showing: Changes the members of a result.
        overlapping: Gives the job to keep, from those that two updates at the same time should have left.
        evidence: The line from which the defect counts.
    """

    name: str
    family: str
    shown_by: frozenset[str]
    storing: Callable[[Facts, Job, Job], Job] | None = None
    beside: Callable[[Keeping, Facts], None] | None = None
    refused: Callable[[Keeping, Facts], None] | None = None
    showing: Callable[[Keeping, Facts, Value], Value] | None = None
    overlapping: Callable[[Job, Job, Job], Job] | None = None
    evidence: Evidence = Evidence.OBSERVED


class Keeping(Endpoint):
    """The embedded endpoint with one defect in what it keeps.

    Attributes:
        notes: What the defect remembers.
    """

    def __init__(self, defect: StateDefect) -> None:
        operations = {operation.name: operation for operation in read_operations("importexport")}
        super().__init__(default_world(), operations, now=datetime.now(UTC))
        self.notes: dict[str, Any] = {}
        self._defect = defect
        self._lock = threading.RLock()
        self._home = threading.get_ident()
        self._meeting = threading.Barrier(2)
        self._together: list[tuple[Job, Job]] = []

    def bookmark(self) -> Callable[[], None]:
        put_back = super().bookmark()

        def forget() -> None:
            put_back()
            self.notes.clear()

        return forget

    def answer(self, request: Request, now: datetime) -> Reply:
        # Who sends from another thread than the run's own has a partner that does the same.
        if self._defect.overlapping is not None and threading.get_ident() != self._home:
            return self._overlapped(request, now, self._defect.overlapping)
        with self._lock:
            return super().answer(request, now)

    def _overlapped(self, request: Request, now: datetime, left: Callable[[Job, Job, Job], Job]) -> Reply:
        self._meeting.wait(_PATIENCE)
        with self._lock:
            before = dict(self.jobs)
            reply = super().answer(request, now)
            changed = [job for job_id, job in self.jobs.items() if before.get(job_id) != job]
            self._together += [(before[job.job_id], job) for job in changed if job.job_id in before]
        self._meeting.wait(_PATIENCE)
        with self._lock:
            if len(self._together) == 2:
                (first_before, first), (_, second) = self._together
                self.jobs[first.job_id] = left(first_before, first, second)
            self._together = []
        return reply

    def refusal(self, facts: Facts, broken: Violation, request_id: str) -> Reply:
        reply = super().refusal(facts, broken, request_id)
        if self._defect.refused is not None:
            self._defect.refused(self, facts)
        return reply

    def apply(self, facts: Facts) -> Mapping[str, Any]:
        before, defect = dict(self.jobs), self._defect
        value: Value = dict(super().apply(facts))
        if defect.storing is not None:
            for job_id, old in before.items():
                if self.jobs[job_id] != old:
                    self.jobs[job_id] = defect.storing(facts, old, self.jobs[job_id])
        if defect.beside is not None:
            defect.beside(self, facts)
        return value if defect.showing is None else defect.showing(self, facts, value)

    def keep(self, job: Job | None, **changes: Any) -> None:
        """Change what is kept of a job."""
        if job is not None:
            self.jobs[job.job_id] = replace(self.jobs[job.job_id], **changes)

    def others(self, facts: Facts) -> list[Job]:
        """The account's other jobs that wait for their device."""
        wait = (JobState.PENDING, JobState.RECEIVED)
        own = [job for job in self.jobs.values() if job.account == facts.account and job.state_at(facts.now) in wait]
        return [job for job in own if facts.job is None or job.job_id != facts.job.job_id]
