"""The real boto3 client, wired so that every request goes through a transport of ours.

Validation, serialiser, signer, parser, error mapping and retry policy are the SDK's own; only the HTTP session is
replaced, by the documented `before-send` event. `before-call` and Stubber would skip the parser.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.errorfactory import ClientExceptionsFactory
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.loaders import Loader, create_loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from ..codec.signature import Credential
from ..codec.xml_document import why_not_parsed
from ..errors import BadConfiguration
from ..interaction import Interaction, Reply, Request, TransportFailure
from ..model import Operation
from ..outcome import Broken, Outcome, Refused, RejectedBySdk, Returned

USER_AGENT = "botoproof"  # boto3 adds botocore's name and version

NOT_PARSED = "not-parsed"
"""Instead of an exception's name, in what came of a reply that the SDK's parser was not given."""

Transport = Callable[[Request], Interaction]
"""Sends a request and tells what came of it; never raises for what a peer does."""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How the client is made.

    Attributes:
        service: botocore's name of the service.
        endpoint_url: Where requests are addressed to.
        region: For the client, and thereby for the scope of the signature.
        credential: Signs the requests; the usual AWS chain when None.
        options: Further options of `botocore.config.Config`.
    """

    service: str
    endpoint_url: str
    region: str
    credential: Credential | None
    options: Mapping[str, Any]


def make_session(credential: Credential | None, region: str) -> boto3.Session:
    """Return a session; one is enough for a run.

    Sessions read configuration and credentials anew, but share what was read of the SDK's models: most of what a
    client costs (measured with botocore 1.44.5: 37 of 45 ms of CPU), and a test suite makes one client per test.
    """
    core = botocore.session.get_session()
    models = _shared_loader(core.get_config_variable("data_path"))
    core.register_component("data_loader", models)
    session = boto3.Session(
        aws_access_key_id=credential.access_key_id if credential else None,
        aws_secret_access_key=credential.secret_access_key if credential else None,
        region_name=region,
        botocore_session=core,
    )
    # Each session of boto3 adds its own folder to those of the loader, which has it from the second session on.
    models.search_paths[:] = dict.fromkeys(models.search_paths)
    return session


@lru_cache(maxsize=8)
def _shared_loader(data_path: str | None) -> Loader:
    return create_loader(data_path)


def make_client(settings: ClientSettings, session: boto3.Session | None = None) -> Any:
    """Return a boto3 client for `settings`; one attempt per call unless the options say otherwise."""
    session = session or make_session(settings.credential, settings.region)
    # A name of our own is kind to the keeper of the endpoint, and spares botocore making one up for each request.
    options = {"retries": {"total_max_attempts": 1}, "user_agent": USER_AGENT, **settings.options}
    make: Callable[..., Any] = session.client
    return make(settings.service, endpoint_url=settings.endpoint_url, config=Config(**options))


def find_credential(session: boto3.Session) -> Credential | None:
    """Return what the usual AWS chain finds, or None.

    Raises:
        BadConfiguration: It finds temporary credentials; forms and bytes are signed without a session token.
    """
    found = session.get_credentials()
    if found is None:
        return None
    keys = found.get_frozen_credentials()
    if keys.token:
        raise BadConfiguration(
            f"the AWS credentials found ({found.method}) are temporary ones with a session token, which botoproof "
            "cannot sign with yet; use an access key of a user"
        )
    return Credential(str(keys.access_key), str(keys.secret_key))


class Sdk:
    """A boto3 client whose requests go through `transport`; makes calls and remembers the last interaction."""

    def __init__(self, client: Any, transport: Transport) -> None:
        """Wire `client`.

        Args:
            client: A boto3 client; its `before-send` event is taken over.
            transport: Sends the requests.
        """
        self.client = client
        self._transport = transport
        self._last: Interaction | None = None
        names = cast("Mapping[str, str]", client.meta.method_to_api_mapping)
        self._methods = {api_name: method for method, api_name in names.items()}
        client.meta.events.register_first("before-send", self._send)

    def call(self, operation: Operation, parameters: Mapping[str, Any]) -> tuple[Interaction | None, Outcome]:
        """Call an operation through the SDK.

        Returns:
            What went over the wire (None when the SDK sent nothing), and what the caller saw.
        """
        self._last = None
        method = getattr(self.client, self._methods[operation.name])
        try:
            value: dict[str, Any] = method(**parameters)
        except ParamValidationError as wrong:
            outcome: Outcome = RejectedBySdk(tuple(str(wrong.kwargs.get("report", wrong)).splitlines()))
        except ClientError as refusal:
            outcome = _refused(cast("dict[str, Any]", refusal.response), type(refusal).__name__)
        except _Withheld as withheld:
            outcome = _not_parsed(str(withheld))
        except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is an observation, told as Broken
            outcome = _broken(wrong, self._last)
        else:
            outcome = _returned(value)
        return self._last, outcome

    def parse(self, operation: Operation, reply: Reply) -> Outcome:
        """Return what the client makes of a reply, for requests that it could not have sent itself."""
        if why := why_not_parsed(reply.body):
            return _not_parsed(why)
        return parse_reply(operation, reply)

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        interaction = self._transport(as_request(request))
        self._last = interaction
        if interaction.reply is None:
            raise _as_botocore(interaction.failure, request.url)
        if why := why_not_parsed(interaction.reply.body):
            raise _Withheld(why)
        return as_response(request.url, interaction.reply)


