"""Findings as a page shows them: each fingerprint once, with every run that saw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..columns import Column
from ..messages import program_text, reply_text, request_text, visible
from ..states import BROKEN, FAIL, FLAKY, KNOWN, LENIENT, STATES, State, counts, weighs

# Of requests, replies and reproducers; a page shall stay one that a phone can open.
ROOM = 3_000_000
_REPRODUCERS = (("boto3", "boto3"), ("curl", "curl"), ("pytest", "pytest"))
_NO_ROOM = "Request, reply and reproducers are left out, as the page would grow too large; the JSON report has them."
_WEIGHTS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Place:
    """A run that saw a finding.

    Attributes:
        column: Its title.
        count: In how many cases.
        status: What the run made of it, and why.
        observed: What came, where that differs from what is shown.
    """

    column: str
    count: int
    status: str
    observed: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding on a page.

    Attributes:
        finding: As the report has it, of the run in which it weighs most.
        state: As a cell's.
        places: The runs that saw it.
        request: Of its case, as text; empty when there is no room.
        reply: The same for the reply.
        program: The steps of its program; empty without one.
        reproducers: Name and text.
        left_out: Why request, reply and reproducers are not shown; empty when they are.
    """

    finding: Mapping[str, Any]
    state: State
    places: tuple[Place, ...]
    request: str = ""
    reply: str = ""
    program: str = ""
    reproducers: tuple[tuple[str, str], ...] = ()
    left_out: str = ""

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return anchor_of(self.finding)

    def text(self, name: str) -> str:
        """Return a text of the report with every character visible."""
        return visible(str(self.finding[name] or ""))

    @property
    def room(self) -> int:
        """How many characters it takes, roughly."""
        return sum(map(len, (self.request, self.reply, self.program, *(text for _, text in self.reproducers))))


def anchor_of(finding: Mapping[str, Any]) -> str:
    """Return the id of a finding on its page."""
    return f"f-{finding['fingerprint']}"


def state_of_finding(finding: Mapping[str, Any]) -> State:
    """Return the state that a finding alone would give its cell."""
    if not weighs(finding):
        return LENIENT
    return FAIL if counts(finding) else {"flaky": FLAKY, "known": KNOWN}.get(finding["status"], BROKEN)


def shown_findings(columns: Sequence[Column]) -> tuple[Shown, ...]:
    """Return the findings of all runs, the heaviest first, and in full as far as there is room."""
    seen: dict[str, list[tuple[Column, Mapping[str, Any]]]] = {}
    for column in columns:
        for finding in column.report.data["findings"]:
            seen.setdefault(finding["fingerprint"], []).append((column, finding))
    found = sorted((_shown(pairs) for pairs in seen.values()), key=_weight)
    return tuple(_fitted(found))


def _weight(shown: Shown) -> tuple[int, int, str, str, str]:
    finding = shown.finding
    severity = _WEIGHTS.index(finding["severity"])
    return STATES.index(shown.state), severity, finding["operation"], finding["code"], finding["fingerprint"]


def _shown(pairs: Sequence[tuple[Column, Mapping[str, Any]]]) -> Shown:
    column, finding = min(pairs, key=lambda pair: STATES.index(state_of_finding(pair[1])))
    del column
    case = finding["case"]
    return Shown(
        finding,
        state_of_finding(finding),
        tuple(_place(one, seen, finding) for one, seen in pairs),
        request=request_text(case),
        reply=reply_text(case),
        program=program_text(finding["program"]) if finding["program"] else "",
        reproducers=tuple((label, visible(finding["reproduce"][name])) for name, label in _REPRODUCERS),
    )


def _place(column: Column, seen: Mapping[str, Any], shown: Mapping[str, Any]) -> Place:
    status = f"{seen['status']}: {visible(seen['reason'])}" if seen["reason"] else seen["status"]
    observed = "" if seen["observed"] == shown["observed"] else visible(seen["observed"])
    return Place(column.title, seen["count"], status, observed)


def _fitted(found: Iterable[Shown]) -> Iterator[Shown]:
    left = ROOM
    for one in found:
        left -= one.room
        if left >= 0:
            yield one
        else:
            yield replace(one, request="", reply="", program="", reproducers=(), left_out=_NO_ROOM)
