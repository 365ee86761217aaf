"""A baseline brought up to date after a run, without losing the words of the people who edited it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from ...contract.checks.transport import SLOW, TIMEOUT, UNSTABLE
from ...contract.errors import BadConfiguration
from .baseline import NO_REASON, SCHEMA, As, Baseline, Entry, Place
from .baseline_file import parse_baseline, read_text
from .comparing import examples_of
from .plan import Plan
from .result import FindingGroup, RunResult, Status

_OPENING = re.compile(r"[ \t]*\[\[[ \t]*finding[ \t]*\]\]")
# By their nature these are seen in one run and not in the next.
_COME_AND_GO = (UNSTABLE, SLOW, TIMEOUT)

_HEAD = """\
# What is known to be wrong, so that it does not turn `botoproof run --baseline` red again.
#
# A finding that stands here does not count. One that stands here and no longer occurs does: take its entry out then.
# `--update-baseline` does that, and adds what is new; it leaves the other entries as they stand, comments included.
#
# Write a reason for each entry. These may be added to it:
#   expires = 2027-01-31             after that day it counts again
#   botocore = ">=1.44,<1.45"        it is known with these versions only
#   target = "embedded"              or "url" for any URL, or one URL: it is known there only
#   intermittent = true              it comes and goes, so that its absence says nothing
#   owner = "team-import"            who takes care of it
#   status = "accepted"              it will stay; or "flaky", which needs a day on which it expires
#   python = ">=3.12"                likewise, of Python
#   platform = "linux"               as Python's sys.platform
#   world = { era = "2010-06-03" }   keys of [world] in the configuration, and their values
# The other keys tell which case showed it; a run that does not send that case says nothing of its absence.

"""


@dataclass(frozen=True, slots=True)
class Update:
    """A baseline brought up to date.

    Attributes:
        text: The new file.
        baseline: What it says.
        added: Entries that are new.
        removed: Entries whose findings no longer occur.
        kept: How many stay as they stood.
    """

    text: str
    baseline: Baseline
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    kept: int


def update_baseline(path: Path, result: RunResult, *, plan: Plan, place: Place, today: date) -> Update:
    """Return what a baseline should say after a run; nothing is written.

    Entries whose findings occur, or of which the run can say nothing, stay word for word. Flaky findings and notes are
    not taken in, since they do not count.

    Args:
        path: The file; there need not be one yet.
        result: What a whole run found out, compared with the baseline if there is one.
        plan: What the run was to do.
        place: Where it took place.
        today: When new entries were first seen.

    Raises:
        BadConfiguration: The file cannot be read, or an entry does not begin with a line of its own.
    """
    passed = result.baseline.passed if result.baseline is not None else ()
    before = (
        f'{_HEAD}schema = "{SCHEMA}"\nservice = "{result.service}"\n' if result.baseline is None else read_text(path)
    )
    entries = parse_baseline(str(path), before, result.service).entries
    head, *blocks = _blocks(before)
    if len(blocks) != len(entries):
        raise BadConfiguration(f"{path}: to be brought up to date, each finding must begin with the line [[finding]]")
    kept = [block for block, entry in zip(blocks, entries, strict=True) if entry not in passed]
    news = [group for group in result.findings if result.weighs(group) and group.status is Status.NEW]
    added = tuple(_entry_of(group, plan, place, today) for group in news)
    text = "\n".join((head, *kept, *map(write_entry, added)))
    return Update(text, parse_baseline(str(path), text, result.service), added, passed, len(kept))


def _blocks(text: str) -> Iterator[str]:
    """Yield what stands before the first entry, then each entry, with the comments directly above it."""
    block: list[str] = []
    comments: list[str] = []
    for line in text.split("\n"):
        if _OPENING.match(line):
            yield _joined(block)
            block, comments = [*comments, line], []
        elif line.lstrip().startswith("#"):
            comments.append(line)
        else:
            block += [*comments, line]
            comments = []
    yield _joined([*block, *comments])


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _entry_of(group: FindingGroup, plan: Plan, place: Place, today: date) -> Entry:
    finding, case = group.finding, group.exchange.case
    chance = examples_of(plan, group.phase)
    return Entry(
        fingerprint=finding.fingerprint,
        code=finding.kind.code,
        operation=finding.operation,
        title=finding.kind.title,
        reason=NO_REASON,
        first_seen=today,
        phase=group.phase,
        subject=f"{plan.service}.{case.operation}",
        probe=group.probe,
        seed=None if chance is None else plan.seed,
        examples=chance,
        drawn_by="" if chance is None else place.drawn_by,
        intermittent=finding.kind in _COME_AND_GO,
    )


def write_entry(entry: Entry) -> str:
    """Return an entry as TOML."""
    pairs: dict[str, Any] = {
        "fingerprint": entry.fingerprint,
        "code": entry.code,
        "title": entry.title,
        "operation": entry.operation,
        "reason": entry.reason,
        "owner": entry.owner or None,
        "status": entry.known_as.value if entry.known_as is not As.KNOWN else None,
        "first-seen": entry.first_seen,
        "expires": entry.expires,
        "botocore": entry.versions.text if entry.versions else None,
        "python": entry.python.text if entry.python else None,
        "target": entry.target,
        "platform": entry.platform or None,
        "world": entry.world or None,
        "intermittent": entry.intermittent or None,
        "phase": entry.phase,
        "subject": entry.subject if entry.subject != entry.operation else None,
        "probe": entry.probe or None,
        "seed": entry.seed,
        "examples": entry.examples,
        "drawn-by": entry.drawn_by or None,
    }
    return "\n".join(
        ("[[finding]]", *(f"{key} = {_value(value)}" for key, value in pairs.items() if value is not None), "")
    )


def _value(value: Any) -> str:
    match value:
        case date():
            return value.isoformat()
        case Mapping():
            table = cast("Mapping[str, Any]", value)
            return f"{{ {', '.join(f'{_value(key)} = {_value(item)}' for key, item in table.items())} }}"
        case list():
            items: list[Any] = value
            return f"[{', '.join(map(_value, items))}]"
    # JSON's strings, integers and booleans are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
