"""Changes that are one finding: what every operation has in common is told once, with a count."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ...contract.finding import Severity
from .accepting import Acceptance, Accepted
from .change import Change, fingerprint
from .rule import Depth, Rule
from .weighing import Weighed

_STEPS = re.compile(r"[.\[{]")
_LAST = re.compile(r"\.?[^.\[\]{}]*(?:\[\]|\{\}|\{key\})*$")
_ORDER = {severity: number for number, severity in enumerate(Severity)}
_OWN_NAME = "\0"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One finding: changes that say the same.

    Attributes:
        rule: Their rule.
        severity: What they weigh.
        reason: Why that is not what the rule says; empty when it is.
        fingerprint: That of the only change, or that of what all have in common, or that of all of them together.
        changes: At least one, sorted.
        acceptance: By which they are accepted; None when they are not.
    """

    rule: Rule
    severity: Severity
    reason: str
    fingerprint: str
    changes: tuple[Change, ...]
    acceptance: Acceptance | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """The operations, services, or ``*``, each once and sorted."""
        return tuple(sorted({change.subject for change in self.changes}))

    @property
    def marks(self) -> frozenset[str]:
        """Every fingerprint by which this finding, or a part of it, can be accepted."""
        own = (mark for change in self.changes for mark in (change.fingerprint, common_mark(change, self.severity)))
        return frozenset((self.fingerprint, *own))


def common_mark(change: Change, severity: Severity) -> str:
    """Return the fingerprint of a change apart from where it was met.

    What the models say is decided service by service. What they only note, and what an SDK does, is the same over all.

    Args:
        change: The change.
        severity: What it weighs.
    """
    return fingerprint(change.rule, _decided_for(change, severity), "", leaf(change.path), change.old, change.new)


def _decided_for(change: Change, severity: Severity) -> str:
    return change.service if change.depth is Depth.MODELS and severity is not Severity.NOTE else ""


def leaf(path: str) -> str:
    """Return the last step of a path in a model, for which it does not matter by which way it was reached.

    >>> leaf("$.Filters[].Name"), leaf("$.Tags[]"), leaf("!Gone.reason"), leaf("!Gone"), leaf("x-amz-request.id")
    ('.Name', '.Tags[]', '.reason', '!Gone', 'x-amz-request.id')
    """
    if not path.startswith(("$", "!")) or not _STEPS.search(path):
        return path
    last = _LAST.search(path)
    return last[0] if last else path


def cluster(weighed: Iterable[Weighed], accepted: Accepted) -> tuple[Cluster, ...]:
    """Return the findings, the heaviest first, and within a weight by rule and subjects.

    Args:
        weighed: What was seen.
        accepted: What is known and accepted: a change by its own fingerprint or by what it has in common with others,
            or a finding with exactly the changes that it had.
    """
    groups: dict[tuple[object, ...], list[Weighed]] = {}
    for one in weighed:
        groups.setdefault((*_alike(one), one.severity, one.reason), []).append(one)
    found = [part for members in groups.values() for part in _accepted_parts(_made(members), accepted)]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.severity], one.rule.id, one.subjects, one.fingerprint)))


def _alike(one: Weighed) -> tuple[str, ...]:
    """Return what changes of one finding have in common; names that follow the operation or the error are no matter."""
    change = one.change
    place = leaf(change.path)
    own = change.operation
    if place.startswith("!"):
        own, place = place[1:], "!"
    old, new = (text.replace(own, _OWN_NAME) if own else text for text in (change.old, change.new))
    return change.rule, _decided_for(change, one.severity), place, old, new


def _made(members: list[Weighed]) -> Cluster:
    first = members[0]
    changes = tuple(sorted({one.change for one in members}, key=_place))
    common = {common_mark(change, first.severity) for change in changes}
    if len(changes) == 1:
        mark = changes[0].fingerprint
    elif len(common) == 1:
        mark = common.pop()
    else:
        mark = hashlib.sha256(" ".join(sorted(change.fingerprint for change in changes)).encode()).hexdigest()[:12]
    return Cluster(first.rule, first.severity, first.reason, mark, changes)


def _accepted_parts(whole: Cluster, accepted: Accepted) -> Iterator[Cluster]:
    """Yield a finding, or its accepted changes and the others as findings of their own."""
    if acceptance := accepted.of(whole.fingerprint):
        yield replace(whole, acceptance=acceptance)
        return
    parts: dict[Acceptance | None, list[Weighed]] = {}
    for change in whole.changes:
        by = accepted.of(change.fingerprint) or accepted.of(common_mark(change, whole.severity))
        parts.setdefault(by, []).append(Weighed(change, whole.rule, whole.severity, whole.reason))
    for by, members in parts.items():
        yield replace(_made(members), acceptance=by)


def _place(change: Change) -> tuple[str, ...]:
    return change.service, change.operation, change.path, change.old, change.new, change.depth.value
