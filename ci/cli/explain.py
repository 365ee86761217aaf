"""`botoproof explain`: what a code in a report means, and what a rule says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ...contract.checks import KINDS
from ...contract.errors import BadConfiguration, close_names
from ...contract.finding import FindingKind
from ...contract.rule import Rule
from ...contract.services import find_specification, specified_services
from .command import CLEAN

_LABEL = 12


@click.command()
@click.argument("code", required=False)
@click.option("--list", "lists", is_flag=True, help="List every code and rule, one a line.")
def command(code: str | None, lists: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Tell what a code in a report means, or what a rule says, e.g. botoproof explain reply-root."""
    rules = _rules()
    if code is None or lists:
        width = max(len(name) for name in (*KINDS, *rules))
        for kind in sorted(KINDS.values(), key=lambda kind: kind.code):
            click.echo(f"{kind.code:<{width}}  {kind.title}")
        for name, found in rules.items():
            click.echo(f"{name:<{width}}  {found[0][1].condition}")
        return CLEAN
    if code in KINDS:
        lines = _kind(KINDS[code])
    elif code in rules:
        lines = _rule(code, rules[code])
    else:
        raise BadConfiguration(f"there is no code or rule {code!r}; {close_names(code, (*KINDS, *rules))}")
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


def _kind(kind: FindingKind) -> Iterator[str]:
    yield f"{kind.code}: {kind.title}"
    yield ""
    yield _labelled("means", kind.meaning)
    yield _labelled("check", kind.check)
    yield _labelled("severity", f"{kind.severity.value}; a note where the evidence is below the line (--evidence)")
    yield _labelled("source", kind.source)
    if kind.remedy:
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


def _labelled(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}} {text}"
