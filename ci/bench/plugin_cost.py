"""CPU milliseconds that our pytest plugin adds to an empty project: `python ci/bench/plugin_cost.py [ROUNDS]`.

One passing test, with the plugin and with `-p no:botoproof` in turn; Hypothesis' plugin is left out of both: it costs
more than everything else together.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]


def spent(arguments: list[str], folder: Path) -> float:
    """Return the CPU milliseconds of one run of pytest in `folder`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - the bench runs its own interpreter
        [*COMMAND, *arguments], cwd=folder, check=True, capture_output=True, timeout=120
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main(rounds: int) -> None:
    """Measure in turn and print the medians and the median of the differences."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("test_one.py").write_text("def test_one():\n    pass\n", "utf-8")
        spent([], folder)
        pairs = [(spent([], folder), spent(["-p", "no:botoproof"], folder)) for _ in range(rounds)]
    added = statistics.median(ours - bare for ours, bare in pairs)
    print(f"pytest on one passing test, {rounds} rounds in turn, CPU milliseconds (median)")
    print(f"with botoproof's plugin    {statistics.median(ours for ours, _ in pairs):7.1f}")
    print(f"with -p no:botoproof       {statistics.median(bare for _, bare in pairs):7.1f}")
    print(f"added by the plugin        {added:7.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
