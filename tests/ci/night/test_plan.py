"""The plan of a night: targets x releases x services, the same for all machines, and what lies before and after it."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.night.outcome import State
from botoproof.ci.night.plan import (
    NightPlan,
    PlannedRun,
    PlannedSdk,
    nights_after,
    nights_before,
    read_plan,
    seed_of,
    write_plan,
)
from botoproof.ci.night.running import plan, upgrade
from botoproof.contract.errors import BadConfiguration

from .conftest import Make

INSTALLED = metadata.version("botocore")
SDK = PlannedSdk("installed", "1.44.5")
RUN = PlannedRun("importexport", "http://127.0.0.1:8000", SDK, ("--seed", "1"), 2)


def write(folder: Path, night: str, *versions: str) -> None:
    (folder / night).mkdir(parents=True)
    sdks = tuple(PlannedSdk(version, version) for version in versions)
    write_plan(NightPlan(night, 1, sdks, (RUN,)), folder / night)


def test_each_target_is_planned_with_each_release(tonight: Make) -> None:
    made = tonight(targets=("embedded", "http://127.0.0.1:8000"), max_examples=7, shards=3)

    outcome = plan(made)

    runs = made.plan.runs
    assert (outcome.state, outcome.detail) == (State.DONE, f"2 runs in 3 shards, botocore {INSTALLED}")
    assert [(run.target, run.sdk.version, run.shards) for run in runs] == [
        ("embedded", INSTALLED, 3),
        ("http://127.0.0.1:8000", INSTALLED, 3),
    ]
    assert runs[0].options[:2] == ("--seed", "20261126")
    assert len({run.name for run in runs}) == 2


def test_a_plan_of_one_run_in_one_shard_is_told_in_the_singular(tonight: Make) -> None:
    assert plan(tonight(targets=("embedded",), shards=1)).detail == f"1 run in 1 shard, botocore {INSTALLED}"


@pytest.mark.slow  # the package index is asked, which may be far
def test_a_release_that_cannot_be_had_fails_the_step_and_the_others_are_planned(tonight: Make) -> None:
    made = tonight(sdks=("installed", "0.0.1"))

    outcome = plan(made)

    assert outcome.state is State.FAILED
    assert outcome.detail.startswith("0.0.1: ")
    assert [run.sdk.given for run in made.plan.runs] == ["installed"]


def test_one_release_that_is_named_twice_is_planned_once(tonight: Make) -> None:
    made = tonight(sdks=("installed", "installed"))

    plan(made)

    assert len(made.plan.runs) == 1


def test_the_shard_that_is_asked_for_says_how_many_there_are(tonight: Make) -> None:
    made = replace(tonight(), shard=Shard(2, 5))

    plan(made)

    assert [run.shards for run in made.plan.runs] == [5]


def test_another_plan_of_the_same_night_takes_the_reports_of_the_first_away(tonight: Make) -> None:
    plan(tonight())
    report = tonight().folder / "reports" / "old.json"
    report.parent.mkdir()
    report.touch()
    plan(tonight())
    assert report.exists()

    plan(tonight(max_examples=3))

    assert not report.exists()


def test_a_night_about_nothing_is_told(tonight: Make) -> None:
    made = tonight()

    with pytest.raises(BadConfiguration) as wrong:
        plan(replace(made, configuration=replace(made.configuration, service=None)))

    assert str(wrong.value) == "name what the night is about: nightly.services or target.service, e.g. importexport"


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = NightPlan("2026-11-26", 1, (SDK, PlannedSdk("9.9", why="no")), (RUN, replace(RUN, about="x")))

    write_plan(made, tmp_path)

    assert read_plan(tmp_path) == made


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "botoproof/night-plan/1"}'])
def test_what_is_no_plan_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)

    with pytest.raises(BadConfiguration, match=r"plan\.json is no plan of a night: "):
        read_plan(tmp_path)


def test_runs_of_other_circumstances_have_other_names() -> None:
    others = [
        RUN,
        replace(RUN, service="other"),
        replace(RUN, target="embedded"),
        replace(RUN, target="http://127.0.0.1/8000"),
        replace(RUN, sdk=PlannedSdk("latest", "1.44.6")),
        replace(RUN, options=("--seed", "2")),
        replace(RUN, shards=3),
        replace(RUN, about="another world"),
    ]

    assert len({run.name for run in others}) == len(others)


def test_the_newest_release_is_the_one_with_the_greatest_number() -> None:
    sdks = tuple(PlannedSdk(version, version) for version in ("1.9.0", "1.44.10", "1.44.9"))

    assert NightPlan("n", 1, (*sdks, PlannedSdk("2.0", why="no")), ()).newest == "1.44.10"


def test_the_seed_follows_from_the_name_of_the_night() -> None:
    assert seed_of("2026-11-26") == 20261126
    assert seed_of("before the release") == seed_of("before the release") != seed_of("after the release")


def test_nights_are_known_by_their_names_whatever_the_clock_says(tmp_path: Path) -> None:
    for night in ("2026-11-27", "2026-11-24", "2026-11-25"):
        write(tmp_path, night, "1.44.5")
    (tmp_path / "2026-11-23").mkdir()  # a night that came to no plan

    assert nights_before(tmp_path, "2026-11-26") == ["2026-11-25", "2026-11-24"]
    assert nights_after(tmp_path, "2026-11-26") == ["2026-11-27"]


def test_a_night_that_lies_after_this_one_is_told(tonight: Make) -> None:
    write(Path("nights"), "2026-11-27", "1.44.5")

    assert plan(tonight()).detail.endswith("; the night 2026-11-27 lies after this one: has a clock gone back?")


def test_without_a_night_before_there_is_no_release_to_compare_with(tonight: Make) -> None:
    plan(tonight())

    assert upgrade(tonight()).state is State.SKIPPED


def test_the_same_newest_release_is_no_upgrade(tonight: Make) -> None:
    write(Path("nights"), "2026-11-25", INSTALLED)
    plan(tonight())

    outcome = upgrade(tonight())

    assert (outcome.verdict, outcome.detail) == ("clean", f"botocore {INSTALLED} is still the newest")


def test_where_no_release_could_be_had_the_upgrade_is_unknown(tonight: Make) -> None:
    write(Path("nights"), "2026-11-25")
    plan(tonight())

    assert upgrade(tonight()).state is State.UNKNOWN
