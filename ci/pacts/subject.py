"""What an interaction of a pact is about."""

from __future__ import annotations

from collections.abc import Mapping

from ...contract.codec.form import Pairs, read_form
from ...contract.expectation import Expectation
from ...contract.model import Operation
from ...contract.specification import Specification
from .pact import Interaction


def pairs_of(interaction: Interaction) -> Pairs:
    """Return the form pairs of an interaction's request: those of the query string, then those of the body."""
    parts = (interaction.query.encode(), (interaction.request.body or "").encode("utf-8", "surrogateescape"))
    return tuple(pair for part in parts for pair in read_form(part).pairs)


def action_of(interaction: Interaction) -> str:
    """Return the operation that a request names, or an empty text."""
    pairs = dict(reversed(pairs_of(interaction)))
    return pairs.get("Action", pairs.get("Operation", ""))


def operation_of(specification: Specification, interaction: Interaction) -> str:
    """Return ``service.Operation`` as an interaction's request names it, and the service alone where it names none."""
    action = action_of(interaction)
    return f"{specification.service}.{action}" if action else specification.service


def named_operation(interaction: Interaction, operations: Mapping[str, Operation]) -> Operation | None:
    """Return the operation that an interaction is about, or None when the model knows no such."""
    return operations.get(action_of(interaction))


def allows(expected: Expectation, code: str | None) -> bool:
    """Return whether the contract allows a reply with that error code, or a success when it is None."""
    return expected.may_succeed if code is None else bool(expected.undecided) or code in expected.codes


def deserved(expected: Expectation) -> str:
    """Return in words what the contract allows."""
    return " or ".join((*expected.codes, *(["a success"] if expected.may_succeed else [])))
