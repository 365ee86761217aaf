"""`botoproof explain`: what a code in a report means, and what a rule says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from ...contract.adapters.models import read_operations
from ...contract.checks import KINDS
from ...contract.errors import BadConfiguration, close_names
from ...contract.finding import FindingKind
from ...contract.model import DocumentedError
from ...contract.rule import Rule
from ...contract.services import find_specification, specified_services
from .command import CLEAN

_LABEL = 12


@click.command()
@click.argument("code", required=False)
@click.option("--list", "lists", is_flag=True, help="List every code and rule, one a line.")
def command(code: str | None, lists: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Tell what CODE means: a finding's code, a rule, or a documented error.

    For example: botoproof explain reply-root. Without CODE, all of them are listed.
    """
    rules, errors = _rules(), _errors()
    if code is None or lists:
        lines = _listed(rules)
    elif code in KINDS:
        lines = _kind(KINDS[code])
    elif code in rules:
        lines = _rule(code, rules[code])
    elif code in errors:
        lines = _error(code, errors[code], rules)
    else:
        raise BadConfiguration(
            f"there is no finding, rule or error {code!r}; {close_names(code, (*KINDS, *rules, *errors))}"
        )
    for line in lines:
        click.echo(line)
    return CLEAN


def _rules() -> dict[str, list[tuple[str, Rule[Any]]]]:
    """Return the rules of every specification by name, each with the full name of its operation."""
    found: dict[str, list[tuple[str, Rule[Any]]]] = {}
    for service in specified_services():
        specification = find_specification(service)
        for operation in specification.operations:
            for rule in specification.rules(operation):
                found.setdefault(rule.name, []).append((f"{service}.{operation}", rule))
    return dict(sorted(found.items()))


def _errors() -> dict[str, list[tuple[str, DocumentedError]]]:
    """Return the documented errors of every specified service by code, each with the full name of its operation."""
    found: dict[str, list[tuple[str, DocumentedError]]] = {}
    for service in specified_services():
        for operation in read_operations(service):
            for error in operation.errors:
                found.setdefault(error.code, []).append((str(operation), error))
    return found


def _listed(rules: Mapping[str, list[tuple[str, Rule[Any]]]]) -> Iterator[str]:
    width = max(len(name) for name in (*KINDS, *rules))
    for kind in sorted(KINDS.values(), key=lambda kind: kind.code):
        yield f"{kind.code:<{width}}  {kind.title}"
    for name, found in rules.items():
        yield f"{name:<{width}}  {found[0][1].condition}"


def _kind(kind: FindingKind) -> Iterator[str]:
    yield f"{kind.code}: {kind.title}"
    yield ""
    yield _labelled("means", kind.meaning)
    yield _labelled("hurts", kind.harm)
    yield _labelled("provoked", kind.provoked)
    yield _labelled("check", kind.check)
    yield _labelled("severity", f"{kind.severity.value}; a note where the evidence is below the line (--evidence)")
    yield _labelled("source", kind.source)
    yield _labelled("remedy", kind.remedy)


def _rule(name: str, found: list[tuple[str, Rule[Any]]]) -> Iterator[str]:
    yield f"{name}: a rule"
    variants: dict[Rule[Any], list[str]] = {}
    for operation, rule in found:
        variants.setdefault(rule, []).append(operation)
    for rule, operations in variants.items():
        naming = rule.naming or rule.evidence
        refusal = (
            rule.evidence.value if rule.certain else f"{rule.evidence.value}, and open whether it is refused at all"
        )
        yield ""
        yield _labelled("condition", rule.condition)
        yield _labelled("error", " or ".join(rule.codes))
        yield _labelled("evidence", f"{refusal}; that the error is so called: {naming.value}")
        yield _labelled("source", rule.source)
        yield _labelled("operations", ", ".join(operations))


def _error(
    code: str, found: list[tuple[str, DocumentedError]], rules: Mapping[str, list[tuple[str, Rule[Any]]]]
) -> Iterator[str]:
    yield f"{code}: a documented error"
    yield ""
    yield _labelled("says", found[0][1].documentation)
    yield _labelled("operations", ", ".join(operation for operation, _ in found))
    for name, uses in rules.items():
        if any(code in rule.codes for _, rule in uses):
            yield _labelled("rule", f"{name}: {uses[0][1].condition}")


def _labelled(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}} {text}"
