"""The page as HTML: it holds what the report says, as text, and lets nothing run or load."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from botoproof.ci.report.kinds import write_reports

from ..made import UPDATE, body, error, faulted, finding, operation, run, struck

HOSTILE = "</script></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&<!--"
VOID = {"meta", "input", "link", "img", "br", "line", "rect"}


class Read(HTMLParser):
    """What stands in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"style": [], "script": [], "pre": []}
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], "every element ends"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in self.inside:
            self.inside[self._open[-1]][-1] += data
        if not self._open or self._open[-1] not in ("script", "style"):
            self.texts.append(data)

    def attributes(self, name: str) -> Iterator[str | None]:
        return (attributes[name] for _, attributes in self.elements if name in attributes)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    @property
    def data(self) -> Any:
        return json.loads(self.inside["script"][0])


def page_of(*reports: Any) -> Read:
    return Read(write_reports("html", reports))


def hostile_page() -> Read:
    reply = {"status": 200, "headers": [["X", HOSTILE]], "body": body(HOSTILE)}
    told = {**operation(A=error(0, why=HOSTILE)), "outcomes": {HOSTILE: 1}, "probes": {HOSTILE: HOSTILE}}
    found = finding(observed=HOSTILE, path=HOSTILE, reason=HOSTILE, case={"reply": reply})
    return page_of(run(found, endpoint=f"http://{HOSTILE}", operations={UPDATE: told}, stopped=HOSTILE))


def test_what_an_endpoint_says_stays_text() -> None:
    page = hostile_page()

    assert [tag for tag, _ in page.elements].count("script") == 2
    assert "img" not in {tag for tag, _ in page.elements}
    assert HOSTILE in page.inside["pre"][1], "the reply is shown as it came"
    assert HOSTILE in page.data["texts"]


def test_what_a_test_under_faults_says_stays_text() -> None:
    page = page_of(faulted(struck("dns:once", "not survived", "fault-escaped", site=HOSTILE, line=HOSTILE)))

    assert [tag for tag, _ in page.elements].count("script") == 2
    assert "img" not in {tag for tag, _ in page.elements}
    assert HOSTILE in page.text


def test_the_policy_lets_our_one_style_and_script_run_and_nothing_load() -> None:
    page = hostile_page()
    (policy,) = (attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes)
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy).split(";"))

    (style,) = page.inside["style"]
    _, script = page.inside["script"]
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == f"'sha256-{digest(style)}'"
    assert rules["script-src"] == f"'sha256-{digest(script)}'"


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_on_a_page_asks_for_another_file() -> None:
    page = hostile_page()

    links = {str(link)[:1] for link in page.attributes("href")}
    assert links == {"#"}
    assert list(page.attributes("src")) == []
    assert list(page.attributes("style")) == [], "the policy would not let it work"
    assert "url(" not in page.inside["style"][0]
    assert "@import" not in page.inside["style"][0]


def test_every_link_and_every_reference_leads_somewhere() -> None:
    page = page_of(run(finding(), finding(2, severity="note")), run(name="s.json"))
    ids = [str(one) for one in page.attributes("id")]

    opened = set(page.data["cells"])
    assert len(ids) == len(set(ids))
    assert {str(link)[1:] for link in page.attributes("href")} <= {*ids, *opened}
    for name in ("aria-labelledby", "aria-describedby", "data-copy"):
        assert {str(one) for one in page.attributes(name)} <= set(ids), name
    led = [page.data["texts"][link] for cell in page.data["cells"].values() for link in cell.get("l", [])]
    assert led
    assert set(led) <= set(ids)


def test_a_control_character_is_shown_and_not_sent() -> None:
    page = write_reports("html", [run(finding(observed="a\x00\x1b[31m\u202eb"))])

    assert "a\\x00\\x1b[31m\\u202eb" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page)


def test_a_finding_tells_what_was_expected_on_which_evidence_and_where_that_stands() -> None:
    page = page_of(run(finding(expected="Refused", evidence="observed", source="the guide, page 3")))

    assert "expected Refused (observed) source the guide, page 3 came X" in page.text


def test_the_same_reports_make_the_same_page() -> None:
    reports = [run(finding(), finding(2, severity="note")), run(name="s.json", endpoint="http://e")]

    assert write_reports("html", reports) == write_reports("html", reports)


def test_a_row_tells_the_state_in_words_for_each_run() -> None:
    page = page_of(run(finding()), run(finding(status="known"), verdict="known", botocore="1.40.76"))

    assert "operation embedded endpoint botocore 1.44.5 embedded endpoint botocore 1.40.76" in page.text
    assert "importexport.UpdateJob fail 1 known 1" in page.text


def test_runs_that_look_alike_are_told_apart_by_their_files() -> None:
    page = page_of(run(name="monday.json"), run(name="tuesday.json"))

    assert "monday.json" in page.text
    assert "tuesday.json" in page.text


def test_what_could_not_be_reached_for_one_reason_is_told_once_with_all_names() -> None:
    unreachable = [
        {"state": "expired", "why": "none is configured"},
        {"probe": "job.expired", "operation": UPDATE, "why": "it needs the state expired"},
        {"probe": "job.old", "operation": UPDATE, "why": "it needs the state expired"},
    ]

    page = page_of(run(unreachable=unreachable, undecided=2))

    assert f"{UPDATE} probe job.expired, {UPDATE} probe job.old: it needs the state expired" in page.text
    assert page.text.count("it needs the state expired") == 1
    assert "2 cases: the contract says nothing about them" in page.text
