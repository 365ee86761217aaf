"""The life of jobs: right traces show no departure, and each wrong one shows what it is, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botoproof.contract.case import Call, Case
from botoproof.contract.finding import Evidence, Severity
from botoproof.contract.services.importexport.life import JobLife
from botoproof.contract.services.importexport.life_kinds import LIFE_KINDS
from botoproof.contract.services.importexport.life_sights import Content, comparable, difference, is_shown_whole

from .traces import CREATED, LOST, REFUSED, REJECTED, SUCCESS, Writing, entry, returned, update


def made(manifest: str = "a") -> Writing:
    """Return a trace in which a job was made and looked at."""
    return Writing().create(manifest).look(manifest)


REHEARSAL = Case("CreateJob", Call({"Manifest": "a", "JobType": "Import", "ValidateOnly": True}))
LIST = Case("ListJobs", Call({"MaxJobs": 1}))
NEXT = Case("ListJobs", Call({"MaxJobs": 1, "Marker": "ZZZZZ"}))
LATER, EARLIER = CREATED + timedelta(days=1), CREATED - timedelta(days=1)
TOGETHER = ((update("b"), SUCCESS), (update("c", job_type="Export"), SUCCESS))
EXPIRED = {"name": "expired", "ProgressCode": "Expired"}
DONE = {"ProgressCode": "Canceled"}

RIGHT: dict[str, Writing] = {
    "an update is shown": made().update("b", job_type="Export").look("b", "Export"),
    "a refused update leaves no trace": made().update("b", REFUSED).look(),
    "what the SDK rejects leaves no trace": made().update("b", REJECTED).look(),
    "a rehearsal leaves no trace": made().update("b", ValidateOnly=True).look(),
    "the same update twice": made().update("b").look("b").update("b").look("b"),
    "line ends that XML makes one": made().update("b\r\nc\rd\n").look("b\nc\nd\n"),
    "what XML cannot hold is not compared": made().update("b\x01").look("b�").update("c").look("c"),
    "the first of two at once": made().step(*TOGETHER, together=True).look("b"),
    "the second of two at once": made().step(*TOGETHER, together=True).look("c", "Export"),
    "the one accepted of two at once": made()
    .step((update("b"), REFUSED), TOGETHER[1], together=True)
    .look("c", "Export"),
    "two refused at once": made().step((update("b"), REFUSED), (update("c"), REFUSED), together=True).look(),
    "an update whose reply was lost, stored": made().update("b", LOST).look("b"),
    "an update whose reply was lost, not stored": made().update("b", LOST).look(),
    "a lost one comes after an accepted one": made().update("b", LOST).update("c").look("c"),
    "one of two at once is lost and stored": made().step((update("b"), LOST), TOGETHER[1], together=True).look("b"),
    "an update after a cancellation whose reply was lost": made().cancel(LOST).update("b").look("b"),
    "a cancellation that did not come about": made().cancel(LOST).look(),
    "a cancellation that says so": made().cancel(returned(Success=False)).look(),
    "a rehearsal makes nothing, whatever it shows": made().step((REHEARSAL, returned(JobId="JOB11"))).look(),
    "a cancelled job": made().cancel().look(**DONE).update("b", REFUSED).look(**DONE),
    "a cancelled job cannot be looked at": made().cancel().look_refused().update("b", REFUSED).look_refused(),
    "a cancellation whose reply was lost": made().cancel(LOST).look(**DONE),
    "a refused cancellation": made().cancel(REFUSED).look(),
    "an expired job": Writing().look(**EXPIRED).update("b", REFUSED, name="expired").look(**EXPIRED),
    "a running job goes on by itself": Writing(ids={"in-progress": "RUN1A"})
    .look(name="in-progress", ProgressCode="InProgress")
    .look(name="in-progress", ProgressCode="Complete")
    .look(name="in-progress", ProgressCode="CompleteWithErrors"),
    "a job of which nothing is known yet": Writing(ids={"cancelled": "CNC1A"}).look(name="cancelled"),
    "an id in lower case": made().look(JobId="job11"),
    "a list": made().listing([entry(made())]),
    "a list without a job of the keeper's": Writing().look(**EXPIRED).listing([]),
    "a list of what nobody has looked at since": made()
    .update("b", job_type="Export")
    .listing([entry(made(), JobType="Export")]),
    "a list after a cancellation whose reply was lost": made().cancel(LOST).listing([entry(made(), IsCanceled=True)]),
    "a list where GetStatus shows no date": Writing().create().look(CreationDate=None).listing([entry(made())]),
    "a job that somebody made between two lists": made()
    .listing([entry(made())])
    .listing([entry(made(), JobId="ZZZZZ", CreationDate=LATER), entry(made())]),
    "a job made in the same second": made()
    .listing([entry(made())])
    .listing([entry(made(), JobId="ZZZZZ"), entry(made())]),
    "a list without dates": Writing()
    .create()
    .look(CreationDate=None)
    .listing([entry(made(), CreationDate=None)])
    .listing([entry(made(), JobId="ZZZZZ", CreationDate=None), entry(made(), CreationDate=None)]),
    "a list that does not go on after another": made()
    .listing([entry(made()), entry(made(), JobId="ZZZZZ", CreationDate=EARLIER)])
    .step((LIST, returned(Jobs=[], IsTruncated=True))),
    "a list after one that was not read to its end": made()
    .step((LIST, returned(Jobs=[entry(made())], IsTruncated=True)))
    .listing([entry(made()), entry(made(), JobId="ZZZZZ", CreationDate=EARLIER)]),
    "a list that was refused": made().step((LIST, REFUSED)),
    "a list of which a page was refused": made().step((LIST, returned(Jobs=[])), (NEXT, REFUSED), paged=1),
    "a list that was not read to its end": made().step((LIST, returned(Jobs=[], IsTruncated=True))),
    "a job of somebody else in a list": made().listing([entry(made(), JobId="ZZZZZ"), entry(made())]),
}


@pytest.mark.parametrize("writing", RIGHT.values(), ids=RIGHT)
def test_a_right_trace_shows_no_departure(writing: Writing) -> None:
    assert writing.told() == []


def two() -> Writing:
    return made().create("x").look("x", name="job-2")


WRONG: dict[str, tuple[Writing, str]] = {
    "a refused update is stored": (made().update("b", REFUSED).look("b"), "UpdateJob refused-left-trace"),
    "its type is": (made().update("b", REFUSED).look("a", "Export"), "UpdateJob refused-left-trace"),
    "a rehearsal is stored": (made().update("b", ValidateOnly=True).look("b"), "UpdateJob rehearsal-left-trace"),
    "an update is not": (made().update("b").look("a"), "UpdateJob manifest-not-stored"),
    "an update is trimmed": (made().update("b\n").look("b"), "UpdateJob manifest-not-stored"),
    "no manifest is shown": (made().update("b").look(None), "UpdateJob manifest-not-stored"),
    "a new job's manifest is another": (Writing().create("a").look("b"), "CreateJob manifest-not-stored"),
    "the type is not stored": (made().update("b", job_type="Export").look("b"), "UpdateJob type-not-stored"),
    "a new job's type is another": (Writing().create("a").look("a", "Export"), "CreateJob type-not-stored"),
    "neither of what may be after a lost reply": (made().update("b", LOST).look("z"), "UpdateJob manifest-not-stored"),
    "another job changed": (two().update("b").look("b").look("b", name="job-2"), "UpdateJob other-job-changed"),
    "another job's cancellation empties it": (two().cancel().look("", name="job-2"), "CancelJob other-job-changed"),
    "an update that is no repetition": (
        made().update("b").look("b").update("c", ValidateOnly=True).update("b").look("bb"),
        "UpdateJob manifest-not-stored",
    ),
    "a refused update of a new job is stored": (
        Writing().create("a").update("b", REFUSED).look("b"),
        "UpdateJob refused-left-trace",
    ),
    "the manifest of a refused update of a new job is stored, its type is not": (
        Writing().create("a").update("b", REFUSED, job_type="Export").look("b"),
        "UpdateJob refused-left-trace",
    ),
    "the type of a refused update of a new job is stored": (
        Writing().create("a").update("b", REFUSED, job_type="Export").look("a", "Export"),
        "UpdateJob refused-left-trace",
    ),
    "a rehearsal after an update is stored": (
        made().update("b").update("c", ValidateOnly=True).look("c"),
        "UpdateJob rehearsal-left-trace",
    ),
    "an update between refused ones is not stored": (
        made().update("b").update("c", REFUSED).look("a"),
        "UpdateJob manifest-not-stored",
    ),
    "an earlier date": (made().update("b").look("b", CreationDate=EARLIER), "UpdateJob creation-date-changed"),
    "another job is shown, with all that it has": (made().look("zz", JobId="ZZZZZ"), "GetStatus job-id-changed"),
    "nobody cancelled, looked at twice": (made().look(**DONE).look(**DONE), "CreateJob cancelled-unasked"),
    "an expired job waits again": (
        Writing().look(**EXPIRED).update("b", REFUSED, name="expired").look(name="expired"),
        "UpdateJob closed-job-changed",
    ),
    "the date changed": (made().update("b").look("b", CreationDate=LATER), "UpdateJob creation-date-changed"),
    "another id is shown": (made().look(JobId="ZZZZZ"), "GetStatus job-id-changed"),
    "an id is used again": (made().create("x", job_id="JOB11"), "CreateJob job-id-reused"),
    "an id of a provider state is": (Writing().create("x", job_id="EXP1A"), "CreateJob job-id-reused"),
    "an expired job is updated": (
        Writing().look(**EXPIRED).update("b", REFUSED, name="expired").look("b", **EXPIRED),
        "UpdateJob closed-job-changed",
    ),
    "an update of an expired job is accepted": (
        Writing().look(**EXPIRED).update("b", name="expired").look("b", **EXPIRED),
        "UpdateJob closed-job-changed",
    ),
    "a cancelled job is revived": (
        made().cancel().look(**DONE).update("b", REFUSED).look(),
        "UpdateJob closed-job-changed",
    ),
    "the same once more gives another": (
        made().update("b").look("b").update("b").look("bb"),
        "UpdateJob repeated-update-differs",
    ),
    "two at once are mixed": (made().step(*TOGETHER, together=True).look("bc"), "UpdateJob updates-mixed"),
    "the types of two at once are": (
        made().step(*TOGETHER, together=True).look("b", "Export"),
        "UpdateJob updates-mixed",
    ),
    "two at once leave what was before": (made().step(*TOGETHER, together=True).look("a"), "UpdateJob updates-mixed"),
    "a cancellation is lost": (made().cancel().look(), "CancelJob cancel-without-effect"),
    "nobody cancelled": (made().update("b").look("b", **DONE), "UpdateJob cancelled-unasked"),
    "a refused cancellation cancels": (made().cancel(REFUSED).look(**DONE), "CancelJob cancelled-unasked"),
    "a job twice": (made().listing([entry(made())], [entry(made())], size=1), "ListJobs list-repeats"),
    "a job not at all": (made().listing([]), "ListJobs list-loses"),
    "a job not in any page": (made().listing([entry(made(), JobId="Z")], [], size=1), "ListJobs list-loses"),
    "a job that the list before this one named": (
        made().listing([entry(made()), entry(made(), JobId="ZZZZZ", CreationDate=EARLIER)]).listing([entry(made())]),
        "ListJobs list-loses",
    ),
    "a job that the list before this one overlooked": (
        made().listing([entry(made())]).listing([entry(made()), entry(made(), JobId="ZZZZZ", CreationDate=EARLIER)]),
        "ListJobs list-loses",
    ),
    "a page too long": (
        two().listing([entry(two()), entry(two(), "job-2")], size=1),
        "ListJobs list-page-too-long",
    ),
    "another type in the list": (made().listing([entry(made(), JobType="Export")]), "ListJobs list-disagrees"),
    "another date in the list": (made().listing([entry(made(), CreationDate=EARLIER)]), "ListJobs list-disagrees"),
    "cancelled only in the list": (made().listing([entry(made(), IsCanceled=True)]), "ListJobs list-disagrees"),
    "cancelled, but not in the list": (made().cancel().listing([entry(made())]), "ListJobs list-disagrees"),
    "the oldest first": (
        made().listing([entry(made()), entry(made(), JobId="ZZZZZ", CreationDate=LATER)]),
        "ListJobs list-order",
    ),
    "the signature stays": (
        made().update("b").look("b", Signature="signed a"),
        "UpdateJob signature-kept",
    ),
}


@pytest.mark.parametrize(("writing", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_trace_shows_one_departure(writing: Writing, told: str) -> None:
    assert writing.told() == [told]


def test_every_kind_is_shown_by_a_trace() -> None:
    assert {told.split()[1] for _, told in WRONG.values()} == {kind.code for kind in LIFE_KINDS}


@pytest.mark.parametrize("again", ["b", "a"])
def test_what_was_found_once_is_what_is_known_from_then_on(again: str) -> None:
    """Otherwise each later look would tell of the same change."""
    writing = made().update("b", REFUSED).look("b").look("b")

    assert writing.told() == ["UpdateJob refused-left-trace"]
    assert len(writing.update(again).look(again).told()) == 1


def test_a_departure_is_told_of_the_case_that_shows_it() -> None:
    writing = made().update("b", REFUSED).look("b").look("b")

    [departure] = JobLife().departures(writing.trace())

    assert departure.at == 3
    assert departure.finding.path == "/GetStatusResponse/GetStatusResult/CurrentManifest"
    assert departure.finding.observed == "'b' at character 0, where 'a' should be"


def test_the_signature_is_a_note_and_the_type_an_observation() -> None:
    told = {name: next(JobLife().departures(WRONG[name][0].trace())).finding for name in WRONG}

    assert told["the signature stays"].severity(Evidence.OBSERVED) is Severity.NOTE
    assert told["the type is not stored"].evidence is Evidence.OBSERVED
    assert told["an update is not"].evidence is Evidence.DOCUMENTED


def test_fingerprints_hold_no_ids_and_no_manifests() -> None:
    def fingerprint(writing: Writing) -> str:
        return next(JobLife().departures(writing.trace())).finding.fingerprint

    one = fingerprint(made().update("b", REFUSED).look("b"))
    other = fingerprint(Writing().create("zz", job_id="QQQQQ").look("zz").update("yy", REFUSED).look("yy"))

    assert one == other
    assert one != fingerprint(made().update("b", REFUSED).look("a", "Export"))


@pytest.mark.parametrize(
    ("value", "marker"),
    [
        (returned(Jobs=[{"JobId": "AAAAA"}, {"JobId": "BBBBB"}], IsTruncated=True), "BBBBB"),
        (returned(Jobs=[{"JobId": "AAAAA"}], IsTruncated=False), None),
        (returned(Jobs=[], IsTruncated=True), None),
        (returned(IsTruncated=True), None),
    ],
)
def test_the_next_page_begins_after_the_last_job(value: object, marker: str | None) -> None:
    case = Case("ListJobs", Call({"MaxJobs": 2}))

    following = JobLife().next_page(case, value.value)  # type: ignore[attr-defined]

    wanted = None if marker is None else Case("ListJobs", Call({"MaxJobs": 2, "Marker": marker}))
    assert following == wanted


def test_a_difference_is_told_where_it_begins() -> None:
    whole = Content("one\ntwo\n", "Import")

    assert difference(whole, Content("one\ntwo", "Import")) == "the end at character 7, where '\\n' should be"
    assert difference(whole, Content("one\nTwo\n", "Import")).startswith("'Two\\n' at character 4")
    assert difference(whole, Content("one\ntwo\n", "Export")) == "'Export', where 'Import' should be"
    assert difference(whole, Content(None, "Import")) == "no manifest"


def test_line_ends_are_made_equal_and_nothing_else() -> None:
    assert comparable(" a\r\n\tb \r") == " a\n\tb \n"
    assert not is_shown_whole("a\x0b")
    assert is_shown_whole("a\r\n\t漢😀")
