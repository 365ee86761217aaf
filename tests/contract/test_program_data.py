"""Programs written as data: nothing is lost on the way through JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botoproof.contract.case import Call, Case
from botoproof.contract.case_data import NotData
from botoproof.contract.program import Program, Step
from botoproof.contract.program_data import read_program, write_program
from hypothesis import given
from hypothesis import strategies as st

from .test_case_data import CASES

STEPS = st.builds(
    Step,
    cases=st.lists(CASES, min_size=1, max_size=3).map(tuple),
    makes=st.sampled_from(["", "job-1"]),
    together=st.booleans(),
    paged=st.booleans(),
)


@given(program=st.builds(Program, st.lists(STEPS, max_size=3).map(tuple)))
def test_a_program_is_the_same_after_json(program: Program) -> None:
    assert repr(read_program(json.loads(json.dumps(write_program(program), allow_nan=False)))) == repr(program)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "the program must be a list of steps, got dict"),
        ([7], "a step must have cases, makes, together and paged, got int"),
        ([{"cases": []}], r"a step must have cases, makes, together and paged, got \['cases'\]"),
        ([{"cases": [7], "makes": "", "together": False, "paged": False}], "the case must be of type dict, got int"),
    ],
)
def test_what_is_no_program_is_refused(data: Any, told: str) -> None:
    with pytest.raises(NotData, match=f"^{told}$"):
        read_program(data)


def test_a_case_that_cannot_be_written_down_is_refused() -> None:
    with pytest.raises(NotData, match=r"^a value of type object cannot be written down$"):
        write_program(Program((Step((Case("UpdateJob", Call({"Manifest": object()})),)),)))
