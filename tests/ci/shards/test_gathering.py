"""Files of shards gathered: each shard once, missing ones with the reason, none of another run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.shards.gathering import find_files, gather
from botoproof.contract.errors import BadConfiguration

from ..campaign.runs import refusal
from .conftest import Keep

SMALL: dict[str, Any] = {"operations": ("UpdateJob",), "phases": ("random",), "max_examples": 4}


def test_shards_are_gathered_in_their_order_whatever_their_files_are_called(keep: Keep) -> None:
    files = [keep(f"{number}/3", **SMALL) for number in (3, 1, 2)]

    gathered = gather(files)

    assert [result.identity.shard.number for result in gathered.results] == [1, 2, 3]
    assert (gathered.missing, gathered.doubles) == ({}, ())


def test_a_missing_shard_is_told(keep: Keep) -> None:
    assert gather([keep("2/3", **SMALL)]).missing == {1: "there is no file of it", 3: "there is no file of it"}


def test_a_shard_that_breaks_off_is_missing(keep: Keep) -> None:
    whole, half = keep("1/2", **SMALL), keep("2/2", **SMALL)
    half.write_bytes(half.read_bytes()[:-10])

    assert gather([whole, half]).missing == {2: f"{half} breaks off"}


def test_a_shard_that_was_run_again_after_it_broke_off_is_not_missing(keep: Keep, tmp_path: Path) -> None:
    first = keep("1/1", **SMALL)
    half = tmp_path / "half.part"
    half.write_bytes(first.read_bytes()[:-10])

    gathered = gather([half, first])

    assert (len(gathered.results), gathered.missing) == (1, {})


def test_a_shard_that_is_there_twice_is_counted_once(keep: Keep, tmp_path: Path) -> None:
    first = keep("1/1", **SMALL)
    copy = tmp_path / "a copy.jsonl"
    shutil.copy(first, copy)

    gathered = gather([first, copy])

    assert len(gathered.results) == 1
    assert gathered.doubles == (f"{first} holds shard 1/1 once more: it is not counted beside {copy}",)


def test_of_two_results_of_one_shard_the_graver_is_taken(keep: Keep) -> None:
    clean = keep("1/1", folder="a", **SMALL)
    grave = keep("1/1", lambda _, __: refusal("Undocumented"), folder="b", **SMALL)

    gathered = gather([clean, grave])

    assert [result.path for result in gathered.results] == [str(grave)]
    assert gathered.doubles == (
        f"{clean} holds shard 1/1 once more, and not with the same findings; the graver one is taken: "
        f"it is not counted beside {grave}",
    )


def test_a_shard_of_another_run_is_refused_with_what_differs(keep: Keep) -> None:
    ours, theirs = keep("1/2", **SMALL), keep("2/2", **{**SMALL, "seed": 2})

    with pytest.raises(BadConfiguration) as told:
        gather([ours, theirs])

    assert str(told.value) == f"{theirs} is a shard of another run than {ours}: plan.seed is 2 and not 1"


def test_a_part_of_another_run_is_refused_too(keep: Keep) -> None:
    ours, theirs = keep("1/2", **SMALL), keep("1/3", **SMALL)
    theirs.write_bytes(theirs.read_bytes()[:-10])

    with pytest.raises(BadConfiguration, match=r"shards is 3 and not 2$"):
        gather([ours, theirs])


def test_many_differences_are_counted(keep: Keep) -> None:
    ours = keep("1/2", **SMALL)
    theirs = keep("1/3", **{**SMALL, "seed": 2, "max_examples": 5, "max_programs": 7, "minimise_calls": 3})

    with pytest.raises(BadConfiguration, match=r"; and 2 more$"):
        gather([ours, theirs])


def test_when_no_shard_is_whole_there_is_nothing_to_put_together(keep: Keep) -> None:
    half = keep("1/1", **SMALL)
    half.write_bytes(half.read_bytes()[:-10])

    with pytest.raises(BadConfiguration) as told:
        gather([half])

    assert str(told.value) == f"no shard is whole: {half} break off; run these shards again"


def test_a_folder_stands_for_the_shards_in_it_and_below(keep: Keep, tmp_path: Path) -> None:
    first, second = keep("1/2", folder="all/a", **SMALL), keep("2/2", folder="all/b", **SMALL)
    (tmp_path / "all" / "README").touch()

    assert find_files([tmp_path / "all", first]) == (first, second)


def test_a_folder_without_shards_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration) as told:
        find_files([tmp_path])

    assert str(told.value) == (
        f"there is no shard in the folder {str(tmp_path)!r}: files *.jsonl, as `botoproof run --shard K/N "
        "--shard-folder FOLDER` keeps them"
    )


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"^there is no file or folder '.*none'$"):
        find_files([tmp_path / "none"])
