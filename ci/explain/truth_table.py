"""The truth table of an operation as Markdown: its rules as the oracle runs them, and the probes that provoke each."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.adapters.models import read_operation
from ...contract.rule import Rule
from ...contract.services import find_specification
from .page import escaped
from .provoking import Provocation, provocations
from .rules import evidence_of, told_provocation

Row = tuple[Rule[object], tuple[Provocation, ...]]

_NAMED = 2  # probes in a cell; all of them are listed below the table


def truth_table(service: str, operation: str) -> Iterator[str]:
    """Yield the lines of the page about an operation's rules.

    Args:
        service: botocore's name of a service that has a specification.
        operation: One of its operations, for which there are rules.
    """
    name = f"{service}.{operation}"
    rows = [(rule, provocations(service, operation, rule)) for rule in find_specification(service).rules(operation)]
    yield f"# {name}: which request deserves which error"
    yield ""
    yield f"<!-- Generated: botoproof explain --rules {name} -->"
    yield ""
    yield "A request that breaks a rule is refused with one of its errors. No order of precedence is documented: where"
    yield "a request breaks several rules, the errors of all of them are right. The rules stand in the order in which"
    yield "the embedded endpoint looks at them."
    yield ""
    yield "*Refused* says how well it is founded that the request is refused, *so called* how well that the error has"
    yield "that name. *Open*: the sources do not say whether it is refused at all; both answers are right, and the"
    yield "embedded endpoint accepts."
    yield ""
    yield "| rule | condition | error | refused | so called | certain | probes | source |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    yield from (_row(rule, found) for rule, found in rows)
    yield ""
    yield from _errors(service, operation, rows)
    yield from _probes(rows)


def _row(rule: Rule[object], found: tuple[Provocation, ...]) -> str:
    refusal, naming = evidence_of(rule)
    names = [f"`{one.probe}`" for one in found[:_NAMED]]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    cells = (
        f"`{rule.name}`",
        rule.condition,
        " or ".join(rule.codes),
        refusal.value,
        naming.value,
        "certain" if rule.certain else "open",
        ", ".join([*names, *more]) or "none",
        rule.source,
    )
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def _errors(service: str, operation: str, rows: list[Row]) -> Iterator[str]:
    yield "## The documented errors"
    yield ""
    for error in sorted(read_operation(service, operation).errors, key=lambda error: error.code):
        names = [f"`{rule.name}`" for rule, _ in rows if error.code in rule.codes]
        yield f"- {escaped(error.code)}: {escaped(', '.join(dict.fromkeys(names))) or 'no rule answers with it'}"
    yield ""


def _probes(rows: list[Row]) -> Iterator[str]:
    yield "## The probes of each rule, as they differ from a valid request"
    for rule, found in rows:
        yield ""
        yield f"`{rule.name}` ({' or '.join(rule.codes)}{'' if rule.certain else ', open'})"
        yield ""
        yield from (f"- {escaped(told_provocation(one))}" for one in found)
        if not found:
            yield "- no probe"
