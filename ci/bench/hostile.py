"""CPU time for megabytes of almost-leaks, as ratios to harmless text of the same length."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Call, Case
from botoproof.contract.checks.hygiene import reply_gives_nothing_away
from botoproof.contract.exchange import Allowance, Exchange
from botoproof.contract.interaction import Interaction, Reply, Request
from botoproof.contract.outcome import Returned

SIZE = 1_000_000
BOUND = 50  # times harmless text; what is quadratic takes thousands
HARMLESS = "nothing here "
PIECES = ("com.", "at x ", "/home", "10.", 'File "', "at a(", ":1", "at a ::1", "C:\\", "java.x", " /var/")
ROUNDS = 5


def seconds(piece: str) -> float:
    """Return the least CPU time of some rounds for a reply that repeats `piece`."""
    body = (piece * (SIZE // len(piece))).encode()
    request = Request("POST", "http://127.0.0.1/", (), b"Action=UpdateJob")
    interaction = Interaction(request, Reply(200, (), body), None, datetime.now(UTC), 0.0)
    operation = read_operation("importexport", "UpdateJob")
    case = Case("UpdateJob", Call({}))
    exchange = Exchange(operation, case, interaction, Returned({}, 200, None), None, None, (), Allowance())
    least = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        list(reply_gives_nothing_away(exchange))
        least = min(least, time.process_time() - begun)
    return least


def main() -> int:
    """Print the table; return 1 when a piece takes longer than the bound."""
    harmless = seconds(HARMLESS)
    ratios = {piece: seconds(piece) / harmless for piece in PIECES}
    for piece, ratio in ratios.items():
        print(f"{piece!r:<12}{ratio:>8.1f} times harmless text")
    return int(max(ratios.values()) > BOUND)


if __name__ == "__main__":
    sys.exit(main())
