"""`botoproof report`: JSON reports in another form, and what is told when there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botoproof.ci.report.files import KINDS

from .conftest import Done

Call = Callable[..., Done]
FAULTS = '{"schema": "botoproof/faults/1", "level": "ci", "verdicts": {}, "tests": []}'
RUN = ("run", "importexport.ListJobs", "--seed", "1", "--phases", "table", "--no-run-folder")


def test_a_page_of_a_run_is_the_same_as_that_of_its_json_report(call: Call, folder: Path) -> None:
    call(*RUN, "--report", "json=r.json", "--report", "html=this.html")

    done = call("report", "html", "r.json", "--output", "that.html")

    assert (done.status, done.out, done.err) == (0, "html report in that.html\n", "")
    assert (folder / "that.html").read_text("utf-8") == (folder / "this.html").read_text("utf-8")
    assert call("report", "html", "r.json").out == (folder / "this.html").read_text("utf-8")


def test_each_kind_of_report_is_written_by_the_run_and_by_a_command_alike(call: Call, folder: Path) -> None:
    kinds = [kind for kind in KINDS if kind not in ("json", "html")]

    call(*RUN, "--report", "json=r.json", *(part for kind in kinds for part in ("--report", f"{kind}={kind}")))

    for kind in kinds:
        assert call("report", kind, "r.json").out == (folder / kind).read_text("utf-8"), kind


def test_a_page_of_the_second_night_says_that_there_is_nothing_new(call: Call, folder: Path) -> None:
    night = (*RUN, "--history", "h.sqlite", "--report")

    call(*night, "html=first.html")
    call(*night[:-3], "--seed", "2", *night[-3:], "html=second.html", "--report", "json=r.json")

    first, second = ((folder / name).read_text("utf-8") for name in ("first.html", "second.html"))
    assert "This is the first night on this target" in first
    assert "This is the first night on this target" in second, "two runs of a day are one night"
    assert call("report", "html", "r.json", "--history", "h.sqlite").out == second
    assert "Since the earlier reports: nothing new" in call("report", "html", "r.json", "--since", "r.json").out
    assert "Since the earlier reports: nothing new" in call("report", "markdown", "r.json", "--since", "r.json").out


@pytest.mark.parametrize("schema", ["botoproof/faults-table/1", "botoproof/faults/1"])
def test_a_table_of_faults_is_told_from_a_report_of_tests_under_faults(call: Call, folder: Path, schema: str) -> None:
    table = {"schema": schema, "botocore": "1.44.5", "operation": "importexport.ListJobs", "rows": []}
    (folder / "x.json").write_text(json.dumps(table), encoding="utf-8")

    done = call("report", "html", "x.json")

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith(
        "x.json is a table of `botoproof faults`, of which no page is made; `botoproof faults --compare x.json` reads"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "say what to do: "),
        (("htlm", "r.json"), "there is no command 'report htlm'; did you mean html?"),
        (("html",), "missing argument 'FILE.json...' (see botoproof report html --help)"),
        (("html", "none.json"), "there is no report 'none.json'; `--report json=PATH` of a run writes one"),
        (("html", "f.json", "--since", "f.json"), "f.json is about tests under faults, of which no history is kept"),
        (("html", "f.json", "--since", "f.json", "--history", "h"), "--since and --history both say what came before"),
        (("html", "f.json", "--history", "none.sqlite"), "f.json is about tests under faults"),
        (("junit", "f.json", "--since", "f.json"), "report junit has no option --since; "),
        (("html", "."), "the report '.' cannot be read: Is a directory"),
        (("html", "none.json", "--output", "none/p.html"), "the html report cannot be written to none/p.html: there"),
    ],
)
def test_a_mistake_is_one_paragraph(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    (folder / "f.json").write_text(FAULTS, encoding="utf-8")

    done = call("report", *arguments)

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith(told)
