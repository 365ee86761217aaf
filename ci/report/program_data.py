"""Programs as reports show them: a line for each step, and plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...contract.case import Call
from ...contract.program import Program
from .payload import Redaction, plain, words

_SHOWN = 60  # characters of a value


def program_lines(program: Program) -> Iterator[str]:
    """Yield a line for each case of a program."""
    for number, step in enumerate(program.steps, 1):
        for place, case in enumerate(step.cases):
            at = f"{number}." if place == 0 else "  " if not step.together else "& "
            name = f", which makes {step.makes}" if step.makes and place == 0 else ""
            pages = ", page by page" if step.paged and place == len(step.cases) - 1 else ""
            sent = case.sent.parameters if isinstance(case.sent, Call) else {"": "a request that the SDK cannot send"}
            told = ", ".join(f"{key}={_short(value)}" for key, value in sent.items())
            yield f"{at:<3} {case.operation} {told}{name}{pages}"


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}… ({len(shown)} characters)"


def program_data(program: Program, redaction: Redaction) -> list[dict[str, Any]]:
    """Return the steps of a program as plain data; ids stand as placeholders, e.g. ``~job-1~``."""
    return [
        {
            "makes": step.makes or None,
            "together": step.together,
            "paged": step.paged,
            "cases": [
                {
                    "operation": case.operation,
                    "label": words(case.label, redaction),
                    "parameters": plain(case.sent.parameters, redaction) if isinstance(case.sent, Call) else None,
                }
                for case in step.cases
            ],
        }
        for step in program.steps
    ]
