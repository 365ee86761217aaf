import pytest
from shipping import SETTINGS, OutcomeUnknown, RerouteRefused, reroute


@pytest.fixture
def client(botoproof_endpoint):
    return botoproof_endpoint.client(**SETTINGS)


@pytest.mark.every_fault("importexport.UpdateJob", survives=[RerouteRefused, OutcomeUnknown])
def test_reroute(botoproof_endpoint, client, manifest):
    job = botoproof_endpoint.job("pending")

    assert reroute(client, job, manifest) is True


@pytest.mark.conforms
def test_what_the_endpoint_says_of_a_job_is_what_its_contract_allows(botoproof_endpoint, client, manifest):
    job = botoproof_endpoint.job("pending")

    reroute(client, job, manifest)

    assert "DISK-0001" in client.get_status(JobId=job)["CurrentManifest"]
