"""`botoproof replay`: what has become of the findings of an earlier run."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.ci.cli import main
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport import default_world
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.oracle import read_pairs

from .conftest import Done

Call = Callable[..., Done]
Answer = Callable[[Request, Reply], Reply]
OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}


def renamed(reply: Reply, old: bytes, new: bytes) -> Reply:
    return replace(reply, headers=(("Content-Type", "text/xml"),), body=reply.body.replace(old, new))


def wrong(_: Request, reply: Reply) -> Reply:
    """Give two refusals names that no page knows."""
    return renamed(renamed(reply, b">InvalidJobId", b">NoSuchJob_"), b">CanceledJobId", b">GoneJobId")


class Keeper:
    """The endpoint of a keeper who mends it, or breaks it, while it runs."""

    def __init__(self) -> None:
        self.endpoint = Endpoint(default_world(), OPERATIONS, now=datetime.now(UTC))
        self.answer: Answer = wrong
        self.asked: list[str] = []

    def __call__(self, request: Request, now: datetime) -> Reply:
        self.asked.append(dict(read_pairs(request).pairs).get("Action", ""))
        return self.answer(request, self.endpoint.answer(request, now))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Keeper, Path]]:
    """An endpoint's address, its keeper, and what a run against it left behind in the current folder."""
    folder, keeper = tmp_path_factory.mktemp("kept"), Keeper()
    with pytest.MonkeyPatch.context() as patch, Server(keeper) as server:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        with contextlib.chdir(folder):
            status = main(["run", "importexport.UpdateJob", "--target", server.url, "--phases", "table", "--seed", "1"])
        assert status == 1
        yield server.url, keeper, folder / ".botoproof"


@pytest.fixture
def run_folder(kept: tuple[str, Keeper, Path], folder: Path) -> str:
    """The folder of that run, below the current one; the endpoint is as wrong as it was."""
    _, keeper, left = kept
    keeper.answer = wrong
    shutil.copytree(left, folder / ".botoproof")
    (place,) = folder.glob(".botoproof/runs/*")
    return str(place.relative_to(folder))


def standings(done: Done) -> dict[str, str]:
    """Return what has become of the findings, by code; the last one of each."""
    lines = [line for line in done.out.splitlines() if line[:12].isalnum() and line[12:14] == "  "]
    return {line[27:].partition(":")[0]: line[14:25].strip() for line in lines}


def fingerprints(run_folder: str) -> list[str]:
    found: list[str] = json.loads(Path(run_folder, "run.json").read_text("utf-8"))["findings"]
    return found


def test_what_is_as_it_was_is_still_there(call: Call, run_folder: str, kept: tuple[str, Keeper, Path]) -> None:
    url, _, _ = kept

    done = call("replay", run_folder)

    assert done.status == 1
    assert set(standings(done).values()) == {"still there"}
    assert done.out.startswith(
        f"replaying {len(fingerprints(run_folder))} findings of {run_folder}, seed 1, on {url}\n"
    )
    assert done.out.splitlines()[-1] == f"{len(fingerprints(run_folder))} still there"
    assert "got NoSuchJob_Exception" in done.out


def test_what_was_mended_is_fixed(call: Call, run_folder: str, kept: tuple[str, Keeper, Path]) -> None:
    kept[1].answer = lambda _, reply: reply

    done = call("replay", run_folder)

    assert (done.status, set(standings(done).values())) == (0, {"fixed"})


def test_what_is_wrong_in_another_way_has_changed(call: Call, run_folder: str, kept: tuple[str, Keeper, Path]) -> None:
    kept[1].answer = lambda _, reply: renamed(reply, b">InvalidJobId", b">NeverHeardOf")

    done = call("replay", run_folder)

    assert done.status == 1
    assert "error-undocumented" in done.out
    assert "changed" in standings(done).values()
    assert "NeverHeardOfException" in done.out


def test_another_target_is_asked_when_one_is_named(call: Call, run_folder: str) -> None:
    done = call("replay", run_folder, "--target", "embedded")

    assert done.status == 0
    assert "on the embedded endpoint" in done.out.splitlines()[0]


def test_one_finding_is_sent_by_the_beginning_of_its_fingerprint(call: Call, run_folder: str) -> None:
    wanted = fingerprints(run_folder)[0]

    done = call("replay", wanted[:6])

    assert done.status == 1
    assert [line[:12] for line in done.out.splitlines()[1:-1:2]] == [wanted]


