"""A leniency: one way in which botocore's parser is known to depart from the strict reading."""

from __future__ import annotations

from dataclasses import dataclass

from ..interaction import Reply
from ..model import Operation
from .example import OPERATION


@dataclass(frozen=True, slots=True)
class Leniency:
    """A way in which botocore's parser is known to depart from the strict reading of a reply.

    Attributes:
        code: Stable: ``lenient-…`` where botocore accepts, ``raised-…`` where what it raises is not what it should.
        title: One line.
        does: What botocore does.
        hurts: Who is hurt, and how.
        departures: The codes of the departures that it concerns; no other may hide behind it.
        example: A reply that shows it.
        asked_for: Whether the protocol asks clients for it, so that refusing would be a defect.
        operation: The made-up operation that the example answers.
    """

    code: str
    title: str
    does: str
    hurts: str
    departures: frozenset[str]
    example: Reply
    asked_for: bool = False
    operation: Operation = OPERATION

    @property
    def refuses(self) -> bool:
        """Whether the caller gets an exception instead of what the reply says."""
        return self.code.startswith("raised-") or self.code == "lenient-generic-error"


def listed(
    code: str,
    departures: str,
    example: Reply,
    title: str,
    does: str,
    hurts: str,
    *,
    asked_for: bool = False,
    operation: Operation = OPERATION,
) -> Leniency:
    """Return a leniency; `departures` are codes in one text. See `Leniency` for the rest."""
    return Leniency(code, title, does, hurts, frozenset(departures.split()), example, asked_for, operation)
