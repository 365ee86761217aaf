"""Programs as data: what they make, what they need, and where they can be cut."""

from __future__ import annotations

from botoproof.contract.case import Call, Case, reference
from botoproof.contract.program import Program, Step

MAKE = Case("CreateJob", Call({"Manifest": "m"}))
LOOK = Case("GetStatus", Call({"JobId": reference("job-1")}))
LOOK_ELSEWHERE = Case("GetStatus", Call({"JobId": reference("expired")}))
LIST = Case("ListJobs", Call({"MaxJobs": 1}))
PROGRAM = Program((Step((MAKE, LOOK), makes="job-1"), Step((LOOK_ELSEWHERE, LIST), paged=True)))


def test_a_program_needs_the_states_that_it_does_not_make_itself() -> None:
    assert PROGRAM.makes == ("job-1",)
    assert PROGRAM.references() == {"expired"}


def test_a_program_is_cut_after_a_case() -> None:
    assert PROGRAM.until(0, 0) == Program((Step((MAKE,), makes="job-1"),))
    assert PROGRAM.until(1, 1) == PROGRAM


def test_a_list_that_was_cut_off_is_not_asked_for() -> None:
    assert PROGRAM.until(1, 0).steps[-1] == Step((LOOK_ELSEWHERE,))


def test_what_is_sent_together_is_not_cut_apart() -> None:
    together = Program((Step((LOOK, LOOK_ELSEWHERE), together=True),))

    assert together.until(0, 0) == together
