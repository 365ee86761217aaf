"""Answers what is asked, line by line."""

from __future__ import annotations

import json
import platform
from importlib import import_module
from typing import IO, Any

import botocore

from . import effective, trying, wire
from .clients import Sdk
from .surroundings import CLOCK


def serve(asks: IO[str], answers: IO[str]) -> None:
    """Answer each line of `asks` by a line; what cannot be answered is told with the reason.

    Args:
        asks: Objects with ``id``, ``about`` and the arguments of what it is about.
        answers: Objects with ``id``, and ``answer`` or ``failed``.
    """
    sdk = Sdk()
    for line in asks:
        ask = json.loads(line)
        told: dict[str, Any] = {"id": ask.pop("id")}
        CLOCK.wind_back()
        try:
            told["answer"] = answer(sdk, ask.pop("about"), ask)
        except Exception as wrong:  # noqa: BLE001 - one ask that fails leaves the others
            told["failed"] = f"{type(wrong).__name__}: {wrong}"
        answers.write(json.dumps(told, separators=(",", ":")) + "\n")
        answers.flush()


def answer(sdk: Sdk, about: str, given: dict[str, Any]) -> Any:
    """Return the answer to one ask.

    Args:
        sdk: Of this process.
        about: What is asked.
        given: The arguments.

    Raises:
        ValueError: Nobody knows what `about` is.
    """
    if about == "hello":
        urllib3: Any = import_module("urllib3")
        return {"botocore": botocore.__version__, "python": platform.python_version(), "urllib3": urllib3.__version__}
    if about == "services":
        return sdk.services()
    sdk.turn_to(given.get("service", ""))
    if about == "effective":
        return effective.facts(sdk, given["service"], given["contexts"], given.get("probe"))
    if about == "calls":
        return wire.made_calls(sdk, given["service"], given.get("operations"))
    if about == "model":
        model = sdk.client(given["service"]).meta.service_model
        return {"model": sdk.loader.load_service_model(given["service"], "service-2"), **effective.spoken(model)}
    if about == "tried":
        return trying.tried(sdk, given["service"], given["operation"], given["parameters"], given["scripts"])
    if about == "accepted":
        return effective.accepted(sdk, given["service"], given["calls"])
    if about == "wire":
        if "calls" not in given:
            return wire.made_and_sent(sdk, given["service"], given.get("operations"))
        return {"calls": given["calls"], "sent": wire.sent(sdk, given["service"], given["calls"])}
    raise ValueError(f"nothing is known about {about!r}")
