"""`botoproof history`: what it says of nights, findings and changes, and of what it cannot use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..history.nights import ONE, OTHER, finding, report
from .conftest import Done

Call = Callable[..., Done]
SEEN, CLEAN = report(finding()), report()


@pytest.fixture
def nights(call: Call, folder: Path) -> Callable[..., None]:
    """Adds a night's report for each day from the 20th on."""

    def add(*reports: dict[str, Any]) -> None:
        for day, data in enumerate(reports, 20):
            folder.joinpath("r.json").write_text(json.dumps({**data, "seed": day}))
            done = call("history", "add", "r.json", "--file", "h.sqlite", "--at", f"2026-11-{day}T02:00Z")
            assert (done.status, done.err) == (0, "")
            assert done.out == f"r.json: added to h.sqlite, night 2026-11-{day}\n"

    return add


def ask(call: Call, *words: str) -> Done:
    return call("history", *words, "--file", "h.sqlite")


def test_the_overview_tells_the_nights_and_what_the_last_one_changed(call: Call, nights: Callable[..., None]) -> None:
    nights(CLEAN, SEEN, report(finding(OTHER)))

    done = ask(call)

    assert done.status == 0
    assert done.out.splitlines() == [
        "h.sqlite: 3 runs, 2 findings",
        "importexport on http://a:1",
        "  night       verdict   runs  cases  errors  findings  new  back  gone  botocore",
        "  2026-11-20  clean     1     22     1/1     0                          1.44.5",
        "  2026-11-21  findings  1     22     1/1     1         1                1.44.5",
        "  2026-11-22  findings  1     22     1/1     1         1          1     1.44.5",
        f"  new      {OTHER}  error error-undocumented, importexport.UpdateJob: seen 2026-11-22",
        f"  gone     {ONE}  error error-undocumented, importexport.UpdateJob: seen 2026-11-21, 1 flip",
    ]


def test_a_second_night_without_change_says_nothing_new(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN, SEEN)

    assert "  nothing new since 2026-11-20" in ask(call).out.splitlines()


def test_the_overview_as_json_holds_the_trend(call: Call, nights: Callable[..., None]) -> None:
    nights(CLEAN, SEEN)

    told = json.loads(ask(call, "--json").out)

    [target] = told["targets"]
    assert told["schema"] == "botoproof/history/1"
    assert [(night["night"], night["new"]) for night in target["nights"]] == [("2026-11-20", []), ("2026-11-21", [ONE])]
    assert target["news"]["new"] == [ONE]


def test_findings_have_a_line_each_and_one_can_be_told_in_full(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN, CLEAN, SEEN)

    listed, one, short = ask(call, "findings"), ask(call, "finding", ONE), ask(call, "finding", ONE[:6], "--json")

    words = "error error-undocumented, importexport.UpdateJob: seen 2026-11-20 to 2026-11-22, 2 flips"
    assert listed.out == f"  there    {ONE}  {words}\n"
    assert one.out.splitlines()[-3:] == [
        "  2026-11-20  there    new, 1 case with botocore 1.44.5",
        "  2026-11-21  gone",
        "  2026-11-22  there    new, 1 case with botocore 1.44.5",
    ]
    [life] = json.loads(short.out)["findings"]
    assert [night["presence"] for night in life["nights"]] == ["there", "gone", "there"]


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (CLEAN, SEEN, 1),
        (SEEN, SEEN, 0),
        (SEEN, CLEAN, 0),
        (CLEAN, report(finding(status="known", reason="ticket")), 3),
        (CLEAN, report(finding(severity="note")), 0),
    ],
)
def test_a_regression_since_a_day_ends_with_1(
    call: Call, nights: Callable[..., None], before: dict[str, Any], after: dict[str, Any], status: int
) -> None:
    nights(before, after)

    assert ask(call, "since", "2026-11-21").status == status


def test_regressions_and_recoveries_are_told(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN, report(finding(OTHER)))

    done = ask(call, "since", "2026-11-21")

    assert "  2026-11-21 compared with 2026-11-20" in done.out
    assert f"  regression  {OTHER}  error" in done.out
    assert f"  recovery    {ONE}  error" in done.out


