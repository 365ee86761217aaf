"""What an SDK makes of calls, up to the moment at which the request would leave."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ParamValidationError

from .calls import FULL, MINIMAL, NoCall, make_call
from .clients import Sdk, Sent, as_json, capture, method_of
from .effective import signature
from .values import from_json, to_json


def made_calls(sdk: Sdk, service: str, operations: list[str] | None) -> list[dict[str, Any]]:
    """Return a minimal and a full call of each operation, made from this SDK's model, with why there is none.

    Args:
        sdk: Of this process.
        service: botocore's name.
        operations: Which; all when None, and those that there are not are left out.
    """
    model = sdk.client(service).meta.service_model
    made = []
    for name in sorted(model.operation_names):
        if operations is not None and name not in operations:
            continue
        kinds: list[Any] = []
        for kind in (MINIMAL, FULL):
            one: dict[str, Any] = {"operation": name, "kind": kind}
            try:
                one["parameters"] = to_json(make_call(model.operation_model(name), kind))
            except NoCall as wrong:
                one["none"] = str(wrong)
            if not kinds or one.get("parameters") != kinds[0].get("parameters"):
                kinds.append(one)
        made += kinds
    return made


def sent(sdk: Sdk, service: str, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what came of each call: the request, or why there is none.

    Args:
        sdk: Of this process.
        service: botocore's name.
        calls: With ``operation`` and ``parameters``.
    """
    client = sdk.client(service)
    noted = capture(client)
    return [_sent(client, noted, call) for call in calls]


def _sent(client: Any, noted: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    if "parameters" not in call:
        return {"unsent": call.get("none", "no parameters")}
    noted.clear()
    try:
        method = method_of(client, call["operation"])
    except LookupError:
        return {"gone": True}
    try:
        method(**from_json(call["parameters"]))
    except Sent as sent:
        if sent.operation != call["operation"]:
            return {"unsent": f"{sent.operation} is sent before it"}
        request = as_json(sent.request)
        return {"request": request, "signed": signature(request, noted)}
    except ParamValidationError as wrong:
        return {"rejected": str(wrong)}
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is the answer
        return {"unsent": f"{type(wrong).__name__}: {wrong}"}
    return {"unsent": "the call returned, and nothing was sent"}
