"""Rules about the job that a request names: does it exist, whose is it, where does it stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from ...finding import Evidence
from ...rule import Rule
from . import sources
from .facts import Facts
from .operations import BY_ID, CANCEL, CREATE, GET_STATUS, UPDATE
from .world import JOB_ID, JOBS_PER_DAY, JobState

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

_FINISHED = (JobState.COMPLETE, JobState.SUCCESS_WITH_ERRORS)
_STARTED = (JobState.IN_PROGRESS, *_FINISHED)


def _id_missing(facts: Facts) -> str | None:
    return "JobId is absent or empty" if not facts.text("JobId") else None


def _id_malformed(facts: Facts) -> str | None:
    text = facts.text("JobId")
    if not text or JOB_ID.fullmatch(text) or facts.world.job(text):
        return None
    return f"JobId is {text[:60]!r}, which is no job id"


def _id_unknown(facts: Facts) -> str | None:
    text = facts.text("JobId")
    if not text or not JOB_ID.fullmatch(text) or facts.world.job(text):
        return None
    return f"no job {text!r} exists"


def _id_foreign(facts: Facts) -> str | None:
    text = facts.text("JobId")
    job = facts.world.job(text) if text else None
    if job is None or facts.account is None or job.account == facts.account:
        return None
    return f"job {text!r} belongs to another account"


def _id_case(facts: Facts) -> str | None:
    job, text = facts.job, facts.text("JobId")
    return f"JobId is {text!r}; the job's id is {job.job_id!r}" if job and text != job.job_id else None


def _in_state(*states: JobState) -> Callable[[Facts], str | None]:
    def broken(facts: Facts) -> str | None:
        return f"the job is {facts.job_state.value}" if facts.job_state in states else None

    return broken


def _another_key(facts: Facts) -> str | None:
    job = facts.job
    if job is None or not job.access_key_id or job.access_key_id == facts.access_key_id:
        return None
    return f"the job was made with access key {job.access_key_id!r}"


def _quota(facts: Facts) -> str | None:
    key = facts.world.access_keys.get(facts.access_key_id or "")
    if facts.account is None or key is None or facts.is_rehearsal:
        return None
    if key.is_exhausted:
        return "the account has made all the jobs that it may make today"
    today = facts.now.astimezone(UTC).date()
    days = (job.created.astimezone(UTC).date() for job in facts.world.jobs.values() if job.account == facts.account)
    made = sum(day == today for day in days)
    return f"{made} jobs were made today" if made >= facts.world.jobs_per_day else None


JOB_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "job.id.missing",
        ("InvalidJobIdException", "MissingParameterException"),
        UPDATE,
        "JobId is absent or empty",
        D,
        sources.model("InvalidJobIdException"),
        _id_missing,
    ),
    Rule(
        "job.id.missing",
        ("InvalidJobIdException",),
        BY_ID - UPDATE,
        "JobId is absent or empty",
        D,
        sources.model("InvalidJobIdException"),
        _id_missing,
    ),
    Rule(
        "job.id.malformed",
        ("InvalidJobIdException",),
        BY_ID,
        "JobId is not five characters of 1-9 and A-Z without O",
        D,
        f"{sources.model('InvalidJobIdException')}; {sources.JOB_IDS}; {sources.LIVE_RUBY}",
        _id_malformed,
    ),
    Rule(
        "job.id.unknown",
        ("InvalidJobIdException",),
        BY_ID,
        "no job of that id exists",
        D,
        sources.model("InvalidJobIdException"),
        _id_unknown,
    ),
    Rule(
        "job.id.foreign",
        ("InvalidJobIdException",),
        BY_ID,
        "the job belongs to another account",
        D,
        sources.model("InvalidJobIdException"),
        _id_foreign,
    ),
    Rule(
        "job.id.case",
        ("InvalidJobIdException",),
        BY_ID,
        "JobId differs from the job's id in case only",
        I,
        sources.JOB_IDS,
        _id_case,
        certain=False,
    ),
    Rule(
        "job.cancelled",
        ("CanceledJobIdException",),
        UPDATE | CANCEL,
        "the job has been cancelled",
        D,
        sources.model("CanceledJobIdException"),
        _in_state(JobState.CANCELLED),
    ),
    Rule(
        "job.cancelled",
        ("CanceledJobIdException",),
        GET_STATUS,
        "the job has been cancelled: an error by the model, a success with ProgressCode Canceled by a live test",
        D,
        f"{sources.model('CanceledJobIdException')}; {sources.LIVE_JS}",
        _in_state(JobState.CANCELLED),
        certain=False,
    ),
    Rule(
        "job.expired",
        ("ExpiredJobIdException",),
        UPDATE | CANCEL,
        "the job has expired: 30 days without its device",
        D,
        f"{sources.model('ExpiredJobIdException')}; {sources.EXPIRY}",
        _in_state(JobState.EXPIRED),
    ),
    Rule(
        "job.expired",
        ("ExpiredJobIdException",),
        GET_STATUS,
        "the job has expired: an error by the model, a progress code by the status page",
        D,
        f"{sources.model('ExpiredJobIdException')}; {sources.guide('Status')}",
        _in_state(JobState.EXPIRED),
        certain=False,
    ),
    Rule(
        "job.started",
        ("UnableToUpdateJobIdException",),
        UPDATE,
        "the data transfer has started, or the job is finished",
        D,
        f"{sources.UPDATING}; {sources.STATUS}; {sources.model('UnableToUpdateJobIdException')}",
        _in_state(*_STARTED),
    ),
    Rule(
        "job.finished",
        ("UnableToCancelJobIdException",),
        CANCEL,
        "the job is finished",
        D,
        f"{sources.STATUS}; {sources.model('UnableToCancelJobIdException')}",
        _in_state(*_FINISHED),
    ),
    Rule(
        "job.in-progress",
        ("UnableToCancelJobIdException",),
        CANCEL,
        "the data transfer has started: fails by the model, may be cancelled by the guide",
        D,
        f"{sources.model('UnableToCancelJobIdException')}; {sources.guide('CancelingAJob')}",
        _in_state(JobState.IN_PROGRESS),
        certain=False,
    ),
    Rule(
        "job.another-key",
        ("InvalidAccessKeyIdException",),
        BY_ID,
        "the job was made with another access key of the account",
        I,
        sources.model("InvalidAccessKeyIdException"),
        _another_key,
        certain=False,
    ),
    Rule(
        "job.quota",
        ("CreateJobQuotaExceededException",),
        CREATE,
        f"the account made {JOBS_PER_DAY} jobs today",
        D,
        f"{sources.LIMITS}; {sources.model('CreateJobQuotaExceededException')}",
        _quota,
        reads_world=True,
    ),
)
