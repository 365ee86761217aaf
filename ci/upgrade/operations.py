"""Two models of one service side by side: its metadata, operations, exceptions, paginators and waiters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .change import Change
from .rule import Depth, Side
from .shapes import Pair, Shapes
from .traits import DOCUMENTATION, Difference, compare_traits, text_of

Description = Mapping[str, Any]

METADATA: Mapping[str, str] = {
    "apiVersion": "api-version-changed",
    "protocol": "protocol-declared-changed",
    "protocols": "protocol-declared-changed",
    "protocolSettings": "protocol-settings-changed",
    "jsonVersion": "json-version-changed",
    "targetPrefix": "target-prefix-changed",
    "awsQueryCompatible": "query-compatible-changed",
    "signatureVersion": "signature-declared-changed",
    "auth": "signature-declared-changed",
    "signingName": "signature-declared-changed",
    "endpointPrefix": "endpoint-declared-changed",
    "globalEndpoint": "endpoint-declared-changed",
    "serviceId": "service-id-changed",
    "xmlNamespace": "xml-namespace-changed",
    "timestampFormat": "timestamp-format-changed",
    "checksumFormat": "http-checksum-changed",
}
OPERATION: Mapping[str, str] = {
    "documentation": DOCUMENTATION,
    "documentationUrl": DOCUMENTATION,
    "endpoint": "host-prefix-changed",
    "endpointdiscovery": "endpoint-discovery-changed",
    "endpointoperation": "endpoint-discovery-changed",
    "staticContextParams": "endpoint-parameter-changed",
    "operationContextParams": "endpoint-parameter-changed",
    "httpChecksum": "http-checksum-changed",
    "httpChecksumRequired": "http-checksum-changed",
    "requestcompression": "request-compression-changed",
    "auth": "signature-declared-changed",
    "authtype": "signature-declared-changed",
    "unsignedPayload": "signature-declared-changed",
    "deprecated": "deprecation-changed",
    "deprecatedMessage": "deprecation-changed",
    "deprecatedSince": "deprecation-changed",
}
_HTTP: Mapping[str, str] = {"responseCode": "response-code-changed"}
_BELOW = {"http", "input", "output", "errors"}


@dataclass(frozen=True, slots=True)
class Described:
    """The models of one service in one release.

    Attributes:
        service: ``service-2``.
        paginators: ``paginators-1``.
        waiters: ``waiters-2``.
    """

    service: Description
    paginators: Description
    waiters: Description


def compare_services(name: str, old: Described, new: Described) -> tuple[Change, ...]:
    """Return every difference between two models of one service, those of documentation as one.

    Args:
        name: botocore's name of the service.
        old: The models of the older release.
        new: Those of the newer one.
    """
    found = list(_compare(name, old, new))
    documented = [change for change in found if change.rule == DOCUMENTATION]
    kept = [change for change in found if change.rule != DOCUMENTATION]
    if documented:
        kept.append(
            Change(DOCUMENTATION, name, "", "", Side.NONE, "", "", Depth.MODELS, f"{len(documented)} texts differ")
        )
    return tuple(dict.fromkeys(kept))


def _compare(name: str, old: Described, new: Described) -> Iterator[Change]:
    def change(operation: str, side: Side, one: Difference) -> Change:
        return Change(one.rule, name, operation, one.path, side, one.old, one.new, Depth.MODELS)

    yield from (change("", Side.NONE, one) for one in _of_service(old.service, new.service))
    for rule, before, after in (
        ("paginator", old.paginators.get("pagination", {}), new.paginators.get("pagination", {})),
        ("waiter", old.waiters.get("waiters", {}), new.waiters.get("waiters", {})),
    ):
        yield from (change("", Side.NONE, one) for one in _of_names(rule, before, after))
    before, after = old.service.get("operations", {}), new.service.get("operations", {})
    for operation in sorted({*before, *after}):
        if operation not in after:
            yield change(operation, Side.NONE, Difference("operation-removed", "", operation, ""))
        elif operation not in before:
            yield change(operation, Side.NONE, Difference("operation-added", "", "", operation))
    common = [operation for operation in before if operation in after]
    shapes = Shapes(old.service.get("shapes", {}), new.service.get("shapes", {}))
    errors = _error_pairs(old.service, new.service)
    roots = {operation: _roots(before[operation], after[operation]) for operation in common}
    shapes.explore([*(pair for pairs in roots.values() for pair in pairs), *errors.values()])
    for operation in common:
        yield from (change(operation, side, one) for side, one in _of_operation(before[operation], after[operation]))
        for pair in roots[operation]:
            yield from (change(operation, pair[2], one) for one in shapes.differences(pair))
    yield from (change("", Side.OUTPUT, one) for one in _of_errors(old.service, new.service))
    for error, pair in errors.items():
        for one in shapes.differences(pair):
            place = f"!{error}{one.path.removeprefix('$')}"
            yield change("", Side.OUTPUT, Difference(one.rule, place, one.old, one.new))


def _roots(old: Description, new: Description) -> tuple[Pair, ...]:
    """Return the pairs of an operation's input and output; a side that neither release has is left out."""
    found: list[Pair] = []
    for side in (Side.INPUT, Side.OUTPUT):
        before, after = (str(one.get(side.value, {}).get("shape", "")) for one in (old, new))
        if before or after:
            found.append((before, after, side))
    return tuple(found)


