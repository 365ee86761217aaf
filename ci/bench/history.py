"""Seconds to add 100,000 results to a history, as one run and as 400 nights, and to ask it what changed."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from botoproof.ci.history.adding import add_run
from botoproof.ci.history.issues import issues_of
from botoproof.ci.history.loading import load
from botoproof.ci.history.past import Group, GroupResult, PastFinding, PastRun, Sighting, State, Stream
from botoproof.ci.history.questions import news_of, trend_of
from botoproof.ci.history.reading import Kept
from botoproof.ci.history.store import reading, writing

RESULTS, NIGHTS, FINDINGS = 100_000, 400, 20
INSERT, ASK = 3.0, 3.0  # seconds at most
FIRST = datetime(2026, 1, 1, 2, tzinfo=UTC)
STREAM = Stream("s", "url", "http://127.0.0.1:1")


def night(number: int, results: int) -> Kept:
    """Return a run with so many results, of which some show findings; each of those comes and goes."""
    groups = [Group(f"s.Operation{index % 50}", "table", f"probe {index}") for index in range(results)]
    shown = [index for index in range(FINDINGS) if (number // (index + 1)) % 2]
    at = FIRST + timedelta(days=number)
    run = PastRun(
        digest=str(number),
        at=at,
        night=f"{at:%Y-%m-%d}",
        stream=STREAM,
        botocore="1.44.5",
        tool="0.1.0",
        python="3.11.2",
        seed=number,
        shard="",
        verdict="findings",
        stopped="",
        cases=results,
        seconds=1.0,
        documented=18,
        provoked=18,
        sightings=tuple(Sighting(f"{i:012x}", "new", "error", "documented", 1, "", groups[i]) for i in shown),
        results=tuple(
            GroupResult(group, State.FAIL if index in shown else State.PASS, "refused:InvalidJobIdException")
            for index, group in enumerate(groups)
        ),
    )
    words = ("error-undocumented", "title", "s.Operation0", "/Error", "expected", "observed", "source")
    return Kept(run, tuple(PastFinding(f"{i:012x}", *words, {"boto3": "x" * 2000}) for i in shown))


def add(path: Path, nights: Sequence[Kept]) -> None:
    """Add reports as one command does."""
    with writing(path) as connection:
        for kept in nights:
            add_run(connection, kept)


def ask(path: Path) -> None:
    """Ask what the overview, a page and the tracker ask."""
    with reading(path) as connection:
        history = load(connection)
    if len(trend_of(history, STREAM)) != NIGHTS or not news_of(history, STREAM).new + issues_of(history, {}):
        raise SystemExit("the history does not tell what was put into it")


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Return the seconds that work takes."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def main(rounds: int) -> int:
    """Print the figures and return 1 when one is over its bound."""
    one, many = [night(1, RESULTS)], [night(number, RESULTS // NIGHTS) for number in range(NIGHTS)]
    best: tuple[float, ...] = ()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            single, year = Path(folder) / "one.sqlite", Path(folder) / "year.sqlite"
            seconds = (timed(add, single, one), timed(add, year, many), timed(ask, year))
            best = tuple(map(min, seconds, best or seconds))
            size = year.stat().st_size / 2**20
    figures = tuple(zip(("one run", f"{NIGHTS} nights", "asked"), best, (INSERT, INSERT, ASK), strict=True))
    for name, measured, bound in figures:
        print(f"{name:<12} {measured:6.2f} s, bound {bound:.0f} s{'' if measured < bound else '  OVER'}")
    print(f"{RESULTS} results of {NIGHTS} nights: {size:.1f} MiB")
    return int(any(measured >= bound for _, measured, bound in figures))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
