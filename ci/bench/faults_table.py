"""Seconds for the full table of faults of one operation, by each engine, beside the limit that was promised."""

from __future__ import annotations

import sys
import time

from botoproof.ci.faults.measuring import measure

LIMITS = {"hook": 10.0, "wire": 120.0}


def main(engines: list[str]) -> None:
    """Measure, print, and fail beyond a limit."""
    late: list[str] = []
    for engine in engines:
        begun, cpu = time.perf_counter(), time.process_time()
        table = measure("importexport", "UpdateJob", engines=(engine,), modes=("default",))
        seconds, used = time.perf_counter() - begun, time.process_time() - cpu
        print(
            f"{engine}: {len(table.rows)} trials in {seconds:.1f} s ({used:.1f} s of CPU); limit {LIMITS[engine]:g} s"
        )
        late += [engine] if seconds > LIMITS[engine] else []
    if late:
        raise SystemExit(f"{' and '.join(late)} took longer than was promised")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]).split())
