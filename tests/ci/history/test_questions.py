"""What a history answers: lives, news, changes since a day, trends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from botoproof.ci.history.past import History
from botoproof.ci.history.questions import Life, Presence, changes_of, lives_of, news_of, nights_of, trend_of

from .nights import FIRST, ONE, OTHER, finding, history, kept, report

SEEN, CLEAN = report(finding()), report()
BLIND = report(operations={}, phases={})
DAYS = [f"2026-11-{day}" for day in range(20, 30)]


def life(known: History, fingerprint: str = ONE) -> Life:
    [stream] = known.streams
    [found] = [one for one in lives_of(known, stream) if one.finding.fingerprint == fingerprint]
    return found


@pytest.mark.parametrize(
    ("nights", "first", "last", "flips", "there", "clean"),
    [
        ((SEEN,), 0, 0, 0, True, 0),
        ((CLEAN, SEEN, SEEN), 1, 2, 0, True, 0),
        ((SEEN, CLEAN, CLEAN), 0, 0, 1, False, 2),
        ((SEEN, CLEAN, SEEN), 0, 2, 2, True, 0),
        ((SEEN, BLIND, SEEN), 0, 2, 0, True, 0),
        ((SEEN, BLIND, BLIND), 0, 0, 0, True, 0),
        ((SEEN, CLEAN, BLIND), 0, 0, 1, False, 1),
        ((SEEN, CLEAN, BLIND, CLEAN, CLEAN), 0, 0, 1, False, 3),
    ],
)
def test_a_life_has_a_beginning_an_end_and_flips(
    nights: tuple[dict[str, Any], ...], first: int, last: int, flips: int, there: bool, clean: int
) -> None:
    found = life(history(*nights))

    assert (found.first_seen, found.last_seen) == (DAYS[first], DAYS[last])
    assert (found.flips, found.was_there, found.clean_nights) == (flips, there, clean)


def test_a_night_that_did_not_send_the_cases_says_nothing_of_a_finding() -> None:
    assert [presence for _, presence in life(history(SEEN, BLIND, CLEAN)).course] == [
        Presence.THERE,
        Presence.UNKNOWN,
        Presence.GONE,
    ]


def test_the_runs_of_one_night_count_together() -> None:
    other = {**CLEAN, "tool": {**CLEAN["tool"], "botocore": "1.45.0"}}
    runs = [kept(SEEN), kept(other), kept({**SEEN, "seed": 2}, 1), kept({**other, "seed": 2}, 1)]
    known = History(tuple(one.run for one in runs), {ONE: runs[0].findings[0]})

    found = life(known)

    assert (found.flips, found.was_there, len(found.course)) == (0, True, 2)
    assert nights_of(known, known.streams[0])[0].verdict == "findings"


@pytest.mark.parametrize(
    ("nights", "kind"),
    [
        ((CLEAN, SEEN), "new"),
        ((SEEN, CLEAN, SEEN), "back"),
        ((SEEN, CLEAN), "gone"),
        ((SEEN, BLIND, CLEAN), "gone"),
        ((SEEN, SEEN), "staying"),
        ((SEEN, BLIND), "unknown"),
        ((SEEN, CLEAN, CLEAN), None),
        ((SEEN, CLEAN, BLIND), None),
    ],
)
def test_the_last_night_has_news_of_one_kind(nights: tuple[dict[str, Any], ...], kind: str | None) -> None:
    known = history(*nights)

    news = news_of(known, known.streams[0])

    kinds = ("new", "back", "gone", "staying", "unknown")
    assert [one for one in kinds if getattr(news, one)] == ([kind] if kind else [])


def test_changes_compare_the_last_night_with_the_last_one_before_a_day() -> None:
    other = report(finding(OTHER, phase="random", probe=None))
    known = history(SEEN, SEEN, other, other)

    changes = changes_of(known, known.streams[0], date(2026, 11, 22))

    assert (changes.before, changes.now) == ("2026-11-21", "2026-11-23")
    assert [one.finding.fingerprint for one in changes.regressions] == [OTHER]
    assert [one.finding.fingerprint for one in changes.recoveries] == [ONE]


def test_without_a_night_before_the_day_nothing_is_said() -> None:
    known = history(SEEN, CLEAN)

    changes = changes_of(known, known.streams[0], FIRST.date())

    assert (changes.before, changes.regressions, changes.recoveries) == ("", (), ())


def test_a_trend_has_a_point_for_each_night() -> None:
    known = history(CLEAN, report(finding(), finding(OTHER, severity="note")), CLEAN)

    points = trend_of(known, known.streams[0])

    assert [point.night for point in points] == DAYS[:3]
    assert [point.at for point in points] == [FIRST + timedelta(days=day) for day in range(3)]
    assert [point.verdict for point in points] == ["clean", "findings", "clean"]
    assert [dict(point.statuses) for point in points] == [{}, {"new": 1, "note": 1}, {}]
    assert [(point.new, point.gone) for point in points] == [((), ()), ((ONE, OTHER), ()), ((), (ONE, OTHER))]
    assert {(point.cases, point.provoked, point.documented) for point in points} == {(22, 1, 1)}


def test_targets_do_not_mix() -> None:
    elsewhere = {"kind": "embedded", "endpoint": None, "service": "importexport"}
    known = history(SEEN, {**CLEAN, "target": elsewhere})

    url, embedded = known.streams

    assert [one.was_there for one in lives_of(known, url)] == [True]
    assert lives_of(known, embedded) == ()


def test_a_random_finding_is_gone_when_the_phase_ran_and_did_not_show_it() -> None:
    drawn = report(finding(phase="random", probe=None))
    table_alone = report(phases={"table": {"cases": 2, "seconds": 0.5}})

    assert life(history(drawn, table_alone)).was_there
    assert not life(history(drawn, CLEAN)).was_there
