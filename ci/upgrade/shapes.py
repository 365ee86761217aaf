"""Two models' shapes side by side: what each pair differs in, and which pairs lie below which.

Names of shapes are not looked at, so that a shape which was renamed is compared with what it was before. Each pair is
compared once, and recursion ends by itself; every operation that reaches a pair then has its differences.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rule import Side
from .traits import Difference, compare_lists, compare_traits

Description = Mapping[str, Any]
Pair = tuple[str, str, Side]
"""The names of the older and the newer shape, and which way their values travel."""

_EMPTY: Description = {"type": "structure", "members": {}}
_NO_SHAPE = ""
_SAME_IN_PYTHON = ({"integer", "long"}, {"float", "double"})


@dataclass(slots=True)
class _Compared:
    differences: list[Difference] = field(default_factory=list[Difference])
    below: list[tuple[str, Pair]] = field(default_factory=list[tuple[str, Pair]])


class Shapes:
    """The shapes of one service in two releases."""

    def __init__(self, old: Mapping[str, Description], new: Mapping[str, Description]) -> None:
        """Take the shapes of both releases, by name; nothing is compared yet."""
        self._old, self._new = old, new
        self._compared: dict[Pair, _Compared] = {}
        self._differing: set[Pair] | None = None

    def explore(self, roots: list[Pair]) -> None:
        """Compare every pair that can be reached from `roots`; to be called once, before `differences`."""
        waiting = list(roots)
        above: dict[Pair, list[Pair]] = {}
        while waiting:
            pair = waiting.pop()
            if pair in self._compared:
                continue
            self._compared[pair] = compared = self._compare(pair)
            for _, child in compared.below:
                above.setdefault(child, []).append(pair)
                waiting.append(child)
        differing = {pair for pair, compared in self._compared.items() if compared.differences}
        spreading = list(differing)
        while spreading:
            for parent in above.get(spreading.pop(), ()):
                if parent not in differing:
                    differing.add(parent)
                    spreading.append(parent)
        self._differing = differing

    def differences(self, root: Pair) -> Iterator[Difference]:
        """Yield what differs at and below a pair, each pair once, by the shortest way to it; paths begin with ``$``."""
        differing = self._differing or set()
        if root not in differing:
            return
        seen, waiting = {root}, deque([("$", root)])
        while waiting:
            path, pair = waiting.popleft()
            compared = self._compared[pair]
            for one in compared.differences:
                yield Difference(one.rule, path + one.path, one.old, one.new)
            for step, child in compared.below:
                if child in differing and child not in seen:
                    seen.add(child)
                    waiting.append((path + step, child))

    def _compare(self, pair: Pair) -> _Compared:
        old_name, new_name, side = pair
        old = self._old.get(old_name, _EMPTY) if old_name else _EMPTY
        new = self._new.get(new_name, _EMPTY) if new_name else _EMPTY
        compared = _Compared()
        if old is new and old_name == new_name:
            return compared
        old_type, new_type = str(old.get("type")), str(new.get("type"))
        if old_name != new_name and old_name and new_name and old_type == new_type:
            compared.differences.append(Difference("shape-renamed", "", old_name, new_name))
        if old_type != new_type:
            compared.differences.append(_retyped(old_type, new_type, side))
            if old_type in ("structure", "list", "map") or new_type in ("structure", "list", "map"):
                return compared
        if old != new:
            compared.differences.extend(compare_traits(old, new, side))
        match old_type:
            case "structure":
                self._compare_members(old, new, side, compared)
            case "list":
                self._compare_below(compared, "[]", old.get("member", {}), new.get("member", {}), side)
            case "map":
                self._compare_below(compared, "{key}", old.get("key", {}), new.get("key", {}), side)
                self._compare_below(compared, "{}", old.get("value", {}), new.get("value", {}), side)
        return compared

    def _compare_members(self, old: Description, new: Description, side: Side, compared: _Compared) -> None:
        before: Mapping[str, Description] = old.get("members", {})
        after: Mapping[str, Description] = new.get("members", {})
        compared.differences.extend(_reordered(before, after))
        if old == new:
            compared.below.extend((f".{name}", _pair(one, one, side)) for name, one in after.items())
            return
        was, required = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            if name not in after:
                rule = _of_member("removed", side, needed=name in was)
                compared.differences.append(Difference(rule, f".{name}", name, ""))
        for name, reference in after.items():
            if name not in before:
                rule = _of_member("added", side, needed=name in required)
                compared.differences.append(Difference(rule, f".{name}", "", name))
                continue
            if (name in was) != (name in required):
                became, gone = ("required", "optional") if name in required else ("optional", "required")
                compared.differences.append(Difference(f"{side.value}-became-{became}", f".{name}", gone, became))
            self._compare_below(compared, f".{name}", before[name], reference, side, wire_name=name)

    def _compare_below(
        self, compared: _Compared, step: str, old: Description, new: Description, side: Side, wire_name: str = ""
    ) -> None:
        if old != new:
            for one in compare_traits(old, new, side, wire_name=wire_name):
                compared.differences.append(Difference(one.rule, step + one.path, one.old, one.new))
        compared.below.append((step, _pair(old, new, side)))


def _pair(old: Description, new: Description, side: Side) -> Pair:
    return str(old.get("shape", _NO_SHAPE)), str(new.get("shape", _NO_SHAPE)), side


def _retyped(old: str, new: str, side: Side) -> Difference:
    if {old, new} in _SAME_IN_PYTHON:
        return Difference("number-width-changed", "", old, new)
    return Difference(f"{side.value}-type-changed", "", old, new)


def _of_member(what: str, side: Side, *, needed: bool) -> str:
    return f"input-required-{what}" if needed and side is Side.INPUT else f"{side.value}-member-{what}"


def _reordered(old: Mapping[str, Description], new: Mapping[str, Description]) -> Iterator[Difference]:
    """Yield that the members which both releases have stand in another order."""
    if list(old) == list(new):
        return
    common = old.keys() & new.keys()
    before, after = ([name for name in names if name in common] for names in (old, new))
    if before != after:
        yield from compare_lists("member-order-changed", "", before, after)
