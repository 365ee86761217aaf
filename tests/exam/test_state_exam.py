"""The exam's second part: is every seeded defect of state and concurrency found, and a right endpoint never accused?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botoproof.ci.campaign.plan import MAX_PROGRAMS
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.finding import Severity
from botoproof.contract.services import find_specification

from .keeping import Keeping, StateDefect
from .state_defects import STATE_DEFECTS
from .test_exam import SEEDS, embedded, examine

FEW = 3
SHORT = 9  # steps of a program: a program is judged when it is over, and what shows a defect takes three
Record = Callable[[str, object], None]


@pytest.mark.parametrize("defect", STATE_DEFECTS, ids=lambda defect: defect.name)
def test_a_seeded_defect_of_state_is_found(defect: StateDefect, record_property: Record) -> None:
    record_property("exam", ("defect", f"state: {defect.family}", defect.name))
    endpoint = Keeping(defect)
    target = embedded_target(find_specification("importexport"), endpoint.world, EXAMPLE_KEY, endpoint=endpoint)

    result = examine(target, phases=("stateful",), enough=defect.shown_by, evidence=defect.evidence, max_steps=SHORT)

    found = {
        group.finding.kind.code
        for group in result.findings
        if group.finding.severity(defect.evidence) is not Severity.NOTE
    }
    assert found & defect.shown_by
    record_property("found", sorted(found))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_endpoint_that_keeps_jobs_rightly_is_not_accused(seed: int, record_property: Record) -> None:
    record_property("exam", ("innocence", "seed", f"{seed}, programs"))

    # The nightly run draws all of them for each seed, of full length.
    result = examine(embedded(), seed=seed, phases=("stateful",), max_programs=FEW, max_steps=SHORT)

    record_property("found", sorted({group.finding.kind.code for group in result.findings}))
    assert [str(group.finding) for group in result.findings] == []
    assert (result.verdict, result.programs) == ("clean", FEW)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_an_endpoint_that_keeps_jobs_rightly_is_not_accused_in_a_whole_run(seed: int) -> None:
    result = examine(embedded(), seed=seed, phases=("stateful",))

    assert [str(group.finding) for group in result.findings] == []
    assert (result.verdict, result.programs) == ("clean", MAX_PROGRAMS)


def test_the_exam_has_enough_defects_of_state_in_each_family() -> None:
    assert len(STATE_DEFECTS) >= 20
    assert len({defect.name for defect in STATE_DEFECTS}) == len(STATE_DEFECTS)
    families = {defect.family for defect in STATE_DEFECTS}
    assert families == {"update", "other jobs", "cancel", "list", "identity", "concurrency"}
