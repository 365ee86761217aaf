"""Shards put together: the report of the whole run, whatever the shards; nothing lost and nothing counted twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botoproof.ci.report.json_report import read_schema
from botoproof.ci.shards.merging import merge_results
from botoproof.ci.shards.result_file import PlacedFinding, ShardResult
from botoproof.contract.interaction import Reply, Request
from jsonschema import Draft202012Validator

from ..campaign.runs import action, refusal
from .conftest import Keep, result_of, whole_report

VALIDATOR = Draft202012Validator(read_schema())


def wrong(request: Request, right: Reply) -> Reply:
    """Refuse with a code that depends on the request alone, so that each shard sees what the whole run sees."""
    refused = action(request) in ("UpdateJob", "CancelJob") and right.status != 200
    return refusal(f"Undocumented{'EF'[len(request.body) % 2]}") if refused else right


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """Drop what differs between two runs anyway."""
    phases = {name: phase["cases"] for name, phase in report["phases"].items()}
    findings = [{**found, "case": None, "reproduce": None, "observed": None} for found in report["findings"]]
    return {**report, "phases": phases, "findings": findings}


@pytest.mark.parametrize(
    ("of", "examples"), [(3, 6), *(pytest.param(of, 40, marks=pytest.mark.slow) for of in (1, 2, 5, 11))]
)
def test_merged_shards_are_the_report_of_one_run(keep: Keep, of: int, examples: int) -> None:
    shards = [result_of(keep(f"{number}/{of}", wrong, max_examples=examples)) for number in range(1, of + 1)]

    merged = merge_results(shards, {})

    whole = whole_report(wrong, max_examples=examples)
    VALIDATOR.validate(merged)
    assert merged["verdict"] == "findings"
    assert len(whole["findings"]) > 3
    assert comparable(merged) == comparable(whole)
    assert list(merged["operations"]["importexport.UpdateJob"]["probes"]) == list(
        whole["operations"]["importexport.UpdateJob"]["probes"]
    )


def test_a_finding_of_the_set_up_is_counted_as_often_as_one_run_sees_it(keep: Keep) -> None:
    """Each shard prepares states of its own, and one run does so once."""

    def unsettled(request: Request, right: Reply) -> Reply:
        odd = b"<Odd>1</Odd></CreateJobResult>"
        return replace(right, body=right.body.replace(b"</CreateJobResult>", odd), headers=())

    plan: dict[str, Any] = {"operations": ("UpdateJob",), "phases": ("table",)}
    shards = [result_of(keep(f"{number}/2", unsettled, **plan)) for number in (1, 2)]

    merged = merge_results(shards, {})

    counts = {found["fingerprint"]: found["count"] for found in merged["findings"]}
    assert counts
    assert any(found.around for shard in shards for found in shard.findings)
    assert counts == {found["fingerprint"]: found["count"] for found in whole_report(unsettled, **plan)["findings"]}


@pytest.mark.slow
def test_faults_are_in_the_order_of_the_whole_run(keep: Keep) -> None:
    plan: dict[str, Any] = {"operations": ("UpdateJob",), "phases": ("faults",)}
    shards = [result_of(keep(f"{number}/2", **plan)) for number in (2, 1)]

    merged = merge_results(shards, {})

    whole = whole_report(**plan)
    assert merged["faults"] == whole["faults"]
    assert merged["findings"] == whole["findings"]


@pytest.fixture
def clean(keep: Keep) -> list[ShardResult]:
    """Two shards without findings."""
    return [result_of(keep(f"{number}/2", operations=("UpdateJob",), phases=("table",))) for number in (1, 2)]


def found(fingerprint: str = "a" * 12, **data: Any) -> PlacedFinding:
    """Return a finding of a shard."""
    place, around = data.pop("place", (0, 0, 0)), data.pop("around", 0)
    usual = {"severity": "error", "evidence": "documented", "status": "new", "code": "c", "count": 1}
    return PlacedFinding({"fingerprint": fingerprint, **usual, **data}, place, around)


def with_findings(shard: ShardResult, *findings: PlacedFinding) -> ShardResult:
    return replace(shard, findings=findings)


def with_report(shard: ShardResult, **changes: Any) -> ShardResult:
    return replace(shard, report={**shard.report, **changes})


def test_a_missing_shard_leaves_no_run_clean(clean: list[ShardResult]) -> None:
    merged = merge_results(clean[:1], {2: "there is no file of it"})

    assert merge_results(clean, {})["verdict"] == "clean"
    assert (merged["verdict"], merged["stopped"]) == ("unknown", "shard 2/2 is missing: there is no file of it")
    VALIDATOR.validate(merged)


def test_a_shard_that_was_cut_short_leaves_no_run_clean(clean: list[ShardResult]) -> None:
    merged = merge_results([clean[0], with_report(clean[1], stopped="it was interrupted")], {})

    assert (merged["verdict"], merged["stopped"]) == ("unknown", "shard 2/2: it was interrupted")


def test_what_a_shard_could_not_bring_about_leaves_no_run_clean(clean: list[ShardResult]) -> None:
    merged = merge_results([clean[0], replace(clean[1], lacking=("state pending",))], {})

    assert merged["verdict"] == "unknown"


def test_a_shard_without_cases_does_not_make_the_run_unknown(keep: Keep) -> None:
    """With more shards than cases some are empty, and say nothing by themselves."""
    plan: dict[str, Any] = {"operations": ("UpdateJob",), "phases": ("random",), "max_examples": 2}
    shards = [result_of(keep(f"{number}/3", **plan)) for number in (1, 2, 3)]

    merged = merge_results(shards, {})

    assert shards[2].report["verdict"] == "unknown"
    assert (merged["verdict"], merged["phases"]["random"]["cases"]) == ("clean", 2)


def test_the_case_shown_is_the_first_in_the_order_of_the_run_with_the_strongest_evidence(
    clean: list[ShardResult],
) -> None:
    early = with_findings(clean[1], found(evidence="inferred", severity="note", place=(0, 0, 1), case="weak"))
    late = with_findings(clean[0], found(place=(1, 0, 6), case="late"))

    [shown] = merge_results([late, early], {})["findings"]
    [same] = merge_results([late, with_findings(clean[1], found(place=(1, 0, 3), case="first"))], {})["findings"]

    assert (shown["case"], shown["count"], shown["severity"]) == ("late", 2, "error")
    assert same["case"] == "first"


def test_what_is_steady_in_one_shard_is_not_flaky(clean: list[ShardResult]) -> None:
    flaky, steady = found(status="flaky"), found(place=(1, 0, 1))

    merged = merge_results([with_findings(clean[0], flaky), with_findings(clean[1], steady)], {})

    assert merged["verdict"] == "findings"
    assert merge_results([with_findings(clean[0], flaky), clean[1]], {})["verdict"] == "known"


def test_programs_that_every_shard_held_back_are_counted_once(clean: list[ShardResult]) -> None:
    shards = [with_report(replace(shard, withheld_programs=1), withheld=4) for shard in clean]

    assert merge_results(shards, {})["withheld"] == 7


def test_what_could_not_be_had_stands_once_and_cases_are_added_up(clean: list[ShardResult]) -> None:
    state = {"state": "expired", "why": "nobody can bring it about"}
    cases = {"cases": 3, "operation": "UpdateJob", "why": "w"}
    shards = [with_report(shard, unreachable=[state, state, cases]) for shard in clean]

    merged = merge_results(shards, {})

    assert merged["unreachable"] == [state, state, {**cases, "cases": 6}]
