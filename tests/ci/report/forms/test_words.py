"""Markdown, annotations, JSON lines and the badge: what an endpoint says is text in each, and no markup of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botoproof.ci.report.forms.annotations import LIMIT
from botoproof.ci.report.forms.markdown import IN_FULL, code, escaped
from botoproof.ci.report.kinds import write_reports
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ..made import UPDATE, error, faulted, finding, operation, run, struck

READER = MarkdownIt("commonmark").enable("table")
HOSTILE = "</details><script>alert(1)</script> | `` [a](http://b) ![c](d) **e** @f\r\n# g\n::error::h"
WORDS = st.text(alphabet=st.sampled_from("`|\\*_[]()<>!#@:&~ \nab1.-+"), max_size=12)


def markdown(*reports: Any) -> str:
    return write_reports("markdown", reports)


def texts(source: str) -> list[tuple[str, str]]:
    """Return the leaves of what a reader of Markdown makes of a source, in one line of it."""
    (paragraph,) = [token for token in READER.parse(f"x{source}x") if token.type == "inline"]
    return [(one.type, one.content) for one in paragraph.children or ()]


@given(WORDS)
def test_a_text_is_a_text_to_readers_of_markdown(text: str) -> None:
    leaves = texts(escaped(text))

    assert {kind for kind, _ in leaves} <= {"text", "text_special"}
    read = "".join(content for _, content in leaves)
    assert read.replace("@\N{ZERO WIDTH SPACE}", "@") == f"x{' '.join(text.split())}x"


@given(WORDS)
def test_a_span_of_code_holds_what_was_put_into_it(text: str) -> None:
    (before, span, after) = texts(code(text))

    assert (before, after) == (("text", "x"), ("text", "x"))
    assert span == ("code_inline", " ".join(text.split()) or " ")


def test_what_an_endpoint_says_becomes_no_markup_of_a_summary() -> None:
    told = {**operation(), "outcomes": {HOSTILE: 1}}
    found = finding(observed=HOSTILE, expected=HOSTILE, path=HOSTILE, source=HOSTILE)
    known = finding(2, status="known", reason=HOSTILE)

    source = markdown(run(found, known, endpoint=f"http://{HOSTILE}", operations={UPDATE: told}))

    tokens = [one for token in READER.parse(source) for one in (token, *(token.children or ()))]
    assert {one.type for one in tokens} & {"image", "link_open", "html_inline"} == set()
    assert {one.content for one in tokens if one.type == "html_block"} <= {
        "<details><summary>known: 1</summary>\n",
        "</details>\n",
    }


def test_a_summary_tells_verdict_matrix_and_findings() -> None:
    lines = markdown(run(finding()), run(finding(status="known"), verdict="known", botocore="1.40.76")).splitlines()

    assert lines[0] == "## \N{CROSS MARK} botoproof: findings"
    assert lines[2] == "1 error in 1 of 1 operation, in 1 of 2 runs."
    assert "| `importexport.UpdateJob` | \N{CROSS MARK} fail | \N{LARGE PURPLE CIRCLE} known |" in lines
    assert "- expected: `Y`" in lines


def test_a_summary_says_how_many_findings_it_leaves_out() -> None:
    found = [finding(number) for number in range(IN_FULL + 3)]

    source = markdown(run(*found))

    assert source.count("\n### ") == IN_FULL
    assert "And 3 more, which the JSON report has." in source


def test_a_summary_of_faults_counts_each_verdict_and_shows_the_line() -> None:
    lost = struck("dns:once", "not survived", "fault-escaped")

    source = markdown(faulted(struck("dns:always"), lost, folded={"alike": 4}))

    assert "| `test_it.py::test` | 1 | 0 | 0 | 0 | 1 | 4 |" in source
    assert "- line: `it.py:4`" in source
    assert code(lost["replay"]) in source


def commands(*reports: Any) -> list[tuple[str, str, str]]:
    """Return kind, properties and text of each workflow command, as GitHub reads them."""
    found = []
    for line in write_reports("annotations", reports).splitlines():
        command = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert command, line
        found.append((command[1], command[2], command[3]))
    return found


def test_each_finding_that_counts_is_one_annotation_and_the_verdict_is_one() -> None:
    kinds = [
        kind for kind, _, _ in commands(run(finding(1), finding(2, severity="warning"), finding(3, status="known")))
    ]

    assert kinds == ["error", "warning", "notice"]


def test_an_annotation_of_a_fault_stands_at_the_line_of_the_code() -> None:
    (first, _) = commands(faulted(struck("dns:once", "not survived", "fault-escaped", line="a,b:c.py:14 in f: x()")))

    assert first[:2] == ("error", "file=a%2Cb%3Ac.py,line=14,title=fault-escaped")


def test_a_text_cannot_begin_another_command() -> None:
    (first, _) = commands(run(finding(observed="100%\r\n::error::x")))

    assert "100%25%0A::error::x" in first[2]


def test_more_annotations_than_are_shown_are_counted_in_the_last_one() -> None:
    told = commands(run(*(finding(number) for number in range(LIMIT + 5))))

    errors = [text for kind, _, text in told if kind == "error"]
    assert len(errors) == LIMIT
    assert errors[-1].startswith("6 more errors are not marked here")


def test_a_run_of_which_nothing_is_known_is_a_warning() -> None:
    ((kind, properties, _),) = commands(run(verdict="unknown", stopped="interrupted"))

    assert (kind, properties) == ("warning", "title=botoproof%3A unknown")


def lines(*reports: Any) -> list[Any]:
    return [json.loads(line) for line in write_reports("jsonl", reports).splitlines()]


def test_a_line_of_json_is_complete_by_itself() -> None:
    told = lines(run(finding(observed=HOSTILE), operations={UPDATE: operation(A=error(2))}))

    assert [one["tells"] for one in told] == ["run", "operation", "error", "probe", "probe", "probe", "finding"]
    assert {one["run"] for one in told} == {"embedded endpoint · botocore 1.44.5"}
    assert (told[1]["state"], told[2]["error"], told[2]["provoked"], told[-1]["observed"]) == ("fail", "A", 2, HOSTILE)


def test_a_line_of_json_stands_for_each_run_under_a_fault() -> None:
    told = lines(faulted(struck("dns:once"), struck("dns:always", "not survived", "fault-escaped")))

    assert [(one["tells"], one.get("fault"), one.get("verdict")) for one in told] == [
        ("test", None, None),
        ("fault", "dns:once", "survived"),
        ("fault", "dns:always", "not survived"),
    ]


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (run(), "clean"),
        (run(finding()), "findings"),
        (run(stopped=HOSTILE, verdict="unknown"), "unknown"),
        (faulted(struck()), "survived"),
        (faulted(), "unknown"),
    ],
)
def test_a_badge_is_a_picture_that_says_the_verdict(report: Any, word: str) -> None:
    picture = ElementTree.fromstring(write_reports("badge", [report]))

    assert picture.get("aria-label") == f"botoproof: {word}"
    assert [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")] == ["botoproof", word]
