"""Programs made shorter: what is left out, in which order, and what must stay."""

from __future__ import annotations

from collections.abc import Callable

from botoproof.ci.campaign.reducing import shorter_programs, tails
from botoproof.contract.case import Call, Case, reference
from botoproof.contract.program import Program, Step

LISTING = Case("ListJobs", Call({}))


def make(name: str, *more: Case) -> Step:
    return Step((Case("CreateJob", Call({"Manifest": name})), *more), makes=name)


def about(operation: str, name: str) -> Case:
    return Case(operation, Call({"JobId": reference(name)}))


def step(operation: str, name: str) -> Step:
    return Step((about(operation, name),))


LONG = Program(
    (
        make("a", about("GetStatus", "a")),
        make("b"),
        step("UpdateJob", "b"),
        Step((LISTING,), paged=True),
        Step((about("UpdateJob", "a"), about("UpdateJob", "a")), together=True),
        step("GetStatus", "b"),
        step("GetStatus", "a"),
    )
)


def shortest(program: Program, shows: Callable[[Program], bool]) -> tuple[Program, int]:
    """Return the shortest program that shows it, and how many were tried."""
    found, tried = [program], 0
    for shorter in shorter_programs(lambda: found[-1]):
        tried += 1
        if shows(shorter):
            found.append(shorter)
    return found[-1], tried


def operations(program: Program) -> list[list[str]]:
    return [[case.operation for case in step.cases] for step in program.steps]


def test_the_ends_of_a_program_hold_what_they_refer_to_and_the_whole_one_is_the_last() -> None:
    ends = list(tails(LONG))

    assert [len(end.steps) for end in ends] == [2, 4, 6, 7]
    assert [end.makes for end in ends] == [("a",), ("a", "b"), ("a", "b"), ("a", "b")]
    assert ends[-1] == LONG
    assert all(end.references() == frozenset() for end in ends)


def test_a_short_program_has_no_other_end_than_itself() -> None:
    program = Program((make("a"),))

    assert list(tails(program)) == [program]


def test_what_is_not_needed_is_left_out() -> None:
    def shows(program: Program) -> bool:
        told = [case for step in program.steps for case in step.cases]
        return about("UpdateJob", "a") in told and told[-1] == about("GetStatus", "a")

    found, _ = shortest(LONG, shows)

    assert operations(found) == [["CreateJob"], ["UpdateJob"], ["GetStatus"]]
    assert found.references() == frozenset()
    assert [step.together for step in found.steps] == [False] * 3


def test_of_what_shows_it_only_together_both_stay() -> None:
    found, _ = shortest(LONG, lambda program: any(step.together for step in program.steps))

    assert operations(found) == [["CreateJob"], ["UpdateJob", "UpdateJob"], ["GetStatus"]]


def test_where_nothing_can_be_left_out_everything_is_tried_once_and_stays() -> None:
    found, tried = shortest(LONG, lambda _: False)

    assert found == LONG
    # Of 6 steps before the last, two make what others need; of the cases that are not the only one, one makes a job.
    assert tried == 4 + 3


def test_every_program_that_is_tried_can_be_carried_out() -> None:
    tried: list[Program] = []

    def every_other(program: Program) -> bool:
        tried.append(program)
        return len(tried) % 2 == 0

    shortest(LONG, every_other)

    assert tried
    for program in tried:
        made: set[str] = set()
        for one in program.steps:
            made |= {one.makes} - {""}
            assert {name for case in one.cases for name in case.references()} <= made


def test_a_list_that_loses_its_last_case_is_not_read_on() -> None:
    program = Program((Step((LISTING, about("GetStatus", "x"), LISTING), paged=True),))

    [first, _, last] = [program.without_case(0, place) for place in range(3)]

    assert first is not None
    assert last is not None
    assert first.steps[0].paged
    assert not last.steps[0].paged


def test_the_only_step_and_the_only_case_stay() -> None:
    program = Program((Step((LISTING,)),))

    assert program.without(0) is None
    assert program.without_case(0, 0) is None
