"""Sends one case and gathers all that the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError

from ...contract.adapters.caller import Caller
from ...contract.adapters.models import read_operations
from ...contract.adapters.sdk import ClientSettings, Sdk, make_client
from ...contract.case import Call, Case
from ...contract.codec.query_reading import read_reply
from ...contract.errors import BadConfiguration, UnsupportedProtocol
from ...contract.exchange import Allowance, Exchange
from ...contract.interaction import Interaction
from ...contract.model import Operation
from ...contract.outcome import Outcome
from ...contract.specification import Specification
from ...contract.validation import Complaint, sdk_rejects
from .targets import Target


@dataclass
class Judge:
    """Sends cases of one service to one target, with one client.

    Attributes:
        specification: Says what a request deserves.
        target: Answers.
        operations: The operations of the installed model, by name.
        caller: Sends.
        world: What the specification knows of the endpoint's world; grows as states are prepared.
        ids: Ids by provider state.
        allowance: What is allowed in every reply.
    """

    specification: Specification
    target: Target
    operations: Mapping[str, Operation]
    caller: Caller
    world: Any
    ids: dict[str, str]
    allowance: Allowance

    def exchange(self, case: Case, *, repeat: bool = False) -> Exchange:
        """Send `case`, and once more when `repeat` is set; return all that the checks look at."""
        case = case.resolve(self.ids)
        operation = self.operations[case.operation]
        complaints: tuple[Complaint, ...] = ()
        if isinstance(case.sent, Call) and operation.input_shape is not None:
            complaints = sdk_rejects(operation.input_shape, case.sent.parameters)
        interaction, outcome = self.caller.send(case, self.operations)
        exchange = Exchange(
            operation=operation,
            case=case,
            interaction=interaction,
            outcome=outcome,
            reading=None,
            expectation=None,
            complaints=complaints,
            allowance=self.allowance,
            time_limit=self.target.time_limit,
        )
        if interaction is None:
            return exchange
        return self._judged(exchange, interaction, repeat=repeat)

    def _judged(self, exchange: Exchange, interaction: Interaction, *, repeat: bool) -> Exchange:
        named, expectation = self.specification.expect(
            interaction.request, world=self.world, now=interaction.sent_at, operations=self.operations
        )
        operation = named or exchange.operation
        outcome, reading = exchange.outcome, None
        if interaction.reply is not None:
            reading = read_reply(operation, interaction.reply, namespaces=self.allowance.namespaces)
            if operation is not exchange.operation:
                outcome = self.caller.sdk.parse(operation, interaction.reply)
        repeated: Outcome | None = None
        if repeat and interaction.reply is not None:
            repeated = self.caller.send_again(interaction.request, operation)[1]
        return replace(
            exchange, operation=operation, outcome=outcome, reading=reading, expectation=expectation, repeated=repeated
        )


# Emulators take "test" for a secret, which may stand in any reply by chance; a real one has 40 characters.
_SECRET_ENOUGH = 16


def open_judge(specification: Specification, target: Target) -> Judge:
    """Return a judge with a client of its own.

    Raises:
        BadConfiguration: The SDK takes the target's URL or region for nonsense.
        UnsupportedProtocol: The service speaks a protocol without a strict codec.
    """
    operations = {operation.name: operation for operation in read_operations(specification.service)}
    for operation in operations.values():
        if operation.protocol != "query":
            raise UnsupportedProtocol(
                f"{operation.service} speaks {operation.protocol} with the installed botocore; "
                "botoproof can so far hold only query-protocol services to their contract"
            )
    settings = ClientSettings(specification.service, target.url, target.region, target.credential, {})
    try:
        client = make_client(settings)
    except (BotoCoreError, ValueError) as wrong:
        raise BadConfiguration(f"the SDK makes no client for {target.url} in {target.region!r}: {wrong}") from None
    sdk = Sdk(client, target.transport)
    caller = Caller(sdk, target.transport, url=target.url, credential=target.credential, scope=target.scope)
    secret = target.credential.secret_access_key
    allowance = Allowance(
        namespaces=specification.namespaces,
        other_codes=dict(specification.other_codes(target.world)),
        statuses=specification.status_of,
        secrets=(secret,) if len(secret) >= _SECRET_ENOUGH else (),
    )
    return Judge(specification, target, operations, caller, target.world, {}, allowance)
