"""Attempts of calls as they were overheard, read into requests and replies of the query protocol."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from ..contract.adapters.overhearing import Overheard
from ..contract.interaction import Reply, Request
from ..contract.model import Operation, describe_operation

STRUCK = "changed by a plan of faults"
NO_REPLY = "without a reply"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent, and what came.

    Attributes:
        operation: Of the client's own model.
        request: As it was before it was compressed.
        reply: With its body decoded.
    """

    operation: Operation
    request: Request
    reply: Reply


class Attempts:
    """Reads what was overheard; not for several threads at once."""

    def __init__(self) -> None:
        self._operations: dict[int, Operation] = {}

    def read(self, heard: Overheard) -> Attempt | str:
        """Return an attempt, or why it cannot be read strictly."""
        operation = self._described(heard)
        if operation.protocol != "query":
            return f"{operation.service} ({operation.protocol})"
        if heard.struck:
            return STRUCK
        if heard.response is None:
            return NO_REPLY
        try:
            body = heard.response.content
        except Exception as wrong:  # noqa: BLE001 - it broke off, and botocore has told the caller
            return f"{NO_REPLY} that could be read whole ({type(wrong).__name__})"
        headers = tuple((str(name), str(value)) for name, value in heard.response.headers.items())
        return Attempt(operation, request_of(heard), Reply(heard.response.status_code, decoded(headers), body))

    def _described(self, heard: Overheard) -> Operation:
        # The client's own model counts: it may come from elsewhere than the installed botocore.
        found = self._operations.get(id(heard.operation))
        if found is None or found.declared is not heard.operation:
            model = heard.operation.service_model
            found = describe_operation(model, model.service_name, heard.operation.name)
            self._operations[id(heard.operation)] = found
        return found


def request_of(heard: Overheard) -> Request:
    """Return the request of an attempt, as it was before botocore compressed it."""
    request = heard.request
    body: Any = request.body or b""
    headers = tuple(
        (str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value))
        for name, value in request.headers.items()
    )
    data = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    if request.headers.get("Content-Encoding") in ("gzip", b"gzip"):  # botocore compresses long forms of some services
        data = gzip.decompress(data)
    return Request(str(request.method), str(request.url), headers, data)


def decoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a reply whose body urllib3 has decoded, without what is said of the body as it was."""
    if not any(name.lower() == "content-encoding" for name, _ in headers):
        return headers
    return tuple(pair for pair in headers if pair[0].lower() not in ("content-encoding", "content-length"))
