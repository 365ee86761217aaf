"""Which runs a test gets."""

from __future__ import annotations

import pytest
from botoproof.ci.faulted.calls import NO_FAULT, Call, Planned, Seen, Strike, read_injected
from botoproof.ci.faulted.folding import sameness, superfluous
from botoproof.ci.faulted.levels import LEVELS, Level, select
from botoproof.ci.faulted.marking import Marked, read_mark
from botoproof.ci.faulted.planning import SAME_FALLBACK, SAME_LOOP, programme, read_wish, unmet
from botoproof.ci.faulted.stored import Known, read_known, with_fallbacks
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.errors import BadPlan

UPDATE = Call("importexport", "UpdateJob")
MARKED = Marked((UPDATE,))
OPERATION = read_operation("importexport", "UpdateJob")


def turns(count: int, *, stack: str = "s", chain: str = "c") -> tuple[Seen, ...]:
    return tuple(
        Seen(Call("importexport", "GetStatus", number), "a.py:1 in f", chain, stack) for number in range(count)
    )


def struck(planned: list[Planned]) -> set[str]:
    return {str(strike.call) for one in planned for strike in one.strikes}


def test_without_a_name_and_without_knowledge_there_is_the_run_without_a_fault() -> None:
    assert programme(Marked(), None, "full").runs == [NO_FAULT]


def test_a_named_call_that_was_seen_is_struck_once_only() -> None:
    known = Known("", (Seen(UPDATE, "a.py:1 in f", "c", "s"),))

    runs = programme(MARKED, known, "ci").runs

    assert runs == programme(MARKED, None, "ci").runs
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize(("count", "expected"), [(1, {0}), (3, {0, 1, 2}), (4, {0, 2, 3}), (9, {0, 4, 8})])
def test_of_a_loop_the_first_a_middle_and_the_last_turn_are_struck_and_the_rest_is_counted(
    count: int, expected: set[int]
) -> None:
    planned = programme(Marked(), Known("", turns(count)), "smoke")

    each = len(select(read_operation("importexport", "GetStatus"), "smoke").chosen)
    assert struck(planned.runs) == {f"GetStatus#{number}" for number in expected}
    assert planned.folded.get(SAME_LOOP, 0) == (count - len(expected)) * each


def test_full_folds_nothing() -> None:
    planned = programme(Marked(), Known("", turns(9)), "full")

    assert planned.folded == {}
    assert struck(planned.runs) == {f"GetStatus#{number}" for number in range(9)}


def test_calls_of_different_places_are_no_loop() -> None:
    seen = tuple(Seen(Call("importexport", "GetStatus", number), "", "", f"stack {number}") for number in range(5))

    assert struck(programme(Marked(), Known("", seen), "smoke").runs) == {f"GetStatus#{number}" for number in range(5)}


def test_a_call_of_a_service_that_this_botocore_lacks_is_told() -> None:
    planned = programme(Marked(), Known("", (Seen(Call("no-such", "Do")),)), "ci")

    assert planned.runs == [NO_FAULT]
    assert "no service 'no-such'" in planned.inapplicable["Do#0"]


def test_a_fallback_is_struck_under_the_first_fault_that_brings_it_about() -> None:
    fallback = Seen(Call("importexport", "ListJobs"), "", "", "x")
    unders = [Strike(UPDATE, read_injected(text)) for text in ("dns", "connect.refused")]
    known = with_fallbacks(Known("", (Seen(UPDATE),)), [(under, fallback) for under in unders])

    planned = programme(Marked(), known, "smoke")

    pairs = [one for one in planned.runs if len(one.strikes) == 2]
    assert {one.strikes[0] for one in pairs} == {unders[0]}
    assert {one.strikes[1].call for one in pairs} == {fallback.call}
    assert planned.folded[SAME_FALLBACK] == 1
    assert not [one for one in programme(Marked(depth=0), known, "smoke").runs if len(one.strikes) == 2]


def test_a_call_that_is_made_anyway_is_no_fallback() -> None:
    known = with_fallbacks(Known("", (Seen(UPDATE),)), [(Strike(UPDATE, read_injected("dns")), Seen(UPDATE))])

    assert known.fallbacks == ()


@pytest.mark.parametrize("level", LEVELS)
def test_every_run_of_a_level_prints_back_and_makes_a_plan(level: Level) -> None:
    for one in select(OPERATION, level).chosen:
        assert read_injected(str(one)) == one
        assert Planned((Strike(UPDATE, one),)).plan().rules[0].call == 0


