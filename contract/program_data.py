"""Programs as data that JSON can hold, without loss; their cases stand as `case_data` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .case_data import NotData, read_case, write_case
from .program import Program, Step


def write_program(program: Program) -> list[dict[str, Any]]:
    """Return `program` as data from which `read_program` makes an equal one.

    Raises:
        NotData: One of its cases holds a value that cannot be written down.
    """
    return [
        {
            "cases": [write_case(case) for case in step.cases],
            "makes": step.makes,
            "together": step.together,
            "paged": step.paged,
        }
        for step in program.steps
    ]


def read_program(data: Any) -> Program:
    """Return the program that `write_program` has written as `data`.

    Raises:
        NotData: It is not a program.
    """
    if not isinstance(data, list):
        raise NotData(f"the program must be a list of steps, got {type(data).__name__}")
    return Program(tuple(_read_step(step) for step in data))


def _read_step(data: Any) -> Step:
    match data:
        case {
            "cases": list() as cases,
            "makes": str() as makes,
            "together": bool() as together,
            "paged": bool() as paged,
        }:
            return Step(tuple(read_case(case) for case in cases), makes, together=together, paged=paged)
        case _:
            keys = sorted(cast("Mapping[str, Any]", data)) if isinstance(data, Mapping) else type(data).__name__
            raise NotData(f"a step must have cases, makes, together and paged, got {keys}")
