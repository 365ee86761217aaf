"""Scalars of the query protocol: written as the protocol spells them, read strictly."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.model import Shape
from botoproof.contract.codec.scalars import NotOfType, read_scalar, write_scalar
from hypothesis import given
from hypothesis import strategies as st

BOOLEAN = Shape("Boolean", {"type": "boolean"})
INTEGER = Shape("Integer", {"type": "integer"})
LONG = Shape("Long", {"type": "long"})
FLOAT = Shape("Float", {"type": "float"})
BLOB = Shape("Blob", {"type": "blob"})
STRING = Shape("String", {"type": "string"})
INSTANT = Shape("Timestamp", {"type": "timestamp"})
SECONDS = Shape("Timestamp", {"type": "timestamp", "timestampFormat": "unixTimestamp"})
HTTP_DATE = Shape("Timestamp", {"type": "timestamp", "timestampFormat": "rfc822"})

INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    max_value=datetime(9999, 12, 30, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        (BOOLEAN, st.booleans()),
        (INTEGER, st.integers(-(2**31), 2**31 - 1)),
        (LONG, st.integers(-(2**63), 2**63 - 1)),
        (FLOAT, st.floats(allow_nan=False) | st.integers(-(2**50), 2**50)),
        (BLOB, st.binary()),
        (STRING, st.text()),
        (INSTANT, INSTANTS),
        (SECONDS, INSTANTS.map(lambda instant: instant.replace(microsecond=0))),
        (HTTP_DATE, INSTANTS.map(lambda instant: instant.replace(microsecond=0))),
    ],
    ids=["boolean", "integer", "long", "float", "blob", "string", "iso8601", "unixTimestamp", "rfc822"],
)
@given(data=st.data())
def test_what_is_written_is_read_back(shape: Shape, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    value = data.draw(values)

    assert read_scalar(shape, write_scalar(shape, value)) == value


@pytest.mark.parametrize(
    ("shape", "value", "text"),
    [
        (BOOLEAN, True, "true"),
        (BOOLEAN, False, "false"),
        (INTEGER, -5, "-5"),
        (FLOAT, 1.5, "1.5"),
        (FLOAT, 3, "3"),
        (FLOAT, math.inf, "Infinity"),
        (FLOAT, -math.inf, "-Infinity"),
        (FLOAT, math.nan, "NaN"),
        (BLOB, b"\x00\xff", "AP8="),
        (BLOB, "é", "w6k="),
        (STRING, " a ", " a "),
        (INSTANT, datetime(2015, 5, 27, 18, 58, 21, tzinfo=UTC).replace(tzinfo=None), "2015-05-27T18:58:21Z"),
        (INSTANT, datetime(2015, 5, 27, 18, 58, 21, 120, tzinfo=UTC), "2015-05-27T18:58:21.000120Z"),
        (INSTANT, datetime(2015, 5, 27, 1, 0, 0, tzinfo=timezone(timedelta(hours=2))), "2015-05-26T23:00:00Z"),
        (INSTANT, datetime(33, 4, 3, tzinfo=UTC), "0033-04-03T00:00:00Z"),
        (INSTANT, "2015-05-27", "2015-05-27"),
        (SECONDS, datetime(2015, 5, 27, 18, 58, 21, 999999, tzinfo=UTC), "1432753101"),
        (SECONDS, datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC), "-1"),
        (HTTP_DATE, datetime(2015, 5, 27, 18, 58, 21, 999999, tzinfo=UTC), "Wed, 27 May 2015 18:58:21 GMT"),
    ],
)
def test_each_type_has_one_spelling(shape: Shape, value: Any, text: str) -> None:
    assert write_scalar(shape, value) == text


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (FLOAT, ".5", 0.5),
        (FLOAT, "-1.E+3", -1000.0),
        (FLOAT, "-Infinity", -math.inf),
        (INTEGER, "+7", 7),
        (INTEGER, "007", 7),
        (INSTANT, "2015-05-27T18:58:21.1234567Z", datetime(2015, 5, 27, 18, 58, 21, 123456, tzinfo=UTC)),
        (INSTANT, "2015-05-27T18:58:21-02:30", datetime(2015, 5, 27, 21, 28, 21, tzinfo=UTC)),
        (SECONDS, "1432753101.5", datetime(2015, 5, 27, 18, 58, 21, 500000, tzinfo=UTC)),
    ],
)
def test_other_spellings_of_the_type_are_read(shape: Shape, text: str, value: Any) -> None:
    assert read_scalar(shape, text) == value


def test_nan_is_read() -> None:
    assert math.isnan(read_scalar(FLOAT, "NaN"))


@pytest.mark.parametrize(
    ("shape", "expected", "texts"),
    [
        (BOOLEAN, "exactly true or false", ["", "True", "TRUE", "yes", "1", "0", " true", "true\n"]),
        (INTEGER, "an integer of 32 bits", ["", "x", "1.0", "2147483648", "-2147483649", " 1", "1_0", "٣", "9" * 5000]),
        (LONG, "an integer of 64 bits", ["9223372036854775808", "1e3", "0x1"]),
        (FLOAT, "a decimal number", ["", "x", "1,5", " 1", "1_0.0", "nan", "inf", "infinity", "0x1p3", "1" * 500]),
        (FLOAT, "a decimal number that a double can hold", ["1e999", "-1e400"]),
        (BLOB, "base64", ["=", "a", "AP8", "AP8=\n", "é", "AP 8="]),
    ],
)
def test_what_is_not_of_the_type_is_refused(shape: Shape, expected: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(NotOfType) as refusal:
            read_scalar(shape, text)
        assert str(refusal.value) == expected, text


@pytest.mark.parametrize(
    ("shape", "expected", "texts"),
    [
        (
            INSTANT,
            "a timestamp such as 2015-05-27T18:58:21Z",
            [
                "",
                "2015-05-27",
                "2015-05-27T18:58:21",
                "2015-05-27 18:58:21Z",
                "2015-13-27T18:58:21Z",
                "2015-05-27T24:00:00Z",
                "2015-05-27T18:58:21+99:00",
                "2015-05-27T18:58:21+00:60",
                "2015-05-27T18:58:21.Z",
                "٢015-05-27T18:58:21Z",
                "1432753101",
            ],
        ),
        (SECONDS, "a timestamp in seconds since 1970", ["", "x", "2015-05-27T18:58:21Z", "1e18", "9" * 30, "NaN"]),
        (
            HTTP_DATE,
            "a timestamp such as Wed, 27 May 2015 18:58:21 GMT",
            ["", "27 May 2015", "Wed, 27 Mai 2015 18:58:21 GMT", "Wed, 32 May 2015 18:58:21 GMT", "1432753101"],
        ),
    ],
    ids=["iso8601", "unixTimestamp", "rfc822"],
)
def test_what_is_not_a_timestamp_of_its_format_is_refused(shape: Shape, expected: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(NotOfType) as refusal:
            read_scalar(shape, text)
        assert str(refusal.value) == expected, text


@pytest.mark.parametrize("shape", [BOOLEAN, INTEGER, LONG, FLOAT, BLOB, STRING, INSTANT, SECONDS, HTTP_DATE])
@given(text=st.text() | st.text("0123456789-+.:TZeE, ") | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"))
def test_no_text_makes_it_raise_anything_else(shape: Shape, text: str) -> None:
    with suppress(NotOfType):
        read_scalar(shape, text)
