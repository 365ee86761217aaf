"""CPU milliseconds of the mark `every_fault`: for each item that is collected, and for each fault that strikes.

Beside each stands the same without the mark: one test collected, and the same test run as often by parametrize. A test
makes two calls of the embedded endpoint, by a client of its own; the faults are those of the level `ci`.
"""

from __future__ import annotations

import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

QUIET = ["-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:randomly"]
BODY = """
    client = botoproof_endpoint.client()
    job = botoproof_endpoint.job("pending")
    assert client.get_status(JobId=job)["JobId"] == job
    assert client.cancel_job(JobId=job)["Success"]
"""
CALLS = ("importexport.GetStatus", "importexport.CancelJob")
LINE_COLLECTED, LINE_RUN = 1000.0, 30.0  # CPU milliseconds for 300 items, and for each fault


def marked(calls: tuple[str, ...]) -> str:
    """Return the mark of a test that bears everything."""
    names = ", ".join(map(repr, calls))
    return f"@pytest.mark.every_fault({names}, unknown=Exception, idempotent=['CancelJob'])"


def project(folder: Path, mark: str, arguments: str = "botoproof_endpoint") -> Path:
    """Write a project of one test."""
    folder.mkdir()
    (folder / "test_it.py").write_text(f"import pytest\n\n{mark}\ndef test_it({arguments}):{BODY}", "utf-8")
    return folder


def spent(folder: Path, *arguments: str) -> tuple[float, str]:
    """Return the CPU milliseconds of one run of pytest in `folder`, and its last line."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=300, check=False)  # noqa: S603 - pytest in a folder of our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    last = done.stdout.strip().splitlines()[-1]
    if done.returncode not in (0, 1) or "error" in last:
        raise SystemExit(f"{done.stdout}\n{done.stderr}")
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000, last


def median(folder: Path, rounds: int, *arguments: str) -> tuple[float, int]:
    """Return the median CPU milliseconds of several runs, and how many tests were collected or passed."""
    runs = [spent(folder, *arguments) for _ in range(rounds)]
    found = re.search(r"(\d+) (?:passed|tests? collected)", runs[0][1])
    if found is None or "failed" in runs[0][1]:
        raise SystemExit(f"the bench expected tests that pass, got: {runs[0][1]}")
    return statistics.median(milliseconds for milliseconds, _ in runs), int(found[1])


def main(rounds: int) -> None:
    """Measure, and print the medians; fail when they are above the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faults = project(folder / "faults", marked(CALLS))
        many = project(folder / "many", marked(tuple(f"importexport.UpdateJob#{number}" for number in range(7))))
        plain = project(folder / "plain", "")
        one, _ = median(plain, rounds, "--collect-only")
        all_of_them, items = median(many, rounds, "--collect-only")
        runs, count = median(faults, rounds)
        often = f"@pytest.mark.parametrize('number', range({count}))"
        floor, same = median(project(folder / "floor", often, "botoproof_endpoint, number"), rounds)
    collected = (all_of_them - one) * 300 / items
    print(f"medians of {rounds} rounds, CPU milliseconds")
    print(f"collected: {items} items {all_of_them:.0f}, one test without the mark {one:.0f}; for 300: {collected:.0f}")
    print(f"run: {count} faults {runs:.0f}, the same {same} times without {floor:.0f}; ratio {runs / floor:.2f}")
    each = (runs - one) / count
    print(f"each fault of a test with two calls: {each:.1f}")
    if collected > LINE_COLLECTED or each > LINE_RUN:
        raise SystemExit(f"above the line of {LINE_COLLECTED:.0f} for 300 items or {LINE_RUN:.0f} for each fault")


if __name__ == "__main__":
    main(int(sys.argv[1]))
