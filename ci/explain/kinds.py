"""Kinds of findings, those of runs, tests under faults and pacts, and the page about one."""

from __future__ import annotations

from collections.abc import Mapping

from ...contract.checks import KINDS
from ...contract.finding import FindingKind, Severity
from ...contract.services import find_specification, specified_services
from ..campaign.baseline import KINDS as OF_BASELINES
from ..faulted.kinds import KINDS as OF_TESTS
from ..faults.kinds import KINDS as OF_FAULTS
from ..pacts.kinds import KINDS as OF_PACTS
from .page import Page, Section
from .samples import examples

BASELINE = (
    "botoproof run --baseline FILE knows a finding by its fingerprint, and no longer counts it; --update-baseline "
    "writes the file."
)
LINE = (
    "A finding on weaker evidence than --evidence says (observed by default) is a note, and notes do not count; its "
    "evidence is that of the rule in question."
)


def known_kinds() -> Mapping[str, FindingKind]:
    """Return every kind of finding by its code, sorted: of checks, baselines, tests, pacts and services."""
    kinds = [*KINDS.values(), *OF_BASELINES, *OF_TESTS, *OF_FAULTS, *OF_PACTS]
    for service in specified_services():
        kinds += find_specification(service).kinds
    return {kind.code: kind for kind in sorted(kinds, key=lambda kind: kind.code)}


def kind_page(kind: FindingKind) -> Page:
    """Return what there is to say about a kind of finding."""
    of_runs = () if kind in (*OF_BASELINES, *OF_TESTS, *OF_PACTS) else (LINE if kind.graded else "", BASELINE)
    wrong = examples(kind.code.removeprefix("reply-")) if kind.code.startswith("reply-") else ()
    return Page(
        kind.code,
        kind.title,
        (
            Section("means", (kind.meaning,)),
            Section("hurts", (kind.harm,)),
            Section("severity", (_severity(kind),)),
            Section("source", (kind.source,)),
            Section("provoked by", (kind.provoked,)),
            Section("for example", wrong),
            Section("remedy", (kind.remedy,)),
            Section("silence", tuple(text for text in (kind.silence, *of_runs) if text)),
            Section("check", (kind.check,)),
        ),
    )


def _severity(kind: FindingKind) -> str:
    counts = "does not count" if kind.severity is Severity.NOTE else "counts"
    return f"{kind.severity.value}: it {counts}{', where the evidence is strong enough' if kind.graded else ''}"
