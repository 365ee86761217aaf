"""The kinds of faults: all are there, and what is said of them holds together."""

from __future__ import annotations

import botocore.exceptions
import pytest
from botoproof.contract.faults.kind import FaultKind
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.kinds_of_answers import ANSWERS
from botoproof.contract.faults.kinds_of_failures import FAILURES
from botoproof.contract.faults.kinds_of_spoiling import SPOILING
from botoproof.contract.faults.spoiling import SPOILERS

# 51, a storm of retries, is what the journal's amplification tells; it is no fault of its own.
ROWS = {*map(str, range(1, 51)), "4b"}


def test_every_row_of_the_taxonomy_has_a_kind() -> None:
    assert {row for kind in KINDS.values() for row in kind.rows} == ROWS


def test_no_two_kinds_have_the_same_name() -> None:
    assert len(KINDS) == len(FAILURES) + len(ANSWERS) + len(SPOILING)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_said_of_a_kind_holds_together(kind: FaultKind) -> None:
    raised = [*kind.raises, *(kind.raises_before[1] if kind.raises_before else ())]

    assert all(issubclass(getattr(botocore.exceptions, name), botocore.exceptions.BotoCoreError) for name in raised)
    assert bool(kind.raises) == (kind.effect == "failure" or kind.name == "reorder")
    assert (kind.name in SPOILERS) == (kind.effect in ("change", "cut"))
    assert kind.usual == ("pre" if kind.executed == "no" or kind.effect == "reply" else "post")
    assert kind.summary.endswith(".")
    assert kind.observed
