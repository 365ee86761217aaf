"""Provider states: one set of names, and a job in each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.services.importexport import World
from botoproof.contract.services.importexport.states import STATES, jobs_in_every_state
from botoproof.contract.services.importexport.world import JOB_ID, Era, JobState

from .bench import NOW, OWN, Bench

STANDING = {
    "pending": JobState.PENDING,
    "cancelled": JobState.CANCELLED,
    "expired": JobState.EXPIRED,
    "in-progress": JobState.IN_PROGRESS,
    "complete": JobState.COMPLETE,
    "foreign": JobState.PENDING,
}


def test_a_state_reads_as_a_sentence() -> None:
    assert [state.sentence for state in STATES] == [
        "a pending job",
        "a cancelled job",
        "an expired job",
        "a job whose data transfer has started",
        "a job that is complete",
        "a job of another account",
        "a pending job that may be used up",
    ]


def test_there_is_a_job_in_every_state(world: World) -> None:
    jobs = jobs_in_every_state(world, NOW)

    assert {name: job.state_at(NOW) for name, job in jobs.items()} == STANDING
    assert all(JOB_ID.fullmatch(job.job_id) for job in jobs.values())
    assert len({job.job_id for job in jobs.values()}) == len([state for state in STATES if not state.used_up])


def test_all_but_the_foreign_job_are_the_signers(world: World) -> None:
    owners = {name: job.account for name, job in jobs_in_every_state(world, NOW).items()}
    own = world.account_of(OWN.access_key_id)

    assert {name for name, owner in owners.items() if owner != own} == {"foreign"}


@pytest.mark.parametrize("era", Era)
def test_the_manifests_of_the_jobs_break_no_rule(bench: Bench, old_bench: Bench, era: Era) -> None:
    chosen = bench if era is Era.B else old_bench

    for job in jobs_in_every_state(chosen.world, NOW).values():
        assert chosen.expect(chosen.update(job.manifest)).must_succeed


def test_a_world_without_keys_has_jobs_of_nobody(world: World) -> None:
    jobs = jobs_in_every_state(replace(world, access_keys={}), NOW)

    assert {job.account for job in jobs.values()} == {"", jobs["foreign"].account}
