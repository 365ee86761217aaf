"""A finding: one departure from the contract, as data that reports can show and baselines can recognise."""

from __future__ import annotations

import hashlib
import re
from dataclasses import KW_ONLY, dataclass
from enum import Enum

_NUMBER = re.compile(r"[0-9]+")
_PROSE = re.compile(r"\s")
_LONGEST_KEY = 100


class Evidence(Enum):
    """How well a rule is founded; ordered from the strongest."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return _RANKS[self]

    def at_least(self, line: Evidence) -> bool:
        """Whether this evidence is as strong as `line` or stronger.

        >>> Evidence.OBSERVED.at_least(Evidence.INFERRED), Evidence.INFERRED.at_least(Evidence.OBSERVED)
        (True, False)
        """
        return self.rank <= line.rank


_RANKS = {evidence: rank for rank, evidence in enumerate(Evidence)}


class Severity(Enum):
    """What a finding means for the verdict: errors and warnings turn a run red, notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What a stable code stands for; `botoproof explain` prints it.

    Attributes:
        code: Stable, never reused, e.g. ``reply-root``.
        check: The check that reports it, named as the fact that should hold.
        title: One line in which a list of findings can be read.
        severity: What it weighs when its evidence is above the line.
        meaning: What is wrong, in sentences.
        harm: Who is hurt by it, and how.
        provoked: What an endpoint or an SDK does to get it.
        source: Where the broken rule stands.
        remedy: What to do about it.
        silence: What makes it go away where it is no defect, beside a baseline and ``--evidence``; empty for nothing.
        graded: Whether each finding bears the evidence of the rule in question, which may be weaker than documented.
    """

    code: str
    check: str
    title: str
    severity: Severity
    _: KW_ONLY
    meaning: str
    harm: str
    provoked: str
    source: str
    remedy: str
    silence: str = ""
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from the contract in one interaction.

    Attributes:
        kind: What sort of departure.
        operation: ``service.Operation``.
        path: Where in the reply or request, e.g. ``/UpdateJobResponse/UpdateJobResult/Success``; empty for the whole.
        expected: What the contract says, for a reader.
        observed: What came, for a reader.
        evidence: How well the broken rule is founded.
        key: Words without prose that tell this finding from others of its kind: rules, codes.
        source: Where the broken rule stands, when more is known than the kind's own source.
    """

    kind: FindingKind
    operation: str
    path: str
    expected: str
    observed: str
    evidence: Evidence = Evidence.DOCUMENTED
    key: tuple[str, ...] = ()
    source: str = ""

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits, equal for the same departure across runs, machines and wording.

        Numbers in the path (list indices, lines, bytes) do not count: they differ from case to case. Nor do the words
        of an endpoint that writes a sentence where a code should stand.
        """
        words = ("(prose)" if _PROSE.search(word) or len(word) > _LONGEST_KEY else word for word in self.key)
        text = "\0".join((self.kind.code, self.operation, _NUMBER.sub("#", self.path), *words))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def severity(self, line: Evidence) -> Severity:
        """Return the severity when only evidence at or above `line` counts; weaker evidence makes a note."""
        return self.kind.severity if self.evidence.at_least(line) else Severity.NOTE

    def __str__(self) -> str:
        where = f" {self.path}" if self.path else ""
        told = f"{self.kind.title} [{self.kind.code}]"
        return f"{self.operation}{where}: {told} (expected {self.expected}; got {self.observed})"
