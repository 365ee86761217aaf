"""Errors that rerouting can meet, each from a provider of its own that answers so by its contract."""

import pytest
from shipping import SETTINGS, RerouteRefused, reroute


def test_a_disk_is_rerouted(botoproof_pact_case):
    with botoproof_pact_case("importexport.UpdateJob") as case:
        assert reroute(case.client(**SETTINGS), case.parameters["JobId"], case.parameters["Manifest"]) is True


@pytest.mark.parametrize(
    "error",
    [
        "BucketPermissionException",
        "CanceledJobIdException",
        "ExpiredJobIdException",
        "InvalidJobIdException",
        "MissingManifestFieldException",
        "UnableToUpdateJobIdException",
    ],
)
def test_a_refusal_leaves_the_disk_where_it_goes(botoproof_pact_case, error):
    with botoproof_pact_case("importexport.UpdateJob", error) as case, pytest.raises(RerouteRefused, match=error):
        reroute(case.client(**SETTINGS), case.parameters["JobId"], case.parameters["Manifest"])
