"""Sends one case and gathers all that the checks look at."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError

from ...contract.adapters.caller import Caller
from ...contract.adapters.models import read_operations
from ...contract.adapters.sdk import ClientSettings, Sdk, Transport, make_client, parse_reply
from ...contract.case import Call, Case, Parse
from ...contract.codec.query_reading import read_reply
from ...contract.errors import BadConfiguration, UnsupportedProtocol
from ...contract.exchange import Allowance, Exchange
from ...contract.expectation import Expectation
from ...contract.interaction import Interaction, Reply, Request
from ...contract.masking import is_secret, mask_interaction
from ...contract.model import Operation
from ...contract.outcome import Broken, Outcome, Refused, Returned
from ...contract.rule import world_codes
from ...contract.specification import Specification
from ...contract.validation import Complaint, sdk_rejects
from .budget import MAX_MADE, UNAFFORDABLE, Budget
from .targets import Target

# Failures of the transport before the request left.
_NOT_SENT = ("connect", "withheld", "not-recorded", UNAFFORDABLE)


@dataclass
class Judge:
    """Sends cases of one service to one target, with one client.

    Attributes:
        specification: Says what a request deserves.
        target: Answers.
        operations: The operations of the installed model, by name.
        caller: Sends.
        world: What the specification knows of the endpoint's world; it follows what the endpoint says that it did.
        ids: Ids by provider state.
        allowance: What is allowed in every reply.
        budget: Knows of every resource that a reply said was made; somebody must dispose of them.
    """

    specification: Specification
    target: Target
    operations: Mapping[str, Operation]
    caller: Caller
    world: Any
    ids: dict[str, str]
    allowance: Allowance
    budget: Budget
    _codes: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]], repr=False)

    def exchange(self, case: Case, *, repeat: bool = False) -> Exchange:
        """Send `case`, and return all that the checks look at.

        Args:
            case: What to send.
            repeat: Send it once more, where it makes nothing and then deserves what it deserved at first.
        """
        used = self._used(case)
        case = case.resolve(used)
        if isinstance(case.sent, Parse):
            return parse_exchange(self.operations[case.operation], case, case.sent.reply)
        interaction, outcome = self.caller.send(case, self.operations)
        return self._exchange(case, used, interaction, outcome, repeat=repeat)

    def exchange_as_it_stands(self, request: Request, case: Case) -> Exchange:
        """Send a request that somebody else has made, and return all that the checks look at.

        Args:
            request: Addressed to the target, and signed.
            case: What it is taken for.
        """
        return self._exchange(case, {}, *self.caller.send_again(request, self.operations[case.operation]), repeat=False)

    def exchanges_together(self, cases: Sequence[Case], callers: Sequence[Caller]) -> tuple[Exchange, ...]:
        """Send `cases` at the same time, and return all that the checks look at, in the order of the cases.

        Args:
            cases: What to send; none may change what another deserves.
            callers: One for each case.
        """
        every = [self._used(case) for case in cases]
        cases = [case.resolve(used) for case, used in zip(cases, every, strict=True)]
        start = threading.Barrier(len(cases))

        def send(case: Case, caller: Caller) -> tuple[Interaction | None, Outcome]:
            start.wait()
            return caller.send(case, self.operations)

        with ThreadPoolExecutor(len(cases)) as pool:
            sent = list(pool.map(send, cases, callers))
        return tuple(
            self._exchange(case, used, *came, repeat=False) for case, used, came in zip(cases, every, sent, strict=True)
        )

    def _used(self, case: Case) -> dict[str, str]:
        return {name: self.ids[name] for name in sorted(case.references() & self.ids.keys())}

    def _exchange(
        self, case: Case, used: dict[str, str], interaction: Interaction | None, outcome: Outcome, *, repeat: bool
    ) -> Exchange:
        operation = self.operations[case.operation]
        complaints: tuple[Complaint, ...] = ()
        if isinstance(case.sent, Call) and operation.input_shape is not None:
            complaints = sdk_rejects(operation.input_shape, case.sent.parameters)
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
            used=used,
        )
        if interaction is None:
            return exchange
        return self._judged(exchange, interaction, repeat=repeat)

    def another_caller(self) -> Caller:
        """Return one more caller, with a client and a connection of its own, that shares this judge's budget."""
        target = self.target
        transport = target.connect() if target.connect is not None else target.transport
        budget = replace(self.budget, transport=_masked(transport, self.allowance.secrets))
        return _open_caller(self.specification, target, budget)

    def _judged(self, exchange: Exchange, interaction: Interaction, *, repeat: bool) -> Exchange:
        named, expectation = self.specification.expect(
            interaction.request, world=self.world, now=interaction.sent_at, operations=self.operations
        )
        operation = named or exchange.operation
        if self.target.world_assumed:
            expectation = expectation.on_assumed_world(self._world_codes(operation))
        outcome, reading = exchange.outcome, None
        if interaction.reply is not None:
            reading = read_reply(operation, interaction.reply, namespaces=self.allowance.namespaces)
            if operation is not exchange.operation:
                outcome = self.caller.sdk.parse(operation, interaction.reply)
        key, before = exchange.case.signing.key, self.world
        made = self._noted(interaction, operation, outcome, key)
        repeated: Outcome | None = None
        if (
            repeat
            and interaction.reply is not None
            and not made
            and (self.world is before or self._deserves_the_same(interaction, expectation))
        ):
            second, repeated = self.caller.send_again(interaction.request, operation)
            self._noted(second, operation, repeated, key)
            # What came late, after the first reply, is seen with the second.
            interaction = replace(interaction, stray=interaction.stray or second.stray)
        return replace(
            exchange,
            operation=operation,
            interaction=interaction,
            outcome=outcome,
            reading=reading,
            expectation=expectation,
            repeated=repeated,
        )

    def _noted(self, interaction: Interaction, operation: Operation, outcome: Outcome, key: str) -> bool:
        """Take what the endpoint says that it did into the world; return whether it made a resource."""
        request, said = interaction.request, self._said(interaction, operation, outcome)
        self.world = self.specification.after(
            self.world, request, said, now=interaction.sent_at, operations=self.operations
        )
        found = self.specification.resource_id(operation.name, said.value) if isinstance(said, Returned) else None
        if found:
            self.budget.note(request, found, key)
        elif self._may_have_made(interaction, said):
            self.budget.settle(request, operation.name, outcome)
        else:
            self.budget.settle(request)
        return bool(found)

    def _said(self, interaction: Interaction, operation: Operation, outcome: Outcome) -> Outcome:
        """Return what the endpoint said: by the strict codec where the SDK could not read it."""
        if not isinstance(outcome, Broken) or interaction.reply is None:
            return outcome
        reading = read_reply(operation, interaction.reply, namespaces=self.allowance.namespaces)
        if reading.value is not None:
            return Returned(reading.value, interaction.reply.status, reading.request_id)
        if reading.error is not None and reading.error.code:
            error = reading.error
            return Refused(error.code, error.message, error.fault, interaction.reply.status, "", reading.request_id)
        return outcome

    def _may_have_made(self, interaction: Interaction, said: Outcome) -> bool:
        """Return whether a request whose reply names no resource may have made one, if it is of those that make any."""
        if interaction.failure is not None:
            return interaction.failure.kind not in _NOT_SENT
        if isinstance(said, Returned):
            return not self.specification.may_rehearse(interaction.request)
        # What is refused was not done, even if the refusal is no document at all.
        refused = interaction.reply is not None and 400 <= interaction.reply.status < 500
        return isinstance(said, Broken) and not refused

    def _world_codes(self, operation: Operation) -> frozenset[str]:
        if operation.name not in self._codes:
            self._codes[operation.name] = world_codes(self.specification.rules(operation.name))
        return self._codes[operation.name]

    def _deserves_the_same(self, interaction: Interaction, before: Expectation) -> bool:
        """Return whether a request that was answered deserves the same once more."""
        _, now = self.specification.expect(
            interaction.request, world=self.world, now=interaction.sent_at, operations=self.operations
        )
        return (now.codes, now.may_succeed) == (before.codes, before.may_succeed)


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keep the warnings of dateutil, which tells of each time zone that it cannot guess, off the console."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse_exchange(operation: Operation, case: Case, reply: Reply) -> Exchange:
    """Return what the SDK's parser and the strict codec make of a reply; nothing is sent."""
    with without_warnings():
        outcome, reading = parse_reply(operation, reply), read_reply(operation, reply)
    return Exchange(operation, case, None, outcome, reading, None, (), Allowance())


