"""The engine on the wire, for measuring: real sockets on loopback, and really waiting for what takes time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from ...contract.adapters.models import read_operations
from ...contract.adapters.tls import Authority
from ...contract.adapters.wire import WireServer
from ...contract.adapters.wire_behind import Embedded
from ...contract.faults.plan import Plan
from .client import open_client
from .engine import Struck
from .subject import Subject

_HOST = "127.0.0.1"


class Wire:
    """A server of faults in front of a subject's endpoint, and a client of it. Use it as a context manager."""

    def __init__(self, subject: Subject, mode: str, *, tls: bool = False) -> None:
        """Take what is served.

        Args:
            subject: What is called.
            mode: The retry mode of the client.
            tls: Speak TLS, with certificates of an authority that the client trusts.

        Raises:
            TlsUnavailable: trustme, which makes the certificates, is not installed.
        """
        self._subject = subject
        self._mode = mode
        self._authority = Authority(_HOST) if tls else None
        self._stack = ExitStack()
        self.client: Any = None

    def __enter__(self) -> Self:
        """Begin to answer."""
        service = self._subject.service
        name, region = service.specification.service, service.specification.scope.region
        behind = Embedded(self._subject.answer)
        server = WireServer(read_operations(name), behind, host=_HOST, authority=self._authority)
        self._server = self._stack.enter_context(server)
        trusted = None
        if self._authority is not None:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="botoproof-")))
            trusted = folder / "authority.pem"
            trusted.write_bytes(self._authority.certificate)
        self.client = open_client(name, region, service.credential, self._server.url, mode=self._mode, trusted=trusted)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and close every connection."""
        self._hang_up()
        self._stack.close()

    @contextmanager
    def struck_by(self, plan: Plan) -> Iterator[Struck]:
        """Let a plan strike the client; no connection outlives it, so that each is struck on new ones."""
        self._server.set_plan(plan)
        known, begun = len(self._server.calls()), time.monotonic()
        try:
            yield Struck(lambda: time.monotonic() - begun, lambda: self._server.calls()[known:])
        finally:
            self._server.clear_plans()
            self._hang_up()

    def _hang_up(self) -> None:
        if self.client is not None:
            self.client._endpoint.http_session.close()  # noqa: SLF001 - clients before 1.40 have no close()
