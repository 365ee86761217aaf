"""Two tables of faults beside each other: what a release changes, as a note for whoever upgrades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...contract.faults.kinds import KINDS
from .observation import Observation
from .table import Table

# Waits are compared by what they are drawn from: all else about them is chance.
_CLOSE = 0.06
# Whether a client sees in time that a kept connection has ended, or writes to it and has to try again.
_UNDECIDED = ("idle.close", "idle.reset")


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two measurements of the same trial.

    Attributes:
        trial: As a plan writes it.
        engine: ``hook`` or ``wire``.
        mode: The retry mode.
        before: What came of it; None when the earlier table has no such row.
        after: What comes of it; None when the later one has none.
    """

    trial: str
    engine: str
    mode: str
    before: Observation | None
    after: Observation | None


def agree(one: Observation, other: Observation) -> bool:
    """Return whether two measurements of a trial say the same, as far as it is not for the kernel to decide."""
    if (one.escapes, one.effects, one.inert) != (other.escapes, other.effects, other.inert):
        return False
    if one.outcome != other.outcome and not {one.outcome, other.outcome} <= set(possible_classes(one.trial)):
        return False
    if one.trial in _UNDECIDED:
        return True
    waits = zip(one.waits, other.waits, strict=False)
    return (
        one.attempts == other.attempts
        and len(one.waits) == len(other.waits)
        and all(abs(a - b) <= _CLOSE * max(a, b) for a, b in waits)
    )


def possible_classes(trial: str) -> tuple[str, ...]:
    """Return the classes of which one is raised when a trial's fault strikes every attempt."""
    kind = trial.partition("*")[2] or trial
    name = kind.partition("(")[0].partition("->")[0]
    return KINDS[name].raises if name in KINDS else ()


def compare(before: Table, after: Table) -> tuple[Change, ...]:
    """Return what differs, in the order of the later table; rows that one of them lacks differ too.

    Engines and modes that one of the tables does not have at all are left out: they were not measured.
    """
    measured = {(row.engine, row.mode) for row in before.rows} & {(row.engine, row.mode) for row in after.rows}
    old = {row.place: row.seen for row in before.rows if (row.engine, row.mode) in measured}
    new = {row.place: row.seen for row in after.rows if (row.engine, row.mode) in measured}
    changes: list[Change] = []
    for place in (*new, *(place for place in old if place not in new)):
        was, now = old.get(place), new.get(place)
        if was is None or now is None or not agree(was, now):
            changes.append(Change(*place, was, now))
    return tuple(changes)


def release_note(before: Table, after: Table) -> Iterator[str]:
    """Yield the lines of a note that says what differs."""
    changes = compare(before, after)
    rows = sum(1 for _ in after.rows)
    yield (
        f"botocore {before.botocore} -> {after.botocore}, {after.operation}: "
        f"{len(changes)} of {rows} measurements differ"
    )
    if before.operation != after.operation:
        yield f"  The earlier table is about {before.operation}."
    grouped: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for change in changes:
        what = (_told(change.before), _told(change.after), change.engine)
        grouped.setdefault(what, {}).setdefault(change.trial, []).append(change.mode)
    by_modes: dict[tuple[str, str, str, str], list[str]] = {}
    for (was, now, engine), trials in grouped.items():
        for trial, modes in trials.items():
            by_modes.setdefault((was, now, engine, ", ".join(modes)), []).append(trial)
    for (was, now, engine, told_modes), struck in by_modes.items():
        yield ""
        yield f"  {told_modes} ({engine}):"
        yield f"    before  {was}"
        yield f"    after   {now}"
        yield from (f"      {trial}" for trial in struck)


def _told(seen: Observation | None) -> str:
    if seen is None:
        return "not measured"
    waits = f", waits up to {', '.join(f'{wait:.2g}' for wait in seen.waits)} s" if seen.waits else ""
    escapes = ", outside of botocore's own exceptions" if seen.escapes else ""
    inert = ", the fault changed nothing" if seen.inert else ""
    return f"{seen}{waits}{escapes}{inert}"
