"""`botoproof run` with a baseline, a run folder or a shard: what it says, keeps and ends with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from botoproof.ci.report.json_report import read_schema
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import ImportExport
from botoproof.contract.specification import Unreachable

from .conftest import Done, reports

Call = Callable[..., Done]
RUN = ("run", "importexport.UpdateJob", "--seed", "1", "--phases", "table", "--report", "json=r.json")
BASELINE = ("--baseline", "b.toml")
UPDATE = (*BASELINE, "--update-baseline")
PROBES = ("success.import", "job.id=ZZZZZ", "job.cancelled")


class Switch:
    """Whether the embedded endpoint is wrong."""

    wrong = True


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    """The embedded endpoint gives unknown jobs a code that no page knows, until it is mended; few probes are sent."""
    switch, answer, every = Switch(), Endpoint.answer, ImportExport.probes

    def wrongly(self: Endpoint, request: Request, now: object) -> Reply:
        reply = answer(self, request, now)  # type: ignore[arg-type]
        if not switch.wrong or b"InvalidJobId" not in reply.body:
            return reply
        headers = (("Content-Type", "text/xml"),)
        return replace(reply, headers=headers, body=reply.body.replace(b"InvalidJobId", b"NoSuchJob"))

    def few(*arguments: object) -> object:
        probes = every(*arguments)  # type: ignore[arg-type]
        return tuple(probe for probe in probes if isinstance(probe, Unreachable) or probe.name in PROBES)

    monkeypatch.setattr(Endpoint, "answer", wrongly)
    monkeypatch.setattr(ImportExport, "probes", few)
    return switch


def entry(folder: Path, **changes: str) -> None:
    """Change lines of the only entry of the baseline, or add some."""
    path = folder / "b.toml"
    text = path.read_text("utf-8")
    for key, value in changes.items():
        line, found = f"{key} = {value}", re.search(rf"^{key} = .*$", text, re.MULTILINE)
        text = text.replace(found[0], line) if found else f"{text}{line}\n"
    path.write_text(text, "utf-8")


def test_the_first_update_writes_a_baseline_and_the_next_run_ends_with_3(
    call: Call, folder: Path, switch: Switch
) -> None:
    first = call(*RUN, *UPDATE)
    entry(folder, reason='"the vendor knows: ticket 7"')
    second = call(*RUN, *BASELINE)

    report = reports(folder / "r.json")
    jsonschema.validate(report, read_schema())
    assert (first.status, second.status) == (3, 3)
    assert (
        "baseline    b.toml: 1 added, 0 removed, 0 left as they stood; write a reason for each that was added"
        in first.out
    )
    assert "1 known finding in b.toml still without a reason" in first.out
    assert "known: nothing but known or flaky findings (1 known)" in second.out
    assert "  known       the vendor knows: ticket 7" in second.out
    assert report["verdict"] == "known"
    assert [(one["status"], one["reason"]) for one in report["findings"]] == [("known", "the vendor knows: ticket 7")]
    assert report["baseline"] == {"file": "b.toml", "unexpected_passes": [], "not_seen": []}


def test_without_a_baseline_the_same_run_ends_with_1(call: Call, folder: Path, switch: Switch) -> None:
    done = call(*RUN)

    report = reports(folder / "r.json")
    assert done.status == 1
    assert [(one["status"], one["reason"], one["seen_again"]) for one in report["findings"]] == [("new", None, True)]
    assert report["baseline"] is None


def test_an_expired_entry_counts_again(call: Call, folder: Path, switch: Switch) -> None:
    call(*RUN, *UPDATE)
    entry(folder, expires="2020-01-31", reason='"soon"')

    done = call(*RUN, *BASELINE)

    report = reports(folder / "r.json")
    assert (done.status, report["verdict"]) == (1, "findings")
    assert [(one["status"], one["reason"]) for one in report["findings"]] == [
        ("expired", "known until 2020-01-31: soon")
    ]
    assert "  expired     known until 2020-01-31: soon" in done.out


def test_a_known_finding_that_no_longer_occurs_fails_the_run_until_it_is_removed(
    call: Call, folder: Path, switch: Switch
) -> None:
    call(*RUN, *UPDATE)
    switch.wrong = False

    passed = call(*RUN, *BASELINE)
    report = reports(folder / "r.json")
    updated = call(*RUN, *UPDATE)
    clean = call(*RUN, *BASELINE)

    jsonschema.validate(report, read_schema())
    assert (passed.status, updated.status, clean.status) == (1, 0, 0)
    assert "findings: 1 unexpected pass" in passed.out
    assert "known in b.toml, and not seen" in passed.out
    assert "botoproof explain baseline-unexpected-pass" in passed.out
    assert [one["code"] for one in report["baseline"]["unexpected_passes"]] == ["error-undocumented"]
    assert "b.toml: 0 added, 1 removed, 0 left as they stood" in updated.out


def test_what_could_not_be_seen_is_told_and_does_not_fail_the_run(call: Call, folder: Path, switch: Switch) -> None:
    call(*RUN, *UPDATE)
    switch.wrong = False
    entry(folder, target='"url"')

    done = call(*RUN, *BASELINE)

    report = reports(folder / "r.json")
    jsonschema.validate(report, read_schema())
    assert done.status == 0
    assert [one["why"] for one in report["baseline"]["not_seen"]] == [
        "it is known for the target url, and this is embedded"
    ]
    assert "not seen" in done.out


def test_a_run_that_was_cut_short_leaves_the_baseline_alone(call: Call, folder: Path, switch: Switch) -> None:
    call(*RUN, *UPDATE)
    before = folder.joinpath("b.toml").read_text("utf-8")

    done = call(*RUN, *UPDATE, "--max-time", "0.000001")

    assert "b.toml was not brought up to date, since the run was cut short" in done.out
    assert folder.joinpath("b.toml").read_text("utf-8") == before


def test_a_run_that_lacks_what_could_not_be_made_writes_no_baseline(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Endpoint.answer

    def refusing(self: Endpoint, request: Request, now: object) -> Reply:
        if b"Action=CreateJob" in request.body:
            return Reply(403, (("Content-Type", "text/xml"),), b"<no/>")
        return answer(self, request, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Endpoint, "answer", refusing)

    done = call(*RUN, *UPDATE)

    assert done.status == 1
    assert re.search("b.toml was not brought up to date, since the run lacks the .*, which could not be made", done.out)
    assert not folder.joinpath("b.toml").exists()


def test_a_baseline_of_another_service_is_told_before_anything_is_sent(call: Call, folder: Path) -> None:
    folder.joinpath("b.toml").write_text('schema = "botoproof/baseline/1"\nservice = "sqs"\n')

    done = call(*RUN, *BASELINE)

    assert (done.status, done.out) == (2, "")
    assert done.told == "b.toml is a baseline of 'sqs', and this run is about importexport"


def test_a_run_writes_the_baseline_that_could_be_the_next_and_leaves_its_own_alone(
    call: Call, folder: Path, switch: Switch
) -> None:
    call(*RUN, *UPDATE)
    entry(folder, reason='"ticket 7"', owner='"Zoë"')
    before = folder.joinpath("b.toml").read_text("utf-8")

    same = call(*RUN, *BASELINE, "--next-baseline", "n.toml")
    unchanged = folder.joinpath("n.toml").read_text("utf-8")
    switch.wrong = False
    passed = call(*RUN, *BASELINE, "--next-baseline", "n.toml")

    assert (same.status, passed.status) == (3, 1)
    assert unchanged == before == folder.joinpath("b.toml").read_text("utf-8")
    assert "next        n.toml: 0 added, 1 removed, 0 left as they stood" in passed.out
    assert "[[finding]]" not in folder.joinpath("n.toml").read_text("utf-8")


def test_without_a_baseline_the_next_one_is_a_first_one(call: Call, folder: Path, switch: Switch) -> None:
    done = call(*RUN, "--next-baseline", "n.toml")

    assert done.status == 1
    assert call(*RUN, "--baseline", "n.toml").status == 3


# Run folders


def test_a_run_with_findings_leaves_a_run_folder_and_says_where(call: Call, folder: Path, switch: Switch) -> None:
    done = call(*RUN)

    (place,) = folder.glob(".botoproof/runs/*")
    name = place.relative_to(folder)
    assert f"run folder  {name}, whose cases `botoproof replay {name}` sends again" in done.out
    assert json.loads((place / "run.json").read_text("utf-8"))["schema"] == "botoproof/run/1"


@pytest.mark.parametrize("wrong", [True, False])
def test_none_is_left_when_there_is_nothing_to_keep_or_none_is_wanted(
    call: Call, folder: Path, switch: Switch, wrong: bool
) -> None:
    switch.wrong = wrong

    call(*RUN, *(("--no-run-folder",) if wrong else ()))

    assert list(folder.glob(".botoproof*")) == []


def test_a_run_folder_can_be_named(call: Call, folder: Path, switch: Switch) -> None:
    done, again = call(*RUN, "--run-folder", "mine/first"), call(*RUN, "--run-folder", "mine/first")

    assert done.status == 1
    assert folder.joinpath("mine", "first", "run.json").exists()
    assert again.told == "the run folder cannot be written to mine/first: it is not empty"
    assert list(folder.glob(".botoproof*")) == []


def test_a_run_folder_that_cannot_be_written_is_told_and_the_findings_are_too(
    call: Call, folder: Path, switch: Switch
) -> None:
    folder.joinpath(".botoproof").touch()

    done = call(*RUN)

    assert done.status == 1
    assert "error-undocumented" in done.out
    assert re.fullmatch(
        r"the run folder \.botoproof/runs/\S+ could not be written: (Not a directory|File exists)", done.told
    )


def test_no_secret_stands_in_a_run_folder(
    call: Call, folder: Path, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
    folder.joinpath("botoproof.toml").write_text(
        f'[target]\nservice = "importexport"\n[credentials]\naccess-key-id = "A"\nsecret-access-key = "{secret}"\n'
    )

    call(*RUN)

    files = list(folder.glob(".botoproof/runs/*/*.json"))
    assert len(files) >= 2
    assert [file for file in files if secret in file.read_text("utf-8")] == []


# Shards


def test_a_shard_says_which_it_is(call: Call, folder: Path) -> None:
    done = call(*RUN, "--shard", "2/3")

    report = reports(folder / "r.json")
    jsonschema.validate(report, read_schema())
    assert done.status == 0
    assert report["shard"] == {"number": 2, "of": 3}


def test_a_defect_that_comes_and_goes_between_runs_is_told_from_their_history(
    call: Call, folder: Path, switch: Switch
) -> None:
    runs = []
    for switch.wrong in (False, True, False):
        runs.append(call(*RUN, "--history", "h.sqlite"))
        added = call("history", "add", "r.json", "--file", "h.sqlite")
        assert added.out == "r.json: stands in h.sqlite already\n"

    told = json.loads(call("history", "runs", "--file", "h.sqlite", "--json").out)

    assert [run.status for run in runs] == [0, 1, 0]
    assert "  history     h.sqlite, as `botoproof history --file h.sqlite` tells" in runs[0].out
    assert [(run["verdict"], len(run["findings"])) for run in told["runs"]] == [
        ("clean", 0),
        ("findings", 1),
        ("clean", 0),
    ]


def test_a_history_that_cannot_be_written_is_told_before_anything_is_sent(call: Call, folder: Path) -> None:
    folder.joinpath("h.sqlite").write_text("mine")

    done = call(*RUN, "--history", "h.sqlite")

    assert (done.status, done.out) == (2, "")
    assert done.told == "h.sqlite is no history: it is not an SQLite database"


# Shards


def test_merged_shards_are_held_against_a_baseline_as_the_whole_run_is(
    call: Call, folder: Path, switch: Switch
) -> None:
    call(*RUN, *UPDATE)
    for shard in ("1/2", "2/2"):
        call(*RUN[:6], "--shard", shard, "--shard-folder", "s")
    whole = call(*RUN, *BASELINE)

    known = call("report", "merge", "s", "--output", "m.json", "--baseline", "b.toml")
    unknown = call("report", "merge", "s", "--output", "u.json")
    switch.wrong = False
    for shard in ("1/2", "2/2"):
        call(*RUN[:6], "--shard", shard, "--shard-folder", "mended")
    passed = call("report", "merge", "mended", "--output", "p.json", "--baseline", "b.toml")

    merged, one, mended = (reports(folder / name) for name in ("m.json", "r.json", "p.json"))
    assert (whole.status, known.status, unknown.status, passed.status) == (3, 3, 1, 1)
    assert merged["baseline"] == one["baseline"]
    assert [(found["status"], found["reason"]) for found in merged["findings"]] == [
        (found["status"], found["reason"]) for found in one["findings"]
    ]
    assert len(mended["baseline"]["unexpected_passes"]) == 1
