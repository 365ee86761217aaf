"""Charts: what is drawn is what the nights were, and it stays in its frame."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botoproof.ci.history.questions import TrendPoint
from botoproof.ci.report.page.trend import HEIGHT, NIGHTS, WIDTH, Chart, charts_of
from hypothesis import given
from hypothesis import strategies as st

FIRST = datetime(2026, 11, 20, tzinfo=UTC)
STATUSES = st.dictionaries(st.sampled_from(["new", "expired", "known", "flaky", "note"]), st.integers(0, 10**6))


def point(number: int, statuses: dict[str, int], provoked: int = 3, documented: int = 18) -> TrendPoint:
    at = FIRST + timedelta(days=number)
    return TrendPoint(
        f"{at:%Y-%m-%d}", at, "findings", 1, ("1.44.5",), 9, 0.1, documented, provoked, statuses, (), (), ()
    )


def heights(chart: Chart) -> dict[str, float]:
    return {bar.title: bar.height for bar in chart.bars}


def test_of_one_night_nothing_is_drawn() -> None:
    assert charts_of([point(0, {"new": 1})]) == ()


def test_bars_stand_on_each_other_in_proportion_and_notes_are_not_drawn() -> None:
    findings, _ = charts_of([point(0, {"new": 2, "expired": 1, "known": 1, "note": 50}), point(1, {"flaky": 2})])

    assert findings.top == 4
    assert heights(findings) == {
        "2026-11-20: 3 that count": 90.0,
        "2026-11-20: 1 known": 30.0,
        "2026-11-21: 2 flaky": 60.0,
    }
    assert [bar.y for bar in findings.bars] == [30.0, 0.0, 60.0]


def test_exceptions_are_drawn_against_the_most_that_were_documented() -> None:
    _, coverage = charts_of([point(0, {}, provoked=9), point(1, {}, provoked=0)])

    assert (coverage.top, heights(coverage)) == (
        18,
        {"2026-11-20: 9 of 18 documented exceptions provoked": 60.0},
    )
    assert coverage.names == ("2026-11-20", "2026-11-21")


@given(st.lists(st.tuples(STATUSES, st.integers(0, 500)), min_size=2, max_size=80))
def test_whatever_the_nights_were_no_bar_leaves_the_frame(nights: list[tuple[dict[str, int], int]]) -> None:
    points = [point(number, statuses, provoked, 500) for number, (statuses, provoked) in enumerate(nights)]

    charts = charts_of(points)

    for bar in (bar for chart in charts for bar in chart.bars):
        assert -0.1 <= bar.y <= bar.y + bar.height <= HEIGHT + 0.1
        assert bar.x >= 0
    for chart in charts:
        assert all(bar.x + chart.width <= WIDTH for bar in chart.bars)
        assert len({bar.x for bar in chart.bars}) <= NIGHTS


@pytest.mark.parametrize("numbers", [(0, 0), (1, 0)])
def test_nights_without_anything_make_a_chart_all_the_same(numbers: tuple[int, int]) -> None:
    findings, coverage = charts_of([point(number, {}, 0, 0) for number in numbers])

    assert (findings.top, findings.bars, coverage.top, coverage.bars) == (1, (), 1, ())
