"""What can be wrong across several requests: the kinds of findings that the life of jobs reports."""

from __future__ import annotations

from ...finding import FindingKind, Severity
from . import sources

_SHOWS = "GetStatus is asked after each change, and at the end of a program for every job of it."
_REPLACES = f"{sources.model('UpdateJob')} (the new manifest replaces the original one); {sources.UPDATING}"
_LISTS = f"{sources.model('ListJobs')}; {sources.LIST_JOBS}"
_AFTER = f"{sources.LIVE_JAVA}; {sources.LIVE_NET}"


def _kind(
    code: str,
    check: str,
    title: str,
    *,
    meaning: str,
    harm: str,
    provoked: str,
    source: str,
    remedy: str,
    graded: bool = False,
) -> FindingKind:
    return FindingKind(
        code,
        check,
        title,
        Severity.ERROR,
        meaning=meaning,
        harm=harm,
        provoked=provoked,
        source=source,
        remedy=remedy,
        graded=graded,
    )


REFUSED_LEFT_TRACE = _kind(
    "refused-left-trace",
    "refused_update_leaves_no_trace",
    "a refused update changed the job",
    meaning=f"UpdateJob answered with an error, and the job was another afterwards. {_SHOWS}",
    harm="Who takes the job for what it was before: it is processed by the manifest that was refused.",
    provoked="The endpoint stores first and checks afterwards, or stores the parts of a request that it found right.",
    source=f"{sources.model('MissingManifestFieldException')} (correct and resubmit); {sources.ERRORS}",
    remedy="Check everything before anything is stored, or roll back.",
)
REHEARSAL_LEFT_TRACE = _kind(
    "rehearsal-left-trace",
    "rehearsal_leaves_no_trace",
    "an update with ValidateOnly=true changed the job",
    meaning=f"ValidateOnly asks for a check only, and the job was another afterwards. {_SHOWS}",
    harm="Who rehearses an update before daring it: the rehearsal was the real thing.",
    provoked="The endpoint ignores ValidateOnly, or takes the text 'true' for something else.",
    source=f"{sources.model('ValidateOnly')}, a member of UpdateJobInput too",
    remedy="Return before anything is stored when ValidateOnly is true.",
)
MANIFEST_NOT_STORED = _kind(
    "manifest-not-stored",
    "accepted_manifest_is_what_get_status_shows",
    "an accepted manifest is not the one that GetStatus shows",
    meaning=(
        "CreateJob or UpdateJob succeeded, and CurrentManifest is not what was submitted, character for character. "
        "Line ends count as one line feed each, since readers of XML make them so (XML 1.0, 2.11); a manifest with a "
        "character that XML cannot hold is not compared."
    ),
    harm="Who relies on the manifest: the device is processed by another one.",
    provoked="The endpoint merges manifests, normalises or trims them, shows a stale copy, or stores nothing.",
    source=f"{sources.model('CurrentManifest')} (the last manifest submitted); {_REPLACES}",
    remedy="Store the text as it was submitted, whole, and read it from where it is stored.",
)
TYPE_NOT_STORED = _kind(
    "type-not-stored",
    "accepted_type_is_what_get_status_shows",
    "an accepted JobType is not the one that GetStatus shows",
    meaning="CreateJob or UpdateJob succeeded, and JobType is another. UpdateJob may change an import into an export.",
    harm="Who changes a job's type: data are read from the device that were to be written to it, or the other way.",
    provoked="The endpoint stores the manifest of an update and forgets its JobType.",
    source=f"{_AFTER} (an import updated to an export is shown as an export)",
    remedy="Store JobType with the manifest, in one step.",
    graded=True,
)
OTHER_JOB_CHANGED = _kind(
    "other-job-changed",
    "other_jobs_are_untouched",
    "a job changed that no request named",
    meaning=f"Between two looks at a job, only other jobs were named by what was sent, and it changed. {_SHOWS}",
    harm="Everybody with more than one job: one job's manifest ends up in another.",
    provoked="The endpoint finds jobs by the wrong key, shares one object among jobs, or stores by position.",
    source=f"{sources.model('JobId')} (refers to a particular job); {sources.model('UpdateJob')}",
    remedy="Look where the endpoint finds the job that it changes.",
)
CREATION_DATE_CHANGED = _kind(
    "creation-date-changed",
    "creation_date_never_changes",
    "CreationDate of a job changed",
    meaning="CreationDate is the time of the CreateJob request, and was another than at the look before.",
    harm="Who reckons when a job expires, and whoever sorts jobs by age.",
    provoked="The endpoint makes a new record for an update, or shows the time of the last change.",
    source=f"{sources.model('CreationDate')} (timestamp of the CreateJob request)",
    remedy="Set the date once, when the job is made.",
)
JOB_ID_CHANGED = _kind(
    "job-id-changed",
    "job_keeps_its_id",
    "GetStatus shows another JobId than the one asked for",
    meaning="GetStatus was asked for one job, and its reply names another.",
    harm="Who uses the id in the reply for the next call, and works on another job.",
    provoked="The endpoint gives a job a new id when it is updated, or finds another job than was asked for.",
    source=f"{sources.model('JobId')} (refers to a particular job)",
    remedy="Keep the id for as long as the job is there.",
)
JOB_ID_REUSED = _kind(
    "job-id-reused",
    "every_job_has_an_id_of_its_own",
    "CreateJob returned the id of another job",
    meaning="A new job got an id that another job of the account has or had.",
    harm="Whoever holds the older job's id: it now means another device.",
    provoked="The endpoint numbers jobs by how many there are, and forgets cancelled ones.",
    source=f"{sources.model('JobId')} (a unique identifier)",
    remedy="Never give an id twice.",
)
CLOSED_JOB_CHANGED = _kind(
    "closed-job-changed",
    "closed_job_stays_what_it_was",
    "a job changed that can no longer be updated",
    meaning="The job was cancelled, expired, running or finished, and was another after an attempt to update it.",
    harm="Who cancelled a job and finds it alive again; whoever is charged for it.",
    provoked="The endpoint looks at a job's state after storing, or an update sets the state back to pending.",
    source=f"{sources.UPDATING}; {sources.STATUS}; {sources.model('CanceledJobIdException')}",
    remedy="Refuse by the job's state before anything is stored, and let no update set the state.",
)
REPEATED_UPDATE_DIFFERS = _kind(
    "repeated-update-differs",
    "same_update_twice_gives_the_same",
    "the same update sent once more gave another job",
    meaning="An update was accepted and shown. Sent again, it was accepted, and the job was another afterwards.",
    harm="Every caller whose SDK sends a request again after a lost reply.",
    provoked="The endpoint appends, toggles, or takes the second update for a conflict with the first.",
    source=_REPLACES,
    remedy="Let an update set what it says, whatever was there.",
)
UPDATES_MIXED = _kind(
    "updates-mixed",
    "simultaneous_updates_end_in_one_of_them",
    "two updates at the same time ended in neither of them",
    meaning=(
        "Two clients updated one job at the same time. Each replaces the whole, so that one of those accepted must be "
        "there afterwards, manifest and type together; something else was."
    ),
    harm="Teams that work on one job: its manifest is one that nobody wrote.",
    provoked="The endpoint stores manifest and type one after the other, or reads, changes and writes without a lock.",
    source=_REPLACES,
    remedy="Store what an update says in one step.",
)
CANCEL_WITHOUT_EFFECT = _kind(
    "cancel-without-effect",
    "cancelled_job_is_shown_as_cancelled",
    "a job that was cancelled is not shown as cancelled",
    meaning="CancelJob succeeded, and GetStatus then shows the job with another ProgressCode than Canceled.",
    harm="Who cancels a job because its device must not be processed.",
    provoked="The endpoint answers before it stores, or cancels another job.",
    source=f"{sources.LIVE_JS} (ProgressCode is Canceled); {sources.guide('CancelingAJob')}",
    remedy="Store the cancellation before answering.",
    graded=True,
)
CANCELLED_UNASKED = _kind(
    "cancelled-unasked",
    "nothing_but_cancel_job_cancels",
    "a job is shown as cancelled that nobody cancelled",
    meaning="GetStatus shows ProgressCode Canceled, and no CancelJob for this job was accepted.",
    harm="Whoever waits for the job: it will not be processed.",
    provoked="Another operation cancels, a refused CancelJob does all the same, or a cancellation hits another job.",
    source=f"{sources.model('CancelJob')}; {sources.model('CanceledJobIdException')}",
    remedy="Find what sets the state, and let only an accepted CancelJob do it.",
)
LIST_REPEATS = _kind(
    "list-repeats",
    "list_pages_join_without_repeat",
    "a job stands twice in the pages of one list",
    meaning="ListJobs was asked page by page, each time with the last JobId for Marker, and named a job twice.",
    harm="Who does something for each job of a list: it is done twice, or never ends.",
    provoked="The page begins with Marker's job and not after it, or sorts otherwise from page to page.",
    source=f"{sources.model('Marker')} (the JobId to start after)",
    remedy="Begin each page after the job that Marker names, in an order that never changes.",
)
LIST_LOSES = _kind(
    "list-loses",
    "list_pages_join_without_loss",
    "a job is in no page of the list",
    meaning=(
        "ListJobs was read from its first page to its last, and a job was not there that the program had made, or that "
        "another list of the same program names."
    ),
    harm="Who looks for forgotten jobs: this one is never found.",
    provoked="A page begins one too far, IsTruncated is false too early, or cancelled jobs are left out.",
    source=f"{_LISTS}; {_AFTER} (cancelled jobs are listed)",
    remedy="Compare the joined pages with one page that holds all.",
    graded=True,
)
LIST_DISAGREES = _kind(
    "list-disagrees",
    "list_agrees_with_get_status",
    "ListJobs and GetStatus say different things of a job",
    meaning="For one and the same job, JobType, CreationDate or IsCanceled is another in the list than by GetStatus.",
    harm="Who reads the list to decide what to do with a job.",
    provoked="The list is made from a copy that updates or cancellations do not reach.",
    source=f"{_AFTER} (type and cancellation are seen in ListJobs and GetStatus)",
    remedy="Read both from the same place.",
    graded=True,
)
LIST_PAGE_TOO_LONG = _kind(
    "list-page-too-long",
    "list_page_holds_at_most_max_jobs",
    "a page of the list holds more jobs than MaxJobs",
    meaning="MaxJobs is the largest number of jobs in a reply, and this reply holds more.",
    harm="Who sized a buffer or a screen by it; paginators that count.",
    provoked="The endpoint ignores MaxJobs, or looks one job further to set IsTruncated and forgets to take it away.",
    source=f"{sources.model('MaxJobs')} (the maximum number of jobs returned)",
    remedy="Cut the page at MaxJobs.",
)
LIST_ORDER = _kind(
    "list-order",
    "list_begins_with_the_newest_job",
    "the list is not in reverse chronological order",
    meaning="ListJobs names an older job before a newer one, by their CreationDate.",
    harm="Who takes the first job of the list for the last one made.",
    provoked="The list comes in the order of ids or of a table.",
    source=f"{_LISTS} (in reverse chronological order based on the date of creation)",
    remedy="Sort by CreationDate, the newest first.",
)
SIGNATURE_KEPT = _kind(
    "signature-kept",
    "signature_follows_the_manifest",
    "the signature of a job did not change with its manifest",
    meaning="GetStatus shows another manifest than before, and the same Signature.",
    harm="Who writes the SIGNATURE file from it: the device is refused, as its manifest is not the signed one.",
    provoked="The endpoint signs when the job is made, and never again.",
    source=f"{sources.JOB_IDS} (the 2009 recipe signs the manifest; that the 2010 service kept it is inferred)",
    remedy="Sign what is stored, whenever it is shown.",
    graded=True,
)

LIFE_KINDS: tuple[FindingKind, ...] = (
    REFUSED_LEFT_TRACE,
    REHEARSAL_LEFT_TRACE,
    MANIFEST_NOT_STORED,
    TYPE_NOT_STORED,
    OTHER_JOB_CHANGED,
    CREATION_DATE_CHANGED,
    JOB_ID_CHANGED,
    JOB_ID_REUSED,
    CLOSED_JOB_CHANGED,
    REPEATED_UPDATE_DIFFERS,
    UPDATES_MIXED,
    CANCEL_WITHOUT_EFFECT,
    CANCELLED_UNASKED,
    LIST_REPEATS,
    LIST_LOSES,
    LIST_DISAGREES,
    LIST_PAGE_TOO_LONG,
    LIST_ORDER,
    SIGNATURE_KEPT,
)
"""Every kind of finding that the life of jobs can show."""
