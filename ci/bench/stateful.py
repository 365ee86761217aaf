"""The phase `stateful` in process: programs, requests and CPU seconds, beside the floor of a bare draw and call."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.finding import Evidence
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings


def main(programs: int) -> None:
    """Run the phase once and the floor once with as many calls, and print the figures."""
    specification = find_specification("importexport")
    world = specification.world(Settings((EXAMPLE_KEY,)))
    judge = open_judge(specification, embedded_target(specification, world, EXAMPLE_KEY))
    collector = Collector(Evidence.OBSERVED)
    plan = Plan("importexport", specification.subjects, phases=("stateful",), seed=1, max_programs=programs)
    begun, wall = time.process_time(), time.perf_counter()
    run_campaign(plan, judge, collector)
    cpu, seconds = time.process_time() - begun, time.perf_counter() - wall
    result = collector.result()
    requests = result.phases["stateful"][0]
    peer = [sys.executable, str(Path(__file__).with_name("peer_floor.py")), str(requests)]
    floor = json.loads(subprocess.run(peer, capture_output=True, check=True, encoding="utf-8").stdout)  # noqa: S603 - the script beside this one
    ours, bare = requests / cpu, floor["cases"] / floor["cpu"]
    print(f"{result.programs} programs, {requests} requests: {seconds:.1f} s, of which {cpu:.1f} s of CPU")
    print(f"requests a CPU second: {ours:.0f}; bare draw and boto3 call: {bare:.0f}; {bare / ours:.2f} times the floor")
    if result.verdict != "clean":
        raise SystemExit(f"the embedded endpoint was accused: verdict {result.verdict}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
