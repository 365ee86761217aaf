"""Lists of jobs, joined from their pages and held against what is known of the jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ...finding import Evidence, Finding, FindingKind
from ...outcome import Outcome, Returned
from . import life_kinds as kinds
from .life_sights import Sight

_JOBS = "/ListJobsResponse/ListJobsResult/Jobs"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a job that a list should show.

    Attributes:
        name: As the program refers to it.
        job_id: Its id.
        sight: What GetStatus showed last, with nothing done to the job since; None when there is no such look.
        is_cancelled: Whether it is cancelled; None when that is unknown.
        is_ours: Whether the program made it, so that it must be listed.
    """

    name: str
    job_id: str
    sight: Sight | None
    is_cancelled: bool | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages of a list, joined.

    Attributes:
        entries: The jobs in the order of the pages.
        too_long: The first page with more entries than it was asked for: what was asked and what came.
        is_read: Whether every page came.
        goes_on: Whether the last one says that there are more.
    """

    entries: tuple[Mapping[str, Any], ...] = ()
    too_long: tuple[int, int] | None = None
    is_read: bool = True
    goes_on: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it was read from its first page to its last."""
        return self.is_read and not self.goes_on

    def with_page(self, size: int | None, outcome: Outcome) -> Listing:
        """Return the list with one more page.

        Args:
            size: How many jobs were asked for.
            outcome: What came.
        """
        if not isinstance(outcome, Returned):
            return replace(self, is_read=False)
        page: list[Mapping[str, Any]] = outcome.value.get("Jobs") or []
        too_long = self.too_long or ((size, len(page)) if size and len(page) > size else None)
        goes_on = bool(outcome.value.get("IsTruncated"))
        return replace(self, entries=(*self.entries, *page), too_long=too_long, goes_on=goes_on)


def list_departures(listing: Listing, known: tuple[Known, ...]) -> Iterator[Finding]:
    """Yield what is wrong with a list.

    Args:
        listing: Its pages.
        known: The jobs of which something is known.
    """
    if listing.too_long is not None:
        size, count = listing.too_long
        yield _finding(kinds.LIST_PAGE_TOO_LONG, "", f"at most {size} jobs", f"{count} jobs")
    times = Counter(str(entry.get("JobId")) for entry in listing.entries)
    repeated = next((job_id for job_id, count in times.items() if count > 1), None)
    if repeated is not None:
        yield _finding(kinds.LIST_REPEATS, "", "each job once", f"{repeated!r} {times[repeated]} times")
    yield from _order(listing)
    for job in known:
        if job.job_id in times:
            entry = next(entry for entry in listing.entries if entry.get("JobId") == job.job_id)
            yield from _agreement(job, entry)
        elif job.is_ours and listing.is_whole:
            state = "cancelled" if job.is_cancelled else "waiting"
            yield _finding(
                kinds.LIST_LOSES, "", f"{job.job_id!r} ({job.name}) among the jobs",
                f"{len(listing.entries)} others", key=(state,),
                evidence=Evidence.OBSERVED if job.is_cancelled else Evidence.DOCUMENTED,
            )  # fmt: skip


def lost_between(before: Listing, after: Listing) -> Iterator[Finding]:
    """Yield what one of two lists of the same program lacks of the other: no job goes away.

    Args:
        before: The earlier list, read to its end.
        after: The later one. What it names beside must be newer than the newest job of the earlier one: somebody else
            may have made a job in between.
    """
    if not after.is_whole:
        return
    first, second = _dates(before), _dates(after)
    gone = next((job_id for job_id in first if job_id not in second), None)
    newest = max((date for date in first.values() if date is not None), default=None)
    overlooked = next(
        (
            job_id
            for job_id, date in second.items()
            if job_id not in first and date is not None and newest is not None and date < newest
        ),
        None,
    )
    for job_id, has, lacks in (
        (gone, "the list before it", "this one"),
        (overlooked, "this one", "the list before it"),
    ):
        if job_id is not None:
            expected, observed = f"{job_id!r}, as in {has}", f"no such job in {lacks}"
            yield _finding(kinds.LIST_LOSES, "", expected, observed, evidence=Evidence.OBSERVED, key=("another list",))


def _dates(listing: Listing) -> dict[str, Any]:
    return {str(entry.get("JobId")): entry.get("CreationDate") for entry in listing.entries}


def _order(listing: Listing) -> Iterator[Finding]:
    dates = [entry.get("CreationDate") for entry in listing.entries]
    for earlier, later in pairwise(date for date in dates if date is not None):
        if earlier < later:
            yield _finding(kinds.LIST_ORDER, "/CreationDate", "the newest job first", f"{earlier} before {later}")
            return


def _agreement(job: Known, entry: Mapping[str, Any]) -> Iterator[Finding]:
    sight = job.sight
    expected: dict[str, object] = {"IsCanceled": job.is_cancelled}
    if sight is not None:
        expected |= {"JobType": sight.content.job_type, "CreationDate": sight.created}
    for member, value in expected.items():
        if value is not None and entry.get(member) != value:
            evidence = Evidence.DOCUMENTED if member == "CreationDate" else Evidence.OBSERVED
            yield _finding(
                kinds.LIST_DISAGREES, f"/{member}", f"{value} for {job.name}", str(entry.get(member)), evidence=evidence
            )


def _finding(
    kind: FindingKind,
    path: str,
    expected: str,
    observed: str,
    *,
    evidence: Evidence = Evidence.DOCUMENTED,
    key: tuple[str, ...] = (),
) -> Finding:
    return Finding(kind, "importexport.ListJobs", f"{_JOBS}{path}", expected, observed, evidence, key)
