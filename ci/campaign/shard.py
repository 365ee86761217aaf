"""Shards: a run in several parts, on as many machines. Together they send what the whole run would have sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...contract.errors import BadConfiguration

_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a run.

    Attributes:
        number: Which, counted from 1.
        of: How many there are.
    """

    number: int = 1
    of: int = 1

    def holds(self, number: int) -> bool:
        """Return whether the case of that number, counted from 0, is one of this shard.

        >>> [number for number in range(7) if Shard(2, 3).holds(number)]
        [1, 4]
        """
        return number % self.of == self.number - 1

    def size(self, cases: int) -> int:
        """Return how many of so many cases are this shard's.

        >>> [Shard(number, 3).size(7) for number in (1, 2, 3)]
        [3, 2, 2]
        """
        return len(range(self.number - 1, cases, self.of))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Shard()


def read_shard(text: str) -> Shard:
    """Return the shard that ``K/N`` names.

    Raises:
        BadConfiguration: It is not of that form, or there is no such shard.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise BadConfiguration(f"a shard is written as K/N, the K-th of N, e.g. 1/4, got {text!r}")
    number, of = int(form[1]), int(form[2])
    if not 1 <= number <= of:
        known = f"shards are counted from 1/{of} to {of}/{of}" if of else "there must be one shard at least, 1/1"
        raise BadConfiguration(f"there is no shard {text}: {known}")
    return Shard(number, of)
