"""A history under processes that are killed, and under several that write."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from botoproof.ci.history.loading import load
from botoproof.ci.history.store import reading

from .nights import finding, report

# Adds runs with one seed after another, and tells each when it stands; on "pause" it waits within a transaction.
WRITER = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from botoproof.ci.history.adding import add_run
from botoproof.ci.history.reading import keep_report
from botoproof.ci.history.store import writing
data = json.loads(Path("r.json").read_text())
first, count, pause = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "pause"
for seed in range(first, first + count):
    with writing(Path("h.sqlite")) as connection:
        add_run(connection, keep_report({**data, "seed": seed}, at=datetime(2026, 11, 20, tzinfo=UTC)))
        if pause:
            print("within", flush=True)
            sys.stdin.read()
    print(seed, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report that has many findings."""
    tmp_path.joinpath("r.json").write_text(json.dumps(report(*(finding(f"{one:012x}") for one in range(200)))))
    return tmp_path


def writer(folder: Path, first: int, count: int, how: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-c", WRITER, str(first), str(count), how),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def seeds(folder: Path) -> list[int]:
    with reading(folder / "h.sqlite") as connection:
        runs = load(connection).runs
    assert {len(run.sightings) for run in runs} <= {200}
    with closing(sqlite3.connect(folder / "h.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return sorted(run.seed for run in runs)


@pytest.mark.slow
def test_a_process_that_is_killed_within_a_transaction_leaves_nothing_of_its_run(folder: Path) -> None:
    with writer(folder, 0, 3) as before:
        before.communicate()
    with writer(folder, 7, 1, "pause") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "within\n"
        process.kill()

    assert seeds(folder) == [0, 1, 2]
    with writer(folder, 8, 1) as after:
        after.communicate()
    assert seeds(folder) == [0, 1, 2, 8]


@pytest.mark.slow
def test_whatever_was_told_to_stand_there_stands_there_when_a_process_is_killed_at_any_time(folder: Path) -> None:
    told: list[int] = []
    for first in range(0, 500, 100):
        with writer(folder, first, 100) as process:
            assert process.stdout is not None
            told += [int(process.stdout.readline()) for _ in range(3)]
            process.kill()

    there = seeds(folder)

    assert set(told) <= set(there)
    # A run that was committed and not told any more may stand there; not more than those after the last told one.
    assert all(sum(first <= seed < first + 100 for seed in there) < 100 for first in range(0, 500, 100))


@pytest.mark.slow
def test_two_writers_lose_nothing(folder: Path) -> None:
    with writer(folder, 0, 25) as one, writer(folder, 100, 25) as other:
        one.communicate()
        other.communicate()

    assert (one.returncode, other.returncode) == (0, 0)
    assert seeds(folder) == [*range(25), *range(100, 125)]
