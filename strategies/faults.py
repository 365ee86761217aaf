"""Faults with all their arguments, and plans of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from hypothesis import strategies as st

from ..contract.errors import BadPlan
from ..contract.faults.fault import Fault, fault
from ..contract.faults.kind import FaultKind, Parameter, Value, When
from ..contract.faults.kinds import KINDS
from ..contract.faults.plan import Plan, Rule, Step

_MANY = 10**9
_MICROSECOND = 10**-6


def faults(kinds: Sequence[str] = tuple(KINDS)) -> st.SearchStrategy[Fault]:
    """Return a strategy for faults.

    Args:
        kinds: The names of the kinds to draw from.
    """
    return st.sampled_from(kinds).flatmap(lambda name: _of_kind(KINDS[name]))


def plans(operations: Sequence[str]) -> st.SearchStrategy[Plan]:
    """Return a strategy for plans in which every rule and every step can be reached.

    Args:
        operations: What rules may be for, such as ``UpdateJob``, ``importexport.*`` or ``*``.
    """
    calls = st.none() | st.integers(0, 9)
    rules = st.builds(Rule, st.sampled_from(operations), _sequences(), calls)
    return st.builds(_reachable, st.lists(rules, min_size=1, max_size=4), st.integers(0, 99))


def _reachable(rules: list[Rule], seed: int) -> Plan:
    plan = Plan((rules[0],), seed)
    for rule in rules[1:]:
        try:
            plan = Plan((*plan.rules, rule), seed)
        except BadPlan:
            continue  # it is never reached
    return plan


@st.composite
def _sequences(draw: st.DrawFn) -> tuple[Step, ...]:
    counted = draw(st.lists(_steps(st.integers(1, 9)), max_size=2))
    return (*counted, draw(_steps(st.none() | st.integers(1, 9))))


@st.composite
def _steps(draw: st.DrawFn, times: st.SearchStrategy[int | None]) -> Step:
    struck = draw(_together())
    count = draw(times)
    if not struck:
        return Step(times=count)
    percent = draw(st.none() | st.integers(1, 99_999).map(lambda thousandths: thousandths / 1000))
    allowed: list[When | None] = [None]
    for when in get_args(When):
        try:
            Step(struck, when=when)
        except BadPlan:
            continue
        allowed.append(when)
    return Step(struck, count, percent, draw(st.sampled_from(allowed)))


def _together() -> st.SearchStrategy[tuple[Fault, ...]]:
    """Faults that can strike the same attempt, or none."""
    delays = st.lists(faults(_having("delay")), max_size=1)
    alone = faults(_having("failure", "delivery")).map(lambda one: [one])
    spoiled = st.tuples(
        st.lists(faults(_having("reply")), max_size=1), st.lists(faults(_having("change")), max_size=2)
    ).map(lambda parts: parts[0] + parts[1])
    return st.builds(lambda late, rest: (*late, *rest), delays, alone | spoiled)


def _having(*effects: str) -> tuple[str, ...]:
    return tuple(name for name, kind in KINDS.items() if kind.effect in effects)


def _of_kind(kind: FaultKind) -> st.SearchStrategy[Fault]:
    if kind.name == "latency":
        return _latencies()
    required = {one.name: _values(one) for one in kind.parameters if one.required}
    optional = {one.name: _values(one) for one in kind.parameters if not one.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: fault(kind.name, **given))


def _latencies() -> st.SearchStrategy[Fault]:
    durations = st.integers(1, _MANY).map(lambda microseconds: microseconds * _MICROSECOND)
    pairs = st.tuples(durations, durations).map(sorted)
    return st.one_of(
        durations.map(lambda time: fault("latency", time=time)),
        pairs.map(lambda pair: fault("latency", time="uniform", low=pair[0], high=pair[1])),
        pairs.map(lambda pair: fault("latency", time="lognormal", median=pair[0], p99=pair[1])),
    )


def _values(parameter: Parameter) -> st.SearchStrategy[Value]:
    least = -_MANY if parameter.least is None else parameter.least
    most = _MANY if parameter.most is None else parameter.most
    match parameter.type:
        case "choice":
            return st.sampled_from(parameter.choices)
        case "text":
            return st.text(st.characters(codec="utf-8"), max_size=12)
        case "whole" | "size":
            return st.integers(int(least), int(most))
        case "duration" | "number":
            millionths = st.integers(int(least * 10**6), int(most * 10**6))
            return millionths.map(lambda count: count / 10**6)