def test_nothing_to_compare_with_is_no_success(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN)

    done = ask(call, "since", "2026-11-20")

    assert (done.status, done.out) == (2, "importexport on http://a:1\n  no run before 2026-11-20 to compare with\n")


def test_a_night_is_not_compared_with_itself_when_there_is_none_since_the_day(
    call: Call, nights: Callable[..., None]
) -> None:
    nights(CLEAN, SEEN)

    done, data = ask(call, "since", "2026-11-22"), ask(call, "since", "2026-11-22", "--json")

    told = "importexport on http://a:1\n  no run on 2026-11-22 or later to compare with 2026-11-21\n"
    assert (done.status, done.out, data.status) == (2, told, 2)
    [target] = json.loads(data.out)["targets"]
    assert (target["before"], target["now"]) == ("2026-11-21", None)


def test_that_there_is_no_finding_is_said(call: Call, nights: Callable[..., None]) -> None:
    nights(CLEAN)

    assert ask(call, "findings").out == "no finding was ever seen in the runs of h.sqlite\n"


def test_the_help_names_every_exit_status_that_one_of_the_commands_has(call: Call) -> None:
    told = " ".join(call("history", "--help").out.split()).partition("Exit status: ")[2]

    assert "1 regressions" in told
    assert "3 only known or flaky ones" in told


def test_a_clock_that_went_back_is_told_and_the_run_is_kept(
    call: Call, folder: Path, nights: Callable[..., None]
) -> None:
    nights(SEEN)
    folder.joinpath("r.json").write_text(json.dumps(CLEAN))

    done = call("history", "add", "r.json", "--file", "h.sqlite", "--at", "2020-01-01")

    assert done.status == 0
    assert done.told.startswith("this run began 2020-01-01 00:00:00 UTC, before the newest in the history")
    assert [run["night"] for run in json.loads(ask(call, "runs", "--json").out)["runs"]] == ["2020-01-01", "2026-11-20"]


def test_old_nights_can_be_taken_out_and_wrong_ones_forgotten(call: Call, nights: Callable[..., None]) -> None:
    nights(SEEN, CLEAN, CLEAN)

    pruned, forgotten = ask(call, "prune", "--keep-days", "1"), ask(call, "forget", "2026-11-21")

    assert pruned.out == "1 run taken out of h.sqlite\n"
    assert forgotten.out == "1 run of 2026-11-21 taken out of h.sqlite\n"
    assert ask(call, "findings").out.startswith(f"  gone     {ONE}  ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--json", "runs"), "--json is written after the command: history runs --json (see botoproof history --help)"),
        (("since", "2026-11-21", "--file", "."), "the history . cannot be read: it is a folder"),
        (("sinc",), "there is no command 'history sinc'; did you mean since? (see botoproof history --help)"),
        (("since", "yesterday"), "a date is written as 2026-11-26, got 'yesterday'"),
        (("finding", "cccccccccccc"), f"h.sqlite knows no finding 'cccccccccccc'; known: {ONE}"),
        (("forget", "2026-11-2"), "h.sqlite has no night '2026-11-2'; did you mean 2026-11-20?"),
        (("add", "none.json"), "there is no report 'none.json'; `--report json=PATH` of a run writes one"),
        (("add", "r.json", "--at", "noon"), "--at must be a time such as 2026-11-26T02:00Z, got 'noon'"),
        (("add", "r.json", "--night", ""), "--night must be a short name such as 2026-11-26, got ''"),
    ],
)
def test_a_mistake_is_told_in_one_paragraph(
    call: Call, nights: Callable[..., None], words: tuple[str, ...], told: str
) -> None:
    nights(SEEN)

    done = call("history", *words) if "--file" in words else ask(call, *words)

    assert (done.status, done.out, done.told) == (2, "", told)


def test_without_a_history_it_is_said_how_one_is_made(call: Call) -> None:
    assert ask(call).told == (
        "there is no history 'h.sqlite'; `botoproof run --history FILE` and `botoproof history add` make one"
    )
