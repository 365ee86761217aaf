"""The phase `faults`: a table of what came of each fault, notes for what escapes, errors for what must hold."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from botoproof.ci.campaign import faults_phase
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import Event, FaultTried
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.plan import PHASES, USUAL_PHASES, Plan
from botoproof.ci.campaign.result import RunResult
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.campaign.targets import embedded_target
from botoproof.ci.cli.command import main
from botoproof.ci.configuration import Configuration
from botoproof.ci.faults.observation import Trial, trials
from botoproof.ci.report.console import print_summary
from botoproof.ci.report.payload import redaction_of
from botoproof.ci.report.progress import open_console
from botoproof.ci.report.reproduce import reproduce
from botoproof.ci.report.scene import scene_of
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case_data import NotData, write_case
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.faults.plan_text import parse_fault
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Interaction, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport.specification import default_world

FEW = ("response_lost", "body.empty", "error(InvalidJobIdException)", "dns")
PLAN = Plan("importexport", ("UpdateJob",), phases=("faults",))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some faults only, so that a run takes no time."""
    monkeypatch.setattr(faults_phase, "trials", lambda *_, **__: tuple(Trial(parse_fault(text)) for text in FEW))


def judge() -> Judge:
    return open_judge(
        find_specification("importexport"),
        embedded_target(find_specification("importexport"), default_world(), EXAMPLE_KEY),
    )


def run(plan: Plan = PLAN) -> tuple[RunResult, list[Event]]:
    collector, events = Collector(Evidence.OBSERVED), list[Event]()

    def emit(event: Event) -> None:
        collector(event)
        events.append(event)

    run_campaign(plan, judge(), emit)
    return collector.result(), events


@pytest.mark.usefixtures("few")
def test_an_endpoint_at_a_url_is_not_said_to_be_what_was_struck(capsys: pytest.CaptureFixture[str]) -> None:
    result = replace(run()[0], target="url", endpoint="http://localhost:1")

    scene = scene_of(judge(), Configuration(), states=result.resources, evidence=Evidence.OBSERVED)
    print_summary(open_console(), result, scene, redaction_of(EXAMPLE_KEY))

    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  faults ")]
    assert line.endswith(" s, on an embedded endpoint of its own")


@pytest.mark.usefixtures("few")
def test_faults_alone_are_not_said_to_be_on_the_endpoint_that_is_configured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "botoproof.toml"
    config.write_text('[target]\nendpoint = "http://localhost:1"\n')

    main(["run", "importexport.UpdateJob", "--phases", "faults", "--no-run-folder", "--config", str(config)])

    out = capsys.readouterr().out
    assert "on the embedded endpoint" in out
    assert "localhost" not in out


def test_the_run_shows_what_came_of_each_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    words = ["importexport.UpdateJob", "--phases", "faults", "--no-run-folder", "--report", f"json={report}"]

    assert main(["run", *words]) == 0
    out, data = capsys.readouterr().out, json.loads(report.read_text())
    rows = data["faults"]["importexport.UpdateJob"]
    assert len(rows) == len(trials(read_operation("importexport", "UpdateJob"), engine="hook"))
    assert all(f"  {row['fault']} " in out for row in rows)
    lost = next(row for row in rows if row["fault"] == "1*response_lost->ok")
    assert (lost["outcome"], lost["effects"]) == ("returned", 2)
    assert {finding["severity"] for finding in data["findings"]} == {"note"}
    assert {finding["code"] for finding in data["findings"]} == {
        "sdk-fault-escapes",
        "sdk-fault-late",
        "sdk-fault-silent",
    }
    assert "does (" in out  # what must hold whatever happens


def test_faults_are_tried_only_where_a_run_is_asked_to() -> None:
    assert set(PHASES) - set(USUAL_PHASES) == {"faults"}


@pytest.mark.usefixtures("few")
def test_what_must_hold_and_does_not_turns_the_run_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults_phase, "budget_of", lambda _: 2)
    result, _ = run()

    assert result.verdict == "findings"
    assert {group.finding.kind.code for group in result.findings if result.counts(group)} == {"sdk-fault-attempts"}


@pytest.mark.usefixtures("few")
def test_faults_alone_are_a_verdict_and_say_nothing_of_an_endpoint() -> None:
    result, events = run()

    assert result.verdict == "clean"
    assert [one.trial for one in result.faults["importexport.UpdateJob"]] == list(FEW)
    assert result.operations["importexport.UpdateJob"].cases == 0
    assert result.phases["faults"][0] == len(FEW) == sum(isinstance(event, FaultTried) for event in events)


@pytest.mark.usefixtures("few")
def test_the_target_of_the_run_is_not_asked() -> None:
    asked = list[Request]()

    def transport(request: Request) -> Interaction:
        asked.append(request)
        raise AssertionError(request.url)

    there = replace(judge().target, transport=transport)
    run_campaign(PLAN, open_judge(find_specification("importexport"), there), lambda _: None)

    assert asked == []


@pytest.mark.usefixtures("few")
def test_shards_try_each_fault_once() -> None:
    parts = [run(replace(PLAN, shard=Shard(number, 2)))[0].faults["importexport.UpdateJob"] for number in (1, 2)]

    assert sorted(one.trial for part in parts for one in part) == sorted(FEW)


@pytest.mark.usefixtures("few")
def test_a_finding_is_reproduced_by_source_that_runs() -> None:
    result, _ = run()
    group = next(one for one in result.findings if one.finding.kind.code == "sdk-fault-escapes")
    scene = scene_of(judge(), Configuration(), states=result.resources)
    source = reproduce(group.finding, group.exchange, scene).boto3

    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "snippet", "exec"), {})  # noqa: S102 - our own snippet is the subject
    assert "ResponseParserError" in out.getvalue()
    assert "importexport.UpdateJob#0: 1 attempt, one effect" in out.getvalue()


@pytest.mark.usefixtures("few")
def test_a_case_with_a_fault_is_not_kept_as_if_it_were_without_one() -> None:
    result, _ = run()

    with pytest.raises(NotData, match="struck by a fault"):
        write_case(result.findings[0].exchange.case)


@pytest.mark.usefixtures("few")
def test_a_finding_says_the_same_in_each_run() -> None:
    first, second = ([str(group.finding) for group in run()[0].findings] for _ in range(2))

    assert first == second != []
