"""The depth ``faults``: the same failures happen to calls of each SDK; attempts, waits and ends are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .answer import Looked, Scope, Tell
from .change import Change
from .grouping import Difference, grouped
from .pairs import Pair, Seen, look_at_services
from .rule import Depth
from .scripts import Script, both_written, failure_scripts, telling_scripts
from .sdk import Sdk
from .subjects import Subject, find_subjects

_RATIO = 2.0  # waits that differ by less are told as the same

Ended = Mapping[str, Any]
"""What came of a call: ``attempts``, ``waits``, and ``returned`` or ``raised`` with more."""


def look(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Look at what both releases make of failures.

    Args:
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """

    def explore(pair: Pair, service: str) -> Seen:
        subjects, gaps = find_subjects(pair, service, scope)
        changes = list[Change]()
        notes = list[str]()
        for number, subject in enumerate(subjects):
            every = failure_scripts(subject.old)
            wanted = every if number == 0 else telling_scripts()
            if number == 0 and len(subjects) > 1:
                notes.append(
                    f"{service}: {len(every)} series of failures are tried on {subject.old.name}, and "
                    f"{len(telling_scripts())} on each of the other operations, as a client retries them alike"
                )
            changes += compare_tries(service, subject.old.name, try_scripts(pair, subject, wanted))
        return Seen(len(subjects), tuple(changes), gaps, tuple(notes))

    return look_at_services(Depth.FAULTS, old, new, scope, tell, explore)


def try_scripts(pair: Pair, subject: Subject, scripts: Sequence[Script]) -> tuple[Try, ...]:
    """Let series of failures happen to calls of both releases, and return what came of each.

    Args:
        pair: The two releases.
        subject: What is called.
        scripts: The series; those that mean nothing in the protocol of either release are left out.

    Raises:
        NoAnswer: One of the releases gives none.
    """
    written = tuple(both_written(scripts, subject.old, subject.new))
    given = {"service": subject.old.service, "operation": subject.old.name, "parameters": subject.parameters}
    before, after = pair.both(
        "tried",
        {**given, "scripts": [one for _, one, _ in written]},
        {**given, "scripts": [one for _, _, one in written]},
    )
    return tuple(Try(script, *ends) for (script, _, _), *ends in zip(written, before, after, strict=True))


@dataclass(frozen=True, slots=True)
class Try:
    """A series of failures, and what came of each of its calls in both releases."""

    script: Script
    before: Sequence[Ended]
    after: Sequence[Ended]


def compare_tries(service: str, operation: str, tries: Iterable[Try]) -> tuple[Change, ...]:
    """Return what differs, one change for all series of failures that differ in the same way.

    Args:
        service: botocore's name.
        operation: What was called.
        tries: The series, those that tell most first: a change has the name of its first.
    """
    found = (difference for one in tries for difference in _differences(one))
    return grouped(Depth.FAULTS, service, operation, found, where="the failures ")


def _differences(one: Try) -> Iterator[Difference]:
    name = one.script.name
    if len(one.before) > 1:
        was, now = (_runs([call["attempts"] for call in calls]) for calls in (one.before, one.after))
        # That each call has fewer attempts shows in the single calls; here it counts how they get used up.
        if was.count(",") != now.count(",") or _is_used_up(one.before) != _is_used_up(one.after):
            yield Difference(name, "retry-quota-changed", was, now)
        return
    (old,), (new,) = one.before, one.after
    if old["attempts"] != new["attempts"]:
        yield Difference(name, "retry-default-changed", _attempts(old), _attempts(new))
    was, now = how_it_ended(old), how_it_ended(new)
    if was != now:
        rules = _RECOVERY if one.script.recovers else _READING
        yield Difference(name, rules[1 if "returned" in old else 2 if "returned" in new else 0], was, now)
    if old["waits"] and new["waits"] and _is_far(old["waits"][0], new["waits"][0]):
        yield Difference(name, "retry-delay-changed", _wait(old), _wait(new))


def _wait(end: Ended) -> str:
    return f"up to {end['waits'][0]:g} s before the second attempt"


# Both raise, the older one alone returns, the newer one alone returns.
_RECOVERY = ("exception-class-changed", "recovery-lost", "recovery-gained")
_READING = ("exception-class-changed", "reply-rejected", "reply-accepted")


def _is_far(one: float, other: float) -> bool:
    return max(one, other) >= _RATIO * min(one, other)


def _is_used_up(calls: Sequence[Ended]) -> bool:
    return bool(calls[-1]["attempts"] < calls[0]["attempts"])


def _runs(numbers: Sequence[int]) -> str:
    """Return numbers as runs, e.g. ``3 x17, 2, 1 x42``."""
    runs = ((number, len(list(run))) for number, run in groupby(numbers))
    return ", ".join(f"{number} x{times}" if times > 1 else str(number) for number, times in runs)


def _attempts(end: Ended) -> str:
    return f"{end['attempts']} attempt{'' if end['attempts'] == 1 else 's'}"


def how_it_ended(end: Ended) -> str:
    """Return how a call ended: that it returned, or the class of what it raised, with the code where that is all.

    Where a reply has no code, releases make one of its status; it is told as such, since the status is no news.

    Args:
        end: What came of it.
    """
    if "raised" not in end:
        return "returned" if "returned" in end else "no such operation"
    if end["raised"] != "ClientError":
        return str(end["raised"])
    code = str(end.get("fields", {}).get("Error", {}).get("Code") or "no code")
    return f"ClientError({'the status' if code.isdecimal() else code})"
