"""Measures what the installed SDK makes of each fault, by either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from ...contract.adapters.sdk import parse_reply
from ...contract.adapters.virtual_time import backoff, noted_sleeps
from ...contract.interaction import Reply
from ...contract.model import Operation
from ...contract.outcome import Returned
from .client import refill, same_chance
from .engine import Engine, Hook
from .observation import OTHER_VALUE, OTHERS_ANSWER, RETURNED, Observation, Trial, trials
from .subject import Subject, open_subject
from .table import Row, Table
from .wire import Wire


def observe(trial: Trial, subject: Subject, engine: Engine) -> Observation:
    """Make the calls of a trial, and return what came of the last one.

    Args:
        trial: What strikes, and how often.
        subject: What is called.
        engine: Lets it strike.
    """
    client, operation = engine.client, subject.operation
    parameters = subject.renew()
    refill(client, operation)
    attempts, waits = 0, list[float]()

    def count(**_: Any) -> None:
        nonlocal attempts
        attempts += 1

    event = f"request-created.{client.meta.service_model.service_id.hyphenize()}.{operation.name}"
    client.meta.events.register_last(event, count)
    try:
        with same_chance(), noted_sleeps(), engine.struck_by(trial.plan(operation.name)) as struck:
            for _ in range(trial.calls - 1):
                _make(client, operation, parameters, list[float]())
            attempts, before, served = 0, struck.passed(), len(subject.served)
            made = _make(client, operation, parameters, waits)
            seconds = struck.passed() - before + sum(waits)
            journal = struck.journal()
    finally:
        client.meta.events.unregister(event, count)
    # Read when the plan has ended: a request that was held up is delivered then at the latest.
    answers = [reply for _, reply in subject.served[served:]]
    return Observation(
        trial=str(trial),
        outcome=_returned(made, operation, answers) if isinstance(made, dict) else _raised(made),
        escapes=isinstance(made, Exception) and not isinstance(made, (ClientError, BotoCoreError)),
        attempts=attempts,
        effects=sum(200 <= reply.status < 300 for reply in answers),
        waits=tuple(round(wait, 4) for wait in waits),
        inert=any(attempt.inert for call in journal for attempt in call.attempts),
        seconds=seconds,
    )


def _make(client: Any, operation: Operation, parameters: Mapping[str, Any], waits: list[float]) -> Any:
    """Make the call, and return what came of it: a value or an exception; what the SDK would wait is noted."""
    token = backoff.set(waits.append)
    try:
        return getattr(client, xform_name(operation.name))(**parameters)
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is the observation
        return wrong
    finally:
        backoff.reset(token)


def _raised(wrong: Exception) -> str:
    name = type(wrong).__name__
    if type(wrong) is not ClientError:
        return name
    response: Mapping[str, Any] = wrong.response
    return f"{name}({response.get('Error', {}).get('Code', '')})"


def _returned(value: Mapping[str, Any], operation: Operation, answers: list[Reply]) -> str:
    """Return how what the caller got stands to what the service answered to this call."""
    read = [outcome for reply in answers if isinstance(outcome := parse_reply(operation, reply), Returned)]
    request_id = value.get("ResponseMetadata", {}).get("RequestId")
    own = [one for one in read if request_id in (None, one.request_id)]
    if not own:
        return OTHERS_ANSWER
    members = {name: item for name, item in value.items() if name != "ResponseMetadata"}
    return RETURNED if members == own[-1].value else OTHER_VALUE


@contextmanager
def open_engine(name: str, subject: Subject, mode: str) -> Iterator[Callable[[Trial], Engine]]:
    """Open an engine for the calls of a subject, in a retry mode; what is given says by which client a trial is made.

    Raises:
        TlsUnavailable: trustme, by which the engine on the wire speaks TLS, is not installed.
    """
    if name == "hook":
        hook = Hook(subject, mode)
        yield lambda _: hook
        return
    with Wire(subject, mode) as plain, Wire(subject, mode, tls=True) as tls:
        yield lambda trial: tls if trial.fault.kind.startswith("tls.") else plain


def measure(service: str, operation: str, *, engines: Sequence[str], modes: Sequence[str]) -> Table:
    """Try every fault on an operation, and return what came of it.

    Args:
        service: botocore's name of a service that has a specification.
        operation: botocore's name of the operation.
        engines: Which of `ENGINES`.
        modes: Which of `MODES`.

    Raises:
        NoSpecification: Nothing is known about the service beyond its model.
        BadConfiguration: No call of the operation is known that succeeds.
        TlsUnavailable: As for `open_engine`.
    """
    subject = open_subject(service, operation)
    rows: list[Row] = []
    for name in engines:
        for mode in modes:
            with open_engine(name, subject, mode) as engine_of:
                every = trials(subject.operation, engine=name)
                rows += [Row(name, mode, observe(trial, subject, engine_of(trial))) for trial in every]
    return Table(metadata.version("botocore"), f"{service}.{operation}", tuple(rows))
