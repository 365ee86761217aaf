"""The embedded endpoint for tests and snippets: a real client in process, a URL, and provider states."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botoproof.ci.embedded import UnknownState, open_embedded
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import BadConfiguration, NoSpecification, TargetUnusable
from botoproof.contract.services.importexport import default_world
from botoproof.contract.specification import Settings

OWN = Credential("AKIDMINE", "mine")


def code_of(client: Any, job: str) -> str:
    with pytest.raises(ClientError) as caught:
        client.cancel_job(JobId=job)
    response: Any = caught.value.response
    return str(response["Error"]["Code"])


def test_it_begins_empty() -> None:
    with open_embedded("importexport") as endpoint:
        assert endpoint.client().list_jobs()["Jobs"] == []


@pytest.mark.parametrize("state", ["pending", "cancelled"])
def test_public_states_are_made_anew_with_each_call(state: str) -> None:
    with open_embedded("importexport") as endpoint:
        first, second = endpoint.job(state), endpoint.job(state)

        jobs = {job["JobId"]: job["IsCanceled"] for job in endpoint.client().list_jobs()["Jobs"]}

    assert first != second
    assert jobs == dict.fromkeys((first, second), state == "cancelled")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("expired", "ExpiredJobIdException"),
        ("cancelled", "CanceledJobIdException"),
        ("complete", "UnableToCancelJobIdException"),
        ("foreign", "InvalidJobIdException"),
    ],
)
def test_a_job_is_in_the_state_that_was_asked_for(state: str, code: str) -> None:
    with open_embedded("importexport") as endpoint:
        assert code_of(endpoint.client(), endpoint.job(state)) == code


def test_a_wrong_state_is_told_with_close_names() -> None:
    with open_embedded("importexport") as endpoint, pytest.raises(UnknownState, match=r"did you mean cancelled\?"):
        endpoint.job("canceled")


def test_a_state_that_cannot_be_made_is_told() -> None:
    world = replace(default_world(), buckets={})

    with open_embedded("importexport", world=world) as endpoint, pytest.raises(TargetUnusable, match="CreateJob"):
        endpoint.job("pending")


def test_the_configured_world_is_held() -> None:
    settings = Settings((OWN,), {"buckets": {"mine": {}}, "jobs": {"expired": ["XPR1A"]}})

    with open_embedded("importexport", settings=settings) as endpoint:
        assert endpoint.job("expired") == "XPR1A"
        assert endpoint.world.buckets["mine"].access == "write"
        assert endpoint.credential == OWN
        assert code_of(endpoint.client(), "XPR1A") == "ExpiredJobIdException"


def test_an_id_that_configuration_took_is_not_given_to_another_job() -> None:
    settings = Settings((EXAMPLE_KEY,), {"buckets": {"mine": {}}, "jobs": {"complete": ["EXP1A"]}})

    with open_embedded("importexport", settings=settings) as endpoint:
        expired = endpoint.job("expired")
        assert expired != "EXP1A"
        assert code_of(endpoint.client(), expired) == "ExpiredJobIdException"


def test_the_url_is_the_same_endpoint_as_the_client() -> None:
    with open_embedded("importexport") as endpoint:
        job = endpoint.job("pending")
        make: Any = boto3.session.Session(EXAMPLE_KEY.access_key_id, EXAMPLE_KEY.secret_access_key).client
        remote = make("importexport", endpoint_url=endpoint.url, region_name="us-east-1")

        assert [found["JobId"] for found in remote.list_jobs()["Jobs"]] == [job]
        assert endpoint.url == endpoint.url


def test_nothing_listens_until_the_url_is_asked_for() -> None:
    before = threading.active_count()

    with open_embedded("importexport") as endpoint:
        endpoint.client().list_jobs()
        assert threading.active_count() == before
        assert endpoint.url
        assert threading.active_count() == before + 1


def test_a_reset_empties_it_and_clients_go_on() -> None:
    with open_embedded("importexport") as endpoint:
        client, url = endpoint.client(), endpoint.url
        endpoint.job("pending")
        endpoint.world.buckets.clear()

        endpoint.reset()

        assert client.list_jobs()["Jobs"] == []
        assert endpoint.world.buckets == default_world().buckets
        assert endpoint.url == url


def test_a_change_of_the_world_is_seen_by_requests() -> None:
    with open_embedded("importexport") as endpoint:
        job = endpoint.job("pending")
        endpoint.world.buckets.clear()

        with pytest.raises(ClientError, match="NoSuchBucketException"):
            endpoint.client().create_job(
                JobType="Import", ValidateOnly=True, Manifest=endpoint.client().get_status(JobId=job)["CurrentManifest"]
            )


def test_a_world_that_was_given_is_left_alone() -> None:
    world = default_world()

    with open_embedded("importexport", world=world) as endpoint:
        endpoint.world.buckets.clear()

    assert world.buckets


def test_the_client_retries_as_the_sdk_does_unless_told_otherwise() -> None:
    with open_embedded("importexport") as endpoint:
        usual, once = endpoint.client(), endpoint.client(retries={"total_max_attempts": 1}, read_timeout=3)

    assert once.meta.config.retries["total_max_attempts"] == 1
    assert once.meta.config.read_timeout == 3
    assert (usual.meta.config.retries or {}).get("total_max_attempts") != 1


def test_two_clients_are_two_and_each_request_is_carried_out_once() -> None:
    with open_embedded("importexport") as endpoint:
        first, second = endpoint.client(), endpoint.client()
        endpoint.job("pending")

        assert first is not second
        assert len(first.list_jobs()["Jobs"]) == len(second.list_jobs()["Jobs"]) == 1


def test_a_service_without_a_specification_is_told() -> None:
    with pytest.raises(NoSpecification, match=r"did you mean importexport\?"):
        open_embedded("importexpot")


def test_settings_that_describe_no_world_are_told() -> None:
    with pytest.raises(BadConfiguration, match=r"did you mean buckets\?"):
        open_embedded("importexport", settings=Settings((EXAMPLE_KEY,), {"bucket": {}}))


def test_closing_twice_does_no_harm() -> None:
    endpoint = open_embedded("importexport")
    assert endpoint.url

    endpoint.close()
    endpoint.close()
