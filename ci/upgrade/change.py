"""A change: one difference between two releases of the SDK, as plain data that anybody can weigh."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .rule import Depth, Side


@dataclass(frozen=True, slots=True)
class Witness:
    """A call or a reply that was tried in both releases, to see whether a change is felt.

    Attributes:
        asked: What was tried, as one line: the parameters, or the reply.
        before: What the older release made of it.
        after: What the newer release made of it.
        confirms: Whether it worked before and does not after.
    """

    asked: str
    before: str
    after: str
    confirms: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two releases in one place.

    Attributes:
        rule: The id of its rule.
        service: botocore's name of the service; empty for what holds for all of them.
        operation: Its name in the model; empty for what holds for the whole service.
        path: Where, e.g. ``$.Tags[].Key``, a header's name, a script of faults; empty for the whole.
        side: Which way the thing travels.
        old: What was there, in the fewest words; empty for nothing.
        new: What is there.
        depth: The depth that saw it.
        evidence: What was looked at, for a reader: a call, a reply, a script. No part of the fingerprint.
        witness: What came of trying it in both releases, once that was done.
    """

    rule: str
    service: str
    operation: str
    path: str
    side: Side
    old: str
    new: str
    depth: Depth
    evidence: str = ""
    witness: Witness | None = None

    @property
    def subject(self) -> str:
        """``service.Operation``, ``service``, or ``*`` for what holds for every service."""
        if not self.operation:
            return self.service or "*"
        return f"{self.service}.{self.operation}"

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits, equal for the same change in every pair of releases that shows it; no prose is in it."""
        return fingerprint(self.rule, self.service, self.operation, self.path, self.old, self.new)


def fingerprint(rule: str, service: str, operation: str, path: str, old: str, new: str) -> str:
    """Return the twelve hex digits by which an accept file knows a change.

    >>> fingerprint("service-removed", "qldb", "", "", "qldb", "")
    '86c3ea1f1982'
    """
    text = "\0".join((rule, service, operation, path, old, new))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
