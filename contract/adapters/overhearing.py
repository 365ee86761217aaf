"""What clients of this process send and are answered, overheard in the endpoint and left as it is.

A client's own events do not do: there is one emitter for each client, also for those that were made before, and of a
reply that the parser cannot read no event tells.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.model import OperationModel

from .hook_seams import EMITTER, Intercepted, is_struck, sent, with_emitter

_GET = "_do_get_response"


@dataclass(frozen=True, slots=True)
class Overheard:
    """An attempt of a call, and what came of it.

    Attributes:
        operation: What was called, of the client's own model.
        request: As botocore prepared it.
        response: The answer, whether or not botocore could read it; None where there was none.
        struck: Whether a plan has changed what came of it.
        before: What whoever overhears took down when the attempt began.
    """

    operation: OperationModel
    request: AWSPreparedRequest
    response: AWSResponse | None
    struck: bool
    before: Any = None


class Overhearing:
    """Lets a listener hear all attempts of all clients of this process.

    Faults that strike every client are put in and taken out around a test; whoever overhears begins before the first
    of them, and ends after the last.
    """

    def __init__(self, listener: Callable[[Overheard], None], before: Callable[[], Any] | None = None) -> None:
        """Take whom to tell; neither must raise anything.

        Args:
            listener: Is told of each attempt, in its thread and when it has ended.
            before: Is asked when an attempt begins; what it returns is told with the attempt.
        """
        self._listener = listener
        self._before = before
        self._usual: Any = None
        self._ours: Any = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin to listen; nothing where that was done already."""
        with self._lock:
            if self._usual is not None:
                return
            usual = self._usual = Endpoint.__dict__[_GET]

            def get_response(endpoint: Endpoint, request: Any, operation: OperationModel, context: Any) -> Any:
                return self._overhear(usual, endpoint, request, operation, context)

            self._ours = get_response
            setattr(Endpoint, _GET, get_response)

    def end(self) -> None:
        """Leave botocore as it was; where somebody has come after, only hear nothing more."""
        with self._lock:
            usual, self._usual = self._usual, None
            if usual is not None and Endpoint.__dict__[_GET] is self._ours:
                setattr(Endpoint, _GET, usual)

    def _overhear(self, usual: Any, endpoint: Endpoint, request: Any, operation: OperationModel, context: Any) -> Any:
        if self._usual is None:
            return usual(endpoint, request, operation, context)
        emitter = getattr(endpoint, EMITTER)
        responses: list[AWSResponse] = []
        before = None if self._before is None else self._before()

        def exchange(event: str, prepared: AWSPreparedRequest) -> AWSResponse:
            response = sent(endpoint, event, prepared)
            responses.append(response)
            return response

        view = with_emitter(endpoint, Intercepted(emitter, exchange))
        try:
            return usual(view, request, operation, context)
        finally:
            response = responses[0] if responses else None
            self._listener(Overheard(operation, request, response, is_struck(emitter), before))
