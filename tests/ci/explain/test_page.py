"""Pages: wrapped on a terminal, a line for each text in a pipe, and escaped in Markdown."""

from __future__ import annotations

import pytest
from botoproof.ci.explain.page import Page, Section, escaped, page_lines, page_markdown
from hypothesis import given
from hypothesis import strategies as st

WORDS = "each word of this text stands on one line or on the next one"
PAGE = Page("a-code", "a title", (Section("means", (WORDS, "More.")), Section("nothing", ())))


def test_in_a_pipe_each_text_is_one_line() -> None:
    assert list(page_lines(PAGE, width=None)) == [
        "a-code: a title",
        "",
        f"  means        {WORDS}",
        "               More.",
    ]


@given(width=st.integers(1, 200))
def test_lines_are_wrapped_to_the_width_and_no_word_is_lost(width: int) -> None:
    lines = list(page_lines(PAGE, width=width))

    assert max(map(len, lines)) <= max(width, 40)
    assert " ".join(" ".join(lines[2:]).split()) == f"means {WORDS} More."


@given(width=st.integers(1, 80))
def test_a_name_that_is_wider_than_the_terminal_is_not_told_twice(width: int) -> None:
    page = Page("a" * 40, "a title", ())

    lines = list(page_lines(page, width=width))

    assert "".join("".join(lines).split()) == f"{'a' * 40}:atitle"


def test_headings_are_marked_and_keep_their_column() -> None:
    lines = list(page_lines(PAGE, width=None, heading=lambda text: f"<{text}>"))

    assert lines[0] == "<a-code>: a title"
    assert lines[2] == f"  <means>        {WORDS}"


def test_markdown_has_a_chapter_with_one_item_for_each_section_that_says_something() -> None:
    text = "\n".join(page_markdown(PAGE))

    assert text.startswith("## a-code\n\na title\n\n- **means**:\n  - each word")
    assert "nothing" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a*b", r"a\*b"),
        ("<b>", r"\<b\>"),
        ("`<b>`", "`<b>`"),
        ("`a|b` | c", r"`a\|b` \| c"),
        ("lone ` *", r"lone \` \*"),
    ],
)
def test_what_markdown_would_take_for_its_own_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown
