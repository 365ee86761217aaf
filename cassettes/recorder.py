"""Calls recorded as they are made, with the client's own HTTP session, in any number of threads.

`before-send` shows each attempt as it leaves, signed; `before-parse` shows the bytes that came. Both happen in the
thread of the call, which is how they are paired.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.response import StreamingBody

from ..contract.adapters.sdk import as_request
from ..contract.errors import ToolkitError
from ..contract.interaction import Reply, Request
from .format import Cassette, Provenance, Recorded
from .key import KEY_VERSION, request_key
from .sensitive import STANDARD, ScrubRules


class HostNotNamed(ToolkitError):
    """A request was about to leave for a host that nobody named for recording; it was not sent."""


class NotRecordable(ToolkitError):
    """A reply cannot be kept, as it has no end."""


class Recorder:
    """Keeps what clients send and get. Safe for several threads and several clients.

    What is kept holds secrets until `writing.write_cassette` takes them out; by `rules`, those of the clients as well,
    should a request or reply spell them.
    """

    def __init__(self, hosts: Iterable[str]) -> None:
        """Name what may be recorded.

        Args:
            hosts: Names or addresses, with or without a port; ``*`` stands for any text, as in ``*.amazonaws.com``.

        Raises:
            ToolkitError: There are none, so that nothing could be recorded.
        """
        self._hosts = tuple(host.strip().lower() for host in hosts if host.strip())
        if not self._hosts:
            raise HostNotNamed("nothing can be recorded, as no host is named: say which, e.g. '*.amazonaws.com'")
        self._lock = threading.Lock()
        self._sent: dict[int, Request] = {}
        self._unanswered: list[Request] = []
        self._recorded: list[tuple[Request, Reply]] = []
        self._secrets = set[str]()

    def attach(self, client: Any) -> None:
        """Record all calls of a boto3 or botocore client from now on; attaching twice is attaching once."""
        # The last to be asked, so that what other handlers do to a request is seen.
        client.meta.events.register_last("before-send", self._before_send, unique_id=f"{self._id}-send")
        client.meta.events.register_first("before-parse", self._before_parse, unique_id=f"{self._id}-parse")
        client.meta.events.register_last("before-sign", self._before_sign, unique_id=f"{self._id}-sign")

    def detach(self, client: Any) -> None:
        """Record the client's calls no more."""
        client.meta.events.unregister("before-send", self._before_send, unique_id=f"{self._id}-send")
        client.meta.events.unregister("before-parse", self._before_parse, unique_id=f"{self._id}-parse")
        client.meta.events.unregister("before-sign", self._before_sign, unique_id=f"{self._id}-sign")

    @property
    def _id(self) -> str:
        return f"botoproof-record-{id(self)}"

    def admit(self, url: str) -> None:
        """Let a request pass.

        Raises:
            HostNotNamed: Its host is none of those named.
        """
        parts = urlsplit(url)
        host, place = (parts.hostname or "").lower(), parts.netloc.rpartition("@")[2].lower()
        if not any(fnmatchcase(host, named) or fnmatchcase(place, named) for named in self._hosts):
            raise HostNotNamed(
                f"a request to {place or '(no host)'} was not sent: only {', '.join(self._hosts)} may be recorded; "
                "name the host as well, if it is meant"
            )

    def learn(self, secrets: Iterable[str]) -> None:
        """Take note of secrets that no recording may hold; see `secrets_of`."""
        with self._lock:
            self._secrets.update(secrets)

    def rules(self, rules: ScrubRules = STANDARD) -> ScrubRules:
        """Return `rules` with the secrets of whoever signed what was recorded."""
        with self._lock:
            return replace(rules, secrets=rules.secrets | self._secrets)

    def note(self, request: Request, reply: Reply) -> None:
        """Keep an interaction that went some other way."""
        with self._lock:
            self._recorded.append((request, reply))

    def _before_send(self, request: AWSPreparedRequest, **_: Any) -> None:
        self.admit(str(request.url))
        sent = as_sent(request)
        with self._lock:
            before = self._sent.pop(threading.get_ident(), None)
            if before is not None:
                self._unanswered.append(before)
            self._sent[threading.get_ident()] = sent

    def _before_sign(self, request_signer: Any, **_: Any) -> None:
        self.learn(secrets_of(request_signer))

    def _before_parse(self, operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
        with self._lock:
            sent = self._sent.pop(threading.get_ident(), None)
        if sent is None:
            return  # attached in the middle of a call
        body = response_dict["body"]
        if not isinstance(body, bytes):
            if operation_model.has_event_stream_output:
                raise NotRecordable(f"the reply to {operation_model.name} is a stream of events, which has no end")
            body = body.read()
            response_dict["body"] = StreamingBody(io.BytesIO(body), len(body))
        headers = tuple((str(name), str(value)) for name, value in response_dict["headers"].items())
        self.note(sent, Reply(int(response_dict["status_code"]), headers, body))

    @property
    def unanswered(self) -> tuple[Request, ...]:
        """Requests to which no reply came, as far as their threads went on; nothing is recorded of them."""
        with self._lock:
            return (*self._unanswered, *self._sent.values())

    def cassette(self, provenance: Provenance | None = None) -> Cassette:
        """Return what was recorded, in the order in which replies came."""
        with self._lock:
            recorded = tuple(self._recorded)
        return Cassette(provenance, KEY_VERSION, tuple(Recorded(*pair, request_key(pair[0])) for pair in recorded))


def secrets_of(signer: Any) -> frozenset[str]:
    """Return the secrets that botocore's request signer signs with; the key's name is none of them.

    It shows them by no public name; `tests/cassettes/test_recorder.py` tells when the installed one has others.
    """
    credentials, token = getattr(signer, "_credentials", None), getattr(signer, "_auth_token", None)
    found = list[str | None]()
    if credentials is not None:
        frozen = credentials.get_frozen_credentials()  # they are about to be used: nothing is fetched for this
        found += [frozen.secret_key, frozen.token]
    if token is not None:
        found.append(token.get_frozen_token().token)
    return frozenset(filter(None, found))


def as_sent(prepared: AWSPreparedRequest) -> Request:
    """Return botocore's prepared request as data, and leave its body to be sent, should it be a file."""
    request = as_request(prepared)
    prepared.reset_stream()
    return request
