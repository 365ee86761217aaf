"""Run folders: what a run keeps of its findings, what of it is read again, and what is never deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import FindingGroup, RunResult
from botoproof.ci.campaign.run_folder import (
    Circumstances,
    Unkept,
    new_folder,
    remove_old,
    require_free,
    write_run_folder,
)
from botoproof.ci.campaign.run_folder_reading import find_run, read_run_folder
from botoproof.ci.configuration import Configuration
from botoproof.ci.report.payload import Redaction
from botoproof.ci.report.scene import Scene, scene_of
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.program import Program, Step

from .runs import AlteredEndpoint, is_update, judge_of, refusal, run

NOW = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)
PLAN = Plan("importexport", ("UpdateJob",), seed=1, max_examples=20)
OPEN = Redaction(())
TOOL = {"botoproof": "0.1.0", "botocore": "1.44.5", "hypothesis": "6.170"}


def wrong(request: Request, right: Reply) -> Reply:
    if not is_update(request):
        return right
    return (
        refusal("Canceled")
        if b">CanceledJobId" in right.body
        else refusal("Odd", 500)
        if right.status == 200
        else right
    )


@pytest.fixture(scope="module")
def made() -> tuple[RunResult, Scene]:
    """A run with findings, and where it took place."""
    judge = judge_of(AlteredEndpoint(wrong))
    result = run(judge).result
    assert len(result.findings) >= 2
    return result, scene_of(judge, Configuration(), states=result.resources)


def kept(folder: Path, made: tuple[RunResult, Scene], *, redaction: Redaction = OPEN, **changes: object) -> Path:
    result, scene = made
    scene = replace(scene, **changes)  # type: ignore[arg-type]
    write_run_folder(folder, result, Circumstances(PLAN, scene, TOOL, NOW), redaction)
    return folder


def test_what_is_written_is_read(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    result, scene = made

    found = read_run_folder(kept(tmp_path / "run", made))

    assert (found.service, found.seed, found.evidence, found.botocore) == ("importexport", 1, result.evidence, "1.44.5")
    assert (found.endpoint, found.region, found.published, found.world) == (None, scene.scope.region, True, {})
    assert [one.fingerprint for one in found.findings] == [group.finding.fingerprint for group in result.findings]
    assert all(one.case is not None for one in found.findings)


def test_cases_hold_placeholders_and_no_ids_of_the_run(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    result, _ = made
    folder = kept(tmp_path / "run", made)

    text = "".join(json.dumps(json.loads(file.read_text("utf-8")).get("case")) for file in folder.glob("*.json"))

    assert [found for found in result.resources.values() if found in text] == []
    assert reference("cancelled") in text


def test_findings_of_the_same_case_are_kept_beside_each_other(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    found = read_run_folder(kept(tmp_path / "run", made)).findings

    beside = {one.fingerprint: one.beside for one in found}
    assert any(beside.values())
    assert all(one not in others for one, others in beside.items())


def test_a_case_that_holds_a_secret_is_not_kept_and_says_why(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    folder = kept(tmp_path / "run", made, redaction=Redaction(("manifestVersion",)))

    found = read_run_folder(folder).findings

    assert {(one.case, one.why) for one in found} == {(None, "its case holds a secret")}
    assert all("manifestVersion" not in file.read_text("utf-8") for file in folder.iterdir())


def test_secrets_of_the_world_are_not_kept(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    table = {"era": "2014-12-18", "accounts": [{"secret-access-key": "hidden-from-all"}]}

    folder = kept(tmp_path / "run", made, table=table)

    assert "hidden-from-all" not in (folder / "run.json").read_text("utf-8")
    assert read_run_folder(folder).world is None


def test_a_case_that_cannot_be_written_down_says_why(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    result, scene = made
    group = result.findings[0]
    odd = replace(group.exchange, case=Case("UpdateJob", Call({"Manifest": object()})))
    result = replace(result, findings=(replace(group, exchange=odd),))

    (found,) = read_run_folder(kept(tmp_path / "run", (result, scene))).findings

    assert (found.case, found.why) == (None, "a value of type object cannot be written down")


def test_a_program_is_kept_whole(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    result, scene = made
    program = Program((Step((Case("CreateJob", Call({"JobType": "Import"})),), makes="job-1"),))
    groups: tuple[FindingGroup, ...] = (replace(result.findings[0], program=program),)

    (found,) = read_run_folder(kept(tmp_path / "run", (replace(result, findings=groups), scene))).findings

    assert (found.program, found.case) == (program, None)


# Finding a run


def test_a_fingerprint_is_looked_for_in_the_newest_run_that_has_it(
    tmp_path: Path, made: tuple[RunResult, Scene]
) -> None:
    for name in ("20261124T000000Z-aaaaaa", "20261126T000000Z-aaaaaa"):
        kept(tmp_path / name, made)
    result, scene = made
    kept(tmp_path / "20261127T000000Z-aaaaaa", (replace(result, findings=()), scene))
    wanted = result.findings[0].finding.fingerprint

    found, chosen = find_run(wanted[:6], tmp_path)

    assert found.folder.name == "20261126T000000Z-aaaaaa"
    assert [one.fingerprint for one in chosen] == [wanted]


def test_a_folder_means_all_its_findings(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    found, chosen = find_run(str(kept(tmp_path / "mine", made)))

    assert (len(chosen), chosen) == (len(made[0].findings), found.findings)


def test_a_beginning_that_fits_two_findings_is_told_with_both(tmp_path: Path) -> None:
    folder = tmp_path / "20261124T000000Z-aaaaaa"
    folder.mkdir()
    for name in ("run", "0123456789ab", "0123456789ac"):
        folder.joinpath(f"{name}.json").write_text("{}")

    with pytest.raises(BadConfiguration, match=r"012345678 can mean 0123456789ab or 0123456789ac; write more of it$"):
        find_run("012345678", tmp_path)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("no/folder", "there is no folder 'no/folder', and it is no fingerprint: 12 hex digits, of which 6 will do"),
        ("01234", "there is no folder '01234', and it is no fingerprint"),
        ("0123456789abc", "there is no folder '0123456789abc', and it is no fingerprint"),
        ("012345", "there is no run folder in .* here in which to look for the finding 012345"),
    ],
)
def test_what_names_no_run_is_told(tmp_path: Path, wish: str, told: str) -> None:
    with pytest.raises(BadConfiguration, match=f"^{told}"):
        find_run(wish, tmp_path / "runs")


def test_an_unknown_fingerprint_is_told_with_close_ones(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    kept(tmp_path / "20261124T000000Z-aaaaaa", made)
    known = made[0].findings[0].finding.fingerprint
    wanted = f"{known[:11]}{'0' if known[11] != '0' else '1'}"

    with pytest.raises(BadConfiguration, match=rf"holds a finding {wanted}; did you mean {known}"):
        find_run(wanted, tmp_path)


# What is broken


def change(name: str, **entries: Any) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        file = folder / f"{name}.json"
        file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **entries}))

    return apply


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "run.json").unlink(), "is no run folder: it has no run.json"),
        (lambda folder: (folder / "run.json").write_text("{"), "run.json is broken: not JSON: "),
        (lambda folder: (folder / "run.json").write_text("[]"), "run.json is broken: it must hold a map, got list"),
        (lambda folder: (folder / "run.json").write_bytes(b"\xff"), "run.json is broken: not JSON: "),
        (lambda folder: (folder / "run.json").write_text("[" * 100_000), "run.json is broken: not JSON: "),
        (
            change("run", schema="botoproof/run/2"),
            "run.json: schema is 'botoproof/run/2', and this version of botoproof reads 'botoproof/run/1' only",
        ),
        (change("run", seed="1"), "run.json is broken: seed must be of type int, got str"),
        (change("run", target=None), "run.json is broken: target must be of type dict, got NoneType"),
        (change("run", evidence="guessed"), "run.json: evidence must be documented, observed or inferred, got 'gue"),
        (change("run", findings=["../x"]), "run.json: findings must be fingerprints of 12 hex digits, got '../x'"),
        (change("run", findings=["0" * 12]), "000000000000.json cannot be read: No such file or directory"),
    ],
)
def test_a_run_folder_that_cannot_be_used_is_told_with_the_file(
    tmp_path: Path, made: tuple[RunResult, Scene], spoil: Callable[[Path], None], told: str
) -> None:
    folder = kept(tmp_path / "run", made)
    spoil(folder)

    with pytest.raises(BadConfiguration) as refused:
        read_run_folder(folder)

    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"kind": "dance"}, "kind must be 'case', 'program' or null, got 'dance'"),
        ({"case": None}, "is broken: the case must be of type dict, got NoneType"),
        ({"kind": None}, "is broken: why must be of type str, got nothing"),
        ({"kind": "program"}, "is broken: the program must be a list of steps, got NoneType"),
    ],
)
def test_a_finding_that_cannot_be_read_is_told_with_its_file(
    tmp_path: Path, made: tuple[RunResult, Scene], entries: dict[str, Any], told: str
) -> None:
    folder = kept(tmp_path / "run", made)
    name = made[0].findings[0].finding.fingerprint
    change(name, **entries)(folder)

    with pytest.raises(BadConfiguration) as refused:
        read_run_folder(folder)

    assert f"{name}.json" in str(refused.value)
    assert told in str(refused.value)


# Where they lie


def test_the_name_of_a_folder_sorts_by_time() -> None:
    assert str(new_folder(NOW, "0a1b2c")) == ".botoproof/runs/20261126T043000Z-0a1b2c"


def test_git_leaves_run_folders_out(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    kept(tmp_path / ".botoproof" / "runs" / "x", made)
    kept(tmp_path / "elsewhere" / "x", made)

    assert (tmp_path / ".botoproof" / ".gitignore").read_text() == "*\n"
    assert not (tmp_path / ".gitignore").exists()


def test_only_the_newest_stay(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    for day in range(10, 15):
        kept(tmp_path / f"202611{day}T000000Z-aaaaaa", made)

    gone = remove_old(tmp_path, keep=2)

    assert sorted(place.name[:8] for place in tmp_path.iterdir()) == ["20261113", "20261114"]
    assert len(gone) == 3


@pytest.mark.parametrize(
    "foreign",
    [
        lambda folder: (folder / "notes.txt").write_text("mine"),
        lambda folder: (folder / "sub").mkdir(),
        lambda folder: (folder / "run.json").unlink(),
        lambda folder: (folder / "0123456789ab.json").symlink_to("/dev/null"),
        lambda folder: folder.rename(folder.with_name("20261110-mine")),
    ],
)
def test_what_is_not_ours_alone_is_never_deleted(
    tmp_path: Path, made: tuple[RunResult, Scene], foreign: Callable[[Path], None]
) -> None:
    foreign(kept(tmp_path / "20261110T000000Z-aaaaaa", made))
    before = sorted(str(place) for place in tmp_path.rglob("*"))

    assert remove_old(tmp_path, keep=0) == ()
    assert sorted(str(place) for place in tmp_path.rglob("*")) == before


def test_a_link_to_a_run_folder_is_not_followed(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    kept(tmp_path / "real", made)
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "20261110T000000Z-aaaaaa").symlink_to(tmp_path / "real")

    remove_old(runs, keep=0)

    assert (tmp_path / "real" / "run.json").exists()


@pytest.mark.parametrize("name", ["fresh", "deep/down/fresh", "empty"])
def test_a_run_folder_may_be_new_or_empty(tmp_path: Path, name: str) -> None:
    tmp_path.joinpath("empty").mkdir()

    require_free(tmp_path / name)

    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize(
    ("name", "told"), [("full", "it is not empty$"), ("file", "it is a file$"), ("file/below", ".*file is a file$")]
)
def test_what_is_there_already_is_not_written_over(tmp_path: Path, name: str, told: str) -> None:
    tmp_path.joinpath("full").mkdir()
    tmp_path.joinpath("full", "x").touch()
    tmp_path.joinpath("file").touch()

    with pytest.raises(BadConfiguration, match=f"^the run folder cannot be written to .*: {told}"):
        require_free(tmp_path / name)


def test_a_folder_that_cannot_be_written_after_all_is_told(tmp_path: Path, made: tuple[RunResult, Scene]) -> None:
    tmp_path.joinpath("file").touch()

    with pytest.raises(Unkept, match=r"^the run folder .*below could not be written: Not a directory$"):
        kept(tmp_path / "file" / "below", made)
