"""Files that a command writes: whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from botoproof.ci.report.files import OutputFile, Unwritten, read_report_option
from botoproof.contract.errors import BadConfiguration


def test_an_option_names_kind_and_file() -> None:
    assert read_report_option("json=a=b.json") == ("json", OutputFile("json report", Path("a=b.json")))


def test_a_folder_that_goes_away_during_the_run_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    file = OutputFile("json report", folder / "r.json")
    file.require_writable()
    folder.rmdir()

    with pytest.raises(Unwritten, match=r"the json report could not be written to .*r\.json: No such file"):
        file.write("{}")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = OutputFile("json report", tmp_path / "r.json")
    file.write("old")
    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(Unwritten, match="No space left on device"):
        file.write("new")

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("r.json", "old")]


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(BadConfiguration, match=r"cannot be written to .*: embedded null byte"):
        OutputFile("json report", Path("a\0b")).require_writable()


def test_what_is_no_unicode_is_written_as_an_escape(tmp_path: Path) -> None:
    OutputFile("json report", tmp_path / "r.json").write('"\udc80"')

    assert (tmp_path / "r.json").read_text() == '"\\udc80"'
