"""What became of recordings that were held to the contract, for the console and for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..campaign.events import CorpusPlayed
from ..campaign.result import RunResult
from .known import counted
from .payload import Redaction, words

_TOLD = 3  # misses; the JSON report tells all


def hit_rate(hits: int, misses: int) -> float:
    """Return how many of a hundred requests were answered; 0 when there were none.

    >>> hit_rate(3, 1), hit_rate(0, 0)
    (75.0, 0.0)
    """
    return 100 * hits / (hits + misses) if hits or misses else 0.0


def recording_lines(result: RunResult) -> Iterator[str]:
    """Yield what became of each recording: where it comes from, how much of it was played, and what was missed."""
    for one in result.recordings:
        source = one.provenance or "it does not say where it comes from"
        yield f"{one.path}: {source}"
        gaps = f"{len(one.misses)} missed, {len(one.unplayed)} unplayed"
        rate = hit_rate(one.hits, len(one.misses))
        yield f"  {one.hits} of {counted(one.interactions, 'interaction')} answered ({rate:.1f} %), {gaps}"
        yield from (f"  missed: {miss}" for miss in one.misses[:_TOLD])
        if len(one.misses) > _TOLD:
            yield f"  and {len(one.misses) - _TOLD} more"


def recording_data(played: CorpusPlayed, redaction: Redaction) -> dict[str, Any]:
    """Return what became of a recording as plain data."""
    source = played.provenance
    return {
        "path": played.path,
        "provenance": None
        if source is None
        else {
            "kind": source.kind,
            "host": source.host,
            "sdk": source.sdk,
            "recorded": source.recorded.isoformat(),
            "tool": source.tool,
        },
        "interactions": played.interactions,
        "hits": played.hits,
        "misses": [words(miss, redaction) for miss in played.misses],
        "unplayed": list(played.unplayed),
    }
