"""What an SDK does with a service, whatever its model declares: protocol, hosts, signatures, names, defaults."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import botocore
from botocore.config import Config
from botocore.exceptions import ParamValidationError

from . import GONE
from .calls import MINIMAL, NoCall, make_call
from .clients import NotAnOption, Sdk, Sent, as_json, capture, method_of
from .values import from_json, to_json

_UNTOLD = ("user_agent", "user_agent_extra", "user_agent_appid", "region_name", "client_cert", "proxies")


def facts(
    sdk: Sdk, service: str, contexts: list[dict[str, Any]], probe: tuple[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return what holds for a service in this SDK.

    Args:
        sdk: Of this process.
        service: botocore's name.
        contexts: What to ask endpoints and signatures for: ``name``, and arguments of `Sdk.client`.
        probe: An operation and its parameters, by which they are asked; the first that can be sent when None.
    """
    client = sdk.client(service)
    model = client.meta.service_model
    methods: dict[str, list[str]] = {}
    for method, operation in sorted(client.meta.method_to_api_mapping.items()):
        methods.setdefault(operation, []).append(method)
    declared = str(model.metadata.get("signatureVersion", "v4"))
    probe = _first_that_is_sent(client) if probe is None or probe[0] not in methods else probe
    return {
        **spoken(model),
        "methods": methods,
        "waiters": sorted(client.waiter_names),
        "paginators": sorted(name for name in methods if client.can_paginate(methods[name][0])),
        "exceptions": sorted(shape.name for shape in model.error_shapes),
        "defaults": _defaults(client.meta.config),
        "probe": None if probe is None else [probe[0], to_json(probe[1])],
        "resolved": {}
        if probe is None
        else {one["name"]: _resolved(sdk, service, _with(one, declared), probe) for one in contexts},
    }


def spoken(model: Any) -> dict[str, str]:
    """Return the wire protocol that this SDK speaks with a service; older releases know the declared one only."""
    return {"protocol": str(getattr(model, "resolved_protocol", None) or model.metadata["protocol"])}


def _with(context: dict[str, Any], declared: str) -> dict[str, Any]:
    """Return a context in which the signature version that a model declares has its name."""
    settings = dict(context.get("settings") or {})
    if settings.get("signature_version") == "as declared":
        settings["signature_version"] = declared
    return {**context, "settings": settings}


def _defaults(config: Config) -> dict[str, Any]:
    return {
        name: to_json(value) if value is not botocore.UNSIGNED else "unsigned"
        for name, value in sorted(vars(config).items())
        if not name.startswith("_") and name not in _UNTOLD and value not in (None, False)
    }


def _first_that_is_sent(client: Any) -> tuple[str, dict[str, Any]] | None:
    model = client.meta.service_model
    known = set(client.meta.method_to_api_mapping.values())
    asked = sorted(
        (len(shape.required_members) if (shape := model.operation_model(name).input_shape) is not None else 0, name)
        for name in known
    )
    noted = capture(client)
    for _, name in asked[:20]:
        noted["wanted"] = name
        parameters: dict[str, Any] = {}
        try:
            parameters = make_call(model.operation_model(name), MINIMAL)
            method_of(client, name)(**parameters)
        except Sent:
            return name, parameters
        except (Exception, NoCall):  # noqa: BLE001, S112 - then another operation may do
            continue
    return None


def _resolved(sdk: Sdk, service: str, context: dict[str, Any], probe: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    try:
        client = sdk.client(
            service,
            region=context.get("region"),
            account=bool(context.get("account")),
            url=context.get("url"),
            settings=context.get("settings"),
        )
    except NotAnOption as wrong:
        return {"no option": str(wrong)}
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is the answer
        return {"raised": type(wrong).__name__}
    noted = capture(client)
    noted["wanted"] = probe[0]
    try:
        method_of(client, probe[0])(**from_json(probe[1]))
    except Sent as sent:
        request = as_json(sent.request)
        url = urlsplit(request["url"])
        return {"host": f"{url.scheme}://{url.netloc}", "signed": signature(request, noted)}
    except Exception as wrong:  # noqa: BLE001 - as above
        return {"raised": type(wrong).__name__}
    return {"raised": "nothing, and nothing was sent"}


def accepted(sdk: Sdk, service: str, calls: list[dict[str, Any]]) -> list[str | None]:
    """Return for each call None when it is accepted, else why it is not; nothing is signed, and nothing sent.

    Args:
        sdk: Of this process.
        service: botocore's name.
        calls: With ``operation`` and ``parameters``.
    """
    client = sdk.client(service)

    def stop(**_: Any) -> None:
        raise Sent(None, "")

    client.meta.events.register_first("before-call", stop)
    return [_accepted(client, call) for call in calls]


def _accepted(client: Any, call: dict[str, Any]) -> str | None:
    try:
        method_of(client, call["operation"])(**from_json(call["parameters"]))
    except Sent:
        return None
    except LookupError:
        return GONE
    except ParamValidationError as wrong:
        return str(wrong)
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is the answer
        return f"{type(wrong).__name__}: {wrong}"
    return "nothing was about to be sent"


def signature(request: dict[str, Any], noted: dict[str, Any]) -> list[str]:
    """Return by which algorithm a request is signed, and for which name and region, as it stands in the request."""
    authorization = request["headers"].get("authorization", "")
    if authorization.startswith("AWS4"):
        algorithm, _, rest = authorization.partition(" ")
        scope = rest.partition("Credential=")[2].partition(",")[0].split("/")
        return [algorithm, *reversed(scope[2:-1])]
    if authorization:
        return [authorization.split(" ")[0], *noted.get("signed", [])[1:]]
    if "Signature=" in request.get("text", "") or "Signature=" in request["url"]:
        return [noted.get("signed", ["", ""])[0], *noted.get("signed", [])[1:]]
    return ["unsigned"]
