"""`botoproof explain`: what a code in a report means, and what a rule says."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

import click

from ...contract.errors import BadConfiguration, close_names
from ...contract.faults.kinds import KINDS as OF_FAULTS
from ...contract.leniencies.listed import BY_CODE, LENIENCIES
from ...contract.services import find_specification, specified_services
from ..choice import choose_ruled
from ..explain.documented import error_page, known_errors
from ..explain.kinds import kind_page, known_kinds
from ..explain.leniencies import leniencies_page, leniency_page
from ..explain.overview import findings_page
from ..explain.page import Page, page_lines, plainly
from ..explain.recordings import ABOUT, recording_page
from ..explain.rules import RuleUse, known_rules, rule_page
from ..explain.truth_table import truth_table
from ..explain.upgrades import upgrade_rule_page, upgrade_rules_page
from ..upgrade.rules import RULES as OF_UPGRADES
from .command import CLEAN

_FINGERPRINT = re.compile("[0-9a-f]{12}")
_WIDEST = 100  # longer lines are hard to read


@click.command()
@click.argument("code", required=False)
@click.option("--list", "lists", is_flag=True, help="List every code, rule and documented error, one a line.")
@click.option("--rules", metavar="SERVICE.OPERATION", help="Print an operation's truth table as Markdown.")
@click.option("--findings", is_flag=True, help="Print the page of all finding codes as Markdown.")
@click.option("--leniencies", is_flag=True, help="Print what botocore's parser is known to forgive, as Markdown.")
@click.option("--upgrade-rules", is_flag=True, help="Print what can change between two releases, as Markdown.")
def command(
    code: str | None,
    lists: bool,  # noqa: FBT001 - click passes options by name
    rules: str | None,
    findings: bool,  # noqa: FBT001
    leniencies: bool,  # noqa: FBT001
    upgrade_rules: bool,  # noqa: FBT001
) -> int:
    """Tell what CODE means: a finding's code, a rule (of upgrades, too), or a documented error.

    For example: botoproof explain reply-root. Without CODE, all of them are listed.
    """
    pages = (
        ("CODE", code),
        ("--rules", rules),
        ("--findings", findings),
        ("--leniencies", leniencies),
        ("--upgrade-rules", upgrade_rules),
    )
    asked = [name for name, given in pages if given]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} ask for different pages; give one of them")
    if rules is not None:
        specification, operation = choose_ruled(rules)
        _print(truth_table(specification.service, operation))
    elif findings:
        _print(findings_page())
    elif leniencies:
        _print(leniencies_page())
    elif upgrade_rules:
        _print(upgrade_rules_page())
    elif code is None or lists:
        _print(_listed(known_rules()))
    else:
        _print(page_lines(_page(code), width=_width(), heading=_bold if _is_terminal() else plainly))
    return CLEAN


def _page(code: str) -> Page:
    kinds, rules, errors = known_kinds(), known_rules(), known_errors()
    if code in kinds:
        return kind_page(kinds[code])
    if code in rules:
        return rule_page(code, rules[code])
    if code in BY_CODE:
        return leniency_page(BY_CODE[code])
    if code in ABOUT:
        return recording_page(code)
    if code in OF_UPGRADES:
        return upgrade_rule_page(OF_UPGRADES[code])
    if code in errors:
        return error_page(code, errors[code], rules)
    near = _elsewhere(code) or close_names(code, (*kinds, *BY_CODE, *ABOUT, *OF_UPGRADES, *rules, *errors))
    raise BadConfiguration(f"there is no finding, rule or error {code!r}; {near}")


def _elsewhere(code: str) -> str | None:
    """Return which command tells of what is no code, but is something else that reports and pages name."""
    if _FINGERPRINT.fullmatch(code):
        return (
            f"it looks like a fingerprint: `botoproof replay {code}` sends its case again, "
            f"`botoproof history finding {code}` tells since when it is there"
        )
    if code in OF_FAULTS:
        return f"it is a kind of fault: `botoproof faults {code}` tells of it"
    service, _, operation = code.partition(".")
    if service in specified_services() and operation in find_specification(service).operations:
        return f"it is an operation: `botoproof explain --rules {code}` tells which request deserves which error"
    return None


def _listed(rules: Mapping[str, Sequence[RuleUse]]) -> Iterator[str]:
    kinds, errors = known_kinds(), known_errors()
    width = max(map(len, (*kinds, *BY_CODE, *ABOUT, *OF_UPGRADES, *rules, *errors)))
    for kind in kinds.values():
        yield f"{kind.code:<{width}}  {kind.title}"
    for leniency in LENIENCIES:
        yield f"{leniency.code:<{width}}  {leniency.title}"
    for found_code, about in ABOUT.items():
        yield f"{found_code:<{width}}  {about.title}"
    for upgrade_rule in OF_UPGRADES.values():
        yield f"{upgrade_rule.id:<{width}}  {upgrade_rule.title}"
    for name, uses in rules.items():
        yield f"{name:<{width}}  {uses[0].rule.condition}"
    for code, found in errors.items():
        yield f"{code:<{width}}  {found[0][1].documentation}"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _width() -> int | None:
    return min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else None


def _bold(text: str) -> str:
    return click.style(text, bold=True)
