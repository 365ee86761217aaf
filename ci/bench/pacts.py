"""How long it takes to write the pact of UpdateJob, to verify it, and to meet each of its errors in its own case."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.targets import embedded_target
from botoproof.ci.pacts.case import pact_case
from botoproof.ci.pacts.pact import Pact
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.ci.pacts.verify import verify
from botoproof.ci.pacts.writing import write_pact
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings

WRITE, VERIFY, MEET = 0.050, 2.0, 1.0  # seconds at most
SERVICE = "importexport"


def fastest(rounds: int, work: Callable[[], object]) -> float:
    """Return the seconds of the fastest round: the others are somebody else's load."""
    seconds: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main(rounds: int) -> int:
    """Print both figures and return 1 when one is over its bound."""
    specification = find_specification(SERVICE)
    operations = {operation.name: operation for operation in read_operations(SERVICE)}

    def pact() -> Pact:
        return Pact("c", "p", promised_interactions(specification, "UpdateJob", operations).interactions)

    with tempfile.TemporaryDirectory() as folder:
        path, written = Path(folder) / "pact.json", pact()
        path.write_text(write_pact(written), "utf-8")
        target = embedded_target(specification, specification.world(Settings((EXAMPLE_KEY,))), EXAMPLE_KEY)
        verdicts: set[str] = set()

        def verified() -> None:
            found = verify(path, written, open_judge(specification, target))
            verdicts.update(one.verdict for one in found.interactions)

        met: set[str] = set()

        def errors_met() -> None:
            for error in operations["UpdateJob"].errors:
                with pact_case(f"{SERVICE}.UpdateJob", error.name) as case:
                    client = case.client(parameter_validation=False)  # one is about a parameter that is missing
                    try:
                        client.update_job(**case.parameters)
                    except client.exceptions.ClientError as refusal:
                        met.add(type(refusal).__name__)

        figures = (
            ("written", fastest(rounds, lambda: write_pact(pact())), WRITE),
            ("verified", fastest(rounds, verified), VERIFY),
            ("met", fastest(rounds, errors_met), MEET),
        )
    print(f"{len(written.interactions)} interactions, {' and '.join(sorted(verdicts))}; {len(met)} errors met")
    for name, seconds, bound in figures:
        print(f"{name:<9} {seconds * 1000:7.1f} ms, bound {bound * 1000:.0f} ms{'' if seconds < bound else '  OVER'}")
    return int(any(seconds >= bound for _, seconds, bound in figures) or verdicts != {"kept"} or len(met) != 18)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
