"""Reports as past runs: what is kept of each group of cases, and what is no report."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.history.past import Group, State, Stream
from botoproof.ci.history.reading import read_report
from botoproof.ci.report.json_report import read_schema
from botoproof.contract.errors import BadConfiguration
from jsonschema import Draft202012Validator

from .nights import OTHER, SUBJECT, finding, kept, report

FAULTS = {"schema": "botoproof/faults/1", "level": "smoke", "verdicts": {}, "tests": []}
TABLE, RANDOM = Group(SUBJECT, "table", "first"), Group(SUBJECT, "random")


def states(data: dict[str, Any]) -> dict[Group, State]:
    return {one.group: one.state for one in kept(data).run.results}


def test_the_reports_of_these_tests_are_such_as_a_run_writes() -> None:
    shown = report(finding(), finding(OTHER, phase="random", probe=None, status="flaky", reason="why"))

    Draft202012Validator(read_schema()).validate(shown)


def test_a_run_is_kept_with_what_it_was_made_of() -> None:
    run = kept(report(finding(), seed=10**30)).run

    assert run.stream == Stream("importexport", "url", "http://a:1")
    assert (run.at, run.night) == (datetime(2026, 11, 20, 2, tzinfo=UTC), "2026-11-20")
    assert (run.seed, run.botocore, run.verdict, run.cases, run.seconds) == (10**30, "1.44.5", "findings", 22, 2.0)
    assert (run.documented, run.provoked) == (1, 1)
    assert [one.group for one in run.sightings] == [TABLE]


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        ({}, State.FAIL),
        ({"status": "expired"}, State.FAIL),
        ({"status": "known"}, State.KNOWN),
        ({"status": "flaky"}, State.FLAKY),
        ({"severity": "note"}, State.LENIENT),
    ],
)
def test_the_worst_finding_of_a_group_decides_its_state(shown: dict[str, str], state: State) -> None:
    note = finding(OTHER, severity="note")

    assert states(report(note, finding(**shown))) == {
        TABLE: state,
        Group(SUBJECT, "table", "second"): State.PASS,
        RANDOM: State.PASS,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"stopped": "time was used up"},
        {"shard": {"number": 1, "of": 2}},
        {"withheld": 1},
        {"throttled": 1},
        {"unreachable": [{"phase": "random", "why": "few were left"}]},
    ],
)
def test_a_part_of_what_chance_draws_says_nothing_and_a_probe_that_was_sent_does(changes: dict[str, Any]) -> None:
    found = states(report(**changes))

    assert (found[TABLE], found[RANDOM]) == (State.PASS, State.UNKNOWN)


def test_a_probe_that_was_throttled_or_not_reached_says_nothing() -> None:
    data = report(unreachable=[{"probe": "second", "operation": "UpdateJob", "why": "no such job"}])
    data["operations"][SUBJECT]["probes"]["first"] = "refused:Throttling"

    found = states(data)

    assert (found[TABLE], found[Group(SUBJECT, "table", "second")]) == (State.UNKNOWN, State.UNREACHABLE)


def test_what_a_phase_did_not_send_is_no_group_of_it() -> None:
    found = states(report(phases={"table": {"cases": 2, "seconds": 0.5}}))

    assert RANDOM not in found


def test_a_report_begins_when_its_file_was_written_unless_a_time_is_given(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report()))
    os.utime(path, (1_800_000_000, 1_800_000_000))

    written, given = read_report(path), read_report(path, at=datetime(2026, 1, 2, tzinfo=UTC), night="tonight")

    assert written.run.at == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert (given.run.night, given.run.digest) == ("tonight", written.run.digest)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"schema": "botoproof/rep', "cannot be read: it is not JSON"),
        ("[]", "is no report of ours"),
        ('{"schema": "botoproof/report/2"}', "got 'botoproof/report/2'"),
        (json.dumps(report(seed="1")), "seed: must be an integer, got '1'"),
        (json.dumps(FAULTS), "is a report of another kind (botoproof/faults/1); a history holds botoproof/report/1"),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)

    with pytest.raises(BadConfiguration) as refused:
        read_report(path)

    assert str(path) in str(refused.value)
    assert told in str(refused.value)


def test_a_report_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="there is no report"):
        read_report(tmp_path / "r.json")
