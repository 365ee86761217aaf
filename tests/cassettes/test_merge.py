"""Recordings merged by key: nothing is lost, nothing is mixed, and no age is hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from botoproof.cassettes.format import Cassette, Provenance
from botoproof.cassettes.merge import NotMergeable, merge
from botoproof.contract.interaction import Reply, Request

Asked = Callable[..., Request]
Record = Callable[..., Cassette]


def said(text: str) -> Reply:
    return Reply(200, (("Content-Type", "text/xml"),), f"<a>{text}</a>".encode())


def bodies(cassette: Cassette) -> list[bytes]:
    return [one.reply.body for one in cassette.interactions]


def dated(cassette: Cassette, day: date, **changes: Any) -> Cassette:
    assert cassette.provenance is not None
    return replace(cassette, provenance=replace(cassette.provenance, recorded=day, **changes))


def test_new_replies_take_the_place_of_old_ones_and_the_rest_stays(asked: Asked, recording: Record) -> None:
    one, two, three = (asked(("Action", name)) for name in ("One", "Two", "Three"))
    old = recording((one, said("1")), (two, said("2")))
    new = recording((three, said("c")), (one, said("a")))

    merged = merge(old, new)

    assert bodies(merged.cassette) == [b"<a>a</a>", b"<a>2</a>", b"<a>c</a>"]
    assert (merged.added, merged.renewed, merged.kept) == (1, 1, 1)


def test_a_sequence_of_replies_comes_from_one_recording(asked: Asked, recording: Record) -> None:
    poll = asked(("Action", "Poll"))
    old = recording((poll, said("1")), (poll, said("2")), (poll, said("3")))
    new = recording((poll, said("a")), (poll, said("b")))

    assert bodies(merge(old, new).cassette) == [b"<a>a</a>", b"<a>b</a>"]


def test_what_is_kept_does_not_look_younger_than_it_is(asked: Asked, recording: Record) -> None:
    one, two = asked(("Action", "One")), asked(("Action", "Two"))
    old = dated(recording((one, said("1")), (two, said("2"))), date(2025, 1, 1), sdk="botocore 1.40.0")
    new = dated(recording((one, said("a"))), date(2026, 1, 1))

    source = merge(old, new).cassette.provenance

    assert source is not None
    assert (source.recorded, source.sdk) == (date(2025, 1, 1), "botocore 1.40.0; botocore 1.44.5")


def test_a_recording_that_is_wholly_renewed_is_as_young_as_the_new_one(asked: Asked, recording: Record) -> None:
    one = asked(("Action", "One"))
    old = dated(recording((one, said("1"))), date(2025, 1, 1))
    new = dated(recording((one, said("a"))), date(2026, 1, 1))

    assert merge(old, new).cassette.provenance == new.provenance


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "aws"}, "the kind of the older recording is embedded, and that of the newer aws"),
        ({"service": "sts"}, "the service of the older recording is importexport, and that of the newer sts"),
        ({"more": (("world", "{}"),)}, "the recordings differ in what their endpoints are said to hold: world"),
    ],
)
def test_what_does_not_belong_together_is_not_merged(
    asked: Asked, recording: Record, provenance: Provenance, change: dict[str, Any], told: str
) -> None:
    old = recording((asked(("Action", "One")), said("1")))

    with pytest.raises(NotMergeable) as wrong:
        merge(old, replace(old, provenance=replace(provenance, **change)))

    assert str(wrong.value) == told


def test_recordings_with_and_without_names_are_not_merged(asked: Asked, recording: Record) -> None:
    old = recording((asked(("Action", "One")), said("1")))

    with pytest.raises(NotMergeable) as wrong:
        merge(old, replace(old, people=True))

    assert str(wrong.value) == "names and addresses stand in the older recording, and were taken out of the newer"
