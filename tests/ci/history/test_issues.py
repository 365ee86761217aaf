"""Issues: which are opened, updated and closed, and that nothing in them is more than text."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.history.issues import Issue, Step, Told, issues_of
from botoproof.ci.history.markdown import code, fence, line
from hypothesis import example, given
from hypothesis import strategies as st

from .nights import ONE, OTHER, finding, history, report

SEEN, CLEAN = report(finding()), report()
BLIND = report(operations={}, phases={})
KNOWN, FLAKY, NOTE = (
    report(finding(status="known", reason="ticket 7")),
    report(finding(status="flaky", reason="chance")),
    report(finding(severity="note")),
)


def told_over(nights: tuple[dict[str, Any], ...]) -> list[Step | None]:
    """Return what is told of the one finding after each night, when what was told is kept."""
    told: dict[str, Told] = {}
    steps: list[Step | None] = []
    for last in range(1, len(nights) + 1):
        issues = issues_of(history(*nights[:last]), told)
        steps.append(issues[0].step if issues else None)
        told.update({one.fingerprint: Told(one.step is not Step.CLOSED, one.digest) for one in issues})
    return steps


@pytest.mark.parametrize(
    ("nights", "steps"),
    [
        ((SEEN, SEEN), [Step.OPENED, None]),
        ((CLEAN, SEEN), [None, Step.OPENED]),
        ((SEEN, CLEAN, CLEAN, CLEAN, CLEAN), [Step.OPENED, Step.UPDATED, None, Step.CLOSED, None]),
        ((SEEN, CLEAN, BLIND, CLEAN, BLIND, CLEAN), [Step.OPENED, Step.UPDATED, None, None, None, Step.CLOSED]),
        ((SEEN, CLEAN, CLEAN, CLEAN, SEEN), [Step.OPENED, Step.UPDATED, None, Step.CLOSED, Step.REOPENED]),
        # It comes and goes: that is told once.
        ((SEEN, CLEAN, SEEN, CLEAN, SEEN), [Step.OPENED, Step.UPDATED, Step.UPDATED, None, None]),
        ((SEEN, KNOWN, KNOWN), [Step.OPENED, Step.UPDATED, None]),
        ((KNOWN, FLAKY, NOTE), [None, None, None]),
        ((KNOWN, SEEN), [None, Step.OPENED]),
    ],
)
def test_an_issue_follows_the_life_of_its_finding(nights: tuple[dict[str, Any], ...], steps: list[Step | None]) -> None:
    assert told_over(nights) == steps


def issue(data: dict[str, Any]) -> Issue:
    [found] = issues_of(history(data), {})
    return found


def test_an_issue_says_what_where_and_how_to_see_it_again() -> None:
    found = issue(SEEN)

    assert found.title == "importexport.UpdateJob: the error is not documented [error-undocumented]"
    for text in ("InvalidJobIdException", "Odd", "import boto3", "`http://a:1`", f"history finding {ONE}"):
        assert text in found.body or text.replace("`http", "`importexport on http") in found.body


def test_a_finding_on_two_targets_is_one_issue_that_is_closed_when_both_are_clean() -> None:
    embedded = {"kind": "embedded", "endpoint": None, "service": "importexport"}
    both = (SEEN, {**SEEN, "target": embedded})
    [opened] = issues_of(history(*both), {})
    told = {ONE: Told(is_open=True, digest=opened.digest)}

    one_clean = issues_of(history(*both, CLEAN, CLEAN, CLEAN), told)
    elsewhere = {**CLEAN, "target": embedded}
    both_clean = issues_of(history(*both, CLEAN, CLEAN, CLEAN, elsewhere, elsewhere, elsewhere), told)

    assert [one.step for one in one_clean] == [Step.UPDATED]
    assert [one.step for one in both_clean] == [Step.CLOSED]


def test_each_finding_has_an_issue_of_its_own() -> None:
    issues = issues_of(history(report(finding(), finding(OTHER))), {})

    assert [one.fingerprint for one in issues] == [ONE, OTHER]


HOSTILE = "</code><script>alert(1)</script> ``` @all ![x](http://evil) \x1b[31m\n````\n# big\n\u202e"


def test_what_an_endpoint_says_stands_in_fences_that_it_cannot_leave() -> None:
    body = issue(report(finding(observed=HOSTILE, path=HOSTILE, title=HOSTILE))).body

    outside, fenced = list[str](), ""
    for one in body.splitlines():
        if fenced:
            # A fence is closed by one that is as long or longer.
            fenced = "" if one.strip().strip("`") == "" and len(one.strip()) >= len(fenced) else fenced
        elif one.startswith("```"):
            fenced = one
        else:
            outside.append(one)
    assert fenced == ""
    assert "\x1b" not in body
    assert "\u202e" not in body
    assert not any(word in one for one in outside for word in ("<script>", "@all", "![x]"))
    assert not any(one.startswith("# big") for one in outside)


@given(st.text())
def test_code_is_closed_by_its_own_ticks_only(text: str) -> None:
    shown = code(text)

    ticks = shown[: len(shown) - len(shown.lstrip("`"))]
    inner = shown[len(ticks) : -len(ticks)]
    assert shown.endswith(ticks)
    assert ticks not in inner.split(" ", 1)[-1].rsplit(" ", 1)[0] or len(ticks) == 1
    assert "\n" not in shown


@example("a\n```\nb")
@example("`````")
@given(st.text(alphabet="`~\n a"))
def test_a_fence_holds_all_of_a_text(text: str) -> None:
    first, *inner, last, empty = fence(text)

    assert (first, empty) == (last, "")
    assert "\n".join(inner) == text
    assert not any(one.strip().startswith(first) for one in inner)


@given(st.text())
def test_a_line_is_one_and_means_nothing(text: str) -> None:
    shown = line(text)

    assert "\n" not in shown
    assert all(shown[at - 1] == "\\" for at, char in enumerate(shown) if char in "<[`#")
    assert all(shown[at : at + 2] == "@\u200b" for at, char in enumerate(shown) if char == "@")
