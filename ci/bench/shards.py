"""How the time to put shards together grows with the number of results; linear, or this fails."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from botoproof.ci.campaign.shard import Shard
from botoproof.ci.shards.gathering import find_files, gather
from botoproof.ci.shards.identity import Identity
from botoproof.ci.shards.merging import merge_results
from botoproof.ci.shards.result_file import PlacedFinding, ShardFile, ShardResult

SMALL, TIMES = 100_000, 4
BOUND = 8.0  # for four times as many results; quadratic would be 16, and linear is not quite 4, as caches have an end
SHARDS = 4
NAME = "importexport.UpdateJob"


def write(folder: Path, results: int) -> None:
    """Write a run of so many results in shards: each a case, one in fifty a finding of its own."""
    identity = Identity({"seed": 1, "results": results}, {}, {}, {}, Shard(1, SHARDS))
    for shard in range(SHARDS):
        numbers = range(shard, results, SHARDS)
        one = replace(identity, shard=Shard(shard + 1, SHARDS))
        file = ShardFile(folder, one)
        for number in numbers:
            case = {"kind": "case", "phase": "table", "operation": NAME, "number": number, "probe": f"probe.{number}"}
            file.line({**case, "outcome": "returned", "findings": []})
        findings = tuple(PlacedFinding(finding(number), (0, 0, number)) for number in numbers if number % 50 < SHARDS)
        probes = {f"probe.{number}": number for number in numbers}
        file.finish(ShardResult(one, report(probes), findings, probes={"UpdateJob": probes}))


def finding(number: int) -> dict[str, Any]:
    """Return a finding that some other shards have met, too."""
    told = {"severity": "error", "evidence": "documented", "status": "new", "code": "reply-slow", "count": 1}
    return {**told, "fingerprint": f"{number // 100:012x}", "case": {"reply": "x" * 500}}


def report(probes: dict[str, int]) -> dict[str, Any]:
    """Return the report of a shard, but for its findings."""
    errors = {"E": {"provoked": len(probes), "probes": list(probes), "evidence": "observed", "unreachable": None}}
    outcomes = dict.fromkeys(probes, "returned")
    operation = {"cases": len(probes), "errors": errors, "outcomes": {"returned": len(probes)}, "probes": outcomes}
    counts = dict.fromkeys(("programs", "undecided", "throttled", "withheld"), 0)
    lists: dict[str, Any] = {"unreachable": [], "left_behind": [], "leniencies": {}, "faults": {}}
    head = {"schema": "botoproof/report/1", "tool": {}, "target": {}, "seed": 1, "verdict": "findings", "stopped": None}
    phases = {"table": {"cases": len(probes), "seconds": 1.0}}
    return {**head, **counts, **lists, "phases": phases, "operations": {NAME: operation}}


def seconds(folder: Path, results: int) -> float:
    """Return how long it takes to read and put together what lies in a folder."""
    begun = time.process_time()
    gathered = gather(find_files([folder]))
    merged = merge_results(gathered.results, gathered.missing)
    took = time.process_time() - begun
    if merged["operations"][NAME]["cases"] != results or sum(one.cases for one in gathered.results) != results:
        raise SystemExit("results were lost or counted twice")
    return took


def main(rounds: int) -> int:
    """Print both sizes and their ratio; return 1 when it is over the bound."""
    with tempfile.TemporaryDirectory() as name:
        sizes = (SMALL, SMALL * TIMES)
        for size in sizes:
            write(Path(name) / str(size), size)
        # In turn, and the fastest of each: what else the machine does is no matter of ours.
        took = [[seconds(Path(name) / str(size), size) for size in sizes] for _ in range(rounds)]
    small, large = (min(column) for column in zip(*took, strict=True))
    ratio = large / small
    print(f"{SMALL:>7} results  {small:.3f} s")
    print(f"{SMALL * TIMES:>7} results  {large:.3f} s")
    print(f"ratio {ratio:.1f} (bound {BOUND})")
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
