"""What a run is to do."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from botoproof.ci.campaign.plan import USUAL_PHASES, Plan
from botoproof.contract.finding import Evidence


def test_a_plan_has_the_usual_phases_and_a_thousand_cases_unless_it_says_otherwise() -> None:
    plan = Plan("importexport", ("UpdateJob",))

    assert (plan.phases, plan.max_examples, plan.max_time) == (USUAL_PHASES, 1000, None)
    assert (plan.seed, plan.evidence) == (0, Evidence.OBSERVED)


def test_a_plan_does_not_change() -> None:
    plan = Plan("importexport", ("UpdateJob",))

    with pytest.raises(FrozenInstanceError):
        plan.seed = 1  # type: ignore[misc]
