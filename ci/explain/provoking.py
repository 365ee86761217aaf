"""How rules are provoked: the table phase of a run on the embedded endpoint, listened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...contract.case import Case
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.expectation import Violation
from ...contract.model import Operation
from ...contract.outcome import Refused
from ...contract.rule import Rule
from ...contract.services import find_specification
from ...contract.specification import Probe
from ..campaign.events import CaseJudged, Event
from ..campaign.judge import open_judge
from ..campaign.plan import Plan
from ..campaign.run import run_campaign
from ..campaign.targets import embedded_target
from .difference import Valid, differences, valid_case


@dataclass(frozen=True, slots=True)
class Provocation:
    """A probe whose request breaks a rule.

    Attributes:
        probe: Its name.
        world: The world in which it does, or empty for the usual one.
        answer: The code with which the embedded endpoint refused it, or empty for a success.
        differs: What tells its request from a valid one.
        alone: Whether it breaks no other rule.
    """

    probe: str
    world: str
    answer: str
    differs: tuple[str, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """A probe that was sent, in one world."""

    probe: str
    case: Case
    answer: str
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """What came of the probes of one operation in one world."""

    world: str
    operation: Operation
    states: Mapping[str, str]
    judged: tuple[_Judged, ...]
    valid: tuple[Valid, ...]


def provocations(service: str, operation: str, rule: Rule[Any]) -> tuple[Provocation, ...]:
    """Return the probes of an operation whose requests break `rule`, as the oracle sees them.

    They are those of the first world in which there are any; those that break further rules as well only where none
    breaks this one alone.

    Args:
        service: botocore's name of a service that has a specification.
        operation: One of its operations.
        rule: One of the operation's rules.
    """
    for world in find_specification(service).worlds((EXAMPLE_KEY,)):
        table = _table(service, operation, world)
        found = [one for one in table.judged if any(_is_of(violation, rule) for violation in one.violations)]
        alone = [one for one in found if len(one.violations) == 1] or found
        if alone:
            return tuple(_provocation(table, one) for one in alone)
    return ()


def _provocation(table: _Table, judged: _Judged) -> Provocation:
    differs = differences(judged.case, table.valid, table.operation, table.states)
    return Provocation(judged.probe, table.world, judged.answer, differs, alone=len(judged.violations) == 1)


def _is_of(violation: Violation, rule: Rule[Any]) -> bool:
    ours = (rule.name, rule.codes, rule.source, rule.certain)
    return (violation.rule, violation.codes, violation.source, violation.certain) == ours


@cache
def _table(service: str, operation: str, name: str) -> _Table:
    specification = find_specification(service)
    worlds = specification.worlds((EXAMPLE_KEY,))
    world = worlds[name]
    events: dict[str, CaseJudged] = {}

    def listen(event: Event) -> None:
        if isinstance(event, CaseJudged):
            events[event.probe] = event

    table = specification.probes(operation, world, (EXAMPLE_KEY,))
    cases = {probe.name: probe.case for probe in table if isinstance(probe, Probe)}  # with references unresolved
    target = embedded_target(specification, world, EXAMPLE_KEY)
    judge = open_judge(specification, target)
    try:
        run_campaign(Plan(specification.service, (operation,), phases=("table",)), judge, listen)
    finally:
        target.close()
    subject = judge.operations[operation]
    judged: list[_Judged] = []
    valid: list[Valid] = []
    for probe, event in events.items():
        expectation, outcome = event.exchange.expectation, event.exchange.outcome
        if expectation is None or expectation.undecided:
            continue
        answer = outcome.code if isinstance(outcome, Refused) else ""
        judged.append(_Judged(probe, cases[probe], answer or "", expectation.violations))
        if expectation.must_succeed:
            valid.append(valid_case(cases[probe], subject))
    states = {recipe.name: recipe.sentence for recipe in specification.states}
    return _Table("" if name == next(iter(worlds)) else name, subject, states, tuple(judged), tuple(valid))
