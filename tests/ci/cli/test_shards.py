"""`botoproof run --shard-folder` and `botoproof report merge`: shards kept, taken again, and put together."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Done, reports

Call = Callable[..., Done]
RUN = ("run", "importexport.CancelJob", "--seed", "1", "--phases", "table")
KEPT = (*RUN, "--shard-folder", "s")


def files(folder: Path) -> list[Path]:
    return sorted((folder / "s").iterdir())


@pytest.fixture
def halves(call: Call, folder: Path) -> list[Path]:
    """A run in two shards; the files of the first and the second."""
    made = list[Path]()
    for shard in ("1/2", "2/2"):
        done = call(*KEPT, "--shard", shard)
        [new] = set(files(folder)) - set(made)
        assert (done.status, f"{shard} in s/{new.name}" in done.out) == (0, True)
        made.append(new)
    return made


def test_shards_put_together_are_the_whole_run(call: Call, folder: Path, halves: list[Path]) -> None:
    done = call("report", "merge", "s", "--output", "merged.json")
    whole = call(*RUN, "--report", "json=whole.json")

    assert (done.status, done.err, whole.status) == (0, "", 0)
    assert done.out.splitlines()[0] == "verdict     clean"
    assert done.out.splitlines()[-1] == "report      json in merged.json"
    merged, report = reports(folder / "merged.json"), reports(folder / "whole.json")
    assert merged["operations"] == report["operations"]
    assert merged.keys() == report.keys()


def test_a_shard_that_is_there_is_not_run_again(call: Call, folder: Path, halves: list[Path]) -> None:
    before = halves[1].stat().st_mtime_ns

    done = call(*KEPT, "--shard", "2/2")

    taken = halves[1].relative_to(folder)
    assert (done.status, done.out) == (0, f"shard       2/2 was run before, and its result is taken: {taken}\n")
    assert halves[1].stat().st_mtime_ns == before


def test_a_half_written_shard_is_run_again(call: Call, folder: Path, halves: list[Path]) -> None:
    whole = halves[1].read_bytes()
    halves[1].write_bytes(whole[:-10])
    name = halves[1].relative_to(folder)

    done = call(*KEPT, "--shard", "2/2")

    assert (done.status, done.told) == (0, f"shard 2/2 was begun in {name} and not ended; it is run again")
    assert len(halves[1].read_bytes().splitlines()) == len(whole.splitlines())
    assert call("report", "merge", "s", "--output", "merged.json").status == 0


def test_a_part_that_a_killed_run_has_left_is_told_and_goes(call: Call, folder: Path, halves: list[Path]) -> None:
    part = halves[0].with_suffix(".0123abcd.part")
    halves[0].rename(part)

    done = call(*KEPT, "--shard", "1/2")

    assert (done.status, done.told) == (
        0,
        f"shard 1/2 was begun in {part.relative_to(folder)} and not ended; it is run again",
    )
    assert files(folder) == sorted(halves)


def test_a_result_that_was_cut_short_is_not_taken(call: Call, folder: Path) -> None:
    short = (*KEPT, "--shard", "1/2", "--max-time", "0.000001")
    assert call(*short).status == 2
    [file] = files(folder)
    first = file.read_bytes()

    done = call(*short)

    assert done.status == 2
    assert "begun in" in done.told
    assert file.read_bytes() != first


def test_a_missing_shard_is_told_and_the_rest_is_not_lost(call: Call, folder: Path, halves: list[Path]) -> None:
    halves[0].unlink()

    done = call("report", "merge", "s", "--output", "merged.json")

    merged = reports(folder / "merged.json")
    assert (done.status, done.told) == (2, "shard 1/2 is missing: there is no file of it")
    assert (merged["verdict"], merged["stopped"]) == ("unknown", "shard 1/2 is missing: there is no file of it")
    assert merged["operations"]["importexport.CancelJob"]["cases"] > 0


def test_a_half_written_shard_is_missing(call: Call, halves: list[Path]) -> None:
    halves[0].write_bytes(halves[0].read_bytes()[:1000])

    done = call("report", "merge", *(str(file) for file in halves), "--output", "merged.json")

    assert (done.status, done.told) == (2, f"shard 1/2 is missing: {halves[0]} breaks off")


def test_a_shard_that_is_there_twice_is_told_and_counted_once(call: Call, folder: Path, halves: list[Path]) -> None:
    call("report", "merge", "s", "--output", "once.json")
    shutil.copy(halves[0], folder / "copy.jsonl")

    done = call("report", "merge", "s", "copy.jsonl", "--output", "twice.json")

    name = halves[0].relative_to(folder)
    assert (done.status, done.told) == (0, f"{name} holds shard 1/2 once more: it is not counted beside copy.jsonl")
    assert reports(folder / "twice.json")["operations"] == reports(folder / "once.json")["operations"]


def test_shards_of_two_runs_are_refused_and_nothing_is_written(call: Call, folder: Path, halves: list[Path]) -> None:
    call("run", "importexport.CancelJob", "--seed", "2", "--phases", "table", "--shard", "1/2", "--shard-folder", "s")

    done = call("report", "merge", "s", "--output", "merged.json")

    assert done.status == 2
    assert "is a shard of another run than s/" in done.told
    assert "plan.seed is " in done.told
    assert not (folder / "merged.json").exists()


def test_a_json_report_is_no_shard(call: Call, folder: Path) -> None:
    (folder / "r.json").write_text(json.dumps({"schema": "botoproof/report/1"}) + "\n")

    done = call("report", "merge", "r.json", "--output", "merged.json")

    assert (done.status, done.told) == (
        2,
        "r.json is not the result of a shard, as `botoproof run --shard K/N --shard-folder FOLDER` keeps it",
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--shard", "1/2"),
            "--shard-folder needs --seed: shards are of one run when all have the same seed",
        ),
        (
            ("--seed", "1", "--report", "json=r.json"),
            "--shard-folder keeps a part of a run, and --report is for a whole one: put the shards together with "
            "`botoproof report merge` first",
        ),
        (
            ("--seed", "1", "--shard-folder", "file"),
            "no shard can be kept in file: it is a file",
        ),
        (
            ("--seed", "1", "--shard-folder", "file/inside"),
            "no shard can be kept in file/inside: Not a directory",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(call: Call, folder: Path, options: tuple[str, ...], told: str) -> None:
    (folder / "file").touch()

    done = call("run", "importexport.CancelJob", "--shard-folder", "s", *options)

    assert (done.status, done.told) == (2, told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", "merg"), "there is no command 'report merg'; did you mean merge? (see botoproof report --help)"),
        (("report", "merge", "s"), "missing option '--output' (see botoproof report merge --help)"),
        (("report", "merge", "none", "--output", "r.json"), "there is no file or folder 'none'"),
        (
            ("report", "merge", "none", "--output", "no/r.json"),
            "the json report cannot be written to no/r.json: there is no folder {folder}",
        ),
    ],
)
def test_mistakes_are_told(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    done = call(*arguments)

    assert (done.status, done.told) == (2, told.replace("{folder}", repr(str(folder / "no"))))


@pytest.mark.slow
def test_shards_at_once_are_put_together_to_the_whole_run(call: Call, folder: Path) -> None:
    done = call(*RUN, "--shards", "2", "--report", "json=merged.json", "--history", "h.sqlite")
    whole = call(*RUN, "--report", "json=whole.json")

    merged, report = reports(folder / "merged.json"), reports(folder / "whole.json")
    assert (done.status, done.err, whole.status) == (0, "", 0)
    assert (merged["operations"], merged["verdict"]) == (report["operations"], "clean")
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith("shard ")] in (
        ["1/2", "2/2"],
        ["2/2", "1/2"],
    )

    assert "h.sqlite: 1 run, 0 findings" in call("history", "--file", "h.sqlite").out

    again = call(*RUN, "--shards", "2")

    assert (again.status, again.out.splitlines()[0]) == (
        0,
        "shards      2 of 2 were run before, and their results are taken",
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--shards", "2", "--shard", "1/2"), "--shard and --shards do not go together"),
        (("--scheduler", "tcp://127.0.0.1:9", "--baseline", "b"), "--baseline and --scheduler do not go together"),
        (("--shards", "2", "--target", "cassette:x"), "a recording is played as a whole, and not in shards"),
        (
            ("--shards", "0"),
            "invalid value for '--shards': 0 is not in the range 1<=x<=1000 (see botoproof run --help)",
        ),
        (("--scheduler", "tcp://127.0.0.1:9"), "there is no scheduler at tcp://127.0.0.1:9: Connection refused"),
    ],
)
def test_what_cannot_be_spread_is_refused(call: Call, options: tuple[str, ...], told: str) -> None:
    done = call(*RUN, *options)

    assert (done.status, done.told) == (2, told)


def test_keys_are_not_sent_to_other_machines(call: Call, folder: Path) -> None:
    (folder / "botoproof.toml").write_text(
        '[credentials]\naccess-key-id = "AKIA"\nsecret-access-key = "its-own-secret"\n'
    )

    done = call(*RUN, "--scheduler", "tcp://127.0.0.1:9")

    assert (done.status, done.told) == (
        2,
        "botoproof.toml holds keys, which are not sent to other machines; leave [credentials] and [accounts] out, and "
        "let each worker find its own by the usual AWS chain",
    )
