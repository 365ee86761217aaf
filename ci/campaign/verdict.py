"""The verdict of a run, from what is known of it: the same for a whole run and for one put together from shards."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...contract.common_errors import THROTTLING_ERRORS

CLEAN, FINDINGS, KNOWN, UNKNOWN = "clean", "findings", "known", "unknown"

# Of these outcomes alone nothing follows: no request reached the endpoint, or it looked at none.
_SAYS_NOTHING = {"rejected by the SDK", *(f"refused:{code}" for code in THROTTLING_ERRORS)}
# These phases ask no endpoint, and beside others they say nothing of one.
_ASK_NOBODY = {"replies", "faults"}


def verdict_of(*, counting: bool, weighing: bool, complete: bool) -> str:
    """Return what a run says.

    Args:
        counting: Whether a finding turns it red, or a known one was not seen where it should have been.
        weighing: Whether there are findings that are more than notes, known and flaky ones too.
        complete: Whether all that was planned was done, and something was judged.

    >>> verdict_of(counting=False, weighing=True, complete=True)
    'known'
    """
    if counting:
        return FINDINGS
    if not complete:
        return UNKNOWN
    return KNOWN if weighing else CLEAN


def is_judged(phases: Collection[str], outcomes: Iterable[str], *, replies: int, faults: int) -> bool:
    """Return whether something follows from what a run did.

    Args:
        phases: Those that it came to.
        outcomes: Every outcome that was seen, of whichever operation.
        replies: How many replies of our own making were parsed.
        faults: How many faults were tried.
    """
    if phases and _ASK_NOBODY.issuperset(phases):
        return replies > 0 or faults > 0
    return not _SAYS_NOTHING.issuperset(outcomes)
