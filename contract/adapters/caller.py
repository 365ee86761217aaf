"""Sends cases: parameters through the SDK, forms and bytes on the wire, all signed and all through one transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ..case import Call, Case, Form, Parse, Raw, Signing
from ..codec.form import Pairs, read_form, write_form
from ..codec.signature import Credential, Scope, sign_v2, sign_v4
from ..interaction import Interaction, Request, TransportFailure
from ..model import Operation
from ..outcome import Broken, Outcome
from .sdk import Sdk, Transport

FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"

# AWS's second published example key: well-formed, and issued to nobody.
UNKNOWN_KEY = Credential("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")


class Caller:
    """Sends cases of one service, signed with one credential, to one address."""

    def __init__(
        self,
        sdk: Sdk,
        transport: Transport,
        *,
        url: str,
        credential: Credential,
        scope: Scope,
        accounts: Mapping[str, Credential] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare to send.

        Args:
            sdk: A client wired to `transport`.
            transport: Sends what the SDK cannot.
            url: Where to, e.g. ``http://127.0.0.1:8000``.
            credential: Signs forms and bytes.
            scope: Region and signing name.
            accounts: Keys of other accounts, by the name that `Signing` has for them.
            now: The clock for signatures.
        """
        self.sdk = sdk
        self._transport = transport
        self._url = url.rstrip("/") + "/"
        self._scope = scope
        self._accounts = {"own": credential, "unknown": UNKNOWN_KEY, **(accounts or {})}
        self._now = now

    def send(self, case: Case, operations: Mapping[str, Operation]) -> tuple[Interaction | None, Outcome]:
        """Send a case and tell what came of it.

        Args:
            case: With its references resolved.
            operations: The operations of the service, by name.
        """
        operation = operations[case.operation]
        if isinstance(case.sent, Call):
            return self.sdk.call(operation, case.sent.parameters)
        return self.send_again(self.build(case), operation)

    def send_again(self, request: Request, operation: Operation) -> tuple[Interaction, Outcome]:
        """Send a request as it stands, and tell what the SDK would have made of the reply."""
        interaction = self._transport(request)
        if interaction.reply is None:
            failure = interaction.failure or TransportFailure("closed", "no reply")
            # Whatever failed, the SDK would have raised an error of its own tree.
            return interaction, Broken(failure.kind, failure.detail, sdk_error=True)
        return interaction, self.sdk.parse(operation, interaction.reply)

    def build(self, case: Case) -> Request:
        """Return the signed request for a form or bytes.

        Raises:
            TypeError: The case holds parameters, which are built by the SDK, or a reply.
            LookupError: It is to be signed with the key of an account that is not known.
        """
        match case.sent:
            case Form(pairs=pairs, method="GET"):
                return self._get(pairs, case.signing)
            case Form(pairs=pairs, query=query):
                return self._post(write_form(pairs), FORM_TYPE, case.signing, query=query, pairs=pairs)
            case Raw(body=body, content_type=content_type):
                return self._post(body, content_type, case.signing)
            case Call():
                raise TypeError("parameters are sent by the SDK")
            case Parse():
                raise TypeError("a reply to be parsed is not sent")

    def _get(self, pairs: Pairs, signing: Signing) -> Request:
        if signing.version == "v2" and signing.key != "none":
            pairs = self._sign_v2(pairs, signing, "GET")
        query = write_form(pairs, plus=False).decode("ascii")
        request = Request("GET", f"{self._url}?{query}", (), b"")
        return self._sign_v4(request, signing)

    def _post(
        self, body: bytes, content_type: str, signing: Signing, *, query: Pairs = (), pairs: Pairs = ()
    ) -> Request:
        if signing.version == "v2" and signing.key != "none":
            # The signature covers the query string's pairs too, and stands in the body.
            signed = self._sign_v2((*query, *(pairs or read_form(body).pairs)), signing, "POST")
            body = write_form(signed[len(query) :], plus=False)
        suffix = f"?{write_form(query, plus=False).decode('ascii')}" if query else ""
        request = Request("POST", self._url + suffix, (("Content-Type", content_type),) if content_type else (), body)
        return self._sign_v4(request, signing)

    def _sign_v2(self, pairs: Pairs, signing: Signing, method: str) -> Pairs:
        host = Request(method, self._url, (), b"").host
        signed = sign_v2(pairs, self._key(signing), self._date(signing), method=method, host=host)
        if not signing.tampered:
            return signed
        return tuple((key, _spoiled(value) if key == "Signature" else value) for key, value in signed)

    def _sign_v4(self, request: Request, signing: Signing) -> Request:
        if signing.version != "v4" or signing.key == "none":
            return request
        signed = sign_v4(request, self._key(signing), self._scope, self._date(signing))
        if not signing.tampered:
            return signed
        headers = tuple((n, _spoiled(v) if n == "Authorization" else v) for n, v in signed.headers)
        return replace(signed, headers=headers)

    def _key(self, signing: Signing) -> Credential:
        if signing.key not in self._accounts:
            raise LookupError(f"no access key is known for {signing.key!r}, only for {', '.join(self._accounts)}")
        return self._accounts[signing.key]

    def _date(self, signing: Signing) -> datetime:
        return self._now() - timedelta(seconds=signing.age_seconds)


def _spoiled(signature: str) -> str:
    """Return a signature with one character of it changed."""
    at = len(signature) - 10
    return signature[:at] + ("0" if signature[at] != "0" else "1") + signature[at + 1 :]
