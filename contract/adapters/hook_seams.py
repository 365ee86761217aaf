"""The places of botocore at which an attempt is taken over, and its ways to tell what came of one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import botocore
import botocore.exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.hooks import first_non_none_response

from ..faults.fault import Fault
from ..faults.kind import FaultKind

EMITTER = "_event_emitter"
"""Where an endpoint has its emitter; there is no public way to it."""


class Injected(Exception):
    """Where botocore tells the cause of what it raises: a plan, and which fault of it."""


class Intercepted:
    """The emitter of an endpoint, but for the event by which an attempt is sent.

    Attributes:
        struck: Whether a plan changes what comes of the attempt, here or further in.
    """

    def __init__(
        self, emitter: Any, exchange: Callable[[str, AWSPreparedRequest], AWSResponse], *, struck: bool = False
    ) -> None:
        self.struck = struck or is_struck(emitter)
        self._emitter = emitter
        self._exchange = exchange

    def emit(self, name: str, **details: Any) -> Any:
        """Tell handlers of an event; the one by which an attempt is sent is answered by the exchange alone."""
        if name.startswith("before-send."):
            return [(self._exchange, self._exchange(name, details["request"]))]
        return self._emitter.emit(name, **details)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)


def is_struck(emitter: Any) -> bool:
    """Return whether a plan changes what comes of the attempt that an emitter is for."""
    return isinstance(emitter, Intercepted) and emitter.struck


def with_emitter(endpoint: Endpoint, emitter: Any) -> Endpoint:
    """Return a copy of an endpoint that has another emitter, made without what `copy.copy` costs."""
    view = object.__new__(type(endpoint))
    vars(view).update(vars(endpoint))
    setattr(view, EMITTER, emitter)
    return view


def sent(endpoint: Any, event: str, request: AWSPreparedRequest) -> AWSResponse:
    """Send as botocore does: the first answer of a handler counts, and without one the HTTP session sends."""
    response = first_non_none_response(getattr(endpoint, EMITTER).emit(event, request=request))
    return cast("AWSResponse", endpoint.http_session.send(request) if response is None else response)


def is_failure(kind: FaultKind) -> bool:
    """Return whether the installed botocore raises at once what a fault does."""
    return kind.effect == "failure" or (kind.raises_before is not None and _is_before(kind.raises_before[0]))


def _is_before(release: str) -> bool:
    return _numbers(botocore.__version__) < _numbers(release)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def raised(one: Fault, url: str, name: str | None = None) -> Exception:
    """Return what the installed botocore raises when a fault strikes.

    Args:
        one: The fault.
        url: Of the request.
        name: The class, where it is not that of the kind.
    """
    kind = one.described
    older = kind.raises_before[1] if kind.raises_before and _is_before(kind.raises_before[0]) else ()
    made: Any = getattr(botocore.exceptions, name or (older or kind.raises)[0])
    return cast("Exception", made(endpoint_url=url, error=Injected(str(one))))


def time_limit(context: dict[str, Any], what: str) -> float:
    """Return the client's limit for ``read`` or ``connect``; infinite where it was set to none."""
    limit = context.get(f"{what}_timeout")
    if limit is None:
        limit = getattr(context.get("client_config"), f"{what}_timeout", 60)
    return math.inf if limit is None else float(limit)


def seen_of(response: Any) -> str:
    """Return what an attempt has shown: a status, or the name of an exception."""
    success, exception = response
    return type(exception).__name__ if exception is not None else str(success[0].status_code)


def outcome_of(made: Any) -> str:
    """Return what the caller of a call will see, as the journal has it."""
    http, parsed = made
    if http.status_code < 300:
        return "returned"
    return f"refused: {parsed.get('Error', {}).get('Code', '')}"
