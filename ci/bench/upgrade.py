"""Seconds to compare the models of all services of two releases, beside a plain json.loads of what there is to read."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator

from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.models import look
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import find_sdk
from botoproof.ci.upgrade.wheels import open_models

BOUND = 3.0
"""So many times what it takes to parse every file of both releases, also where most of them differ."""

KINDS = ("service-2", "paginators-1", "waiters-2")


def texts(sdk: Sdk) -> Iterator[bytes]:
    """Yield what the models of a release say, unpacked."""
    with open_models(sdk) as models:
        for service in models.services.values():
            for kind in KINDS:
                if (path := service.files.get(kind)) is not None:
                    data = models.read(path)
                    yield gzip.decompress(data) if path.endswith(".gz") else data


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(old: str, new: str, rounds: int) -> int:
    """Print both figures and return 1 when the comparison is over its bound."""
    releases = find_sdk(old), find_sdk(new)

    def parse() -> None:
        for sdk in releases:
            for text in texts(sdk):
                json.loads(text)

    looked = look(*releases, Scope(), lambda _: None)
    plain = min(seconds(parse) for _ in range(rounds))
    ours = min(seconds(lambda: look(*releases, Scope(), lambda _: None)) for _ in range(rounds))
    print(
        f"{releases[0].version} -> {releases[1].version}: {looked.looked} services, {len(looked.changes)} differences"
    )
    print(f"json.loads {plain:6.2f} s")
    over = ours >= BOUND * plain
    print(f"models     {ours:6.2f} s, {ours / plain:.2f} times that, bound {BOUND}{'  OVER' if over else ''}")
    return int(over or bool(looked.gaps))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
