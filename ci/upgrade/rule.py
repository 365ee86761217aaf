"""The nouns of upgrade rules: how a difference is seen, whom it hurts, and what is known of it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import Enum

from ...contract.finding import Severity

SYMMETRIC = "symmetric"
"""The mirror of a rule that finds the same change when the two releases are exchanged."""


class Depth(Enum):
    """How far is looked; ordered from the cheapest."""

    MODELS = "models"
    EFFECTIVE = "effective"
    WIRE = "wire"
    REPLAY = "replay"
    FAULTS = "faults"


class Who(Enum):
    """Whom a change hurts."""

    CALLER = "caller"
    """Code that sends: parameters, hosts, retries."""
    READER = "reader"
    """Code that reads: members of results, exceptions, codes."""
    EMULATOR = "emulator"
    """Whoever stands in for the service: an endpoint, a stub, a recording."""


class Side(Enum):
    """Which way the thing that changed travels."""

    INPUT = "input"
    OUTPUT = "output"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one sort of difference means; `botoproof explain` prints it.

    Attributes:
        id: Stable, never reused, e.g. ``input-required-added``.
        title: One line in which a list of findings can be read.
        severity: What it weighs for those whom it hurts; for others it is a note.
        hurts: Whom it hurts, in the order of `Who`; nobody, when it is worth knowing and no more.
        mirror: The rule that finds the same change when the releases are exchanged, or `SYMMETRIC`.
        decided: The depths that can see it, the one that decides first.
        before: What held with the older release.
        after: What holds with the newer one.
        breaks: Who breaks, and how.
        adapt: What to do about it.
        source: Where it was seen, or where the SDK does it.
        confirmed_by: For what a model only declares: the rules by which a deeper look says that it is felt. Declared
            alone it makes no error. Empty where the models decide.
    """

    id: str
    title: str
    severity: Severity
    hurts: tuple[Who, ...]
    mirror: str
    decided: tuple[Depth, ...]
    _: KW_ONLY
    before: str
    after: str
    breaks: str
    adapt: str
    source: str = ""
    confirmed_by: tuple[str, ...] = ()
