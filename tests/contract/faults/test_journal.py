"""The journal: what the service saw is counted, and shown."""

from __future__ import annotations

import json

import pytest
from botoproof.contract.faults.journal import Attempt, CallRecord, amplification, journal_data, timeline


def call(*served: tuple[int | None, ...], outcome: str = "returned") -> CallRecord:
    attempts = tuple(
        Attempt(number, number - 1.0, "dns" if not one else "", one, "200", seconds=0.5)
        for number, one in enumerate(served, 1)
    )
    return CallRecord("importexport", "UpdateJob", 0, "id-1", attempts, outcome)


@pytest.mark.parametrize(
    ("served", "executions", "effects"),
    [
        (((),), 0, "none"),
        (((400,), (503,)), 0, "none"),
        (((200,),), 1, "once"),
        (((200,), (200,)), 2, "several"),
        (((200, 200),), 2, "several"),
        (((None,), (200,)), 1, "unknown"),
        (((None,), (400,)), 0, "unknown"),
        (((None,), (200,), (200,)), 2, "several"),
    ],
)
def test_effects_are_counted_by_what_the_service_answered(
    served: tuple[tuple[int | None, ...], ...], executions: int, effects: str
) -> None:
    record = call(*served)

    assert (record.executions, record.effects) == (executions, effects)


def test_amplification_is_the_attempts_for_each_call() -> None:
    assert amplification([call((), (), (200,)), call((200,))]) == 2
    assert amplification([]) is None


def test_the_journal_is_data_for_json() -> None:
    data = journal_data([call((), (200,))])

    assert json.loads(json.dumps(data)) == data
    [one] = data["calls"]
    assert {key: one[key] for key in ("effects", "executions", "deliveries", "elapsed")} == {
        "effects": "once",
        "executions": 1,
        "deliveries": 1,
        "elapsed": 1.5,
    }
    assert [attempt["served"] for attempt in one["attempts"]] == [[], [200]]


def test_the_timeline_tells_each_attempt() -> None:
    assert timeline([call((), (200,), (None,))]).splitlines() == [
        "importexport.UpdateJob#0: 3 attempts, effects unknown, 2.500 s",
        "     0.000 s  1. dns; service: not reached; client: 200",
        "     1.000 s  2. -; service: 200; client: 200",
        "     2.000 s  3. -; service: no answer; client: 200",
        "     2.500 s  returned",
    ]
