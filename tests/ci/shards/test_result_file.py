"""The file of a shard: whole or seen to be half, told when it is no shard's, and named by what it follows from."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.campaign.shard import Shard
from botoproof.ci.report.files import Unwritten
from botoproof.ci.shards.identity import Identity, read_identity
from botoproof.ci.shards.result_file import HalfWritten, PlacedFinding, ShardFile, ShardResult, read_result
from botoproof.contract.errors import BadConfiguration
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Keep, result_of

IDENTITY = Identity({"seed": 1}, {"botocore": "1.44.5"}, {"kind": "embedded"}, {}, Shard(2, 3))
RESULT = ShardResult(
    IDENTITY,
    {"verdict": "findings", "stopped": None},
    (PlacedFinding({"fingerprint": "f"}, (0, 1, 2), 3),),
    ("state pending",),
    {"UpdateJob": {"probe": 4}},
    1,
)
CASE = {"kind": "case", "phase": "table", "outcome": "é\ud800"}


def written(folder: Path) -> Path:
    file = ShardFile(folder, IDENTITY)
    file.line(CASE)
    file.finish(RESULT)
    return file.path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a whole file."""
    return written(tmp_path_factory.mktemp("whole")).read_bytes()


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path / "new" / "folder")

    assert read_result(path) == replace(RESULT, path=str(path), cases=1)
    assert [file.name for file in path.parent.iterdir()] == [f"{IDENTITY.key}.jsonl"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wherever_a_file_breaks_off_it_is_no_whole_one(whole: bytes, tmp_path: Path, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(whole) - 2))
    path = tmp_path / "shard.jsonl"
    path.write_bytes(whole[:length])

    assert isinstance(read_result(path), HalfWritten)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_with_an_altered_byte_is_no_whole_one(whole: bytes, tmp_path: Path, data: st.DataObject) -> None:
    place = data.draw(st.integers(whole.index(b"\n") + 1, len(whole) - 2))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    path = tmp_path / "shard.jsonl"
    path.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])

    assert isinstance(read_result(path), HalfWritten)


def test_a_half_written_file_tells_of_which_shard_it_is(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "shard.jsonl"
    path.write_bytes(whole[: whole.index(b"\n") + 5])

    found = read_result(path)

    assert isinstance(found, HalfWritten)
    assert found.identity is not None
    assert found.identity.shard == Shard(2, 3)


@pytest.mark.parametrize(
    "text", ["{}\n", "[]\n", "not JSON\n", '{"schema": "botoproof/report/1"}', '{"kind": "shard"}\n']
)
def test_what_is_no_shard_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)

    with pytest.raises(BadConfiguration) as told:
        read_result(path)

    assert str(told.value) == (
        f"{path} is not the result of a shard, as `botoproof run --shard K/N --shard-folder FOLDER` keeps it"
    )


def test_a_shard_of_a_newer_version_is_told(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "shard.jsonl"
    path.write_bytes(whole.replace(b"botoproof/shard/1", b"botoproof/shard/2"))

    with pytest.raises(BadConfiguration) as told:
        read_result(path)

    assert str(told.value) == (
        f"{path} is written as 'botoproof/shard/2', and this version of botoproof reads 'botoproof/shard/1'"
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"^the shard '.*none' cannot be read: No such file or directory$"):
        read_result(tmp_path / "none")


class Full:
    """A file on a disk that is full from the third line on."""

    def __init__(self, inner: Any) -> None:
        self._inner, self._left = inner, 2

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes) -> int:
        self._left -= 1
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return int(self._inner.write(data))


def test_a_full_disk_is_told_at_the_end_and_leaves_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ShardFile(tmp_path, IDENTITY)
    monkeypatch.setattr(file, "_file", Full(file._file))

    for _ in range(4):
        file.line(CASE)
    with pytest.raises(Unwritten) as told:
        file.finish(RESULT)

    assert str(told.value) == (
        f"the result of shard 2/3 could not be written to {file.path}: No space left on device; "
        "run the shard again where there is room"
    )
    [part] = tmp_path.iterdir()
    assert part.suffix == ".part"
    assert isinstance(read_result(part), HalfWritten)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadConfiguration, match=r"^no shard can be kept in .*file/inside: Not a directory$"):
        ShardFile(tmp_path / "file" / "inside", IDENTITY)


def test_parts_of_runs_that_came_to_no_end_go_when_the_shard_is_done(tmp_path: Path) -> None:
    ShardFile(tmp_path, IDENTITY).close()
    other = ShardFile(tmp_path, replace(IDENTITY, shard=Shard(1, 3)))
    other.close()

    path = written(tmp_path)

    left = {file.name for file in tmp_path.iterdir()}
    assert path.name in left
    assert len(left) == 2


def test_a_key_follows_from_all_that_the_result_follows_from() -> None:
    others = [
        replace(IDENTITY, plan={"seed": 2}),
        replace(IDENTITY, tool={"botocore": "1.44.6"}),
        replace(IDENTITY, target={"kind": "url"}),
        replace(IDENTITY, world={"era": "2010"}),
        replace(IDENTITY, shard=Shard(2, 4)),
    ]
    sibling = replace(IDENTITY, shard=Shard(1, 3))

    assert len({one.key for one in (IDENTITY, sibling, *others)}) == 7
    assert len({one.run_key for one in (IDENTITY, *others)}) == 6
    assert sibling.run_key == IDENTITY.run_key


def test_an_identity_is_the_same_when_it_was_read() -> None:
    plan = {"phases": ("table", "random"), "max_time": None}

    identity = replace(IDENTITY, plan=plan, world={"buckets": {"b": {"access": "write"}}})

    assert read_identity(json.loads(json.dumps(identity.data()))).key == identity.key


def test_differences_are_named_by_their_place() -> None:
    other = replace(IDENTITY, plan={"seed": 2, "extra": True}, shard=Shard(2, 4))

    assert IDENTITY.differences(other) == [
        "plan.seed is 2 and not 1",
        "plan.extra is true and not absent",
        "shards is 4 and not 3",
    ]
    assert IDENTITY.differences(replace(IDENTITY, shard=Shard(1, 3))) == []


def test_a_file_has_a_line_for_each_case_and_no_secret_in_it(keep: Keep) -> None:
    path = keep("1/2", operations=("UpdateJob",), phases=("table", "random", "faults"), max_examples=6)

    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    result = result_of(path)
    cases = [line for line in lines if line["kind"] == "case"]
    assert len(cases) == result.cases == sum(phase["cases"] for phase in result.report["phases"].values())
    assert {line["phase"] for line in cases} == {"table", "random", "faults"}
    assert all(line["number"] % 2 == 0 for line in cases)
    assert result.probes["UpdateJob"] == {line["probe"]: line["number"] for line in cases if line["phase"] == "table"}
