"""What cases are sent to: the embedded endpoint in this process, or a URL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ...contract.adapters.embedded import EmbeddedTransport
from ...contract.adapters.http import MAX_REPLY, TIME_LIMIT, HttpTransport
from ...contract.adapters.models import read_operations
from ...contract.adapters.sdk import Transport
from ...contract.codec.signature import Credential, Scope
from ...contract.errors import BadConfiguration
from ...contract.interaction import Interaction, Reply, Request, TransportFailure
from ...contract.specification import EmbeddedEndpoint, Specification

Answer = Callable[[Request, datetime], Reply]
"""How an endpoint in this process is asked."""

# Seconds for a reply once a run was interrupted: enough for an endpoint that answers at all.
HURRIED = 1.0
EMBEDDED_URL = "http://embedded.invalid"  # never resolved: the embedded endpoint is reached without a socket
# The domains of every partition, as botocore's partitions.json has them.
_AMAZON = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".amazonwebservices.com.cn",
    ".amazonwebservices.eu",
    ".api.aws",
    ".aws.hci.ic.gov",
    ".aws.ic.gov",
    ".aws.scloud",
    ".c2s.ic.gov",
    ".cloud-aws.adc-e.uk",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".sc2s.sgov.gov",
)


@dataclass(frozen=True)
class Target:
    """Something that answers requests.

    Attributes:
        kind: ``embedded`` or ``url``.
        url: Where requests are addressed to.
        transport: Sends them.
        region: For the client and the scope of signatures.
        scope: Region and signing name.
        credential: Signs the requests.
        world: What the specification is told of the endpoint's world.
        resources: Ids by provider state that are there without our doing.
        time_limit: Seconds for a reply.
        close: Ends the connection.
        hurry: Makes the target wait less for replies, and no longer for a request's turn: somebody wants the run to
            end.
        world_assumed: Whether nobody said what it holds; what a request deserves because of that is then inferred.
        accounts: Keys of other accounts, by what the account is for.
        connect: Gives one more transport to the same place, for a client that sends at the same time as the first; None
            where `transport` may be used by several threads at once.
        bookmark: Gives what puts the target back to how it stands now; None where that cannot be done.
    """

    kind: str
    url: str
    transport: Transport
    region: str
    scope: Scope
    credential: Credential
    world: Any
    resources: Mapping[str, str]
    time_limit: float
    close: Callable[[], None]
    hurry: Callable[[], None] = lambda: None
    world_assumed: bool = False
    accounts: Mapping[str, Credential] = field(default_factory=dict[str, Credential])
    connect: Callable[[], Transport] | None = None
    bookmark: Callable[[], Callable[[], None]] | None = None


def embedded_target(
    specification: Specification,
    world: Any,
    credential: Credential,
    *,
    endpoint: EmbeddedEndpoint | None = None,
    time_limit: float = TIME_LIMIT,
    accounts: Mapping[str, Credential] | None = None,
) -> Target:
    """Return the embedded endpoint as a target.

    Args:
        specification: Of the service.
        world: What the endpoint holds.
        credential: One that the world knows.
        endpoint: An endpoint to use instead of the specification's own, which sets no quota to a run. It may be asked
            by two threads at once.
        time_limit: Seconds for a reply.
        accounts: Keys of other accounts that the world may know, by what the account is for; the specification's own
            when None.
    """
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    answer = endpoint.answer if endpoint is not None else None
    if endpoint is None:
        world = specification.without_quotas(world)
        endpoint = specification.endpoint(world, operations, datetime.now(UTC))
    return Target(
        kind="embedded",
        url=EMBEDDED_URL,
        transport=EmbeddedTransport(answer or one_at_a_time(endpoint.answer)),
        region=specification.scope.region,
        scope=specification.scope,
        credential=credential,
        world=world,
        resources={**_only_by_keeper(specification, endpoint.resources), **specification.configured_ids(world)},
        time_limit=time_limit,
        close=lambda: None,
        accounts=specification.accounts if accounts is None else accounts,
        bookmark=endpoint.bookmark,
    )


def one_at_a_time(answer: Answer) -> Answer:
    """Return `answer` for several threads: the specification's own endpoint knows nothing of them."""
    lock = threading.Lock()

    def locked(request: Request, now: datetime) -> Reply:
        with lock:
            return answer(request, now)

    return locked


def _only_by_keeper(specification: Specification, resources: Mapping[str, str]) -> dict[str, str]:
    """Return the resources in states that no public operation brings about; the others are made in the run."""
    public = {state.name for state in specification.states if state.calls}
    return {state: resource_id for state, resource_id in resources.items() if state not in public}


