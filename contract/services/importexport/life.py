"""What must hold across requests about the same jobs: a small model of a job's life, apart from the endpoint's own.

It reads a trace from its beginning and knows of each job what it may be, by what was asked and what was answered. What
a look at a job then shows must be among that. What nobody can know (a reply that never came, a job in a state about
which the sources contradict each other) is taken as it is found, and makes no finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...case import Call, Case
from ...finding import Evidence, Finding, FindingKind
from ...outcome import Broken, Outcome, Refused, Returned
from ...program import Departure, Taken, Trace
from . import life_kinds as kinds
from .life_lists import Known, Listing, list_departures, lost_between
from .life_sights import CANCELLED, Content, Sight, comparable, difference, is_shown_whole, read_sight

_STATUS = "/GetStatusResponse/GetStatusResult"
# Where a job stands for good; one whose transfer has started goes on by itself.
_FINAL = ("cancelled", "expired", "complete")
# Of several things done since the last look, the one that is to blame: the first of these.
_BLAME = ("together", "repeated", "accepted", "made", "rehearsal", "refused", "unknown")
_KIND_OF_BLAME: Mapping[str, FindingKind] = {
    "together": kinds.UPDATES_MIXED,
    "repeated": kinds.REPEATED_UPDATE_DIFFERS,
    "rehearsal": kinds.REHEARSAL_LEFT_TRACE,
    "refused": kinds.REFUSED_LEFT_TRACE,
}


@dataclass(frozen=True, slots=True)
class _Job:
    """What is known of a job.

    Attributes:
        may_be: Every content that it may have; empty when that is unknown.
        state: ``waiting``, the provider state, ``cancelled``, or ``unknown``.
        sight: What the last look showed, or None.
        done: What was done to it since, by the words of `_BLAME`, each with what was submitted.
    """

    may_be: tuple[Content, ...] = ()
    state: str = "waiting"
    sight: Sight | None = None
    done: tuple[tuple[str, tuple[Content, ...]], ...] = ()

    def was(self, word: str) -> bool:
        """Whether something of this kind was done since the last look."""
        return any(word == known for known, _ in self.done)

    def blame(self, seen: Content) -> str:
        """Return which of the things done is to blame for what is seen."""
        for word, submitted in () if seen in self.may_be else self.done:
            if word in ("rehearsal", "refused") and _is_mix(seen, (*self.may_be, *submitted)):
                return word  # what should have left no trace is there, or a part of it
        return next((word for word in _BLAME if self.was(word)), "nothing")


def _is_mix(seen: Content, contents: tuple[Content, ...]) -> bool:
    manifests, types = ({getattr(content, name) for content in contents} for name in ("manifest", "job_type"))
    return seen.manifest in manifests and seen.job_type in types


@dataclass
class _Reader:
    """Reads one trace."""

    trace: Trace
    jobs: dict[str, _Job] = field(default_factory=dict[str, _Job])
    changed: str = "UpdateJob"  # the operation that was last asked to change something
    listing: Listing = field(default_factory=Listing)
    list_before: Listing = field(default_factory=Listing)  # the last one that was read to its end

    def departures(self) -> Iterator[Departure]:
        for at, taken in enumerate(self.trace.taken):
            for finding in self._read(taken, at):
                yield Departure(finding, at)

    def _read(self, taken: Taken, at: int) -> Iterator[Finding]:
        case, outcome = taken.case, taken.exchange.outcome
        if not isinstance(case.sent, Call):
            return
        parameters = case.sent.parameters
        match case.operation:
            case "CreateJob":
                yield from self._created(taken, parameters, outcome)
            case "UpdateJob":
                self._updated(taken, parameters, outcome)
            case "CancelJob":
                self._cancelled(_name(case), outcome)
            case "GetStatus":
                yield from self._looked(_name(case), outcome)
            case "ListJobs":
                following = self.trace.taken[at + 1 :]
                is_last = not following or (following[0].step, following[0].number) != (taken.step, taken.number)
                yield from self._listed(parameters, outcome, is_last=is_last)
            case _:
                return

    def _job(self, name: str) -> _Job:
        # What the program did not make stands in the provider state of that name.
        return self.jobs.get(name, _Job(state=name))

    def _created(self, taken: Taken, parameters: Mapping[str, Any], outcome: Outcome) -> Iterator[Finding]:
        name = self.trace.program.steps[taken.step].makes
        made = outcome.value.get("JobId") if isinstance(outcome, Returned) else None
        if not name or not made:
            return
        self.changed = "CreateJob"
        for other, found in self.trace.ids.items():
            if found == made and (other in self.jobs or other not in self.trace.program.makes):
                yield _finding(
                    kinds.JOB_ID_REUSED, "CreateJob", "/CreateJobResponse/CreateJobResult/JobId",
                    expected="an id that no other job has", observed=f"{made!r}, the id of {other}",
                )  # fmt: skip
        self.jobs[name] = _Job(_contents(parameters), done=(("made", _contents(parameters)),))

    def _updated(self, taken: Taken, parameters: Mapping[str, Any], outcome: Outcome) -> None:
        name = _name(taken.case)
        job, submitted = self._job(name), _contents(parameters)
        self.changed = "UpdateJob"
        is_together = self.trace.program.steps[taken.step].together
        match outcome:
            case Returned(value=value) if parameters.get("ValidateOnly"):
                done, may_be = "rehearsal", job.may_be
            case Returned(value=value) if job.state in ("waiting", "unknown") and value.get("Success", True):
                done, may_be = self._accepted(job, submitted, is_together=is_together)
            case Broken():
                # It may have been carried out, or not; what cannot be compared leaves everything open.
                done = "unknown"
                may_be = (*job.may_be, *submitted) if job.may_be and submitted else ()
            case Refused():
                done, may_be = "refused", job.may_be
            case Returned():  # accepted where it cannot be: the job must stay what it was
                done, may_be = "refused", job.may_be
            case _:
                return
        self.jobs[name] = replace(job, may_be=may_be, done=(*job.done, (done, submitted)))

    def _accepted(
        self, job: _Job, submitted: tuple[Content, ...], *, is_together: bool
    ) -> tuple[str, tuple[Content, ...]]:
        if is_together:
            first = job.may_be if job.was("together") or job.was("unknown") else ()
            return "together", (*first, *submitted) if submitted else ()
        if job.sight is not None and not job.done and (job.sight.content,) == submitted == job.may_be:
            return "repeated", submitted
        return "accepted", submitted

    def _cancelled(self, name: str, outcome: Outcome) -> None:
        self.changed = "CancelJob"
        match outcome:
            case Returned(value=value) if value.get("Success", True):
                self.jobs[name] = replace(self._job(name), state="cancelled")
            case Broken():
                self.jobs[name] = replace(self._job(name), state="unknown")
            case _:
                return

    def _looked(self, name: str, outcome: Outcome) -> Iterator[Finding]:
        if not isinstance(outcome, Returned):
            return  # where it must not be refused, the expectation of this very request says so
        job, sight = self._job(name), read_sight(outcome.value)
        found = self.trace.ids.get(name)
        if found is not None and sight.job_id is not None and sight.job_id.casefold() != found.casefold():
            yield _finding(
                kinds.JOB_ID_CHANGED, "GetStatus", f"{_STATUS}/JobId", expected=repr(found), observed=repr(sight.job_id)
            )
            return  # what it shows is not this job
        yield from self._compared(job, sight)
        self.jobs[name] = replace(job, may_be=(sight.content,), sight=sight, done=())

    def _compared(self, job: _Job, sight: Sight) -> Iterator[Finding]:
        blame = job.blame(sight.content)
        operation = "CreateJob" if blame == "made" else self.changed if blame == "nothing" else "UpdateJob"
        before = job.sight
        if before is not None and before.created != sight.created:
            yield _finding(
                kinds.CREATION_DATE_CHANGED, operation, f"{_STATUS}/CreationDate",
                expected=f"{before.created}, as before", observed=str(sight.created),
            )  # fmt: skip
        if job.may_be and sight.content not in job.may_be:
            yield _unlike(job, sight, blame, operation)
        yield from _progress(job, sight, operation)
        if before is None or not before.signature or before.signature != sight.signature:
            return
        if before.content.manifest != sight.content.manifest:
            yield _finding(
                kinds.SIGNATURE_KEPT, operation, f"{_STATUS}/Signature",
                expected="another signature, as the manifest is another", observed=f"{sight.signature!r}, as before",
                evidence=Evidence.INFERRED,
            )  # fmt: skip

    def _listed(self, parameters: Mapping[str, Any], outcome: Outcome, *, is_last: bool) -> Iterator[Finding]:
        if "Marker" not in parameters:
            self.listing = Listing()
        self.listing = self.listing.with_page(parameters.get("MaxJobs"), outcome)
        if not is_last:
            return
        yield from list_departures(self.listing, tuple(self._known()))
        yield from lost_between(self.list_before, self.listing)
        if self.listing.is_whole:
            self.list_before = self.listing

    def _known(self) -> Iterator[Known]:
        for name, job in self.jobs.items():
            found = self.trace.ids.get(name)
            if found is not None:
                sight = None if job.done else job.sight
                is_ours = name in self.trace.program.makes
                yield Known(name, found, sight, is_cancelled=_is_cancelled(job), is_ours=is_ours)


def _is_cancelled(job: _Job) -> bool | None:
    if job.state == "waiting":
        return job.sight is not None and job.sight.progress == CANCELLED
    return True if job.state == "cancelled" else None


def _unlike(job: _Job, sight: Sight, blame: str, operation: str) -> Finding:
    expected = job.may_be[-1]
    of_type = any(content.manifest == sight.content.manifest for content in job.may_be)
    what, member = ("type", "JobType") if of_type else ("manifest", "CurrentManifest")
    path = f"{_STATUS}/{member}"
    if blame in ("made", "accepted", "unknown"):
        kind = kinds.TYPE_NOT_STORED if of_type else kinds.MANIFEST_NOT_STORED
        evidence = Evidence.OBSERVED if of_type else Evidence.DOCUMENTED
        return _finding(
            kind, operation, path, expected=f"the {what} that {operation} was given",
            observed=difference(expected, sight.content), evidence=evidence,
        )  # fmt: skip
    if job.state not in ("waiting", "unknown"):
        return _finding(
            kinds.CLOSED_JOB_CHANGED, operation, path, expected=f"the {what} that the {job.state} job had",
            observed=difference(expected, sight.content), key=(what,),
        )  # fmt: skip
    wanted = f"the {what} of one of the two updates" if blame == "together" else f"the {what} as it was"
    kind = _KIND_OF_BLAME.get(blame, kinds.OTHER_JOB_CHANGED)
    return _finding(
        kind, operation, path, expected=wanted, observed=difference(expected, sight.content), key=(what,)
    )  # fmt: skip


def _progress(job: _Job, sight: Sight, operation: str) -> Iterator[Finding]:
    path = f"{_STATUS}/ProgressCode"
    is_new = job.sight is None or job.sight.progress != sight.progress
    if sight.progress is None:
        return
    if job.state == "waiting" and sight.progress == CANCELLED and is_new:
        yield _finding(
            kinds.CANCELLED_UNASKED, operation, path, expected="any but Canceled", observed=repr(sight.progress)
        )
    elif job.sight is not None and job.state in _FINAL and job.sight.progress in (CANCELLED, *_ENDS):
        if is_new:
            yield _finding(
                kinds.CLOSED_JOB_CHANGED, operation, path, expected=f"{job.sight.progress!r}, as before",
                observed=repr(sight.progress), key=("progress",),
            )  # fmt: skip
    elif job.state == "cancelled" and sight.progress != CANCELLED and job.sight is not None:
        yield _finding(
            kinds.CANCEL_WITHOUT_EFFECT, "CancelJob", path, expected=repr(CANCELLED), observed=repr(sight.progress),
            evidence=Evidence.OBSERVED,
        )  # fmt: skip


_ENDS = ("Expired", "Complete", "SuccessWithErrors", "CompleteWithErrors")


def _finding(
    kind: FindingKind,
    operation: str,
    path: str,
    *,
    expected: str,
    observed: str,
    evidence: Evidence = Evidence.DOCUMENTED,
    key: tuple[str, ...] = (),
) -> Finding:
    return Finding(kind, f"importexport.{operation}", path, expected, observed, evidence, key)


def _name(case: Case) -> str:
    return next(iter(sorted(case.references())), "")


def _contents(parameters: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return what a request submits, alone in a tuple; nothing where it could not be shown as it is."""
    text = str(parameters.get("Manifest", ""))
    if not is_shown_whole(text):
        return ()
    return (Content(comparable(text), str(parameters.get("JobType", ""))),)


class JobLife:
    """What AWS Import/Export promises across several requests."""

    changes: frozenset[str] = frozenset({"CreateJob", "UpdateJob", "CancelJob"})
    survey: Case | None = Case("ListJobs", Call({"MaxJobs": 1000}), "what the account has made before")

    def next_page(self, case: Case, value: Mapping[str, Any]) -> Case | None:
        """Return the case that asks for the jobs after the last one of a page, or None after the last page."""
        jobs: list[Mapping[str, Any]] = value.get("Jobs") or []
        if not value.get("IsTruncated") or not jobs or not isinstance(case.sent, Call):
            return None
        marker = jobs[-1].get("JobId")
        return replace(case, sent=Call({**case.sent.parameters, "Marker": marker})) if marker else None

    def departures(self, trace: Trace) -> Iterator[Departure]:
        """Yield every promise that a program saw broken, in the order in which it was seen."""
        return _Reader(trace).departures()
