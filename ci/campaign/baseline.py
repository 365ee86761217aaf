"""Known findings: what a baseline says of each, and on which conditions it says it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from ...contract.errors import BadConfiguration
from ...contract.finding import FindingKind, Severity

SCHEMA = "botoproof/baseline/1"
NO_REASON = "(say here why it is known, and who takes care of it)"

UNEXPECTED_PASS = FindingKind(
    "baseline-unexpected-pass",
    "known_findings_still_occur",
    "a finding that the baseline calls known did not occur",
    Severity.ERROR,
    meaning="The baseline has an entry for a finding; this run sent the case that showed it, and it did not show.",
    harm="The keeper of the endpoint: as long as the entry stands, the same defect can come back unnoticed.",
    provoked="The defect has been mended, or a rule of the contract was changed so that it is none any more.",
    source="the baseline that was given by --baseline",
    remedy="Take the entry out of the file; --update-baseline does it.",
    silence="`intermittent = true` in the entry, for a finding that comes and goes.",
)
KINDS = (UNEXPECTED_PASS,)

_COMPARISONS: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([0-9]+(?:\.[0-9]+)*)\s*", re.ASCII)
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Versions:
    """A condition on a version, such as ``>=1.44,<1.45``; every part must hold.

    Attributes:
        text: As written.
        parts: Comparisons and numbers.
    """

    text: str
    parts: tuple[tuple[str, tuple[int, ...]], ...]

    def hold(self, version: str) -> bool:
        """Return whether `version` is one of them; what follows its numbers, such as ``.dev1``, does not count.

        >>> read_versions(">=1.44,<1.45").hold("1.44.5"), read_versions("==1.44").hold("1.44.0")
        (True, True)
        """
        found = _NUMBERS.match(version)
        have = _numbers(found[0]) if found else ()
        return all(_COMPARISONS[sign](have, wanted) for sign, wanted in self.parts)


def read_versions(text: str) -> Versions:
    """Return the condition that `text` writes.

    Raises:
        BadConfiguration: It is none; the text says what one looks like.
    """
    parts: list[tuple[str, tuple[int, ...]]] = []
    for part in text.split(","):
        match = _CONDITION.fullmatch(part)
        if match is None:
            known = ", ".join(_COMPARISONS)
            raise BadConfiguration(f"must be like '>=1.44,<1.45', with {known} before each number, got {text!r}")
        parts.append((match[1], _numbers(match[2])))
    return Versions(text, tuple(parts))


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(number) for number in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()  # 1.44 and 1.44.0 are the same
    return tuple(numbers)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run took place, as far as conditions and chance ask.

    Attributes:
        kind: ``embedded`` or ``url``.
        endpoint: The URL, or empty.
        botocore: Its version.
        drawn_by: What drew the random cases, with versions: others draw other cases from the same seed.
        python: Its version.
        platform: As `sys.platform` says.
        world: The table ``[world]`` as configured.
    """

    kind: str
    endpoint: str
    botocore: str
    drawn_by: str
    python: str = ""
    platform: str = ""
    world: Mapping[str, Any] = field(default_factory=dict[str, Any])


class As(Enum):
    """As what a finding is known.

    ``known`` is a defect that somebody takes care of, ``accepted`` a departure that will stay, and ``flaky`` one that
    comes and goes, and is to be understood until a day.
    """

    KNOWN = "known"
    ACCEPTED = "accepted"
    FLAKY = "flaky"


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding.

    Attributes:
        fingerprint: Of the finding.
        code: Of its kind.
        operation: In full, e.g. ``importexport.UpdateJob``.
        title: For readers.
        reason: Why it is known, by a person.
        first_seen: When it was written down.
        expires: The last day on which it is known, or None.
        versions: Of botocore, with which it is known, or None for all.
        target: ``embedded``, ``url`` for any URL, or a URL; None for all.
        phase: The phase that showed it.
        subject: The operation whose cases showed it, in full.
        probe: The probe that showed it, or empty.
        seed: The seed of the random cases that showed it, or None.
        examples: How many of them were asked for, or None.
        drawn_by: As `Place.drawn_by`, or empty.
        intermittent: Whether it comes and goes, so that its absence says nothing.
        owner: Who takes care of it, or empty.
        known_as: As what it is known.
        python: Versions of Python with which it is known, or None for all.
        platform: ``linux``, ``darwin``, ``win32`` or another that `sys.platform` says; empty for all.
        world: Keys of ``[world]`` and the values with which it is known.
    """

    fingerprint: str
    code: str
    operation: str
    title: str
    reason: str
    first_seen: date
    expires: date | None = None
    versions: Versions | None = None
    target: str | None = None
    phase: str = "table"
    subject: str = ""
    probe: str = ""
    seed: int | None = None
    examples: int | None = None
    drawn_by: str = ""
    intermittent: bool = False
    owner: str = ""
    known_as: As = As.KNOWN
    python: Versions | None = None
    platform: str = ""
    world: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def comes_and_goes(self) -> bool:
        """Whether its absence says nothing."""
        return self.intermittent or self.known_as is As.FLAKY

    @property
    def told(self) -> str:
        """Why it is known, as what, by whom it is taken care of, and until when."""
        prefix = "" if self.known_as is As.KNOWN else f"{self.known_as.value}: "
        more = ", ".join(filter(None, (self.owner, f"until {self.expires}" if self.expires else "")))
        return f"{prefix}{self.reason}{f' ({more})' if more else ''}"

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions on which it is known, as text; equal for entries that hold at the same places."""
        versions = (one.text if one else "" for one in (self.versions, self.python))
        return (*versions, self.target or "", self.platform, repr(sorted(self.world.items())))

    def unmet(self, place: Place) -> str:
        """Return which condition does not hold at `place`, or an empty text."""
        if self.versions is not None and not self.versions.hold(place.botocore):
            return f"it is known for botocore {self.versions.text}, and this is {place.botocore}"
        if self.target not in (None, place.kind, place.endpoint.rstrip("/") or None):
            return f"it is known for the target {self.target}, and this is {place.endpoint or place.kind}"
        if self.python is not None and not self.python.hold(place.python):
            return f"it is known for Python {self.python.text}, and this is {place.python}"
        if self.platform not in ("", place.platform):
            return f"it is known on {self.platform}, and this is {place.platform}"
        for key, value in self.world.items():
            if place.world.get(key) != value:
                here = repr(place.world[key]) if key in place.world else "not configured"
                return f"it is known where {key} of [world] is {value!r}, and here it is {here}"
        return ""

    def is_expired(self, today: date) -> bool:
        """Return whether its last day is over."""
        return self.expires is not None and today > self.expires


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of one service.

    Attributes:
        path: The file.
        service: botocore's name of the service.
        entries: In the order of the file.
    """

    path: str
    service: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A known finding that did not occur, and why nothing follows from that."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run says of a baseline, beside the status of each finding.

    Attributes:
        path: The file.
        passed: Known findings that would have been seen, and were not.
        unseen: Those of which the run can say nothing.
    """

    path: str
    passed: tuple[Entry, ...]
    unseen: tuple[Unseen, ...]
