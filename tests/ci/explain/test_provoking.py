"""How rules are provoked: by probes that break nothing else, and in the usual world, where there are any."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.explain.provoking import Provocation, provocations
from botoproof.contract.rule import Rule
from botoproof.contract.services import find_specification

RULES: tuple[Rule[Any], ...] = find_specification("importexport").rules("UpdateJob")


def found(name: str, which: int = 0) -> tuple[Provocation, ...]:
    return provocations("importexport", "UpdateJob", [rule for rule in RULES if rule.name == name][which])


def test_a_rule_is_provoked_in_the_usual_world_where_that_will_do() -> None:
    assert {(one.world, one.alone) for one in found("manifest.deviceId.missing")} == {("", True)}


def test_a_rule_of_one_era_is_provoked_in_that_era() -> None:
    assert {one.world for one in found("manifest.accessKeyId.another-key-era-a")} == {"era 2010-06-03"}


def test_variants_of_a_rule_that_share_a_name_are_told_apart() -> None:
    later, earlier = found("manifest.eraseDevice.invalid", 0), found("manifest.eraseDevice.invalid", 1)

    assert {one.world for one in later} == {""}
    assert {one.world for one in earlier} == {"era 2010-06-03"}


def test_probes_that_break_further_rules_are_told_only_where_there_are_no_others() -> None:
    told = {rule.name: {one.alone for one in found(rule.name)} for rule in RULES}

    assert {name for name, alone in told.items() if len(alone) > 1} == set()
    assert told["manifest.operations[].region.invalid"] == {False}
    assert sum(alone == {True} for alone in told.values()) > 60


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("job.expired", {"ExpiredJobIdException"}),
        ("parameter.JobType.case", {""}),
        ("parameter.APIVersion.unknown", set()),
    ],
)
def test_the_answer_is_that_of_the_embedded_endpoint(name: str, answers: set[str]) -> None:
    assert {one.answer for one in found(name)} == answers
