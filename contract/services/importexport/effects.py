"""What a permitted request does: the members of the result, and the jobs that it changes."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .facts import Facts
from .manifest import Kind, Manifest, read_manifest
from .world import STATUS_CODES, Job, JobState

Effect = tuple[Mapping[str, Any], tuple[Job, ...]]

# Seen in the AWS CLI's sample of update-job.
ERASE_WARNING = "**** Device will be erased before being returned. ****"

_ID_LETTERS = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


def next_job_id(jobs: Mapping[str, Job]) -> str:
    """Return an id that no job in `jobs` has; the same jobs give the same id."""
    number = len(jobs)
    while True:
        digest = int.from_bytes(hashlib.sha256(b"job %d" % number).digest()[:8], "big")
        letters: list[str] = []
        for _ in range(5):
            digest, index = divmod(digest, len(_ID_LETTERS))
            letters.append(_ID_LETTERS[index])
        job_id = "".join(letters)
        if job_id not in jobs:
            return job_id
        number += 1


def job_signature(job: Job, secret: str) -> str:
    """Return the signature of a job: base64 of HMAC-SHA1 over id, line feed and manifest.

    The recipe is the 2009 API's (``CHAP_SignatureFileSpecification.html``); that the 2010 service kept it is inferred.
    """
    text = f"{job.job_id}\n{job.manifest}".replace("\r\n", "\n")
    return b64encode(hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()).decode()


def _signed(job: Job, facts: Facts) -> dict[str, Any]:
    keys = facts.world.access_keys
    # With the key that made the job, whoever asks; jobs that configuration names were made with an unknown one.
    signature = job_signature(job, (keys.get(job.access_key_id) or keys[facts.access_key_id or ""]).secret)
    contents = f"version:2.0\nsigningMethod:HmacSHA1\njobId:{job.job_id}\nsignature:{signature}\n"
    return {"Signature": signature, "SignatureFileContents": contents}


def _own_job(facts: Facts) -> Job:
    if facts.job is None:
        raise LookupError(f"{facts.operation.name} was permitted without a job of the signer's")
    return facts.job


def _warning(manifest: Manifest, kind: Kind | None) -> str | None:
    erase = (manifest.text("eraseDevice") or "").casefold()
    return ERASE_WARNING if kind is not Kind.S3_EXPORT and erase in ("yes", "true") else None


def _artifacts(job_id: str, manifest: Manifest, kind: Kind | None) -> list[dict[str, str]]:
    # EBS and Glacier jobs put a sheet with a bar code into logBucket; how it is handed out was seen nowhere.
    if kind not in (Kind.EBS, Kind.GLACIER):
        return []
    bucket = manifest.text("logBucket")
    url = f"https://s3.amazonaws.com/{bucket}/packing-slip-{job_id}.pdf"
    return [{"Description": "Packing slip with bar code", "URL": url}]


def _create_job(facts: Facts) -> Effect:
    manifest, kind = facts.fields or Manifest({}), facts.kind
    value: dict[str, Any] = {"JobType": _job_type(facts), "WarningMessage": _warning(manifest, kind)}
    if facts.is_rehearsal:
        return value, ()
    job = Job(
        job_id=next_job_id(facts.world.jobs),
        account=facts.account or "",
        job_type=_job_type(facts),
        manifest=facts.text("Manifest") or "",
        created=facts.now,
        access_key_id=facts.access_key_id or "",
    )
    value |= {"JobId": job.job_id, "ArtifactList": _artifacts(job.job_id, manifest, kind), **_signed(job, facts)}
    return value, (job,)


def _update_job(facts: Facts) -> Effect:
    manifest, kind, job = facts.fields or Manifest({}), facts.kind, _own_job(facts)
    value = {
        "Success": True,
        "WarningMessage": _warning(manifest, kind),
        "ArtifactList": _artifacts(job.job_id, manifest, kind),
    }
    if facts.is_rehearsal:
        return value, ()
    return value, (replace(job, job_type=_job_type(facts), manifest=facts.text("Manifest") or ""),)


def _job_type(facts: Facts) -> str:
    return "Export" if (facts.text("JobType") or "").casefold() == "export" else "Import"


def _cancel_job(facts: Facts) -> Effect:
    return {"Success": True}, (replace(_own_job(facts), state=JobState.CANCELLED),)


def _get_status(facts: Facts) -> Effect:
    job = _own_job(facts)
    state = job.state_at(facts.now)
    location, progress = STATUS_CODES[state]
    manifest = read_manifest(job.manifest, strict_yaml=facts.world.strict_yaml)
    value: dict[str, Any] = {
        "JobId": job.job_id,
        "JobType": job.job_type,
        "LocationCode": location,
        "LocationMessage": _LOCATIONS[location],
        "ProgressCode": progress,
        "ProgressMessage": _PROGRESS[state],
        "ErrorCount": 2 if state is JobState.SUCCESS_WITH_ERRORS else 0,
        "CurrentManifest": job.manifest,
        "CreationDate": job.created.replace(microsecond=0),
        "ArtifactList": [],
        **_signed(job, facts),
    }
    if location == "Returned":
        value |= {"Carrier": "UPS", "TrackingNumber": "1Z999AA10123456784"}
    if state in (JobState.COMPLETE, JobState.SUCCESS_WITH_ERRORS):
        bucket = manifest.text("logBucket") or manifest.text("bucket")
        prefix = manifest.text("logPrefix") or ""
        value |= {"LogBucket": bucket, "LogKey": f"{prefix}{job.job_type.lower()}-log-{job.job_id}"}
    return value, ()


_LOCATIONS = {
    "NotReceived": "AWS has not received your device.",
    "AtAWS": "Your device is at AWS.",
    "Returned": "Your device was returned to you.",
}
_PROGRESS = {
    JobState.PENDING: "The specified job has not started.",
    JobState.RECEIVED: "The specified job has not started.",
    JobState.IN_PROGRESS: "The specified job is in progress.",
    JobState.COMPLETE: "The specified job has completed.",
    JobState.SUCCESS_WITH_ERRORS: "The specified job has completed with errors.",
    JobState.CANCELLED: "The specified job was canceled.",
    JobState.EXPIRED: "The specified job has expired.",
}


def _list_jobs(facts: Facts) -> Effect:
    own = [job for job in facts.world.jobs.values() if job.account == facts.account]
    own.sort(key=lambda job: (job.created, job.job_id), reverse=True)  # newest first (WebListJobs.html)
    marker = facts.text("Marker")
    if marker:
        ids = [job.job_id for job in own]
        own = own[ids.index(marker.upper() if marker not in ids else marker) + 1 :]
    limit = facts.reading.parameters.get("MaxJobs", 1000)
    page = [
        {
            "JobId": job.job_id,
            "CreationDate": job.created.replace(microsecond=0),
            "IsCanceled": job.state is JobState.CANCELLED,
            "JobType": job.job_type,
        }
        for job in own[:limit]
    ]
    return {"Jobs": page, "IsTruncated": len(own) > len(page)}, ()


def _get_shipping_label(facts: Facts) -> Effect:
    first = str(facts.reading.parameters["jobIds"][0]).upper()
    return {"ShippingLabelURL": f"https://s3.amazonaws.com/shipping-labels/shipping-label-{first}.pdf"}, ()


EFFECTS: Mapping[str, Callable[[Facts], Effect]] = {
    "CreateJob": _create_job,
    "UpdateJob": _update_job,
    "CancelJob": _cancel_job,
    "GetStatus": _get_status,
    "ListJobs": _list_jobs,
    "GetShippingLabel": _get_shipping_label,
}
