"""What each operation does, and when it no longer does it: through a real boto3 client, with a clock of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.contract.services.importexport.effects import job_signature
from botoproof.contract.services.importexport.world import JOB_ID, JobState

from .bench import COLLEAGUE, NOW, Bench, the_world
from .dossier import BASE_EBS, BASE_EXPORT, BASE_GLACIER, BASE_IMPORT

ERASED = "**** Device will be erased before being returned. ****"
Create = Callable[..., str]


@pytest.fixture
def create(bench: Bench) -> Create:
    """Makes a job and returns its id."""

    def make(manifest: str = BASE_IMPORT, job_type: str = "Import") -> str:
        return str(bench.call("CreateJob", JobType=job_type, Manifest=manifest, ValidateOnly=False)["JobId"])

    return make


def test_a_job_is_made_and_signed(bench: Bench) -> None:
    value = bench.call("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False)

    assert set(value) == {"JobId", "JobType", "Signature", "SignatureFileContents", "WarningMessage", "ArtifactList"}
    assert JOB_ID.fullmatch(value["JobId"])
    assert (value["JobType"], value["WarningMessage"], value["ArtifactList"]) == ("Import", ERASED, [])
    assert re.fullmatch(r"[A-Za-z0-9+/]{27}=", value["Signature"])
    assert value["SignatureFileContents"].splitlines() == [
        "version:2.0",
        "signingMethod:HmacSHA1",
        f"jobId:{value['JobId']}",
        f"signature:{value['Signature']}",
    ]


def test_a_rehearsed_creation_makes_no_job_and_gives_no_id(bench: Bench) -> None:
    before = dict(bench.endpoint.jobs)

    value = bench.call("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=True)

    assert value == {"JobType": "Import", "WarningMessage": ERASED}
    assert bench.endpoint.jobs == before


def test_a_pending_jobs_status_says_nothing_of_what_is_yet_to_come(bench: Bench, create: Create) -> None:
    job_id = create()

    value = bench.call("GetStatus", JobId=job_id)

    assert (value["JobId"], value["JobType"]) == (job_id, "Import")
    assert (value["LocationCode"], value["ProgressCode"]) == ("NotReceived", "Pending")
    assert value["LocationMessage"] == "AWS has not received your device."
    assert value["ProgressMessage"] == "The specified job has not started."
    assert (value["ErrorCount"], value["CreationDate"]) == (0, NOW)
    assert not {"Carrier", "TrackingNumber", "LogBucket", "LogKey"} & set(value)


@pytest.mark.parametrize(
    ("job_id", "location", "progress", "present"),
    [
        ("ATAWS", "AtAWS", "Pending", set[str]()),
        ("RUN11", "AtAWS", "InProgress", set[str]()),
        ("DNE11", "Returned", "Complete", {"Carrier", "TrackingNumber", "LogBucket", "LogKey"}),
        ("ERR11", "Returned", "SuccessWithErrors", {"Carrier", "TrackingNumber", "LogBucket", "LogKey"}),
        ("CNC11", "NotReceived", "Canceled", set[str]()),
        ("EXP11", "NotReceived", "Expired", set[str]()),
    ],
)
def test_a_status_tells_location_and_progress(
    bench: Bench, job_id: str, location: str, progress: str, present: set[str]
) -> None:
    value = bench.call("GetStatus", JobId=job_id)

    assert (value["LocationCode"], value["ProgressCode"]) == (location, progress)
    assert {"Carrier", "TrackingNumber", "LogBucket", "LogKey"} & set(value) == present
    assert (value["ErrorCount"] > 0) is (job_id == "ERR11")


def test_the_log_of_a_finished_job_stands_where_its_manifest_says(bench: Bench) -> None:
    job = bench.endpoint.jobs["DNE11"]
    bench.endpoint.jobs["DNE11"] = replace(job, manifest=f"{BASE_IMPORT}logBucket: ck-log-use1\nlogPrefix: logs/\n")

    with_log, without_log = bench.call("GetStatus", JobId="DNE11"), bench.call("GetStatus", JobId="ERR11")

    assert (with_log["LogBucket"], with_log["LogKey"]) == ("ck-log-use1", "logs/import-log-DNE11")
    assert (without_log["LogBucket"], without_log["LogKey"]) == ("ck-import-use1", "import-log-ERR11")


def test_an_update_replaces_the_whole_manifest(bench: Bench, create: Create) -> None:
    job_id = create(f"{BASE_IMPORT}prefix: old/\nacl: private\n")
    signature = bench.call("GetStatus", JobId=job_id)["Signature"]

    value = bench.call("UpdateJob", JobId=job_id, JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False)

    status = bench.call("GetStatus", JobId=job_id)
    assert value == {"Success": True, "WarningMessage": ERASED, "ArtifactList": []}
    assert status["CurrentManifest"] == BASE_IMPORT
    assert status["Signature"] != signature
    assert status["CreationDate"] == NOW


def test_an_update_may_change_the_type_and_the_list_shows_it(bench: Bench, create: Create) -> None:
    job_id = create()

    value = bench.call("UpdateJob", JobId=job_id, JobType="Export", Manifest=BASE_EXPORT, ValidateOnly=False)

    listed = {job["JobId"]: job["JobType"] for job in bench.call("ListJobs")["Jobs"]}
    assert "WarningMessage" not in value
    assert bench.call("GetStatus", JobId=job_id)["JobType"] == listed[job_id] == "Export"


def test_a_rehearsed_update_leaves_no_trace(bench: Bench) -> None:
    before, status = dict(bench.endpoint.jobs), bench.call("GetStatus", JobId="53TX4")

    value = bench.call("UpdateJob", JobId="53TX4", JobType="Export", Manifest=BASE_EXPORT, ValidateOnly=True)

    assert value["Success"] is True
    assert bench.endpoint.jobs == before
    assert bench.call("GetStatus", JobId="53TX4") == status


@pytest.mark.parametrize("manifest", [BASE_EBS, BASE_GLACIER])
def test_ebs_and_glacier_jobs_hand_out_a_sheet_with_a_bar_code(bench: Bench, create: Create, manifest: str) -> None:
    made = bench.call("CreateJob", JobType="Import", Manifest=manifest, ValidateOnly=False)

    artifacts = made["ArtifactList"]

    assert [set(artifact) for artifact in artifacts] == [{"Description", "URL"}]
    assert artifacts[0]["URL"].startswith("https://s3.amazonaws.com/ck-log-use1/")
    assert made["JobId"] in artifacts[0]["URL"]
    again = bench.call("UpdateJob", JobId=made["JobId"], JobType="Import", Manifest=manifest, ValidateOnly=False)
    assert again["ArtifactList"] == artifacts


def test_a_cancelled_job_stays_listed_and_takes_no_update(bench: Bench, create: Create) -> None:
    job_id = create()

    assert bench.call("CancelJob", JobId=job_id) == {"Success": True}

    listed = {job["JobId"]: job["IsCanceled"] for job in bench.call("ListJobs")["Jobs"]}
    assert listed[job_id] is True
    assert bench.call("GetStatus", JobId=job_id)["ProgressCode"] == "Canceled"
    assert bench.refusal("CancelJob", JobId=job_id) == "CanceledJobIdException"
    assert update_refused(bench, job_id) == "CanceledJobIdException"


def update_refused(bench: Bench, job_id: str) -> str:
    return bench.refusal("UpdateJob", JobId=job_id, JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False)


def test_a_pending_job_expires_after_30_days(bench: Bench, create: Create) -> None:
    job_id = create()
    bench.later(days=30)
    bench.call("UpdateJob", JobId=job_id, JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False)

    bench.later(seconds=1)

    assert update_refused(bench, job_id) == "ExpiredJobIdException"
    assert bench.refusal("CancelJob", JobId=job_id) == "ExpiredJobIdException"
    assert bench.call("GetStatus", JobId=job_id)["ProgressCode"] == "Expired"


@pytest.mark.parametrize(
    ("job_id", "update", "cancel"),
    [
        ("RUN11", "UnableToUpdateJobIdException", None),
        ("DNE11", "UnableToUpdateJobIdException", "UnableToCancelJobIdException"),
        ("ERR11", "UnableToUpdateJobIdException", "UnableToCancelJobIdException"),
        ("EXP11", "ExpiredJobIdException", "ExpiredJobIdException"),
        ("FRN11", "InvalidJobIdException", "InvalidJobIdException"),
        ("ZZZZZ", "InvalidJobIdException", "InvalidJobIdException"),
    ],
)
def test_where_a_job_stands_decides_what_may_be_done(
    bench: Bench, job_id: str, update: str, cancel: str | None
) -> None:
    before = dict(bench.endpoint.jobs)

    assert update_refused(bench, job_id) == update
    assert bench.endpoint.jobs == before
    if cancel is None:
        assert bench.call("CancelJob", JobId=job_id) == {"Success": True}
    else:
        assert bench.refusal("CancelJob", JobId=job_id) == cancel


def test_fifty_jobs_may_be_made_a_day(bench: Bench, create: Create) -> None:
    made = {create() for _ in range(50)}

    assert len(made) == 50
    assert bench.refusal("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False) == (
        "CreateJobQuotaExceededException"
    )
    assert "JobId" not in bench.call("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=True)
    bench.call("UpdateJob", JobId=min(made), JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False)
    bench.later(hours=5, minutes=2)  # midnight has passed, in UTC
    assert create() not in made


def test_cancelled_jobs_count_for_the_quota_and_foreign_ones_do_not(bench: Bench, create: Create) -> None:
    foreign = bench.endpoint.jobs["FRN11"]
    bench.endpoint.jobs.update({f"FRN{n}": replace(foreign, job_id=f"FRN{n}", created=NOW) for n in range(60)})
    for _ in range(50):
        bench.call("CancelJob", JobId=create())

    assert bench.refusal("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly=False) == (
        "CreateJobQuotaExceededException"
    )


def test_the_list_is_of_the_own_jobs_newest_first(bench: Bench, create: Create) -> None:
    first = create()
    bench.later(hours=1)
    second = create()

    value = bench.call("ListJobs")

    ids = [job["JobId"] for job in value["Jobs"]]
    dates = [job["CreationDate"] for job in value["Jobs"]]
    assert ids[:2] == [second, first]
    assert dates == sorted(dates, reverse=True)
    assert set(ids) == {job.job_id for job in bench.endpoint.jobs.values() if job.account == "111122223333"}
    assert "FRN11" not in ids
    assert value["IsTruncated"] is False


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 1000])
def test_pages_join_without_loss(bench: Bench, size: int) -> None:
    whole = bench.call("ListJobs")["Jobs"]

    pages = list(bench.client.get_paginator("list_jobs").paginate(PaginationConfig={"PageSize": size}))

    assert [job for page in pages for job in page["Jobs"]] == whole
    assert [page["IsTruncated"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert len(pages) == -(-len(whole) // size)


def test_jobs_made_between_two_pages_do_not_disturb_them(bench: Bench, create: Create) -> None:
    whole = bench.call("ListJobs")["Jobs"]
    first = bench.call("ListJobs", MaxJobs=3)["Jobs"]
    bench.later(hours=1)
    create()

    rest = bench.call("ListJobs", Marker=first[-1]["JobId"].lower())["Jobs"]

    assert first + rest == whole


def test_a_page_may_be_empty(bench: Bench) -> None:
    assert bench.call("ListJobs", MaxJobs=0) == {"Jobs": [], "IsTruncated": True}
    last = bench.call("ListJobs")["Jobs"][-1]["JobId"]
    assert bench.call("ListJobs", Marker=last) == {"Jobs": [], "IsTruncated": False}


@pytest.mark.parametrize("parameters", [{"MaxJobs": 1001}, {"MaxJobs": -1}, {"Marker": "ZZZZZ"}, {"Marker": "FRN11"}])
def test_a_page_that_there_cannot_be_is_refused(bench: Bench, parameters: dict[str, int | str]) -> None:
    assert bench.refusal("ListJobs", **parameters) == "InvalidParameterException"


def test_a_shipping_label_is_for_own_jobs_that_are_still_to_be_sent(bench: Bench) -> None:
    url = bench.call("GetShippingLabel", jobIds=["53TX4"], name="Jane Roe", street1="123 Any Street")[
        "ShippingLabelURL"
    ]

    assert url.endswith("/shipping-label-53TX4.pdf")
    assert bench.refusal("GetShippingLabel", jobIds=[]) == "InvalidJobIdException"
    assert bench.refusal("GetShippingLabel", jobIds=["53TX4", "FRN11"]) == "InvalidJobIdException"
    assert bench.refusal("GetShippingLabel", jobIds=["53TX4", "CNC11"]) == "CanceledJobIdException"
    assert bench.refusal("GetShippingLabel", jobIds=["EXP11"]) == "ExpiredJobIdException"
    assert bench.refusal("GetShippingLabel", jobIds=["53TX4"], street1="P.O. Box 1") == "InvalidAddressException"
    assert bench.refusal("GetShippingLabel", jobIds=["53TX4"], city="") == "InvalidParameterException"


@pytest.mark.parametrize("operation", ["CancelJob", "GetStatus"])
def test_every_operation_by_id_knows_the_jobs_of_the_account_only(bench: Bench, operation: str) -> None:
    for job_id in ("FRN11", "ZZZZZ", "fake_job"):
        assert bench.refusal(operation, JobId=job_id) == "InvalidJobIdException"
        message = bench.exchanges[-1][1].body.decode()
        assert f"<Message>No such job {job_id} for your account</Message>" in message


def test_the_observed_message_of_a_malformed_manifest_is_given_word_for_word(bench: Bench) -> None:
    bench.refusal("CreateJob", JobType="Import", Manifest="INVALID MANIFEST", ValidateOnly=True)

    assert "<Message>Your manifest is not well-formed</Message>" in bench.exchanges[-1][1].body.decode()


def test_a_job_is_found_whatever_the_case_of_its_id_and_stays_one_job(bench: Bench, create: Create) -> None:
    job_id = create()

    bench.call("CancelJob", JobId=job_id.lower())

    assert bench.endpoint.jobs[job_id].state is JobState.CANCELLED
    assert job_id.lower() not in bench.endpoint.jobs


def test_the_signature_is_made_with_the_key_that_made_the_job(bench: Bench, create: Create) -> None:
    job_id = create()
    mine = bench.call("GetStatus", JobId=job_id)["Signature"]

    pairs = (("Action", "GetStatus"), ("Version", "2010-06-01"), ("JobId", job_id))
    theirs = bench.read(bench.post(pairs, credential=COLLEAGUE), "GetStatus").value

    assert theirs is not None
    assert theirs["Signature"] == mine


def test_line_ends_do_not_change_a_jobs_signature() -> None:
    job = the_world().jobs["53TX4"]
    crlf = replace(job, manifest=job.manifest.replace("\n", "\r\n"))

    assert job_signature(job, "s") == job_signature(crlf, "s")
    assert job_signature(job, "s") != job_signature(replace(job, job_id="53TX5"), "s")
    assert job_signature(job, "s") != job_signature(job, "t")
