"""The depth ``wire``: the same calls, made from the older model, as each SDK is about to send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .answer import Gap, Looked, Scope, Tell
from .change import Change
from .effective import compare_verdicts
from .inside import GONE
from .leaves import differing
from .pairs import Pair, Seen, look_at_services
from .requests import Captured, read_request
from .rule import Depth, Side
from .sdk import Sdk

_WIDTH = 200  # so much of a value is told

Answer = Mapping[str, Any]
"""What came of a call: ``request`` and ``signed``, or ``gone``, ``rejected`` or ``unsent`` with the reason."""


def look(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Look at what both releases send for the same calls.

    Args:
        old: The older release; the calls are made from its models.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """

    def explore(pair: Pair, service: str) -> Seen:
        before = pair.old.ask("wire", service=service, operations=scope.names(service))
        after = pair.new.ask("wire", service=service, calls=before["calls"])
        return compare_answers(service, before["calls"], before["sent"], after["sent"])

    return look_at_services(Depth.WIRE, old, new, scope, tell, explore)


def compare_answers(service: str, calls: Sequence[Answer], before: Sequence[Answer], after: Sequence[Answer]) -> Seen:
    """Return what differs between what two SDKs made of calls.

    An operation of which no call could be compared is a gap.

    Args:
        service: botocore's name.
        calls: The calls.
        before: What the older one made of each.
        after: What the newer one made of it.
    """
    changes: dict[str, Change] = {}
    doubts: dict[str, str] = {}
    compared: set[str] = set()
    for call, old, new in zip(calls, before, after, strict=True):
        operation = str(call["operation"])
        reasons = [_reason(one) for one in (old, new)]
        if GONE in reasons:
            compared.add(operation)  # the models tell of it
        elif reasons == [None, None]:
            compared.add(operation)
            found = compare_requests(service, call, read_request(old), read_request(new))
            changes.update((change.fingerprint, change) for change in found if change.fingerprint not in changes)
        elif None in reasons or "rejected" in old or "rejected" in new:
            compared.add(operation)
            for change in compare_verdicts(service, [call], reasons[:1], reasons[1:], depth=Depth.WIRE):
                changes.setdefault(change.fingerprint, change)
        else:
            doubts.setdefault(operation, f"no request can be made from the model alone: {reasons[0]}")
    gaps = tuple(Gap(service, name, why) for name, why in doubts.items() if name not in compared)
    return Seen(len(compared), tuple(changes.values()), gaps)


def _reason(answer: Answer) -> str | None:
    """Return why there is no request, or None when there is one."""
    if "gone" in answer:
        return GONE
    return None if "request" in answer else str(answer.get("rejected", answer.get("unsent")))


def compare_requests(service: str, call: Mapping[str, Any], old: Captured, new: Captured) -> Iterator[Change]:
    """Yield what differs between two requests for the same call.

    Args:
        service: botocore's name.
        call: The call.
        old: The older SDK's request.
        new: The newer one's.
    """
    evidence = f"the {call['kind']} call {call['operation']}(**{call['parameters']})"[: 2 * _WIDTH]

    def change(rule: str, path: str, was: str, now: str) -> Change:
        told = (_short(was), _short(now))
        return Change(rule, service, call["operation"], path, Side.INPUT, *told, depth=Depth.WIRE, evidence=evidence)

    if old.method != new.method:
        yield change("request-method-changed", "", old.method, new.method)
    if old.host != new.host:
        yield change("endpoint-effective-changed", "us-east-1", old.host, new.host)
    if old.target != new.target:
        yield change("request-url-changed", "", old.target, new.target)
    if old.signed != new.signed:
        yield change("signature-effective-changed", "us-east-1", old.signed, new.signed)
    for name in sorted(old.headers.keys() | new.headers.keys()):
        was, now = old.headers.get(name), new.headers.get(name)
        if was is None:
            yield change("header-added", name, "", str(now))
        elif now is None:
            yield change("header-removed", name, was, "")
        elif was != now:
            yield change("header-changed", name, was, now)
    for path, was, now in _body(old, new):
        yield change("request-body-changed", path, was, now)


def _body(old: Captured, new: Captured) -> Iterator[tuple[str, str, str]]:
    if old.form != new.form:
        yield "", old.form, new.form
        return
    places = list(differing(old.body, new.body))
    if not places and old.written != new.written:
        places.append(("", old.written, new.written))
    yield from places


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(text)} characters)"
