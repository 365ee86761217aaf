"""What earlier runs of a test have seen, kept between them as data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from .calls import Call, Seen, Strike, read_injected

VERSION = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a test's calls.

    Attributes:
        code: A digest of the test's code; with other code nothing is known.
        calls: Those that it makes without a fault, in their order.
        fallbacks: Those that it makes only under a fault, each with the fault.
    """

    code: str
    calls: tuple[Seen, ...] = ()
    fallbacks: tuple[tuple[Strike, Seen], ...] = ()

    def data(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {
            "version": VERSION,
            "code": self.code,
            "calls": [seen_data(one) for one in self.calls],
            "fallbacks": [{"under": strike_data(under), "call": seen_data(one)} for under, one in self.fallbacks],
        }

    def usual(self) -> dict[tuple[str, str], int]:
        """Return how many calls of each operation the test makes without a fault."""
        counts: dict[tuple[str, str], int] = {}
        for one in self.calls:
            name = (one.call.service, one.call.operation)
            counts[name] = counts.get(name, 0) + 1
        return counts


def _call_data(call: Call) -> list[Any]:
    return [call.service, call.operation, call.number, call.group]


def seen_data(seen: Seen) -> list[Any]:
    """Return a call that was seen as data for JSON."""
    return [*_call_data(seen.call), seen.site, seen.chain, seen.stack]


def strike_data(strike: Strike) -> list[Any]:
    """Return a fault that strikes a call as data for JSON."""
    return [*_call_data(strike.call), str(strike.injected)]


def read_pairs(under: list[Any] | None, seen: list[list[Any]]) -> list[tuple[Strike, Seen]]:
    """Return the calls that were seen under a fault, each with the fault; nothing where `under` is None."""
    return [] if under is None else [(_strike(under), _seen(one)) for one in seen]


def read_known(data: Any, code: str) -> Known | None:
    """Return what is known of a test with that code; None where that is nothing, or written by another version."""
    if not isinstance(data, dict):
        return None
    known = cast("dict[str, Any]", data)
    if known.get("version") != VERSION or known.get("code") != code:
        return None
    try:
        return Known(
            code,
            tuple(_seen(one) for one in known["calls"]),
            tuple((_strike(one["under"]), _seen(one["call"])) for one in known["fallbacks"]),
        )
    except Exception:  # noqa: BLE001 - a cache of another botoproof, or edited: the next run writes it anew
        return None


def _seen(data: list[Any]) -> Seen:
    service, operation, number, group, site, chain, stack = data
    return Seen(Call(service, operation, number, group), site, chain, stack)


def _strike(data: list[Any]) -> Strike:
    service, operation, number, group, text = data
    return Strike(Call(service, operation, number, group), read_injected(text))


def with_fallbacks(known: Known, found: Iterable[tuple[Strike, Seen]]) -> Known:
    """Return what is known with more calls that are only made under a fault."""
    usual = {one.call for one in known.calls}
    merged = {(under, seen.call): seen for under, seen in (*known.fallbacks, *found) if seen.call not in usual}
    return Known(known.code, known.calls, tuple((under, seen) for (under, _), seen in merged.items()))
