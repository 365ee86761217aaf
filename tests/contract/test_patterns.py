from __future__ import annotations

import pytest
from botoproof.contract.patterns import read_pattern
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[a-z]+", "abc", True),
        ("[a-z]+", "abc1", False),
        ("^[a-z]+$", "abc\n", False),
        (r"\d+", "١٢", False),
        (r"[\w-.]+", "a-._", True),
        (r"[\w-.]+", "é", False),
        (r"[-\w]+", "-a", True),
        (r"[^\s]+", "a b", False),
        (r"\S\D\W", "ab!", True),
        (r"[\p{L}\p{Z}]+", "a b", True),
        (r"[\p{L}\p{Z}]+", "a1", False),
        (r"[\p{L}\p{Z}]+", "é", None),
        (r"\P{L}", "1", True),
        (r"[\P{M}\p{M}]{1,3}", "ab", True),
        (r"\p{Alpha}\p{Punct}", "a!", True),
        (r"\Aa\z", "a", True),
        (r"(?<word>a)b", "ab", True),
        (r"\x{41}", "A", True),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF]*", "a\N{GRINNING FACE}", True),
    ],
)
def test_patterns_of_models_match_the_whole_text(pattern: str, text: str, *, expected: bool | None) -> None:
    assert read_pattern(pattern).matches(text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z&&[^b]]",  # an intersection in Java, a set of five characters in Python
        "a[b",
        r"\p{Greek}",
        r"x(?i)y",
        r"[+-\w]",
        "[0-9]+/^a$",  # matches nothing at all
        "a${1,128}",
    ],
)
def test_what_python_cannot_read_is_undecided(pattern: str) -> None:
    assert read_pattern(pattern).matches("ab") is None


def test_long_text_is_undecided_where_a_repeated_group_varies() -> None:
    pattern = read_pattern("[a-z](-?[a-z]+)*")

    assert pattern.matches("a-b") is True
    assert pattern.matches("a" * 40 + "!") is None


@given(st.text())
def test_reading_a_pattern_never_raises(text: str) -> None:
    assert read_pattern(text).matches("a") in (True, False, None)
