"""Tables are read as they were written; differences between them are told; the shipped one is what is measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.faults import table as tables
from botoproof.ci.faults.comparing import agree, compare, release_note
from botoproof.ci.faults.measuring import measure
from botoproof.ci.faults.observation import Observation
from botoproof.ci.faults.table import Row, Table, read_table, read_table_file, shipped_table, write_table
from botoproof.contract.errors import BadConfiguration

DNS = Observation("dns", "EndpointConnectionError", escapes=False, attempts=3, effects=0, waits=(0.05, 0.1))
EMPTY = Observation("body.empty", "ResponseParserError", escapes=True, attempts=1, effects=1)
TABLE = Table(
    "1.2.3", "s3.GetObject", tuple(Row("hook", mode, seen) for seen in (DNS, EMPTY) for mode in ("default", "legacy"))
)


def changed(seen: Observation, **changes: Any) -> Table:
    rows = tuple(replace(row, seen=replace(seen, **changes)) if row.seen is seen else row for row in TABLE.rows)
    return replace(TABLE, botocore="1.3.0", rows=rows)


def test_a_table_is_read_as_it_was_written() -> None:
    assert read_table(write_table(TABLE), "here") == TABLE


def test_a_table_that_bears_the_name_of_the_first_ones_is_still_read() -> None:
    assert read_table(write_table(TABLE).replace("faults-table/1", "faults/1"), "here") == TABLE


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda _: "no JSON", "Expecting value"),
        (lambda text: text.replace("faults-table/1", "other/1"), "expected the schema 'botoproof/faults-table/1'"),
        (lambda text: text.replace('"attempts": 3', '"attempts": "3"'), r"rows\[0\].attempts"),
        (lambda text: text.replace('"rows"', '"row"'), "rows"),
    ],
)
def test_a_text_that_is_no_table_is_refused_with_the_place(spoil: Callable[[str], str], told: str) -> None:
    with pytest.raises(BadConfiguration, match=f"^here is no table of faults: .*{told}"):
        read_table(spoil(write_table(TABLE)), "here")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"none\.json cannot be read: No such file"):
        read_table_file(tmp_path / "none.json")


@pytest.mark.parametrize(
    "changes", [{"outcome": "KeyError"}, {"escapes": False}, {"attempts": 2}, {"effects": 0}, {"inert": True}]
)
def test_each_difference_is_told(changes: dict[str, Any]) -> None:
    found = compare(TABLE, changed(EMPTY, **changes))

    assert [(one.trial, one.mode) for one in found] == [("body.empty", "default"), ("body.empty", "legacy")]


@pytest.mark.parametrize(("waits", "same"), [((0.0495, 0.099), True), ((0.05,), False), ((0.05, 0.2), False)])
def test_waits_are_compared_by_what_they_are_drawn_from(waits: tuple[float, ...], same: bool) -> None:
    assert agree(DNS, replace(DNS, waits=waits)) == same


@pytest.mark.parametrize(("trial", "same"), [("reset.before_request", True), ("connect.refused", False)])
def test_classes_between_which_the_kernel_decides_are_the_same(trial: str, same: bool) -> None:
    seen = replace(DNS, trial=trial)

    assert agree(seen, replace(seen, outcome="ConnectionClosedError")) == same


@pytest.mark.parametrize(("trial", "same"), [("idle.close", True), ("http10", False)])
def test_a_second_attempt_on_a_connection_that_has_ended_is_for_the_kernel_to_decide(trial: str, same: bool) -> None:
    seen = replace(EMPTY, trial=trial)

    assert agree(seen, replace(seen, attempts=2, waits=(0.05,))) == same
    assert not agree(seen, replace(seen, attempts=2, waits=(0.05,), effects=2))


def test_a_fault_that_one_table_lacks_is_a_difference() -> None:
    shorter = replace(TABLE, rows=TABLE.rows[:2])

    assert {one.after for one in compare(TABLE, shorter)} == {None}
    assert {one.before for one in compare(shorter, TABLE)} == {None}


def test_a_mode_that_was_not_measured_is_no_difference() -> None:
    assert compare(TABLE, replace(TABLE, rows=tuple(row for row in TABLE.rows if row.mode == "legacy"))) == ()


def test_the_note_puts_equal_differences_together() -> None:
    note = list(release_note(TABLE, changed(DNS, attempts=5)))

    assert note[0] == "botocore 1.2.3 -> 1.3.0, s3.GetObject: 2 of 4 measurements differ"
    assert note[2:] == [
        "  default, legacy (hook):",
        "    before  EndpointConnectionError, 3 attempts, no effect, waits up to 0.05, 0.1 s",
        "    after   EndpointConnectionError, 5 attempts, no effect, waits up to 0.05, 0.1 s",
        "      dns",
    ]


def test_without_differences_the_note_is_one_line() -> None:
    assert len(list(release_note(TABLE, TABLE))) == 1


@pytest.mark.parametrize(("asked", "given"), [("1.9", "1.10"), ("1.10", "1.10"), ("1.11.5", "1.11"), ("2.0", "1.11")])
def test_a_release_is_compared_with_the_nearest_one_before(
    asked: str, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for release in ("1.10", "1.11"):
        (tmp_path / f"table-{release}.json").write_text(write_table(replace(TABLE, botocore=release)))
    monkeypatch.setattr(tables, "_folder", lambda: tmp_path)

    assert shipped_table(asked).botocore == given


def test_the_shipped_table_is_what_the_installed_botocore_does() -> None:
    installed = metadata.version("botocore")
    shipped = shipped_table(installed)
    if shipped.botocore != installed:
        pytest.skip(f"no table is shipped for botocore {installed}: botoproof faults --measure --compare shipped")
    measured = measure("importexport", "UpdateJob", engines=("hook",), modes=("default",))

    assert compare(shipped, measured) == ()


def test_a_shipped_table_says_which_release_it_is_about() -> None:
    for release in tables.shipped_releases():
        assert shipped_table(release).botocore == release


def test_every_line_of_a_table_is_one_measurement() -> None:
    lines = [line.strip().rstrip(",") for line in write_table(TABLE).splitlines() if '"fault"' in line]

    assert [json.loads(line)["fault"] for line in lines] == ["dns", "body.empty"]
