"""Cases written as data: nothing is lost on the way through JSON, and what is no case is told with its place."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from botoproof.contract.case import Call, Case, Form, Parse, Raw, Signing
from botoproof.contract.case_data import NotData, read_case, read_value, write_case, write_value
from botoproof.contract.interaction import Reply
from botoproof.strategies import cases
from hypothesis import given
from hypothesis import strategies as st

# Texts with lone surrogates, which stand for bytes that are not UTF-8; `st.text()` alone has none.
TEXTS = st.text(st.characters(exclude_categories=()))
ZONES = st.none() | st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.binary()
    | st.binary().map(bytearray)
    | st.datetimes(timezones=ZONES)
    | st.dates()
    | st.decimals(allow_nan=True)
)
KEYS = TEXTS | st.sampled_from(["$bytes", "$", "$map"]) | st.integers()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS)).map(tuple)
SIGNINGS = st.builds(
    Signing,
    version=st.sampled_from(["v4", "v2"]),
    key=st.sampled_from(["own", "unknown", "none"]),
    tampered=st.booleans(),
    age_seconds=st.integers(),
)
CASES = st.builds(
    Case,
    operation=st.sampled_from(["UpdateJob", "CancelJob"]),
    sent=st.builds(Call, st.dictionaries(KEYS, VALUES))
    | st.builds(Form, PAIRS, st.sampled_from(["GET", "POST"]), PAIRS)
    | st.builds(Raw, st.binary(), TEXTS)
    | st.builds(Parse, st.builds(Reply, st.integers(), st.lists(st.tuples(TEXTS, TEXTS)).map(tuple), st.binary())),
    label=TEXTS,
    signing=SIGNINGS,
)


def through_json(case: Case) -> Case:
    return read_case(json.loads(json.dumps(write_case(case), allow_nan=False).encode("ascii")))


@given(case=CASES)
def test_a_case_is_the_same_after_json(case: Case) -> None:
    """`repr` tells types, order, the sign of zero and NaN apart, where `==` does not."""
    assert repr(through_json(case)) == repr(case)


@given(case=cases("importexport.UpdateJob"))
def test_every_case_that_a_strategy_makes_can_be_kept(case: Case) -> None:
    assert repr(through_json(case)) == repr(case)


@pytest.mark.parametrize(
    "value",
    [
        "\ud800\udc00",
        "\U00010000",
        "\x00\r\n\u2028",
        -0.0,
        math.inf,
        10**5000,
        -(10**5000),
        bytearray(b"\xff"),
        {"$bytes": "AA=="},
        {1: (2, [3])},
        date(2014, 12, 18),
        datetime(2014, 10, 26, 1, 30, tzinfo=UTC, fold=1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=1))),
        Decimal("sNaN"),
        Decimal("1.50"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_on_the_edge_is_the_same_after_json(value: Any) -> None:
    read = read_value(json.loads(json.dumps(write_value(value), allow_nan=False)))

    # Neither `repr` nor pytest prints an integer of 5,000 digits.
    same = read == value if isinstance(value, int) else repr(read) == repr(value)
    assert same


def test_two_lone_surrogates_side_by_side_do_not_become_one_character() -> None:
    assert len(read_value(json.loads(json.dumps(write_value("\ud800\udc00"))))) == 2


@pytest.mark.parametrize("value", [io.BytesIO(b"x"), {"Body": [io.BytesIO(b"x")]}])
def test_what_cannot_be_written_down_is_refused(value: Any) -> None:
    with pytest.raises(NotData, match=r"^a value of type BytesIO cannot be written down$"):
        write_case(Case("UpdateJob", Call({"Manifest": value})))


WHOLE: dict[str, Any] = {
    "operation": "CancelJob",
    "label": "",
    "signing": {"version": "v4", "key": "own", "tampered": False, "age_seconds": 0},
    "sent": {"kind": "form", "method": "POST", "pairs": [["a", "b"]], "query": []},
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"operation": 1}, "operation must be of type str, got int"),
        ({"sent": {"kind": "form", "method": "POST", "query": []}}, "there is no 'pairs'"),
        ({"sent": {"kind": "smoke"}}, "sent.kind must be parameters, form, bytes or reply, got 'smoke'"),
        ({"sent": {"kind": "parameters", "parameters": 7}}, "parameters must be of type dict, got int"),
        (
            {"sent": {"kind": "form", "method": "POST", "pairs": [["a"]], "query": []}},
            "pairs must be a list of pairs of texts",
        ),
        ({"sent": {"kind": "bytes", "body": {"$bytes": "?"}, "content_type": ""}}, r"\$bytes cannot be read: not base"),
        ({"label": {"$smoke": 1}}, r"there is no value \$smoke; known: \$text, "),
        ({"label": {"$datetime": []}}, r"\$datetime cannot be read: "),
        ({"label": {"$map": 7}}, r"\$map cannot be read: "),
        ({"signing": {}}, "there is no 'version'"),
        ({"signing": {**WHOLE["signing"], "tampered": 1}}, "signing.tampered must be of type bool, got int"),
    ],
)
def test_what_is_no_case_is_told_with_its_place(change: dict[str, Any], told: str) -> None:
    with pytest.raises(NotData, match=f"^{told}"):
        read_case({**WHOLE, **change})


@pytest.mark.parametrize("data", [None, [], "case", 7])
def test_what_is_no_map_is_no_case(data: Any) -> None:
    with pytest.raises(NotData, match=r"^the case must be of type dict, got "):
        read_case(data)
