"""`botoproof notify`: the files it writes, the command it calls, and that it tells everything once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ..history.nights import ONE, finding, report
from .conftest import Done

Call = Callable[..., Done]
NOTIFY = ("notify", "--folder", "issues", "--history", "h.sqlite")
KEEPS = """
import json, os, sys
told = {name: os.environ[name] for name in sorted(os.environ) if name.startswith("BOTOPROOF_ISSUE_")}
open("calls.txt", "a").write(json.dumps(told) + "\\n")
sys.exit(int(open("status.txt").read()))
"""


@pytest.fixture
def hook(folder: Path) -> str:
    """A command that keeps how it was called, and ends as `status.txt` says."""
    folder.joinpath("hook.py").write_text(KEEPS)
    folder.joinpath("status.txt").write_text("0")
    return f"'{sys.executable}' -S -E hook.py"


@pytest.fixture
def night(call: Call, folder: Path) -> Callable[..., None]:
    """Adds the report of a night in November."""

    def add(day: int, *findings: dict[str, object]) -> None:
        folder.joinpath("r.json").write_text(json.dumps(report(*findings, seed=day)))
        assert call("history", "add", "r.json", "--file", "h.sqlite", "--at", f"2026-11-{day}").status == 0

    return add


def test_an_issue_is_opened_once_and_closed_after_three_clean_nights(
    call: Call, folder: Path, night: Callable[..., None], hook: str
) -> None:
    told = []
    for day, findings in enumerate(([finding()], [finding()], [], [], []), 20):
        night(day, *findings)
        told += [call(*NOTIFY, "--hook", hook).out, call(*NOTIFY, "--hook", hook).out]

    place = f"issues/{ONE}.md  importexport.UpdateJob: the error is not documented [error-undocumented]\n"
    opened, updated, closed = f"opened    {place}", f"updated   {place}", f"closed    {place}"
    nothing = "nothing to tell\n"
    assert told == [opened, nothing, nothing, nothing, updated, nothing, nothing, nothing, closed, nothing]
    states = [
        json.loads(line)["BOTOPROOF_ISSUE_STATE"] for line in folder.joinpath("calls.txt").read_text().splitlines()
    ]
    assert states == ["opened", "updated", "closed"]


def test_the_command_finds_the_file_and_the_title_in_its_environment(
    call: Call, folder: Path, night: Callable[..., None], hook: str
) -> None:
    night(20, finding())

    call(*NOTIFY, "--hook", hook)

    told = json.loads(folder.joinpath("calls.txt").read_text())
    assert told == {
        "BOTOPROOF_ISSUE_FILE": str(folder / "issues" / f"{ONE}.md"),
        "BOTOPROOF_ISSUE_FINGERPRINT": ONE,
        "BOTOPROOF_ISSUE_STATE": "opened",
        "BOTOPROOF_ISSUE_TITLE": "importexport.UpdateJob: the error is not documented [error-undocumented]",
    }
    assert f"botoproof {ONE}" in Path(told["BOTOPROOF_ISSUE_FILE"]).read_text()


def test_what_a_failing_command_was_to_tell_is_told_again(
    call: Call, folder: Path, night: Callable[..., None], hook: str
) -> None:
    night(20, finding())
    folder.joinpath("status.txt").write_text("7")

    failed = call(*NOTIFY, "--hook", hook)
    folder.joinpath("status.txt").write_text("0")
    again = call(*NOTIFY, "--hook", hook)

    assert (failed.status, failed.out) == (2, "")
    assert failed.told == f"{ONE} is told again the next time: {sys.executable} ended with exit status 7"
    assert (again.status, again.out.split()[0]) == (0, "opened")


def test_a_command_that_does_not_end_is_ended(call: Call, night: Callable[..., None]) -> None:
    night(20, finding())

    done = call(*NOTIFY, "--hook", "sleep 600", "--time-limit", "0.05")

    assert (done.status, done.told) == (2, f"{ONE} is told again the next time: sleep took longer than 0.05 s")


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        (
            "no-such-command-of-ours --x",
            "--hook: there is no command 'no-such-command-of-ours', or it may not be executed",
        ),
        ("", "--hook must be a command, got an empty text"),
        ("'", '--hook "\'" cannot be read: No closing quotation'),
    ],
)
def test_a_command_that_cannot_be_called_is_told_first(
    call: Call, folder: Path, night: Callable[..., None], hook: str, told: str
) -> None:
    night(20, finding())

    done = call(*NOTIFY, "--hook", hook)

    assert (done.status, done.told) == (2, told)
    assert not folder.joinpath("issues").exists()


def test_a_folder_that_cannot_be_made_is_told(call: Call, folder: Path, night: Callable[..., None]) -> None:
    night(20, finding())
    folder.joinpath("issues").write_text("")

    assert call(*NOTIFY).told == "issues cannot be written to issues: File exists"
