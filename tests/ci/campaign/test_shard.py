"""Shards: disjoint, complete, in the order of the whole run, and with its findings."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from botoproof.ci.campaign.shard import Shard, read_shard
from botoproof.contract.case_data import write_case
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.interaction import Reply, Request
from hypothesis import given
from hypothesis import strategies as st

from .runs import AlteredEndpoint, Run, is_update, judge_of, refusal, run


@given(cases=st.integers(0, 200), of=st.integers(1, 20))
def test_each_case_is_in_one_shard(cases: int, of: int) -> None:
    shards = [Shard(number, of) for number in range(1, of + 1)]

    assert [sum(shard.holds(number) for shard in shards) for number in range(cases)] == [1] * cases
    assert [shard.size(cases) for shard in shards] == [sum(map(shard.holds, range(cases))) for shard in shards]


@given(of=st.integers(1, 999_999), data=st.data())
def test_a_shard_is_read_as_it_is_written(of: int, data: st.DataObject) -> None:
    shard = Shard(data.draw(st.integers(1, of)), of)

    assert read_shard(str(shard)) == shard


@pytest.mark.parametrize("text", ["", "1", "1/", "/2", "a/b", "1/2/3", "-1/2", "1 /2", "1.0/2", "1/٣", "1/9999999"])
def test_what_is_not_of_the_form_is_told_with_the_form(text: str) -> None:
    with pytest.raises(BadConfiguration, match=r"^a shard is written as K/N, the K-th of N, e\.g\. 1/4, got "):
        read_shard(text)


@pytest.mark.parametrize("text", ["0/3", "4/3", "0/1"])
def test_a_shard_that_there_is_not_is_told_with_those_that_there_are(text: str) -> None:
    with pytest.raises(BadConfiguration, match=rf"^there is no shard {text}: shards are counted from 1/"):
        read_shard(text)


def wrong(request: Request, right: Reply) -> Reply:
    """Refuse with a code that depends on the request alone, so that each part sees what the whole sees."""
    return (
        refusal(f"Undocumented{'EF'[len(request.body) % 2]}") if is_update(request) and right.status != 200 else right
    )


def sent(made: Run) -> list[tuple[str, int, str, str]]:
    """Return what was judged, without the ids of the run."""
    return [
        (event.phase, event.number, event.probe, repr(write_case(event.exchange.case)["sent"]["kind"]))
        for event in made.judged
    ]


def test_the_union_of_the_shards_is_the_whole_run_in_its_order_with_its_findings() -> None:
    whole = run(judge_of(AlteredEndpoint(wrong)), max_examples=50)

    parts = [run(judge_of(AlteredEndpoint(wrong)), max_examples=50, shard=Shard(number, 3)) for number in (1, 2, 3)]

    together = [sent(part) for part in parts]
    assert sorted(itertools.chain(*together), key=lambda case: (case[0] == "random", case[1])) == sent(whole)
    assert all(part == [case for case in sent(whole) if case in part] for part in together)
    assert len(whole.result.findings) >= 2
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update({group.finding.fingerprint: group.count for group in part.result.findings})
    assert counts == {group.finding.fingerprint: group.count for group in whole.result.findings}
    assert [part.result.shard for part in parts] == [Shard(1, 3), Shard(2, 3), Shard(3, 3)]


def test_random_cases_of_a_shard_are_those_of_the_whole_run_byte_for_byte() -> None:
    whole = run(judge_of(), phases=("random",), max_examples=30)

    part = run(judge_of(), phases=("random",), max_examples=30, shard=Shard(2, 3))

    bodies = {event.number: event.exchange.case.label for event in whole.judged}
    assert {event.number: event.exchange.case.label for event in part.judged} == {
        number: label for number, label in bodies.items() if number % 3 == 1
    }


def test_a_shard_prepares_its_own_states_and_cleans_up() -> None:
    endpoint = AlteredEndpoint()

    run(judge_of(endpoint), max_examples=5, shard=Shard(2, 2))

    assert set(endpoint.made.values()) == {"cancelled"}


def test_a_probe_that_one_part_cannot_reach_does_not_move_the_others() -> None:
    """Numbers are counted over the whole table, whether or not a probe can be sent."""
    here = run(judge_of(), phases=("table",))
    there = run(judge_of(resources={}), phases=("table",))

    numbers = {event.probe: event.number for event in here.judged}
    assert len(there.judged) < len(here.judged)
    assert {event.probe: event.number for event in there.judged}.items() <= numbers.items()
