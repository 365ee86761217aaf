"""The tables ``[world]`` of a configuration: what the design shows, and every mistake with its whole message."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.services.importexport import SPECIFICATION, World, default_world
from botoproof.contract.services.importexport.world import Bucket, Era, JobState
from botoproof.contract.specification import Settings

from .bench import COLLEAGUE, NOW, OWN, STRANGER

DESIGN = """
[world]                             # what the endpoint holds
era = "2014-12-18"                  # or "2010-06-03"
api-versions = ["1.0"]              # absent: unknown, then InvalidVersionException is not expected

[world.buckets]
my-import = { region = "us-east-1", access = "write" }      # access: write | denied
my-export-eu = { region = "eu-west-1", access = "write" }

[world.jobs]
expired = ["EXP1A"]
in-progress = ["RUN1A"]
complete = ["DNE1A"]
foreign = ["FRN1A"]
"""


def read(text: str) -> World:
    return SPECIFICATION.world(Settings((OWN, COLLEAGUE), tomllib.loads(text)["world"]))


def test_the_designs_example_is_understood() -> None:
    world = read(DESIGN)

    assert world.era is Era.B
    assert world.api_versions == frozenset({"1.0"})
    assert world.buckets == {"my-import": Bucket(), "my-export-eu": Bucket("eu-west-1")}
    assert {job_id: job.state_at(NOW) for job_id, job in world.jobs.items()} == {
        "EXP1A": JobState.EXPIRED,
        "RUN1A": JobState.IN_PROGRESS,
        "DNE1A": JobState.COMPLETE,
        "FRN1A": JobState.RECEIVED,
    }
    assert {world.account_of(key.access_key_id) for key in (OWN, COLLEAGUE)} == {world.jobs["EXP1A"].account}
    assert world.jobs["FRN1A"].account != world.jobs["EXP1A"].account
    assert SPECIFICATION.configured_ids(world) == {
        "expired": "EXP1A",
        "in-progress": "RUN1A",
        "complete": "DNE1A",
        "foreign": "FRN1A",
    }


def test_what_is_not_said_has_a_default() -> None:
    world = read('[world]\nera = "2010-06-03"\n[world.buckets.b]\n')

    assert world.era is Era.A
    assert world.api_versions is None
    assert not world.strict_yaml
    assert world.buckets == {"b": Bucket("us-east-1", "write")}
    assert world.jobs == {}


def test_without_a_world_it_is_that_of_the_embedded_endpoint() -> None:
    assert SPECIFICATION.world(Settings((OWN,))) == default_world((OWN,))


def test_without_credentials_nobody_is_known() -> None:
    world = SPECIFICATION.world(Settings((), tomllib.loads(DESIGN)["world"]))

    assert world.access_keys == {}
    assert SPECIFICATION.configured_ids(world)["foreign"] == "FRN1A"


def test_a_world_that_is_written_out_reads_back_as_the_same() -> None:
    world = read(DESIGN.replace("[world] ", "[world]\nstrict-yaml = true #"))

    again = SPECIFICATION.world(Settings((OWN, COLLEAGUE), SPECIFICATION.table(world)))

    assert again == world
    assert again.strict_yaml


def test_what_is_unknown_of_a_world_is_not_written_out() -> None:
    world = read('[world]\nera = "2010-06-03"\n')

    assert SPECIFICATION.table(world) == {"era": "2010-06-03", "buckets": {}, "jobs": {}}
    assert read('[world]\nera = "2010-06-03"\nbuckets = {}\njobs = {}\n') == world


def test_several_jobs_may_be_named_for_a_state() -> None:
    world = read('[world.jobs]\nexpired = ["EXP1A", "EXP1B"]\npending = ["PND1A"]\ncancelled = ["CNC1A"]\n')

    assert SPECIFICATION.configured_ids(world) == {"expired": "EXP1A", "pending": "PND1A", "cancelled": "CNC1A"}
    assert set(world.jobs) == {"EXP1A", "EXP1B", "PND1A", "CNC1A"}


def test_a_pending_job_of_the_configuration_does_not_expire() -> None:
    """Nobody knows how old it is; its keeper says that it is pending."""
    world = read('[world.jobs]\npending = ["PND1A"]\n')

    assert world.jobs["PND1A"].state_at(NOW) is JobState.RECEIVED


REGION = "a region such as 'us-east-1'"
MISTAKES: dict[str, tuple[str, str]] = {
    "an unknown key": ('[world]\neraa = "x"', "[world] has no key 'eraa'; did you mean era?"),
    "a bad era": ('[world]\nera = "2015"', "world.era must be '2010-06-03' or '2014-12-18', got '2015'"),
    "an era of another type": ("[world]\nera = 2014", "world.era must be '2010-06-03' or '2014-12-18', got 2014"),
    "an era that is a list": ("[world]\nera = []", "world.era must be '2010-06-03' or '2014-12-18', got []"),
    "versions that are no list": (
        '[world]\napi-versions = "1.0"',
        "world.api-versions must be a list of strings, got '1.0'",
    ),
    "versions that are numbers": (
        "[world]\napi-versions = [1.0]",
        "world.api-versions must be a list of strings, got [1.0]",
    ),
    "a switch that is a text": (
        '[world]\nstrict-yaml = "yes"',
        "world.strict-yaml must be true or false, got 'yes'",
    ),
    "buckets that are a list": ('[world]\nbuckets = ["b"]', "world.buckets must be a table, got ['b']"),
    "a bucket that is a text": (
        '[world.buckets]\nb = "us-east-1"',
        "world.buckets.b must be a table, got 'us-east-1'",
    ),
    "an unknown key of a bucket": (
        '[world.buckets.b]\nregoin = "us-east-1"',
        "[world.buckets.b] has no key 'regoin'; did you mean region?",
    ),
    "no region": ('[world.buckets.b]\nregion = "Ireland"', f"world.buckets.b.region must be {REGION}, got 'Ireland'"),
    "an empty region": ('[world.buckets.b]\nregion = ""', f"world.buckets.b.region must be {REGION}, got ''"),
    "a region that is a number": ("[world.buckets.b]\nregion = 1", f"world.buckets.b.region must be {REGION}, got 1"),
    "no access": (
        '[world.buckets.b]\naccess = "read"',
        "world.buckets.b.access must be 'write' or 'denied', got 'read'",
    ),
    "access of another type": (
        "[world.buckets.b]\naccess = true",
        "world.buckets.b.access must be 'write' or 'denied', got True",
    ),
    "jobs that are a list": ('[world]\njobs = ["53TX4"]', "world.jobs must be a table, got ['53TX4']"),
    "an unknown state": (
        '[world.jobs]\ncanceled = ["53TX4"]',
        "[world.jobs] has no key 'canceled'; did you mean cancelled?",
    ),
    "a job outside a list": (
        '[world.jobs]\nexpired = "53TX4"',
        "world.jobs.expired must be a list of strings, got '53TX4'",
    ),
    "no job id": (
        '[world.jobs]\nexpired = ["fake_job"]',
        "world.jobs.expired must be job ids of five characters, 1-9 and A-Z without O, got 'fake_job'",
    ),
    "a job in two states": (
        '[world.jobs]\nexpired = ["53TX4"]\ncomplete = ["53TX4"]',
        "world.jobs names job '53TX4' as expired and as complete; it can be only one",
    ),
    "a job twice": (
        '[world.jobs]\nexpired = ["53TX4", "53TX4"]',
        "world.jobs.expired names job '53TX4' twice; each id is one job",
    ),
    "a job twice in two cases": (
        '[world.jobs]\nexpired = ["53TX4", "53tx4"]',
        "world.jobs.expired names job '53tx4' twice; each id is one job",
    ),
    "a state that is made for each case": (
        '[world.jobs]\nspare = ["53TX4"]',
        "[world.jobs] has no key 'spare'; known: cancelled, complete, expired, foreign, in-progress, pending",
    ),
    "a job in two states and cases": (
        '[world.jobs]\nexpired = ["53TX4"]\ncomplete = ["53tx4"]',
        "world.jobs names job '53tx4' as expired and as complete; it can be only one",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_what_was_expected(mistake: str) -> None:
    text, message = MISTAKES[mistake]

    with pytest.raises(BadConfiguration, match=f"^{re.escape(message)}$"):
        read(text)


def test_a_world_grows_by_the_jobs_that_a_run_makes(world: World) -> None:
    grown = SPECIFICATION.with_resources(world, {"pending": "NEW11", "cancelled": "NEW12"}, NOW)
    states: dict[str, Any] = {job_id: grown.jobs[job_id].state for job_id in ("NEW11", "NEW12")}

    assert states == {"NEW11": JobState.RECEIVED, "NEW12": JobState.CANCELLED}
    assert set(grown.jobs) == {*world.jobs, "NEW11", "NEW12"}
    assert grown.jobs["NEW11"].account == world.account_of(OWN.access_key_id)
    assert STRANGER.access_key_id not in grown.access_keys


def test_an_account_is_known_by_its_key_and_is_not_the_usual_one() -> None:
    settings = Settings((OWN,), {"era": "2014-12-18"}, SPECIFICATION.accounts)
    key = SPECIFICATION.accounts["quota-exhausted"]

    world = SPECIFICATION.world(settings)

    assert world.access_keys[key.access_key_id].is_exhausted
    assert world.account_of(key.access_key_id) != world.account_of(OWN.access_key_id)
    assert not world.access_keys[OWN.access_key_id].is_exhausted


def test_an_account_for_which_there_is_no_use_is_told() -> None:
    with pytest.raises(BadConfiguration, match=r"^\[accounts\] has no key 'quota'; known: quota-exhausted$"):
        SPECIFICATION.world(Settings((OWN,), {"era": "2014-12-18"}, {"quota": OWN}))
