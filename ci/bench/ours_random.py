"""Our random phase in process with all checks; prints cases and CPU seconds as JSON, and by stage with `--stages`."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import sys
import time

from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.codec.signature import Credential
from botoproof.contract.finding import Evidence
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings

KEY = Credential("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
# Where the time of a case goes: function, file, and what it stands for.
STAGES = (
    ("call", "adapters/sdk.py", "boto3: validate, serialise, sign, parse"),
    ("answer", "importexport/endpoint.py", "embedded endpoint"),
    ("expect", "importexport/oracle.py", "oracle"),
    ("read_reply", "codec/query_reading.py", "strict codec"),
    ("find", "checks/__init__.py", "all checks"),
    ("parse", "adapters/sdk.py", "boto3's parser, for requests that the SDK cannot send"),
    ("build", "adapters/caller.py", "signing of such requests"),
    ("sdk_rejects", "contract/validation.py", "model validation"),
    ("one", "campaign/running.py", "everything after the draw"),
    ("_run", "campaign/drawing.py", "the phase, draw included"),
)


def main(examples: int, *, stages: bool) -> None:
    """Run the random phase once and print its figures."""
    specification = find_specification("importexport")
    world = specification.world(Settings((KEY,)))
    judge = open_judge(specification, embedded_target(specification, world, KEY))
    warm = Plan("importexport", ("UpdateJob",), phases=("random",), seed=2, max_examples=20)
    run_campaign(warm, judge, lambda _: None)
    collector = Collector(Evidence.OBSERVED)
    plan = Plan("importexport", ("UpdateJob",), phases=("random",), seed=1, max_examples=examples)
    profile = cProfile.Profile()
    begun = time.process_time()
    if stages:
        profile.enable()
    run_campaign(plan, judge, collector)
    profile.disable()
    spent = time.process_time() - begun
    result = collector.result()
    cases = sum(operation.cases for operation in result.operations.values())
    if not stages:
        sys.stdout.write(json.dumps({"cases": cases, "cpu": spent, "failures": len(result.findings)}))
        return
    table = pstats.Stats(profile, stream=io.StringIO()).stats  # type: ignore[attr-defined] # the stubs lack it
    whole = max(row[3] for row in table.values())
    for function, file, meaning in STAGES:
        rows = [row for key, row in table.items() if key[2] == function and key[0].endswith(file)]
        share = sum(row[3] for row in rows) / whole
        sys.stdout.write(f"{share:6.1%}  {meaning}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), stages="--stages" in sys.argv)
