"""The verdict on an upgrade: safe, not safe, or unknown; and the whole answer around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from ...contract.finding import Severity
from .accepting import Accepted
from .answer import Gap, Looked, Scope
from .change import Change
from .clustering import Cluster, cluster
from .sdk import Sdk
from .weighing import Policy, weigh


class Verdict(Enum):
    """What can be said of an upgrade. What is not known is never safe."""

    SAFE = "safe"
    NOT_SAFE = "not safe"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is known of an upgrade.

    Attributes:
        old: The older release.
        new: The newer one.
        scope: What was looked at.
        policy: What weighs how much.
        looks: What each depth saw.
        findings: What came of it, the heaviest first, the accepted ones among them.
        beyond: Changes of operations that nobody uses.
        expired: Fingerprints of findings that were accepted until a day that has passed.
        doubts: What is not known of which operations are in use.
        notes: What else is to be known of that.
    """

    old: Sdk
    new: Sdk
    scope: Scope
    policy: Policy
    looks: tuple[Looked, ...]
    findings: tuple[Cluster, ...]
    beyond: tuple[Change, ...] = ()
    expired: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counting(self) -> tuple[Cluster, ...]:
        """The findings that make the upgrade unsafe."""
        return tuple(one for one in self.findings if one.acceptance is None and self._weighs(one))

    @property
    def accepted(self) -> tuple[Cluster, ...]:
        """The findings that would make it unsafe, were they not accepted."""
        return tuple(one for one in self.findings if one.acceptance is not None and self._weighs(one))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be looked at, of what matters; each depth's own."""
        return tuple(
            gap
            for look in self.looks
            for gap in look.gaps
            if not gap.service or self.scope.has(gap.service, gap.operation)
        )

    @property
    def verdict(self) -> Verdict:
        """What can be said; one finding that counts outweighs all that is unknown."""
        if self.counting:
            return Verdict.NOT_SAFE
        return Verdict.UNKNOWN if self.gaps or self.doubts or not self.looks else Verdict.SAFE

    def _weighs(self, one: Cluster) -> bool:
        heavy = (Severity.ERROR,) if self.policy.line is Severity.ERROR else (Severity.ERROR, Severity.WARNING)
        return one.severity in heavy


def answer(old: Sdk, new: Sdk, looks: Iterable[Looked], scope: Scope, policy: Policy, accepted: Accepted) -> Answer:
    """Return what several looks at two releases come to.

    Args:
        old: The older release.
        new: The newer one.
        looks: What the depths saw.
        scope: What matters.
        policy: What weighs how much.
        accepted: What is known and accepted.
    """
    looks = tuple(looks)
    weighed, beyond = weigh(looks, scope, policy)
    findings = cluster(weighed, accepted)
    marks = {mark for one in findings for mark in one.marks}
    expired = tuple(sorted(marks & accepted.expired.keys()))
    return Answer(old, new, scope, policy, looks, findings, beyond, expired)


def verdict_line(answered: Answer) -> str:
    """Return the verdict in one line, with what it rests on."""
    depths = _joined([look.depth.value for look in answered.looks if not look.failed])
    match answered.verdict:
        case Verdict.NOT_SAFE:
            told = f"not safe ({len(answered.counting)})"
            return f"{told}; {unknown_words(answered.gaps)} without evidence" if answered.gaps else told
        case Verdict.UNKNOWN if not answered.looks:
            return "unknown (nothing was looked at)"
        case Verdict.UNKNOWN if not answered.gaps:
            many = len(answered.doubts)
            return f"unknown ({many} doubt{'s' if many != 1 else ''} about what is in use)"
        case Verdict.UNKNOWN:
            return f"unknown ({unknown_words(answered.gaps)} without evidence)"
        case Verdict.SAFE:
            known = f", {len(answered.accepted)} accepted" if answered.accepted else ""
            return f"safe, as far as {depths} can tell{known}"


def unknown_words(gaps: Iterable[Gap]) -> str:
    """Return how much is unknown: depths, services and operations are counted apart.

    >>> unknown_words([Gap("a", "B", ""), Gap("a", "C", ""), Gap("d", "", "")])
    '1 service and 2 operations'
    """
    gaps = tuple(gaps)
    depths = sum(not gap.service for gap in gaps)
    services = len({gap.service for gap in gaps if gap.service and not gap.operation})
    operations = len({(gap.service, gap.operation) for gap in gaps if gap.operation})
    counted = ((depths, "depth"), (services, "service"), (operations, "operation"))
    return _joined([f"{count} {word}{'s' if count != 1 else ''}" for count, word in counted if count])


def _joined(words: Sequence[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1]) if len(words) > 1 else words)
