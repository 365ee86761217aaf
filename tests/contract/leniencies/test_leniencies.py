"""Listed leniencies: each is true of the installed botocore, and hides nothing but what it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.leniencies import judging
from botoproof.contract.leniencies.judging import Comparison, compare
from botoproof.contract.leniencies.leniency import Leniency
from botoproof.contract.leniencies.listed import BY_CODE, LENIENCIES
from botoproof.contract.leniencies.reading import read_as_botocore
from botoproof.contract.leniencies.values import PARSER_ERROR
from botoproof.contract.outcome import Broken, Outcome, Refused, Returned

ACCEPTED = [pytest.param(leniency, id=leniency.code) for leniency in LENIENCIES if leniency.code.startswith("lenient-")]
EACH = [pytest.param(leniency, id=leniency.code) for leniency in LENIENCIES]


def compared(leniency: Leniency, outcome: Outcome | None = None) -> Comparison:
    operation, reply = leniency.operation, leniency.example
    return compare(operation, reply, read_reply(operation, reply), outcome or parse_reply(operation, reply))


@pytest.mark.parametrize("leniency", EACH)
def test_the_installed_botocore_does_what_the_entry_says(leniency: Leniency) -> None:
    comparison = compared(leniency)

    assert comparison.finding is None
    assert leniency.code in comparison.met


@pytest.mark.parametrize("leniency", EACH)
def test_any_other_outcome_of_its_example_is_a_finding(leniency: Leniency) -> None:
    usual = parse_reply(leniency.operation, leniency.example)
    others: list[Outcome] = [Broken("builtins.ZeroDivisionError", ""), Returned({"Name": 5}, 200, "r1")]
    match usual:
        case Returned():
            others += [replace(usual, value={**usual.value, "Planted": 1}), replace(usual, request_id="planted")]
        case Refused():
            others += [replace(usual, exception="Planted"), replace(usual, message="planted")]

    found = [compared(leniency, other).finding for other in others]

    assert [finding and finding.kind.code for finding in found] == ["sdk-parser-disagrees"] * len(others)


@pytest.mark.parametrize("leniency", ACCEPTED)
def test_refusing_what_was_accepted_is_news_unless_the_protocol_asks_for_it(leniency: Leniency) -> None:
    finding = compared(leniency, Broken(PARSER_ERROR, "stricter")).finding

    assert finding is not None
    assert finding.kind.code == ("sdk-parser-disagrees" if leniency.asked_for else "sdk-parser-stricter")


@pytest.fixture
def changing() -> Iterator[pytest.MonkeyPatch]:
    """Changes the list, whose answers are remembered, for one test."""
    judging._explained.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    judging._explained.cache_clear()


@pytest.mark.parametrize("leniency", EACH)
def test_a_departure_that_no_entry_names_is_a_finding(leniency: Leniency, changing: pytest.MonkeyPatch) -> None:
    changing.setitem(BY_CODE, leniency.code, replace(leniency, departures=frozenset({"nothing"})))

    finding = compared(leniency).finding

    assert finding is not None
    assert finding.key[0] == "unlisted"


def test_every_leniency_that_is_taken_is_listed_and_every_listed_one_is_taken() -> None:
    source = "".join(
        path.read_text("utf-8")
        for path in (Path(__file__).parents[3] / "contract" / "leniencies").glob("*.py")
        if path.name in ("reading.py", "values.py")
    )

    assert all(f'"{code}"' in source for code in BY_CODE)
    assert len(BY_CODE) == len(LENIENCIES)


def test_what_botocore_is_known_to_do_is_told_without_asking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("botocore.parsers.QueryParser")

    for leniency in LENIENCIES:
        assert read_as_botocore(leniency.operation, leniency.example).used
