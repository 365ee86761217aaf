"""Requests, replies and what came between them, as plain data.

Bodies are bytes as they went over the wire. Nothing here knows a protocol or a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]
"""Header names and values in the order sent; names keep their spelling, look-ups ignore case."""


def header_value(headers: Headers, name: str) -> str | None:
    """Return the first value of header `name`, compared without case, or None."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it left.

    Attributes:
        method: Upper-case verb.
        url: Absolute URL, with the query string as sent.
        headers: As sent.
        body: As sent.
    """

    method: str
    url: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of that header, or None."""
        return header_value(self.headers, name)

    @property
    def path(self) -> str:
        """The path as sent, ``/`` when empty."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query string as sent, still encoded, without ``?``."""
        return urlsplit(self.url).query

    @property
    def host(self) -> str:
        """The host as a server sees it: the Host header, else the URL's without the scheme's own port."""
        named = self.header("host")
        if named:
            return named
        url = urlsplit(self.url)
        return url.netloc.removesuffix({"http": ":80", "https": ":443"}.get(url.scheme, ""))


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply as it came, body undecoded."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of that header, or None."""
        return header_value(self.headers, name)


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """No usable reply came.

    Attributes:
        kind: One of ``connect``, ``timeout``, ``closed``, ``not-http``, ``too-large``, ``crash`` (an endpoint in
            this process raised instead of replying), ``withheld`` (not sent: it could have changed something),
            ``unaffordable`` (not sent: it could have made more than a run may make).
        detail: One sentence for a reader; never compared.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request and what came of it on the wire.

    Attributes:
        request: As sent.
        reply: As received, or None when `failure` says why there is none.
        failure: Why there is no reply, or None.
        sent_at: When the request left, with time zone; signatures and expiry are judged by it.
        seconds: How long the reply took.
        stray: What came on the connection after the end of this reply, or of the one before it, without being asked
            for; its first bytes.
        leaks_secret: Whether the secret access key stood in the reply, which is masked there; None when nobody looked.
    """

    request: Request
    reply: Reply | None
    failure: TransportFailure | None
    sent_at: datetime
    seconds: float
    stray: bytes = b""
    leaks_secret: bool | None = None
