"""Clients of the SDK that is asked, and what they were about to send."""

from __future__ import annotations

import base64
import inspect
import io
from typing import Any

import botocore
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

# AWS's published examples.
_KEY, _SECRET, _ACCOUNT = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "123456789012"


_DISCOVERED = b'{"Endpoints": [{"Address": "discovered.invalid", "CachePeriodInMinutes": 1}]}'
_SHARED = ("endpoints", "partitions", "_retry", "sdk-default-configuration", "list_available_services")
"""What is read for every service, by what stands in the keys of the loader's cache."""


_TOKENS: Any = getattr(botocore, "tokens", None)
"""botocore's module for bearer tokens; older releases have none, and where there is one `botocore.session` loads it."""


class _Tokens:
    """Gives those services that want a bearer token one that is worth nothing."""

    def load_token(self, **_: Any) -> Any:
        return self

    def get_frozen_token(self) -> Any:
        return _TOKENS.FrozenAuthToken("botoproof")


class NotCallable(Exception):
    """An operation of the model that this release lets nobody call, as it cannot speak what it takes."""


class NotAnOption(Exception):
    """This release has no such setting."""


class Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        """Yield all of it."""
        data = self.read()
        if data:
            yield data


class Sent(BaseException):
    """Carries a request out of the SDK, past everything that catches what goes wrong.

    Attributes:
        request: As it was about to be sent.
        operation: The operation that it is for; an SDK may send another one's first.
    """

    def __init__(self, request: Any, operation: str) -> None:
        super().__init__("sent")
        self.request = request
        self.operation = operation


class Sdk:
    """The SDK of this process: one session, whose models are forgotten service by service."""

    def __init__(self) -> None:
        self._service = ""
        self._session: Any = botocore.session.Session()
        if _TOKENS is not None:
            self._session.register_component("token_provider", _Tokens())

    @property
    def loader(self) -> Any:
        """Botocore's reader of models."""
        return self._session.get_component("data_loader")

    def services(self) -> list[str]:
        """Return the names of all services."""
        return sorted(self.loader.list_available_services("service-2"))

    def turn_to(self, service: str) -> None:
        """Give the memory for another service's models back: those of a whole fleet do not fit.

        Args:
            service: What is asked about from now on.
        """
        if service == self._service:
            return
        self._service = service
        cache: dict[Any, Any] = getattr(self.loader, "_cache", {})
        for key in list(cache):
            if not any(shared in repr(key) for shared in _SHARED):
                del cache[key]

    def client(
        self,
        service: str,
        *,
        region: str | None = "us-east-1",
        account: bool = False,
        url: str | None = None,
        settings: dict[str, Any] | None = None,
    ) -> Any:
        """Return a client with the example credentials.

        Args:
            service: botocore's name.
            region: Its region.
            account: Whether the credentials tell an account id.
            url: Where it sends to, when that is not left to the SDK.
            settings: For `botocore.config.Config`; the signature version ``unsigned`` stands for botocore's marker.

        Raises:
            NotAnOption: This release does not know one of the settings.
        """
        given = dict(settings or {})
        if given.get("signature_version") == "unsigned":
            given["signature_version"] = botocore.UNSIGNED
        try:
            config = Config(**given)
        except TypeError as wrong:
            raise NotAnOption(str(wrong)) from None
        options: dict[str, Any] = {"aws_access_key_id": _KEY, "aws_secret_access_key": _SECRET, "config": config}
        if account:
            if "aws_account_id" not in inspect.signature(self._session.create_client).parameters:
                raise NotAnOption("aws_account_id")
            options["aws_account_id"] = _ACCOUNT
        return self._session.create_client(service, region_name=region, endpoint_url=url, **options)


def method_of(client: Any, operation: str) -> Any:
    """Return the method that calls an operation.

    Raises:
        LookupError: The client has no such operation.
        NotCallable: The SDK knows the operation and has taken its method away.
    """
    known = [name for name, target in client.meta.method_to_api_mapping.items() if target == operation]
    if not known:
        raise LookupError(operation)
    for name in known:
        if hasattr(client, name):
            return getattr(client, name)
    raise NotCallable("the client has no method for it")


def capture(client: Any) -> dict[str, Any]:
    """Let nothing leave the client: each call ends in `Sent`. Returned is a mapping with what signs it.

    Only where a service has to be asked for its endpoint before anything else, that is answered.
    """
    noted: dict[str, Any] = {}
    discovery = getattr(client.meta.service_model, "endpoint_discovery_operation", None)

    def note(**given: Any) -> None:
        noted["signed"] = [str(given.get(name)) for name in ("signature_version", "signing_name", "region_name")]

    def stop(request: Any, event_name: str, **_: Any) -> Any:
        operation = event_name.rpartition(".")[2]
        if discovery is not None and operation == discovery.name != noted.get("wanted"):
            headers: Any = {"Content-Type": "application/x-amz-json-1.0"}
            return AWSResponse(request.url, 200, headers, Raw(_DISCOVERED))
        raise Sent(request, operation)

    client.meta.events.register_first("before-sign", note)
    client.meta.events.register_first("before-send", stop)
    return noted


def as_json(request: Any) -> dict[str, Any]:
    """Return a request that was about to be sent, with its headers in lower case and its body as text or base64."""
    body = request.body
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode("utf-8")
    headers = {}
    for name, value in request.headers.items():
        headers[name.lower()] = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return {"method": request.method, "url": request.url, "headers": headers, **body_as_json(bytes(body or b""))}


def body_as_json(body: bytes) -> dict[str, str]:
    """Return bytes as text where they are some."""
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}
