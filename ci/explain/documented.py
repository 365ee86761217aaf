"""The documented errors of the specified services, and the page about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...contract.adapters.models import read_operations
from ...contract.checks.errors import UNDESERVED, UNDOCUMENTED
from ...contract.model import DocumentedError, Operation
from ...contract.services import find_specification, specified_services
from .kinds import BASELINE, LINE
from .page import Page, Section
from .provoking import provocations
from .rules import RuleUse, told_provocation

Errors = Mapping[str, Sequence[tuple[Operation, DocumentedError]]]


def known_errors() -> Errors:
    """Return the documented errors of every specified service by code, each with the operations that document it."""
    found: dict[str, list[tuple[Operation, DocumentedError]]] = {}
    for service in specified_services():
        for operation in read_operations(service):
            for error in operation.errors:
                found.setdefault(error.code, []).append((operation, error))
    return dict(sorted(found.items()))


def error_page(
    code: str, found: Sequence[tuple[Operation, DocumentedError]], rules: Mapping[str, Sequence[RuleUse]]
) -> Page:
    """Return what there is to say about a documented error.

    Args:
        code: As it stands on the wire.
        found: The operations that document it.
        rules: Every rule, by name.
    """
    services = sorted({operation.service for operation, _ in found})
    answered = [
        (name, use)
        for name, uses in rules.items()
        for use in uses[:1]
        if use.service in services and any(code in use.rule.codes for use in uses)
    ]
    return Page(
        code,
        "a documented error",
        (
            Section("means", tuple(dict.fromkeys(error.documentation for _, error in found))),
            Section("status", _status(code, found)),
            Section("operations", (", ".join(str(operation) for operation, _ in found),)),
            Section("source", ("documented: the error lists of the operations in the installed service model",)),
            Section("rules", tuple(f"{name}: {use.rule.condition}" for name, use in answered) or (_NO_RULE,)),
            Section("provoked by", _provoked(code, found, rules) or ("No probe provokes it.",)),
            Section(
                "hurts",
                (
                    "Callers with a handler for it, wherever an endpoint answers with it unasked, or with another "
                    f"error in its place ({UNDESERVED.code}, {UNDOCUMENTED.code}).",
                ),
            ),
            Section("silence", (LINE, BASELINE)),
        ),
    )


_NO_RULE = "None: the specification knows no request that deserves it."


def _status(code: str, found: Sequence[tuple[Operation, DocumentedError]]) -> tuple[str, ...]:
    """Return the HTTP status: the model's, else that of the service's own pages, else that none is known."""
    told: list[str] = []
    for operation, error in found:
        status = error.status or find_specification(operation.service).status_of(code)
        told.append(f"HTTP {status}" if status else "no page gives a number; 4xx is inferred")
    return tuple(dict.fromkeys(told))


def _provoked(
    code: str, found: Sequence[tuple[Operation, DocumentedError]], rules: Mapping[str, Sequence[RuleUse]]
) -> tuple[str, ...]:
    """Return a probe for each rule, of the first operation of which one is refused with `code`."""
    for operation, _ in found:
        told: list[str] = []
        for uses in rules.values():
            for use in uses:
                if str(use) != str(operation) or code not in use.rule.codes:
                    continue
                probes = provocations(use.service, use.operation, use.rule)
                told += [told_provocation(one) for one in probes if one.answer == code][:1]
        if told:
            heading = f"A probe of {operation} for each rule, as it differs from a valid request:"
            return (heading, *dict.fromkeys(told))
    return ()
