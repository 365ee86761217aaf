"""Which operation of a service a request is for, in any wire protocol: as a server sees it that knows the model only.

Nothing is judged here. A request that is for no operation, as far as can be told, is for None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlsplit

from .interaction import Request
from .model import Operation

Recogniser = Callable[[Request], Operation | None]

_NAME = re.compile(rb"(?:^|&)Action=([^&]*)")
_RPC = re.compile(r"/service/[^/]+/operation/([^/]+)/?")
_LABEL = re.compile(r"\{(\w+)(\+?)\}")


def recogniser(operations: Iterable[Operation]) -> Recogniser:
    """Return what tells the operation of a request.

    Args:
        operations: All of one service.
    """
    known = {operation.name: operation for operation in operations}
    routes = sorted((_Route(operation) for operation in known.values()), key=lambda route: route.order)

    def recognise(request: Request) -> Operation | None:
        target = request.header("x-amz-target")
        if target is not None:
            return known.get(target.rpartition(".")[2])
        if rpc := _RPC.fullmatch(request.path):
            return known.get(rpc[1])
        action = _NAME.search(request.body) or _NAME.search(request.query.encode("utf-8"))
        if action is not None and (found := known.get(action[1].decode("latin-1"))) is not None:
            return found
        return next((route.operation for route in routes if route.fits(request)), None)

    return recognise


class _Route:
    """The verb, path and query by which an operation of a REST protocol is known."""

    def __init__(self, operation: Operation) -> None:
        declared = operation.declared.http if operation.protocol.startswith("rest-") else {}
        uri = urlsplit(str(declared.get("requestUri", "")))
        parts = _LABEL.split(uri.path)
        texts, labels, greedy = parts[::3], parts[1::3], parts[2::3]
        pattern = re.escape(texts[0])
        for more, text in zip(greedy, texts[1:], strict=True):
            pattern += ("(?:.+)" if more else "(?:[^/]+)") + re.escape(text)
        self.operation = operation
        self._method = str(declared.get("method", ""))
        self._path = re.compile(pattern.rstrip("/") + "/?") if declared else None
        self._query = dict(parse_qsl(uri.query, keep_blank_values=True))
        self._required = _required(operation, "querystring") if declared else frozenset[str]()
        self._headers = _required(operation, "header") if declared else frozenset[str]()
        # What asks for more is tried first: fixed text, then fewer labels.
        asked = len(self._query) + len(self._required) + len(self._headers)
        self.order = (-asked, any(greedy), len(labels), -len(uri.path), operation.name)

    def fits(self, request: Request) -> bool:
        if self._path is None or request.method != self._method or not self._path.fullmatch(request.path):
            return False
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        return (
            all(query.get(name) == value for name, value in self._query.items())
            and self._required <= query.keys()
            and all(request.header(name) is not None for name in self._headers)
        )


def _required(operation: Operation, location: str) -> frozenset[str]:
    """Return the names that must stand in the query or the headers: by them operations of the same path differ."""
    shape = operation.input_shape
    if shape is None:
        return frozenset()
    members = shape.members
    return frozenset(
        str(members[name].serialization.get("name", name))
        for name in shape.required_members
        if members[name].serialization.get("location") == location
    )
