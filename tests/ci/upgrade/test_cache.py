"""What is in the cache is whole, whatever happened while it was made."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from botoproof.ci.upgrade.cache import VARIABLE, cache_folder, made_once
from botoproof.contract.errors import BadConfiguration


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    made_once(tmp_path / "one", lambda folder: (folder / "file").touch())

    again = made_once(tmp_path / "one", lambda folder: pytest.fail(f"{folder} is made again"))

    assert [path.name for path in again.iterdir()] == ["file"]


def test_half_a_folder_is_not_left_and_not_used(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(tmp_path / "one", interrupted)

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_began_is_swept_after_a_day_and_not_before(tmp_path: Path) -> None:
    old, young = tmp_path / ".begun-old", tmp_path / ".begun-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "half").touch()
    os.utime(old, (0, 0))

    made_once(tmp_path / "one", lambda folder: (folder / "file").touch())

    assert sorted(path.name for path in tmp_path.iterdir()) == [".begun-young", "one"]


def test_two_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    both = threading.Barrier(2)

    def make(folder: Path) -> None:
        both.wait(10)
        (folder / "file").write_text("whole", "utf-8")

    threads = [threading.Thread(target=made_once, args=(tmp_path / "one", make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one" / "file").read_text("utf-8") == "whole"


def test_a_cache_that_cannot_be_written_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadConfiguration, match=rf"cannot be written: .*; {VARIABLE} names another one"):
        made_once(tmp_path / "file" / "one", lambda _: None)


@pytest.mark.parametrize(
    ("own", "xdg", "expected"),
    [("/own", "/xdg", "/own"), ("", "/xdg", "/xdg/botoproof"), ("", "relative", "/home/someone/.cache/botoproof")],
)
def test_the_folder_is_our_variable_else_the_users_cache(
    own: str, xdg: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, own)
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    monkeypatch.setenv("HOME", "/home/someone")

    assert cache_folder() == Path(expected)
