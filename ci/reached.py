"""What answers requests in this process, as it is reached: by a real boto3 client, or by a URL on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import boto3

from ..contract.adapters.embedded import EmbeddedTransport
from ..contract.adapters.sdk import ClientSettings, Sdk, make_client, make_session
from ..contract.adapters.server import Server
from ..contract.codec.signature import Credential
from ..contract.interaction import Reply, Request
from ..contract.specification import Specification
from .campaign.targets import EMBEDDED_URL


class Reached:
    """Something that answers as a service would."""

    def __init__(
        self, specification: Specification, credential: Credential, answer: Callable[[Request, datetime], Reply]
    ) -> None:
        """Take what answers; nothing listens until `url` is asked for.

        Args:
            specification: Of the service.
            credential: Clients sign with it.
            answer: Returns the reply to a request at a time; safe from several threads.
        """
        self._specification = specification
        self._credential = credential
        self._answer = answer
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens on loopback; it starts to when this is first asked for."""
        if self._server is None:
            self._server = Server(self._answer, one_at_a_time=False)
            self._server.__enter__()
        return self._server.url

    def client(self, **config: Any) -> Any:
        """Return a real boto3 client whose requests come here without a socket.

        Args:
            config: Options of `botocore.config.Config`.
        """
        return self.connect({"retries": None, **config}).client  # None: the SDK's own default

    def connect(self, options: Mapping[str, Any]) -> Sdk:
        """Return such a client with what tells how its calls went."""
        region = self._specification.scope.region
        settings = ClientSettings(self._specification.service, EMBEDDED_URL, region, self._credential, options)
        client = make_client(settings, _session(self._credential, region))
        return Sdk(client, EmbeddedTransport(self._answer))

    def close(self) -> None:
        """Stop listening; clients in this process go on working."""
        if self._server is not None:
            self._server.close()
            self._server = None


@cache
def _session(credential: Credential, region: str) -> boto3.Session:
    # A session reads the SDK's data files anew; its clients share nothing that a test could change.
    return make_session(credential, region)
