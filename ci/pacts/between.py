"""Stands between Pact's verifier and the provider: brings states about, and signs requests afresh.

Pact replays requests as they were recorded, so whatever signature they hold is stale. And the resource that a provider
has in a state is not called as in the file: ids are replaced on the way.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from ...contract.case import Case, Raw
from ...contract.codec.form import read_form, write_form
from ...contract.codec.signature import EXAMPLE_KEY, sign_v4
from ...contract.interaction import Reply, Request
from ..campaign.events import LeftBehind, NotReached
from ..campaign.judge import Judge
from ..campaign.states import States
from .pact import FORM, GivenState
from .reading import state_of
from .states import named_ids, recipe_of

STATES_PATH = "/_botoproof/states"
"""Where Pact's verifier asks for provider states."""

_DROPPED = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "transfer-encoding",
        "x-amz-date",
        "x-amz-security-token",
    }
)
_OF_THE_HOP = frozenset({"connection", "content-length", "transfer-encoding"})


@dataclass
class Between:
    """Answers Pact's verifier; one request at a time.

    Attributes:
        judge: Knows the provider, and of everything that was made there.
        states: Brings states about.
        unreached: Why a state could not be brought about, by its name in the pact.
        silent: Why there was no reply, by the request's body as the pact has it.
        failure: What makes all further verifying useless, or None.
    """

    judge: Judge
    states: States
    unreached: dict[str, str] = field(default_factory=dict[str, str])
    silent: dict[bytes, str] = field(default_factory=dict[bytes, str])
    failure: Exception | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _ids: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to Pact's verifier; a failure of ours is kept for who reads the results."""
        try:
            with self._lock:
                if request.path == STATES_PATH:
                    return self._bring_about(cast("dict[str, Any]", json.loads(request.body)))
                return self._forward(request, now)
        except Exception as wrong:  # noqa: BLE001 - raised again in the thread that waits for the verifier
            self.failure = self.failure or wrong
            return _json(503, {})

    def dispose(self) -> list[str]:
        """Dispose of everything that was made at the provider; return what is left, and why."""
        # Whoever ended the verifier may have done so in the middle of a request.
        with self._lock:
            events = list(self.states.dispose())
        return [f"{event.resource_id}: {event.why}" for event in events if isinstance(event, LeftBehind)]

    def _bring_about(self, asked: dict[str, Any]) -> Reply:
        # Anything but a success would be tried again for two minutes.
        name = str(asked.get("state") or "")
        if asked.get("action") == "setup" and name:
            self._set_up(read_state(name, asked.get("params")))
        return _json(200, {})

    def _set_up(self, state: GivenState) -> None:
        recipe = recipe_of(self.judge.specification, state.name)
        if recipe is None:
            return  # told before anything runs
        if recipe.used_up or recipe.name not in self.judge.ids:
            self.judge.ids.pop(recipe.name, None)
            for event in self.states.prepare({recipe.name}):
                if isinstance(event, NotReached):
                    self.unreached[state.name] = event.why
        resource_id = self.judge.ids.get(recipe.name)
        if resource_id is not None:
            self._ids.update(dict.fromkeys(named_ids(state), resource_id))

    def _forward(self, request: Request, now: datetime) -> Reply:
        target = self.judge.target
        body = self._with_own_names(request)
        kept = tuple(pair for pair in request.headers if pair[0].lower() not in _DROPPED)
        suffix = f"?{request.query}" if request.query else ""
        signed = sign_v4(
            Request(request.method, f"{target.url}{request.path}{suffix}", kept, body),
            target.credential,
            target.scope,
            now.astimezone(UTC),
        )
        self._ids.clear()
        exchange = self.judge.exchange_as_it_stands(signed, self._case(body))
        interaction = exchange.interaction
        if interaction is None or interaction.reply is None:
            why = interaction.failure.detail if interaction and interaction.failure else "no reply"
            self.silent[request.body] = why
            return _json(502, {"why": why})
        reply = interaction.reply
        # The body stands here whole, however it came.
        return replace(reply, headers=tuple(pair for pair in reply.headers if pair[0].lower() not in _OF_THE_HOP))

    def _case(self, body: bytes) -> Case:
        named = dict(read_form(body).pairs).get("Action", "")
        operations = self.judge.operations
        return Case(named if named in operations else next(iter(operations)), Raw(body, FORM), label="of a pact")

    def _with_own_names(self, request: Request) -> bytes:
        """Return the body with the provider's own ids and the key that signs, where the pact's stand."""
        key = self.judge.target.credential.access_key_id
        if not self._ids and key == EXAMPLE_KEY.access_key_id:
            return request.body
        form = read_form(request.body)
        if form.problems or not (request.header("content-type") or "").startswith(FORM):
            return request.body
        return write_form(
            (name, self._ids.get(value, value).replace(EXAMPLE_KEY.access_key_id, key)) for name, value in form.pairs
        )


def read_state(name: str, parameters: Any) -> GivenState:
    """Return a state as Pact's verifier asks for it."""
    known = cast("dict[str, Any]", parameters) if isinstance(parameters, dict) else {}
    return GivenState(name, known) if known else state_of(name)


def _json(status: int, data: dict[str, Any]) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(data).encode())
