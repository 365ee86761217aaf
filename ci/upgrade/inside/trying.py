"""Calls whose attempts are answered by a script: replies, exceptions, or bytes on a connection that leads nowhere."""

from __future__ import annotations

import base64
from typing import Any

import botocore.exceptions
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError, ClientError

from .clients import Raw, Sdk, method_of
from .connections import Connections
from .surroundings import CLOCK
from .values import from_json, to_json

_URL = "http://127.0.0.1:9"
"""Where requests go whose answers come as bytes; it is never reached."""

_UNTOLD = ("HTTPHeaders", "RetryAttempts", "MaxAttemptsReached")


def tried(sdk: Sdk, service: str, operation: str, parameters: Any, scripts: list[dict[str, Any]]) -> list[Any]:
    """Return what came of each script: for each of its calls the attempts, the waits, and how it ended.

    Args:
        sdk: Of this process.
        service: botocore's name.
        operation: What is called.
        parameters: With which parameters.
        scripts: Each with ``steps``, of which the last one goes on, ``calls`` and ``settings``. A step has ``reply``
            (status, headers, base64), ``raise`` (a class of `botocore.exceptions`) or ``bytes`` (base64).
    """
    given = from_json(parameters)
    stages: dict[str, _Stage] = {}
    found = []
    for script in scripts:
        on_wire = any("bytes" in step for step in script["steps"])
        known = repr((script.get("settings"), on_wire))
        stage = stages.get(known)
        # A client that has retried has less to spend on the next script; any other is as good as new.
        if stage is None or stage.has_retried:
            client = sdk.client(service, url=_URL if on_wire else None, settings=script.get("settings"))
            stage = stages[known] = _Stage(client)
        found.append([stage.play(script["steps"], operation, given) for _ in range(script.get("calls", 1))])
    return found


class _Stage:
    """A client, each of whose attempts is answered by the next step of a script.

    Attributes:
        has_retried: Whether a call took more than one attempt.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._steps: list[dict[str, Any]] = []
        self._attempts = 0
        self.has_retried = False
        self._connections = Connections()
        client.meta.events.register_first("before-send", self._answer)

    def play(self, steps: list[dict[str, Any]], operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Make a call, and return what came of it."""
        self._steps, self._attempts = steps, 0
        CLOCK.wind_back()
        with self._connections:
            end = _end(self._client, operation, parameters)
        self.has_retried |= self._attempts > 1
        return {"attempts": self._attempts, "waits": [round(wait, 4) for wait in CLOCK.sleeps], **end}

    def _answer(self, request: Any, **_: Any) -> Any:
        step = self._steps[min(self._attempts, len(self._steps) - 1)]
        self._attempts += 1
        if "raise" in step:
            raise getattr(botocore.exceptions, step["raise"])(endpoint_url=request.url, error="botoproof")
        if "bytes" in step:
            self._connections.say(base64.b64decode(step["bytes"]))
            return None
        status, headers, body = step["reply"]
        answered: Any = dict(headers)
        return AWSResponse(request.url, status, answered, Raw(base64.b64decode(body)))


def _end(client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        value = method_of(client, operation)(**parameters)
        metadata = value.pop("ResponseMetadata", {})
        return {"returned": to_json(value), "metadata": _metadata(metadata)}
    except LookupError as wrong:
        if wrong.args == (operation,):
            return {"gone": True}
        return _raised(wrong)
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is the answer
        return _raised(wrong)


def _raised(wrong: Exception) -> dict[str, Any]:
    kind = type(wrong)
    family = next((one.__name__ for one in (ClientError, BotoCoreError) if isinstance(wrong, one)), "")
    told: dict[str, Any] = {"raised": kind.__name__, "family": family, "message": str(wrong)}
    response = getattr(wrong, "response", None)
    if isinstance(response, dict):
        fields = {name: to_json(value) for name, value in response.items() if name != "ResponseMetadata"}
        told["fields"] = fields
        told["metadata"] = _metadata(response.get("ResponseMetadata", {}))
    return told


def _metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in metadata.items() if name not in _UNTOLD}
