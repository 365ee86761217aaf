"""Reproducers of cases that have something for themselves: a job, or the key of another account."""

from __future__ import annotations

import sys

import pytest
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import url_target
from botoproof.ci.replay import open_replay
from botoproof.ci.report.reproduce import reproduce
from botoproof.contract.adapters.server import Server
from botoproof.contract.case import Call, Case, Form, Signing
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import TargetUnusable
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.specification import Settings

from .conftest import Changed, judge_of, prepared_scene, world_of
from .reproducing import FINDING, ran


@pytest.mark.parametrize("by_url", [False, True])
def test_a_case_with_a_job_of_its_own_is_seen_again_with_another_one(by_url: bool) -> None:
    with judge_of(by_url=by_url) as judge:
        scene, states = prepared_scene(judge), States(judge)
        case = Case("CancelJob", Call({"JobId": "~spare~"}))
        list(states.needed_by(case))
        exchange = judge.exchange(case)
        found = reproduce(FINDING, exchange, scene)
        states.forget(case)

        said = ran(sys.executable, "-c", found.boto3)

    assert "'Success': True" in said
    assert exchange.used["spare"] not in found.boto3 + found.curl + found.pytest
    assert "~spare~" in found.pytest
    assert found.boto3.count("cancel_job") == 1  # the case itself disposes of its job


QUOTA = Case(
    "CreateJob",
    Form(
        (
            ("Action", "CreateJob"),
            ("Version", "2010-06-01"),
            ("JobType", "Import"),
            ("Manifest", base_import(world_of({}, EXAMPLE_KEY))),
            ("ValidateOnly", "false"),
        )
    ),
    signing=Signing(key="quota-exhausted"),
)


def quota_judge(url: str, key: Credential) -> Judge:
    accounts = {"quota-exhausted": key}
    world = SPECIFICATION.world(Settings((EXAMPLE_KEY,), {}, accounts))
    return open_judge(SPECIFICATION, url_target(SPECIFICATION, world, EXAMPLE_KEY, url, accounts=accounts))


def test_a_case_signed_by_another_account_is_seen_again_with_its_published_key() -> None:
    world = SPECIFICATION.world(Settings((EXAMPLE_KEY,), {}, SPECIFICATION.accounts))
    with Server(Changed(world, lambda _, reply: reply).answer) as server:
        judge = quota_judge(server.url, SPECIFICATION.accounts["quota-exhausted"])
        found = reproduce(FINDING, judge.exchange(QUOTA), prepared_scene(judge))
        judge.target.close()

        said = ran(sys.executable, "-c", found.boto3)

    assert "CreateJobQuotaExceededException" in said
    assert "--user AKIAQUOTAUSEDEXAMPLE:" in found.curl
    assert 'Signing(key="quota-exhausted")' in found.pytest


def test_the_key_of_another_account_stands_in_no_reproducer() -> None:
    world = SPECIFICATION.world(Settings((EXAMPLE_KEY,)))
    with Server(Changed(world, lambda _, reply: reply).answer) as server:
        judge = quota_judge(server.url, Credential("AKIDTHEIRS", "their own secret key"))
        found = reproduce(FINDING, judge.exchange(QUOTA), prepared_scene(judge))
        judge.target.close()

    assert found.boto3 == found.curl == found.pytest
    assert found.boto3 == (
        "# This case cannot be written down: it is signed with the key of the account quota-exhausted, which stands in "
        "the configuration alone.\n"
    )


def test_a_case_signed_by_an_account_that_nobody_named_is_not_sent() -> None:
    world = SPECIFICATION.world(Settings((EXAMPLE_KEY,)))
    with (
        Server(Changed(world, lambda _, reply: reply).answer) as server,
        open_replay("importexport", endpoint=server.url, credential=EXAMPLE_KEY) as replay,
        pytest.raises(TargetUnusable, match=r"'quota-exhausted'; \[accounts.quota-exhausted\] would name one$"),
    ):
        replay.exchange(QUOTA)


def test_each_case_that_is_sent_again_has_a_job_of_its_own() -> None:
    case = Case("CancelJob", Call({"JobId": "~spare~"}))
    with open_replay("importexport") as replay:
        jobs = {replay.require_conformance(case).used["spare"] for _ in range(2)}

    assert len(jobs) == 2
