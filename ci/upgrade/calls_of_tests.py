"""Calls that tests make by botocore clients, taken down with their parameters and the replies that they got.

They are taken down where a client begins a call, whatever answers it: an endpoint, a recording, moto, a stubber.
Nothing about the call is changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient

from ...contract.adapters.overhearing import Overheard, Overhearing
from .inside.values import to_json

_CALL = "_make_api_call"
_LARGEST = 1_000_000
"""Bodies beyond this many bytes are not carried to another process."""

TakenDown = dict[str, Any]
"""``service``, ``operation``, and ``parameters`` with ``reply`` (perhaps None), or ``lost`` with why there are none."""


class NotCarried(Exception):
    """A value cannot be carried to another process; the text says why."""


class Listening:
    """Takes down each call once, as long as it listens."""

    def __init__(self) -> None:
        """Begin with nothing taken down."""
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._calls: list[TakenDown] = []
        self._local = threading.local()
        self._overhearing = Overhearing(self._hear)
        self._usual: Any = None
        self._ours: Any = None

    def begin(self) -> None:
        """Begin to listen to all clients of this process."""
        usual = self._usual = BaseClient.__dict__[_CALL]

        def make_api_call(client: Any, operation_name: str, api_params: Any) -> Any:
            if self._usual is None:
                return usual(client, operation_name, api_params)
            with self._taking(client, operation_name, api_params):
                return usual(client, operation_name, api_params)

        self._ours = make_api_call
        setattr(BaseClient, _CALL, make_api_call)
        self._overhearing.begin()

    def end(self) -> None:
        """Leave botocore as it was; where somebody has come after, only hear nothing more."""
        self._overhearing.end()
        usual, self._usual = self._usual, None
        if BaseClient.__dict__[_CALL] is self._ours:
            setattr(BaseClient, _CALL, usual)

    def taken(self) -> list[TakenDown]:
        """Return what was taken down since the last time."""
        with self._lock:
            calls, self._calls = self._calls, []
        return calls

    @contextmanager
    def _taking(self, client: Any, operation: str, parameters: Any) -> Iterator[None]:
        call: TakenDown = {"service": client.meta.service_model.service_name, "operation": operation}
        try:
            call |= {"parameters": to_json(_carried(parameters)), "reply": None}
        except NotCarried as wrong:
            call["lost"] = str(wrong)
        outer = getattr(self._local, "call", None)
        self._local.call = call
        try:
            yield
        finally:
            self._local.call = outer
            digest = hashlib.sha256(json.dumps(call, sort_keys=True).encode()).hexdigest()
            with self._lock:
                if digest not in self._known:
                    self._known.add(digest)
                    self._calls.append(call)

    def _hear(self, heard: Overheard) -> None:
        call, response = getattr(self._local, "call", None), heard.response
        if call is None or "lost" in call or response is None or heard.struck:
            return  # what a plan of faults made of it is no reply of the endpoint
        if heard.operation.has_streaming_output or heard.operation.has_event_stream_output:
            return  # it is the test's to read
        body = bytes(response.content)
        if len(body) <= _LARGEST:
            headers = [[str(name), str(value)] for name, value in response.headers.items()]
            call["reply"] = [response.status_code, headers, base64.b64encode(body).decode("ascii")]


def _carried(value: Any) -> Any:
    """Return a parameter of which another process can make the same."""
    if isinstance(value, dict):
        return {key: _carried(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_carried(item) for item in value]
    if isinstance(value, (bytes, bytearray)) and len(value) > _LARGEST:
        raise NotCarried(f"a parameter of {len(value)} bytes is not carried")
    if hasattr(value, "read"):
        return _read(value)
    if "$type" in (told := to_json(value) if not isinstance(value, (str, bytes, bytearray)) else {}):
        raise NotCarried(f"a parameter of the type {told['$type']} is not carried")
    return value


def _read(stream: Any) -> bytes:
    """Return what a file holds from where it stands, and leave it there."""
    try:
        place = stream.tell()
        data = stream.read(_LARGEST + 1)
        stream.seek(place)
    except (AttributeError, OSError, ValueError):
        raise NotCarried("a stream that can be read once only is not carried") from None
    if isinstance(data, str):
        data = data.encode("utf-8")
    if len(data) > _LARGEST:
        raise NotCarried(f"a parameter of more than {_LARGEST} bytes is not carried")
    return bytes(data)
