"""Traces written by hand: what came of programs, without an endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from botoproof.contract.adapters.models import read_operations
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.exchange import Allowance, Exchange
from botoproof.contract.outcome import Broken, Outcome, Refused, RejectedBySdk, Returned
from botoproof.contract.program import Program, Step, Taken, Trace
from botoproof.contract.services.importexport.life import JobLife

OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
CREATED = datetime(2014, 12, 18, 12, tzinfo=UTC)
REFUSED = Refused("InvalidParameterException", "No", "Sender", 400, "InvalidParameterException", "id")
REJECTED = RejectedBySdk(("no",))
LOST = Broken("timeout", "no reply", sdk_error=True)


def returned(**value: Any) -> Returned:
    return Returned(value, 200, "id")


SUCCESS = returned(Success=True)


@dataclass
class Writing:
    """A trace that is being written: each call adds a step and what came of it."""

    steps: list[Step] = field(default_factory=list[Step])
    taken: list[Taken] = field(default_factory=list[Taken])
    ids: dict[str, str] = field(default_factory=lambda: {"expired": "EXP1A"})

    def step(self, *sent: tuple[Case, Outcome], makes: str = "", together: bool = False, paged: int = 0) -> Writing:
        """Add a step; with `paged`, so many of the last cases are further pages of the one before them."""
        number, cases = len(self.steps), tuple(case for case, _ in sent[: len(sent) - paged])
        self.steps.append(Step(cases, makes, together, paged=bool(paged)))
        for place, (case, outcome) in enumerate(sent):
            exchange = Exchange(OPERATIONS[case.operation], case, None, outcome, None, None, (), Allowance())
            self.taken.append(Taken(number, min(place, len(cases) - 1), case, exchange))
        return self

    def create(self, manifest: str = "a", job_type: str = "Import", *, job_id: str = "") -> Writing:
        name = f"job-{len(self.ids)}"
        self.ids[name] = job_id or f"JOB1{len(self.ids)}"
        parameters = {"Manifest": manifest, "JobType": job_type, "ValidateOnly": False}
        return self.step((Case("CreateJob", Call(parameters)), returned(JobId=self.ids[name])), makes=name)

    def update(
        self, manifest: str, outcome: Outcome = SUCCESS, *, job_type: str = "Import", name: str = "job-1", **more: Any
    ) -> Writing:
        return self.step((update(manifest, job_type=job_type, name=name, **more), outcome))

    def cancel(self, outcome: Outcome = SUCCESS, *, name: str = "job-1") -> Writing:
        return self.step((Case("CancelJob", Call({"JobId": reference(name)})), outcome))

    def look(
        self, manifest: str | None = "a", job_type: str = "Import", *, name: str = "job-1", **more: Any
    ) -> Writing:
        case = Case("GetStatus", Call({"JobId": reference(name)}))
        seen = {"JobId": self.ids[name], "CurrentManifest": manifest, "JobType": job_type, "CreationDate": CREATED}
        seen |= {"ProgressCode": "Pending", "Signature": f"signed {manifest}"}
        return self.step((case, returned(**{**seen, **more})))

    def look_refused(self, *, name: str = "job-1") -> Writing:
        return self.step((Case("GetStatus", Call({"JobId": reference(name)})), REFUSED))

    def listing(self, *pages: Iterable[dict[str, Any]], size: int = 1000) -> Writing:
        case = Case("ListJobs", Call({"MaxJobs": size}))
        sent = [(case, returned(Jobs=list(page), IsTruncated=page is not pages[-1])) for page in pages]
        following = replace(case, sent=Call({"MaxJobs": size, "Marker": "any"}))
        return self.step(sent[0], *((following, outcome) for _, outcome in sent[1:]), paged=len(sent) - 1)

    def trace(self) -> Trace:
        return Trace(Program(tuple(self.steps)), tuple(self.taken), self.ids)

    def told(self) -> list[str]:
        """Return what the life of jobs says of the trace: operation and code of each departure."""
        found = JobLife().departures(self.trace())
        return [f"{each.finding.operation.partition('.')[2]} {each.finding.kind.code}" for each in found]


def update(manifest: str, *, job_type: str = "Import", name: str = "job-1", **more: Any) -> Case:
    parameters = {"JobId": reference(name), "Manifest": manifest, "JobType": job_type, "ValidateOnly": False}
    return Case("UpdateJob", Call({**parameters, **more}))


def entry(writing: Writing, name: str = "job-1", **more: Any) -> dict[str, Any]:
    """Return how a list shows a job."""
    shown = {"JobId": writing.ids[name], "JobType": "Import", "CreationDate": CREATED, "IsCanceled": False}
    return {**shown, **more}
