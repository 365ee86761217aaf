"""Old nights taken out: what is answered afterwards is what was answered before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from botoproof.ci.history.adding import add_run
from botoproof.ci.history.loading import load
from botoproof.ci.history.past import History
from botoproof.ci.history.pruning import forget, prune
from botoproof.ci.history.questions import lives_of, news_of
from botoproof.ci.history.schema import bring_up_to_date
from botoproof.ci.history.store import writing
from hypothesis import given, settings
from hypothesis import strategies as st

from .nights import FIRST, OTHER, finding, kept, report

SEEN, CLEAN, BLIND = report(finding()), report(), report(operations={}, phases={})
BY_CHANCE = report(finding(OTHER, status="flaky", reason="chance"))
LATER = FIRST + timedelta(days=1000)


def filled(file: Path, *nights: dict[str, Any]) -> None:
    with writing(file) as connection:
        for day, data in enumerate(nights):
            assert add_run(connection, kept({**data, "seed": day}, day))


def pruned(file: Path, keep_days: int, *, now: Any = LATER) -> tuple[int, History]:
    with writing(file) as connection:
        gone = prune(connection, keep_days=keep_days, now=now)
        return gone, load(connection)


def lives(history: History) -> list[tuple[object, ...]]:
    return [
        (life.first_seen, life.last_seen, life.flips, life.was_there, life.sighting.group, life.sighting.status)
        for stream in history.streams
        for life in lives_of(history, stream)
    ]


@settings(max_examples=20)
@given(
    nights=st.lists(st.sampled_from([SEEN, CLEAN, BLIND, BY_CHANCE]), min_size=1, max_size=8),
    keep_days=st.lists(st.integers(1, 7), min_size=1, max_size=3),
)
def test_lives_and_news_are_the_same_after_pruning(nights: list[dict[str, Any]], keep_days: list[int]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        bring_up_to_date(connection)
        for day, data in enumerate(nights):
            add_run(connection, kept({**data, "seed": day}, day))
        before = load(connection)

        gone = sum(prune(connection, keep_days=days, now=LATER) for days in keep_days)
        after = load(connection)

    assert gone == max(0, len(nights) - 1 - min(keep_days))
    assert lives(after) == lives(before)
    if len(after.runs) > 1:
        assert kinds(after) == kinds(before)


def kinds(history: History) -> list[list[str]]:
    news = news_of(history, history.streams[0])
    return [[one.finding.fingerprint for one in found] for found in (news.new, news.back, news.gone, news.staying)]


def test_the_last_night_of_a_target_stays_however_old_it_is(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    elsewhere = {**SEEN, "target": {"kind": "embedded", "endpoint": None, "service": "importexport"}}
    filled(file, elsewhere, SEEN, SEEN, SEEN)

    gone, after = pruned(file, 1)

    assert gone == 1
    assert [run.stream.target for run in after.runs] == ["embedded", "url", "url"]


def test_a_run_from_the_future_does_not_cost_the_history(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    filled(file, SEEN, CLEAN)
    with writing(file) as connection:
        add_run(connection, kept({**CLEAN, "seed": 9}, 4000))

    gone, after = pruned(file, 1, now=FIRST + timedelta(days=1))

    assert (gone, len(after.runs)) == (0, 3)


def test_a_night_that_is_forgotten_has_not_been(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    filled(file, CLEAN, SEEN)

    with writing(file) as connection:
        gone = forget(connection, "2026-11-21")
        after = load(connection)

    assert (gone, len(after.runs), dict(after.findings)) == (1, 1, {})
