"""The rules of the specifications, and the page about one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...contract.checks.errors import ACCEPTED, UNDESERVED
from ...contract.finding import Evidence
from ...contract.rule import Rule
from ...contract.services import find_specification, specified_services
from .kinds import BASELINE
from .page import Page, Section
from .provoking import Provocation, provocations

_PROBES = 8  # of one operation on a rule's page; its truth table has all


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule as it holds for one operation."""

    service: str
    operation: str
    rule: Rule[Any]

    def __str__(self) -> str:
        return f"{self.service}.{self.operation}"


def known_rules() -> Mapping[str, Sequence[RuleUse]]:
    """Return the rules of every specification by name, sorted, each for every operation to which it applies."""
    found: dict[str, list[RuleUse]] = {}
    for service in specified_services():
        specification = find_specification(service)
        for operation in specification.operations:
            for rule in specification.rules(operation):
                found.setdefault(rule.name, []).append(RuleUse(service, operation, rule))
    return dict(sorted(found.items()))


def rule_page(name: str, uses: Sequence[RuleUse]) -> Page:
    """Return what there is to say about a rule.

    Args:
        name: Its name.
        uses: Where it holds; one name may stand for variants that differ from operation to operation.
    """
    variants: dict[Rule[Any], list[RuleUse]] = {}
    for use in uses:
        variants.setdefault(use.rule, []).append(use)
    sections = [section for rule, found in variants.items() for section in _variant(rule, found)]
    return Page(
        name,
        "a rule",
        (
            *sections,
            Section(
                "hurts",
                (
                    f"Where such a request is accepted ({ACCEPTED.code}): {_lower(ACCEPTED.harm)}",
                    f"Where another error answers it ({UNDESERVED.code}): {_lower(UNDESERVED.harm)}",
                ),
            ),
            Section("silence", (*_silence(list(variants)), BASELINE)),
        ),
    )


def evidence_of(rule: Rule[Any]) -> tuple[Evidence, Evidence]:
    """Return how well it is founded that the request is refused, and that the error is so called."""
    return rule.evidence, rule.naming or rule.evidence


def told_provocation(found: Provocation) -> str:
    """Return in one line what a probe sends and what the embedded endpoint answers."""
    world = f", in the world of {found.world}" if found.world else ""
    further = "" if found.alone else ", and breaks further rules"
    return f"`{found.probe}`{world}: {'; '.join(found.differs) or 'nothing is changed'}{further}"


def _variant(rule: Rule[Any], uses: Sequence[RuleUse]) -> Iterator[Section]:
    refusal, naming = evidence_of(rule)
    open_too = "" if rule.certain else ", and open whether it is refused at all"
    yield Section("means", (rule.condition,))
    yield Section("error", (" or ".join(rule.codes),))
    yield Section("evidence", (f"that it is refused: {refusal.value}{open_too}; the error's name: {naming.value}",))
    yield Section("source", (rule.source,))
    yield Section("operations", (", ".join(str(use) for use in uses),))
    yield Section("provoked by", _provoked(rule, uses))


def _provoked(rule: Rule[Any], uses: Sequence[RuleUse]) -> tuple[str, ...]:
    """Return the probes of the first operation that has any; the tables of the others would say the same."""
    for use in uses:
        found = provocations(use.service, use.operation, rule)
        if found:
            more = f"and {len(found) - _PROBES} more" if len(found) > _PROBES else ""
            others = " and those of other operations" if len(uses) > 1 else ""
            table = f"All of them{others}: botoproof explain --rules {use}"
            lines = (told_provocation(one) for one in found[:_PROBES])
            return (f"Probes of {use}, as they differ from a valid request:", *lines, *filter(None, (more, table)))
    return ("No probe provokes it.",)


def _silence(rules: Sequence[Rule[Any]]) -> Iterator[str]:
    weakest = max((part for rule in rules for part in evidence_of(rule)), key=lambda evidence: evidence.rank)
    if not all(rule.certain for rule in rules):
        yield "Where it is open whether the request is refused, a success and these errors are all right."
    if weakest is Evidence.INFERRED:
        yield "What is inferred makes notes, which do not count, unless --evidence inferred is given."
    elif weakest is Evidence.OBSERVED:
        yield "What is observed makes notes, which do not count, when --evidence documented is given."
    else:
        yield "It is documented: no choice of --evidence makes a note of it."
    yield UNDESERVED.silence


def _lower(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{first.lower() if first[1:].islower() else first} {rest}"
