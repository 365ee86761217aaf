import pytest
from textbook import RerouteRefused, reroute


@pytest.mark.every_fault("importexport.UpdateJob", survives=[RerouteRefused])
def test_reroute(botoproof_endpoint, manifest):
    job = botoproof_endpoint.job("pending")

    assert reroute(botoproof_endpoint.client(), job, manifest) is True
