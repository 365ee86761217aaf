"""Recordings as the target of `botoproof run`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...contract.adapters.http import TIME_LIMIT
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration
from ...contract.specification import Specification
from ..campaign.result import RunResult
from ..campaign.tapes import Player, Tape, cassette_target, open_tapes
from ..campaign.targets import Target
from ..recordings import files_of
from ..report.recordings import hit_rate

PREFIX = "cassette:"
_USEFUL = frozenset(
    {"--target", "--config", "--evidence", "--report", "--min-hits", "--max-unplayed", "--no-run-folder"}
)


@dataclass(frozen=True)
class Thresholds:
    """What a run against recordings must reach.

    Attributes:
        min_hits: How many of a hundred requests must be answered, or None.
        max_unplayed: How many interactions may be left over, or None.
    """

    min_hits: float | None
    max_unplayed: int | None

    def missed(self, result: RunResult) -> str:
        """Return which threshold a run has missed, as a sentence, or an empty text."""
        hits = sum(one.hits for one in result.recordings)
        misses = sum(len(one.misses) for one in result.recordings)
        unplayed = sum(len(one.unplayed) for one in result.recordings)
        rate = hit_rate(hits, misses)
        if self.min_hits is not None and rate < self.min_hits:
            return f"only {rate:.1f} % of the requests were answered, and --min-hits asks for {self.min_hits:g} %"
        if self.max_unplayed is not None and unplayed > self.max_unplayed:
            return f"{unplayed} interactions were not played, and --max-unplayed allows {self.max_unplayed}"
        return ""


@dataclass(frozen=True)
class Recordings:
    """Recordings, opened.

    Attributes:
        tapes: They themselves.
        player: Answers from them.
        target: They as a target.
    """

    tapes: tuple[Tape, ...]
    player: Player
    target: Target


def open_recordings(
    wish: str, specification: Specification, operations: tuple[str, ...], *, given: Iterable[str]
) -> Recordings:
    """Return the recordings that ``cassette:PATH`` names.

    Args:
        wish: What the option says.
        specification: Of the service.
        operations: The subjects of the run.
        given: The options that were given.

    Raises:
        BadCassette: A file cannot be read.
        BadConfiguration: There are none, or an option does not go with them.
    """
    if useless := sorted(set(given) - _USEFUL):
        raise BadConfiguration(f"{useless[0]} does not go with recordings: nothing is drawn, sent or kept for later")
    path = wish.removeprefix(PREFIX)
    if not path:
        raise BadConfiguration("the target names no recording: it must be cassette:PATH, a file or a folder")
    tapes = open_tapes(specification, files_of([Path(path)]), operations)
    player = Player(EXAMPLE_KEY, specification.scope)
    return Recordings(tapes, player, cassette_target(specification, player, tapes[0], time_limit=TIME_LIMIT))
