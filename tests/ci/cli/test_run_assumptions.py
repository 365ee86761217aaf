"""`botoproof run` says what it assumes, and what it was given and does not use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.services.importexport import default_world
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.world import Bucket, World

from .conftest import Done, reports

Call = Callable[..., Done]
SUBJECT = "importexport.UpdateJob"
NOTHING = (SUBJECT, "--phases", "random", "--max-examples", "0")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's example key, where the usual chain finds it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def served(world: World) -> Server:
    """Return an endpoint without defect on loopback, which holds `world`."""
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = Endpoint(world, operations, now=datetime.now(UTC))
    return Server(endpoint.answer, one_at_a_time=False)


def test_an_endpoint_that_holds_something_else_than_was_assumed_is_not_accused(call: Call, folder: Path) -> None:
    buckets = {
        **default_world().buckets,
        "not-mine": Bucket("eu-west-1"),
        "my-export-eu": Bucket("eu-west-1", "denied"),
    }
    world = replace(default_world(), buckets=buckets, api_versions=frozenset({"0.0.1-bogus", "2.0"}))

    with served(world) as server:
        done = call("run", SUBJECT, "--phases", "table", "--target", server.url, "--report", "json=r.json")

    findings = reports(folder / "r.json")["findings"]
    assert (done.status, {finding["severity"] for finding in findings}) == (0, {"note"})
    assert {finding["code"] for finding in findings} == {
        "accepted-in-silence",
        "error-undeserved",
        "valid-request-refused",
    }
    assert all("the world is assumed, as no [world] is configured" in finding["expected"] for finding in findings)
    assert "no [world] is configured" in done.told


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_IMPORTEXPORT", "AWS_ENDPOINT_URL"])
def test_an_endpoint_in_the_environment_is_not_used_and_that_is_told(
    call: Call, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")

    told = f"botoproof: {name} is set and not used; --target names an endpoint"
    assert told in call("run", *NOTHING).err
    assert told not in call("run", *NOTHING, "--target", "embedded").err


def test_a_pace_for_the_embedded_endpoint_has_no_effect_and_that_is_told(call: Call) -> None:
    assert "botoproof: --rate has no effect on the embedded endpoint" in call("run", *NOTHING, "--rate", "5").err
    assert "--rate" not in call("run", *NOTHING).err
