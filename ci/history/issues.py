"""What is to be told of findings, as one issue for each: opened, updated, closed. Pure; `ci/cli/notify.py` tells it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ..report.known import counted
from .markdown import code, fence, line, plain
from .past import History, PastFinding
from .questions import Life, lives_of, nights_of

# A finding that did not show in so many nights that looked for it is taken to be mended.
CLEAN_NIGHTS = 3


class Step(Enum):
    """What becomes of an issue."""

    OPENED = "opened"
    UPDATED = "updated"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of a finding.

    Attributes:
        is_open: Whether its issue is open.
        digest: Of what was told.
    """

    is_open: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of which there is something to tell.

    Attributes:
        fingerprint: Of the finding.
        step: What becomes of it.
        title: One line.
        body: Markdown.
        digest: Of what it says, without the names of nights: as long as it is the same, nothing is to be told.
        night: The last one.
    """

    fingerprint: str
    step: Step
    title: str
    body: str
    digest: str
    night: str


def issues_of(history: History, told: Mapping[str, Told], *, clean_nights: int = CLEAN_NIGHTS) -> tuple[Issue, ...]:
    """Return the issues of which there is something to tell, by fingerprint.

    An issue is opened for a finding that counts: more than a note, and neither known nor flaky. It is closed when no
    target shows the finding any more, after so many nights on each of them that looked for it.

    Args:
        history: What is known.
        told: What was told before, by fingerprint.
        clean_nights: How many nights without a finding close its issue.
    """
    by_finding = defaultdict[str, list[Life]](list)
    last = dict[str, str]()
    for stream in history.streams:
        for life in lives_of(history, stream):
            by_finding[life.finding.fingerprint].append(life)
            last[life.finding.fingerprint] = nights_of(history, stream)[-1].name
    found = (_issue(one, lives, told.get(one), clean_nights, last[one]) for one, lives in sorted(by_finding.items()))
    return tuple(issue for issue in found if issue is not None)


def _issue(fingerprint: str, lives: Sequence[Life], told: Told | None, clean_nights: int, night: str) -> Issue | None:
    mended = all(not life.was_there and life.clean_nights >= clean_nights for life in lives)
    digest = _digest(lives)
    if told is None or not told.is_open:
        if not any(life.was_there and life.sighting.counts for life in lives):
            return None
        step = Step.OPENED if told is None else Step.REOPENED
    elif mended:
        step = Step.CLOSED
    elif digest != told.digest:
        step = Step.UPDATED
    else:
        return None
    finding = lives[0].finding
    body = "\n".join(_body(finding, lives, step, clean_nights)) + "\n"
    return Issue(fingerprint, step, _title(finding), body, digest, night)


def _title(finding: PastFinding) -> str:
    return plain(f"{finding.operation}: {finding.title} [{finding.code}]")


def _digest(lives: Sequence[Life]) -> str:
    """Return a digest of what a reader would want to be told again."""
    said = [
        (str(life.stream), _weather(life), life.sighting.status, life.sighting.severity, life.sighting.reason)
        for life in lives
    ]
    finding = lives[0].finding
    words = (finding.code, finding.path, finding.expected)
    return hashlib.sha256(json.dumps([said, words]).encode()).hexdigest()[:16]


def _weather(life: Life) -> str:
    if life.is_flipping:  # told once, and not each time that it comes or goes
        return "comes and goes"
    return "there" if life.was_there else "gone"


def _body(finding: PastFinding, lives: Sequence[Life], step: Step, clean_nights: int) -> Iterator[str]:
    yield f"<!-- botoproof {finding.fingerprint} -->"
    yield f"**{step.value}**: {line(finding.title)}, {code(finding.code)} in {code(finding.operation)}"
    yield ""
    if step is Step.CLOSED:
        yield f"Not seen any more, in {counted(clean_nights, 'night')} or more that looked for it on each target."
        yield ""
    for life in lives:
        yield f"- {code(str(life.stream))}: {_state(life)}"
    yield ""
    for label, text in (
        ("Where", finding.path),
        ("The contract", finding.expected),
        ("What came", finding.observed),
        ("Source", finding.source),
    ):
        if text:
            yield f"{label}:"
            yield from fence(text)
    for name, snippet in finding.snippets.items():
        yield f"Shown again by {name}:"
        yield from fence(snippet)
    yield f"Finding {code(finding.fingerprint)}. `botoproof explain {finding.code}` tells more of its kind,"
    yield f"`botoproof history finding {finding.fingerprint}` of its life."


def _state(life: Life) -> str:
    seen = life.sighting
    status = "" if seen.status == "new" else f", {seen.status}"
    reason = f" ({code(seen.reason)})" if seen.reason else ""
    flips = f", {counted(life.flips, 'flip')}" if life.flips else ""
    now = "there" if life.was_there else f"not seen in the last {counted(life.clean_nights, 'night')}"
    return f"{seen.severity}{status}{reason}, {now}; first {code(life.first_seen)}, last {code(life.last_seen)}{flips}"
