"""A call that a consumer made, as an interaction of its pact: without secrets, and the same text on every run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import escape

from botocore.model import StringShape

from ...cassettes.scrub import Unsearchable, is_form, scrub
from ...cassettes.sensitive import ScrubRules
from ...contract.adapters.models import read_operations
from ...contract.codec.form import Pairs, read_form, write_form
from ...contract.codec.query_reading import read_reply
from ...contract.codec.signature import EXAMPLE_KEY, sign_v4
from ...contract.expectation import Promise
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.specification import Settings, Specification
from ..attempts import Attempt
from .making import make_interaction
from .pact import FORM, GivenState, Interaction
from .promised import MOMENT
from .rules import shape_at
from .secrecy import secret_kinds
from .states import recipe_of

_LONGEST = 40  # characters of a value in a description
_REQUEST_ID = re.compile(r"(<(?:[\w.-]+:)?RequestId>)[^<]*(?=<)")
_NO_REQUEST = "00000000-0000-0000-0000-000000000000"
_TIME = re.compile(r">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)(?=<)")
_SIGNER = "<access-key:1>"
"""What the scrubber leaves of the key that signed; Pact's verifier is given the provider's own for the example key."""


@dataclass(frozen=True)
class Subject:
    """What is known of the service that is called.

    Attributes:
        service: botocore's name of it.
        specification: Of it, where there is one.
    """

    service: str
    specification: Specification | None

    @cached_property
    def _operations(self) -> Mapping[str, Operation]:
        return {operation.name: operation for operation in read_operations(self.service)}

    @cached_property
    def _usual_ids(self) -> Mapping[str, str]:
        """Return how a resource in each state is called in pacts that `botoproof pact write` writes."""
        if self.specification is None:
            return {}
        specification = self.specification
        endpoint = specification.endpoint(specification.world(Settings((EXAMPLE_KEY,))), self._operations, None)
        return {state.name: endpoint.provide(state.name, MOMENT) for state in specification.states}

    def given(self, state: str, resource_id: str, number: int) -> GivenState:
        """Return the state of a resource as a pact names it: the `number`-th in that state which a call is about."""
        recipe = recipe_of(self.specification, state) if self.specification is not None else None
        if recipe is None:
            return GivenState(state, {"id": resource_id})
        usual = self._usual_ids[recipe.name]
        return GivenState(recipe.sentence, {"id": usual if number == 1 else _another(usual, number)})

    def promises(self, pairs: Pairs, given: Mapping[str, str]) -> tuple[Promise, ...]:
        """Return what a success must carry by the specification; nothing where there is none."""
        specification = self.specification
        if specification is None:
            return ()
        request = Request("POST", "http://provider.invalid/", (("Content-Type", FORM),), write_form(pairs))
        world = specification.with_resources(specification.world(Settings((EXAMPLE_KEY,))), given, MOMENT)
        signed = sign_v4(request, EXAMPLE_KEY, specification.scope, MOMENT)
        return specification.expect(signed, world=world, now=MOMENT, operations=self._operations)[1].promises


def record(
    attempt: Attempt, subject: Subject, before: Mapping[str, str], after: Mapping[str, str], rules: ScrubRules
) -> Interaction | str:
    """Return an attempt as an interaction, or why it is none.

    Ids of resources whose state is known become those that pacts have for that state, request ids and times in the
    reply become fixed ones, and what else differs from run to run is the caller's.

    Args:
        attempt: What was sent, and what came.
        subject: What is known of its service.
        before: The states of resources when it was sent, by id.
        after: The same when the reply had come.
        rules: What is secret.
    """
    operation = attempt.operation
    if attempt.reply.status >= 500:
        return "answered by a server error, which no provider promises"
    if attempt.request.method != "POST" or attempt.request.query or not is_form(attempt.request):
        return "not sent as a form"
    try:
        request, reply = scrub(attempt.request, attempt.reply, rules)
        text = reply.body.decode("utf-8")
    except (Unsearchable, UnicodeDecodeError):
        return "answered by what cannot be read as text"
    pairs = read_form(request.body).pairs
    ids = _Ids(subject, before, after)
    states = tuple(ids.of_request(pairs)) or tuple(ids.of_reply(text))
    tokens = tuple(operation.declared.idempotent_members)
    pairs = tuple((key, _NO_REQUEST if key in tokens else _with_example_key(ids.renamed(v))) for key, v in pairs)
    text = _TIME.sub(f">{MOMENT:%Y-%m-%dT%H:%M:%SZ}", _REQUEST_ID.sub(rf"\g<1>{_NO_REQUEST}", ids.rewritten(text)))
    reply = Reply(reply.status, reply.headers, _with_example_key(text).encode())
    reading = read_reply(operation, reply)
    if reading.error is None and reading.value is None:
        return "answered by what is no reply of the protocol"
    code = None if reading.error is None else reading.error.code or "an error without code"
    documented = operation.error(code) if code else None
    interaction = make_interaction(
        operation,
        describe(operation, pairs, states, code),
        documented.name if documented else code,
        states=states,
        pairs=pairs,
        usual=() if code else tuple(pair for pair in pairs if not _is_choice(operation, pair[0])),
        reply=reply,
        promises=() if code else subject.promises(pairs, ids.given),
    )
    kinds = secret_kinds(interaction.request) | secret_kinds(interaction.reply)
    if kinds:
        return f"holding what looks like a secret that cannot be taken out ({', '.join(sorted(kinds))})"
    return interaction


def describe(operation: Operation, pairs: Pairs, states: tuple[GivenState, ...], code: str | None) -> str:
    """Return what an interaction is called: what is asked for, what was chosen, what held before, what came of it."""
    chosen = [f"{key}={value[:_LONGEST]}" for key, value in pairs if _is_choice(operation, key)]
    parts = (
        operation.name,
        f"with {' and '.join(chosen)}" if chosen else "",
        f"given {' and '.join(state.name for state in states)}" if states else "",
        f"fails with {code}" if code else "succeeds",
    )
    return " ".join(filter(None, parts))


def _is_choice(operation: Operation, key: str) -> bool:
    """Return whether a member takes one of few values, so that the one that was sent says what is asked for."""
    shape = shape_at(operation, key)
    return shape is not None and (shape.type_name == "boolean" or (isinstance(shape, StringShape) and bool(shape.enum)))


def _with_example_key(text: str) -> str:
    return text.replace(_SIGNER, EXAMPLE_KEY.access_key_id).replace(escape(_SIGNER), EXAMPLE_KEY.access_key_id)


def _another(usual: str, number: int) -> str:
    """Return an id of the same form as `usual`.

    >>> _another("PND1A", 2), _another("PND", 2)
    ('PND2A', 'PND2')
    """
    changed = re.sub(r"\d", str(number), usual, count=1)
    return changed if changed != usual else f"{usual}{number}"


class _Ids:
    """Names the resources that one call is about."""

    def __init__(self, subject: Subject, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.given: dict[str, str] = {}
        self._subject = subject
        self._before = before
        self._after = {**after, **before}
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def of_request(self, pairs: Pairs) -> Iterator[GivenState]:
        """Yield the states of the resources that a request names."""
        for _, value in pairs:
            if value in self._before and value not in self._names:
                yield self._named(value, self._before[value])

    def of_reply(self, text: str) -> Iterator[GivenState]:
        """Yield the states of the resources that were there before and that a reply tells of."""
        for found in self._in(text, self._before):
            if found not in self._names:
                yield self._named(found, self._before[found])

    def _named(self, resource_id: str, state: str) -> GivenState:
        self._counts[state] = self._counts.get(state, 0) + 1
        given = self._subject.given(state, resource_id, self._counts[state])
        name = str(given.parameters["id"])
        self._names[resource_id] = name
        self.given.setdefault(state, name)
        return given

    def renamed(self, value: str) -> str:
        """Return a value of a request, or the name of the resource that it is the id of."""
        return self._names.get(value, value)

    def rewritten(self, text: str) -> str:
        """Return a reply with the names of resources, also of those that the call has made."""
        for found in self._in(text, self._after):
            if found not in self._names:
                self._named(found, self._after[found])
        if not self._names:
            return text
        return _words(self._names).sub(lambda match: self._names[match[0]], text)

    def _in(self, text: str, states: Mapping[str, str]) -> list[str]:
        known = {resource_id for resource_id in states if resource_id in text}
        return [match[0] for match in _words(known).finditer(text)] if known else []


def _words(ids: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(ids, key=lambda one: (-len(one), one))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
