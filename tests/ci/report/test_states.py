"""States of cells: the worst wins, and what was not judged is never green."""

from __future__ import annotations

from typing import Any

import pytest
from botoproof.ci.report.states import (
    ABSENT,
    BROKEN,
    FAIL,
    FLAKY,
    KNOWN,
    LENIENT,
    PASS,
    UNREACHABLE,
    State,
    state_of,
)

from .made import PASSED, UPDATE, error, finding, operation, run

STATUS = "importexport.GetStatus"
PART: dict[str, Any] = {
    "path": "a.yaml", "provenance": None, "interactions": 1, "hits": 0, "misses": ["POST /"], "unplayed": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("report", "state"),
    [
        (run(), PASS),
        (run(operations={UPDATE: operation(A=error(0, why="it needs a job"))}), UNREACHABLE),
        (run(finding(severity="note")), LENIENT),
        (run(finding(status="known"), verdict="known"), KNOWN),
        (run(finding(status="flaky"), finding(2, status="known"), verdict="known"), FLAKY),
        (run(finding(status="known"), verdict="unknown", stopped="--max-time was over"), BROKEN),
        (run(verdict="unknown", unreachable=[{"phase": "stateful", "why": "no job could be made"}]), BROKEN),
        (run(recordings=[PART]), BROKEN),
        (run(verdict="unknown"), BROKEN),
        (run(finding(operation=STATUS), unreachable=[{"phase": "stateful", "why": "no job"}]), BROKEN),
        (run(finding(operation=STATUS), stopped="interrupted"), BROKEN),
        (run(finding(), verdict="findings", stopped="interrupted"), FAIL),
        (run(finding(status="expired")), FAIL),
        (run(baseline={"file": "b.toml", "unexpected_passes": [PASSED], "not_seen": []}, verdict="findings"), FAIL),
        (run(operations={UPDATE: operation(0)}), ABSENT),
        (run(operations={UPDATE: operation(0)}, phases={"replies": {"cases": 9, "seconds": 0.1}}), PASS),
        (run(operations={}), ABSENT),
        (run(finding(operation=STATUS)), PASS),
    ],
    ids=lambda value: value.word if isinstance(value, State) else "",
)
def test_a_cell_is_as_bad_as_the_worst_that_is_known_of_it(report: Any, state: State) -> None:
    assert state_of(report.data, UPDATE) == state
