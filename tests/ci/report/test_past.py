"""What came before the runs of a report, be it from a history or from earlier reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from botoproof.ci.history.past import History
from botoproof.ci.history.reading import keep_report
from botoproof.ci.report.kinds import write_reports
from botoproof.ci.report.news import told_since, without_past
from botoproof.ci.report.past import of_reports, since, with_reports
from botoproof.ci.report.reading import Report

from .made import PASSED, finding, run

FIRST = datetime(2026, 11, 20, 2, tzinfo=UTC)


def history(*nights: Report) -> History:
    """Return a history with one report a night."""
    kept = [keep_report(one.data, at=FIRST + timedelta(days=number)) for number, one in enumerate(nights)]
    return History(tuple(one.run for one in kept), {found.fingerprint: found for one in kept for found in one.findings})


def told(past: History, *reports: Report) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the sentence of each target, and kind and last digit of what came and went."""
    found = [told_since(one) for one in since(past, reports)]
    return [(one.sentence, [(item.kind, item.fingerprint[-1]) for item in one.items]) for one in found]


def shown(*numbers: int, **changes: Any) -> Report:
    """Return a report with findings that the same probe shows."""
    return run(*(finding(number, case={"probe": "probe.0"}) for number in numbers), **changes)


def test_a_seeded_regression_is_named_and_so_is_what_went() -> None:
    past = of_reports([shown(1, 2)], [shown(2, 3)])

    assert told(past, shown(2, 3)) == [
        ("Since the earlier reports: 1 new, 1 gone; 1 finding as before.", [("new", "3"), ("gone", "1")])
    ]


def test_nothing_new_is_said_in_so_many_words() -> None:
    assert told(of_reports([shown(1)], [shown(1)]), shown(1)) == [
        ("Since the earlier reports: nothing new; 1 finding as before.", [])
    ]


def test_a_note_is_counted_and_not_named() -> None:
    note = run(finding(1, severity="note", case={"probe": "probe.0"}))

    assert told(of_reports([run()], [note]), note) == [("Since the earlier reports: nothing new; of notes, 1 new.", [])]


def test_a_target_that_no_earlier_report_is_about_is_not_compared() -> None:
    past = of_reports([shown(1)], [shown(endpoint="http://e")])

    assert told(past, shown(endpoint="http://e")) == [
        ("This is the first night on this target, so that nothing is compared.", [])
    ]


def test_a_finding_of_a_run_that_was_cut_short_before_its_case_is_not_gone() -> None:
    cut = run(operations={}, stopped="interrupted", verdict="unknown", phases={})

    assert told(of_reports([shown(1)], [cut]), cut) == [("Since the earlier reports: 1 unknown.", [("unknown", "1")])]


def test_another_sdk_on_the_same_target_is_compared_with_the_one_before() -> None:
    newer = shown(1, botocore="1.45.0")

    assert told(of_reports([shown()], [newer]), newer)[0][1] == [("new", "1")]


def test_a_report_that_the_history_lacks_comes_after_all_that_it_holds() -> None:
    past = history(shown(1), shown())

    (target,) = since(with_reports(past, [shown(2)]), [shown(2)])

    assert (target.news.before, [life.finding.fingerprint[-1] for life in target.news.new]) == ("2026-11-21", ["2"])
    assert [point.night for point in target.points] == ["2026-11-20", "2026-11-21", "these reports"]


def test_of_a_report_that_the_history_holds_later_nights_are_not_told() -> None:
    past = history(shown(1), shown(2), shown(3))

    (target,) = since(with_reports(past, [shown(2)]), [shown(2)])

    assert [point.night for point in target.points] == ["2026-11-20", "2026-11-21"]
    assert [life.finding.fingerprint[-1] for life in target.news.new] == ["2"]


def test_a_history_without_any_run_of_the_target_is_no_mistake() -> None:
    (target,) = since(with_reports(history(), [shown(1)]), [shown(1)])

    assert target.news.before == ""


def test_without_a_past_the_baseline_says_what_is_new() -> None:
    baseline = {"file": "b.toml", "unexpected_passes": [PASSED], "not_seen": []}
    report = run(finding(1), finding(2, status="known"), finding(3, severity="note"), baseline=baseline)

    assert without_past([run(), report]) == (
        "Compared with the baseline b.toml: 1 new finding, 1 known, and 1 known that did not occur."
    )
    assert without_past([run()]).startswith("Nothing is compared: an earlier report")


def test_page_and_summary_name_the_regression() -> None:
    past = of_reports([shown(1)], [shown(1, 2)])

    page = write_reports("html", [shown(1, 2)], past=past)
    summary = write_reports("markdown", [shown(1, 2)], past=past)

    assert '<a href="#f-000000000002">' in page[page.index('id="new"') : page.index('id="matrix"')]
    assert '<a href="#f-000000000001">' not in page[page.index('id="new"') : page.index('id="matrix"')]
    assert "\N{CROSS MARK} **new** `error-undocumented` `importexport.UpdateJob`" in summary
