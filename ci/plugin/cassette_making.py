"""Files of recordings, written while a session records: one for each test, or shared by the tests that name it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from ...cassettes.format import Cassette, Provenance, Recorded, read_cassette
from ...cassettes.heading import Kind
from ...cassettes.sensitive import STANDARD, ScrubRules
from ...cassettes.writing import scrubbed, write_cassette
from ...contract.errors import BadConfiguration

_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


def standard_rules() -> ScrubRules:
    """Return the usual rules, with the secrets that the environment holds."""
    names = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return replace(STANDARD, secrets=frozenset(value for name in names if (value := os.environ.get(name))))


class Making:
    """What the tests of a session have recorded so far. One process writes; pytest-xdist is refused before."""

    def __init__(self) -> None:
        self._old: dict[Path, Cassette | None] = {}
        self._made: dict[Path, tuple[Recorded, ...]] = {}
        self._owners: dict[str, str] = {}

    def claim(self, path: Path, owner: str) -> None:
        """Let the file be written for a test, or for all that share its name.

        Raises:
            BadConfiguration: It is another's; names that differ in case only are the same to some file systems.
        """
        first = self._owners.setdefault(str(path).casefold(), owner)
        if first != owner:
            raise BadConfiguration(f"{path} is written for {first} already; give {owner} a name of its own")

    def add(self, path: Path, recorded: Cassette, services: Iterable[str], rules: ScrubRules, *, shared: bool) -> int:
        """Write a file anew with what one more test recorded, and return how many interactions it holds.

        What earlier sessions recorded is replaced; in a shared file only what was recorded again, as the tests that
        made the rest need not be among those that run now.

        Raises:
            ToolkitError: It cannot be written, or a secret is left; what was there before is untouched.
        """
        now = scrubbed(recorded, rules)
        if path not in self._old:
            self._old[path] = read_cassette(path) if shared and path.exists() else None
        old, made = self._old[path], further(self._made.get(path, ()), now.interactions)
        keys = {one.key for one in made}
        rest = old.interactions if old is not None and old.people == now.people else ()
        interactions = (*made, *(one for one in rest if one.key not in keys))
        provenance = _provenance(recorded.interactions, services)
        write_cassette(path, Cassette(provenance, None, interactions, now.people), rules=rules)
        self._made[path] = made
        return len(interactions)


def further(before: Iterable[Recorded], now: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Return what several tests recorded together: of a request that all of them made, as many as one of them did."""
    kept = list(before)
    counts = Counter(one.key for one in kept)
    for one in now:
        if counts[one.key] > 0:
            counts[one.key] -= 1
        else:
            kept.append(one)
    return tuple(kept)


def _provenance(interactions: Iterable[Recorded], services: Iterable[str]) -> Provenance:
    hosts = sorted({urlsplit(one.request.url).hostname or "" for one in interactions})
    kind: Kind = "aws" if all(host.endswith(_AWS) for host in hosts) else "emulator"
    sdk, tool = (f"{name} {version(name)}" for name in ("botocore", "botoproof"))
    return Provenance(kind, ", ".join(hosts), ", ".join(services), sdk, datetime.now(UTC).date(), tool)
