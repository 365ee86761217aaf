from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator
from botoproof.contract.adapters.models import read_model
from botoproof.contract.validation import Complaint, complaints, sdk_rejects
from botoproof.strategies import from_shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHAPES: dict[str, Any] = {
    "Text": {"type": "string", "min": 2, "max": 4, "pattern": "[a-z]*"},
    "Mode": {"type": "string", "enum": ["Import", "Export"]},
    "Count": {"type": "integer", "min": 2, "max": 9},
    "Number": {"type": "integer"},
    "Long": {"type": "long"},
    "Share": {"type": "float", "min": 0.5, "max": 1},
    "Flag": {"type": "boolean"},
    "Bytes": {"type": "blob", "min": 1, "max": 3},
    "Time": {"type": "timestamp"},
    "Json": {"type": "string", "jsonvalue": True, "location": "header"},
    "Label": {"type": "string", "hostLabel": True},
    "Document": {"type": "structure", "document": True, "members": {}},
    "Texts": {"type": "list", "member": {"shape": "Text"}, "min": 1, "max": 2},
    "Counts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Count"}, "min": 1, "max": 2},
    "Choice": {"type": "structure", "union": True, "members": {"A": {"shape": "Text"}, "B": {"shape": "Flag"}}},
    "Whole": {
        "type": "structure",
        "required": ["Text"],
        "members": {"Text": {"shape": "Text"}, "Texts": {"shape": "Texts"}, "Counts": {"shape": "Counts"}},
    },
}
MODEL = ServiceModel({"shapes": SHAPES}, "made-up")
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**6,
    1.5,
    "",
    "!",
    "ab",
    b"",
    b"ab",
    [],
    ["ab"],
    ("ab",),
    {},
    {"ab": 3},
    {1: "ab"},
    {2.5},
)
SERVICES = ("dynamodb", "iam", "importexport", "lambda", "s3", "sqs", "wafv2")


def shape(name: str) -> Shape:
    return MODEL.shape_for(name)


def botocore_rejects(of: Shape, value: Any) -> bool:
    return bool(ParamValidator().validate(value, of).has_errors())


def kinds(found: tuple[Complaint, ...]) -> list[str]:
    return [complaint.kind for complaint in found]


@pytest.mark.parametrize(
    ("name", "value", "expected", "rejected"),
    [
        ("Text", "abc", [], []),
        ("Text", 1, ["type"], ["type"]),
        ("Text", b"abc", ["type"], ["type"]),
        ("Text", None, ["type"], ["type"]),
        ("Text", "a", ["min"], ["min"]),
        ("Text", "ABCDE", ["max"], []),
        ("Text", "ABC", ["pattern"], []),
        ("Mode", "import", ["enum"], []),
        ("Count", 2, [], []),
        ("Count", 1, ["min"], ["min"]),
        ("Count", 10, ["max"], []),
        ("Count", "2", ["type"], ["type"]),
        ("Count", 2.0, ["type"], ["type"]),
        ("Count", True, ["type"], ["type"]),
        ("Number", True, ["type"], []),
        ("Number", 2**31, ["max"], []),
        ("Number", -(2**31) - 1, ["min"], []),
        ("Long", 2**31, [], []),
        ("Long", 2**63, ["max"], []),
        ("Share", 1, [], []),
        ("Share", Decimal("0.5"), [], []),
        ("Share", 0.4, ["min"], ["min"]),
        ("Share", 1.1, ["max"], []),
        ("Share", math.nan, ["min"], []),
        ("Share", "0.5", ["type"], ["type"]),
        ("Flag", 1, ["type"], ["type"]),
        ("Flag", "true", ["type"], ["type"]),
        ("Bytes", b"ab", [], []),
        ("Bytes", bytearray(b"ab"), [], []),
        ("Bytes", "ab", [], []),
        ("Bytes", io.BytesIO(b""), [], []),
        ("Bytes", memoryview(b"ab"), ["type"], ["type"]),
        ("Bytes", b"", ["min"], []),
        ("Bytes", b"abcd", ["max"], []),
        ("Time", datetime(2015, 5, 27, tzinfo=UTC), [], []),
        ("Time", datetime(2015, 5, 27), [], []),  # noqa: DTZ001 (the SDK takes it for UTC)
        ("Time", 1_432_684_800, [], []),
        ("Time", 1.5, [], []),
        ("Time", "1432684800", [], []),
        ("Time", "2015-05-27", [], []),
        ("Time", "2015-05-27T18:58:21Z", [], []),
        ("Time", "Wed, 27 May 2015 18:58:21 GMT", [], []),
        ("Time", "sunday", ["type"], []),
        ("Time", "", ["type"], ["type"]),
        ("Time", "not an instant", ["type"], ["type"]),
        ("Time", math.nan, ["type"], ["type"]),
        ("Time", date(2015, 5, 27), ["type"], ["type"]),
        ("Time", None, ["type"], ["type"]),
        ("Time", b"1432684800", ["type"], []),
        ("Time", b"bytes", ["type"], ["type"]),
        ("Json", {"a": [1, None]}, [], []),
        ("Json", b"a", ["type"], ["type"]),
        ("Label", "", ["min"], ["min"]),
        ("Document", {"a": [1, None, True, 1.5, "x"]}, [], []),
        ("Document", {"a": (1,)}, ["type"], ["type"]),
        ("Document", {"a": [b"x"]}, ["type"], ["type"]),
        ("Texts", ("ab",), [], []),
        ("Texts", [], ["min"], ["min"]),
        ("Texts", ["ab", "ab", "ab"], ["max"], []),
        ("Texts", "ab", ["type"], ["type"]),
        ("Texts", ["a", 1], ["min", "type"], ["min", "type"]),
        ("Counts", {"ab": 2}, [], []),
        ("Counts", {}, ["min"], []),
        ("Counts", {"ab": 2, "ac": 2, "ad": 2}, ["max"], []),
        ("Counts", {"AB": 2}, ["pattern"], []),
        ("Counts", {1: 2}, ["type"], ["type"]),
        ("Counts", [], ["type"], ["type"]),
        ("Choice", {"A": "ab"}, [], []),
        ("Choice", {}, ["union"], ["union"]),
        ("Choice", {"A": "ab", "B": True}, ["union"], ["union"]),
        ("Whole", {"Text": "ab"}, [], []),
        ("Whole", {}, ["required"], ["required"]),
        ("Whole", {"Text": "ab", "text": "ab"}, ["unknown"], ["unknown"]),
        ("Whole", [], ["type"], ["type"]),
    ],
)
def test_each_constraint_is_asked_and_the_sdk_asks_some(
    name: str, value: Any, expected: list[str], rejected: list[str]
) -> None:
    assert kinds(complaints(shape(name), value)) == expected
    assert kinds(sdk_rejects(shape(name), value)) == rejected
    assert botocore_rejects(shape(name), value) is bool(rejected) or value == "sunday"


