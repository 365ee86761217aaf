"""What the result of a shard follows from. Two shards with the same key need not both be run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ..campaign.shard import Shard

# The published report tells the exact Python; what is drawn does not depend on more than this of it.
VERSIONS = ("botoproof", "boto3", "botocore", "hypothesis")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the result of a shard follows from.

    Attributes:
        plan: What the whole run is to do, by name.
        tool: Versions by name.
        target: Where it is sent, and how.
        world: What the endpoint is said to hold, without secrets.
        shard: Which part it is.
    """

    plan: Mapping[str, Any]
    tool: Mapping[str, str]
    target: Mapping[str, Any]
    world: Mapping[str, Any]
    shard: Shard

    @property
    def run_key(self) -> str:
        """The same for all shards of one run, and for no other."""
        return _digest(self.run)

    @property
    def key(self) -> str:
        """The name under which the result is kept."""
        return _digest(self.data())

    def data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        run = {name: value for name, value in self.run.items() if name != "shards"}
        return {**run, "shard": {"number": self.shard.number, "of": self.shard.of}}

    @property
    def run(self) -> dict[str, Any]:
        """What all shards of one run have in common, as JSON has it."""
        parts = {"plan": self.plan, "tool": self.tool, "target": self.target, "world": self.world}
        # As it is read again: a world may hold dates, and tuples become lists.
        return cast("dict[str, Any]", json.loads(_canonical({**parts, "shards": self.shard.of})))

    def differences(self, other: Identity) -> list[str]:
        """Return where `other` is of another run, e.g. ``plan.seed is 2 and not 1``; empty when it is not."""
        return list(_differences("", self.run, other.run))


def read_identity(data: Mapping[str, Any]) -> Identity:
    """Return the identity that `Identity.data` gave.

    Raises:
        KeyError, TypeError: It is not one.
    """
    shard = Shard(int(data["shard"]["number"]), int(data["shard"]["of"]))
    return Identity(data["plan"], data["tool"], data["target"], data["world"], shard)


def _digest(data: Any) -> str:
    return hashlib.sha256(_canonical(data).encode()).hexdigest()[:32]


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)


def _differences(place: str, ours: Any, theirs: Any) -> Iterator[str]:
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        left, right = cast("Mapping[str, Any]", ours), cast("Mapping[str, Any]", theirs)
        for name in dict.fromkeys((*left, *right)):
            yield from _differences(f"{place}.{name}" if place else name, left.get(name), right.get(name))
    elif ours != theirs:
        yield f"{place} is {_shown(theirs)} and not {_shown(ours)}"


def _shown(value: Any) -> str:
    return "absent" if value is None else json.dumps(value, ensure_ascii=False)
