"""The journal while it is being written, by several threads at once."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace

from ..faults.journal import Attempt, CallRecord, Origin


@dataclass(slots=True)
class _Open:
    service: str
    operation: str
    number: int
    origin: Origin | None = None
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    outcome: str = ""


class Ledger:
    """Numbers calls by their invocation ids, and keeps what came of their attempts.

    Attributes:
        forgotten: How many calls are no longer kept, since there were more than the limit.
    """

    def __init__(self, *, limit: int | None = None) -> None:
        """Keep calls, or the newest of them.

        Args:
            limit: How many; None for all.
        """
        self._limit = limit
        self.forgotten = 0
        self._lock = threading.Lock()
        self._calls: dict[str, _Open] = {}
        self._late: dict[tuple[str, int], tuple[int | None, ...]] = {}
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def call(self, service: str, operation: str, invocation: str, origin: Origin | None = None) -> int:
        """Return which call of that operation, in the group of its origin, this invocation is, counted from 0."""
        counted = (service, operation, origin.group if origin else "")
        with self._lock:
            found = self._calls.get(invocation)
            if found is None:
                number = self._counts[counted]
                self._counts[counted] += 1
                found = self._calls[invocation] = _Open(service, operation, number, origin)
                if self._limit is not None and len(self._calls) > self._limit:
                    del self._calls[next(iter(self._calls))]
                    self.forgotten += 1
            return found.number

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how many calls of each service and operation there were."""
        with self._lock:
            counted = Counter[tuple[str, str]]()
            for (service, operation, _), count in self._counts.items():
                counted[service, operation] += count
            return counted

    def note(self, invocation: str, attempt: Attempt) -> None:
        """Add an attempt of a call that has its number."""
        with self._lock:
            late = self._late.pop((invocation, attempt.number), ()) if self._late else ()
            if late:
                attempt = replace(attempt, served=(*attempt.served, *late))
            if invocation in self._calls:
                self._calls[invocation].attempts.append(attempt)

    def amend(
        self,
        invocation: str,
        number: int,
        *,
        waited: float = 0.0,
        served: tuple[int | None, ...] = (),
        seconds: float | None = None,
    ) -> None:
        """Add to an attempt what came later.

        Args:
            invocation: Of the call.
            number: Of the attempt.
            waited: How long the client waited after it.
            served: How a late request was served.
            seconds: How long it took after all; None when that is known already.
        """
        with self._lock:
            if invocation not in self._calls:
                return
            attempts = self._calls[invocation].attempts
            for place, attempt in enumerate(attempts):
                if attempt.number == number:
                    attempts[place] = replace(
                        attempt,
                        waited=attempt.waited + waited,
                        served=(*attempt.served, *served),
                        seconds=attempt.seconds if seconds is None else seconds,
                    )
                    return
            if served:  # another thread was quicker than the one that makes the attempt
                self._late[invocation, number] = served

    def end(self, invocation: str, outcome: str) -> None:
        """Say what the caller saw."""
        with self._lock:
            if invocation in self._calls:
                self._calls[invocation].outcome = outcome

    def calls(self) -> tuple[CallRecord, ...]:
        """Return the calls so far, in the order of their first attempts."""
        with self._lock:
            return tuple(
                CallRecord(
                    call.service,
                    call.operation,
                    call.number,
                    invocation,
                    tuple(call.attempts),
                    call.outcome,
                    call.origin,
                )
                for invocation, call in self._calls.items()
            )

    def clear(self, *, numbers: bool = True) -> None:
        """Forget all calls.

        Args:
            numbers: Count them from 0 again.
        """
        with self._lock:
            self._calls.clear()
            self._late.clear()
            self.forgotten = 0
            if numbers:
                self._counts.clear()
