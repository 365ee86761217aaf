"""Reports read back: what is no report is told, and nothing half is taken for a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.report.json_report import write_json_report
from botoproof.ci.report.payload import Redaction
from botoproof.ci.report.reading import CONFORMANCE, read_reports
from botoproof.contract.errors import BadConfiguration

from .conftest import Ran

FAULTS: dict[str, Any] = {"schema": "botoproof/faults/1", "level": "ci", "verdicts": {}, "tests": []}


def test_a_report_comes_back_as_it_was_written(flawed: Ran, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    text = write_json_report(flawed.result, flawed.scene, Redaction(()))
    path.write_text(text, encoding="utf-8")

    (report,) = read_reports([path, path])

    assert (report.name, report.schema) == (str(path), CONFORMANCE)
    assert report.data == json.loads(text)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", r"^the report '.*' cannot be read: it is not JSON: Expecting value: line 1 column 1 \(char 0\)$"),
        (b"\xff", "^the report '.*' cannot be read: it is not UTF-8 at byte 0$"),
        (b"[" * 100_000, "^the report '.*' cannot be read: it is nested too deep$"),
        (
            b"[1]",
            "its schema must be botoproof/report/1, botoproof/faults/1 or botoproof/upgrade/1, got None$",
        ),
        (b'{"schema": ["x"]}', r"is no report of ours: its schema must be .*, got \['x'\]$"),
        (b'{"schema": "botoproof/report/2"}', "is no report of ours: .*, got 'botoproof/report/2'$"),
        (
            b'{"schema": "botoproof/report/1"}',
            "is no botoproof/report/1, or was written by another version of botoproof: the whole: lacks 'tool'$",
        ),
    ],
    ids=["nothing", "no text", "too deep", "a list", "a schema that is no text", "a later schema", "cut off"],
)
def test_a_file_that_is_no_report_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)

    with pytest.raises(BadConfiguration, match=told):
        read_reports([path])


def test_a_file_that_is_not_there_is_told_with_how_to_come_by_one() -> None:
    with pytest.raises(BadConfiguration, match=r"^there is no report 'none\.json'; `--report json=PATH`"):
        read_reports([Path("none.json")])


def test_reports_of_two_kinds_do_not_make_one_page(flawed: Ran, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(write_json_report(flawed.result, flawed.scene, Redaction(())), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(FAULTS), encoding="utf-8")

    with pytest.raises(BadConfiguration, match=r"b\.json is a report of another kind \(botoproof/faults/1\) than .*a"):
        read_reports([tmp_path / "a.json", tmp_path / "b.json"])
