"""Errors that the models alone tell, tried in both SDKs: what is not felt there weighs no more than a note."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.model import ServiceModel

from ...contract.faults.error_replies import PROTOCOLS, write_refusal
from ...contract.finding import Severity
from ...contract.interaction import Reply
from ...contract.model import DocumentedError, Operation
from .answer import Looked, Scope, Tell
from .asking import NoAnswer
from .change import Change, Witness
from .faults import how_it_ended
from .inside import GONE
from .inside.values import to_json
from .pairs import Pair, Seen, look_at_services
from .replay import parse_replies
from .replies import Said
from .results import result_reply
from .rule import Depth
from .rules import RULES
from .sdk import Sdk
from .subjects import REQUEST_ID, Subject, find_subjects
from .witnesses import OF_CALLS, OF_ERRORS, OF_RESULTS, result_with, steps_of, try_of, value_at

_LONGEST = 300
_MOST = 40
"""So many operations of one service are asked to refuse, until one can be asked."""


def confirm(looked: Looked, old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Return what the models told, with a witness at each error that could be tried in both SDKs.

    Args:
        looked: What the depth ``models`` saw.
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """
    wanted = [change for change in looked.changes if _is_tried(change, scope)]
    if not wanted:
        return looked

    def explore(pair: Pair, service: str) -> Seen:
        return Seen(changes=tuple(_tried(pair, service, [one for one in wanted if one.service == service])))

    services = tuple(sorted({change.service for change in wanted}))
    tried = look_at_services(Depth.MODELS, old, new, Scope(services, scope.operations), tell, explore)
    # Whatever is the matter with an SDK is told by the depths that it was asked for; here nothing has a witness then.
    witnesses = {replace(change, witness=None): change for change in tried.changes}
    return replace(looked, changes=tuple(witnesses.get(change, change) for change in looked.changes))


def _is_tried(change: Change, scope: Scope) -> bool:
    return (
        change.rule in OF_CALLS | OF_RESULTS | OF_ERRORS
        and RULES[change.rule].severity is Severity.ERROR
        and scope.has(change.service, change.operation)
    )


def _tried(pair: Pair, service: str, changes: Sequence[Change]) -> Iterator[Change]:
    yield from _tried_calls(pair, service, [change for change in changes if change.rule in OF_CALLS])
    replies = [change for change in changes if change.rule not in OF_CALLS]
    if replies:
        names = frozenset(f"{service}.{change.operation}" for change in replies)
        every = any(not change.operation for change in replies)
        subjects, _ = find_subjects(pair, service, Scope((service,), None if every else names))
        for change in replies:
            yield _tried_reply(pair, change, subjects)


def _tried_calls(pair: Pair, service: str, changes: Sequence[Change]) -> Iterator[Change]:
    """Yield the changes whose calls could be made, with what came of them."""
    if not changes:
        return
    old, new = (ServiceModel(asked.ask("model", service=service)["model"], service) for asked in (pair.old, pair.new))
    tries = [(change, _try(change, old, new)) for change in changes]
    made = [(change, one) for change, one in tries if one is not None]
    calls = [
        {"operation": change.operation, "parameters": to_json(parameters)}
        for change, one in made
        for parameters in (one.control, one.probe)
    ]
    answers = [asked.ask("accepted", service=service, calls=calls) for asked in (pair.old, pair.new)]
    for number, (change, one) in enumerate(made):
        was, now = (answer[2 * number : 2 * number + 2] for answer in answers)
        if GONE in (*was, *now) or now[0] is not None or was[1] is not None:
            continue  # no call that is good before, and of which only this place can make a bad one
        asked = _shortened(f"{change.operation}(**{json.dumps(to_json(one.probe), sort_keys=True)})")
        told = "accepted" if now[1] is None else _shortened(" ".join(now[1].split()))
        yield replace(change, witness=Witness(asked, "accepted", told, confirms=now[1] is not None))


def _try(change: Change, old: ServiceModel, new: ServiceModel) -> Any:
    before, after = (model.operation_model(change.operation) for model in (old, new))
    return try_of(change, before.input_shape, after.input_shape, old.signing_name)


def _tried_reply(pair: Pair, change: Change, subjects: Sequence[Subject]) -> Change:
    for subject in _asked_for(change, subjects):
        made = _made_for(change, subject)
        if made is None:
            continue
        try:
            ended = [ends[0] for ends in parse_replies(pair, subject, [Said(made.told, made.old, made.new)])]
        except NoAnswer:
            return change
        was, now = (_seen(one, made.steps) for one in ended)
        return replace(change, witness=Witness(made.told, was, now, confirms=was != now))
    return change


def _asked_for(change: Change, subjects: Iterable[Subject]) -> list[Subject]:
    if change.operation:
        return [subject for subject in subjects if subject.old.name == change.operation]
    name = change.path.removeprefix("!")
    documented = [one for one in subjects if any(error.name == name for error in one.old.service_errors)]
    return documented[:_MOST]


@dataclass(frozen=True, slots=True)
class _Made:
    told: str
    old: Reply
    new: Reply
    steps: tuple[str, ...] | None


def _made_for(change: Change, subject: Subject) -> _Made | None:
    """Return a reply as it was given to the older release; None when none can be made."""
    if change.rule in OF_ERRORS:
        return _made_refusal(change.path.removeprefix("!"), subject)
    operation, steps = subject.old, steps_of(change.path)
    value = None if not steps else result_with(operation.output_shape, steps, operation.service)
    reply = None if value is None else result_reply(operation, value)
    if value is None or reply is None or operation.protocol != subject.new.protocol:
        return None
    told = f"{operation.name} answered by {json.dumps(to_json(value), sort_keys=True)}"
    return _Made(_shortened(told), reply, reply, steps)


def _made_refusal(name: str, subject: Subject) -> _Made | None:
    """Return a refusal, in the protocol of each where they speak different ones."""
    found = [
        next((one for one in side.service_errors if one.name == name), None) for side in (subject.old, subject.new)
    ]
    if found[0] is None or not {subject.old.protocol, subject.new.protocol} <= PROTOCOLS:
        return None
    old = _refusal(subject.old, found[0])
    own = subject.old.protocol != subject.new.protocol and found[1] is not None
    new = _refusal(subject.new, found[1]) if own and found[1] is not None else old
    return _Made(f"{subject.old.name} refused with {found[0].code}", old, new, None)


def _refusal(operation: Operation, error: DocumentedError) -> Reply:
    return write_refusal(operation, error.code, status=error.status or 400, request_id=REQUEST_ID)


def _seen(ended: Mapping[str, Any], steps: tuple[str, ...] | None) -> str:
    if steps is None or "returned" not in ended:
        code = ended.get("fields", {}).get("Error", {}).get("Code", "")
        return f"{how_it_ended(ended)} with code {code}" if code else how_it_ended(ended)
    found = value_at(ended["returned"], steps)
    return "returned without it" if found is None else f"returned {_shortened(json.dumps(found, sort_keys=True))}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
