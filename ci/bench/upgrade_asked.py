"""What it takes to ask an SDK in a process of its own, against the same calls made in this one."""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable, Sequence

from botoproof.ci.upgrade import effective, faults, replay, wire
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.asking import Asked, command_of
from botoproof.ci.upgrade.inside.clients import Sdk, Sent, capture, method_of
from botoproof.ci.upgrade.inside.values import from_json
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk

SERVICES = ("sqs", "dynamodb", "lambda", "iam", "s3", "cloudwatch", "kms", "sns")
RATIO = 2.5  # times the plain calls, at most, for making, sending, telling and comparing them
DEPTHS = 30.0  # seconds at most for one small service at all depths
NAMED = "importexport"


def fastest(rounds: int, work: Callable[[], object]) -> float:
    """Return the seconds of the fastest round: the others are somebody else's load."""
    return min(timeit.repeat(work, number=1, repeat=rounds))


def plain(calls: dict[str, Sequence[dict[str, object]]]) -> None:
    """Make the calls in this process, up to the moment at which they would be sent."""
    sdk = Sdk()
    for service, made in calls.items():
        sdk.turn_to(service)
        client = sdk.client(service)
        capture(client)
        for call in made:
            try:
                method_of(client, call["operation"])(**from_json(call["parameters"]))
            except Sent:
                continue


def main(rounds: int) -> int:
    """Print the figures and return 1 when one is over its bound."""
    sdk = find_sdk(INSTALLED)
    with Asked(command_of(sdk), str(sdk)) as asked:
        asked.ask("hello")
        calls = {service: asked.ask("wire", service=service)["calls"] for service in SERVICES}

        def ask() -> None:
            for service in SERVICES:
                answer = asked.ask("wire", service=service)
                wire.compare_answers(service, answer["calls"], answer["sent"], answer["sent"])

        sent = {service: [call for call in made if "parameters" in call] for service, made in calls.items()}
        count = sum(map(len, sent.values()))
        alone, through = fastest(rounds, lambda: plain(sent)), fastest(rounds, ask)
    print(f"plain   {1000 * alone / count:6.2f} ms a call ({count} calls of {len(SERVICES)} services)")
    print(f"asked   {1000 * through / count:6.2f} ms a call, {through / alone:.2f} times that; at most {RATIO}")
    seconds = 0.0
    for depth in (effective, wire, replay, faults):
        took = fastest(rounds, lambda: depth.look(sdk, sdk, Scope((NAMED,)), lambda _: None))  # noqa: B023 - called at once
        seconds += took
        print(f"{depth.__name__.rpartition('.')[2]:<10} {took:5.2f} s for {NAMED}")
    print(f"together   {seconds:5.2f} s; at most {DEPTHS:g}")
    return int(through / alone > RATIO or seconds > DEPTHS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
