"""What an SDK makes of calls, up to the moment at which the request would leave."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ParamValidationError

from .calls import ARNS, FULL, MINIMAL, NoCall, make_call
from .clients import NotCallable, Sdk, Sent, as_json, capture, method_of
from .effective import signature
from .values import from_json, to_json


def made_calls(sdk: Sdk, service: str, operations: list[str] | None) -> list[dict[str, Any]]:
    """Return a minimal and a full call of each operation, made from this SDK's model, with why there is none.

    Operations whose method the SDK has taken away are left out: nobody can call them.

    Args:
        sdk: Of this process.
        service: botocore's name.
        operations: Which; all when None, and those that there are not are left out.
    """
    client = sdk.client(service)
    made = []
    for name in sorted(client.meta.service_model.operation_names):
        if (operations is None or name in operations) and _is_callable(client, name):
            minimal, full = (_made(client, name, kind) for kind in (MINIMAL, FULL))
            made.append(minimal)
            if full.get("parameters") != minimal.get("parameters"):
                made.append(full)
    return made


def _is_callable(client: Any, operation: str) -> bool:
    try:
        return method_of(client, operation) is not None
    except (LookupError, NotCallable):
        return False


def _made(client: Any, operation: str, kind: str, arn: str = ARNS[0]) -> dict[str, Any]:
    one: dict[str, Any] = {"operation": operation, "kind": kind}
    try:
        one["parameters"] = to_json(make_call(client.meta.service_model.operation_model(operation), kind, arn))
    except NoCall as wrong:
        one["none"] = str(wrong)
    return one


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


def made_and_sent(sdk: Sdk, service: str, operations: list[str] | None) -> dict[str, Any]:
    """Return calls as by `made_calls`, and what came of each.

    Where an endpoint cannot be worked out from the names of resources in a call, names of other forms are tried.

    Args:
        sdk: Of this process.
        service: botocore's name.
        operations: As for `made_calls`.
    """
    client = sdk.client(service)
    noted = capture(client)
    calls = made_calls(sdk, service, operations)
    answers = []
    for number, call in enumerate(calls):
        answer = _sent(client, noted, call)
        for arn in ARNS[1:]:
            if not str(answer.get("unsent", "")).startswith("Endpoint"):
                break
            other = _made(client, call["operation"], call["kind"], arn)
            answer = _sent(client, noted, other)
            calls[number] = other if "request" in answer else call
        answers.append(answer)
    return {"calls": calls, "sent": answers}


def _sent(client: Any, noted: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    if "parameters" not in call:
        return {"unsent": call.get("none", "no parameters")}
    noted.clear()
    noted["wanted"] = call["operation"]
    if call["operation"] not in client.meta.method_to_api_mapping.values():
        return {"gone": True}
    try:
        method_of(client, call["operation"])(**from_json(call["parameters"]))
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