def _masked(transport: Transport, secrets: tuple[str, ...]) -> Transport:
    def masked(request: Request) -> Interaction:
        # Whatever is made of a reply, findings and reports and errors, is made without secrets in it.
        return mask_interaction(transport(request), secrets)

    return masked


def _open_caller(specification: Specification, target: Target, transport: Transport) -> Caller:
    settings = ClientSettings(specification.service, target.url, target.region, target.credential, {})
    try:
        client = make_client(settings)
    except (BotoCoreError, ValueError) as wrong:
        raise BadConfiguration(f"the SDK makes no client for {target.url} in {target.region!r}: {wrong}") from None
    return Caller(
        Sdk(client, transport),
        transport,
        url=target.url,
        credential=target.credential,
        scope=target.scope,
        accounts=target.accounts,
    )


def open_judge(specification: Specification, target: Target, *, max_made: int | None = None) -> Judge:
    """Return a judge with a client of its own.

    Args:
        specification: Of the service.
        target: Answers.
        max_made: How many resources may be made; when None, `MAX_MADE` at a URL and any number elsewhere.

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
    # The keys that only an embedded endpoint knows are public.
    others = [key for name, key in target.accounts.items() if key != specification.accounts.get(name)]
    keys = {key.secret_access_key for key in (target.credential, *others)}
    secrets = tuple(sorted(filter(is_secret, keys)))
    limit = MAX_MADE if target.kind == "url" and max_made is None else max_made
    masked = _masked(target.transport, secrets)
    budget = Budget(masked, specification.may_make, specification.is_harmless, limit)
    caller = _open_caller(specification, target, budget)
    allowance = Allowance(
        namespaces=specification.namespaces,
        other_codes=dict(specification.other_codes(target.world)),
        statuses=specification.status_of,
        secrets=secrets,
    )
    return Judge(specification, target, operations, caller, target.world, {}, allowance, budget)
