"""The embedded endpoint as a transport: requests never leave the process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from ..interaction import Interaction, Reply, Request, TransportFailure


class EmbeddedTransport:
    """Hands requests to an endpoint in this process."""

    def __init__(self, answer: Callable[[Request, datetime], Reply]) -> None:
        """Take the endpoint's `answer`."""
        self._answer = answer

    def __call__(self, request: Request) -> Interaction:
        """Return what came of `request`; an endpoint that raises is told as ``crash``."""
        sent_at = datetime.now(UTC)
        started = time.perf_counter()
        reply: Reply | None = None
        failure: TransportFailure | None = None
        try:
            reply = self._answer(request, sent_at)
        except Exception as wrong:  # noqa: BLE001 - the endpoint is the subject; its crash is a finding, not ours
            failure = TransportFailure("crash", f"{type(wrong).__name__}: {wrong}")
        return Interaction(request, reply, failure, sent_at, time.perf_counter() - started)
