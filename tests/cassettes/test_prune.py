"""Pruning takes out only what replays the same without it."""

from __future__ import annotations

from collections.abc import Callable

from botoproof.cassettes.format import Cassette
from botoproof.cassettes.prune import dead_interactions, without
from botoproof.cassettes.replay import Replayer
from botoproof.contract.interaction import Reply, Request

Asked = Callable[..., Request]
Record = Callable[..., Cassette]


def said(text: str, request_id: str = "1", status: int = 200) -> Reply:
    return Reply(status, (), f"<a>{text}<RequestId>{request_id}</RequestId></a>".encode())


def told(cassette: Cassette, operations: frozenset[str] | None = None) -> list[tuple[int, str]]:
    return [(one.number, one.why) for one in dead_interactions(cassette, operations)]


def test_equal_replies_at_the_end_go_but_for_the_first(asked: Asked, recording: Record) -> None:
    poll, other = asked(("Action", "Poll")), asked(("Action", "Other"))
    cassette = recording(
        (poll, said("wait")),
        (poll, said("wait", "2")),
        (poll, said("done", "3")),
        (other, said("x")),
        (poll, said("done", "4")),
        (poll, said("done", "5")),
    )

    assert told(cassette) == [(5, "repeated"), (6, "repeated")]


def test_a_pruned_recording_replays_the_same(asked: Asked, recording: Record) -> None:
    poll = asked(("Action", "Poll"))
    cassette = recording(*((poll, said(text)) for text in ("wait", "wait", "done", "done", "done")))
    pruned = without(cassette, dead_interactions(cassette, None))

    before, after = Replayer(cassette), Replayer(pruned)

    assert len(pruned.interactions) == 3
    assert [before.answer(poll) for _ in range(7)] == [after.answer(poll) for _ in range(7)]


def test_replies_that_say_something_else_stay(asked: Asked, recording: Record) -> None:
    poll = asked(("Action", "Poll"))

    assert told(recording((poll, said("a")), (poll, said("a", status=400)))) == []


def test_equal_replies_with_another_between_them_stay(asked: Asked, recording: Record) -> None:
    poll = asked(("Action", "Poll"))

    assert told(recording((poll, said("done")), (poll, said("wait")), (poll, said("done")))) == []


def test_a_call_of_no_operation_is_an_orphan_unless_it_was_refused(asked: Asked, recording: Record) -> None:
    cassette = recording(
        (asked(("Action", "Gone")), said("a")),
        (asked(("Action", "Poll")), said("b")),
        (asked(("Action", "Gone"), ("a", "b")), said("c", status=400)),
    )

    assert told(cassette, frozenset({"Poll"})) == [(1, "orphan")]
    assert told(cassette) == []