def parse_reply(operation: Operation, reply: Reply) -> Outcome:
    """Return what botocore's parser, and a client of the operation's service, make of a reply; no client is needed."""
    try:
        # What `convert_to_response_dict` makes of a response whose body is not a stream, in a fifth of the time.
        response = {
            "status_code": reply.status,
            "headers": dict(reply.headers),
            "body": reply.body,
            "context": {"operation_name": operation.name},
        }
        parser: Any = _parser(operation.protocol)
        value = cast("dict[str, Any]", parser.parse(response, operation.declared.output_shape))
        if reply.status < 300:
            return _returned(value)
        # As a client does; where the error is no tree, Python's own errors come of it.
        error = value.get("Error", {})
        exceptions = _exceptions(operation.declared.service_model)
        kind: Any = exceptions.from_code(error.get("Code"))
        if kind is exceptions.ClientError and "QueryErrorCode" in error:
            # One service that has left the query protocol has no codes in its model, only names.
            kind = exceptions.from_code(error["QueryErrorCode"])
        return _refused(cast("dict[str, Any]", kind(value, operation.name).response), str(kind.__name__))
    except Exception as wrong:  # noqa: BLE001 - whatever the SDK raises is an observation, told as Broken
        return _broken(wrong, None)


@lru_cache(maxsize=64)
def _exceptions(model: ServiceModel) -> Any:
    """Return what `client.exceptions` is for a client of that service."""
    return ClientExceptionsFactory().create_client_exceptions(model)


class _Withheld(Exception):
    """The SDK's parser is not given a reply that could take the machine's memory; the text says why."""


def _not_parsed(why: str) -> Broken:
    return Broken(NOT_PARSED, f"the reply was not given to the SDK's parser: {why}")


def as_request(prepared: AWSPreparedRequest) -> Request:
    """Return botocore's prepared request as data."""
    body: Any = prepared.body
    if body is None:
        data = b""
    elif isinstance(body, str):
        data = body.encode("utf-8")
    elif isinstance(body, (bytes, bytearray)):
        data = bytes(body)
    else:
        data = cast("bytes", body.read())
    headers = tuple((str(name), _text(value)) for name, value in prepared.headers.items())
    return Request(str(prepared.method), str(prepared.url), headers, data)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


class _Raw(io.BytesIO):
    """A body as botocore expects it from urllib3."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


def as_response(url: str, reply: Reply) -> AWSResponse:
    """Return a reply as what botocore's HTTP session gives."""
    headers: Any = dict(reply.headers)  # the stubs ask for http.client's type; botocore copies any mapping
    return AWSResponse(url, reply.status, headers, _Raw(reply.body))


def _as_botocore(failure: TransportFailure | None, url: str) -> Exception:
    kind = failure.kind if failure else "closed"
    match kind:
        case "connect":
            return EndpointConnectionError(endpoint_url=url, error=failure)
        case "timeout":
            return ReadTimeoutError(endpoint_url=url, error=failure)
        case _:
            return ConnectionClosedError(endpoint_url=url, error=failure)


def _returned(value: dict[str, Any]) -> Returned:
    metadata = cast("dict[str, Any]", value.get("ResponseMetadata", {}))
    members = {name: item for name, item in value.items() if name != "ResponseMetadata"}
    return Returned(members, metadata.get("HTTPStatusCode", 0), metadata.get("RequestId"))


def _refused(response: dict[str, Any], exception: str) -> Refused:
    error = cast("dict[str, Any]", response.get("Error", {}))
    metadata = cast("dict[str, Any]", response.get("ResponseMetadata", {}))
    return Refused(
        code=error.get("Code"),
        message=error.get("Message"),
        fault=error.get("Type"),
        status=metadata.get("HTTPStatusCode", 0),
        exception=exception,
        request_id=metadata.get("RequestId"),
    )


def _broken(wrong: Exception, interaction: Interaction | None) -> Broken:
    if interaction is not None and interaction.failure is not None:
        return Broken(interaction.failure.kind, interaction.failure.detail, sdk_error=isinstance(wrong, BotoCoreError))
    kind = type(wrong)
    return Broken(f"{kind.__module__}.{kind.__qualname__}", str(wrong), sdk_error=isinstance(wrong, BotoCoreError))


def _parser(protocol: str) -> Any:
    if protocol not in _PARSERS:
        _PARSERS[protocol] = create_parser(protocol)
    return _PARSERS[protocol]


_PARSERS: dict[str, Any] = {}
