"""Plans as text: what is written is read, and what is wrong is pointed at."""

from __future__ import annotations

import pytest
from botoproof.contract.errors import BadPlan
from botoproof.contract.faults.plan_text import parse_plan

CANONICAL = (
    "UpdateJob#0=2*reset.after_request->ok; GetStatus=latency(lognormal, median=50ms, p99=2s)",
    "*=status(503, body=html)",
    "seed=7; importexport.*=3*25%status(500)->1*ok->dns",
    "UpdateJob=latency(2s)+error(InvalidJobIdException, status=429):post",
    'UpdateJob=error.undocumented(" InvalidJobIdException ")',
)


@pytest.mark.parametrize("text", CANONICAL)
def test_a_plan_prints_back_as_it_was_written(text: str) -> None:
    assert str(parse_plan(text)) == text


MISTAKES = (
    (
        "connect.refused",
        0,
        "connect.refused is a fault; write which operation it strikes, such as *=connect.refused for all",
    ),
    (
        "UpdateJob=2*reset.after_requests->ok",
        12,
        "unknown fault 'reset.after_requests'; did you mean reset.after_request or close.after_request or "
        "reset.before_request?",
    ),
    (
        "UpdateJob=status(5035)",
        17,
        "status: code must be a whole number, at least 200, at most 999, got 5035",
    ),
    (
        "UpdateJob=dns->ok",
        15,
        "ok is never reached: dns before it has no count, so that it holds for all attempts; write 1*dns",
    ),
    ("UpdateJob=dns:post", 14, "dns cannot be post: the request does not reach the service"),
    ("*=dns; UpdateJob=dns", 7, "the rule UpdateJob=dns is never reached, since *=dns before it fits the same calls"),
    (
        "UpdateJob=25%dns",
        0,
        "a percentage needs a seed, so that a run can be repeated: begin the plan with seed=1;",
    ),
    ("UpdateJob=status(503, body=html", 31, "expected , or )"),
)


@pytest.mark.parametrize(("text", "column", "message"), MISTAKES, ids=[text for text, _, _ in MISTAKES])
def test_a_mistake_is_named_and_pointed_at(text: str, column: int, message: str) -> None:
    with pytest.raises(BadPlan) as caught:
        parse_plan(text)

    assert str(caught.value) == f"{message}\n  {text}\n  {' ' * column}^"
