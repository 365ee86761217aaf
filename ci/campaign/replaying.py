"""Findings of an earlier run, sent again: fixed, still there, changed, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...contract.checks import find
from ...contract.common_errors import THROTTLING_ERRORS
from ...contract.errors import TargetUnusable
from ...contract.exchange import Exchange
from ...contract.finding import Evidence, Finding, Severity
from ...contract.outcome import Refused
from ...contract.program import Program
from ..replay import Replay
from .run_folder_reading import KeptFinding


class Standing(Enum):
    """What became of a finding."""

    FIXED = "fixed"
    STILL_THERE = "still there"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finding whose case was sent again.

    Attributes:
        kept: The finding as it was.
        standing: What became of it.
        detail: What came now; or why it is unknown.
    """

    kept: KeptFinding
    standing: Standing
    detail: str = ""


def replay_finding(kept: KeptFinding, replay: Replay, evidence: Evidence) -> Replayed:
    """Send a finding's case again and say what became of the finding.

    It has changed when the case no longer shows it, but shows another that was not there before.

    Args:
        kept: The finding as it was.
        replay: Sends.
        evidence: Findings on weaker evidence are notes; a note makes no change.
    """
    if kept.program is not None:
        return _replay_program(kept, kept.program, replay, evidence)
    if kept.case is None:
        return Replayed(kept, Standing.UNKNOWN, kept.why)
    try:
        exchange = replay.exchange(kept.case)
    except TargetUnusable as wrong:
        return Replayed(kept, Standing.UNKNOWN, str(wrong))
    replay.forget_used(kept.case)
    return _compared(kept, exchange, find(exchange), evidence)


def _replay_program(kept: KeptFinding, program: Program, replay: Replay, evidence: Evidence) -> Replayed:
    try:
        trace = replay.trace(program)
    except TargetUnusable as wrong:
        return Replayed(kept, Standing.UNKNOWN, str(wrong))
    came = replay.judged(trace)
    for exchange, findings in came:
        if any(finding.fingerprint == kept.fingerprint for finding in findings):
            return _compared(kept, exchange, findings, evidence)
    if trace.unmade or not came:
        return Replayed(kept, Standing.UNKNOWN, f"{trace.unmade}, on which the program works, could not be made")
    return _compared(kept, *came[-1], evidence)


def _compared(kept: KeptFinding, exchange: Exchange, findings: tuple[Finding, ...], evidence: Evidence) -> Replayed:
    for finding in findings:
        if finding.fingerprint == kept.fingerprint:
            return Replayed(kept, Standing.STILL_THERE, f"expected {finding.expected}; got {finding.observed}")
    if why := _says_nothing(exchange):
        return Replayed(kept, Standing.UNKNOWN, why)
    for finding in findings:
        if finding.fingerprint not in kept.beside and finding.severity(evidence) is not Severity.NOTE:
            return Replayed(kept, Standing.CHANGED, str(finding))
    return Replayed(kept, Standing.FIXED)


def _says_nothing(exchange: Exchange) -> str:
    failure = exchange.interaction.failure if exchange.interaction else None
    if failure is not None and failure.kind == "withheld":
        return f"it was not sent: {failure.detail}"
    if failure is not None and failure.kind == "connect":
        return f"nobody is there: {failure.detail}"
    if isinstance(exchange.outcome, Refused) and exchange.outcome.code in THROTTLING_ERRORS:
        return f"the endpoint asked to come again: {exchange.outcome.code}"
    return ""
