"""What tests have made becomes one pact: each interaction once, under a description of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.ci.pacts.merging import Made, merge
from botoproof.ci.pacts.pact import Interaction, Pact

EMPTY = Pact("c", "p", ())


def made(*interactions: Interaction, test: str = "tests/test_a.py::test_a") -> list[Made]:
    return [Made(test, number, one) for number, one in enumerate(interactions)]


def with_body(one: Interaction, old: str, new: str) -> Interaction:
    assert old in (one.request.body or "")
    return replace(one, request=replace(one.request, body=(one.request.body or "").replace(old, new)))


def with_reply(one: Interaction, old: str, new: str) -> Interaction:
    assert old in (one.reply.body or "")
    return replace(one, reply=replace(one.reply, body=(one.reply.body or "").replace(old, new)))


def test_interactions_stand_once_each_and_in_the_order_of_their_descriptions(
    update_job: tuple[Interaction, ...],
) -> None:
    merged = merge(EMPTY, made(*reversed(update_job), *update_job), whole=True)

    names = [one.description for one in merged.pact.interactions]
    assert names == sorted(one.description for one in update_job) == list(merged.new)


def test_the_order_of_tests_makes_no_difference(update_job: tuple[Interaction, ...]) -> None:
    success = update_job[0]
    first = made(with_body(success, "CK-0001", "CK-0002"), test="t.py::test_1")
    second = made(success, test="t.py::test_2")

    assert merge(EMPTY, [*first, *second], whole=True) == merge(EMPTY, [*second, *first], whole=True)
    [one] = merge(EMPTY, [*second, *first], whole=True).pact.interactions
    assert "CK-0002" in (one.request.body or "")


def test_what_differs_from_the_file_only_where_it_may_leaves_the_file_as_it_is(
    update_job: tuple[Interaction, ...],
) -> None:
    old = Pact("c", "p", (update_job[1], update_job[0]))
    other_id = with_reply(update_job[0], "ad1b9de9", "00000000")

    assert merge(old, made(other_id, update_job[1]), whole=True).pact == old


@pytest.mark.parametrize("change", ["success", "request"])
def test_what_differs_from_the_file_otherwise_is_written_anew(change: str, update_job: tuple[Interaction, ...]) -> None:
    success = update_job[0]
    changed = {
        "success": with_reply(success, "<Success>true<", "<Success>false<"),
        "request": with_body(success, "CK-0001", "CK-0002"),
    }[change]

    merged = merge(Pact("c", "p", (success,)), made(changed), whole=True)

    assert merged.pact.interactions == (changed,)
    assert (merged.new, merged.removed) == ((), ())


def test_refusals_of_one_description_are_named_after_their_tests(update_job: tuple[Interaction, ...]) -> None:
    refused = next(one for one in update_job if one.description.endswith("InvalidJobIdException"))
    others = [with_body(refused, "JobId=", f"JobId={number}") for number in range(3)]

    several = [*made(*others[:2], test="t.py::test_a"), *made(others[2], test="t.py::test_b")]
    merged = merge(EMPTY, [*several, *made(others[0], test="t.py::test_c")], whole=True)

    name = refused.description
    assert [one.description for one in merged.pact.interactions] == [
        f"{name}, in test_a",
        f"{name}, in test_a (2)",
        f"{name}, in test_b",
    ]


def test_what_no_test_makes_any_more_goes_when_all_have_run_and_stays_otherwise(
    update_job: tuple[Interaction, ...],
) -> None:
    old = Pact("c", "p", tuple(sorted(update_job[:3], key=lambda one: one.description)))
    stale = tuple(sorted(one.description for one in update_job[1:3]))

    whole = merge(old, made(update_job[0]), whole=True)
    part = merge(old, made(update_job[0]), whole=False)

    assert (whole.pact.interactions, whole.removed, whole.kept) == (update_job[:1], stale, ())
    assert (part.pact, part.removed, part.kept) == (old, (), stale)