def test_levels_grow() -> None:
    smoke, ci, full = (set(map(str, select(OPERATION, level).chosen)) for level in LEVELS)

    assert smoke - {"throttle:once"} <= ci <= full
    assert {f"error({code}):always" for code in OPERATION.error_codes} <= ci
    assert {"error(MissingParameterException):always"} <= smoke


def test_ci_has_something_of_every_class_that_botocore_raises_for_a_lost_connection() -> None:
    ci, full = (select(OPERATION, level).chosen for level in ("ci", "full"))

    def classes(chosen: object) -> set[tuple[str, str]]:
        return {
            (one.fault.described.raises[0], one.step().settled_when)
            for one in chosen  # type: ignore[attr-defined] # a tuple of Injected
            if one.fault.described.effect == "failure" and one.modifier == "always"
        }

    assert classes(ci) == classes(full)


def test_of_faults_that_the_sdk_overcomes_before_anything_was_done_one_is_tried() -> None:
    overcome = [
        one
        for one in select(OPERATION, "ci").chosen
        if one.modifier == "once" and one.fault.described.effect == "failure" and one.step().settled_when == "pre"
    ]

    assert [str(one) for one in overcome] == ["connect.refused:once"]


def test_what_only_a_server_can_make_is_not_tried_and_told() -> None:
    selection = select(OPERATION, "full")

    assert not [one for one in selection.chosen if one.fault.described.place == "wire"]
    assert "chunk.right: only a server can make it" in selection.inapplicable


def test_what_cannot_strike_a_protocol_is_told() -> None:
    selection = select(read_operation("sqs", "SendMessage"), "full")

    assert any(text.startswith("xml.root: sqs speaks json") for text in selection.inapplicable)
    assert not any(one.fault.kind.startswith("xml.") for one in selection.chosen)
    assert {f"error({code})" for code in read_operation("sqs", "SendMessage").error_codes} <= {
        str(one.fault) for one in selection.chosen
    }


@pytest.mark.parametrize("text", ["UpdateJob#0:dns", "UpdateJob:dns", "importexport.UpdateJob#0:dns:always"])
def test_a_wish_finds_its_call_however_it_is_written(text: str) -> None:
    planned = programme(MARKED, None, "ci", read_wish(text))

    assert [one.name for one in planned.runs] == ["no-fault", "UpdateJob#0:dns:always"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dns", "expected a call and a fault such as .*, got 'dns'"),
        ("UpdateJob#0:", "expected a call and a fault"),
        ("UpdateJob#0:dsn", "unknown fault 'dsn'; did you mean dns"),
        ("UpdateJob#0:dns:post", "dns cannot be post: the request does not reach the service"),
        ("", "expected a call and a fault"),
    ],
)
def test_a_wish_that_is_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(BadPlan, match=told):
        read_wish(text)


def test_an_unmet_wish_offers_calls() -> None:
    assert unmet(read_wish("UpdteJob:dns"), [UPDATE]).endswith("call UpdteJob#0; did you mean UpdateJob#0?")


def test_what_is_known_comes_back_from_json_for_the_same_code_only() -> None:
    fallback = (Strike(UPDATE, read_injected("status(503, body=html):once")), Seen(Call("sqs", "SendMessage", 1, "f")))
    known = Known("digest", turns(2), (fallback,))

    assert read_known(known.data(), "digest") == known
    assert read_known(known.data(), "another") is None
    assert read_known({**known.data(), "version": 0}, "digest") is None
    assert read_known({**known.data(), "calls": [["sqs"]]}, "digest") is None
    assert read_known("nonsense", "digest") is None


def test_tests_of_the_same_code_are_told_by_chain_fault_and_mark() -> None:
    [seen] = turns(1)
    run = Planned((Strike(seen.call, read_injected("dns")),))
    known = Known("", (seen,))

    same = sameness(run, Marked(), known)

    assert same == sameness(run, Marked(), Known("another test", (seen, Seen(UPDATE))))
    assert same != sameness(run, read_mark((), {"survives": ValueError}), known)
    assert same != sameness(run, Marked(), Known("", turns(1, chain="other code")))
    assert same != sameness(Planned((Strike(seen.call, read_injected("dns:once")),)), Marked(), known)
    assert sameness(run, Marked(), Known("", turns(1, chain=""))) is None
    assert sameness(NO_FAULT, Marked(), known) is None
    assert sameness(run, Marked(), None) is None


def test_the_first_test_by_name_stands_for_the_others_whatever_their_order() -> None:
    assert superfluous([("b", 1), ("a", 1), ("a", 2), ("c", None), ("c", 1)]) == [0, 4]
    assert superfluous([("c", 1), ("a", 1), ("b", 1)]) == [0, 2]
    assert superfluous([("a", 1), ("a", 1)]) == []