def _of_service(old: Description, new: Description) -> Iterator[Difference]:
    yield from _of_keys(old.get("metadata", {}), new.get("metadata", {}), METADATA)
    yield from _of_keys(
        {"clientContextParams": old.get("clientContextParams")},
        {"clientContextParams": new.get("clientContextParams")},
        {"clientContextParams": "endpoint-parameter-changed"},
    )
    own = ("documentation", "deprecated", "deprecatedMessage")
    yield from _of_keys({key: old.get(key) for key in own}, {key: new.get(key) for key in own}, OPERATION)


def _of_keys(old: Description, new: Description, rules: Mapping[str, str]) -> Iterator[Difference]:
    """Yield a difference for each key whose values are not the same; `trait-changed` for keys without a rule."""
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after or (not before and not after):
            continue
        rule = rules.get(key, "trait-changed")
        if rule == DOCUMENTATION:
            yield Difference(rule, "", "", "")
        else:
            yield Difference(rule, f"@{key}", text_of(before), text_of(after))


def _of_operation(old: Description, new: Description) -> Iterator[tuple[Side, Difference]]:
    if old == new:
        return
    own, theirs = ({key: value for key, value in one.items() if key not in _BELOW} for one in (old, new))
    yield from ((Side.NONE, one) for one in _of_keys(own, theirs, OPERATION))
    before, after = old.get("http", {}), new.get("http", {})
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            rule = _HTTP.get(key, "http-binding-changed")
            side = Side.OUTPUT if key in _HTTP else Side.INPUT
            yield side, Difference(rule, f"@{key}", text_of(before.get(key)), text_of(after.get(key)))
    was, becomes = old.get("input", {}), new.get("input", {})
    yield from ((Side.INPUT, one) for one in compare_traits(was, becomes, Side.INPUT))
    yield from _of_output(old.get("output", {}), new.get("output", {}))
    yield from ((Side.OUTPUT, one) for one in _of_listed_errors(old.get("errors", ()), new.get("errors", ())))


def _of_output(old: Description, new: Description) -> Iterator[tuple[Side, Difference]]:
    before, after = old.get("resultWrapper"), new.get("resultWrapper")
    if before != after:
        yield Side.OUTPUT, Difference("result-wrapper-changed", "", text_of(before), text_of(after))
    was, becomes = ({key: value for key, value in one.items() if key != "resultWrapper"} for one in (old, new))
    yield from ((Side.OUTPUT, one) for one in compare_traits(was, becomes, Side.OUTPUT))


def _of_listed_errors(old: Iterable[Description], new: Iterable[Description]) -> Iterator[Difference]:
    before, after = ([str(error.get("shape", "")) for error in errors] for errors in (old, new))
    yield from (Difference("error-removed", f"!{name}", name, "") for name in before if name not in after)
    yield from (Difference("error-added", f"!{name}", "", name) for name in after if name not in before)


def _exceptions(service: Description) -> Mapping[str, Description]:
    """Return the shapes of which botocore makes exception classes, by their names."""
    return {name: shape for name, shape in service.get("shapes", {}).items() if shape.get("exception")}


def _error_pairs(old: Description, new: Description) -> Mapping[str, Pair]:
    after = _exceptions(new)
    return {name: (name, name, Side.OUTPUT) for name in _exceptions(old) if name in after}


def _of_errors(old: Description, new: Description) -> Iterator[Difference]:
    before, after = _exceptions(old), _exceptions(new)
    yield from (Difference("error-shape-removed", f"!{name}", name, "") for name in before if name not in after)
    yield from (Difference("error-shape-added", f"!{name}", "", name) for name in after if name not in before)
    for name in (name for name in before if name in after):
        was, becomes = before[name], after[name]
        for rule, value in (
            ("error-code-changed", lambda shape, name=name: shape.get("error", {}).get("code") or name),
            ("error-http-status-changed", lambda shape: shape.get("error", {}).get("httpStatusCode")),
            ("error-fault-changed", _at_fault),
        ):
            if value(was) != value(becomes):
                yield Difference(rule, f"!{name}", text_of(value(was)), text_of(value(becomes)))


def _at_fault(error: Description) -> str:
    """Return who is said to be at fault; models say it in one of three ways, or not at all."""
    if error.get("fault") or error.get("error", {}).get("fault"):
        return "service"
    sender = error.get("error", {}).get("senderFault")
    return "" if sender is None else "sender" if sender else "service"


def _of_names(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield Difference(f"{what}-removed", f"%{name}", name, "")
        elif name not in old:
            yield Difference(f"{what}-added", f"%{name}", "", name)
        elif old[name] != new[name]:
            yield from _of_parts(what, name, old[name], new[name])


def _of_parts(what: str, name: str, old: Description, new: Description) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key):
            continue
        rule = DOCUMENTATION if key in ("description", "documentation") else f"{what}-changed"
        yield Difference(rule, f"%{name}@{key}", text_of(old.get(key)), text_of(new.get(key)))
