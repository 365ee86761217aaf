"""Certificates for faults of TLS: an authority of our own, whose key never leaves the process.

What makes them is `trustme`, of the extra ``tls``. The client is given the authority's certificate (`AWS_CA_BUNDLE`),
and verifies as it always does.
"""

from __future__ import annotations

import importlib
import ssl
from datetime import UTC, datetime
from typing import Any

from ..errors import ToolkitError

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 12, 31, tzinfo=UTC)


class TlsUnavailable(ToolkitError):
    """What makes certificates is not installed."""


class Authority:
    """A certificate authority for one run."""

    def __init__(self, host: str) -> None:
        """Make it.

        Args:
            host: Whom the right certificate is for.

        Raises:
            TlsUnavailable: trustme is not installed.
        """
        try:
            trustme: Any = importlib.import_module("trustme")
        except ImportError:
            raise TlsUnavailable(
                "an endpoint that speaks TLS needs certificates, which trustme makes: pip install 'botoproof[tls]'"
            ) from None
        self._trustme = trustme
        self._host = host
        self._authority: Any = trustme.CA(organization_name="botoproof, for this run only")
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def certificate(self) -> bytes:
        """What a client must trust, as PEM."""
        return bytes(self._authority.cert_pem.bytes())

    def context(self, kind: str = "") -> ssl.SSLContext:
        """Return what a server of TLS presents.

        Args:
            kind: A fault of certificates, such as ``tls.expired``; the right certificate otherwise.
        """
        if kind not in self._contexts:
            self._contexts[kind] = self._made(kind)
        return self._contexts[kind]

    def _made(self, kind: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match kind:
            case "tls.self_signed":
                # An authority's own certificate is signed by itself; nobody trusts this one.
                own = self._trustme.CA(organization_name="botoproof, trusted by nobody")
                pair = self._trustme.LeafCert(own.private_key_pem.bytes(), own.cert_pem.bytes(), [])
            case "tls.expired":
                begins, ends = _LONG_AGO
                pair = self._authority.issue_cert(self._host, not_before=begins, not_after=ends)
            case "tls.wrong_host":
                pair = self._authority.issue_cert("another-host.example")
            case _:
                pair = self._authority.issue_cert(self._host)
        pair.configure_cert(context)
        return context
