"""Which faults are tried on a call: by level, and without those of which the caller sees the same.

A fault inside the process is told from another by what botocore raises or reads, and by whether the service has carried
the request out. ``ci`` tries one of each such kind, ``full`` all that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ...contract.errors import BadPlan
from ...contract.faults.fault import Fault
from ...contract.faults.kind import When
from ...contract.faults.replies import check_for
from ...contract.faults.variants import variants
from ...contract.model import Operation
from .calls import Injected, Modifier, read_injected

Level = Literal["smoke", "ci", "full"]
LEVELS: tuple[Level, ...] = ("smoke", "ci", "full")

_SMOKE = (
    "connect.refused:always",
    "response_lost:once",
    "timeout.read:always",
    "close.mid_body:always",
    "status(503):always",
    "throttle:once",
)
"""One of each family, beside the first documented error."""

_FIRST = ("connect.refused", "response_lost", "timeout.read", "close.mid_body")
"""Those that stand for others of which the caller sees the same."""

_TRANSPORT = ("failure", "cut")
_ANSWERS = (
    "status(500)",
    "status(503)",
    "status(429)",
    "status(200, body=html)",
    "status(200, body=xml)",
    "throttle",
    "skew",
    "redirect",
    "credentials.expired",
    "credentials.denied",
    "error.undocumented",
    "error.no_code",
)
"""One of each sort of answer that is not the service's own."""

_XML = ("query", "ec2", "rest-xml")


@dataclass(frozen=True, slots=True)
class Selection:
    """The faults to try on an operation.

    Attributes:
        chosen: In their order.
        folded: Those that are left out, each with the chosen one of which the caller sees the same.
        inapplicable: Those that cannot strike it, and why.
    """

    chosen: tuple[Injected, ...]
    folded: tuple[tuple[Injected, Injected], ...] = ()
    inapplicable: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def select(operation: Operation, level: Level) -> Selection:
    """Return the faults to try on an operation, documented errors of the installed model first.

    Args:
        operation: Of any service.
        level: ``smoke`` for one of each family, ``ci`` for every documented error and one of each kind that the caller
            can tell apart, ``full`` for every variant.
    """
    wrong: dict[str, str] = {}
    documented = [Injected(one) for one in _documented(operation)]
    match level:
        case "smoke":
            wanted = [*documented[:1], *map(read_injected, _SMOKE)]
        case "ci":
            wanted = [*documented, *_transport(operation), *(read_injected(text) for text in _ANSWERS)]
        case "full":
            wanted = list(_every(operation))
    fitting = [one for one in wanted if not _misfit(one.fault, operation, wrong)]
    inapplicable = tuple(f"{name}: {why}" for name, why in wrong.items())
    if level == "full":
        return Selection(tuple(fitting), inapplicable=inapplicable)
    first: dict[object, Injected] = {}
    seen = [(one, first.setdefault(_sight(one), one)) for one in fitting]
    return Selection(tuple(first.values()), tuple(pair for pair in seen if pair[0] is not pair[1]), inapplicable)


def _documented(operation: Operation) -> list[Fault]:
    codes = [error.code for error in operation.errors]
    return [
        one for one in variants(operation) if one.kind == "error" and one.value("code") in codes and not _status(one)
    ]


def _status(one: Fault) -> bool:
    return one.value("status") is not None


def _transport(operation: Operation) -> list[Injected]:
    kinds = [one for one in variants(operation) if one.described.effect in _TRANSPORT]
    kinds.sort(key=lambda one: _FIRST.index(one.kind) if one.kind in _FIRST else len(_FIRST))
    modifiers: tuple[Modifier, ...] = ("always", "once")
    return [Injected(one, modifier) for one in kinds if not one.arguments for modifier in modifiers]


def _every(operation: Operation) -> Iterator[Injected]:
    for one in variants(operation):
        yield Injected(one)
        yield Injected(one, "once")
        if one.described.executed == "either" and one.kind != "error":
            other: When = "pre" if one.described.usual == "post" else "post"
            yield Injected(one, "always", other)
            yield Injected(one, "once", other)


def _misfit(one: Fault, operation: Operation, wrong: dict[str, str]) -> bool:
    """Return whether a fault cannot strike an operation; what should be told of it is added to `wrong`."""
    if one.described.place == "wire":
        wrong[str(one)] = "only a server can make it"
    elif (one.kind.startswith("xml.") or one.kind == "form") and operation.protocol not in _XML:
        wrong[str(one)] = f"{operation.service} speaks {operation.protocol}, which is no XML"
    else:
        try:
            check_for(one, operation)
        except BadPlan as why:
            wrong[str(one)] = why.message
    return str(one) in wrong


def _sight(one: Injected) -> object:
    """Return what the caller can tell a fault by: two that are equal here raise and read the same."""
    kind = one.fault.described
    reached = one.step().settled_when == "post"
    if kind.effect == "cut":
        return one.modifier, kind.effect, kind.observed, kind.raises_before
    if kind.effect != "failure":
        return str(one)
    if one.modifier == "once" and not reached:
        return "tried again before anything was done"
    return one.modifier, kind.raises[0], reached, kind.waits
