"""An answer for a reader: findings first to last by weight, and the verdict in the last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from ...contract.finding import Severity
from ..report.payload import printable
from .answer import Gap, Looked
from .clustering import Cluster
from .verdict import Answer, unknown_words, verdict_line

_EXAMPLES = 3
_FINDINGS = 8
_INDENT = " " * 16
_GAPS = 5

Paint = Callable[[str, str], str]
"""Gives a text the look of a role: a severity, ``safe``, ``not safe``, ``unknown``, or ``heading``."""


def plainly(text: str, role: str) -> str:  # noqa: ARG001 - one of the ways to paint
    """Return `text` as it stands: how it looks where there is no terminal."""
    return text


def answer_lines(answered: Answer, *, every: bool = False, paint: Paint = plainly) -> Iterator[str]:
    """Yield the lines of an answer.

    Args:
        answered: What to show.
        every: Whether all findings are told one by one, those that do not count too.
        paint: How things look.
    """
    yield paint(f"{answered.old} -> {answered.new.version}, {_services(answered)}", "heading")
    yield ""
    width = max((len(look.depth.value) for look in answered.looks), default=0)
    yield from (f"  {look.depth.value:<{width}}  {_looked(look)}" for look in answered.looks)
    yield ""
    for (label, _), group in _grouped(answered, every=every).items():
        yield from _told(label, group, None if every else _FINDINGS, paint)
        yield ""
    if answered.expired:
        many = len(answered.expired)
        told = "acceptance has expired and counts" if many == 1 else "acceptances have expired and count"
        yield f"{many} {told} again: {', '.join(answered.expired)}"
        yield ""
    yield from _set_aside(answered, every=every)
    yield from (f"in use: {printable(note)}" for note in answered.notes)
    yield from (f"in doubt: {printable(doubt)}" for doubt in answered.doubts[:_GAPS])
    if len(answered.doubts) > _GAPS:
        yield f"in doubt: {len(answered.doubts) - _GAPS} more places, which --report json=FILE lists"
    if answered.notes or answered.doubts:
        yield ""
    yield from _gaps(answered)
    yield paint(verdict_line(answered), answered.verdict.value)


def _services(answered: Answer) -> str:
    services, operations = answered.scope.services, answered.scope.operations
    if operations is not None:
        return f"{len(operations)} operation{'s' if len(operations) != 1 else ''} in use"
    if services is None:
        return "every service"
    return ", ".join(services)


def _looked(look: Looked) -> str:
    if look.failed:
        return f"unknown: {look.failed}"
    word = look.unit.removesuffix("s") if look.looked == 1 else look.unit
    differences = len(look.changes)
    differs = f"{differences} difference{'s' if differences != 1 else ''}" if differences else "nothing differs"
    unknown = f", {unknown_words(look.gaps)} unknown" if look.gaps else ""
    return f"{look.looked} {word} compared, {differs}{unknown}" + "".join(f"; {note}" for note in look.notes)


def _grouped(answered: Answer, *, every: bool) -> Mapping[tuple[str, str], list[Cluster]]:
    groups: dict[tuple[str, str], list[Cluster]] = {}
    for one in answered.findings:
        if every or one.acceptance or one.severity is not Severity.NOTE:
            groups.setdefault(("accepted" if one.acceptance else one.severity.value, one.rule.id), []).append(one)
    return groups


def _told(label: str, group: Sequence[Cluster], most: int | None, paint: Paint) -> Iterator[str]:
    rule = group[0].rule
    yield f"{paint(label, group[0].severity.value)}: {rule.title} [{rule.id}]"
    for one in group[:most]:
        yield from _finding(one)
    rest = len(group) - len(group[:most])
    if rest:
        yield f"  and {rest} more of this rule, which --all tells"


def _finding(one: Cluster) -> Iterator[str]:
    first = one.changes[0]
    shown = ", ".join(one.subjects[:_EXAMPLES])
    more = f" and {len(one.subjects) - _EXAMPLES} more" if len(one.subjects) > _EXAMPLES else ""
    times = f", {len(one.changes)} times" if len(one.changes) > len(one.subjects) else ""
    yield f"  {one.fingerprint}  {printable(shown)}{more}{times}"
    yield f"{_INDENT}{printable(_difference(first.path, first.old, first.new))}, seen by {first.depth.value}"
    if first.evidence:
        yield f"{_INDENT}by {printable(first.evidence)}"
    if first.witness is not None and first.witness.confirms:
        yield f"{_INDENT}tried: {printable(first.witness.asked)}: {printable(first.witness.after)}"
    if one.reason:
        yield f"{_INDENT}{printable(one.reason)}"
    if one.acceptance:
        until = f" until {one.acceptance.expires}" if one.acceptance.expires else ""
        yield f"{_INDENT}accepted{until}: {printable(one.acceptance.reason)}"


def _difference(path: str, old: str, new: str) -> str:
    place = f"{path}: " if path else ""
    if old and new:
        return f"{place}{old} -> {new}"
    if old or new:
        return f"{place}{new or old} is {'new' if new else 'gone'}"
    return path or "differs"


def _set_aside(answered: Answer, *, every: bool) -> Iterator[str]:
    hidden = [one for one in answered.findings if one.severity is Severity.NOTE and not one.acceptance]
    if hidden and not every:
        counts = Counter[str]()
        for one in hidden:
            counts[one.rule.id] += len(one.changes)
        told = ", ".join(f"{count} {rule}" for rule, count in counts.most_common())
        yield f"not counted: {told} (--all tells them)"
        yield ""
    if answered.beyond:
        many = len(answered.beyond)
        yield f"{many} difference{'s' if many != 1 else ''} in operations that are not in use"
        yield ""


def _gaps(answered: Answer) -> Iterator[str]:
    gaps = [(look.depth.value, gap) for look in answered.looks for gap in look.gaps if gap in answered.gaps]
    for depth, gap in gaps[:_GAPS]:
        yield f"unknown  {depth}: {printable(_place(gap))}{printable(gap.reason)}"
    if len(gaps) > _GAPS:
        yield f"unknown  {len(gaps) - _GAPS} more of that kind, which --report json=FILE lists"
    if gaps:
        yield ""


def _place(gap: Gap) -> str:
    if not gap.service:
        return ""
    return f"{gap.service}.{gap.operation}: " if gap.operation else f"{gap.service}: "
