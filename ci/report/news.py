"""What is new on a target, in words and item by item, as every form of a report tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..history.questions import News
from .known import counted
from .messages import visible
from .past import Since
from .reading import Report

_KINDS = (
    ("new", "bad", "never seen before"),
    ("back", "bad", "seen before, and gone when it was last looked for"),
    ("gone", "good", "there when it was last looked for, and not any more"),
    ("unknown", "broken", "there when it was last looked for; this time nothing can be said of it"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A finding that came or went.

    Attributes:
        kind: ``new``, ``back``, ``gone`` or ``unknown``.
        tone: How it is drawn.
        meaning: Of the kind.
        code: Of the finding.
        text: What it is.
        operation: Of which.
        fingerprint: Of the finding.
    """

    kind: str
    tone: str
    meaning: str
    code: str
    text: str
    operation: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Told:
    """What has become of a target: a sentence, and what came and went."""

    name: str
    sentence: str
    items: tuple[Item, ...]


def told_since(one: Since) -> Told:
    """Return what has become of a target, in words."""
    return Told(visible(one.name), _sentence(one.news), tuple(_items(one.news)))


def _items(news: News) -> Iterator[Item]:
    for kind, tone, meaning in _KINDS:
        for life in getattr(news, kind):
            if life.sighting.weighs:
                finding = life.finding
                yield Item(
                    kind,
                    tone,
                    meaning,
                    visible(finding.code),
                    visible(f"{finding.title}: expected {finding.expected}, got {finding.observed}"),
                    visible(finding.operation),
                    finding.fingerprint,
                )


def _sentence(news: News) -> str:
    if not news.before:
        return "This is the first night on this target, so that nothing is compared."
    staying = sum(life.sighting.weighs for life in news.staying)
    as_before = f"; {counted(staying, 'finding')} as before" if staying else ""
    notes = _changed(news, weighing=False)
    of_notes = f"; of notes, {notes}" if notes else ""
    return f"Since {visible(news.before)}: {_changed(news, weighing=True) or 'nothing new'}{as_before}{of_notes}."


def _changed(news: News, *, weighing: bool) -> str:
    lives = {kind: [life for life in getattr(news, kind) if life.sighting.weighs is weighing] for kind, _, _ in _KINDS}
    return ", ".join(f"{len(some)} {kind}" for kind, some in lives.items() if some)


def without_past(reports: Sequence[Report]) -> str:
    """Return what can be said of what is new where nothing came before: what the baselines say."""
    for report in reports:
        baseline = report.data["baseline"]
        if baseline is not None:
            found = [one for one in report.data["findings"] if one["severity"] != "note"]
            news, known = (sum(one["status"] == status for one in found) for status in ("new", "known"))
            passes = len(baseline["unexpected_passes"])
            told = f"{counted(news, 'new finding')}, {known} known, and {passes} known that did not occur"
            return f"Compared with the baseline {visible(baseline['file'])}: {told}."
    return (
        "Nothing is compared: an earlier report (botoproof report html --since FILE) or a history (--history FILE) "
        "would say what is new."
    )
