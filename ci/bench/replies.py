"""Replies a CPU second, on the replies that the phase draws: botocore's parser, the strict codec, the whole phase."""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib import metadata

from botoproof.ci.campaign.events import Event, RepliesCompared
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.run import run_campaign
from botoproof.ci.campaign.targets import embedded_target
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings
from botoproof.strategies.replies import full_replies, wrong_replies

REPLIES = 20_000
FLOOR = 10_000  # replies a second per core that the phase must reach, for each operation
SERVICE = "importexport"
WHOLE = "the whole phase"


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many of `count` are done in a CPU second."""
    begun = time.process_time()
    work()
    return count / (time.process_time() - begun)


def require_all(plan: Plan, judge: Judge) -> None:
    """Carry a plan out, and make sure that no fewer replies were read than the figures say."""
    read = 0

    def count(event: Event) -> None:
        nonlocal read
        read += event.replies if isinstance(event, RepliesCompared) else 0

    run_campaign(plan, judge, count)
    if read != plan.max_replies:
        raise SystemExit(f"{read} replies were read instead of {plan.max_replies}")


def main(rounds: int) -> None:
    """Run every contestant so many times, in turn, and print the table; exit 1 where no round reaches the floor."""
    specification = find_specification(SERVICE)
    target = embedded_target(specification, specification.world(Settings((EXAMPLE_KEY,))), EXAMPLE_KEY)
    judge = open_judge(specification, target)
    names = sorted(judge.operations)
    figures: dict[str, list[float]] = {}
    for turn in range(rounds):
        for name in names:
            operation = judge.operations[name]
            cases = [case for right in full_replies(operation) for case in (right, *wrong_replies(right))]
            plan = Plan(SERVICE, (name,), phases=("replies",), seed=turn, max_replies=REPLIES)
            contestants: dict[str, tuple[int, Callable[[], object]]] = {
                "botocore's parser alone": (
                    len(cases),
                    lambda op=operation, given=cases: [parse_reply(op, case.reply) for case in given],
                ),
                "strict codec alone": (
                    len(cases),
                    lambda op=operation, given=cases: [read_reply(op, case.reply) for case in given],
                ),
                WHOLE: (REPLIES, lambda plan=plan: require_all(plan, judge)),
            }
            for what, (count, work) in contestants.items():
                figures.setdefault(f"{name}: {what}", []).append(rate(count, work))
    print(f"replies a CPU second, {rounds} rounds, Python {platform.python_version()}, ", end="")
    print(f"botocore {metadata.version('botocore')}")
    print(f"{'':<50}{'median':>9}{'min':>9}{'max':>9}")
    for what, values in figures.items():
        print(f"{what:<50}{statistics.median(values):>9.0f}{min(values):>9.0f}{max(values):>9.0f}")
    # Other work on the machine only makes a round slower.
    best = {name: max(figures[f"{name}: {WHOLE}"]) for name in names}
    slow = [f"{name}: {figure:.0f}" for name, figure in best.items() if figure < FLOOR]
    if slow:
        raise SystemExit(f"replies a second below the floor of {FLOOR}: {', '.join(slow)}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
