"""Seeded defects of state and of concurrency: endpoints that keep jobs like ours but for one thing each.

As with the other defects, nothing in the toolkit knows these names. Nearly every reply by itself is one that the
contract allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from botoproof.contract.finding import Evidence
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.world import Job, JobState

from .keeping import Keeping, StateDefect, Value


def _updates(facts: Facts) -> bool:
    return facts.operation.name == "UpdateJob"


def _changes_manifest(change: Callable[[str], str]) -> Callable[[Facts, Job, Job], Job]:
    def storing(facts: Facts, _: Job, new: Job) -> Job:
        return replace(new, manifest=change(new.manifest)) if _updates(facts) else new

    return storing


def _merged(facts: Facts, old: Job, new: Job) -> Job:
    kept = new.manifest.splitlines(keepends=True)
    names = {line.split(":")[0] for line in kept}
    more = [line for line in old.manifest.splitlines(keepends=True) if line.split(":")[0] not in names]
    return replace(new, manifest="".join((*kept, *more))) if _updates(facts) else new


def _store_when_refused(*states: JobState) -> Callable[[Keeping, Facts], None]:
    def refused(endpoint: Keeping, facts: Facts) -> None:
        if _updates(facts) and facts.job_state in states and facts.text("Manifest"):
            endpoint.keep(facts.job, manifest=facts.text("Manifest"))

    return refused


def _type_when_refused(endpoint: Keeping, facts: Facts) -> None:
    if _updates(facts) and facts.job_state is JobState.PENDING and facts.text("JobType") in ("Import", "Export"):
        endpoint.keep(facts.job, job_type=facts.text("JobType"))


def _store_rehearsal(endpoint: Keeping, facts: Facts) -> None:
    if _updates(facts) and facts.is_rehearsal:
        endpoint.keep(facts.job, manifest=facts.text("Manifest"))


def _revive(operation: str) -> Callable[[Keeping, Facts], None]:
    def refused(endpoint: Keeping, facts: Facts) -> None:
        if facts.operation.name == operation and facts.job_state is JobState.CANCELLED:
            endpoint.keep(facts.job, state=JobState.PENDING)

    return refused


def _toggle(endpoint: Keeping, facts: Facts) -> None:
    if not _updates(facts) or facts.is_rehearsal or facts.job is None:
        return
    submitted = (facts.job.job_id, facts.text("Manifest"))
    if endpoint.notes.get("last") == submitted:
        endpoint.keep(facts.job, manifest=f"{facts.text('Manifest')}# again\n")
    endpoint.notes["last"] = submitted


def _update_another(endpoint: Keeping, facts: Facts) -> None:
    if _updates(facts) and not facts.is_rehearsal:
        for job in endpoint.others(facts)[-1:]:
            endpoint.keep(job, manifest=facts.text("Manifest"))


def _cancel_another(endpoint: Keeping, facts: Facts) -> None:
    if facts.operation.name == "CancelJob":
        for job in endpoint.others(facts)[-1:]:
            endpoint.keep(job, state=JobState.CANCELLED)


def _cancel_labelled(endpoint: Keeping, facts: Facts) -> None:
    if facts.operation.name == "GetShippingLabel":
        for job_id in facts.reading.parameters["jobIds"]:
            endpoint.keep(facts.own_job(job_id), state=JobState.CANCELLED)


def _new_touches_old(endpoint: Keeping, facts: Facts) -> None:
    if facts.operation.name == "CreateJob" and not facts.is_rehearsal:
        for job in endpoint.others(facts)[-2:-1]:
            endpoint.keep(job, manifest=facts.text("Manifest"))


def _lost_cancel(facts: Facts, old: Job, new: Job) -> Job:
    return old if facts.operation.name == "CancelJob" else new


def _cancel_empties(facts: Facts, _: Job, new: Job) -> Job:
    return replace(new, manifest="") if facts.operation.name == "CancelJob" else new


def _of(operation: str, change: Callable[[Keeping, Facts, Value], Value]) -> Callable[[Keeping, Facts, Value], Value]:
    def showing(endpoint: Keeping, facts: Facts, value: Value) -> Value:
        return change(endpoint, facts, value) if facts.operation.name == operation else value

    return showing


def _once(*members: str) -> Callable[[Keeping, Facts, Value], Value]:
    """Show what was shown of these members at first."""

    def change(endpoint: Keeping, _: Facts, value: Value) -> Value:
        first = endpoint.notes.setdefault(value["JobId"], value)
        return {**value, **{name: first[name] for name in members}}

    return change


def _jobs(change: Callable[[Keeping, Facts, list[Value]], list[Value]]) -> Callable[[Keeping, Facts, Value], Value]:
    def changed(endpoint: Keeping, facts: Facts, value: Value) -> Value:
        return {**value, "Jobs": change(endpoint, facts, value["Jobs"])}

    return _of("ListJobs", changed)


def _repeat_marker(endpoint: Keeping, facts: Facts, page: list[Value]) -> list[Value]:
    marker = endpoint.jobs.get(facts.text("Marker") or "")
    if marker is None or len(page) < 2:
        return page
    cancelled = marker.state is JobState.CANCELLED
    first = {
        "JobId": marker.job_id,
        "CreationDate": marker.created,
        "IsCanceled": cancelled,
        "JobType": marker.job_type,
    }
    return [first, *page[:-1]]


def _one_more(endpoint: Keeping, _: Facts, page: list[Value]) -> list[Value]:
    listed = {entry["JobId"] for entry in page}
    more = next((entry for entry in endpoint.notes.get("all", []) if entry["JobId"] not in listed), None)
    if len(page) > len(endpoint.notes.get("all", [])):
        endpoint.notes["all"] = page
    return [*page, more] if more else page


def _types_at_first(endpoint: Keeping, _: Facts, page: list[Value]) -> list[Value]:
    types = endpoint.notes.setdefault("types", {})
    return [{**entry, "JobType": types.setdefault(entry["JobId"], entry["JobType"])} for entry in page]


def _reuse_id(endpoint: Keeping, _: Facts, value: Value) -> Value:
    gone = [job for job in endpoint.jobs.values() if job.state is JobState.CANCELLED]
    if not value.get("JobId") or not gone:
        return value
    made = endpoint.jobs.pop(value["JobId"])
    endpoint.jobs[gone[-1].job_id] = replace(made, job_id=gone[-1].job_id)
    return {**value, "JobId": gone[-1].job_id}


def _id_of_another(endpoint: Keeping, facts: Facts, value: Value) -> Value:
    others = endpoint.others(facts)
    return {**value, "JobId": others[-1].job_id} if others else value


def _halves(_: Job, first: Job, second: Job) -> Job:
    upper, lower = first.manifest.splitlines(keepends=True), second.manifest.splitlines(keepends=True)
    return replace(second, manifest="".join((*upper[: len(upper) // 2], *lower[len(lower) // 2 :])))


def _code(code: str) -> frozenset[str]:
    return frozenset({code})


STATE_DEFECTS: tuple[StateDefect, ...] = (
    StateDefect(
        "a refused update is stored",
        "update",
        _code("refused-left-trace"),
        refused=_store_when_refused(JobState.PENDING),
    ),
    StateDefect(
        "the type of a refused update is stored", "update", _code("refused-left-trace"), refused=_type_when_refused
    ),
    StateDefect("a rehearsal is stored", "update", _code("rehearsal-left-trace"), beside=_store_rehearsal),
    StateDefect("manifests are merged", "update", _code("manifest-not-stored"), storing=_merged),
    StateDefect(
        "the final line end is stripped",
        "update",
        _code("manifest-not-stored"),
        storing=_changes_manifest(lambda text: text.rstrip("\n")),
    ),
    StateDefect(
        "blank lines are squeezed",
        "update",
        _code("manifest-not-stored"),
        storing=_changes_manifest(lambda text: text.replace("\n\n", "\n")),
    ),
    StateDefect(
        "comments are dropped",
        "update",
        _code("manifest-not-stored"),
        storing=_changes_manifest(lambda text: text.partition("# the end")[0]),
    ),
    StateDefect(
        "characters outside ASCII are replaced",
        "update",
        _code("manifest-not-stored"),
        storing=_changes_manifest(lambda text: text.encode("ascii", "replace").decode()),
    ),
    StateDefect(
        "a manifest is cut at 500 characters",
        "update",
        _code("manifest-not-stored"),
        storing=_changes_manifest(lambda text: text[:500]),
    ),
    StateDefect(
        "the type is not changed",
        "update",
        _code("type-not-stored"),
        storing=lambda facts, old, new: replace(new, job_type=old.job_type),
    ),
    StateDefect(
        "an update renews the creation date",
        "update",
        _code("creation-date-changed"),
        storing=lambda facts, old, new: replace(new, created=old.created + timedelta(seconds=7)),
    ),
    StateDefect("the same update once more adds a line", "update", _code("repeated-update-differs"), beside=_toggle),
    StateDefect(
        "an update is lost in silence",
        "update",
        _code("manifest-not-stored"),
        storing=lambda facts, old, new: old if _updates(facts) else new,
    ),
    StateDefect(
        "the manifest that is shown is stale",
        "update",
        _code("manifest-not-stored"),
        showing=_of("GetStatus", _once("CurrentManifest")),
    ),
    StateDefect(
        "the type that is shown is stale",
        "update",
        _code("type-not-stored"),
        showing=_of("GetStatus", _once("JobType")),
    ),
    StateDefect("an update overwrites another job", "other jobs", _code("other-job-changed"), beside=_update_another),
    StateDefect("a new job overwrites another", "other jobs", _code("other-job-changed"), beside=_new_touches_old),
    StateDefect("a cancellation cancels another job", "other jobs", _code("cancelled-unasked"), beside=_cancel_another),
    StateDefect("a shipping label cancels the job", "other jobs", _code("cancelled-unasked"), beside=_cancel_labelled),
    StateDefect("a cancellation is lost in silence", "cancel", _code("cancel-without-effect"), storing=_lost_cancel),
    StateDefect("a cancellation empties the manifest", "cancel", _code("closed-job-changed"), storing=_cancel_empties),
    StateDefect(
        "a refused update revives a cancelled job", "cancel", _code("closed-job-changed"), refused=_revive("UpdateJob")
    ),
    StateDefect(
        "a second cancellation revives the job", "cancel", _code("closed-job-changed"), refused=_revive("CancelJob")
    ),
    StateDefect(
        "a refused update of a cancelled job is stored",
        "cancel",
        _code("closed-job-changed"),
        refused=_store_when_refused(JobState.CANCELLED),
    ),
    StateDefect(
        "a refused update of an expired job is stored",
        "cancel",
        _code("closed-job-changed"),
        refused=_store_when_refused(JobState.EXPIRED),
    ),
    StateDefect(
        "a refused update of a running or finished job is stored",
        "cancel",
        _code("closed-job-changed"),
        refused=_store_when_refused(JobState.IN_PROGRESS, JobState.COMPLETE),
    ),
    StateDefect(
        "a page begins one job too far",
        "list",
        _code("list-loses"),
        showing=_jobs(lambda _, facts, page: page[1:] if facts.text("Marker") else page),
    ),
    StateDefect("a page begins with the marker", "list", _code("list-repeats"), showing=_jobs(_repeat_marker)),
    StateDefect(
        "cancelled jobs are not listed",
        "list",
        _code("list-loses"),
        showing=_jobs(lambda _, __, page: [entry for entry in page if not entry["IsCanceled"]]),
    ),
    StateDefect(
        "no job is listed as cancelled",
        "list",
        _code("list-disagrees"),
        showing=_jobs(lambda _, __, page: [{**entry, "IsCanceled": False} for entry in page]),
    ),
    StateDefect("the type that is listed is stale", "list", _code("list-disagrees"), showing=_jobs(_types_at_first)),
    StateDefect("a page is one job too long", "list", _code("list-page-too-long"), showing=_jobs(_one_more)),
    StateDefect(
        "the list ends with its first page",
        "list",
        _code("list-loses"),
        showing=_of("ListJobs", lambda _, __, value: {**value, "IsTruncated": False}),
    ),
    StateDefect(
        "the oldest job is listed first", "list", _code("list-order"), showing=_jobs(lambda _, __, page: page[::-1])
    ),
    StateDefect(
        "the id of a cancelled job is given again",
        "identity",
        _code("job-id-reused"),
        showing=_of("CreateJob", _reuse_id),
    ),
    StateDefect("another job is shown", "identity", _code("job-id-changed"), showing=_of("GetStatus", _id_of_another)),
    StateDefect(
        "the signature is not renewed",
        "identity",
        _code("signature-kept"),
        showing=_of("GetStatus", _once("Signature")),
        evidence=Evidence.INFERRED,
    ),
    StateDefect(
        "two updates at once leave half of each manifest", "concurrency", _code("updates-mixed"), overlapping=_halves
    ),
    StateDefect(
        "two updates at once leave the type of one and the manifest of the other",
        "concurrency",
        _code("updates-mixed"),
        overlapping=lambda _, first, second: replace(second, job_type=first.job_type),
    ),
    StateDefect(
        "two updates at once leave neither",
        "concurrency",
        _code("updates-mixed"),
        overlapping=lambda before, _, __: before,
    ),
)
"""Every defect of the second part of the exam."""
