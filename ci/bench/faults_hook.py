"""CPU per call with a fault of the hook beside the same call without: the same answer, from the same transport."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from botoproof.contract.adapters.hook import inject
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import ClientSettings, as_response, make_client
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.interaction import Reply

CODE = "InvalidJobIdException"
LIMIT = 1.3
ROUNDS = 20
PARAMETERS = {"JobId": "ABCDE", "Manifest": "manifestVersion: 2.0", "JobType": "Import", "ValidateOnly": False}


def stand(reply: Reply) -> Any:
    """Return a client whose requests are all answered by `reply`, without a socket."""
    client = make_client(ClientSettings("importexport", "http://127.0.0.1:9", "us-east-1", EXAMPLE_KEY, {}))
    client.meta.events.register_first("before-send", lambda request, **_: as_response(request.url, reply))
    return client


def one_call(client: Any) -> None:
    """Make the call, whatever comes of it."""
    with contextlib.suppress(client.exceptions.ClientError, Exception):
        client.update_job(**PARAMETERS)


def cpu(client: Any, calls: int) -> float:
    """Return CPU microseconds per call."""
    begun = time.process_time()
    for _ in range(calls):
        one_call(client)
    return (time.process_time() - begun) / calls * 1e6


@contextlib.contextmanager
def without(_: Any) -> Iterator[None]:
    """Let the client be."""
    yield


def main(calls: int) -> None:
    """Measure in turn, and print medians and ratios within a round."""
    updated = write_result(read_operation("importexport", "UpdateJob"), {"Success": True}, request_id="r")
    refused = write_error(CODE, "m", request_id="r")
    right, refusing = stand(updated), stand(refused)
    pairs: dict[str, tuple[Any, str]] = {
        "a plan that leaves the call alone": (right, "GetStatus=dns"),
        "latency(50ms)": (right, "UpdateJob=latency(50ms)"),
        "xml.namespace": (right, "UpdateJob=xml.namespace"),
        f"error({CODE})": (refusing, f"UpdateJob=error({CODE})"),
    }
    share = max(1, calls // ROUNDS)
    worst = 0.0
    print(f"CPU microseconds per call, medians of {ROUNDS} rounds of {share} calls, in turn")
    print(f"{'':<36}{'without':>10}{'with':>10}{'ratio':>8}")
    for name, (client, plan) in pairs.items():
        bare, struck = [], []
        cpu(client, share)
        for _ in range(ROUNDS):
            bare.append(cpu(client, share))
            with inject(client, plan):
                struck.append(cpu(client, share))
        ratio = statistics.median(s / b for s, b in zip(struck, bare, strict=True))
        worst = max(worst, ratio)
        print(f"{name:<36}{statistics.median(bare):>10.0f}{statistics.median(struck):>10.0f}{ratio:>8.2f}")
    if worst > LIMIT:
        raise SystemExit(f"the worst ratio is {worst:.2f}, and {LIMIT} at most was promised")


if __name__ == "__main__":
    main(int(sys.argv[1]))
