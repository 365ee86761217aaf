"""Cases: the provider states that they need, and the ids put in place of their placeholders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from botoproof.contract.case import Call, Case, Form, Raw, Signing, reference
from botoproof.contract.codec.form import read_form, write_form
from hypothesis import given
from hypothesis import strategies as st

IDS = {"pending": "JOB1", "in-progress": "JOB2"}


@pytest.mark.parametrize(
    ("sent", "resolved"),
    [
        (Call({"JobId": "~pending~"}), Call({"JobId": "JOB1"})),
        (
            Call({"Ids": ["~pending~", {"Id": "x~in-progress~x"}], "Pair": ("~pending~", 1), "On": True}),
            Call({"Ids": ["JOB1", {"Id": "xJOB2x"}], "Pair": ("JOB1", 1), "On": True}),
        ),
        (
            Form((("Action", "UpdateJob"), ("JobId", "~pending~"), ("JobId", "~pending~"))),
            Form((("Action", "UpdateJob"), ("JobId", "JOB1"), ("JobId", "JOB1"))),
        ),
        (
            Form((("JobType", "Import"),), method="POST", query=(("JobId", "~in-progress~"),)),
            Form((("JobType", "Import"),), method="POST", query=(("JobId", "JOB2"),)),
        ),
        (Raw(b"JobId=~pending~&%zz\xff", "text/plain"), Raw(b"JobId=JOB1&%zz\xff", "text/plain")),
    ],
    ids=["parameters", "nested-parameters", "pairs", "query-string", "bytes"],
)
def test_placeholders_are_replaced_wherever_text_stands(sent: Call | Form | Raw, resolved: Call | Form | Raw) -> None:
    case = Case("UpdateJob", sent, label="why", signing=Signing(version="v2"))

    assert case.resolve(IDS) == Case("UpdateJob", resolved, label="why", signing=Signing(version="v2"))


@pytest.mark.parametrize(
    ("sent", "states"),
    [
        (Call({}), set()),
        (Call({"JobId": "JOB1", "When": datetime(2026, 11, 23, tzinfo=UTC)}), set()),
        (Call({"Ids": ["~pending~", {"Id": "~in-progress~"}]}), {"pending", "in-progress"}),
        (Form((("JobId", "~pending~"),), query=(("Other", "~expired~"),)), {"pending", "expired"}),
        (Raw(b"JobId=~pending~"), {"pending"}),
        (Raw(b"\xff\xfe~"), set()),
        (Raw(b"~Not a state~ ~~ ~pending"), set()),
    ],
)
def test_a_case_knows_the_states_that_it_needs(sent: Call | Form | Raw, states: set[str]) -> None:
    assert Case("UpdateJob", sent).references() == states


def test_a_placeholder_without_an_id_stays() -> None:
    case = Case("UpdateJob", Form((("JobId", "~expired~"), ("Manifest", "~pending~"))))

    assert case.resolve(IDS).sent == Form((("JobId", "~expired~"), ("Manifest", "JOB1")))


@pytest.mark.parametrize("sent", [Call({"JobId": "JOB1"}), Form((("JobId", "~expired~"),)), Raw(b"~")])
def test_a_case_with_nothing_to_replace_is_the_same_case(sent: Call | Form | Raw) -> None:
    case = Case("UpdateJob", sent)

    assert case.resolve(IDS) is case


@given(st.from_regex(r"[a-z0-9-]+", fullmatch=True))
def test_a_placeholder_reads_the_same_when_encoded(state: str) -> None:
    placeholder = reference(state)

    assert quote(placeholder, safe="") == placeholder
    assert write_form([("JobId", placeholder)]) == b"JobId=" + placeholder.encode()
    assert read_form(b"JobId=" + placeholder.encode()).pairs == (("JobId", placeholder),)


@given(st.dictionaries(st.text(), st.booleans() | st.text() | st.lists(st.text())))
def test_parameters_are_left_alone_where_there_are_no_ids(parameters: dict[str, Any]) -> None:
    case = Case("UpdateJob", Call(parameters))

    assert case.resolve({}) is case
