"""Many shards at once: by processes of this machine here, by a cluster in `cluster.py`. Each is told as it ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

from .work import ShardFailed, Work, carry_out


@dataclass(frozen=True, slots=True)
class Ended:
    """A shard that ended.

    Attributes:
        work: Which.
        result: The bytes of its file; empty when there are none.
        why: Why there are none.
    """

    work: Work
    result: bytes
    why: str = ""


Engine = Callable[[Sequence[Work], Callable[[], bool]], Iterator[Ended]]
"""Carries out work, and gives what ended, in any order; asks whether it is still wanted."""


def here(works: Sequence[Work], is_wanted: Callable[[], bool], *, at_once: int | None = None) -> Iterator[Ended]:
    """Carry out work by processes of this machine.

    Args:
        works: Which shards.
        is_wanted: When it says no, each process is asked to end in order, and gives what it learned until then.
        at_once: How many processes; as many as there are processors when None.
    """
    with ThreadPoolExecutor(at_once or os.cpu_count() or 1) as pool:
        left = {pool.submit(_one, work, is_wanted) for work in works}
        while left:
            try:
                ended, left = wait(left, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                if is_wanted():  # nobody has told the processes
                    raise
                continue
            for future in ended:
                yield future.result()


def _one(work: Work, is_wanted: Callable[[], bool]) -> Ended:
    if not is_wanted():
        return Ended(work, b"", "it was interrupted before it began")
    try:
        return Ended(work, carry_out(work, is_wanted))
    except ShardFailed as wrong:
        return Ended(work, b"", str(wrong))
