"""Recordings as a target: each recorded request becomes a case, and each is answered by what was recorded.

A recording holds no signature. The requests are signed anew, as of the day of the recording, with the access key that
the token of the signer stands for: everything but authentication is judged as if it had been sent that day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...cassettes.format import Cassette, Recorded, read_cassette
from ...cassettes.key import canonical
from ...cassettes.replay import CassetteMiss, Replayer
from ...cassettes.scrub import is_form
from ...contract.adapters.caller import FORM_TYPE, UNKNOWN_KEY
from ...contract.case import Call, Case, Form, Raw
from ...contract.codec.form import read_form, write_form
from ...contract.codec.query_request import read_request, write_request
from ...contract.codec.signature import EXAMPLE_KEY, Credential, Scope, sign_v4
from ...contract.errors import BadConfiguration
from ...contract.interaction import Interaction, Request, TransportFailure
from ...contract.model import Operation
from ...contract.specification import Settings, Specification
from ...contract.validation import sdk_rejects
from .targets import Target

KIND = "cassette"
NOT_RECORDED = "not-recorded"
"""The failure of a request that is in no recording."""

_URL = "http://recording.invalid"  # never resolved: nothing is sent
_SIGNATURE_HEADERS = frozenset({"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"})
# Whom the tokens for access keys stand for: the signer, and somebody who is not.
_TOKENS = (("<access-key:1>", EXAMPLE_KEY), ("<access-key:2>", UNKNOWN_KEY))


@dataclass(frozen=True)
class Tape:
    """One recording, ready to be judged.

    Attributes:
        path: The file.
        cassette: What it holds.
        replayer: Answers from it.
        world: What the endpoint held when the recording began.
        world_assumed: Whether the file does not say so.
        day: The moment as of which requests are judged.
    """

    path: str
    cassette: Cassette
    replayer: Replayer
    world: Any
    world_assumed: bool
    day: datetime


class Player:
    """Answers from one tape at a time."""

    def __init__(self, credential: Credential, scope: Scope) -> None:
        """Take what requests are signed with."""
        self._credential = credential
        self._scope = scope
        self.tape: Tape | None = None

    def __call__(self, request: Request) -> Interaction:
        """Return the recorded interaction, signed anew; its failure is `NOT_RECORDED` when there is none."""
        if self.tape is None:
            raise RuntimeError("no recording was put in")
        signed = signed_anew(request, self._credential, self._scope, self.tape.day)
        try:
            reply = self.tape.replayer.answer(request)
        except CassetteMiss as miss:
            return Interaction(signed, None, TransportFailure(NOT_RECORDED, str(miss)), self.tape.day, 0.0)
        return Interaction(signed, reply, None, self.tape.day, 0.0)


def signed_anew(request: Request, credential: Credential, scope: Scope, now: datetime) -> Request:
    """Return `request` with a right signature in place of the one that it has, or lacks."""
    bare = tuple(pair for pair in request.headers if pair[0].lower() not in _SIGNATURE_HEADERS)
    return sign_v4(replace(request, headers=bare), credential, scope, now)


def open_tapes(specification: Specification, files: Sequence[Path], operations: Sequence[str]) -> tuple[Tape, ...]:
    """Return the recordings among `files` that hold requests of `operations`.

    Raises:
        BadCassette: A file cannot be read.
        BadConfiguration: A file is of another service, or none holds such requests.
    """
    tapes: list[Tape] = []
    for file in files:
        cassette = read_cassette(file)
        source = cassette.provenance
        if source is not None and source.service != specification.service:
            subject = specification.service
            raise BadConfiguration(f"{file} is a recording of {source.service}, and the run is about {subject}")
        if not any(canonical(one.request, cassette.rules).operation in operations for one in cassette.interactions):
            continue
        table = _world_table(file, dict(source.more) if source is not None else {})
        settings = Settings((EXAMPLE_KEY,), table, specification.accounts)
        # Noon is at most half a day from any moment of the day.
        day = datetime.combine(source.recorded if source is not None else datetime.now(UTC).date(), time(12), UTC)
        try:
            world = specification.world(settings)
        except BadConfiguration as wrong:
            raise BadConfiguration(f"{file}: {wrong}") from None
        tapes.append(Tape(str(file), cassette, Replayer(cassette), world, not table, day))
    if not tapes:
        raise BadConfiguration(f"no recording holds requests of {', '.join(operations)}")
    return tuple(tapes)


def _world_table(file: Path, more: Mapping[str, str]) -> dict[str, Any]:
    if "world" not in more:
        return {}
    try:
        table = json.loads(more["world"])
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise BadConfiguration(f"{file}: what its comments say of the world is no JSON object")
    return table


def cassette_target(specification: Specification, player: Player, tape: Tape, *, time_limit: float) -> Target:
    """Return recordings as a target, the world being that of `tape`."""
    return Target(
        kind=KIND,
        url=_URL,
        transport=player,
        region=specification.scope.region,
        scope=specification.scope,
        credential=EXAMPLE_KEY,
        world=tape.world,
        resources={},
        time_limit=time_limit,
        close=lambda: None,
        world_assumed=tape.world_assumed,
        accounts=specification.accounts,
    )


def case_of(recorded: Recorded, operations: Mapping[str, Operation], cassette: Cassette, otherwise: str) -> Case:
    """Return the case that sends a recorded request again: through the SDK, where the SDK can send it.

    Args:
        recorded: The interaction.
        operations: Of the service, by name.
        cassette: Of which it is.
        otherwise: The operation that the case is about when the request names none.
    """
    named = canonical(recorded.request, cassette.rules).operation
    name = named if named in operations else otherwise
    request = _with_keys(recorded.request)
    query = read_form(urlsplit(request.url).query.encode("ascii", "surrogateescape")).pairs
    if request.method == "GET":
        return Case(name, Form(query, "GET"))
    reading = read_form(request.body)
    content_type = request.header("content-type") or ""
    if not is_form(request) or reading.problems or write_form(reading.pairs) != request.body:
        return Case(name, Raw(request.body, content_type))
    if content_type != FORM_TYPE:
        return Case(name, Raw(request.body, content_type))
    if not query and named in operations:
        operation = operations[named]
        parameters = read_request(operation, reading.pairs).parameters
        rejected = operation.input_shape is not None and sdk_rejects(operation.input_shape, parameters)
        if not rejected and sorted(write_request(operation, parameters)) == sorted(reading.pairs):
            return Case(named, Call(parameters))
    return Case(name, Form(reading.pairs, query=query))


def _with_keys(request: Request) -> Request:
    """Return a request with access keys in place of their tokens, so that what compares them can."""
    pairs = read_form(request.body)
    if not is_form(request) or pairs.problems or write_form(pairs.pairs) != request.body:
        return request
    return replace(request, body=write_form((name, _filled(value)) for name, value in pairs.pairs))


def _filled(text: str) -> str:
    for token, key in _TOKENS:
        text = text.replace(token, key.access_key_id)
    return text


def mistrusted(request: Request, credentials: Sequence[Credential], scope: Scope, now: datetime) -> list[Request]:
    """Return `request` with each kind of signature that may have been refused: none, wrong, old, another's."""
    own, *_ = credentials
    right = signed_anew(request, own, scope, now)
    unsigned = replace(right, headers=tuple(p for p in right.headers if p[0].lower() not in _SIGNATURE_HEADERS))
    wrong = signed_anew(request, replace(own, secret_access_key=own.secret_access_key[::-1]), scope, now)
    old = signed_anew(request, own, scope, now - timedelta(hours=1))
    return [unsigned, wrong, old, *(signed_anew(request, key, scope, now) for key in credentials)]
