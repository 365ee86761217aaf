"""How much a change weighs: by its rule, for whom it is asked, and by what deeper looks saw of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...contract.finding import Severity
from .answer import Looked, Scope
from .change import Change
from .rule import Depth, Rule, Who
from .rules import RULES

PROFILE = (Who.CALLER, Who.READER)
"""For whom is asked, when nobody says it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What weighs how much.

    Attributes:
        profile: For whom is asked; what hurts nobody of them is a note.
        severities: Severities by rule, which stand above all else.
        line: Errors alone make an upgrade unsafe, or warnings too.
    """

    profile: tuple[Who, ...] = PROFILE
    severities: Mapping[str, Severity] = field(default_factory=dict[str, Severity])
    line: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change and what it weighs.

    Attributes:
        change: The change.
        rule: Its rule.
        severity: What it weighs here.
        reason: Why that is not what the rule says; empty when it is.
    """

    change: Change
    rule: Rule
    severity: Severity
    reason: str = ""


def weigh(looks: Iterable[Looked], scope: Scope, policy: Policy) -> tuple[tuple[Weighed, ...], tuple[Change, ...]]:
    """Return what each change within the scope weighs, and the changes that lie without.

    Args:
        looks: What the depths saw.
        scope: The operations that matter.
        policy: What weighs how much.

    Raises:
        KeyError: A change has a rule that does not exist.
    """
    looks = tuple(looks)
    confirmations = _Confirmations(looks)
    weighed, beyond = list[Weighed](), list[Change]()
    for look in looks:
        for change in look.changes:
            # What holds for all services bears no name of one.
            if change.service and not scope.has(change.service, change.operation):
                beyond.append(change)
                continue
            rule = RULES[change.rule]
            severity, reason = _weight(change, rule, policy, confirmations)
            weighed.append(Weighed(change, rule, severity, reason))
    return tuple(weighed), tuple(beyond)


def _weight(change: Change, rule: Rule, policy: Policy, confirmations: _Confirmations) -> tuple[Severity, str]:
    if rule.id in policy.severities:
        severity = policy.severities[rule.id]
        return severity, "" if severity is rule.severity else f"set to {severity.value} by its user"
    if rule.severity is Severity.NOTE:
        return Severity.NOTE, ""
    if not set(rule.hurts) & set(policy.profile):
        return Severity.NOTE, f"hurts {_joined(who.value for who in rule.hurts)} only, for whom nobody asked"
    if change.witness is not None and not change.witness.confirms:
        tried = change.witness
        return Severity.NOTE, f"tried and not felt: {tried.asked} gave {tried.before} before and {tried.after} after"
    if rule.confirmed_by and change.depth is Depth.MODELS:
        return confirmations.weight(change, rule)
    return rule.severity, ""


def _joined(words: Iterable[str]) -> str:
    return " and ".join(words)


class _Confirmations:
    """What deeper looks saw, and where they looked: by this a declared change becomes one that is felt."""

    def __init__(self, looks: tuple[Looked, ...]) -> None:
        self._seen = {
            (change.rule, change.service, change.operation)
            for look in looks
            if look.depth is not Depth.MODELS
            for change in look.changes
        }
        self._asked = {look.depth for look in looks if not look.failed}
        self._gaps = {(look.depth, gap.service, gap.operation) for look in looks for gap in look.gaps}

    def weight(self, change: Change, rule: Rule) -> tuple[Severity, str]:
        """Return what a change weighs that the models only declare."""
        if any(self._is_seen(one, change) for one in rule.confirmed_by):
            return rule.severity, ""
        deciding = {depth for one in rule.confirmed_by for depth in RULES[one].decided}
        asked = [
            depth
            for depth in Depth
            if depth in deciding & self._asked
            and not {(depth, change.service, ""), (depth, change.service, change.operation)} & self._gaps
        ]
        if asked:
            return Severity.NOTE, f"declared only: nothing of it is felt by {_joined(one.value for one in asked)}"
        names = _joined(one.value for one in Depth if one in deciding)
        weaker = Severity.WARNING if rule.severity is Severity.ERROR else rule.severity
        return weaker, f"declared only: {names} would tell whether it is felt"

    def _is_seen(self, rule: str, change: Change) -> bool:
        if (rule, "", "") in self._seen or (rule, change.service, "") in self._seen:
            return True
        if change.operation:
            return (rule, change.service, change.operation) in self._seen
        return any(seen[:2] == (rule, change.service) for seen in self._seen)
