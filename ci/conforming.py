"""Calls of a consumer's tests held to the contract, as they were overheard: requests and replies read strictly.

As for recordings, nobody knows what the endpoint held, so that the installed model is all that is asked.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..contract.adapters.overhearing import Overheard
from ..contract.checks import find
from ..contract.finding import Evidence, Finding, Severity
from .attempts import Attempt, Attempts
from .faulted.sites import call_site
from .held import exchange_of

_LINE = Evidence.OBSERVED


@dataclass(frozen=True, slots=True)
class _Heard:
    attempt: Attempt
    site: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and where the call comes from."""

    finding: Finding
    site: str

    def __str__(self) -> str:
        return f"{self.finding}\n  called at {self.site}"


@dataclass(slots=True)
class Tally:
    """What came of the attempts that were heard in a test, or in a session.

    Attributes:
        judged: How many were held to the contract.
        unjudged: How many were not, by why.
        told: Errors and warnings, each once.
        notes: How many notes there were beside them, by code.
    """

    judged: int = 0
    unjudged: Counter[str] = field(default_factory=Counter[str])
    told: tuple[Told, ...] = ()
    notes: Counter[str] = field(default_factory=Counter[str])

    @property
    def heard(self) -> int:
        """How many attempts there were."""
        return self.judged + self.unjudged.total()

    def data(self) -> dict[str, Any]:
        """Return the figures in types that can be sent to another process."""
        return {
            "judged": self.judged,
            "unjudged": dict(self.unjudged),
            "codes": dict(Counter(one.finding.kind.code for one in self.told)),
            "notes": dict(self.notes),
        }


class Ear:
    """Takes down what it hears, until somebody asks for it."""

    def __init__(self, root: Path) -> None:
        """Take the folder from which places in code are told."""
        self._root = root
        self._heard: list[_Heard] = []
        self._unjudged: Counter[str] = Counter()
        self._attempts = Attempts()
        self._lock = threading.Lock()

    def __call__(self, heard: Overheard) -> None:
        """Take down an attempt; what botoproof itself calls to prepare something is none of the test's."""
        site = call_site(self._root)
        if site is None:
            return
        with self._lock:
            read = self._attempts.read(heard)
            if isinstance(read, str):
                self._unjudged[read] += 1
            else:
                self._heard.append(_Heard(read, site))

    def taken(self) -> Tally:
        """Return what came of all that was heard since the last time."""
        with self._lock:
            heard, self._heard = self._heard, []
            unjudged, self._unjudged = self._unjudged, Counter()
        found = [Told(finding, one.site) for one in heard for finding in _findings(one)]
        notes = Counter(one.finding.kind.code for one in found if one.finding.severity(_LINE) is Severity.NOTE)
        told = {(one.finding.fingerprint, one.site): one for one in found if _counts(one.finding)}
        return Tally(len(heard), unjudged, tuple(told.values()), notes)


def _counts(finding: Finding) -> bool:
    return finding.severity(_LINE) is not Severity.NOTE


def _findings(one: _Heard) -> Iterable[Finding]:
    attempt = one.attempt
    return find(exchange_of(attempt.request, attempt.reply, attempt.operation))


def summary(tallies: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines that tell what came of a session.

    Args:
        tallies: The data of the tests, each with its ``test``; of one test there may be several.
    """
    judged, tests = 0, set[str]()
    unjudged, codes, notes = Counter[str](), Counter[str](), Counter[str]()
    for one in tallies:
        tests.add(one["test"])
        judged += one["judged"]
        unjudged.update(one["unjudged"])
        codes.update(one["codes"])
        notes.update(one["notes"])
    if not tests:
        yield "no test made a call by boto3, so that nothing is shown"
        return
    yield f"{_counted(judged, 'reply', 'replies')} of {_counted(len(tests), 'test')} held to the contract: " + (
        _listed(codes) or "no findings"
    )
    if unjudged:
        yield f"not judged: {_listed(unjudged)}; only the query protocol has a strict codec so far"
    if notes:
        yield f"notes, which do not count: {_listed(notes)}"


def _counted(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