def url_target(
    specification: Specification,
    world: Any,
    credential: Credential,
    url: str,
    *,
    region: str | None = None,
    time_limit: float = TIME_LIMIT,
    max_reply: int = MAX_REPLY,
    rate: float | None = None,
    allow_writes: bool = False,
    world_assumed: bool = False,
    accounts: Mapping[str, Credential] | None = None,
) -> Target:
    """Return a URL as a target.

    Args:
        specification: Of the service.
        world: What is known of the endpoint's world.
        credential: Signs the requests.
        url: ``http://`` or ``https://``, host and port.
        region: For the scope of signatures; the specification's own when None.
        time_limit: Seconds for a whole reply.
        max_reply: Bytes of a reply's body that are read.
        rate: Requests a second at most, or None.
        allow_writes: Send what could change something to a host of Amazon's too.
        world_assumed: Nobody said what the endpoint holds.
        accounts: Keys of other accounts, by what the account is for.

    Raises:
        BadConfiguration: The URL cannot be used; the text says why.
    """
    host = usable_host(url)
    connections: list[HttpTransport] = []
    turns = None if rate is None else Turns(1 / rate)

    def connect() -> Transport:
        http = HttpTransport(time_limit=time_limit, max_reply=max_reply)
        connections.append(http)
        transport: Transport = http if turns is None else Paced(http, turns)
        if is_amazon(host) and not allow_writes:
            transport = Withholding(transport, specification.is_harmless)
        return transport

    def close() -> None:
        for http in connections:
            http.close()

    def hurry() -> None:
        for http in connections:
            http.time_limit = min(http.time_limit, HURRIED)
        if turns is not None:
            turns.hurry()

    scope = specification.scope if region is None else replace(specification.scope, region=region)

    return Target(
        kind="url",
        url=url.rstrip("/"),
        transport=connect(),
        region=scope.region,
        scope=scope,
        credential=credential,
        world=world,
        resources=specification.configured_ids(world),
        time_limit=time_limit,
        close=close,
        hurry=hurry,
        world_assumed=world_assumed,
        accounts=accounts or {},
        connect=connect,
    )


def usable_host(url: str) -> str:
    """Return the host of a usable URL."""
    # Other letters can stand for ASCII ones in a host's name: whoever resolves it sees another host than we do.
    if not url.isascii() or not url.isprintable() or " " in url:
        raise BadConfiguration(f"the endpoint must be a URL in printable ASCII without spaces, got {url!r}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise BadConfiguration(f"the endpoint {url!r} is not a URL: {wrong}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadConfiguration(f"the endpoint must be an http:// or https:// URL with a host, got {url!r}")
    if "@" in parts.netloc:
        raise BadConfiguration("the endpoint's URL must not hold a user name or password; use [credentials]")
    if "?" in url or "#" in url or parts.path not in ("", "/"):
        raise BadConfiguration(f"the endpoint must be scheme, host and port without path or query, got {url!r}")
    if port == 0 or parts.netloc.endswith(":"):
        raise BadConfiguration(f"the endpoint's port must be 1 to 65535, got {url!r}")
    return host


def is_amazon(host: str) -> bool:
    """Return whether a host is the real service's: writes to it need a flag of their own."""
    return f".{host.lower().rstrip('.')}".endswith(_AMAZON)


class Turns:
    """Lets at most one request begin in so many seconds, whichever thread sends it."""

    def __init__(self, interval: float) -> None:
        """Take the seconds between two requests."""
        self._interval = interval
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for the next turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            time.sleep(turn - now)

    def hurry(self) -> None:
        """Let the requests to come begin at once: they tidy up, are few, and somebody waits for their end."""
        self._interval = self._next = 0.0


class Paced:
    """A transport that waits for its turn."""

    def __init__(self, transport: Transport, turns: Turns) -> None:
        """Take the transport, and the turns that it shares with others."""
        self._transport = transport
        self._turns = turns

    def __call__(self, request: Request) -> Interaction:
        """Wait for this request's turn, then send it."""
        self._turns.wait()
        return self._transport(request)


class Withholding:
    """A transport that sends only what cannot change anything."""

    def __init__(self, transport: Transport, is_harmless: Callable[[Request], bool]) -> None:
        """Take the transport, and what tells a harmless request."""
        self._transport = transport
        self._is_harmless = is_harmless

    def __call__(self, request: Request) -> Interaction:
        """Send `request` if it is harmless; otherwise tell that it was withheld."""
        if self._is_harmless(request):
            return self._transport(request)
        failure = TransportFailure("withheld", "it could change something; --allow-writes sends it")
        return Interaction(request, None, failure, datetime.now(UTC), 0.0)
