"""`botoproof explain`: every code, rule and documented error is told, and close names where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import click
import pytest
from botoproof.cassettes import drift
from botoproof.ci import recordings
from botoproof.ci.cli import explain
from botoproof.ci.explain.recordings import ABOUT
from botoproof.ci.upgrade.rules import RULES as OF_UPGRADES
from botoproof.contract.checks import KINDS
from botoproof.contract.services import find_specification

from .conftest import Done

Call = Callable[..., Done]
RULES = {rule.name: rule for rule in find_specification("importexport").rules("UpdateJob")}


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_finding_is_explained(call: Call, code: str) -> None:
    kind = KINDS[code]

    done = call("explain", code)

    assert done.status == 0
    assert done.out.startswith(f"{code}: {kind.title}\n")
    assert all(text in done.out for text in (kind.check, kind.severity.value, kind.source, kind.meaning, kind.remedy))
    assert all(text in done.out for text in (kind.harm, kind.provoked, kind.silence, "--baseline FILE"))


@pytest.mark.parametrize("name", ["manifest.bucket.missing", "job.id.malformed", "signature.unknown-key"])
def test_a_rule_is_told_with_condition_error_evidence_and_source(call: Call, name: str) -> None:
    rule = RULES[name]

    done = call("explain", name)

    assert done.status == 0
    assert all(text in done.out for text in (rule.condition, *rule.codes, rule.evidence.value, rule.source))
    assert "importexport.UpdateJob" in done.out


def test_a_documented_error_is_told_with_its_rules(call: Call) -> None:
    done = call("explain", "ExpiredJobIdException")

    assert done.status == 0
    assert "Indicates that the specified job has expired out of the system." in done.out
    assert "job.expired: the job has expired" in done.out
    assert "`job.expired`: JobId is that of an expired job" in done.out
    assert "HTTP 400" in done.out


def test_a_rule_is_told_with_the_probes_that_provoke_it_and_what_they_change(call: Call) -> None:
    done = call("explain", "manifest.fileSystem.invalid")

    changed = "`manifest.fileSystem=XFS`: Manifest: `fileSystem: XFS` instead of `fileSystem: NTFS`"
    assert changed in done.out
    assert "botoproof explain --rules importexport." in done.out
    assert "--evidence" in done.out.partition("silence")[2]


def test_a_rule_without_a_probe_says_so(call: Call) -> None:
    assert "No probe provokes it." in call("explain", "parameter.APIVersion.unknown").out


@pytest.mark.parametrize("arguments", [["--rules", "importexport.CancelJob"], ["--findings"], ["--upgrade-rules"]])
def test_a_page_is_printed_as_markdown(call: Call, arguments: list[str]) -> None:
    done = call("explain", *arguments)

    assert done.status == 0
    assert done.out.startswith("# ")
    assert f"<!-- Generated: botoproof explain {' '.join(arguments)} -->" in done.out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "importexport.UpdateJobs",
            "importexport has no operation 'UpdateJobs' in the installed botocore; did you",
        ),
        ("importexport", "'importexport' names no operation; did you mean importexport."),
        ("importexport.", "'importexport.' names no operation after the dot"),
        ("UpdateJob", "'UpdateJob' is no service; did you mean importexport.UpdateJob?"),
        ("s3.GetObject", "botoproof has no specification for the service 's3'"),
        ("importexprt.UpdateJob", "did you mean importexport?"),
    ],
)
def test_rules_that_there_are_not_are_told_with_close_names(call: Call, name: str, told: str) -> None:
    done = call("explain", "--rules", name)

    assert done.status == 2
    assert told in done.told


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("74f8e18fd61c", "replay 74f8e18fd61c"),
        ("74f8e18fd61c", "history finding 74f8e18fd61c"),
        ("response_lost", "faults response_lost"),
        ("importexport.UpdateJob", "explain --rules importexport.UpdateJob"),
    ],
)
def test_what_another_command_tells_of_is_sent_there(call: Call, name: str, command: str) -> None:
    done = call("explain", name)

    assert done.status == 2
    assert f"`botoproof {command}`" in done.told
    assert "known names" not in done.told


def test_one_page_is_asked_for_at_a_time(call: Call) -> None:
    done = call("explain", "reply-root", "--rules", "importexport.UpdateJob")

    assert done.status == 2
    assert done.told.startswith("CODE and --rules ask for different pages; give one of them")


def test_on_a_terminal_lines_are_wrapped_and_headings_bold(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "_width", lambda: 60)
    monkeypatch.setattr(explain, "_is_terminal", lambda: True)
    lines: list[str] = []
    monkeypatch.setattr(click, "echo", lines.append)

    call("explain", "reply-root")

    assert max(len(click.unstyle(line)) for line in lines) <= 60
    assert sum("\x1b[1mhurts\x1b[0m" in line for line in lines) == 1


def test_in_a_pipe_there_are_no_control_codes(call: Call) -> None:
    assert "\x1b" not in call("explain", "reply-root").out


@pytest.mark.parametrize("code", [*get_args(recordings.What), *get_args(drift.What)])
def test_whatever_is_found_in_a_recording_is_explained(call: Call, code: str) -> None:
    done = call("explain", code)

    assert done.status == 0
    assert done.out.startswith(f"{code}: {ABOUT[code].title}\n")
    assert all(text in done.out for text in (ABOUT[code].meaning, ABOUT[code].harm, ABOUT[code].remedy))


def test_nothing_is_explained_that_is_not_found_in_recordings() -> None:
    assert set(ABOUT) == {*get_args(recordings.What), *get_args(drift.What)}


@pytest.mark.parametrize("rule", OF_UPGRADES)
def test_every_rule_of_upgrades_is_explained(call: Call, rule: str) -> None:
    known = OF_UPGRADES[rule]

    done = call("explain", rule)

    assert done.status == 0
    assert done.out.startswith(f"{rule}: {known.title}\n")
    assert all(text in done.out for text in (known.before, known.after, known.breaks, known.adapt))
    assert all(text in done.out for text in (*known.confirmed_by, *(who.value for who in known.hurts)))


@pytest.mark.parametrize("arguments", [[], ["--list"], ["--list", "reply-root"]])
def test_the_list_has_one_line_for_every_code_and_rule(call: Call, arguments: list[str]) -> None:
    done = call("explain", *arguments)

    names = [line.split()[0] for line in done.out.splitlines()]
    assert done.status == 0
    assert len(names) == len(set(names))
    assert set(names) >= {*KINDS, *RULES, *ABOUT, *OF_UPGRADES, "ExpiredJobIdException"}


@pytest.mark.parametrize(
    ("code", "near"),
    [("reply-rot", "reply-root"), ("manifest.buckt.missing", "manifest.bucket.missing"), ("REPLY-ROOT", "reply-root")],
)
def test_an_unknown_code_is_told_with_close_names(call: Call, code: str, near: str) -> None:
    done = call("explain", code)

    assert done.status == 2
    assert done.told.startswith(f"there is no finding, rule or error {code!r}; did you mean {near}")
