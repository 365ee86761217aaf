"""A pact searched for mistakes, without any provider: what Pact does not tell, and what the contract forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ...contract.codec.query_reading import ReplyReading, read_reply
from ...contract.codec.query_request import read_request
from ...contract.codec.signature import EXAMPLE_KEY, sign_v4
from ...contract.common_errors import COMMON_ERRORS
from ...contract.errors import close_names
from ...contract.expectation import Expectation
from ...contract.finding import Finding, FindingKind
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.specification import Settings, Specification
from .kinds import (
    DESCRIPTION_REPEATED,
    ERROR_UNDOCUMENTED,
    ERROR_UNUSED,
    REPLY_WRONG,
    REQUEST_FORBIDDEN,
    RULE_UNUSED,
    SECRET,
    STATE_MISSING,
    STATE_UNKNOWN,
    UNDESERVED,
)
from .pact import Interaction, Pact
from .paths import points_at_something
from .promised import MOMENT, promised_interactions
from .secrecy import secret_kinds
from .states import known_states, named_ids, recipe_of, unknown_states
from .subject import allows, deserved, named_operation, operation_of, pairs_of

_AUTHENTICATION = frozenset({"authorization", "x-amz-security-token"})
_LONG = 100  # characters; no id has as many


def lint(specification: Specification, pact: Pact, operations: Mapping[str, Operation]) -> tuple[Finding, ...]:
    """Return what is wrong with a pact, interaction by interaction, and then what its consumer leaves out."""
    search = _Search(specification, operations)
    found: list[Finding] = []
    counts = Counter(one.description for one in pact.interactions)
    for one in pact.interactions:
        if counts[one.description] > 1:
            times = f"{counts.pop(one.description)} interactions"
            found.append(search.finding(DESCRIPTION_REPEATED, one, "one interaction", times))
        found += search.interaction(one)
    return (*found, *search.unused(pact))


class _Search:
    def __init__(self, specification: Specification, operations: Mapping[str, Operation]) -> None:
        self._specification = specification
        self._operations = operations
        self._world = specification.world(Settings((EXAMPLE_KEY,), {}, specification.accounts))
        self._public: dict[str, frozenset[str | None]] = {}

    def finding(self, kind: FindingKind, one: Interaction, expected: str, observed: str, *key: str) -> Finding:
        subject = operation_of(self._specification, one)
        return Finding(kind, subject, one.description, expected, observed, key=(one.description, *key))

    def interaction(self, one: Interaction) -> Iterator[Finding]:
        operation = named_operation(one, self._operations)
        yield from self._rules(one)
        yield from self._secrets(one, operation)
        unknown = unknown_states(self._specification, one)
        for name in unknown:
            known = close_names(name, known_states(self._specification))
            yield self.finding(STATE_UNKNOWN, one, known, repr(name), name)
        if operation is None:
            asked = operation_of(self._specification, one)
            yield self.finding(REQUEST_FORBIDDEN, one, close_names(asked, self._operations), asked)
            return
        reading = self._read(operation, one)
        for departure in read_request(operation, pairs_of(one)).departures:
            # What is refused may well be wrong; the rules say below whether it is refused rightly.
            if departure.code == "member-unknown" or reading.error is None:
                yield self.finding(REQUEST_FORBIDDEN, one, departure.expected, departure.observed, departure.path)
        for departure in reading.departures:
            yield self.finding(REPLY_WRONG, one, departure.expected, departure.observed, departure.path)
        yield from self._undocumented(one, operation, reading)
        if not unknown:
            yield from self._undeserved(one, reading)

    def _rules(self, one: Interaction) -> Iterator[Finding]:
        for where, message in (("request", one.request), ("reply", one.reply)):
            for rule in message.rules:
                if points_at_something(rule.path, message) is False:
                    yield self.finding(RULE_UNUSED, one, f"a place in the body of the {where}", rule.path, rule.path)

    def _secrets(self, one: Interaction, operation: Operation | None) -> Iterator[Finding]:
        for where, message in (("request", one.request), ("reply", one.reply)):
            for name, _ in message.headers:
                if name.lower() in _AUTHENTICATION:
                    yield self.finding(SECRET, one, "no authentication", f"the header {name} of the {where}", name)
            if message.body and message.body not in self._published(operation):
                for kind in sorted(secret_kinds(message)):
                    yield self.finding(SECRET, one, "no secret", f"{kind} in the body of the {where}", where, kind)

    def _published(self, operation: Operation | None) -> frozenset[str | None]:
        """Return the bodies that `botoproof pact write` writes: whatever looks like a secret there is made up."""
        if operation is None or operation.name not in self._specification.subjects:
            return frozenset()
        if operation.name not in self._public:
            written = promised_interactions(self._specification, operation.name, self._operations).interactions
            self._public[operation.name] = frozenset(part.body for one in written for part in (one.request, one.reply))
        return self._public[operation.name]

    def _read(self, operation: Operation, one: Interaction) -> ReplyReading:
        body = (one.reply.body or "").encode("utf-8", "surrogateescape")
        return read_reply(
            operation, Reply(one.status, one.reply.headers, body), namespaces=self._specification.namespaces
        )

    def _undocumented(self, one: Interaction, operation: Operation, reading: ReplyReading) -> Iterator[Finding]:
        code = reading.error.code if reading.error is not None else None
        others = {*self._specification.other_codes(self._world), *COMMON_ERRORS}
        if code and code not in operation.error_codes and code not in others:
            yield self.finding(ERROR_UNDOCUMENTED, one, close_names(code, operation.error_codes), code, code)

    def _undeserved(self, one: Interaction, reading: ReplyReading) -> Iterator[Finding]:
        if reading.error is None and reading.value is None:
            return
        code = reading.error.code if reading.error is not None else None
        expected = self._expected(one, self._held(one))
        if allows(expected, code):
            return
        kind = STATE_MISSING if not one.states and self._would_do(one, code) else UNDESERVED
        yield self.finding(kind, one, deserved(expected), code or "a success", code or "")

    def _expected(self, one: Interaction, ids: Mapping[str, str]) -> Expectation:
        headers = tuple(pair for pair in one.request.headers if pair[0].lower() not in _AUTHENTICATION)
        body = (one.request.body or "").encode("utf-8", "surrogateescape")
        suffix = f"?{one.query}" if one.query else ""
        request = Request(one.method, f"http://provider.invalid{one.path}{suffix}", headers, body)
        signed = sign_v4(request, EXAMPLE_KEY, self._specification.scope, MOMENT)
        world = self._specification.with_resources(self._world, ids, MOMENT)
        return self._specification.expect(signed, world=world, now=MOMENT, operations=self._operations)[1]

    def _held(self, one: Interaction) -> dict[str, str]:
        """Return the ids by state that an interaction asks for."""
        ids: dict[str, str] = {}
        for state in one.states:
            recipe, names = recipe_of(self._specification, state.name), named_ids(state)
            if recipe is not None and names:
                ids[recipe.name] = names[0]
        return ids

    def _would_do(self, one: Interaction, code: str | None) -> bool:
        """Return whether there is a state of something that the request names in which its reply is right."""
        names = [value for key, value in pairs_of(one) if key not in ("Action", "Version") and 0 < len(value) < _LONG]
        tries = ({state.name: name} for name in names for state in self._specification.states)
        return any(allows(self._expected(one, ids), code) for ids in tries)

    def unused(self, pact: Pact) -> Iterator[Finding]:
        """Yield the documented errors of the operations that the consumer calls, and never meets."""
        met: dict[str, set[str | None]] = {}
        for one in pact.interactions:
            operation = named_operation(one, self._operations)
            if operation is not None:
                error = self._read(operation, one).error
                met.setdefault(operation.name, set()).add(error.code if error else None)
        for name in sorted(met):
            operation = self._operations[name]
            for code in sorted(operation.error_codes - met[name]):
                yield Finding(ERROR_UNUSED, str(operation), name, f"an interaction with {code}", "none", key=(code,))
