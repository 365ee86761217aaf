"""The calls of somebody's tests, made again under two releases: what each sends, and what each makes of the replies."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...contract.interaction import Reply
from .accepting import Accepted
from .answer import Gap, Looked, Scope, Tell
from .change import Change
from .depths import look_at
from .pairs import Pair, Seen, look_at_services
from .replay import compare_ends, parse_with
from .replies import Said
from .rule import Depth
from .sdk import Sdk
from .verdict import Answer, answer
from .weighing import Policy
from .wire import compare_answers

Call = Mapping[str, Any]


def compare_suite(old: Sdk, new: Sdk, calls: Iterable[Call], accepted: Accepted, tell: Tell) -> Answer:
    """Return what another release changes for the calls of tests: in their models, on the wire, in what is read.

    Args:
        old: The release that the tests ran with.
        new: The other one.
        calls: As `calls_of_tests` takes them down.
        accepted: What is known and accepted.
        tell: Is told how far it is.
    """
    by_service: dict[str, list[Call]] = {}
    for call in calls:
        by_service.setdefault(call["service"], []).append(call)
    names = frozenset(f"{call['service']}.{call['operation']}" for group in by_service.values() for call in group)
    scope = Scope(tuple(sorted(by_service)), names)
    looks: tuple[Looked, ...] = ()
    if by_service:
        looks = (
            _only_gone(*look_at([Depth.MODELS], old, new, scope, tell)),
            _with_lost(look_at_services(Depth.WIRE, old, new, scope, tell, _Sent(by_service)), by_service),
            look_at_services(Depth.REPLAY, old, new, scope, tell, _Read(by_service)),
        )
    return answer(old, new, looks, scope, Policy(severities=accepted.severities), accepted)


def _only_gone(looked: Looked) -> Looked:
    """Return of the models what calls cannot show, that there is nothing to call; all else the calls tell."""
    gone = tuple(change for change in looked.changes if change.rule in ("service-removed", "operation-removed"))
    return replace(looked, changes=gone, notes=(*looked.notes, "asked only whether the operations are there"))


def _with_lost(looked: Looked, by_service: Mapping[str, Sequence[Call]]) -> Looked:
    """Return what the wire saw, with the calls that could not be carried as gaps."""
    lost = {
        (service, call["operation"]): call["lost"]
        for service, calls in by_service.items()
        for call in calls
        if "lost" in call
    }
    gaps = tuple(Gap(service, operation, why) for (service, operation), why in sorted(lost.items()))
    return replace(looked, gaps=(*looked.gaps, *gaps))


class _Sent:
    def __init__(self, by_service: Mapping[str, Sequence[Call]]) -> None:
        self._by_service = by_service

    def __call__(self, pair: Pair, service: str) -> Seen:
        unique = {repr(call["parameters"]) + call["operation"]: call for call in _carried(self._by_service[service])}
        calls = [
            {"operation": call["operation"], "kind": "recorded", "parameters": call["parameters"]}
            for call in unique.values()
        ]
        before, after = (asked.ask("wire", service=service, calls=calls)["sent"] for asked in (pair.old, pair.new))
        return compare_answers(service, calls, before, after)


class _Read:
    def __init__(self, by_service: Mapping[str, Sequence[Call]]) -> None:
        self._by_service = by_service

    def __call__(self, pair: Pair, service: str) -> Seen:
        changes = list[Change]()
        heard = [call for call in _carried(self._by_service[service]) if call["reply"] is not None]
        for number, call in enumerate(heard, start=1):
            status, headers, body = call["reply"]
            reply = Reply(status, tuple((name, value) for name, value in headers), base64.b64decode(body))
            said = [Said(f"to call {number} of the tests, status {status}", reply, reply)]
            ends = parse_with(pair, service, call["operation"], call["parameters"], said)
            if not any("gone" in end for side in ends for end in side):  # of that the models tell
                changes += compare_ends(service, call["operation"], said, *ends)
        known = {change.fingerprint: change for change in changes}
        return Seen(len({call["operation"] for call in heard}), tuple(known.values()))


def _carried(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if "lost" not in call]
