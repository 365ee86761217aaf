"""CPU milliseconds that our pytest plugin adds to an empty project, beside Schemathesis' own.

    python ci/bench/plugin_cost.py [--rounds N] [--schemathesis-python PATH]

One passing test, with a plugin and with `-p no:NAME` in turn. Hypothesis' plugin is left out of both: in a project that
does not use it, it costs more than everything else together. PATH is the interpreter of an environment that has
Schemathesis and pytest.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]


def spent(python: str, arguments: list[str], folder: Path) -> float:
    """Return the CPU milliseconds of one run of pytest in `folder`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - the bench runs the interpreters that it is given
        [python, "-m", "pytest", *QUIET, *arguments], cwd=folder, check=True, capture_output=True, timeout=120
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def row(name: str, python: str, folder: Path, rounds: int) -> str:
    """Return what the plugin of that name costs, from `rounds` pairs of runs."""
    without = ["-p", f"no:{name}"]
    spent(python, [], folder)
    pairs = [(spent(python, [], folder), spent(python, without, folder)) for _ in range(rounds)]
    loaded = statistics.median(ours for ours, _ in pairs)
    bare = statistics.median(bare for _, bare in pairs)
    added = statistics.median(ours - bare for ours, bare in pairs)
    return f"{name:<14}{bare:>10.1f}{loaded:>10.1f}{added:>10.1f}"


def main(rounds: int, schemathesis: str | None) -> None:
    """Measure, and print the medians."""
    plugins = [("botoproof", sys.executable)]
    plugins += [("schemathesis", schemathesis)] if schemathesis else []
    print(f"pytest on one passing test: CPU milliseconds, medians of {rounds} rounds in turn")
    print(f"{'plugin':<14}{'without':>10}{'with':>10}{'added':>10}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("test_one.py").write_text("def test_one():\n    pass\n", "utf-8")
        for plugin, python in plugins:
            print(row(plugin, python, folder, rounds))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--schemathesis-python", metavar="PATH")
    given = parser.parse_args()
    main(given.rounds, given.schemathesis_python)
