from __future__ import annotations

from datetime import timedelta

import pytest
from botoproof.contract.services.importexport.countries import country_code
from botoproof.contract.services.importexport.geography import is_abroad
from botoproof.contract.services.importexport.world import JOB_ID, STATUS_CODES, AccessKey, Job, JobState, World

from .bench import NOW, OWN


def job(state: JobState = JobState.PENDING) -> Job:
    return Job("53TX4", "111122223333", "Import", "", NOW, state)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(), JobState.PENDING),
        (timedelta(days=30), JobState.PENDING),
        (timedelta(days=30, seconds=1), JobState.EXPIRED),
    ],
)
def test_a_pending_job_expires_after_30_days(age: timedelta, state: JobState) -> None:
    assert job().state_at(NOW + age) is state


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.PENDING])
def test_a_job_whose_device_came_or_that_ended_never_expires(state: JobState) -> None:
    assert job(state).state_at(NOW + timedelta(days=999)) is state


def test_every_state_has_location_and_progress_codes() -> None:
    assert set(STATUS_CODES) == set(JobState)


def test_a_job_is_found_whatever_the_case_of_its_id() -> None:
    world = World(jobs={"53TX4": job()})

    assert world.job("53tx4") is world.job("53TX4") is world.jobs["53TX4"]
    assert world.job("ZZZZZ") is None


def test_the_account_of_an_unknown_key_is_unknown(world: World) -> None:
    assert world.account_of(OWN.access_key_id) == "111122223333"
    assert world.account_of("AKIAUNKNOWN") is None
    assert world.account_of(None) is None


def test_secrets_stay_out_of_reprs() -> None:
    assert "s3cret" not in repr(World(access_keys={"A": AccessKey("s3cret")}))


@pytest.mark.parametrize("job_id", ["53TX4", "WXSPP", "TEST1", "79YAC", "EX1ID", "ex1id"])
def test_the_samples_are_job_ids(job_id: str) -> None:
    assert JOB_ID.fullmatch(job_id)


@pytest.mark.parametrize("job_id", ["", "fake_job", "53TX", "53TX45", "O3TX4", "03TX4", "53TX4\n", "\u017f" * 5])
def test_zero_and_the_letter_o_are_in_no_job_id(job_id: str) -> None:
    assert not JOB_ID.fullmatch(job_id)


@pytest.mark.parametrize(
    ("country", "region", "abroad"),
    [
        ("USA", "us-east-1", False),
        (" united states ", "us-west-2", False),
        ("Canada", "us-east-1", True),
        ("Germany", "us-east-1", True),
        ("Germany", "eu-west-1", False),
        ("France", "eu-central-1", False),
        ("USA", "eu-west-1", True),
        ("Switzerland", "eu-west-1", True),
        ("United Kingdom", "eu-west-1", None),
        ("Germany", "eu-west-2", None),
        ("Singapore", "ap-southeast-1", False),
        ("Japan", "ap-southeast-1", True),
        ("Japan", "ap-northeast-1", None),
        ("Puerto Rico", "us-east-1", None),
        ("Monaco", "eu-west-1", None),
        ("Deutschland", "eu-west-1", False),
        ("Atlantis", "us-east-1", None),
    ],
)
def test_abroad_is_another_country_than_the_facilitys_but_the_eu_is_one(
    country: str, region: str, *, abroad: bool | None
) -> None:
    assert is_abroad(country, region) is abroad


def test_every_part_of_the_standard_is_known_by_both_codes() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = {country_code(a + b) for a in letters for b in letters} - {None}

    assert len(codes - {None}) == 249
    assert country_code("che") == country_code("CH") == country_code("Switzerland")


def test_a_name_of_megabytes_is_no_country() -> None:
    assert country_code("x" * 5_000_000) is None
