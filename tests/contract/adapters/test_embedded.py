"""The embedded endpoint as a transport."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.interaction import Reply, Request

REQUEST = Request("POST", "http://embedded.invalid/", (), b"Action=UpdateJob")
REPLY = Reply(200, (("Content-Type", "text/xml"),), b"<a/>")


def test_the_endpoint_gets_the_request_and_the_time_and_its_reply_comes_back_as_it_is() -> None:
    seen: list[tuple[Request, datetime]] = []

    def answer(request: Request, now: datetime) -> Reply:
        seen.append((request, now))
        return REPLY

    before = datetime.now(UTC)
    interaction = EmbeddedTransport(answer)(REQUEST)

    assert seen == [(REQUEST, interaction.sent_at)]
    assert interaction.reply is REPLY
    assert interaction.request is REQUEST
    assert interaction.failure is None
    assert before <= interaction.sent_at <= datetime.now(UTC)
    assert interaction.seconds >= 0


def test_an_endpoint_that_raises_is_told_as_a_crash_with_what_it_raised() -> None:
    def answer(request: Request, now: datetime) -> Reply:
        raise KeyError("JobId")

    interaction = EmbeddedTransport(answer)(REQUEST)

    assert interaction.reply is None
    assert interaction.failure is not None
    assert (interaction.failure.kind, interaction.failure.detail) == ("crash", "KeyError: 'JobId'")


def test_an_interrupt_is_not_taken_for_a_crash() -> None:
    def answer(request: Request, now: datetime) -> Reply:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        EmbeddedTransport(answer)(REQUEST)
