"""Runs the three peers in turn and prints CPU seconds per 1,000 cases: medians, spread, and ratios within a round."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXAMPLES = 1000


def run(python: str, script: str) -> dict[str, float]:
    """Return what a peer printed, with `per_1000`: CPU seconds for a thousand cases."""
    command = [python, str(HERE / script), str(EXAMPLES)]
    done = subprocess.run(  # noqa: S603 - the bench runs its own scripts
        command, check=True, capture_output=True, text=True, timeout=600
    )
    row = json.loads(done.stdout.splitlines()[-1])
    if row.get("failures"):
        raise SystemExit(f"{script} found {row['failures']} failures; figures with failures are not comparable")
    return {**row, "per_1000": row["cpu"] / row["cases"] * 1000}


def main(rounds: int, peer: str) -> None:
    """Run every contestant so many times, in turn, and print the table."""
    contestants = {
        "bare draw and bare boto3 call": (sys.executable, "peer_floor.py"),
        "botoproof, random phase, all checks": (sys.executable, "ours_random.py"),
        "Schemathesis, fuzzing phase, WSGI": (peer, "peer_schemathesis.py"),
    }
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, (python, script) in contestants.items():
            figures[name].append(run(python, script)["per_1000"])
    print(f"CPU seconds per 1,000 cases, {rounds} rounds in turn, Python {platform.python_version()}")
    print(f"{'':<40}{'median':>8}{'min':>8}{'max':>8}{'cases/CPU s':>13}")
    for name, values in figures.items():
        middle = statistics.median(values)
        print(f"{name:<40}{middle:>8.2f}{min(values):>8.2f}{max(values):>8.2f}{1000 / middle:>13.0f}")
    floor, ours, theirs = figures.values()
    print(f"Schemathesis / botoproof: {statistics.median(t / o for t, o in zip(theirs, ours, strict=True)):.2f}")
    print(f"botoproof / bare floor:   {statistics.median(o / f for o, f in zip(ours, floor, strict=True)):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
