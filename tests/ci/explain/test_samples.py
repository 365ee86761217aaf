"""Examples of wrong replies: the strict codec tells each by the code for which it is shown."""

from __future__ import annotations

import pytest
from botoproof.ci.explain.samples import examples
from botoproof.contract.codec.wrong_replies import WRONG_FORMS

SHOWN = sorted({code for form in WRONG_FORMS for code in form.departures})


@pytest.mark.parametrize("code", SHOWN)
def test_each_departure_of_a_wrong_form_has_an_example(code: str) -> None:
    found = examples(code)

    assert found
    assert all(text.partition(": ")[2] for text in found)


@pytest.mark.parametrize(
    ("code", "example"),
    [
        ("boolean", "result.boolean-yes: `<Success>yes` instead of `<Success>true`"),
        ("body-empty", "body.empty: no body"),
        ("content-type", "header.content-type-none: no Content-Type"),
        ("content-type", "header.content-encoding: Content-Encoding: gzip"),
        ("error-type", "error.type-missing: `<Type>Sender</Type>` is missing"),
    ],
)
def test_an_example_shows_the_bytes_that_differ(code: str, example: str) -> None:
    assert example in examples(code)


def test_a_departure_without_a_wrong_form_has_no_example() -> None:
    assert examples("too-deep") == ()
