"""A history as a file: one transaction for each run, and a sentence for whatever is wrong with the file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from botoproof.ci.history.adding import add_run
from botoproof.ci.history.loading import load
from botoproof.ci.history.past import History
from botoproof.ci.history.schema import STEPS, bring_up_to_date, version_of
from botoproof.ci.history.store import HistoryUnusable, reading, writing
from botoproof.contract.errors import BadConfiguration

from .nights import ONE, finding, history, kept, report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a history is to be."""
    return tmp_path / "h.sqlite"


def fill(file: Path, *days: int) -> None:
    with writing(file) as connection:
        for day in days:
            assert add_run(connection, kept(report(finding(), seed=day), day))


def loaded(file: Path) -> History:
    with reading(file) as connection:
        return load(connection)


def test_what_was_added_is_read_again(file: Path) -> None:
    fill(file, 0, 1)

    assert loaded(file).runs[0].sightings == history(report(finding())).runs[0].sightings
    assert [run.seed for run in loaded(file).runs] == [0, 1]
    assert loaded(file).findings[ONE].snippets["boto3"] == "import boto3"
    assert sorted(path.name for path in file.parent.iterdir()) == ["h.sqlite"]


def test_the_same_report_counts_once(file: Path) -> None:
    fill(file, 1)

    with writing(file) as connection:
        assert not add_run(connection, kept(report(finding(), seed=1), 5))

    assert len(loaded(file).runs) == 1


def test_runs_are_in_order_of_time_and_the_newest_has_the_word(file: Path) -> None:
    with writing(file) as connection:
        for day, words in ((1, "newer"), (0, "older")):
            add_run(connection, kept(report(finding(observed=words)), day))

    found = loaded(file)

    assert [run.night for run in found.runs] == ["2026-11-20", "2026-11-21"]
    assert found.findings[ONE].observed == "newer"


def test_what_is_raised_in_between_leaves_nothing(file: Path) -> None:
    fill(file, 0)

    def interrupted() -> None:
        with writing(file) as connection:
            add_run(connection, kept(report(seed=9), 1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert len(loaded(file).runs) == 1


def test_what_a_killed_process_left_in_the_log_is_not_lost(file: Path, tmp_path: Path) -> None:
    fill(file, 0)
    with reading(file), writing(file) as connection:  # with a reader there the log is not put into the file
        add_run(connection, kept(report(seed=9), 1))
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        add_run(connection, kept(report(seed=10), 2))
        left = tmp_path / "left"
        left.mkdir()
        for path in tmp_path.glob("h.sqlite*"):
            shutil.copy(path, left)

    assert left.joinpath("h.sqlite-wal").stat().st_size > 0
    assert [run.seed for run in loaded(left / "h.sqlite").runs] == [0, 9]


def impatient(file: Path) -> AbstractContextManager[sqlite3.Connection]:
    return writing(file, patience=0.01)


def test_a_second_writer_waits_for_the_first_and_tells_when_that_takes_too_long(file: Path) -> None:
    fill(file, 0)

    with writing(file), pytest.raises(HistoryUnusable, match="has been writing to it for too long"), impatient(file):
        pass


def test_a_reader_does_not_wait_for_a_writer(file: Path) -> None:
    fill(file, 0)

    with writing(file) as connection:
        add_run(connection, kept(report(seed=9), 1))

        assert len(loaded(file).runs) == 1


def test_a_full_disk_is_told_and_nothing_is_lost(file: Path) -> None:
    fill(file, 0)

    many = kept(report(*(finding(f"{number:012x}", observed="x" * 500) for number in range(400))), 1)

    def add_what_is_too_much() -> None:
        with writing(file) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
            add_run(connection, many)

    with pytest.raises(HistoryUnusable, match="the disk may be full; what the history held is as it was"):
        add_what_is_too_much()

    assert len(loaded(file).runs) == 1


def test_a_history_of_a_newer_version_is_refused_and_left_alone(file: Path) -> None:
    fill(file, 0)
    with closing(sqlite3.connect(file)) as newer:
        newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        newer.commit()
    before = file.read_bytes()

    for opening in (reading, writing):
        with pytest.raises(BadConfiguration, match="a history of a newer botoproof"), opening(file):
            pass
    assert file.read_bytes() == before


def test_steps_that_a_file_has_not_taken_are_taken_and_its_runs_stay(file: Path) -> None:
    fill(file, 0)

    with closing(sqlite3.connect(file, isolation_level=None)) as older:
        bring_up_to_date(older, [*STEPS, "ALTER TABLE runs ADD COLUMN more TEXT NOT NULL DEFAULT 'x';"])
        assert version_of(older) == len(STEPS) + 1
        assert older.execute("SELECT more FROM runs").fetchall() == [("x",)]


def test_a_step_that_fails_changes_nothing(file: Path) -> None:
    fill(file, 0)

    with closing(sqlite3.connect(file, isolation_level=None)) as older:
        with pytest.raises(sqlite3.OperationalError):
            bring_up_to_date(older, [*STEPS, "ALTER TABLE runs ADD COLUMN more TEXT;\nALTER TABLE none ADD COLUMN x;"])
        assert version_of(older) == len(STEPS)
    assert len(loaded(file).runs) == 1


def test_what_is_no_history_is_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"no database" * 100)
    with pytest.raises(BadConfiguration, match="is no history: it is not an SQLite database"), writing(file):
        pass
    with pytest.raises(BadConfiguration, match="is no history: it is not an SQLite database"), reading(file):
        pass
    foreign = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE mine (x)")
    with pytest.raises(BadConfiguration, match="an SQLite database, but no history of botoproof"), writing(foreign):
        pass
    with pytest.raises(BadConfiguration, match="it is a folder"), writing(tmp_path):
        pass
    with pytest.raises(BadConfiguration, match="there is no folder"), writing(tmp_path / "none" / "h.sqlite"):
        pass
    with pytest.raises(BadConfiguration, match="there is no history"), reading(tmp_path / "none.sqlite"):
        pass


def test_a_damaged_history_is_told(file: Path) -> None:
    fill(file, 0, 1, 2)
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)

    with pytest.raises(HistoryUnusable, match="it is damaged; keep a copy"):
        loaded(file)
