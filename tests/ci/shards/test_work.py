"""A shard as a piece of work in a process of its own: its result comes back, and it ends when nobody waits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.shards.identity import Identity
from botoproof.ci.shards.result_file import ShardResult, read_result
from botoproof.ci.shards.spreading import here
from botoproof.ci.shards.work import ShardFailed, Work, carry_out

from .conftest import work_of

pytestmark = pytest.mark.slow


def result_in(data: bytes, folder: Path) -> ShardResult:
    (folder / "result").write_bytes(data)
    found = read_result(folder / "result")
    assert isinstance(found, ShardResult)
    return found


def identity_in(data: bytes, folder: Path) -> Identity:
    return result_in(data, folder).identity


def test_the_result_is_that_of_the_shard(tmp_path: Path) -> None:
    work = work_of("2/3")

    result = result_in(carry_out(work), tmp_path)

    assert (result.identity.key, result.identity.shard) == (work.key, Shard(2, 3))
    assert result.report["verdict"] == "clean"


def test_a_shard_of_another_run_is_no_result() -> None:
    with pytest.raises(ShardFailed) as told:
        carry_out(replace(work_of("2/3"), key="0" * 32))

    assert str(told.value) == (
        "shard 2/3 was run as one of another run: its versions, configuration or target are not those of who asked "
        "for it"
    )


def test_what_the_command_complains_of_is_told() -> None:
    work = work_of("2/3")

    with pytest.raises(ShardFailed) as told:
        carry_out(replace(work, arguments=(*work.arguments, "--evidence", "rumour")))

    assert "shard 2/3 gave no result: " in str(told.value)
    assert "'rumour'" in str(told.value)


def is_wanted_until_it_is_under_way(folder: Path) -> Callable[[], bool]:
    """Return what says no as soon as the shard has begun its file."""
    return lambda: not any(folder.rglob("*.part"))


def test_a_shard_that_is_wanted_no_longer_ends_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it learned until then is its result."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    work = work_of("1/1", max_examples=1_000_000, phases=("random",))

    result = result_in(carry_out(work, is_wanted_until_it_is_under_way(tmp_path)), tmp_path)

    assert result.report["stopped"] == "it was interrupted"


def test_a_shard_ends_when_its_holder_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "botoproof.ci.shards.child",
            "run",
            *work_of("1/1", max_examples=1_000_000).arguments,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    with holder:
        assert holder.stdin is not None
        holder.stdin.close()

        status = holder.wait(timeout=30)

    assert status in (2, -15)


def test_shards_here_all_end_and_a_failure_is_told_of_its_shard(tmp_path: Path) -> None:
    works = [work_of("1/3"), replace(work_of("2/3"), arguments=("nothing",)), work_of("3/3")]

    ended = {one.work.shard.number: one for one in here(works, lambda: True, at_once=2)}

    assert sorted(ended) == [1, 2, 3]
    assert [number for number, one in ended.items() if one.why] == [2]
    assert {identity_in(ended[number].result, tmp_path).key for number in (1, 3)} == {works[0].key, works[2].key}


def test_nothing_is_begun_that_nobody_wants() -> None:
    [ended] = here([Work(Shard(), "k", ("nothing",))], lambda: False)

    assert (ended.result, ended.why) == (b"", "it was interrupted before it began")