def test_where_nobody_is_nothing_is_known(call: Call, run_folder: str) -> None:
    done = call("replay", run_folder, "--target", "http://127.0.0.1:1")

    assert (done.status, set(standings(done).values())) == (2, {"unknown"})


def test_a_state_that_cannot_be_had_leaves_its_finding_unknown(
    call: Call, run_folder: str, kept: tuple[str, Keeper, Path]
) -> None:
    """The job that is cancelled cannot be made any more: whether its finding is mended is open."""

    def answer(request: Request, reply: Reply) -> Reply:
        action = dict(read_pairs(request).pairs).get("Action")
        return renamed(reply, b"JobId>", b"Id>") if action == "CreateJob" else wrong(request, reply)

    kept[1].answer = answer
    cancelled = next(file.stem for file in Path(run_folder).glob("*.json") if "~cancelled~" in file.read_text("utf-8"))

    done = call("replay", cancelled)

    assert (done.status, set(standings(done).values())) == (2, {"unknown"})
    assert "state cancelled: CreateJob returned no id" in done.out


def test_jobs_made_for_a_replay_are_cancelled(call: Call, run_folder: str, kept: tuple[str, Keeper, Path]) -> None:
    keeper = kept[1]
    before, keeper.asked[:] = set(keeper.endpoint.jobs), []

    call("replay", run_folder)

    made = set(keeper.endpoint.jobs) - before
    assert "CreateJob" in keeper.asked
    assert {keeper.endpoint.jobs[job].state.value for job in made} == {"cancelled"}


def test_a_job_that_cannot_be_cancelled_is_told_as_left_behind(
    call: Call, run_folder: str, kept: tuple[str, Keeper, Path]
) -> None:
    keeper = kept[1]
    before = set(keeper.endpoint.jobs)

    def answer(request: Request, reply: Reply) -> Reply:
        action = dict(read_pairs(request).pairs).get("Action")
        return Reply(503, (), b"") if action == "CancelJob" else wrong(request, reply)

    keeper.answer = answer

    done = call("replay", run_folder)

    made = set(keeper.endpoint.jobs) - before
    assert {line.split()[2].rstrip(":") for line in done.out.splitlines() if line.startswith("left behind")} == made


def test_notes_count_only_for_who_asks_for_one(call: Call, run_folder: str) -> None:
    for name in fingerprints(run_folder):
        file = Path(run_folder, f"{name}.json")
        file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "severity": "note"}))

    every, one = call("replay", run_folder), call("replay", fingerprints(run_folder)[0])

    assert (every.status, one.status) == (0, 1)
    assert "(a note)" in every.out


def test_the_other_sdk_is_told(call: Call, run_folder: str) -> None:
    file = Path(run_folder, "run.json")
    table = json.loads(file.read_text("utf-8"))
    table["tool"]["botocore"] = "1.2.3"
    file.write_text(json.dumps(table))

    assert "the run was made with botocore 1.2.3, and this is " in call("replay", run_folder).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "missing argument 'FOLDER|FINGERPRINT' (see botoproof replay --help)"),
        (["."], ". is no run folder: it has no run.json"),
        (["f879638"], "there is no run folder in .botoproof/runs here in which to look for the finding f879638"),
        (["nothing"], "there is no folder 'nothing', and it is no fingerprint: 12 hex digits, of which 6 will do"),
    ],
)
def test_a_mistake_is_one_paragraph(call: Call, arguments: list[str], told: str) -> None:
    done = call("replay", *arguments)

    assert (done.status, done.out, done.told) == (2, "", told)


def test_another_version_s_folder_is_told(call: Call, run_folder: str) -> None:
    file = Path(run_folder, "run.json")
    file.write_text(file.read_text("utf-8").replace("botoproof/run/1", "botoproof/run/9"))

    done = call("replay", run_folder)

    assert (done.status, done.out) == (2, "")
    assert done.told.endswith("schema is 'botoproof/run/9', and this version of botoproof reads 'botoproof/run/1' only")


def test_a_world_that_was_not_kept_must_be_named(call: Call, run_folder: str, folder: Path) -> None:
    file = Path(run_folder, "run.json")
    table = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**table, "world": {"accounts": [{"secret": "(redacted)"}]}}))
    folder.joinpath("named.toml").write_text('[target]\nservice = "importexport"\n[world]\nera = "2014-12-18"\n')

    without, named = (
        call("replay", run_folder),
        call("replay", run_folder, "--config", "named.toml", "--target", "embedded"),
    )

    assert without.status == 2
    assert without.told.endswith("held secrets, which are not kept; name its configuration by --config")
    assert set(standings(named).values()) == {"fixed"}