@pytest.mark.parametrize(
    "value",
    [
        math.inf,
        1e20,
        10**400,
        Decimal("1e400"),
        "inf",
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=5))),
    ],
    ids=str,
)
def test_times_beyond_the_calendar_are_refused_although_the_sdk_crashes_over_them(value: Any) -> None:
    """botocore raises RuntimeError or OverflowError here, where its validator should report."""
    with pytest.raises((RuntimeError, OverflowError)):
        botocore_rejects(shape("Time"), value)

    assert kinds(sdk_rejects(shape("Time"), value)) == ["type"] or isinstance(value, datetime)
    assert kinds(complaints(shape("Time"), value)) == ["type"]


def test_a_decimal_that_is_no_number_is_refused_although_the_sdk_crashes_over_it() -> None:
    with pytest.raises(InvalidOperation):
        botocore_rejects(shape("Share"), Decimal("NaN"))

    assert kinds(sdk_rejects(shape("Share"), Decimal("NaN"))) == ["min"]


def test_a_number_without_limits_may_be_none() -> None:
    unlimited = Shape("Double", {"type": "double"})

    assert complaints(unlimited, math.nan) == ()


def test_a_type_that_botocore_does_not_have_takes_no_value() -> None:
    assert kinds(complaints(Shape("Odd", {"type": "quaternion"}), 1)) == ["type"]


def test_a_complaint_says_where_and_what() -> None:
    value = {"Text": "AB", "Texts": ["ab", 1], "Counts": {"ab": 1, "A": 2}, "More": 1}

    found = [str(complaint) for complaint in complaints(shape("Whole"), value)]

    assert found == [
        "$.Text: expected text that matches '[a-z]*', got 'AB' [pattern]",
        "$.Texts[1]: expected a str, got '1' [type]",
        "$.Counts['ab']: expected at least 2, got '1' [min]",
        "$.Counts['A'](key): expected at least 2 characters, got 1 characters [min]",
        "$.More: expected a member of Whole, got an unknown name [unknown]",
    ]


def test_a_number_too_large_to_print_is_described() -> None:
    (complaint,) = complaints(shape("Count"), 10**5_000)

    assert complaint.observed == "'an int too large to print'"


@st.composite
def corrupted(draw: st.DrawFn, value: Any) -> Any:
    """Return `value` with something else at one place, anywhere."""
    if isinstance(value, dict | list) and value and draw(st.booleans()):
        at = draw(st.sampled_from(list(value) if isinstance(value, dict) else range(len(value))))
        copy = value.copy()
        copy[at] = draw(corrupted(value[at]))
        return copy
    return draw(st.sampled_from(JUNK))


@pytest.mark.parametrize("service", SERVICES)
def test_the_sdk_refuses_exactly_what_we_say_it_does(service: str) -> None:
    """On valid values with something wrong anywhere in them."""
    model = read_model(service)
    operations = sorted(model.operation_names)
    inputs = [model.operation_model(name).input_shape for name in operations[:: max(1, len(operations) // 6)]]
    values = [
        st.tuples(st.just(found), from_shape(found, max_depth=2).flatmap(corrupted))
        for found in inputs
        if found is not None
    ]

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(values))
    def agree(drawn: tuple[Shape, Any]) -> None:
        found, value = drawn
        assert bool(sdk_rejects(found, value)) is botocore_rejects(found, value)
        assert set(sdk_rejects(found, value)) <= set(complaints(found, value))

    agree()
